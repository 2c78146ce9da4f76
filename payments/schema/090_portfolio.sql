-- How late the lent money is.  A loan is late by the days since its oldest unpaid row fell
-- due; at risk over N days is all principal still out of loans that are late by more.
-- p_day null: today, in each cooperative's zone.
create function portfolio_at_risk(p_day integer, p_now bigint)
returns table (cooperative_id integer, currency text, product text, loans bigint, principal bigint,
	past_due bigint, over_1 bigint, over_30 bigint, over_60 bigint, over_90 bigint)
language sql stable as $$
	with places as (
		select c.cooperative_id, c.currency,
			coalesce(p_day, local_day(c.cooperative_id, p_now)) as today
		from cooperatives c
	), open_rows as (
		select r.cooperative_id, r.loan_id, r.due_day, r.principal + r.interest + r.fee + r.penalty
			- r.principal_paid - r.interest_paid - r.fee_paid - r.penalty_paid as owed
		from loans l join loan_rows r on r.cooperative_id = l.cooperative_id and r.loan_id = l.loan_id
		where l.state = 'live'
	), standing as (
		select p.cooperative_id, p.currency, l.product, l.principal - l.principal_paid as principal,
			coalesce(sum(r.owed) filter (where r.due_day < p.today), 0)::bigint as past_due,
			coalesce(p.today - min(r.due_day) filter (where r.due_day < p.today), 0) as days
		from places p join loans l on l.cooperative_id = p.cooperative_id and l.state = 'live'
		left join open_rows r on r.cooperative_id = l.cooperative_id and r.loan_id = l.loan_id
			and r.owed > 0
		group by p.cooperative_id, p.currency, p.today, l.loan_id, l.product, l.principal, l.principal_paid
	)
	select s.cooperative_id, s.currency, coalesce(s.product, ''), count(*),
		coalesce(sum(s.principal), 0)::bigint, coalesce(sum(s.past_due), 0)::bigint,
		coalesce(sum(s.principal) filter (where s.days > 0), 0)::bigint,
		coalesce(sum(s.principal) filter (where s.days > 30), 0)::bigint,
		coalesce(sum(s.principal) filter (where s.days > 60), 0)::bigint,
		coalesce(sum(s.principal) filter (where s.days > 90), 0)::bigint
	from standing s
	group by grouping sets ((s.cooperative_id, s.currency, s.product), (s.cooperative_id, s.currency))
	order by s.cooperative_id, s.currency, grouping(s.product), s.product;
$$;
grant execute on function portfolio_at_risk(integer, bigint) to adit_gateway;
