-- Paying a member again what the cooperative owes: the net of a sale that did not arrive, or
-- what was paid beyond a loan.  One such payout of a member at a time.
create function effect_owed_out(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from members m join jsonb_to_recordset(p_bodies) as b(member_id uuid)
		on m.member_id = b.member_id
	where m.cooperative_id = p_coop order by m.member_id for update of m;
	if exists (select 1 from payments p join jsonb_to_recordset(p_bodies) as b(member_id uuid)
			on p.purpose_id = b.member_id
			where p.cooperative_id = p_coop and p.purpose = 'owed_out'
			and p.state not in ('paid', 'failed'))
		or (select count(distinct b.member_id) from jsonb_to_recordset(p_bodies)
			as b(member_id uuid)) < jsonb_array_length(p_bodies) then
		raise exception 'a payout is on its way' using errcode = 'AD001';
	end if;
end $$;
