-- What config/products.conf says of a product and loan_products could not hold yet.

alter table loan_products
	add column name_sw text not null default '',
	add column name_fr text not null default '',
	add column on_phone boolean not null default true,
	add column term_choice integer[] not null default '{}',
	add column deposit_bp integer not null default 0 check (deposit_bp between 0 and 9999),
	add column buyout_bp integer not null default 0 check (buyout_bp between 0 and 10000),
	add column group_min integer not null default 0 check (group_min >= 0),
	add column group_max integer not null default 0 check (group_max >= group_min),
	add column limit_first bigint check (limit_first >= 0),  -- null: half of amount_max
	add column limit_per_loan bigint check (limit_per_loan >= 0),  -- null: a quarter of amount_max
	add column limit_sales_permille integer not null default 1000 check (limit_sales_permille >= 0),
	add column limit_sales_weeks integer not null default 13 check (limit_sales_weeks between 0 and 520),
	add column limit_per_late bigint not null default 0 check (limit_per_late >= 0),
	add column made_ms bigint not null default 0;

-- A new version takes the place of the one that was seen; another one in between is stale.
create or replace function effect_product_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from cooperatives where cooperative_id = p_coop for update;
	if exists (select from jsonb_to_recordset(p_bodies) as b(code text, seen integer)
			where b.seen <> coalesce((select max(x.version) from loan_products x
				where x.cooperative_id = p_coop and x.code = b.code), 0)) then
		raise exception 'the product changed meanwhile' using errcode = 'AD001';
	end if;
	update loan_products p set active = false
	from jsonb_to_recordset(p_bodies) as b(code text)
	where p.cooperative_id = p_coop and p.code = b.code and p.active;
	insert into loan_products (cooperative_id, product_id, code, version, kind, name, name_sw, name_fr, active,
		on_phone, position, amount_min, amount_max, weeks_min, weeks_usual, weeks_max, term_choice, fee_bp,
		first_due_days, second_above, sale_share_permille, floor_permille, deposit_bp, buyout_bp, group_min,
		group_max, limit_first, limit_per_loan, limit_sales_permille, limit_sales_weeks, limit_per_late, contract,
		made_ms)
	select p_coop, b.product_id, b.code, b.seen + 1, b.kind, b.name, b.name_sw, b.name_fr, b.active, b.on_phone,
		b.position, b.amount_min, b.amount_max, b.terms_min, b.terms_usual, b.terms_max, b.term_choice, 0,
		b.first_due_days, b.second_above, b.sale_share_permille, b.floor_permille, b.deposit_bp, b.buyout_bp,
		b.group_min, b.group_max, b.limit_first, b.limit_per_loan, b.limit_sales_permille, b.limit_sales_weeks,
		b.limit_per_late, b.contract, b.made_ms
	from jsonb_to_recordset(p_bodies) as b(product_id uuid, code text, seen integer, kind text, name text,
		name_sw text, name_fr text, active boolean, on_phone boolean, position integer, amount_min bigint,
		amount_max bigint, terms_min integer, terms_usual integer, terms_max integer, term_choice integer[],
		first_due_days integer, second_above bigint, sale_share_permille integer, floor_permille integer,
		deposit_bp integer, buyout_bp integer, group_min integer, group_max integer, limit_first bigint,
		limit_per_loan bigint, limit_sales_permille integer, limit_sales_weeks integer, limit_per_late bigint,
		contract jsonb, made_ms bigint);
end $$;
