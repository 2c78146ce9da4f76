-- Providers that name a payment themselves, and those that answer a question by posting.

alter table payments
	-- what the provider called it in its answer to the submit
	add column handle text not null default '' check (octet_length(handle) <= 63),
	-- what was posted to the address that a query of ours had named; read by the next who
	-- claims the payment, as the answer of that query
	add column answer text not null default '' check (octet_length(answer) <= 8192);

-- What a call brought, and the claim given back.  p_set holds the columns that change:
-- state, maybe_taken, ladder_step, misses, missing_ms, reason, attention, next_try_ms,
-- handle (kept once told) and answered (what was posted has been read).
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
		handle = coalesce(nullif(s.handle, ''), p.handle),
		answer = case when s.answered and not p.hinted then '' else p.answer end,
		hinted = false, claim = null, claimed_until_ms = 0
	from jsonb_to_record(p_set) as s(state text, maybe_taken boolean, ladder_step integer,
		misses integer, missing_ms bigint, reason text, attention text,
		next_try_ms bigint, handle text, answered boolean)
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

create or replace function effect_payment_outcome(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	settled integer;
begin
	with told as (
		select b.payment_id, b.state, coalesce(b.provider_txn, '') as provider_txn,
			coalesce(b.said, '') as said, coalesce(b.reason, '') as reason, b.claim, t.at
		from jsonb_to_recordset(p_bodies) as b(payment_id uuid, state text,
			provider_txn text, said text, reason text, claim uuid, at_ms bigint)
		cross join lateral (select coalesce(b.at_ms,
			(extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t
		where b.state in ('paid', 'failed')
	), done as (
		update payments p set state = t.state, provider_txn = t.provider_txn,
			said = t.said, reason = t.reason, changed_ms = greatest(t.at, p.created_ms),
			attention = '', answer = '', next_try_ms = null, claim = null, claimed_until_ms = 0
		from told t
		where p.cooperative_id = p_coop and p.payment_id = t.payment_id
			and p.state not in ('paid', 'failed')
			and (t.claim is null or p.claim = t.claim)
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

-- The answer of a query made during the attempt p_attempts: kept, and read soon.  One of
-- an earlier attempt says nothing about the call made since.  False: nobody waits for it.
create function payment_answer(p_coop integer, p_payment uuid, p_now bigint,
	p_attempts integer, p_said text, p_body text)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update payments set answer = left(p_body, 8192), hinted = claimed_until_ms > p_now,
		next_try_ms = p_now
	where cooperative_id = p_coop and payment_id = p_payment and attempts = p_attempts
		and state <> 'created';
	if not found then
		return false;
	end if;
	perform payment_event(p_coop, p_payment, p_now, 'answer', '', p_said, p_body);
	return true;
end $$;

revoke all on function payment_answer from public;
grant execute on function payment_answer to adit_gateway;
