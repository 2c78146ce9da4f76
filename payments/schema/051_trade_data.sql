-- Levies of countries and premiums of standards as dated data, and how a cooperative takes
-- them over.  What is here was read on stored pages and may have changed since: a
-- cooperative adopts it and looks at it before it counts (adit trade).

create table country_levies (
	country text not null check (length(country) = 2),
	code text not null check (length(code) between 1 and 11),
	mineral text references minerals,  -- null: all
	payee text not null check (length(payee) between 1 and 31),
	base text not null check (base in ('world', 'gross')),
	rate_bp integer not null check (rate_bp between 0 and 10000),
	legal text not null,
	from_day integer not null,
	to_day integer,
	check (to_day is null or to_day >= from_day)
);
insert into country_levies values
	('TZ', 'royalty', null, 'Mining Commission', 'gross', 600, 'Mining Act, royalty 6 %',
		date '2017-07-07' - date '1970-01-01', null),
	('TZ', 'inspection', null, 'Mining Commission', 'gross', 100, 'clearance and inspection 1 %',
		date '2017-07-07' - date '1970-01-01', null),
	('RW', 'rra', 'tin', 'Rwanda Revenue Authority', 'gross', 300, 'mineral tax 3 %',
		date '2013-01-01' - date '1970-01-01', null),
	('RW', 'rra', 'tantalum', 'Rwanda Revenue Authority', 'gross', 300, 'mineral tax 3 %',
		date '2013-01-01' - date '1970-01-01', null),
	('RW', 'rra', 'tungsten', 'Rwanda Revenue Authority', 'gross', 300, 'mineral tax 3 %',
		date '2013-01-01' - date '1970-01-01', null),
	('GH', 'wht', 'gold', 'Ghana Revenue Authority', 'gross', 300, 'withholding tax 3 %',
		date '2021-07-01' - date '1970-01-01', date '2022-12-31' - date '1970-01-01'),
	('GH', 'wht', 'gold', 'Ghana Revenue Authority', 'gross', 150, 'withholding tax 1.5 %',
		date '2023-01-01' - date '1970-01-01', date '2025-04-01' - date '1970-01-01'),
	('SN', 'royalty', 'gold', 'State', 'gross', 300, '3 % of artisanal gold',
		date '2016-11-08' - date '1970-01-01', null),
	('KE', 'royalty', 'gold', 'State', 'gross', 500, 'royalty 5 %',
		date '2016-05-27' - date '1970-01-01', null);

-- On top of the price, for a fund of the miners: never taken from the seller.
create table standards (
	standard text not null check (length(standard) between 1 and 11),
	mineral text not null references minerals,
	usd_cents_per_kg bigint not null check (usd_cents_per_kg > 0),
	least_permille integer not null check (least_permille between 1 and 1000),
	source text not null,
	from_day integer not null,
	to_day integer,
	primary key (standard, mineral, from_day)
);
insert into standards values
	('fairtrade', 'gold', 200000, 950, 'Fairtrade standard for gold: 2,000 USD a kilogram',
		date '2013-01-01' - date '1970-01-01', null),
	('fairmined', 'gold', 400000, 950, 'Fairmined standard: up to 4,000 USD a kilogram',
		date '2014-04-01' - date '1970-01-01', null),
	('ecological', 'gold', 600000, 950, 'Fairmined ecological gold: 2,000 USD more',
		date '2014-04-01' - date '1970-01-01', null);

-- A premium stands among the levies, with its own base: so much a kilogram of content.
alter table levies
	add column per_kg bigint not null default 0 check (per_kg >= 0),
	add column least_permille integer not null default 0,
	drop constraint levies_base_check,
	add constraint levies_base check (base in ('world', 'gross')
		or base = 'premium' and rate_bp = 0 and per_kg > 0);
alter table lot_lines
	add column per_kg bigint not null default 0;

create or replace function effect_lot_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into lots (cooperative_id, lot_id, code, state, site_id, seller_id, recorded_by,
		recorded_ms, expires_ms, method, tag, price_id, price_source, gross_mg, fineness,
		fine_mg, fine_gram, paid_permille, world_value, gross_value, levies_total, net,
		loan_id, loan_share, payout, request_key, mineral, price_mg, typed_amount,
		typed_unit, unit_version, board_permille, above_world, needs_second)
	select p_coop, b.lot_id, b.code, 'quoted', b.site_id, b.seller_id, b.recorded_by,
		b.recorded_ms, b.expires_ms, b.method, b.tag, b.price_id, b.price_source,
		b.gross_mg, b.fineness, b.fine_mg, b.fine_gram, b.paid_permille, b.world_value,
		b.gross_value, b.levies_total, b.net, b.loan_id, b.loan_share, b.payout,
		b.request_key, b.mineral, b.price_mg, b.typed_amount, b.typed_unit,
		b.unit_version, b.board_permille, b.above_world, b.needs_second
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, code text, site_id uuid,
		seller_id uuid, recorded_by uuid, recorded_ms bigint, expires_ms bigint,
		method text, tag text, price_id uuid, price_source text, gross_mg bigint,
		fineness integer, fine_mg bigint, fine_gram bigint, paid_permille integer,
		world_value bigint, gross_value bigint, levies_total bigint, net bigint,
		loan_id uuid, loan_share bigint, payout bigint, request_key uuid, mineral text,
		price_mg bigint, typed_amount text, typed_unit text, unit_version integer,
		board_permille integer, above_world boolean, needs_second boolean);
	insert into lot_lines (cooperative_id, lot_id, line, levy_id, code, payee, base,
		rate_bp, amount, per_kg)
	select p_coop, b.lot_id, w.line, w.levy_id, w.code, w.payee, w.base, w.rate_bp,
		w.amount, coalesce(w.per_kg, 0)
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, lines jsonb),
		jsonb_to_recordset(b.lines) as w(line integer, levy_id uuid, code text,
		payee text, base text, rate_bp integer, amount bigint, per_kg bigint);
exception when unique_violation then
	raise exception 'lot recorded already' using errcode = 'AD001';
end $$;

-- From this day the levies of its country, and the premium of a standard ('' for none) at
-- so much local money a dollar.  What had the same code ends the day before; sold lots
-- keep their lines.  Doing it again changes nothing.
create function trade_adopt(p_code text, p_standard text, p_fx numeric, p_now bigint)
returns table (code text, mineral text, base text, rate text, payee text, from_day text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	c cooperatives;
	v_day integer;
	v_exponent integer;
begin
	select * into c from cooperatives k where k.code = upper(p_code);
	if c.cooperative_id is null then
		raise exception 'no cooperative has the code %', p_code;
	end if;
	if p_standard <> '' and (p_fx is null or p_fx <= 0) then
		raise exception 'a premium needs the rate of the dollar (--fx)';
	end if;
	v_day := local_day(c.cooperative_id, p_now);
	select u.exponent into v_exponent from currencies u where u.code = c.currency;
	create temp table wanted on commit drop as
		select l.code, l.mineral, l.payee, l.base, l.rate_bp, 0::bigint as per_kg, l.legal,
			0 as least_permille
		from country_levies l
		where l.country = c.country and l.from_day <= v_day
			and (l.to_day is null or l.to_day >= v_day)
		union all
		select s.standard, s.mineral, 'Miners'' premium fund', 'premium', 0,
			round(s.usd_cents_per_kg * p_fx * 10::numeric ^ v_exponent / 100)::bigint, s.source,
			s.least_permille
		from standards s
		where s.standard = p_standard and s.from_day <= v_day
			and (s.to_day is null or s.to_day >= v_day);
	if p_standard <> '' and not exists (select 1 from wanted w where w.base = 'premium') then
		raise exception 'no standard is called %', p_standard;
	end if;
	update levies v set to_day = v_day - 1
	where v.cooperative_id = c.cooperative_id and (v.to_day is null or v.to_day >= v_day)
		and (v.country is not null or v.base = 'premium'
			or exists (select 1 from wanted w where w.code = v.code))
		and not exists (select 1 from wanted w where w.code = v.code
			and w.mineral is not distinct from v.mineral and w.base = v.base
			and w.rate_bp = v.rate_bp and w.per_kg = v.per_kg);
	insert into levies (cooperative_id, levy_id, code, payee, base, rate_bp, position, from_day,
		mineral, country, legal, per_kg, least_permille)
	select c.cooperative_id, gen_random_uuid(), w.code, w.payee, w.base, w.rate_bp,
		10 + (row_number() over (order by w.base = 'premium', w.code))::integer, v_day,
		w.mineral, c.country, w.legal, w.per_kg, w.least_permille
	from wanted w
	where not exists (select 1 from levies v where v.cooperative_id = c.cooperative_id
		and v.code = w.code and v.mineral is not distinct from w.mineral and v.base = w.base
		and v.rate_bp = w.rate_bp and v.per_kg = w.per_kg and v.from_day <= v_day
		and (v.to_day is null or v.to_day >= v_day));
	drop table wanted;
	return query select * from trade_rules_of(p_code, p_now);
end $$;

-- What counts today.
create function trade_rules_of(p_code text, p_now bigint)
returns table (code text, mineral text, base text, rate text, payee text, from_day text)
language sql stable as $$
	select v.code, coalesce(v.mineral, 'all'), v.base,
		case v.base when 'premium' then v.per_kg || ' minor units a kg'
			else (v.rate_bp / 100.0)::numeric(6, 2) || ' %' end,
		v.payee, (date '1970-01-01' + v.from_day)::text
	from levies v join cooperatives c on c.cooperative_id = v.cooperative_id
	where c.code = upper(p_code) and v.from_day <= local_day(c.cooperative_id, p_now)
		and (v.to_day is null or v.to_day >= local_day(c.cooperative_id, p_now))
	order by v.base = 'premium', v.position, v.code
$$;

revoke all on function trade_adopt from public;
grant execute on function trade_adopt, trade_rules_of to adit_gateway;
grant select on country_levies, standards to adit_gateway;
