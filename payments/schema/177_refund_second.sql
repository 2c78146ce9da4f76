-- Who may say the second word about a refund is told that it waits.

-- An SMS to the treasurers and officers of a cooperative, but for some.
create function officers_tell(p_coop integer, p_now bigint, p_but uuid[], p_template text, p_values jsonb)
returns void language sql as $$
	select effect_message_new(p_coop, jsonb_agg(jsonb_build_object(
		'message_id', gen_random_uuid(), 'member_id', m.member_id, 'msisdn', n.msisdn,
		'language', m.language, 'template', p_template, 'values', p_values,
		'created_ms', p_now)))
	from members m cross join lateral (select x.msisdn from member_numbers x
		where x.cooperative_id = p_coop and x.member_id = m.member_id
		order by x.added_ms limit 1) n
	where m.cooperative_id = p_coop and m.state = 'active' and m.roles & 12 <> 0
		and m.member_id <> all(array_remove(p_but, null))
	having count(*) > 0;
$$;
revoke all on function officers_tell from public;

-- The first word.  '' or why not: not_found, ambiguous (give the cooperative), not_allowed,
-- own_work, not_paid, no_number, asked (by another, or given back before).
create or replace function refund_ask(p_coop integer, p_code text, p_who text, p_via text, p_note text, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	s record;
	n integer;
	officer uuid;
	id uuid := gen_random_uuid();
begin
	select count(*) into n from refund_source(p_coop, p_code);
	if n <> 1 then
		return case when n = 0 then 'not_found' else 'ambiguous' end;
	end if;
	select * into s from refund_source(p_coop, p_code);
	officer := refund_officer(s.cooperative_id, p_who);
	if officer is null then
		return 'not_allowed';
	elsif officer = s.member_id then
		return 'own_work';
	elsif (s.arrival and s.state not in ('matched', 'assigned', 'unmatched')) or (not s.arrival and s.state <> 'paid') then
		return 'not_paid';
	elsif s.msisdn !~ '^[1-9][0-9]{6,14}$' or s.purpose = 'till' then
		return 'no_number';
	end if;
	insert into refunds (cooperative_id, refund_id, source_id, arrival, code, amount, currency, member_id, note,
		state, asked_by, asked_via, asked_ms, changed_ms)
	values (s.cooperative_id, id, s.source_id, s.arrival, s.code, s.amount, s.currency, s.member_id, p_note, 'asked',
		officer, p_via, p_now, p_now)
	on conflict do nothing;
	if not found then
		return 'asked';
	end if;
	perform refund_audit(s.cooperative_id, p_now, officer, 'refund.asked', s.source_id,
		format('%s %s by %s: %s', s.code, s.amount, p_via, p_note));
	-- she whose money it was cannot agree
	perform officers_tell(s.cooperative_id, p_now, array[officer, s.member_id], 'refund.second',
		jsonb_build_object('code', s.code, 'amount', s.amount::text, 'name', coalesce((select m.name from members m
			where m.cooperative_id = s.cooperative_id and m.member_id = s.member_id), s.msisdn)));
	return '';
end $$;
