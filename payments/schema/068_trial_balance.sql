-- The trial balance: debit and credit balances by kind of account, from the entries, and (kind
-- '') the sums of each unit, which are equal in books that hold.
create function trial_balance()
returns table (cooperative_id integer, unit text, kind text, debit numeric, credit numeric)
language sql stable as $$
	with held as (
		select a.cooperative_id, a.unit, a.kind, a.account_id, sum(e.amount) as balance
		from accounts a join entries e on e.cooperative_id = a.cooperative_id and e.account_id = a.account_id
		group by 1, 2, 3, 4)
	select h.cooperative_id, h.unit, case when grouping(k.name) = 1 then '' else k.name end,
		coalesce(sum(h.balance) filter (where h.balance > 0), 0),
		coalesce(sum(-h.balance) filter (where h.balance < 0), 0)
	from held h join account_kinds k on k.kind = h.kind
	group by grouping sets ((h.cooperative_id, h.unit, k.kind, k.name), (h.cooperative_id, h.unit))
	order by h.cooperative_id, h.unit, grouping(k.name), k.kind;
$$;
grant execute on function trial_balance() to adit_gateway;

-- Its many parts look costly to the planner, and compiling them takes longer than running them.
alter function book_faults() set jit = off;
