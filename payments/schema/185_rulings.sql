-- A payment that is sent again and again, because the provider refuses the reference as
-- known and then does not find it, begins its ladder anew each time: whoever was told of it
-- may settle it, in whatever state it is met.

-- What one officer has found out about a payment that the provider has not decided for
-- half an hour, or that a person was told of.  Until another confirms it, it may be said anew.  '' or why not:
-- no_payment, too_early, not_officer, own_payment, no_evidence, no_note, decided.
create or replace function payment_ruling_propose(p_code text, p_outcome text, p_by text,
	p_evidence text, p_note text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	who uuid;
begin
	select * into p from payments where code = upper(p_code)
		and (state in ('unknown', 'accepted') or (state = 'created' and maybe_taken))
	for update;
	if p.payment_id is null then
		return 'no_payment';
	end if;
	who := officer_named(p.cooperative_id, p_by);
	if p.ladder_step < 20 and p.attention <> 'open' then
		return 'too_early';
	elsif who is null then
		return 'not_officer';
	elsif who = p.member_id then
		return 'own_payment';
	elsif length(coalesce(p_evidence, '')) < 4 then
		return 'no_evidence';
	elsif coalesce(p_note, '') = '' then
		return 'no_note';
	end if;
	insert into payment_rulings as r values (p.cooperative_id, p.payment_id, p_outcome,
		p_evidence, p_note, who, p_now)
	on conflict (cooperative_id, payment_id) do update set outcome = excluded.outcome,
		evidence = excluded.evidence, note = excluded.note,
		proposed_by = excluded.proposed_by, proposed_ms = excluded.proposed_ms
	where r.confirmed_by is null;
	if not found then
		return 'decided';
	end if;
	perform payment_event(p.cooperative_id, p.payment_id, p_now, 'proposed', p_outcome,
		left(p_evidence, 60), p_note);
	perform person_audit(p.cooperative_id, p_now, who, 'payment.propose', p.payment_id,
		format('%s %s, evidence %s: %s', p.code, p_outcome, p_evidence, p_note));
	return '';
end $$;

-- Another officer agrees with what was proposed; a gateway then settles it as if the
-- provider had said so.  '' or why not: no_payment, not_proposed, other_outcome,
-- not_officer, own_payment, same_person, busy (it is being asked about just now).
create or replace function payment_ruling_confirm(p_code text, p_outcome text, p_by text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	r payment_rulings;
	who uuid;
begin
	select * into p from payments where code = upper(p_code)
		and (state in ('unknown', 'accepted') or (state = 'created' and maybe_taken))
	for update;
	if p.payment_id is null then
		return 'no_payment';
	end if;
	select * into r from payment_rulings
	where cooperative_id = p.cooperative_id and payment_id = p.payment_id
		and confirmed_by is null;
	who := officer_named(p.cooperative_id, p_by);
	if r.payment_id is null then
		return 'not_proposed';
	elsif r.outcome <> p_outcome then
		return 'other_outcome';
	elsif who is null then
		return 'not_officer';
	elsif who = p.member_id then
		return 'own_payment';
	elsif who = r.proposed_by then
		return 'same_person';
	elsif p.claimed_until_ms > p_now then
		return 'busy';
	end if;
	update payment_rulings set confirmed_by = who, confirmed_ms = p_now
	where cooperative_id = p.cooperative_id and payment_id = p.payment_id;
	-- whose claim lapsed long ago has nothing to say any more
	update payments set next_try_ms = p_now, claim = null, claimed_until_ms = 0,
		attention = case r.outcome when 'paid' then 'by_hand' else 'by_hand_no' end,
		provider_txn = case when r.outcome = 'paid' and provider_txn = ''
			and r.evidence ~ '^[A-Za-z0-9._-]{4,63}$' then r.evidence else provider_txn end
	where cooperative_id = p.cooperative_id and payment_id = p.payment_id;
	perform payment_event(p.cooperative_id, p.payment_id, p_now, 'ruled', r.outcome,
		left(r.evidence, 60), r.note);
	perform person_audit(p.cooperative_id, p_now, who, 'payment.rule', p.payment_id,
		format('%s %s, evidence %s: %s', p.code, r.outcome, r.evidence, r.note));
	return '';
end $$;
