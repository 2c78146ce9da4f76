-- A payout ended as failed, and the provider then says that it was paid: what would pay the
-- same money again and was not handed over yet waits for a person.
create function payment_stop(p_coop integer, p_payment uuid, p_now bigint)
returns void language plpgsql as $$
declare
	stopped uuid;
begin
	for stopped in
		update payments n set attention = 'stopped', next_try_ms = null
		from payments o
		where o.cooperative_id = p_coop and o.payment_id = p_payment and o.direction = 'out'
			and o.state = 'failed' and n.cooperative_id = p_coop
			and n.member_id = o.member_id and n.direction = 'out' and n.state = 'created'
			and n.attempts = 0 and n.claimed_until_ms <= p_now
			and ((n.purpose = o.purpose and n.purpose_id = o.purpose_id)
				or n.purpose = 'owed_out')
		returning n.payment_id
	loop
		perform payment_event(p_coop, stopped, p_now, 'stopped', '', '', '');
	end loop;
end $$;
revoke all on function payment_stop from public;

-- The same for what is created while such a contradiction is not dealt with.
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
	perform payment_stop(p_coop, o.payment_id,
		(extract(epoch from clock_timestamp()) * 1000)::bigint)
	from payments o where o.cooperative_id = p_coop and o.attention <> ''
		and o.attention = 'contradiction' and o.state = 'failed' and o.direction = 'out'
		and o.member_id in (select b.member_id
			from jsonb_to_recordset(p_bodies) as b(member_id uuid));
end $$;

-- What a call brought, and the claim given back.  p_set holds the columns that change:
-- state, maybe_taken, ladder_step, misses, missing_ms, reason, attention, next_try_ms.
-- A settled payment keeps its state; a contradiction stops what would pay it again.  False: the claim is not ours any more.
create or replace function payment_heard(p_coop integer, p_payment uuid, p_claim uuid, p_now bigint,
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
	if p_kind = 'contradiction' then
		perform payment_stop(p_coop, p_payment, p_now);
	end if;
	return true;
end $$;

-- A person decides about a stopped payment.  Resumed: it is paid after all.  Settled: the
-- earlier one did pay, so this one counts as paid and nothing is sent; both must be for the
-- same member and amount, and the earlier one a contradiction.
create function payment_resume(p_code text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	update payments set attention = '', next_try_ms = p_now
	where code = p_code and attention = 'stopped' and state = 'created'
	returning * into p;
	if p.payment_id is null then
		return false;
	end if;
	perform payment_event(p.cooperative_id, p.payment_id, p_now, 'resumed', '', '', '');
	return true;
end $$;

create function payment_settled(p_code text, p_by text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	update payments n set attention = 'by_hand', next_try_ms = p_now
	from payments o
	where n.code = p_code and n.attention = 'stopped' and n.state = 'created'
		and o.cooperative_id = n.cooperative_id and o.code = p_by and o.state = 'failed'
		and o.attention = 'contradiction' and o.member_id = n.member_id
		and o.amount = n.amount and o.currency = n.currency
	returning n.* into p;
	if p.payment_id is null then
		return false;
	end if;
	update payments set attention = ''
	where cooperative_id = p.cooperative_id and code = p_by;
	perform payment_event(p.cooperative_id, p.payment_id, p_now, 'by_hand', '', '', p_by);
	return true;
end $$;
revoke all on function payment_resume, payment_settled from public;
grant execute on function payment_resume, payment_settled to adit_gateway;

-- A tier is set while a gateway writes the ledger, so not through it; each change is kept.
create table wallet_tiers (
	cooperative_id integer not null,
	member_id uuid not null,
	change bigint generated always as identity,
	tier smallint not null,
	set_ms bigint not null,
	primary key (cooperative_id, member_id, change),
	foreign key (cooperative_id, member_id) references members
);
drop function effect_member_tier;
create function wallet_tier_set(p_coop integer, p_member uuid, p_tier integer, p_now bigint)
returns void language sql
security definer set search_path = pg_catalog, public as $$
	update members set wallet_tier = p_tier
	where cooperative_id = p_coop and member_id = p_member;
	insert into wallet_tiers (cooperative_id, member_id, tier, set_ms)
	values (p_coop, p_member, p_tier, p_now);
$$;
revoke all on function wallet_tier_set from public;
grant execute on function wallet_tier_set to adit_gateway;
grant select on wallet_tiers to adit_gateway;
