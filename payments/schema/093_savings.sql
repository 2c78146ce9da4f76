-- What a member keeps with the cooperative.  Savings may be held as a guarantee: a hold on
-- account kind 18, so that what is free to be taken out is what no hold has taken yet.
insert into account_kinds values (18, 'savings', 2), (19, 'guarantee', 2);

create index accounts_savings on accounts (cooperative_id, owner) where kind = 18;

-- Guard: one pull into savings at a time.
create function effect_save_in(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from members m join jsonb_to_recordset(p_bodies) as b(member_id uuid)
		on m.member_id = b.member_id
	where m.cooperative_id = p_coop order by m.member_id for update of m;
	if exists (select 1 from payments p join jsonb_to_recordset(p_bodies) as b(member_id uuid)
			on p.purpose_id = b.member_id
			where p.cooperative_id = p_coop and p.purpose = 'save_in'
			and p.state not in ('paid', 'failed'))
		or (select count(distinct b.member_id) from jsonb_to_recordset(p_bodies)
			as b(member_id uuid)) < jsonb_array_length(p_bodies) then
		raise exception 'a pull is on its way' using errcode = 'AD001';
	end if;
end $$;
