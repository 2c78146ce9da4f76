-- Limits of a calendar month and year, too.
alter table wallet_limits
	add column per_month bigint not null default 0 check (per_month >= 0),
	add column per_year bigint not null default 0 check (per_year >= 0);
update wallet_limits set per_year = 3000000000 where country = 'TZ' and provider = '' and tier = 1;
update wallet_limits set per_year = 20000000000 where country = 'TZ' and provider = '' and tier = 2;
update wallet_limits set per_month = 1000000 where country = 'GH' and provider = '' and tier = 1;

-- What a wallet takes today and on the days that follow: its limits, and what was paid into
-- it or is planned, in whatever cooperative.  32 rows, today first.  used_month and used_year
-- are those of today's month and year, before today.
drop function wallet_room;
create function wallet_room(p_coop integer, p_member uuid, p_provider text, p_msisdn text,
	p_currency text, p_now bigint)
returns table (day integer, starts_ms bigint, used bigint, in_month boolean,
	in_year boolean, used_month bigint, used_year bigint, per_payment bigint,
	per_day bigint, per_month bigint, per_year bigint, balance bigint, minimum bigint)
language sql stable as $$
	with here as (
		select c.country, c.timezone, t.today, date '1970-01-01' + t.today as date,
			date_trunc('month', date '1970-01-01' + t.today)::date as month,
			date_trunc('year', date '1970-01-01' + t.today)::date as year,
			coalesce((select m.wallet_tier from members m
				where m.cooperative_id = p_coop and m.member_id = p_member), 1) as tier
		from cooperatives c cross join (select local_day(p_coop, p_now) as today) t
		where c.cooperative_id = p_coop
	), paid as (
		select case when p.sent_ms > 0
			then (to_timestamp(p.sent_ms / 1000.0) at time zone h.timezone)::date
			else date '1970-01-01' + greatest(p.planned_day, h.today) end as date, p.amount
		from here h cross join payments p
		where p.direction = 'out' and p.provider = p_provider and p.msisdn = p_msisdn
			and p.currency = p_currency and p.state <> 'failed'
			and ((p.sent_ms = 0 and p.state = 'created')
				or p.sent_ms >= extract(epoch from h.year::timestamp at time zone h.timezone) * 1000)
	)
	select h.today + d.after, (extract(epoch from (h.date + d.after)::timestamp
			at time zone h.timezone) * 1000)::bigint,
		(select coalesce(sum(p.amount), 0)::bigint from paid p where p.date = h.date + d.after),
		date_trunc('month', h.date + d.after)::date = h.month,
		date_trunc('year', h.date + d.after)::date = h.year,
		(select coalesce(sum(p.amount), 0)::bigint from paid p
			where p.date >= h.month and p.date < h.date),
		(select coalesce(sum(p.amount), 0)::bigint from paid p where p.date < h.date),
		coalesce(l.per_payment, 0), coalesce(l.per_day, 0), coalesce(l.per_month, 0),
		coalesce(l.per_year, 0), coalesce(l.balance, 0), coalesce(l.minimum, 0)
	from here h cross join generate_series(0, 31) d(after)
	left join lateral wallet_limits_of(h.country, p_provider, p_currency, h.tier, h.date) l
		on true
	order by d.after;
$$;

-- As in 062; a payout that failed is listed until one that pays all that was owed is paid,
-- and so is a sale whose wallet took nothing for so long that no payout was planned (why
-- "unplanned").
create or replace function payments_attention(p_coop integer, p_now bigint)
returns table (cooperative_id integer, payment_id uuid, code text, reference uuid,
	direction text, provider text, purpose text, member text, msisdn text, amount bigint,
	currency text, state text, since_ms bigint, why text, said text)
language sql stable as $$
	with marked as (
		select p.cooperative_id, p.payment_id, p.amount, p.changed_ms as since, p.attention as why
		from payments p where p.attention <> ''
		union all
		select p.cooperative_id, p.payment_id, p.amount, p.created_ms, 'wallet'
		from payments p where p.next_try_ms is not null and p.attention = ''
			and p.direction = 'out' and p.state = 'created' and p.waits >= 2
		union all
		select p.cooperative_id, p.payment_id, p.amount, p.created_ms, 'waiting'
		from payments p where p.next_try_ms is not null and p.attention = ''
			and p.direction = 'out' and p.state = 'created' and p.waits < 2
			and p_now - 3600000 >= case when p.attempts = 0 then p.next_try_ms
				else p.created_ms end
	), owing as (
		select a.cooperative_id, a.owner as member_id, a.unit,
			-a.balance - a.pending_debit as owed
		from accounts a join account_kinds k on k.kind = a.kind
		where k.name = 'member' and a.balance + a.pending_debit < 0
	), failed as (
		select o.cooperative_id, f.payment_id, o.owed, f.changed_ms, 'owed'
		from owing o cross join lateral (select p.payment_id, p.changed_ms from payments p
			where p.cooperative_id = o.cooperative_id and p.member_id = o.member_id
				and p.direction = 'out' and p.currency = o.unit and p.state = 'failed'
				and not (p.purpose = 'loan_out' and p.part = 1)
			order by p.changed_ms desc, p.payment_id desc limit 1) f
		where not exists (select from payments p
			where p.cooperative_id = o.cooperative_id and p.member_id = o.member_id
				and p.direction = 'out' and p.currency = o.unit and p.purpose = 'owed_out'
				and p.state = 'paid' and p.rest = 0 and p.changed_ms > f.changed_ms)
	), listed as (
		select p.cooperative_id, p.payment_id, p.code, p.reference, p.direction, p.provider,
			p.purpose, p.member_id, p.msisdn, w.amount, p.currency, p.state, w.since,
			w.why, case when p.reason <> '' then p.reason else p.said end as said
		from (select * from marked union all select * from failed) w
		join payments p on p.cooperative_id = w.cooperative_id and p.payment_id = w.payment_id
		union all
		select t.cooperative_id, t.lot_id, coalesce(t.receipt_code, t.code), t.lot_id, 'out', '',
			'sale_out', t.seller_id, '', least(t.payout, o.owed), o.unit, 'none', t.sold_ms,
			'unplanned', ''
		from owing o join lots t on t.cooperative_id = o.cooperative_id
			and t.seller_id = o.member_id and t.state = 'sold' and t.payout > 0
			and t.payment_id is null
		where not exists (select from payments p
			where p.cooperative_id = o.cooperative_id and p.member_id = o.member_id
				and p.direction = 'out' and p.currency = o.unit and p.purpose = 'owed_out'
				and p.state = 'paid' and p.rest = 0 and p.changed_ms > t.sold_ms)
	)
	select l.cooperative_id, l.payment_id, l.code, l.reference, l.direction, l.provider,
		l.purpose, coalesce(m.number, ''), l.msisdn, l.amount, l.currency, l.state, l.since,
		l.why, l.said
	from listed l left join members m on m.cooperative_id = l.cooperative_id
		and m.member_id = l.member_id
	where p_coop = 0 or l.cooperative_id = p_coop
	order by l.since, l.payment_id limit 1000;
$$;
