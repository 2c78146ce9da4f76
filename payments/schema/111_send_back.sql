-- Money of nobody goes back to the number it came from: a payout of its own, which can fail.
-- While it is under way the arrival is 'returning'; then 'returned', or 'unmatched' again.
alter table arrivals
	drop constraint arrivals_check,
	drop constraint arrivals_state_check,
	add constraint arrivals_state_check
		check (state in ('matched', 'unmatched', 'assigned', 'returning', 'returned')),
	add constraint arrivals_check
		check ((state in ('unmatched', 'returning', 'returned')) = (member_id is null)),
	add column returned_by uuid,
	add column returned_ms bigint;

create function effect_arrival_back(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update arrivals a set state = b.state, returned_by = coalesce(b.returned_by, a.returned_by),
		returned_ms = coalesce(b.returned_ms, a.returned_ms)
	from jsonb_to_recordset(p_bodies) as b(arrival_id uuid, state text, returned_by uuid, returned_ms bigint)
	where a.cooperative_id = p_coop and a.arrival_id = b.arrival_id
		and a.state = case b.state when 'returning' then 'unmatched' else 'returning' end
		and b.state in ('returning', 'returned', 'unmatched');
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'this money is not there to be sent back' using errcode = 'AD001';
	end if;
end $$;

create or replace function book_faults_of_arrivals() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_of_assets()
	union all
	select c.cooperative_id, 'unmatched money is listed', format('listed %s, the ledger says %s', l.listed, x.booked)
	from cooperatives c cross join lateral (select coalesce(sum(a.amount), 0) as listed from arrivals a
			where a.cooperative_id = c.cooperative_id and a.state in ('unmatched', 'returning')) l
		cross join lateral (select coalesce(sum(-x.balance), 0) as booked from accounts x
			where x.cooperative_id = c.cooperative_id and x.kind = 2) x
	where l.listed <> x.booked
	union all
	select a.cooperative_id, 'money sent back has one payment open or done',
		format('%s is %s with %s open and %s paid', a.code, a.state, n.open, n.paid)
	from arrivals a cross join lateral (select
			count(*) filter (where p.state not in ('paid', 'failed')) as open,
			count(*) filter (where p.state = 'paid') as paid
		from payments p where p.cooperative_id = a.cooperative_id and p.purpose_id = a.arrival_id
			and p.purpose = 'back_out') n
	where (n.open, n.paid) <> (case a.state when 'returning' then 1 else 0 end,
		case a.state when 'returned' then 1 else 0 end)
$$;
