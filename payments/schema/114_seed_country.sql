-- A second cooperative to try things with, in another country and currency: the same rows
-- under its own name, with amounts that fit its money.

create function seed_cooperative_in(p_coop integer, p_place jsonb, p_provider text,
	p_now bigint, p_treasurer_hash text, p_officer_hash text)
returns void language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	place record;
	fresh boolean;
begin
	select * into strict place from jsonb_to_record(p_place) as r(code text, name text,
		country text, currency text, timezone text, site text, site_name text,
		treasurer text, officer text, divisor bigint);
	fresh := not exists (select 1 from cooperatives where cooperative_id = p_coop);
	insert into cooperatives values (p_coop, place.code, place.name, place.country,
		place.currency, place.timezone) on conflict do nothing;
	perform seed_cooperative(p_coop, p_provider, p_now, p_treasurer_hash, p_officer_hash);
	if place.code = 'MGODI' or not fresh then
		return;
	end if;
	update sites set code = place.site, name = place.site_name where cooperative_id = p_coop;
	update member_numbers set msisdn = case msisdn when '255754000200' then place.treasurer
		else place.officer end
	where cooperative_id = p_coop;
	update loan_products set amount_min = amount_min / place.divisor,
		amount_max = amount_max / place.divisor, second_above = second_above / place.divisor
	where cooperative_id = p_coop;
	update price_board set fine_gram = fine_gram / place.divisor
	where cooperative_id = p_coop;
end $$;
revoke all on function seed_cooperative_in from public;
revoke execute on function seed_cooperative(integer, text, bigint, text, text) from adit_gateway;
grant execute on function seed_cooperative_in to adit_gateway;
