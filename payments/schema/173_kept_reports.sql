-- Carriers use their ids again.  A receipt that comes twice finds that its message has ended, and is kept as one that
-- came before its message; within the hour the carrier gives the same id to another.  What was kept before the first
-- send of a message began cannot mean that message.

alter table messages add column sending_ms bigint; -- its first send; null: none yet, or before this column

-- Takes up to p_limit due messages; attempts counts the send that follows.  News for who said STOP end here.
create or replace function messages_claim(p_coop integer, p_claim uuid, p_now bigint, p_until bigint, p_limit integer)
returns setof messages language sql
security definer set search_path = pg_catalog, public as $$
	update messages m set state = 'stopped', changed_ms = p_now, next_try_ms = null
	from members w
	where m.cooperative_id = p_coop and m.is_news and m.next_try_ms <= p_now
		and w.cooperative_id = p_coop and w.member_id = m.member_id and not w.news;
	update messages m set state = 'sending', attempts = m.attempts + 1, claim = p_claim,
		claimed_until_ms = p_until, changed_ms = p_now, sending_ms = coalesce(m.sending_ms, p_now)
	from (select d.message_id from messages d
		where d.cooperative_id = p_coop and d.next_try_ms <= p_now
			and d.claimed_until_ms <= p_now
		order by d.next_try_ms limit p_limit for update skip locked) due
	where m.cooperative_id = p_coop and m.message_id = due.message_id
	returning m.*;
$$;

-- The latest counts: what lies there may be the echo of a message that has ended.
create or replace function message_report_keep(p_coop integer, p_carrier_id text, p_state text,
	p_reason text, p_now bigint)
returns void language sql
security definer set search_path = pg_catalog, public as $$
	insert into message_reports values (p_coop, p_carrier_id, p_state, p_reason, p_now)
	on conflict (cooperative_id, carrier_id)
		do update set state = excluded.state, reason = excluded.reason, at_ms = excluded.at_ms;
$$;

-- Gives kept reports to messages that meanwhile know their carrier's id; forgets old ones.
create or replace function message_reports_match(p_coop integer, p_now bigint, p_oldest bigint)
returns integer language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	matched integer := 0;
	kept record;
begin
	for kept in
		select r.carrier_id, r.state, r.reason, m.message_id
		from message_reports r
			join lateral (select x.message_id from messages x
				where x.cooperative_id = p_coop and x.carrier_id = r.carrier_id
				union select p.message_id from message_parts p
				where p.cooperative_id = p_coop and p.carrier_id = r.carrier_id) known on true
			join messages m on m.cooperative_id = p_coop and m.message_id = known.message_id
		where r.cooperative_id = 0 and m.state not in ('delivered', 'failed', 'stopped')
			and coalesce(m.sending_ms, m.created_ms) <= r.at_ms
	loop
		perform message_part_report(p_coop, kept.message_id, kept.carrier_id, kept.state, kept.reason, p_now);
		delete from message_reports where cooperative_id = 0 and carrier_id = kept.carrier_id;
		matched := matched + 1;
	end loop;
	delete from message_reports where cooperative_id = 0 and at_ms < p_oldest;
	return matched;
end $$;
