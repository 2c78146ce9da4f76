-- Payments through mobile-money providers, and everything that was ever said about them.
--
-- A row is written by the operation that decides the payment and settled by the one that
-- moves the money; in between a gateway that holds the claim carries it to the provider.
-- A claim is a lease: what a dead gateway held is taken up by another when it lapses.

create table payments (
	cooperative_id integer not null references cooperatives,
	payment_id uuid not null,
	reference uuid not null,
	direction text not null check (direction in ('out', 'in')),
	provider text not null,
	purpose text not null,
	purpose_id uuid not null,
	member_id uuid,
	hold_id uuid,
	msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'),
	amount bigint not null check (amount > 0),
	currency text not null,
	code text not null,
	state text not null default 'created' check (state in ('created', 'sent', 'accepted',
		'unknown', 'paid', 'failed')),
	created_ms bigint not null,
	changed_ms bigint not null,
	sent_ms bigint not null default 0,
	-- calls of submit, and queries, so far
	attempts integer not null default 0,
	ladder_step integer not null default 0,
	-- a call was made whose answer does not say for sure that nothing was taken
	maybe_taken boolean not null default false,
	-- "not found" in a row, and since when
	misses integer not null default 0,
	missing_ms bigint not null default 0,
	provider_txn text not null default '',
	said text not null default '',
	reason text not null default '',
	-- why a person should look; '' if none needs to
	attention text not null default '',
	-- null: nothing left to do
	next_try_ms bigint,
	-- a callback came while the payment was claimed
	hinted boolean not null default false,
	claim uuid,
	claimed_until_ms bigint not null default 0,
	primary key (cooperative_id, payment_id),
	unique (cooperative_id, reference),
	unique (cooperative_id, code),
	check (direction = 'in' or hold_id is not null),
	check (state not in ('paid', 'failed') or changed_ms >= created_ms)
) with (fillfactor = 70);
create index payments_due on payments (cooperative_id, provider, next_try_ms)
	where next_try_ms is not null;
-- a callback knows the reference, not yet the cooperative
create index payments_by_reference on payments (reference);
create index payments_of_purpose on payments (cooperative_id, purpose_id);
create index payments_attention on payments (cooperative_id, created_ms)
	where attention <> '';
create index payments_by_time on payments (cooperative_id, created_ms);

-- What was about to be said and what was heard; never changed.
create table payment_events (
	cooperative_id integer not null,
	payment_id uuid not null,
	event_id bigint generated always as identity,
	at_ms bigint not null,
	-- created, send, heard, query, answer, callback, outcome, resend, recheck,
	-- contradiction, problem
	kind text not null,
	-- our reading of it: "accepted", "unknown", ...; for a callback what it claims
	verdict text not null default '',
	-- the provider's own word
	said text not null default '',
	detail text not null default '' check (octet_length(detail) <= 4096),
	primary key (cooperative_id, payment_id, event_id),
	foreign key (cooperative_id, payment_id) references payments
);
-- the same callback twice is stored once
create unique index payment_events_callback on payment_events
	(cooperative_id, payment_id, md5(detail)) where kind = 'callback';

create function effect_payment_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	with fresh as (
		insert into payments (cooperative_id, payment_id, reference, direction, provider,
			purpose, purpose_id, member_id, hold_id, msisdn, amount, currency, code,
			created_ms, changed_ms, next_try_ms)
		select p_coop, b.payment_id, b.reference, b.direction, b.provider, b.purpose,
			b.purpose_id, b.member_id, b.hold_id, b.msisdn, b.amount, b.currency, b.code,
			t.at, t.at, t.at
		from jsonb_to_recordset(p_bodies) as b(payment_id uuid, reference uuid,
			direction text, provider text, purpose text, purpose_id uuid, member_id uuid,
			hold_id uuid, msisdn text, amount bigint, currency text, code text,
			created_ms bigint)
		cross join lateral (select coalesce(b.created_ms,
			(extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t
		returning payment_id, created_ms)
	insert into payment_events (cooperative_id, payment_id, at_ms, kind)
	select p_coop, payment_id, created_ms, 'created' from fresh;
end $$;

-- The end of a payment, inside the operation that moves the money.
create function effect_payment_outcome(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	settled integer;
begin
	with told as (
		select b.payment_id, b.state, coalesce(b.provider_txn, '') as provider_txn,
			coalesce(b.said, '') as said, coalesce(b.reason, '') as reason, t.at
		from jsonb_to_recordset(p_bodies) as b(payment_id uuid, state text,
			provider_txn text, said text, reason text, at_ms bigint)
		cross join lateral (select coalesce(b.at_ms,
			(extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t
		where b.state in ('paid', 'failed')
	), done as (
		update payments p set state = t.state, provider_txn = t.provider_txn,
			said = t.said, reason = t.reason, changed_ms = greatest(t.at, p.created_ms),
			attention = '', next_try_ms = null, claim = null, claimed_until_ms = 0
		from told t
		where p.cooperative_id = p_coop and p.payment_id = t.payment_id
			and p.state not in ('paid', 'failed')
		returning p.payment_id, p.changed_ms, p.state, p.said, p.reason
	), noted as (
		insert into payment_events (cooperative_id, payment_id, at_ms, kind, verdict, said,
			detail)
		select p_coop, payment_id, changed_ms, 'outcome', state, said, reason from done
		returning 1)
	select count(*) into settled from noted;
	if settled <> jsonb_array_length(p_bodies) then
		raise exception 'a payment is settled already' using errcode = 'AD001';
	end if;
end $$;

-- Takes up to p_limit due payments of one provider.  p_submits false: only those that
-- were handed over before.  Pulls wait p_pull_delay after their creation.
create function payments_claim(p_coop integer, p_provider text, p_claim uuid, p_now bigint,
	p_until bigint, p_limit integer, p_submits boolean, p_pull_delay bigint)
returns setof payments language sql
security definer set search_path = pg_catalog, public as $$
	update payments p set claim = p_claim, claimed_until_ms = p_until, hinted = false
	from (select d.payment_id from payments d
		where d.cooperative_id = p_coop and d.provider = p_provider
			and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
			and (d.state <> 'created' or (p_submits and (d.direction = 'out'
				or d.created_ms + p_pull_delay <= p_now)))
		order by d.next_try_ms limit p_limit for update skip locked) due
	where p.cooperative_id = p_coop and p.payment_id = due.payment_id
	returning p.*;
$$;

create function payment_event(p_coop integer, p_payment uuid, p_now bigint, p_kind text,
	p_verdict text, p_said text, p_detail text)
returns void language sql
security definer set search_path = pg_catalog, public as $$
	insert into payment_events (cooperative_id, payment_id, at_ms, kind, verdict, said,
		detail)
	values (p_coop, p_payment, p_now, p_kind, p_verdict, p_said, left(p_detail, 1000));
$$;

-- About to call: on disk before the first byte leaves.  False: the claim is not ours.
create function payment_sent(p_coop integer, p_payment uuid, p_claim uuid, p_now bigint,
	p_until bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update payments set state = 'sent', attempts = attempts + 1, sent_ms = p_now,
		changed_ms = p_now, claimed_until_ms = p_until, misses = 0, missing_ms = 0
	where cooperative_id = p_coop and payment_id = p_payment and claim = p_claim
		and state = 'created';
	if not found then
		return false;
	end if;
	perform payment_event(p_coop, p_payment, p_now, 'send', '', '', '');
	return true;
end $$;

-- What a call brought, and the claim given back.  p_set holds the columns that change:
-- state, maybe_taken, ladder_step, misses, missing_ms, reason, attention, next_try_ms.
-- A settled payment keeps its state.  False: the claim is not ours any more.
create function payment_heard(p_coop integer, p_payment uuid, p_claim uuid, p_now bigint,
	p_kind text, p_verdict text, p_said text, p_set jsonb)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update payments p set
		state = case when p.state in ('paid', 'failed') then p.state else s.state end,
		maybe_taken = s.maybe_taken, ladder_step = s.ladder_step, misses = s.misses,
		missing_ms = s.missing_ms, attention = s.attention, changed_ms = p_now,
		next_try_ms = case when p.hinted and s.next_try_ms > p_now then p_now
			else s.next_try_ms end,
		reason = case when p.state in ('paid', 'failed') then p.reason else s.reason end,
		hinted = false, claim = null, claimed_until_ms = 0
	from jsonb_to_record(p_set) as s(state text, maybe_taken boolean, ladder_step integer,
		misses integer, missing_ms bigint, reason text, attention text,
		next_try_ms bigint)
	where p.cooperative_id = p_coop and p.payment_id = p_payment and p.claim = p_claim
		and s.state in ('created', 'sent', 'accepted', 'unknown', 'paid', 'failed')
		and (s.state not in ('paid', 'failed') or s.state = p.state);
	if not found then
		return false;
	end if;
	perform payment_event(p_coop, p_payment, p_now, p_kind, p_verdict, p_said, '');
	return true;
end $$;

-- A callback: kept as it came, and the next query pulled forward.  It moves nothing.
-- On a settled payment it asks for a recheck when it claims something else.
create function payment_hint(p_coop integer, p_payment uuid, p_now bigint, p_claims text,
	p_said text, p_body text)
returns void language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	fresh integer;
begin
	insert into payment_events (cooperative_id, payment_id, at_ms, kind, verdict, said,
		detail)
	values (p_coop, p_payment, p_now, 'callback', p_claims, p_said, left(p_body, 1000))
	on conflict do nothing;
	get diagnostics fresh = row_count;
	if fresh = 0 then
		return;
	end if;
	update payments set
		hinted = claimed_until_ms > p_now,
		next_try_ms = case when state in ('paid', 'failed') then p_now
			else least(next_try_ms, p_now) end
	where cooperative_id = p_coop and payment_id = p_payment
		and state <> 'created'
		and (state not in ('paid', 'failed')
			or (p_claims in ('paid', 'failed') and p_claims <> state));
end $$;

-- The gateway may look, and change by these functions alone.
revoke all on function effect_payment_new, effect_payment_outcome, payments_claim, payment_event, payment_sent, payment_heard, payment_hint from public;
grant execute on function payments_claim, payment_event, payment_sent, payment_heard, payment_hint to adit_gateway;
grant select on payments, payment_events to adit_gateway;
