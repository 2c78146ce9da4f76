-- A message that she answered as a screen on her phone was delivered; no report will come.

-- p_state: sent (p_carrier_id may be null; several ids stand apart by a space), delivered (she answered it), queued
-- (again at p_next) or failed.
create or replace function message_sent(p_coop integer, p_message uuid, p_claim uuid, p_now bigint,
	p_state text, p_carrier_id text, p_reason text, p_next bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update messages set state = p_state, carrier_id = coalesce(split_part(p_carrier_id, ' ', 1), carrier_id),
		reason = p_reason, changed_ms = p_now, claim = null, claimed_until_ms = 0,
		next_try_ms = case when p_state = 'queued' then p_next end
	where cooperative_id = p_coop and message_id = p_message and claim = p_claim
		and state = 'sending' and p_state in ('sent', 'delivered', 'queued', 'failed');
	if not found then
		return false;
	end if;
	if p_state = 'sent' then
		delete from message_parts where cooperative_id = p_coop and message_id = p_message;
		insert into message_parts (cooperative_id, message_id, carrier_id)
			select p_coop, p_message, x from regexp_split_to_table(p_carrier_id, ' ') x
			where strpos(p_carrier_id, ' ') > 0
			on conflict do nothing;
	end if;
	return true;
end $$;
