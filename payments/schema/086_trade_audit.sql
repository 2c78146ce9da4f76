-- What is changed from the shell stands in the chain of decisions too, and what a buyer
-- keeps and others take of ore is dated data of a cooperative.

create function trade_audit(p_coop integer, p_now bigint, p_action text, p_detail text)
returns void language sql as $$
	select effect_audit_new(p_coop, jsonb_build_array(jsonb_build_object('at_ms', p_now,
		'action', p_action, 'detail', p_detail || ', from the shell as ' || session_user)))
$$;
revoke all on function trade_audit from public;

-- As before, but a premium keeps its dollars: the rate is that of the day of the sale.
drop function trade_adopt(text, text, numeric, bigint);
drop function trade_rules_of(text, bigint);

create function levy_rate_text(v levies) returns text language sql immutable as $$
	select concat_ws(' ',
		case when v.rate_bp > 0 then (v.rate_bp / 100.0)::numeric(6, 2) || ' %' end,
		case when v.ref_micro > 0 then 'of ' || trim_scale(v.ref_micro / 1e6::numeric) || ' USD' end,
		case when v.rate_bp > 0 and v.per_kg + v.usd_micro > 0 then 'less' end,
		case when v.per_kg > 0 then v.per_kg || ' minor units a kg' end,
		case when v.usd_micro > 0 then trim_scale(v.usd_micro / 1e6::numeric) || ' USD a kg' end)
$$;

-- What counts today.
create function trade_rules_of(p_code text, p_now bigint)
returns table (code text, mineral text, base text, rate text, payee text, from_day text)
language sql stable as $$
	select v.code, coalesce(v.mineral, 'all'), v.base, levy_rate_text(v), v.payee,
		(date '1970-01-01' + v.from_day)::text
	from levies v join cooperatives c on c.cooperative_id = v.cooperative_id
	where c.code = upper(p_code) and v.from_day <= local_day(c.cooperative_id, p_now)
		and (v.to_day is null or v.to_day >= local_day(c.cooperative_id, p_now))
	order by v.base = 'premium', v.position, v.code
$$;

create function trade_adopt(p_code text, p_standard text, p_now bigint)
returns table (code text, mineral text, base text, rate text, payee text, from_day text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	c cooperatives;
	v_day integer;
	ended integer;
	begun integer;
begin
	select * into c from cooperatives k where k.code = upper(p_code) for update;
	if c.cooperative_id is null then
		raise exception 'no cooperative has the code %', p_code;
	end if;
	v_day := local_day(c.cooperative_id, p_now);
	create temp table wanted on commit drop as
		select l.code, l.mineral, l.payee, l.base, l.rate_bp, 0::bigint as usd_micro, l.legal,
			0 as least_permille
		from country_levies l
		where l.country = c.country and l.from_day <= v_day
			and (l.to_day is null or l.to_day >= v_day)
		union all
		select s.standard, s.mineral, 'Miners'' premium fund', 'premium', 0,
			s.usd_cents_per_kg * 10000, s.source, s.least_permille
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
			and w.rate_bp = v.rate_bp and w.usd_micro = v.usd_micro and v.per_kg = 0);
	get diagnostics ended = row_count;
	insert into levies (cooperative_id, levy_id, code, payee, base, rate_bp, position, from_day,
		mineral, country, legal, usd_micro, least_permille)
	select c.cooperative_id, gen_random_uuid(), w.code, w.payee, w.base, w.rate_bp,
		10 + (row_number() over (order by w.base = 'premium', w.code))::integer, v_day,
		w.mineral, c.country, w.legal, w.usd_micro, w.least_permille
	from wanted w
	where not exists (select 1 from levies v where v.cooperative_id = c.cooperative_id
		and v.code = w.code and v.mineral is not distinct from w.mineral and v.base = w.base
		and v.rate_bp = w.rate_bp and v.usd_micro = w.usd_micro and v.per_kg = 0
		and v.from_day <= v_day and (v.to_day is null or v.to_day >= v_day));
	get diagnostics begun = row_count;
	drop table wanted;
	if ended + begun > 0 then
		perform trade_audit(c.cooperative_id, p_now, 'trade.adopt', format(
			'levies of %s, standard %s: %s ended, %s begun', c.country,
			coalesce(nullif(p_standard, ''), 'none'), ended, begun));
	end if;
	return query select * from trade_rules_of(p_code, p_now);
end $$;

-- One deduction of a mineral from today: a buyer's charge before the value, a fee or tax
-- after it.  What had the same code for the mineral ends the day before; a base of ''
-- only ends it.  Doing it again changes nothing.
create function trade_fee_set(p_code text, p_mineral text, p_fee text, p_base text,
	p_payee text, p_percent numeric, p_usd numeric, p_local numeric, p_reference numeric,
	p_now bigint)
returns table (code text, mineral text, base text, rate text, payee text, from_day text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := cooperative_of(p_code);
	today constant integer := local_day(coop, p_now);
	v levies;
	places integer;
begin
	perform 1 from cooperatives c where c.cooperative_id = coop for update;
	select u.exponent into places from cooperatives c join currencies u on u.code = c.currency
	where c.cooperative_id = coop;
	if not exists (select 1 from minerals i where i.mineral = p_mineral and i.traded) then
		raise exception 'no mineral is called %', p_mineral;
	end if;
	v := row(coop, gen_random_uuid(), p_fee, p_payee, p_base, p_percent * 100,
		case when p_base in ('charge', 'discount') then 5 else 8 end, today, null, p_mineral,
		null, '', p_local * 10::numeric ^ places, 0, p_usd * 1000000, p_reference * 1000000);
	if exists (select 1 from levies x where x.cooperative_id = coop and x.code = v.code
		and x.mineral = v.mineral and x.base = v.base and x.payee = v.payee
		and x.rate_bp = v.rate_bp and x.per_kg = v.per_kg and x.usd_micro = v.usd_micro
		and x.ref_micro = v.ref_micro and x.from_day <= today
		and (x.to_day is null or x.to_day >= today)) then
		return query select * from trade_rules_of(p_code, p_now);
		return;
	end if;
	update levies x set to_day = today - 1
	where x.cooperative_id = coop and x.code = p_fee and x.mineral = p_mineral
		and (x.to_day is null or x.to_day >= today);
	if not found and p_base = '' then
		raise exception 'nothing called % is taken of %', p_fee, p_mineral;
	end if;
	if p_base <> '' then
		insert into levies select v.*;
	end if;
	perform trade_audit(coop, p_now, 'trade.fee', case when p_base = ''
		then format('%s of %s ends', p_fee, p_mineral)
		else format('%s of %s: %s %s, %s', p_fee, p_mineral, p_base, levy_rate_text(v), p_payee)
		end);
	return query select * from trade_rules_of(p_code, p_now);
end $$;

create or replace function unit_set(p_code text, p_unit text, p_grams numeric, p_now bigint)
returns table (code text, version integer, milligrams text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := cooperative_of(p_code);
	den constant bigint := 10::numeric ^ scale(p_grams);
	num constant bigint := p_grams * 1000 * den;
	last weight_units;
begin
	perform 1 from cooperatives c where c.cooperative_id = coop for update;
	select * into last from weight_units u where u.cooperative_id = coop and u.code = p_unit
	order by u.version desc limit 1;
	if last.version is null or last.mg_num::numeric * den <> num::numeric * last.mg_den then
		insert into weight_units values (coop, p_unit, coalesce(last.version, 0) + 1, num, den,
			p_now);
		perform trade_audit(coop, p_now, 'trade.unit', format('%s weighs %s g', p_unit, p_grams));
	end if;
	return query select u.code, u.version, trim_scale(u.mg_num::numeric / u.mg_den)::text
		from weight_units u where u.cooperative_id = coop order by u.code, u.version;
end $$;

create or replace function mineral_rule_set(p_code text, p_mineral text, p_paid numeric,
	p_deviation numeric, p_now bigint)
returns table (mineral text, paid text, deviation text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	coop constant integer := cooperative_of(p_code);
begin
	perform 1 from cooperatives c where c.cooperative_id = coop for update;
	if not exists (select 1 from minerals i where i.mineral = p_mineral and i.traded) then
		raise exception 'no mineral is called %', p_mineral;
	end if;
	if not exists (select 1 from mineral_rules r where r.cooperative_id = coop
		and r.mineral = p_mineral and r.paid_permille = p_paid * 10
		and r.deviation_permille = p_deviation * 10) then
		insert into mineral_rules values (coop, p_mineral, p_paid * 10, p_deviation * 10)
		on conflict on constraint mineral_rules_pkey do update
		set paid_permille = excluded.paid_permille,
			deviation_permille = excluded.deviation_permille;
		perform trade_audit(coop, p_now, 'trade.rule', format('%s pays %s %%, off by %s %%',
			p_mineral, p_paid, p_deviation));
	end if;
	return query select r.mineral, trim_scale(r.paid_permille / 10.0) || ' %',
			trim_scale(r.deviation_permille / 10.0) || ' %'
		from mineral_rules r where r.cooperative_id = coop order by r.mineral;
end $$;

revoke all on function trade_adopt, trade_fee_set from public;
grant execute on function trade_adopt, trade_fee_set, trade_rules_of to adit_gateway;
