-- What was collected is given back to who paid it: asked for by one officer, agreed to by
-- another, then a payout of its own, which can fail.
--
--   asked --another officer--> confirmed --the gateway--> paying --> paid
--     `--> withdrawn              `--> refused (and why)     `----> owed, or for money of
--                                                                   nobody: listed
-- What it had paid is taken back first (the loan's own reversal, by replay), so the money
-- stands to the payer's credit while it is on its way: captured when it is paid, and owed
-- to her like any other money if it cannot be sent.

-- What a payout gives back: the collection or arrival, and what the provider calls it.
alter table payments
	add column back_of uuid,
	add column back_reference uuid,
	add column back_txn text not null default '';
create unique index payments_back_once on payments (cooperative_id, back_of)
	where back_of is not null and state <> 'failed';

create function effect_payment_back(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	update payments p set back_of = b.back_of, back_reference = b.back_reference,
		back_txn = coalesce(b.back_txn, '')
	from jsonb_to_recordset(p_bodies) as b(payment_id uuid, back_of uuid, back_reference uuid, back_txn text)
	where p.cooperative_id = p_coop and p.payment_id = b.payment_id;
exception when unique_violation then
	raise exception 'given back before' using errcode = 'AD001';
end $$;

-- Which event of which loan a collection or arrival became; 0: none, all of it was over.
create table loan_sources (
	cooperative_id integer not null,
	source_id uuid not null,  -- of the payment or arrival
	loan_id uuid not null,
	event integer not null check (event >= 0),
	primary key (cooperative_id, source_id, loan_id),
	foreign key (cooperative_id, loan_id) references loans
);
grant select on loan_sources to adit_gateway;

create function effect_loan_source(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into loan_sources (cooperative_id, source_id, loan_id, event)
	select p_coop, b.source_id, b.loan_id, b.event
	from jsonb_to_recordset(p_bodies) as b(source_id uuid, loan_id uuid, event integer)
	on conflict (cooperative_id, source_id, loan_id) do update set event = excluded.event; -- sent back in vain
end $$;

create table refunds (
	cooperative_id integer not null references cooperatives,
	refund_id uuid not null,
	source_id uuid not null,
	arrival boolean not null,  -- else a payment
	code text not null,        -- of the source
	amount bigint not null check (amount > 0),
	currency text not null,
	member_id uuid,            -- whom it was taken for; null: nobody's money
	note text not null check (note <> '' and length(note) <= 200),
	state text not null check (state in ('asked', 'withdrawn', 'confirmed', 'refused', 'paying', 'paid', 'owed',
		'listed')),
	reason text not null default '',
	asked_by uuid not null,
	asked_via text not null check (asked_via in ('shell', 'phone')),
	asked_ms bigint not null,
	confirmed_by uuid,
	confirmed_via text not null default '' check (confirmed_via in ('', 'shell', 'phone')),
	confirmed_ms bigint,
	payment_id uuid,
	changed_ms bigint not null,
	primary key (cooperative_id, refund_id),
	check (confirmed_by is distinct from asked_by),
	check (state in ('asked', 'withdrawn') or confirmed_by is not null),
	check ((state in ('paying', 'paid', 'owed', 'listed')) = (payment_id is not null))
);
-- Once and no more: what stands to her credit afterwards is paid like any other money owed.
create unique index refunds_once on refunds (cooperative_id, source_id)
	where state not in ('withdrawn', 'refused', 'listed');
create index refunds_to_pay on refunds (cooperative_id, confirmed_ms) where state = 'confirmed';
grant select on refunds to adit_gateway;

-- An active treasurer or officer (roles: payments/store/member.h), by member number, phone
-- number or id.  Null: no such one.
create function refund_officer(p_coop integer, p_who text) returns uuid
language sql stable as $$
	select m.member_id from members m
	where m.cooperative_id = p_coop and m.state = 'active' and m.roles & 12 <> 0
		and (m.number = upper(p_who) or m.member_id::text = p_who or exists (select from member_numbers n
			where n.cooperative_id = m.cooperative_id and n.member_id = m.member_id and n.msisdn = p_who))
	limit 1
$$;

create function refund_audit(p_coop integer, p_now bigint, p_actor uuid, p_action text, p_subject uuid, p_detail text)
returns void language sql as $$
	select effect_audit_new(p_coop, jsonb_build_array(jsonb_build_object('at_ms', p_now, 'actor', p_actor,
		'action', p_action, 'subject', p_subject, 'detail', p_detail)))
$$;

-- What can be given back under that code, as far as it can be told before the books are
-- asked.  p_coop 0: any.
create function refund_source(p_coop integer, p_code text)
returns table (cooperative_id integer, source_id uuid, arrival boolean, code text, purpose text, state text,
	amount bigint, currency text, member_id uuid, msisdn text)
language sql stable as $$
	select p.cooperative_id, p.payment_id, false, p.code, p.purpose, p.state, p.amount, p.currency, p.member_id,
		p.msisdn
	from payments p where p.code = upper(p_code) and p.direction = 'in' and p_coop in (0, p.cooperative_id)
	union all
	select a.cooperative_id, a.arrival_id, true, a.code, a.source, a.state, a.amount, a.currency, a.member_id,
		a.msisdn
	from arrivals a where a.code = upper(p_code) and p_coop in (0, a.cooperative_id)
$$;

-- The first word.  '' or why not: not_found, ambiguous (give the cooperative), not_allowed,
-- own_work, not_paid, no_number, asked (by another, or given back before).
create function refund_ask(p_coop integer, p_code text, p_who text, p_via text, p_note text, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	s record;
	n integer;
	officer uuid;
	id uuid := gen_random_uuid();
begin
	select count(*) into n from refund_source(p_coop, p_code);
	if n <> 1 then
		return case when n = 0 then 'not_found' else 'ambiguous' end;
	end if;
	select * into s from refund_source(p_coop, p_code);
	officer := refund_officer(s.cooperative_id, p_who);
	if officer is null then
		return 'not_allowed';
	elsif officer = s.member_id then
		return 'own_work';
	elsif (s.arrival and s.state not in ('matched', 'assigned', 'unmatched')) or (not s.arrival and s.state <> 'paid') then
		return 'not_paid';
	elsif s.msisdn !~ '^[1-9][0-9]{6,14}$' or s.purpose = 'till' then
		return 'no_number';
	end if;
	insert into refunds (cooperative_id, refund_id, source_id, arrival, code, amount, currency, member_id, note,
		state, asked_by, asked_via, asked_ms, changed_ms)
	values (s.cooperative_id, id, s.source_id, s.arrival, s.code, s.amount, s.currency, s.member_id, p_note, 'asked',
		officer, p_via, p_now, p_now)
	on conflict do nothing;
	if not found then
		return 'asked';
	end if;
	perform refund_audit(s.cooperative_id, p_now, officer, 'refund.asked', s.source_id,
		format('%s %s by %s: %s', s.code, s.amount, p_via, p_note));
	return '';
end $$;

-- The second word, of another officer; or (p_agree false) either takes it back.  '' or why
-- not: not_found, not_allowed, own_work, second_needed (the first cannot be the second).
create function refund_answer(p_coop integer, p_code text, p_who text, p_via text, p_agree boolean, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	r refunds;
	n integer;
	officer uuid;
begin
	select count(*) into n from refunds x where x.code = upper(p_code) and x.state = 'asked'
		and p_coop in (0, x.cooperative_id);
	if n <> 1 then
		return case when n = 0 then 'not_found' else 'ambiguous' end;
	end if;
	select * into r from refunds x where x.code = upper(p_code) and x.state = 'asked'
		and p_coop in (0, x.cooperative_id) for update;
	officer := refund_officer(r.cooperative_id, p_who);
	if officer is null then
		return 'not_allowed';
	elsif officer = r.member_id then
		return 'own_work';
	elsif p_agree and officer = r.asked_by then
		return 'second_needed';
	end if;
	update refunds x set state = case when p_agree then 'confirmed' else 'withdrawn' end,
		confirmed_by = case when p_agree then officer end, confirmed_via = case when p_agree then p_via else '' end,
		confirmed_ms = case when p_agree then p_now end, changed_ms = p_now
	where x.cooperative_id = r.cooperative_id and x.refund_id = r.refund_id;
	perform refund_audit(r.cooperative_id, p_now, officer,
		case when p_agree then 'refund.confirmed' else 'refund.withdrawn' end, r.source_id,
		format('%s %s by %s', r.code, r.amount, p_via));
	return '';
end $$;

-- What an officer is shown before the word: why it cannot be, whether one has asked (mine:
-- this very one), and whom it came from.
create function refund_look(p_coop integer, p_code text, p_who uuid)
returns table (why text, refund_id uuid, code text, name text, msisdn text, amount bigint, asked boolean, mine boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
	select case when refund_officer(p_coop, p_who::text) is null then 'not_allowed'
			when s.code is null then 'not_found'
			when r.state <> 'asked' then 'given'
			when case when s.arrival then s.state not in ('matched', 'assigned', 'unmatched')
				else s.state <> 'paid' end then 'not_paid'
			when s.msisdn !~ '^[1-9][0-9]{6,14}$' or s.purpose = 'till' then 'no_number'
			else '' end,
		r.refund_id, coalesce(s.code, ''), coalesce(m.name, ''), coalesce(s.msisdn, ''), coalesce(s.amount, 0),
		coalesce(r.state = 'asked', false), coalesce(r.state = 'asked' and r.asked_by = p_who, false)
	from (select 1) one
		left join lateral (select * from refund_source(p_coop, p_code) limit 1) s on true
		left join refunds r on r.cooperative_id = p_coop and r.source_id = s.source_id
			and r.state not in ('withdrawn', 'refused', 'listed')
		left join members m on m.cooperative_id = p_coop and m.member_id = s.member_id
$$;

-- The books do not allow it: nothing was moved.
create function refund_refuse(p_coop integer, p_refund uuid, p_reason text, p_now bigint)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	r refunds;
begin
	update refunds x set state = 'refused', reason = p_reason, changed_ms = p_now
	where x.cooperative_id = p_coop and x.refund_id = p_refund and x.state = 'confirmed'
	returning * into r;
	if r.refund_id is null then
		return false;
	end if;
	perform refund_audit(p_coop, p_now, null, 'refund.refused', r.source_id, format('%s %s', r.code, p_reason));
	return true;
end $$;

-- First effect of the operation that pays one: guards its state, and that no member gets a
-- second open loan because a paid one is open again.
create function effect_refund_pay(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	b record;
	changed integer;
begin
	for b in select * from jsonb_to_recordset(p_bodies) as x(refund_id uuid, payment_id uuid, loans uuid[], now_ms bigint)
	loop
		update refunds r set state = 'paying', payment_id = b.payment_id, changed_ms = b.now_ms
		where r.cooperative_id = p_coop and r.refund_id = b.refund_id and r.state = 'confirmed';
		get diagnostics changed = row_count;
		if changed <> 1 or exists (select from loans l join loans o on o.cooperative_id = l.cooperative_id
				and o.member_id = l.member_id and o.loan_id <> l.loan_id
				and o.state in ('requested', 'seen', 'approved', 'ready', 'live')
				where l.cooperative_id = p_coop and l.loan_id = any(b.loans) and l.state = 'closed') then
			raise exception 'this refund cannot be paid' using errcode = 'AD001';
		end if;
		update loans l set closed_ms = null
		where l.cooperative_id = p_coop and l.loan_id = any(b.loans) and l.state = 'closed';
	end loop;
end $$;

-- And of the one that settles its payment: of money sent back without one, none is there.
create function effect_refund_end(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	update refunds r set state = b.state, changed_ms = b.now_ms
	from jsonb_to_recordset(p_bodies) as b(payment_id uuid, state text, now_ms bigint)
	where r.cooperative_id = p_coop and r.payment_id = b.payment_id and r.state = 'paying';
$$;

-- Money that was somebody's is nobody's from here on: what it paid was taken back.
create or replace function effect_arrival_back(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update arrivals a set state = b.state, returned_by = coalesce(b.returned_by, a.returned_by),
		returned_ms = coalesce(b.returned_ms, a.returned_ms), member_id = null, loan_id = null, assigned_by = null,
		assigned_ms = null
	from jsonb_to_recordset(p_bodies) as b(arrival_id uuid, state text, was text, returned_by uuid, returned_ms bigint)
	where a.cooperative_id = p_coop and a.arrival_id = b.arrival_id
		and a.state = coalesce(b.was, case b.state when 'returning' then 'unmatched' else 'returning' end)
		and b.state in ('returning', 'returned', 'unmatched');
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'this money is not there to be sent back' using errcode = 'AD001';
	end if;
end $$;

alter function book_faults() rename to book_faults_before_refunds;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_before_refunds()
	union all
	select r.cooperative_id, 'a refund ends with its payment', format('%s is %s, its payment %s', r.code, r.state,
		coalesce(p.state, 'missing'))
	from refunds r left join payments p on p.cooperative_id = r.cooperative_id and p.payment_id = r.payment_id
	where r.payment_id is not null and case r.state when 'paid' then 'paid' when 'paying' then ''
			else 'failed' end is distinct from case when p.state in ('paid', 'failed') then p.state else '' end
	union all
	select s.cooperative_id, 'money given back pays no loan', format('%s of %s', s.event, r.code)
	from refunds r join loan_sources s on s.cooperative_id = r.cooperative_id and s.source_id = r.source_id
	where r.state in ('paying', 'paid', 'owed') and s.event > 0 and not r.arrival
		and not exists (select from loan_events e where e.cooperative_id = s.cooperative_id
			and e.loan_id = s.loan_id and e.kind = 'reverse' and (e.body->>'of')::integer = s.event)
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;

revoke all on function effect_payment_back, effect_loan_source, refund_officer, refund_audit, refund_source, refund_ask,
	refund_look, refund_answer, refund_refuse, effect_refund_pay, effect_refund_end, effect_arrival_back from public;
grant execute on function refund_ask, refund_look, refund_answer, refund_refuse to adit_gateway;
