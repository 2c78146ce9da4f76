-- What must hold beyond the ledger itself: receipts and decisions are unbroken chains,
-- loans say what the ledger says, and the weight in stock is the weight sold.  No rows:
-- all holds.
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
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
		format('%s: says %s, the ledger says %s', l.code, l.total - l.principal_paid - l.fee_paid, a.balance)
	from loans l cross join lateral (select coalesce(sum(x.balance), 0) as balance from accounts x
		where x.cooperative_id = l.cooperative_id and x.owner = l.loan_id and x.kind in (4, 5)) a
	where l.state in ('live', 'closed') and a.balance <> l.total - l.principal_paid - l.fee_paid
	union all
	select l.cooperative_id, 'a loan''s rows are its total', l.code
	from loans l cross join lateral (select sum(r.principal + r.fee) as total,
			sum(r.principal_paid) as principal_paid, sum(r.fee_paid) as fee_paid
		from loan_rows r where r.cooperative_id = l.cooperative_id and r.loan_id = l.loan_id) r
	where l.state in ('live', 'closed')
		and (r.total, r.principal_paid, r.fee_paid) is distinct from (l.total, l.principal_paid, l.fee_paid)
	union all
	select s.cooperative_id, 'the weight in stock is the weight sold', format('%s %s', s.code, u.unit)
	from sites s cross join (values ('mg.Au.gross'), ('mg.Au.fine')) u(unit)
	where (select coalesce(sum(case u.unit when 'mg.Au.gross' then t.gross_mg else t.fine_mg end), 0) from lots t
			where t.cooperative_id = s.cooperative_id and t.site_id = s.site_id and t.state = 'sold')
		<> (select coalesce(sum(x.balance), 0) from accounts x
			where x.cooperative_id = s.cooperative_id and x.owner = s.site_id and x.kind = 9 and x.unit = u.unit)
	union all
	select p.cooperative_id, 'a payout ends with its hold', format('%s is %s', p.code, p.state)
	from payments p left join transfers r on r.cooperative_id = p.cooperative_id and r.hold_id = p.hold_id
	where p.direction = 'out' and p.purpose in ('loan_out', 'sale_out')
		and r.kind is distinct from case p.state when 'paid' then 2 when 'failed' then 3 end
$$;
grant execute on function book_faults() to adit_gateway;
