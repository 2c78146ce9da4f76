-- Few of many members have an office, and one is meant by a name: neither is found by reading all of them.

create index members_with_office on members (cooperative_id, number) where roles > 1;

-- An active member, by number of member or of phone; null: nobody.
create function member_named(p_coop integer, p_who text)
returns uuid language plpgsql stable as $$
begin
	return coalesce(
		(select m.member_id from members m
			where m.cooperative_id = p_coop and m.number = upper(p_who) and m.state = 'active'),
		(select m.member_id from member_numbers n
			join members m on m.cooperative_id = n.cooperative_id and m.member_id = n.member_id
			where n.cooperative_id = p_coop and n.msisdn = p_who and m.state = 'active'));
end $$;

-- An active treasurer or second officer, named so.
create or replace function officer_named(p_coop integer, p_who text)
returns uuid language sql stable as $$
	select m.member_id from members m
	where m.cooperative_id = p_coop and m.member_id = member_named(p_coop, p_who) and m.roles & 12 <> 0;
$$;

-- The same, or by id.
create or replace function refund_officer(p_coop integer, p_who text)
returns uuid language sql stable as $$
	select coalesce(officer_named(p_coop, p_who), (select m.member_id from members m
		where m.cooperative_id = p_coop and m.state = 'active' and m.roles > 1 and m.roles & 12 <> 0
			and m.member_id::text = p_who));
$$;

-- An SMS to who has one of these roles (payments/store/member.h) in a cooperative, but for some.
create function roles_tell(p_coop integer, p_now bigint, p_roles integer, p_but uuid[], p_template text, p_values jsonb)
returns void language sql as $$
	select effect_message_new(p_coop, jsonb_agg(jsonb_build_object(
		'message_id', gen_random_uuid(), 'member_id', m.member_id, 'msisdn', n.msisdn,
		'language', m.language, 'template', p_template, 'values', p_values,
		'created_ms', p_now)))
	from members m cross join lateral (select x.msisdn from member_numbers x
		where x.cooperative_id = p_coop and x.member_id = m.member_id
		order by x.added_ms limit 1) n
	where m.cooperative_id = p_coop and m.state = 'active' and m.roles > 1 and m.roles & p_roles <> 0
		and m.member_id <> all(array_remove(p_but, null))
	having count(*) > 0;
$$;
revoke all on function roles_tell from public;

-- An SMS to the treasurers of a cooperative.
create or replace function treasurers_tell(p_coop integer, p_now bigint, p_template text, p_values jsonb)
returns void language sql as $$
	select roles_tell(p_coop, p_now, 4, '{}', p_template, p_values);
$$;

-- An SMS to the treasurers and officers of a cooperative, but for some.
create or replace function officers_tell(p_coop integer, p_now bigint, p_but uuid[], p_template text, p_values jsonb)
returns void language sql as $$
	select roles_tell(p_coop, p_now, 12, p_but, p_template, p_values);
$$;

revoke all on function member_named from public;
grant execute on function member_named to adit_gateway;
