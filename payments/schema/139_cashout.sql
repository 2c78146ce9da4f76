-- Of a payout, what is there so that the rest can be taken out of the wallet as cash; in the
-- books it is a cost of its own (account kind 22), borne by the cooperative, or by the member
-- as a charge of the loan.
alter table payments
	add column extra bigint not null default 0 check (extra >= 0 and extra < amount);

create function effect_payment_extra(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	update payments p set extra = b.extra
	from jsonb_to_recordset(p_bodies) as b(payment_id uuid, extra bigint)
	where p.cooperative_id = p_coop and p.payment_id = b.payment_id;
$$;
revoke all on function effect_payment_extra from public;

alter function book_faults() rename to book_faults_before_cashout;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_before_cashout()
	union all
	select c.cooperative_id, 'what was sent to be taken out as cash is in the books',
		format('payments say %s, the ledger says %s', f.said, x.booked)
	from cooperatives c
		cross join lateral (select coalesce(sum(p.extra), 0) as said from payments p
			where p.cooperative_id = c.cooperative_id and p.state = 'paid' and p.extra > 0) f
		cross join lateral (select coalesce(sum(a.balance), 0) as booked from accounts a
			where a.cooperative_id = c.cooperative_id and a.kind = 22) x
	where f.said <> x.booked
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;
