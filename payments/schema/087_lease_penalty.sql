-- A lease may have months without principal: what is late then is interest, so the penalty
-- is a share of all that was due.  Leases that run keep the contract they were asked with.
alter function seed_cooperative(integer, text, bigint, text, text)
	rename to seed_cooperative_lease;
create function seed_cooperative(p_coop integer, p_provider text, p_now bigint,
	p_treasurer_hash text, p_officer_hash text)
returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	perform seed_cooperative_lease(p_coop, p_provider, p_now, p_treasurer_hash, p_officer_hash);
	update loan_products p
	set contract = jsonb_set(p.contract, '{charges,0,base}', '"PCT_PRINCIPAL_INTEREST"')
	where p.cooperative_id = p_coop and p.product_id = md5('MGODI/lease')::uuid
		and p.contract #>> '{charges,0,code}' = 'late'
		and not exists (select 1 from loans l where l.cooperative_id = p_coop
			and l.product_id = p.product_id);
end $$;
revoke execute on function seed_cooperative_lease(integer, text, bigint, text, text),
	seed_cooperative(integer, text, bigint, text, text) from public;
grant execute on function seed_cooperative(integer, text, bigint, text, text) to adit_gateway;

-- What no page gave a day or a rate for says so.
update country_levies set legal = legal || '; first day to be checked' where country = 'TZ';
update country_levies set legal = legal || '; rate to be checked' where country = 'KE';
update country_levies set legal = legal || '; last day to be checked'
where country = 'GH' and to_day = date '2025-04-01' - date '1970-01-01';
