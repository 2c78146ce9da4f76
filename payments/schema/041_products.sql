-- Products are versions: a change is a new row, and a loan keeps the contract it was asked
-- for with.  The newest active version of a code is offered.

alter table loan_products
	add column code text not null default 'working',
	add column version integer not null default 1 check (version > 0),
	add column kind text not null default 'working' check (kind in ('working', 'lease', 'group', 'emergency')),
	add column position integer not null default 1,
	add column contract jsonb not null default '{}',
	drop constraint loan_products_weeks_max_check,
	add constraint loan_products_terms_max check (weeks_max <= 366),
	add unique (cooperative_id, code, version);
alter table loans drop constraint if exists loans_weeks_check;
drop index loan_products_active;
create unique index loan_products_active on loan_products (cooperative_id, code) where active;

-- Products of before this migration: a flat fee on each weekly instalment.
update loan_products set contract = jsonb_build_object('rate_pct', '0', 'interest_type', 'FLAT', 'every', 1,
	'every_unit', 'WEEKS', 'strategy', 'PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER', 'charges', jsonb_build_array(
	jsonb_build_object('code', 'service', 'time', 'INSTALMENT', 'base', 'PCT_PRINCIPAL', 'pct',
		trim_scale(fee_bp / 100.0)::text)));

-- A new version of a product takes the place of the one before.
create function effect_product_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	update loan_products p set active = false
	from jsonb_to_recordset(p_bodies) as b(code text)
	where p.cooperative_id = p_coop and p.code = b.code and p.active;
	insert into loan_products (cooperative_id, product_id, name, active, amount_min, amount_max, weeks_min,
		weeks_usual, weeks_max, fee_bp, first_due_days, second_above, sale_share_permille, floor_permille, code,
		version, kind, position, contract)
	select p_coop, b.product_id, b.name, b.active, b.amount_min, b.amount_max, b.terms_min, b.terms_usual,
		b.terms_max, 0, b.first_due_days, b.second_above, b.sale_share_permille, b.floor_permille, b.code,
		coalesce((select max(x.version) from loan_products x where x.cooperative_id = p_coop and x.code = b.code), 0)
			+ 1, b.kind, b.position, b.contract
	from jsonb_to_recordset(p_bodies) as b(product_id uuid, name text, active boolean, amount_min bigint,
		amount_max bigint, terms_min integer, terms_usual integer, terms_max integer, first_due_days integer,
		second_above bigint, sale_share_permille integer, floor_permille integer, code text, kind text,
		position integer, contract jsonb);
end $$;

create or replace function seed_cooperative(p_coop integer, p_provider text, p_now bigint,
	p_treasurer_hash text, p_officer_hash text)
returns void language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	treasurer constant uuid := md5('MGODI/treasurer')::uuid;
	officer constant uuid := md5('MGODI/officer')::uuid;
begin
	insert into cooperatives values (p_coop, 'MGODI', 'Mgodi Cooperative', 'TZ', 'TZS',
		'Africa/Dar_es_Salaam') on conflict do nothing;
	insert into trade_rules values (p_coop, 24, 15, 950, p_provider) on conflict do nothing;
	insert into sites (cooperative_id, site_id, code, name)
	values (p_coop, md5('MGODI/GEITA-1')::uuid, 'GEITA-1', 'Geita pit 1')
	on conflict do nothing;
	insert into members (cooperative_id, member_id, number, name, language, roles, state,
		joined_ms, pin_hash)
	values (p_coop, treasurer, 'M-0001', 'Juma', 'sw', 1 | 2 | 4, 'active', p_now,
			p_treasurer_hash),
		(p_coop, officer, 'M-0002', 'Asha', 'sw', 1 | 8, 'active', p_now,
			p_officer_hash)
	on conflict (cooperative_id, member_id) do update
	set pin_hash = excluded.pin_hash, pin_tries = 0;
	insert into member_counters values (p_coop, 2) on conflict do nothing;
	insert into member_numbers values (p_coop, '255754000200', treasurer, p_now),
		(p_coop, '255754000300', officer, p_now) on conflict do nothing;
	insert into levies values
		(p_coop, md5('MGODI/royalty')::uuid, 'royalty', 'Mining Commission', 'gross', 600,
			1, 0),
		(p_coop, md5('MGODI/inspection')::uuid, 'inspection', 'Mining Commission', 'gross',
			100, 2, 0),
		(p_coop, md5('MGODI/fund')::uuid, 'fund', 'Cooperative fund', 'gross', 100, 3, 0)
	on conflict do nothing;
	insert into loan_products (cooperative_id, product_id, name, active, amount_min, amount_max, weeks_min,
		weeks_usual, weeks_max, fee_bp, first_due_days, second_above, sale_share_permille, floor_permille, code,
		kind, position, contract)
	values (p_coop, md5('MGODI/working')::uuid, 'Working capital', true, 1000000, 50000000, 2, 4, 12, 500, 7,
			20000000, 300, 500, 'working', 'working', 1,
			'{"rate_pct":"0","interest_type":"FLAT","every":1,"every_unit":"WEEKS","in_duplum_pct":"100","charges":[
			{"code":"service","time":"INSTALMENT","base":"PCT_PRINCIPAL","pct":"5"},
			{"code":"late","time":"OVERDUE","base":"PCT_PRINCIPAL","pct":"2","penalty":true,"grace_days":3}]}')
	on conflict do nothing;
	if not exists (select 1 from price_board where cooperative_id = p_coop
			and state = 'valid' and confirmed_ms > p_now - 6 * 3600000) then
		insert into price_board values (p_coop, gen_random_uuid(), 25000000, 950, 'board',
			'valid', treasurer, p_now, officer, p_now, gen_random_uuid());
	end if;
end $$;
