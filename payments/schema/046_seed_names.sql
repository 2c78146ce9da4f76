-- The demo cooperative's first product is the one of config/products.conf, by its names too.

update loan_products set name_sw = 'Mtaji wa kazi', name_fr = 'Fonds de travail'
where product_id = md5('MGODI/working')::uuid and version = 1 and name_sw = '';

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
	insert into loan_products (cooperative_id, product_id, name, name_sw, name_fr, active, amount_min, amount_max,
		weeks_min, weeks_usual, weeks_max, fee_bp, first_due_days, second_above, sale_share_permille, floor_permille,
		code, kind, position, contract)
	values (p_coop, md5('MGODI/working')::uuid, 'Working capital', 'Mtaji wa kazi', 'Fonds de travail', true, 1000000, 50000000, 2, 4, 12, 500, 7,
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
