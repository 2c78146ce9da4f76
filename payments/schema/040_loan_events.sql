-- A loan is its contract and its events; rows and totals are what replaying them gives.
-- Charges (interest, fees, penalties) are booked as they are earned, not when lent.

do $$
begin
	if exists (select from loans where state in ('requested', 'seen', 'approved', 'live')) then
		raise exception 'open loans have no contract yet: let them close, then migrate';
	end if;
end $$;

insert into account_kinds values (13, 'bad_debt', 0), (14, 'recoveries', 0), (15, 'deposit', 2), (16, 'fund', 2);

do $$
declare
	rule record;
begin
	for rule in select conname, conrelid::regclass as on_table from pg_constraint
		where contype = 'c' and conrelid in ('loans'::regclass, 'loan_rows'::regclass)
		and (pg_get_constraintdef(oid) like '%fee%' or pg_get_constraintdef(oid) like '%state%'
			or pg_get_constraintdef(oid) like '%weeks%')
	loop
		execute format('alter table %s drop constraint %I', rule.on_table, rule.conname);
	end loop;
end $$;

alter table loans
	add column contract jsonb not null default '{}',  -- frozen: payments/core/contract.h
	add column product text not null default '',
	add column apr_bp integer not null default 0,
	add column events integer not null default 0,     -- the last event's number
	add column booked bigint not null default 0 check (booked >= 0),
	add constraint loans_state check (state in ('requested', 'seen', 'approved', 'live', 'closed', 'refused',
		'unpaid', 'written_off')),
	add constraint loans_second check (not needs_second or state in ('requested', 'seen', 'refused')
		or (seen_by is not null and approved_by is not null)),
	add constraint loans_fee check (fee >= 0 and fee_paid between 0 and fee and total = principal + fee),
	add constraint loans_closed check (state <> 'closed' or principal_paid + fee_paid = total),
	add constraint loans_booked check (booked >= fee_paid);
comment on column loans.fee is 'interest, fees and penalties as they stand now, what was waived left out';
comment on column loans.booked is 'of fee, what stands in the ledger as earned';

alter table loan_rows
	add column interest bigint not null default 0,
	add column penalty bigint not null default 0,
	add column interest_paid bigint not null default 0,
	add column penalty_paid bigint not null default 0,
	add constraint loan_rows_fee check (fee >= 0 and fee_paid between 0 and fee),
	add constraint loan_rows_interest check (interest_paid between 0 and interest),
	add constraint loan_rows_penalty check (penalty_paid between 0 and penalty);
create index loan_rows_open on loan_rows (cooperative_id, due_day)
	where principal + interest + fee + penalty > principal_paid + interest_paid + fee_paid + penalty_paid;

create table loan_events (
	cooperative_id integer not null,
	loan_id uuid not null,
	event integer not null check (event > 0),
	day integer not null,
	kind text not null,
	body jsonb not null,  -- payments/core/account.h
	told_ms bigint not null,
	primary key (cooperative_id, loan_id, event),
	foreign key (cooperative_id, loan_id) references loans
);
grant select on loan_events to adit_gateway;

create or replace function effect_loan_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into loans (cooperative_id, loan_id, code, member_id, product_id, state,
		principal, fee, total, instalment, weeks, first_due_day, last_due_day,
		first_due_days, needs_second, sale_share_permille, floor_permille, request_key,
		requested_ms, contract, product, apr_bp)
	select p_coop, b.loan_id, b.code, b.member_id, b.product_id, 'requested',
		b.principal, b.fee, b.principal + b.fee, b.instalment, b.weeks, b.first_due_day,
		b.last_due_day, b.first_due_days, b.needs_second, b.sale_share_permille,
		b.floor_permille, b.request_key, b.requested_ms, b.contract, b.product, b.apr_bp
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, code text, member_id uuid,
		product_id uuid, principal bigint, fee bigint, instalment bigint, weeks integer,
		first_due_day integer, last_due_day integer, first_due_days integer,
		needs_second boolean, sale_share_permille integer, floor_permille integer,
		request_key uuid, requested_ms bigint, contract jsonb, product text, apr_bp integer);
exception when unique_violation then
	raise exception 'a loan is open' using errcode = 'AD001';
end $$;

-- One change of a loan that was seen at a version: fields that are absent stay.  Rows are
-- written as replay gives them; events are added, never changed.
create or replace function effect_loan_set(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update loans l set version = l.version + 1, state = b.state,
		seen_by = coalesce(b.seen_by, l.seen_by),
		approved_by = coalesce(b.approved_by, l.approved_by),
		refused_by = coalesce(b.refused_by, l.refused_by),
		decided_ms = coalesce(b.decided_ms, l.decided_ms),
		payment_id = coalesce(b.payment_id, l.payment_id),
		payment_code = coalesce(b.payment_code, l.payment_code),
		hold_id = coalesce(b.hold_id, l.hold_id),
		paid_ms = coalesce(b.paid_ms, l.paid_ms),
		closed_ms = coalesce(b.closed_ms, l.closed_ms),
		first_due_day = coalesce(b.first_due_day, l.first_due_day),
		last_due_day = coalesce(b.last_due_day, l.last_due_day),
		contract = coalesce(b.contract, l.contract),
		fee = coalesce(b.fee, l.fee),
		total = l.principal + coalesce(b.fee, l.fee),
		booked = coalesce(b.booked, l.booked),
		events = l.events + coalesce(jsonb_array_length(b.events), 0),
		principal_paid = coalesce(b.principal_paid, l.principal_paid),
		fee_paid = coalesce(b.fee_paid, l.fee_paid)
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, version integer, state text,
		seen_by uuid, approved_by uuid, refused_by uuid, decided_ms bigint,
		payment_id uuid, payment_code text, hold_id uuid, paid_ms bigint,
		closed_ms bigint, first_due_day integer, last_due_day integer, contract jsonb,
		fee bigint, booked bigint, events jsonb, principal_paid bigint, fee_paid bigint)
	where l.cooperative_id = p_coop and l.loan_id = b.loan_id and l.version = b.version;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'loan changed meanwhile' using errcode = 'AD001';
	end if;
	insert into loan_events (cooperative_id, loan_id, event, day, kind, body, told_ms)
	select p_coop, b.loan_id, (e.body->>'id')::integer, (e.body->>'day')::date - date '1970-01-01', e.body->>'kind', e.body,
		b.now_ms
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, now_ms bigint, events jsonb),
		jsonb_array_elements(coalesce(b.events, '[]')) as e(body);
	insert into loan_rows as r (cooperative_id, loan_id, row, due_day, principal, interest,
		fee, penalty, principal_paid, interest_paid, fee_paid, penalty_paid)
	select p_coop, b.loan_id, w.row, w.due_day, w.principal, w.interest, w.fee, w.penalty,
		w.principal_paid, w.interest_paid, w.fee_paid, w.penalty_paid
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, rows jsonb),
		jsonb_to_recordset(coalesce(b.rows, '[]')) as w(row integer, due_day integer,
		principal bigint, interest bigint, fee bigint, penalty bigint,
		principal_paid bigint, interest_paid bigint, fee_paid bigint, penalty_paid bigint)
	on conflict (cooperative_id, loan_id, row) do update
	set due_day = excluded.due_day, principal = excluded.principal,
		interest = excluded.interest, fee = excluded.fee, penalty = excluded.penalty,
		principal_paid = excluded.principal_paid, interest_paid = excluded.interest_paid,
		fee_paid = excluded.fee_paid, penalty_paid = excluded.penalty_paid;
end $$;

create or replace function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from ledger_faults()
	union all
	select b.cooperative_id, 'receipts are a chain', format('number %s %s: %s', b.number, b.code, b.what)
	from receipt_breaks b
	union all
	select b.cooperative_id, 'decisions are a chain', format('batch %s: %s', b.batch, b.what)
	from audit_breaks b
	union all
	select l.cooperative_id, 'a loan owes what the ledger says',
		format('%s: says %s and %s earned, the ledger says %s and %s', l.code, l.principal - l.principal_paid,
			l.booked - l.fee_paid, a.principal, a.charges)
	from loans l cross join lateral (select coalesce(sum(x.balance) filter (where x.kind = 4), 0) as principal,
			coalesce(sum(x.balance) filter (where x.kind = 5), 0) as charges from accounts x
		where x.cooperative_id = l.cooperative_id and x.owner = l.loan_id and x.kind in (4, 5)) a
	where (l.state in ('live', 'closed')
			and (a.principal, a.charges) <> (l.principal - l.principal_paid, l.booked - l.fee_paid))
		or (l.state = 'written_off' and (a.principal, a.charges) <> (0, 0))
	union all
	select l.cooperative_id, 'a loan''s rows are its total', l.code
	from loans l cross join lateral (select sum(r.principal + r.interest + r.fee + r.penalty) as total,
			sum(r.principal_paid) as principal_paid,
			sum(r.interest_paid + r.fee_paid + r.penalty_paid) as fee_paid
		from loan_rows r where r.cooperative_id = l.cooperative_id and r.loan_id = l.loan_id) r
	where l.state in ('live', 'closed')
		and (r.total, r.principal_paid, r.fee_paid) is distinct from (l.total, l.principal_paid, l.fee_paid)
	union all
	select l.cooperative_id, 'a loan''s events are numbered without a gap', l.code
	from loans l cross join lateral (select count(*) as n, coalesce(max(e.event), 0) as last from loan_events e
		where e.cooperative_id = l.cooperative_id and e.loan_id = l.loan_id) e
	where e.n <> l.events or e.last <> l.events
	union all
	select s.cooperative_id, 'the weight in stock is the weight sold', format('%s %s', s.code, u.unit)
	from sites s cross join (values ('mg.Au.gross'), ('mg.Au.fine')) u(unit)
	where (select coalesce(sum(case u.unit when 'mg.Au.gross' then t.gross_mg else t.fine_mg end), 0) from lots t
			where t.cooperative_id = s.cooperative_id and t.site_id = s.site_id and t.state = 'sold')
		<> (select coalesce(sum(x.balance), 0) from accounts x
			where x.cooperative_id = s.cooperative_id and x.owner = s.site_id and x.kind = 9 and x.unit = u.unit)
	union all
	select p.cooperative_id, 'a payout ends with its hold', format('%s is %s', p.code, p.state)
	from payments p left join transfers r on r.cooperative_id = p.cooperative_id and r.hold_id = p.hold_id
	where p.direction = 'out' and p.hold_id is not null
		and r.kind is distinct from case p.state when 'paid' then 2 when 'failed' then 3 end
$$;
