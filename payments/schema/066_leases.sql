-- Equipment that a member leases and then owns.  An asset stands in the books (account kind
-- 17) at its value while it is the cooperative's; the lease is a loan about that asset.

insert into account_kinds values (17, 'equipment', 1);

comment on column loan_products.deposit_bp is 'of the price, paid before the asset is handed over';
comment on column loan_products.buyout_bp is 'of the price, due with the last instalment';

create table assets (
	cooperative_id integer not null references cooperatives,
	asset_id uuid not null,
	code text not null,
	name text not null check (length(name) between 1 and 30),
	serial text not null default '',
	cost bigint not null check (cost > 0),
	value bigint not null check (value >= 0),  -- in the books
	product text not null,                     -- the lease it is given out by
	state text not null check (state in ('free', 'asked', 'leased', 'owned')),
	loan_id uuid,
	added_by uuid not null,
	added_ms bigint not null,
	primary key (cooperative_id, asset_id),
	unique (cooperative_id, code),
	foreign key (cooperative_id, loan_id) references loans deferrable initially deferred,
	check ((state = 'free') = (loan_id is null)),
	check (state in ('free', 'asked') or value = 0)
);
create index assets_of_loan on assets (cooperative_id, loan_id) where loan_id is not null;
grant select on assets to adit_gateway;

alter table loans
	add column deposit bigint not null default 0 check (deposit >= 0),
	drop constraint loans_state,
	add constraint loans_state check (state in ('requested', 'seen', 'approved', 'ready', 'live', 'closed',
		'refused', 'unpaid', 'written_off'));
comment on column loans.deposit is 'of a lease: paid beforehand, not part of principal';
drop index loans_one_open;
create unique index loans_one_open on loans (cooperative_id, member_id)
	where state in ('requested', 'seen', 'approved', 'ready', 'live');

create function effect_asset_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into assets (cooperative_id, asset_id, code, name, serial, cost, value, product, state, added_by,
		added_ms)
	select p_coop, b.asset_id, b.code, b.name, b.serial, b.cost, b.cost, p.code, 'free', b.added_by, b.added_ms
	from jsonb_to_recordset(p_bodies) as b(asset_id uuid, code text, name text, serial text, cost bigint,
		added_by uuid, added_ms bigint)
	cross join lateral (select x.code from loan_products x where x.cooperative_id = p_coop and x.active
		and x.kind = 'lease' order by x.position limit 1) p;
	if not found then
		raise exception 'no lease product' using errcode = 'AD001';
	end if;
end $$;

-- From one state to the next, for one loan.
create function effect_asset_set(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update assets a set state = b.state, value = b.value, cost = case when b.value > 0 then b.value else a.cost end,
		loan_id = case when b.state = 'free' then null else b.loan_id end
	from jsonb_to_recordset(p_bodies) as b(asset_id uuid, loan_id uuid, was text, state text, value bigint)
	where a.cooperative_id = p_coop and a.asset_id = b.asset_id and a.state = b.was
		and (a.loan_id is null or a.loan_id = b.loan_id);
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'the asset is not free any more' using errcode = 'AD001';
	end if;
end $$;

create or replace function effect_loan_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into loans (cooperative_id, loan_id, code, member_id, product_id, state,
		principal, fee, total, instalment, weeks, first_due_day, last_due_day,
		first_due_days, needs_second, sale_share_permille, floor_permille, request_key,
		requested_ms, contract, product, apr_bp, deposit)
	select p_coop, b.loan_id, b.code, b.member_id, b.product_id, 'requested',
		b.principal, b.fee, b.principal + b.fee, b.instalment, b.weeks, b.first_due_day,
		b.last_due_day, b.first_due_days, b.needs_second, b.sale_share_permille,
		b.floor_permille, b.request_key, b.requested_ms, b.contract, b.product, b.apr_bp,
		coalesce(b.deposit, 0)
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, code text, member_id uuid,
		product_id uuid, principal bigint, fee bigint, instalment bigint, weeks integer,
		first_due_day integer, last_due_day integer, first_due_days integer,
		needs_second boolean, sale_share_permille integer, floor_permille integer,
		request_key uuid, requested_ms bigint, contract jsonb, product text, apr_bp integer,
		deposit bigint);
exception when unique_violation then
	raise exception 'a loan is open' using errcode = 'AD001';
end $$;

-- Guard: no pull for the loan is on its way.  Runs before payment_new of the same batch.
create or replace function effect_loan_pull(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from loans l join jsonb_to_recordset(p_bodies) as b(loan_id uuid)
		on l.loan_id = b.loan_id
	where l.cooperative_id = p_coop order by l.loan_id for update of l;
	if exists (select 1 from payments p join jsonb_to_recordset(p_bodies) as b(loan_id uuid)
			on p.purpose_id = b.loan_id
			where p.cooperative_id = p_coop and p.purpose in ('repay_in', 'deposit_in')
			and p.state not in ('paid', 'failed'))
		or (select count(distinct b.loan_id) from jsonb_to_recordset(p_bodies)
			as b(loan_id uuid)) < jsonb_array_length(p_bodies) then
		raise exception 'a pull is on its way' using errcode = 'AD001';
	end if;
end $$;

alter function book_faults() rename to book_faults_of_loans;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_of_loans()
	union all
	select a.cooperative_id, 'an asset stands in the books at its value',
		format('%s is %s: says %s, the ledger says %s', a.code, a.state, a.value, x.balance)
	from assets a cross join lateral (select coalesce(sum(x.balance), 0) as balance from accounts x
		where x.cooperative_id = a.cooperative_id and x.owner = a.asset_id and x.kind = 17) x
	where x.balance <> a.value
	union all
	select a.cooperative_id, 'an asset is with whom its lease says', format('%s is %s, its lease %s', a.code,
		a.state, coalesce(l.state, 'missing'))
	from assets a left join loans l on l.cooperative_id = a.cooperative_id and l.loan_id = a.loan_id
	where (a.state = 'asked' and l.state not in ('requested', 'seen', 'approved', 'ready'))
		or (a.state = 'leased' and l.state not in ('live', 'written_off'))
		or (a.state = 'owned' and l.state <> 'closed')
$$;
grant execute on function book_faults() to adit_gateway;

-- The demo cooperative leases equipment too.
alter function seed_cooperative(integer, text, bigint, text, text) rename to seed_cooperative_loans;
create function seed_cooperative(p_coop integer, p_provider text, p_now bigint, p_treasurer_hash text,
	p_officer_hash text)
returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	perform seed_cooperative_loans(p_coop, p_provider, p_now, p_treasurer_hash, p_officer_hash);
	insert into loan_products (cooperative_id, product_id, name, active, amount_min, amount_max, weeks_min,
		weeks_usual, weeks_max, fee_bp, first_due_days, second_above, sale_share_permille, floor_permille, code,
		kind, position, on_phone, deposit_bp, buyout_bp, contract)
	values (p_coop, md5('MGODI/lease')::uuid, 'Equipment lease', true, 5000000, 200000000, 3, 6, 24, 0, 0,
			100000000, 300, 500, 'lease', 'lease', 2, false, 1000, 100,
			'{"rate_pct":"18","rate_per":"YEAR","interest_type":"DECLINING_BALANCE",
			"interest_calc_period":"SAME_AS_REPAYMENT_PERIOD","every":1,"every_unit":"MONTHS",
			"days_in_year":"360","days_in_month":"30","grace_principal":1,"currency_multiple":100,
			"in_duplum_pct":"100","charges":[
			{"code":"late","time":"OVERDUE","base":"PCT_PRINCIPAL","pct":"2","penalty":true,"grace_days":7}]}')
	on conflict do nothing;
end $$;
revoke execute on function seed_cooperative_loans(integer, text, bigint, text, text),
	seed_cooperative(integer, text, bigint, text, text) from public;
grant execute on function seed_cooperative(integer, text, bigint, text, text) to adit_gateway;
