-- As before, but the code of a loan that was given up leads to it, too: what comes for it is
-- a recovery.
create or replace function arrival_owner(p_coop integer, p_reference text, p_msisdn text)
returns table (member_id uuid, loan_id uuid) language sql stable as $$
	with said as (select upper(regexp_replace(p_reference, '[^A-Za-z0-9]', '', 'g')) as word),
	found as (
		select 1 as rank, l.member_id, l.loan_id from loans l, said
		where l.cooperative_id = p_coop and l.code = said.word and l.state in ('live', 'written_off')
		union all
		select 2, m.member_id, null from members m, said
		where m.cooperative_id = p_coop and m.state = 'active' and said.word ~ '^M?[0-9]{1,9}$'
			and m.number = 'M-' || lpad(ltrim(ltrim(said.word, 'M'), '0'),
				greatest(4, length(ltrim(ltrim(said.word, 'M'), '0'))), '0')
		union all
		(select 3, n.member_id, null from member_numbers n join members m on m.cooperative_id = n.cooperative_id
			and m.member_id = n.member_id
		where n.cooperative_id = p_coop and n.msisdn in (p_msisdn, (select word from said))
			and m.state = 'active'
		order by n.msisdn <> (select word from said) limit 1))
	select f.member_id, coalesce(f.loan_id, (select l.loan_id from loans l where l.cooperative_id = p_coop
		and l.member_id = f.member_id and l.state = 'live' limit 1))
	from found f order by f.rank limit 1;
$$;
