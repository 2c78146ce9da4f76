-- Each check of the loans reads its table once: a look at every account for every loan took
-- minutes at 100,000 loans.
create or replace function book_faults_of_loans() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from ledger_faults()
	union all
	select b.cooperative_id, 'receipts are a chain', format('number %s %s: %s', b.number, b.code, b.what)
	from receipt_breaks b
	union all
	select b.cooperative_id, 'decisions are a chain', format('batch %s: %s', b.batch, b.what)
	from audit_breaks b
	union all
	select l.cooperative_id, 'a loan owes what the ledger says',
		format('%s: says %s and %s earned, the ledger says %s and %s', l.code, l.principal - l.principal_paid,
			l.booked - l.fee_paid, coalesce(a.principal, 0), coalesce(a.charges, 0))
	from loans l left join (
			select x.cooperative_id, x.owner, coalesce(sum(x.balance) filter (where x.kind = 4), 0) as principal,
				coalesce(sum(x.balance) filter (where x.kind = 5), 0) as charges
			from accounts x where x.kind in (4, 5) group by x.cooperative_id, x.owner) a
		on a.cooperative_id = l.cooperative_id and a.owner = l.loan_id
	where (l.state in ('live', 'closed') and (coalesce(a.principal, 0), coalesce(a.charges, 0))
			<> (l.principal - l.principal_paid, l.booked - l.fee_paid))
		or (l.state = 'written_off' and (coalesce(a.principal, 0), coalesce(a.charges, 0)) <> (0, 0))
	union all
	select l.cooperative_id, 'a loan''s rows are its total', l.code
	from loans l left join (
			select r.cooperative_id, r.loan_id, sum(r.principal + r.interest + r.fee + r.penalty) as total,
				sum(r.principal_paid) as principal_paid,
				sum(r.interest_paid + r.fee_paid + r.penalty_paid) as fee_paid
			from loan_rows r group by r.cooperative_id, r.loan_id) r
		on r.cooperative_id = l.cooperative_id and r.loan_id = l.loan_id
	where l.state in ('live', 'closed')
		and (r.total, r.principal_paid, r.fee_paid) is distinct from (l.total, l.principal_paid, l.fee_paid)
	union all
	select l.cooperative_id, 'a loan''s events are numbered without a gap', l.code
	from loans l left join (select e.cooperative_id, e.loan_id, count(*) as n, max(e.event) as last
			from loan_events e group by e.cooperative_id, e.loan_id) e
		on e.cooperative_id = l.cooperative_id and e.loan_id = l.loan_id
	where coalesce(e.n, 0) <> l.events or coalesce(e.last, 0) <> l.events
	union all
	select s.cooperative_id, 'the weight in stock is the weight sold', format('%s %s', s.code, u.unit)
	from sites s cross join minerals i
		cross join lateral (values ('mg.' || i.symbol || '.gross'), ('mg.' || i.symbol || '.fine')) u(unit)
	where (select coalesce(sum(case when u.unit like '%.gross' then t.gross_mg else t.fine_mg end), 0) from lots t
			where t.cooperative_id = s.cooperative_id and t.site_id = s.site_id and t.state = 'sold'
			and t.mineral = i.mineral)
		<> (select coalesce(sum(x.balance), 0) from accounts x
			where x.cooperative_id = s.cooperative_id and x.owner = s.site_id and x.kind = 9 and x.unit = u.unit)
	union all
	select p.cooperative_id, 'a payout ends with its hold', format('%s is %s', p.code, p.state)
	from payments p left join transfers r on r.cooperative_id = p.cooperative_id and r.hold_id = p.hold_id
	where p.direction = 'out' and p.hold_id is not null
		and r.kind is distinct from case p.state when 'paid' then 2 when 'failed' then 3 end
$$;
