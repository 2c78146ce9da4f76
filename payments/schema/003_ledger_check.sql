-- What must hold of the books whatever happened, recomputed from the append-only rows.  No rows: all holds.
create function ledger_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	with posted as (
		select e.cooperative_id, e.account_id, sum(e.amount) as balance from entries e group by 1, 2
	), held as (
		select h.cooperative_id, s.account_id, sum(s.debit) as debit, sum(s.credit) as credit
		from transfers h cross join lateral (values (h.debit, h.amount, 0::bigint), (h.credit, 0::bigint, h.amount))
			as s(account_id, debit, credit)
		where h.kind = 1 and not exists (select from transfers r
			where r.cooperative_id = h.cooperative_id and r.hold_id = h.transfer_id)
		group by 1, 2
	)
	select a.cooperative_id, 'balance is the sum of the entries',
		format('%s %s %s: says %s, entries say %s', k.name, a.owner, a.unit, a.balance, coalesce(p.balance, 0))
	from accounts a join account_kinds k using (kind) left join posted p using (cooperative_id, account_id)
	where a.balance <> coalesce(p.balance, 0)
	union all
	select a.cooperative_id, 'pending is the sum of the open holds',
		format('%s %s %s: says %s and %s, holds say %s and %s', k.name, a.owner, a.unit, a.pending_debit,
			a.pending_credit, coalesce(h.debit, 0), coalesce(h.credit, 0))
	from accounts a join account_kinds k using (kind) left join held h using (cooperative_id, account_id)
	where a.pending_debit <> coalesce(h.debit, 0) or a.pending_credit <> coalesce(h.credit, 0)
	union all
	select a.cooperative_id, 'each unit sums to zero', format('%s: %s', a.unit, sum(a.balance))
	from accounts a group by a.cooperative_id, a.unit having sum(a.balance) <> 0
	union all
	select a.cooperative_id, 'no account on its forbidden side',
		format('%s %s %s: %s, pending %s and %s', k.name, a.owner, a.unit, a.balance, a.pending_debit, a.pending_credit)
	from accounts a join account_kinds k using (kind)
	where a.rule <> k.rule or (k.rule = 1 and a.balance < a.pending_credit)
		or (k.rule = 2 and -a.balance < a.pending_debit)
	union all
	select e.cooperative_id, 'each entry has its account', format('%s of transfer %s', e.account_id, e.transfer_id)
	from entries e where not exists (select from accounts a
		where a.cooperative_id = e.cooperative_id and a.account_id = e.account_id)
	union all
	select t.cooperative_id, 'a posted transfer has its two entries, others none',
		format('transfer %s of kind %s: %s entries, sum %s', t.transfer_id, t.kind, count(e.amount), sum(e.amount))
	from transfers t left join entries e using (cooperative_id, transfer_id)
	group by t.cooperative_id, t.transfer_id, t.kind, t.amount
	having (t.kind in (0, 2) and (count(e.amount) <> 2 or sum(e.amount) <> 0 or max(e.amount) <> t.amount))
		or (t.kind not in (0, 2) and count(e.amount) <> 0)
	union all
	select e.cooperative_id, 'each entry has its transfer', e.transfer_id::text
	from entries e where not exists (select from transfers t
		where t.cooperative_id = e.cooperative_id and t.transfer_id = e.transfer_id)
	union all
	select r.cooperative_id, 'a resolution fits its hold', format('%s resolves %s', r.transfer_id, r.hold_id)
	from transfers r left join transfers h on h.cooperative_id = r.cooperative_id and h.transfer_id = r.hold_id
	where r.hold_id is not null and (h.transfer_id is null or h.kind <> 1 or h.debit <> r.debit
		or h.credit <> r.credit or r.amount > h.amount)
	union all
	select r.cooperative_id, 'a hold is resolved once', format('%s: %s times', r.hold_id, count(*))
	from transfers r where r.hold_id is not null group by r.cooperative_id, r.hold_id having count(*) > 1
	union all
	select t.cooperative_id, 'only operations that were done have transfers', format('transfer %s', t.transfer_id)
	from transfers t left join operations o using (cooperative_id, op_key)
	where o.op_key is null or o.result <> 0
$$;
grant execute on function ledger_faults() to adit_gateway;
