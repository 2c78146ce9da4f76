-- A PIN locked by wrong tries, opened again by an officer: the PIN stays what it was, and a
-- change that was under way begins anew.
create function effect_member_unlock(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update members m set pin_tries = 0, pin_next = null, pin_proved_ms = null
	from jsonb_to_recordset(p_bodies) as b(member_id uuid)
	where m.cooperative_id = p_coop and m.member_id = b.member_id and m.state = 'active'
		and m.pin_tries >= 3;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'not a locked member' using errcode = 'AD001';
	end if;
end $$;
