-- A member works at a site of the cooperative.  Nobody said where: at the only one there is,
-- or, if there are several, nowhere.
alter table sites
	add column added_ms bigint not null default 0,
	add constraint sites_code check (code ~ '^[A-Z0-9][A-Z0-9-]{0,11}$') not valid,
	add constraint sites_name check (length(name) between 1 and 40) not valid;
comment on column sites.added_ms is 'a lot that names no site belongs to the oldest';

alter table members
	add column site_id uuid,
	add foreign key (cooperative_id, site_id) references sites;
create index members_of_site on members (cooperative_id, site_id);

create table member_sites (  -- each time it was said
	cooperative_id integer not null,
	member_id uuid not null,
	change bigint generated always as identity,
	site_id uuid not null,
	set_by uuid,  -- null: whoever keeps the machine
	set_ms bigint not null,
	primary key (cooperative_id, member_id, change),
	foreign key (cooperative_id, member_id) references members
);
grant select on member_sites to adit_gateway;

create function site_of(p_coop integer, p_said uuid)
returns uuid language sql stable as $$
	select coalesce(p_said, (select (array_agg(s.site_id))[1] from sites s
		where s.cooperative_id = p_coop having count(*) = 1));
$$;
grant execute on function site_of to adit_gateway;

create function effect_member_site(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update members m set site_id = b.site_id
	from jsonb_to_recordset(p_bodies) as b(member_id uuid, site_id uuid)
	where m.cooperative_id = p_coop and m.member_id = b.member_id and m.state = 'active'
		and exists (select from sites s where s.cooperative_id = p_coop and s.site_id = b.site_id);
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'no such member or site' using errcode = 'AD001';
	end if;
	insert into member_sites (cooperative_id, member_id, site_id, set_by, set_ms)
	select p_coop, b.member_id, b.site_id, b.set_by, b.set_ms
	from jsonb_to_recordset(p_bodies) as b(member_id uuid, site_id uuid, set_by uuid, set_ms bigint);
end $$;

-- By hand, while a gateway writes the ledger.  Both say what is wrong, or "".
create function site_add(p_cooperative text, p_site uuid, p_code text, p_name text, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := (select c.cooperative_id from cooperatives c where c.code = upper(p_cooperative));
begin
	if coop is null then
		return 'no_cooperative';
	end if;
	insert into sites (cooperative_id, site_id, code, name, added_ms)
	values (coop, p_site, upper(p_code), p_name, p_now) on conflict do nothing;
	return case when found then '' else 'exists' end;
exception when check_violation then
	return 'bad_input';
end $$;

create function member_site_set(p_cooperative text, p_member text, p_site text, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := (select c.cooperative_id from cooperatives c where c.code = upper(p_cooperative));
	site constant uuid := (select s.site_id from sites s where s.cooperative_id = coop and s.code = upper(p_site));
	who constant uuid := (select m.member_id from members m where m.cooperative_id = coop and m.state = 'active'
		and (m.number = upper(p_member) or exists (select from member_numbers n where n.cooperative_id = coop
			and n.member_id = m.member_id and n.msisdn = p_member)));
begin
	if coop is null or site is null or who is null then
		return case when coop is null then 'no_cooperative' when who is null then 'not_found' else 'no_site' end;
	end if;
	perform effect_member_site(coop, jsonb_build_array(jsonb_build_object('member_id', who, 'site_id', site,
		'set_ms', p_now)));
	return '';
end $$;
revoke all on function site_add, member_site_set, effect_member_site from public;
grant execute on function site_add, member_site_set to adit_gateway;
