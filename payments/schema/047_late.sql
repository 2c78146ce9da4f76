-- How often a member paid late in the last year: an instalment is late if, when its grace was over, less had come in
-- than all instalments up to it want.  A loan that was written off is late as a whole.
create function late_instalments(p_coop integer, p_member uuid, p_today integer)
returns integer language sql stable as $$
	select coalesce(sum(case when l.state = 'written_off' then l.weeks else (
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
	where l.cooperative_id = p_coop and l.member_id = p_member and l.state in ('live', 'closed', 'written_off')
$$;
