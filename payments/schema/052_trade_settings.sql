-- A cooperative's own measures and what it pays for a mineral, set from the shell.

-- Which day a levy began is not known for certain everywhere: say so beside it.
update country_levies set legal = legal || '; first day to be checked'
where country in ('RW', 'SN', 'KE', 'GH');
update country_levies set to_day = date '2021-12-31' - date '1970-01-01'
where country = 'GH' and rate_bp = 300;
update country_levies set from_day = date '2022-01-01' - date '1970-01-01'
where country = 'GH' and rate_bp = 150;

create function cooperative_of(p_code text) returns integer
language plpgsql stable as $$
declare
	id integer;
begin
	select c.cooperative_id into id from cooperatives c where c.code = upper(p_code);
	if id is null then
		raise exception 'no cooperative has the code %', p_code;
	end if;
	return id;
end $$;

-- Grams of one, calibrated: a new version unless it is what the last one says.
create function unit_set(p_code text, p_unit text, p_grams numeric, p_now bigint)
returns table (code text, version integer, milligrams text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := cooperative_of(p_code);
	den constant bigint := 10::numeric ^ scale(p_grams);
	num constant bigint := p_grams * 1000 * den;
	last weight_units;
begin
	perform 1 from cooperatives c where c.cooperative_id = coop for update;
	select * into last from weight_units u where u.cooperative_id = coop and u.code = p_unit
	order by u.version desc limit 1;
	if last.version is null or last.mg_num::numeric * den <> num::numeric * last.mg_den then
		insert into weight_units values (coop, p_unit, coalesce(last.version, 0) + 1, num, den,
			p_now);
	end if;
	return query select u.code, u.version, trim_scale(u.mg_num::numeric / u.mg_den)::text
		from weight_units u where u.cooperative_id = coop order by u.code, u.version;
end $$;

-- What a new price pays of the world price, and how far one officer may offer off it.
create function mineral_rule_set(p_code text, p_mineral text, p_paid numeric,
	p_deviation numeric, p_now bigint)
returns table (mineral text, paid text, deviation text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := cooperative_of(p_code);
begin
	if not exists (select 1 from minerals i where i.mineral = p_mineral) then
		raise exception 'no mineral is called %', p_mineral;
	end if;
	insert into mineral_rules values (coop, p_mineral, p_paid * 10, p_deviation * 10)
	on conflict on constraint mineral_rules_pkey do update
	set paid_permille = excluded.paid_permille, deviation_permille = excluded.deviation_permille;
	return query select r.mineral, trim_scale(r.paid_permille / 10.0) || ' %',
			trim_scale(r.deviation_permille / 10.0) || ' %'
		from mineral_rules r where r.cooperative_id = coop order by r.mineral;
end $$;

revoke all on function unit_set, mineral_rule_set from public;
grant execute on function unit_set, mineral_rule_set, cooperative_of to adit_gateway;
