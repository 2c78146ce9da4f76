-- What stayed owed is paid again by two officers where it is more than the cooperative lets
-- one approve: the first asks, another one pays.  What was asked counts for a week and for
-- that amount alone.

create table owed_asks (
	cooperative_id integer not null,
	member_id uuid not null,
	asked_by uuid not null,
	amount bigint not null check (amount > 0),
	asked_ms bigint not null,
	primary key (cooperative_id, member_id),
	foreign key (cooperative_id, member_id) references members
);
grant select on owed_asks to adit_gateway;

-- The most that one officer may approve: of the strictest product that is lent.
create function second_officer_above(p_coop integer)
returns bigint language sql stable as $$
	select coalesce(min(p.second_above), 0) from loan_products p
	where p.cooperative_id = p_coop and p.active;
$$;

-- The newest word stands.
create function effect_owed_ask(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	insert into owed_asks as o
	select p_coop, b.member_id, b.asked_by, b.amount, b.asked_ms
	from jsonb_to_recordset(p_bodies) as b(member_id uuid, asked_by uuid, amount bigint,
		asked_ms bigint)
	on conflict (cooperative_id, member_id) do update set asked_by = excluded.asked_by,
		amount = excluded.amount, asked_ms = excluded.asked_ms;
$$;

-- Another officer agrees: stale if what was asked is not there any more.
create function effect_owed_agree(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	agreed integer;
begin
	delete from owed_asks o
	using jsonb_to_recordset(p_bodies) as b(member_id uuid, agreed_by uuid, amount bigint)
	where o.cooperative_id = p_coop and o.member_id = b.member_id
		and o.amount = b.amount and o.asked_by <> b.agreed_by;
	get diagnostics agreed = row_count;
	if agreed <> jsonb_array_length(p_bodies) then
		raise exception 'that was not asked' using errcode = 'AD001';
	end if;
end $$;
revoke all on function second_officer_above, effect_owed_ask, effect_owed_agree from public;
grant execute on function second_officer_above to adit_gateway;
