-- Money that arrives unasked: sent to the cooperative's number with a reference, or laid on
-- the treasurer's table.  What nobody can be found for stands in an account of its own
-- (kind 2, unmatched) until an officer says whose it is.

create table arrivals (
	cooperative_id integer not null references cooperatives,
	arrival_id uuid not null,
	source text not null check (source in ('push', 'till')),
	provider text not null default '',
	provider_txn text not null default '',
	msisdn text not null default '',
	reference text not null default '',
	amount bigint not null check (amount > 0),
	currency text not null,
	code text not null,
	state text not null check (state in ('matched', 'unmatched', 'assigned')),
	member_id uuid,
	loan_id uuid,
	arrived_ms bigint not null,
	taken_by uuid,     -- at the till
	assigned_by uuid,
	assigned_ms bigint,
	primary key (cooperative_id, arrival_id),
	check ((state = 'unmatched') = (member_id is null)),
	check ((state = 'assigned') = (assigned_by is not null)),
	check (source = 'push' or taken_by is not null)
);
create unique index arrivals_by_provider on arrivals (cooperative_id, provider, provider_txn) where source = 'push';
create index arrivals_unmatched on arrivals (cooperative_id, arrived_ms) where state = 'unmatched';
grant select on arrivals to adit_gateway;

create function effect_arrival_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into arrivals (cooperative_id, arrival_id, source, provider, provider_txn, msisdn, reference, amount,
		currency, code, state, member_id, loan_id, arrived_ms, taken_by)
	select p_coop, b.arrival_id, b.source, b.provider, b.provider_txn, b.msisdn, b.reference, b.amount,
		b.currency, b.code, case when b.member_id is null then 'unmatched' else 'matched' end, b.member_id,
		b.loan_id, b.arrived_ms, b.taken_by
	from jsonb_to_recordset(p_bodies) as b(arrival_id uuid, source text, provider text, provider_txn text,
		msisdn text, reference text, amount bigint, currency text, code text, member_id uuid, loan_id uuid,
		arrived_ms bigint, taken_by uuid);
end $$;

create function effect_arrival_assign(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update arrivals a set state = 'assigned', member_id = b.member_id, loan_id = b.loan_id,
		assigned_by = b.assigned_by, assigned_ms = b.assigned_ms
	from jsonb_to_recordset(p_bodies) as b(arrival_id uuid, member_id uuid, loan_id uuid, assigned_by uuid,
		assigned_ms bigint)
	where a.cooperative_id = p_coop and a.arrival_id = b.arrival_id and a.state = 'unmatched';
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'assigned before' using errcode = 'AD001';
	end if;
end $$;

-- Whose money?  The code of a live loan, a member's number however it is written, then the
-- number it came from.  No row: nobody's.
create function arrival_owner(p_coop integer, p_reference text, p_msisdn text)
returns table (member_id uuid, loan_id uuid) language sql stable as $$
	with said as (select upper(regexp_replace(p_reference, '[^A-Za-z0-9]', '', 'g')) as word),
	found as (
		select 1 as rank, l.member_id from loans l, said
		where l.cooperative_id = p_coop and l.code = said.word and l.state = 'live'
		union all
		select 2, m.member_id from members m, said
		where m.cooperative_id = p_coop and m.state = 'active' and said.word ~ '^M?[0-9]{1,9}$'
			and m.number = 'M-' || lpad(ltrim(ltrim(said.word, 'M'), '0'),
				greatest(4, length(ltrim(ltrim(said.word, 'M'), '0'))), '0')
		union all
		(select 3, n.member_id from member_numbers n join members m on m.cooperative_id = n.cooperative_id
			and m.member_id = n.member_id
		where n.cooperative_id = p_coop and n.msisdn in (p_msisdn, (select word from said))
			and m.state = 'active'
		order by n.msisdn <> (select word from said) limit 1))
	select f.member_id, (select l.loan_id from loans l where l.cooperative_id = p_coop
		and l.member_id = f.member_id and l.state = 'live' limit 1)
	from found f order by f.rank limit 1;
$$;
grant execute on function arrival_owner to adit_gateway;

alter function book_faults() rename to book_faults_of_assets;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_of_assets()
	union all
	select c.cooperative_id, 'unmatched money is listed', format('listed %s, the ledger says %s', l.listed, x.booked)
	from cooperatives c cross join lateral (select coalesce(sum(a.amount), 0) as listed from arrivals a
			where a.cooperative_id = c.cooperative_id and a.state = 'unmatched') l
		cross join lateral (select coalesce(sum(-x.balance), 0) as booked from accounts x
			where x.cooperative_id = c.cooperative_id and x.kind = 2) x
	where l.listed <> x.booked
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;
