-- Loans: product, terms as agreed, rows to pay.  Every change names the version it saw.

create table loan_products (
	cooperative_id integer not null references cooperatives,
	product_id uuid not null,
	name text not null,
	active boolean not null default true,
	amount_min bigint not null check (amount_min > 0),
	amount_max bigint not null,
	weeks_min integer not null check (weeks_min >= 1),
	weeks_usual integer not null,
	weeks_max integer not null check (weeks_max <= 52),
	fee_bp integer not null check (fee_bp between 0 and 10000),
	first_due_days integer not null check (first_due_days >= 0),
	second_above bigint not null check (second_above >= 0),
	sale_share_permille integer not null check (sale_share_permille between 0 and 1000),
	floor_permille integer not null check (floor_permille between 0 and 1000),
	primary key (cooperative_id, product_id),
	check (amount_max >= amount_min),
	check (weeks_usual between weeks_min and weeks_max)
);
create unique index loan_products_active on loan_products (cooperative_id) where active;

create table loans (
	cooperative_id integer not null references cooperatives,
	loan_id uuid not null,
	version integer not null default 1,
	code text not null,
	member_id uuid not null,
	product_id uuid not null,
	state text not null check (state in ('requested', 'seen', 'approved', 'live', 'closed',
		'refused', 'unpaid')),
	principal bigint not null check (principal > 0),
	fee bigint not null check (fee >= 0),
	total bigint not null check (total = principal + fee),
	instalment bigint not null,
	weeks integer not null check (weeks between 1 and 52),
	first_due_day integer not null,
	last_due_day integer not null,
	first_due_days integer not null,
	needs_second boolean not null,
	sale_share_permille integer not null,
	floor_permille integer not null,
	request_key uuid not null,
	requested_ms bigint not null,
	seen_by uuid,
	approved_by uuid,
	refused_by uuid,
	decided_ms bigint,
	payment_id uuid,
	payment_code text,
	hold_id uuid,
	paid_ms bigint,
	closed_ms bigint,
	principal_paid bigint not null default 0,
	fee_paid bigint not null default 0,
	primary key (cooperative_id, loan_id),
	unique (cooperative_id, code),
	unique (cooperative_id, request_key),
	foreign key (cooperative_id, member_id) references members,
	foreign key (cooperative_id, product_id) references loan_products,
	check (seen_by <> member_id),
	check (approved_by <> member_id),
	check (seen_by <> approved_by),
	check (not needs_second or state in ('requested', 'seen', 'refused')
		or (seen_by is not null and approved_by is not null)),
	check (principal_paid between 0 and principal),
	check (fee_paid between 0 and fee),
	check (state <> 'closed' or principal_paid + fee_paid = total)
);
create unique index loans_one_open on loans (cooperative_id, member_id)
	where state in ('requested', 'seen', 'approved', 'live');
create index loans_of_member on loans (cooperative_id, member_id, requested_ms);
create index loans_waiting on loans (cooperative_id, requested_ms)
	where state in ('requested', 'seen');

create table loan_rows (
	cooperative_id integer not null,
	loan_id uuid not null,
	row integer not null,
	due_day integer not null,
	principal bigint not null check (principal >= 0),
	fee bigint not null check (fee >= 0),
	principal_paid bigint not null default 0,
	fee_paid bigint not null default 0,
	primary key (cooperative_id, loan_id, row),
	foreign key (cooperative_id, loan_id) references loans,
	check (principal_paid between 0 and principal),
	check (fee_paid between 0 and fee)
);

create function effect_loan_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into loans (cooperative_id, loan_id, code, member_id, product_id, state,
		principal, fee, total, instalment, weeks, first_due_day, last_due_day,
		first_due_days, needs_second, sale_share_permille, floor_permille, request_key,
		requested_ms)
	select p_coop, b.loan_id, b.code, b.member_id, b.product_id, 'requested',
		b.principal, b.fee, b.principal + b.fee, b.instalment, b.weeks, b.first_due_day,
		b.last_due_day, b.first_due_days, b.needs_second, b.sale_share_permille,
		b.floor_permille, b.request_key, b.requested_ms
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, code text, member_id uuid,
		product_id uuid, principal bigint, fee bigint, instalment bigint, weeks integer,
		first_due_day integer, last_due_day integer, first_due_days integer,
		needs_second boolean, sale_share_permille integer, floor_permille integer,
		request_key uuid, requested_ms bigint);
exception when unique_violation then
	raise exception 'a loan is open' using errcode = 'AD001';
end $$;

-- One change of a loan that was seen at a version: fields that are absent stay.  Rows are
-- written new or marked paid.
create function effect_loan_set(p_coop integer, p_bodies jsonb)
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
		principal_paid = coalesce(b.principal_paid, l.principal_paid),
		fee_paid = coalesce(b.fee_paid, l.fee_paid)
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, version integer, state text,
		seen_by uuid, approved_by uuid, refused_by uuid, decided_ms bigint,
		payment_id uuid, payment_code text, hold_id uuid, paid_ms bigint,
		closed_ms bigint, first_due_day integer, last_due_day integer,
		principal_paid bigint, fee_paid bigint)
	where l.cooperative_id = p_coop and l.loan_id = b.loan_id and l.version = b.version;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'loan changed meanwhile' using errcode = 'AD001';
	end if;
	insert into loan_rows as r (cooperative_id, loan_id, row, due_day, principal, fee,
		principal_paid, fee_paid)
	select p_coop, b.loan_id, w.row, w.due_day, w.principal, w.fee, w.principal_paid,
		w.fee_paid
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, rows jsonb),
		jsonb_to_recordset(coalesce(b.rows, '[]')) as w(row integer, due_day integer,
		principal bigint, fee bigint, principal_paid bigint, fee_paid bigint)
	on conflict (cooperative_id, loan_id, row) do update
	set principal_paid = excluded.principal_paid, fee_paid = excluded.fee_paid;
end $$;

-- Guard: no pull for the loan is on its way.  Runs before payment_new of the same batch.
create function effect_loan_pull(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from loans l join jsonb_to_recordset(p_bodies) as b(loan_id uuid)
		on l.loan_id = b.loan_id
	where l.cooperative_id = p_coop order by l.loan_id for update of l;
	if exists (select 1 from payments p join jsonb_to_recordset(p_bodies) as b(loan_id uuid)
			on p.purpose_id = b.loan_id
			where p.cooperative_id = p_coop and p.purpose = 'repay_in'
			and p.state not in ('paid', 'failed'))
		or (select count(distinct b.loan_id) from jsonb_to_recordset(p_bodies)
			as b(loan_id uuid)) < jsonb_array_length(p_bodies) then
		raise exception 'a pull is on its way' using errcode = 'AD001';
	end if;
end $$;

-- Calendar day of a moment in the cooperative's own zone.
create function local_day(p_coop integer, p_ms bigint)
returns integer language sql stable as $$
	select (to_timestamp(p_ms / 1000.0) at time zone c.timezone)::date - date '1970-01-01'
	from cooperatives c where c.cooperative_id = p_coop;
$$;

-- May this person decide about this loan now?  Above the product's limit the treasurer
-- goes first and an officer follows; below it either may.  Nobody decides their own.
create function loan_waits_for(l loans, a members)
returns boolean language sql immutable as $$
	select l.member_id <> a.member_id and case l.state
		when 'requested' then a.roles & 4 <> 0 or (a.roles & 8 <> 0 and not l.needs_second)
		when 'seen' then a.roles & 8 <> 0 and l.seen_by <> a.member_id
		else false end;
$$;

grant select on loan_products, loans, loan_rows to adit_gateway;
