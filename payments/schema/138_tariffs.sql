-- What providers charge: bands of amounts, by provider, currency and direction, each tariff
-- from a day on until a newer one.  Money in minor units.  Rows are data: change a fee by
-- adding a tariff from another day; what was booked stays.
--   out, in   what we pay for a payout and for a collection
--   cashout   what the wallet of this provider pays for taking money out as cash

insert into account_kinds values
	(20, 'provider_fee', 0),  -- what providers charged us; owner: provider
	(21, 'fee_due', 2),       -- of it, what our float there did not cover when it was booked
	(22, 'cashout_cost', 0);  -- sent to members so that they can take the loan out as cash

create table provider_tariffs (
	provider text not null check (provider <> ''),
	currency text not null references currencies,
	direction text not null check (direction in ('out', 'in', 'cashout')),
	valid_from date not null,
	up_to bigint not null check (up_to between 0 and 1000000000000000),  -- 0: no end
	fixed bigint not null default 0 check (fixed between 0 and 1000000000000000),
	share_bp integer not null default 0 check (share_bp between 0 and 10000),
	most bigint not null default 0 check (most between 0 and 1000000000000000),  -- 0: no cap
	source text not null check (source <> '' and length(source) <= 200),
	set_by text not null check (set_by <> '' and length(set_by) <= 200),
	set_ms bigint not null,
	primary key (provider, currency, direction, valid_from, up_to)
);
grant select on provider_tariffs to adit_gateway;

-- The bands in force on a day, in order.
create function provider_tariff_of(p_provider text, p_currency text, p_direction text, p_day date)
returns setof provider_tariffs language sql stable as $$
	select * from provider_tariffs t
	where t.provider = p_provider and t.currency = p_currency and t.direction = p_direction
		and t.valid_from = (select max(x.valid_from) from provider_tariffs x where x.provider = p_provider
			and x.currency = p_currency and x.direction = p_direction and x.valid_from <= p_day)
	order by t.up_to = 0, t.up_to
$$;

-- One band more.  False: there is one of that day and end already.
create function provider_tariff_add(p_provider text, p_currency text, p_direction text, p_from date, p_up_to bigint,
	p_fixed bigint, p_share_bp integer, p_most bigint, p_by text, p_note text, p_now bigint)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	insert into provider_tariffs values (p_provider, p_currency, p_direction, p_from, p_up_to, p_fixed, p_share_bp,
		p_most, p_note, p_by, p_now)
	on conflict do nothing;
	return found;
end $$;

-- What each payment cost us, as it was booked with its outcome.
create table payment_fees (
	cooperative_id integer not null,
	payment_id uuid not null,
	provider text not null,
	currency text not null,
	fee bigint not null check (fee > 0),
	due boolean not null,  -- the float did not cover it
	booked_ms bigint not null,
	primary key (cooperative_id, payment_id),
	foreign key (cooperative_id, payment_id) references payments
);
grant select on payment_fees to adit_gateway;

create function effect_payment_fee(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	insert into payment_fees (cooperative_id, payment_id, provider, currency, fee, due, booked_ms)
	select p_coop, p.payment_id, p.provider, p.currency, b.fee, b.due, b.now_ms
	from jsonb_to_recordset(p_bodies) as b(payment_id uuid, fee bigint, due boolean, now_ms bigint)
	join payments p on p.cooperative_id = p_coop and p.payment_id = b.payment_id;
$$;

alter function book_faults() rename to book_faults_before_fees;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_before_fees()
	union all
	select c.cooperative_id, 'fees of payments are in the books', format('payments say %s, the ledger says %s',
		f.said, x.booked)
	from cooperatives c
		cross join lateral (select coalesce(sum(p.fee), 0) as said from payment_fees p
			where p.cooperative_id = c.cooperative_id) f
		cross join lateral (select coalesce(sum(e.amount), 0) as booked from accounts a
			join entries e on e.cooperative_id = a.cooperative_id and e.account_id = a.account_id
			join transfers t on t.cooperative_id = e.cooperative_id and t.transfer_id = e.transfer_id
			join operations o on o.cooperative_id = t.cooperative_id and o.op_key = t.op_key
			where a.cooperative_id = c.cooperative_id and a.kind = 20 and o.kind = 'payment.outcome') x
	where f.said <> x.booked
	union all
	select f.cooperative_id, 'only a payment that was made has a fee', p.code
	from payment_fees f join payments p on p.cooperative_id = f.cooperative_id and p.payment_id = f.payment_id
	where p.state <> 'paid'
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;

revoke all on function provider_tariff_add, effect_payment_fee from public;
grant execute on function provider_tariff_add to adit_gateway;
