-- News has a topic (payments/core/topic.h), and a member may end one of them by SMS: "STOP LOAN".

-- What news says of all topics, these are excepted from: after STOP and START LOAN she gets that one alone.
alter table members add column topics_but text[] not null default '{}';

create function member_wants(p_member members, p_topic text)
returns boolean language sql immutable as $$
	select p_member.news <> (p_topic = any(p_member.topics_but));
$$;

-- STOP and START of one topic, or of all ('').  Of this number in every cooperative.
create function member_news(p_msisdn text, p_topic text, p_on boolean)
returns setof integer language sql
security definer set search_path = pg_catalog, public as $$
	update members m set news = case when p_topic = '' then p_on else m.news end,
		topics_but = case when p_topic = '' then '{}'
			when m.news = p_on then array_remove(m.topics_but, p_topic)
			else array_append(array_remove(m.topics_but, p_topic), p_topic) end
	from member_numbers n
	where n.msisdn = p_msisdn and m.cooperative_id = n.cooperative_id and m.member_id = n.member_id
	returning m.cooperative_id;
$$;

alter table messages add column topic text;
update messages set topic = 'loan' where is_news; -- what is due was the only news
drop index messages_news_due;
alter table messages drop column is_news;
create index messages_news_due on messages (cooperative_id, next_try_ms) where topic is not null and next_try_ms is not null;

-- As in 195, with the topic.
create or replace function effect_message_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into messages (cooperative_id, message_id, member_id, msisdn, language, template, text_values, topic, state,
		created_ms, changed_ms, next_try_ms, attempts, claim, claimed_until_ms, sending_ms)
	select p_coop, b.message_id, b.member_id, b.msisdn, b.language, b.template, coalesce(b."values", '{}'),
		b.topic, case when b.claim is null then 'queued' else 'sending' end, t.at, t.at, t.at,
		case when b.claim is null then 0 else 1 end, b.claim, coalesce(b.claimed_until_ms, 0),
		case when b.claim is not null then t.at end
	from jsonb_to_recordset(p_bodies) as b(message_id uuid, member_id uuid, msisdn text, language text, template text,
		"values" jsonb, topic text, created_ms bigint, claim uuid, claimed_until_ms bigint)
	cross join lateral (select coalesce(b.created_ms, (extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t;
end $$;

-- As in 195; news of a topic that she does not want ends here.
create or replace function messages_claim(p_coop integer, p_claim uuid, p_now bigint, p_until bigint, p_limit integer)
returns setof messages language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update messages m set state = 'stopped', changed_ms = p_now, next_try_ms = null
	from members w
	where m.cooperative_id = p_coop and m.topic is not null and m.next_try_ms <= p_now
		and w.cooperative_id = p_coop and w.member_id = m.member_id and not member_wants(w, m.topic);
	return query update messages m set state = 'sending', attempts = m.attempts + 1, claim = p_claim,
		claimed_until_ms = p_until, changed_ms = p_now, sending_ms = coalesce(m.sending_ms, p_now)
	where m.cooperative_id = p_coop and m.message_id = any(array(select d.message_id from messages d
		where d.cooperative_id = p_coop and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
		order by d.next_try_ms limit p_limit for update skip locked))
	returning m.*;
end $$;

revoke all on function member_wants, member_news from public;
grant execute on function member_news to adit_gateway;
