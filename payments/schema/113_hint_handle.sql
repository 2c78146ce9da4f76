-- A callback may tell the name that the answer to the submit would have told.  Without it
-- such a payment could never be asked about; one that is known stays, and so does one that
-- another payment of the provider has.

create index payments_by_handle on payments (provider, handle, cooperative_id)
	where handle <> '';

alter function payment_hint(integer, uuid, bigint, text, text, text) rename to payment_hint_kept;
create function payment_hint(p_coop integer, p_payment uuid, p_now bigint, p_claims text,
	p_said text, p_body text, p_handle text)
returns void language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	perform payment_hint_kept(p_coop, p_payment, p_now, p_claims, p_said, p_body);
	if p_handle = '' then
		return;
	end if;
	update payments p set handle = p_handle
	where p.cooperative_id = p_coop and p.payment_id = p_payment and p.handle = ''
		and p.state not in ('created', 'paid', 'failed')
		and not exists (select 1 from payments o where o.provider = p.provider
			and o.handle = p_handle);
end $$;
revoke all on function payment_hint(integer, uuid, bigint, text, text, text, text),
	payment_hint_kept(integer, uuid, bigint, text, text, text) from public, adit_gateway;
grant execute on function payment_hint(integer, uuid, bigint, text, text, text, text) to adit_gateway;
