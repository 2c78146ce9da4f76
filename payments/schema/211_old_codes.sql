-- One-time codes are kept as long as an SMS that tried one may be delivered again, or somebody asks what became of it.

create index sms_codes_made on sms_codes (cooperative_id, made_ms);

-- Forgets up to p_limit codes that ended, or were good no more, before p_oldest.  How many.
create function sms_codes_forget(p_coop integer, p_oldest bigint, p_limit integer)
returns integer language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	forgotten integer;
begin
	delete from sms_codes where cooperative_id = p_coop and code_id = any(array(
		select c.code_id from sms_codes c
		where c.cooperative_id = p_coop and c.made_ms < p_oldest and coalesce(c.ended_ms, c.expires_ms) < p_oldest
		order by c.made_ms limit p_limit));
	get diagnostics forgotten = row_count;
	return forgotten;
end $$;

revoke all on function sms_codes_forget from public;
grant execute on function sms_codes_forget to adit_gateway;
