-- A loan is given up by two officers: the first one's word is kept with the loan.
alter table loans
	add column off_asked_by uuid,
	add column off_asked_ms bigint;
comment on column loans.off_asked_by is 'the first of two officers who want it written off';

-- One word a loan; the second officer writes it off with loan_set.
create function effect_loan_off_asked(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update loans l set version = l.version + 1, off_asked_by = b.asked_by, off_asked_ms = b.asked_ms
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, version integer, asked_by uuid, asked_ms bigint)
	where l.cooperative_id = p_coop and l.loan_id = b.loan_id and l.version = b.version
		and l.state = 'live' and l.off_asked_by is null;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'loan changed meanwhile' using errcode = 'AD001';
	end if;
end $$;
