-- The first officer takes the word back.
create function effect_loan_off_back(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update loans l set version = l.version + 1, off_asked_by = null, off_asked_ms = null
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, version integer, asked_by uuid)
	where l.cooperative_id = p_coop and l.loan_id = b.loan_id and l.version = b.version
		and l.state = 'live' and l.off_asked_by = b.asked_by;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'loan changed meanwhile' using errcode = 'AD001';
	end if;
end $$;
