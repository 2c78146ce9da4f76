-- What a payout passes before it is handed over, and what people decide about payments:
--   float_low   the provider's float does not hold it: it waits, and goes by itself
--   name        the wallet is in another name: it waits for a person
-- and a payment whose outcome nobody says is settled by two officers, with evidence.

-- An active treasurer or second officer, by number of member or of phone; null: nobody.
create function officer_named(p_coop integer, p_who text)
returns uuid language sql stable as $$
	select m.member_id from members m
	where m.cooperative_id = p_coop and m.state = 'active' and m.roles & 12 <> 0
		and (m.number = upper(p_who) or exists (select 1 from member_numbers n
			where n.cooperative_id = p_coop and n.member_id = m.member_id
				and n.msisdn = p_who))
	limit 1;
$$;

-- Who decided that this is paid: the actor of the operation that holds its money.
create function payment_maker(p_coop integer, p_hold uuid)
returns uuid language sql stable as $$
	select o.actor from transfers t join operations o
		on o.cooperative_id = t.cooperative_id and o.op_key = t.op_key
	where t.cooperative_id = p_coop and t.transfer_id = p_hold;
$$;

create function person_audit(p_coop integer, p_now bigint, p_actor uuid, p_action text,
	p_subject uuid, p_detail text)
returns void language sql as $$
	select effect_audit_new(p_coop, jsonb_build_array(jsonb_build_object('at_ms', p_now,
		'actor', p_actor, 'action', p_action, 'subject', p_subject, 'detail', p_detail)));
$$;
revoke all on function officer_named, payment_maker, person_audit from public;
grant execute on function officer_named to adit_gateway;

-- ---- a payout waits ----

-- An SMS to the treasurers of a cooperative.
create function treasurers_tell(p_coop integer, p_now bigint, p_template text, p_values jsonb)
returns void language sql as $$
	select effect_message_new(p_coop, jsonb_agg(jsonb_build_object(
		'message_id', gen_random_uuid(), 'member_id', m.member_id, 'msisdn', n.msisdn,
		'language', m.language, 'template', p_template, 'values', p_values,
		'created_ms', p_now)))
	from members m cross join lateral (select x.msisdn from member_numbers x
		where x.cooperative_id = p_coop and x.member_id = m.member_id
		order by x.added_ms limit 1) n
	where m.cooperative_id = p_coop and m.state = 'active' and m.roles & 4 <> 0
	having count(*) > 0;
$$;

-- The claim is given back, the payout waits: until p_next, or for a person (null).  The
-- treasurer is told of the first that a float does not hold, and of each name.  False: the
-- claim is not ours any more.
create function payment_held(p_coop integer, p_payment uuid, p_claim uuid, p_now bigint,
	p_why text, p_said text, p_next bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	select * into p from payments
	where cooperative_id = p_coop and payment_id = p_payment and claim = p_claim
		and state = 'created' and p_why in ('float_low', 'name')
	for update;
	if p.payment_id is null then
		return false;
	end if;
	update payments set attention = p_why, next_try_ms = p_next, changed_ms = p_now,
		hinted = false, claim = null, claimed_until_ms = 0
	where cooperative_id = p_coop and payment_id = p_payment;
	if p.attention = p_why then
		return true;
	end if;
	perform payment_event(p_coop, p_payment, p_now, p_why, '', p_said, '');
	-- of many that come to wait in one moment, one tells
	perform 1 from cooperatives where cooperative_id = p_coop for no key update;
	if p_why = 'float_low' and exists (select 1 from payments o
		where o.cooperative_id = p_coop and o.attention = 'float_low'
			and o.provider = p.provider and o.payment_id <> p_payment) then
		return true;
	end if;
	perform treasurers_tell(p_coop, p_now,
		case p_why when 'name' then 'payout.name' else 'payout.float' end,
		jsonb_build_object('amount', p.amount::text, 'payment', p.code, 'provider', p.provider,
			'name', coalesce((select m.name from members m where m.cooperative_id = p_coop
				and m.member_id = p.member_id), '')));
	return true;
end $$;

create table payment_releases (
	cooperative_id integer not null,
	payment_id uuid not null,
	by_member uuid not null,
	note text not null check (note <> ''),
	at_ms bigint not null,
	primary key (cooperative_id, payment_id),
	foreign key (cooperative_id, payment_id) references payments
);

-- A person decides about a payout to a wallet in another name: it goes, or it ends as
-- failed.  '' or why not: no_payment, not_officer, own_payment, same_person, no_note.
create function payment_release(p_code text, p_goes boolean, p_by text, p_note text,
	p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	who uuid;
begin
	select * into p from payments
	where code = upper(p_code) and attention = 'name' and state = 'created' for update;
	if p.payment_id is null then
		return 'no_payment';
	end if;
	who := officer_named(p.cooperative_id, p_by);
	if who is null then
		return 'not_officer';
	elsif who = p.member_id then
		return 'own_payment';
	elsif p_goes and who = payment_maker(p.cooperative_id, p.hold_id) then
		return 'same_person';
	elsif coalesce(p_note, '') = '' then
		return 'no_note';
	end if;
	if p_goes then
		insert into payment_releases values (p.cooperative_id, p.payment_id, who, p_note, p_now);
	end if;
	update payments set attention = case when p_goes then '' else 'by_hand_no' end,
		next_try_ms = p_now, claim = null, claimed_until_ms = 0
	where cooperative_id = p.cooperative_id and payment_id = p.payment_id;
	perform payment_event(p.cooperative_id, p.payment_id, p_now,
		case when p_goes then 'released' else 'refused' end, '', '', p_note);
	perform person_audit(p.cooperative_id, p_now, who,
		case when p_goes then 'payment.release' else 'payment.refuse' end, p.payment_id,
		p.code || ': ' || p_note);
	return '';
end $$;

-- ---- an outcome that nobody says ----

create table payment_rulings (
	cooperative_id integer not null,
	payment_id uuid not null,
	outcome text not null check (outcome in ('paid', 'failed')),
	evidence text not null check (length(evidence) between 4 and 200),
	note text not null check (length(note) between 1 and 400),
	proposed_by uuid not null,
	proposed_ms bigint not null,
	confirmed_by uuid check (confirmed_by <> proposed_by),
	confirmed_ms bigint,
	primary key (cooperative_id, payment_id),
	foreign key (cooperative_id, payment_id) references payments,
	check ((confirmed_by is null) = (confirmed_ms is null))
);

-- What one officer has found out about a payment that the provider has not decided for
-- half an hour.  Until another confirms it, it may be said anew.  '' or why not:
-- no_payment, too_early, not_officer, own_payment, no_evidence, no_note, decided.
create function payment_ruling_propose(p_code text, p_outcome text, p_by text,
	p_evidence text, p_note text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	who uuid;
begin
	select * into p from payments where code = upper(p_code) and state in ('unknown', 'accepted')
	for update;
	if p.payment_id is null then
		return 'no_payment';
	end if;
	who := officer_named(p.cooperative_id, p_by);
	if p.ladder_step < 20 then
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
create function payment_ruling_confirm(p_code text, p_outcome text, p_by text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	r payment_rulings;
	who uuid;
begin
	select * into p from payments where code = upper(p_code) and state in ('unknown', 'accepted')
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

revoke all on function treasurers_tell, payment_held, payment_release, payment_ruling_propose,
	payment_ruling_confirm from public;
grant execute on function payment_held, payment_release, payment_ruling_propose,
	payment_ruling_confirm to adit_gateway;
grant select on payment_releases, payment_rulings to adit_gateway;
