-- A payout in parts: one payment row, one hold and one transfer each, one after the other.
-- The part that is under way holds what comes after it (`rest`, under `rest_hold_id`); the
-- operation that settles it creates the next one.
alter table payments
	add column part integer not null default 1 check (part >= 1),
	add column rest bigint not null default 0 check (rest >= 0),
	add column rest_hold_id uuid,
	-- how often a wallet's limit had it wait for another day
	add column waits integer not null default 0,
	-- the day whose limit it counts for, until it is sent
	add column planned_day integer,
	add check ((rest > 0) = (rest_hold_id is not null));
create index payments_of_wallet on payments (msisdn, provider, sent_ms) where direction = 'out';

create or replace function effect_payment_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	with fresh as (
		insert into payments (cooperative_id, payment_id, reference, direction, provider,
			purpose, purpose_id, member_id, hold_id, msisdn, amount, currency, code,
			created_ms, changed_ms, next_try_ms, part, rest, rest_hold_id, waits, planned_day)
		select p_coop, b.payment_id, b.reference, b.direction, b.provider, b.purpose,
			b.purpose_id, b.member_id, b.hold_id, b.msisdn, b.amount, b.currency, b.code,
			t.at, t.at, greatest(t.at, b.not_before_ms), coalesce(b.part, 1),
			coalesce(b.rest, 0), b.rest_hold_id, coalesce(b.waits, 0), b.planned_day
		from jsonb_to_recordset(p_bodies) as b(payment_id uuid, reference uuid,
			direction text, provider text, purpose text, purpose_id uuid, member_id uuid,
			hold_id uuid, msisdn text, amount bigint, currency text, code text,
			created_ms bigint, not_before_ms bigint, part integer, rest bigint,
			rest_hold_id uuid, waits integer, planned_day integer)
		cross join lateral (select coalesce(b.created_ms,
			(extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t
		returning payment_id, created_ms)
	insert into payment_events (cooperative_id, payment_id, at_ms, kind)
	select p_coop, payment_id, created_ms, 'created' from fresh;
end $$;

-- What a wallet takes today and on the days that follow: its limits, and what was paid into
-- it or is planned, in whatever cooperative.  Eight rows, today first.
create function wallet_room(p_coop integer, p_member uuid, p_provider text, p_msisdn text,
	p_currency text, p_now bigint)
returns table (day integer, starts_ms bigint, used bigint, per_payment bigint,
	per_day bigint, balance bigint, minimum bigint)
language sql stable as $$
	with here as (
		select c.country, c.timezone, local_day(p_coop, p_now) as today,
			coalesce((select m.wallet_tier from members m
				where m.cooperative_id = p_coop and m.member_id = p_member), 1) as tier
		from cooperatives c where c.cooperative_id = p_coop
	), paid as (
		select case when p.sent_ms > 0
			then (to_timestamp(p.sent_ms / 1000.0) at time zone h.timezone)::date
				- date '1970-01-01'
			else greatest(p.planned_day, h.today) end as day, p.amount
		from here h cross join payments p
		where p.direction = 'out' and p.provider = p_provider and p.msisdn = p_msisdn
			and p.currency = p_currency and p.state <> 'failed'
			and ((p.sent_ms = 0 and p.state = 'created')
				or p.sent_ms > p_now - 2 * 86400000::bigint)
	)
	select d.day, (extract(epoch from (date '1970-01-01' + d.day)::timestamp
			at time zone h.timezone) * 1000)::bigint,
		(select coalesce(sum(p.amount), 0)::bigint from paid p where p.day = d.day),
		coalesce(l.per_payment, 0), coalesce(l.per_day, 0), coalesce(l.balance, 0),
		coalesce(l.minimum, 0)
	from here h cross join lateral generate_series(h.today, h.today + 7) d(day)
	left join lateral wallet_limits_of(h.country, p_provider, p_currency, h.tier,
		date '1970-01-01' + h.today) l on true
	order by d.day;
$$;

-- Whether all of a sale reached the wallet, in however many parts.
create function sale_is_paid(p_coop integer, p_lot uuid, p_payout bigint)
returns boolean language sql stable as $$
	select p_payout = 0 or p_payout <= (select coalesce(sum(p.amount), 0) from payments p
		where p.cooperative_id = p_coop and p.purpose_id = p_lot and p.purpose = 'sale_out'
			and p.state = 'paid');
$$;
