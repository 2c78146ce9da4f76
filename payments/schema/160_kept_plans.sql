-- Functions that one dial or one payment calls.  One in SQL is planned anew by each statement
-- that calls it, which took most of a dial's time; one in PL/pgSQL keeps its plan for the
-- connection.

create or replace function local_day(p_coop integer, p_ms bigint)
returns integer language plpgsql stable as $$
begin
	return (select (to_timestamp(p_ms / 1000.0) at time zone c.timezone)::date - date '1970-01-01'
		from cooperatives c where c.cooperative_id = p_coop);
end $$;

create or replace function late_instalments(p_coop integer, p_member uuid, p_today integer)
returns integer language plpgsql stable as $$
begin
	return (select coalesce(sum(case when l.state = 'written_off' then l.weeks else (
			select count(*)
			from (select w.due_day + g.days as last_day,
					sum(w.principal + w.interest + w.fee) over (order by w.row) as wanted
				from loan_rows w where w.cooperative_id = p_coop and w.loan_id = l.loan_id) w
			where w.last_day between p_today - 365 and p_today - 1 and w.wanted > (
				select coalesce(sum((e.body->>'amount')::bigint), 0) from loan_events e
				where e.cooperative_id = p_coop and e.loan_id = l.loan_id and e.day <= w.last_day
				and e.kind in ('repay', 'down_payment', 'goodwill', 'merchant_refund')
				and not exists (select from loan_events x where x.cooperative_id = p_coop and x.loan_id = l.loan_id
					and x.kind = 'reverse' and (x.body->>'of')::integer = e.event))) end), 0)::integer
		from loans l cross join lateral (
			select coalesce(max((c->>'grace_days')::integer), 0) as days
			from jsonb_array_elements(coalesce(l.contract->'charges', '[]')) c where c->>'time' = 'OVERDUE') g
		where l.cooperative_id = p_coop and l.member_id = p_member and l.state in ('live', 'closed', 'written_off'));
end $$;

-- The same of what each payment calls three times.
create or replace function payment_event(p_coop integer, p_payment uuid, p_now bigint, p_kind text,
	p_verdict text, p_said text, p_detail text)
returns void language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	insert into payment_events (cooperative_id, payment_id, at_ms, kind, verdict, said, detail)
	values (p_coop, p_payment, p_now, p_kind, p_verdict, p_said, left(p_detail, 1000));
end $$;
