-- SMS to be sent: written in the operation that makes them true, sent at least once.
--
-- The carrier is given message_id as the reference, so that one sent twice is one to it.
-- delivered, failed and stopped are final.

create table messages (
	cooperative_id integer not null references cooperatives,
	message_id uuid not null,
	member_id uuid,
	msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'),
	language text not null,
	template text not null,
	text_values jsonb not null,
	is_news boolean not null default false,
	state text not null default 'queued' check (state in ('queued', 'sending', 'sent',
		'delivered', 'failed', 'stopped')),
	created_ms bigint not null,
	changed_ms bigint not null,
	attempts integer not null default 0,
	carrier_id text,
	reason text not null default '',
	next_try_ms bigint, -- null: nothing left to do
	claim uuid,
	claimed_until_ms bigint not null default 0,
	primary key (cooperative_id, message_id)
) with (fillfactor = 70);
create index messages_due on messages (cooperative_id, next_try_ms)
	where next_try_ms is not null;
-- a delivery report knows the carrier's id, not yet the cooperative
create index messages_by_carrier on messages (carrier_id) where carrier_id is not null;
create index messages_of_number on messages (cooperative_id, msisdn, created_ms);

-- Reports that came before the answer to the send told us the carrier's id.  Of no known
-- cooperative, hence 0.
create table message_reports (
	cooperative_id integer not null default 0,
	carrier_id text not null,
	state text not null check (state in ('delivered', 'failed')),
	reason text not null default '',
	at_ms bigint not null,
	primary key (cooperative_id, carrier_id)
);
create index message_reports_by_time on message_reports (cooperative_id, at_ms);

create function effect_message_new(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	insert into messages (cooperative_id, message_id, member_id, msisdn, language, template,
		text_values, is_news, created_ms, changed_ms, next_try_ms)
	select p_coop, b.message_id, b.member_id, b.msisdn, b.language, b.template,
		coalesce(b."values", '{}'), coalesce(b.is_news, false), t.at, t.at, t.at
	from jsonb_to_recordset(p_bodies) as b(message_id uuid, member_id uuid, msisdn text,
		language text, template text, "values" jsonb, is_news boolean, created_ms bigint)
	cross join lateral (select coalesce(b.created_ms,
		(extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t;
$$;

-- Takes up to p_limit due messages; attempts counts the send that follows.  News for who
-- said STOP end here.
create function messages_claim(p_coop integer, p_claim uuid, p_now bigint, p_until bigint,
	p_limit integer)
returns setof messages language sql
security definer set search_path = pg_catalog, public as $$
	update messages m set state = 'stopped', changed_ms = p_now, next_try_ms = null
	from members w
	where m.cooperative_id = p_coop and m.is_news and m.next_try_ms <= p_now
		and w.cooperative_id = p_coop and w.member_id = m.member_id and not w.news;
	update messages m set state = 'sending', attempts = m.attempts + 1, claim = p_claim,
		claimed_until_ms = p_until, changed_ms = p_now
	from (select d.message_id from messages d
		where d.cooperative_id = p_coop and d.next_try_ms <= p_now
			and d.claimed_until_ms <= p_now
		order by d.next_try_ms limit p_limit for update skip locked) due
	where m.cooperative_id = p_coop and m.message_id = due.message_id
	returning m.*;
$$;

-- p_state: sent (p_carrier_id may be null), queued (again at p_next) or failed.
create function message_sent(p_coop integer, p_message uuid, p_claim uuid, p_now bigint,
	p_state text, p_carrier_id text, p_reason text, p_next bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update messages set state = p_state, carrier_id = coalesce(p_carrier_id, carrier_id),
		reason = p_reason, changed_ms = p_now, claim = null, claimed_until_ms = 0,
		next_try_ms = case when p_state = 'queued' then p_next end
	where cooperative_id = p_coop and message_id = p_message and claim = p_claim
		and state = 'sending' and p_state in ('sent', 'queued', 'failed');
	return found;
end $$;

create function message_report(p_coop integer, p_message uuid, p_state text,
	p_reason text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update messages set state = p_state, reason = p_reason, changed_ms = p_now,
		next_try_ms = null, claim = null, claimed_until_ms = 0
	where cooperative_id = p_coop and message_id = p_message
		and state not in ('delivered', 'failed', 'stopped')
		and p_state in ('delivered', 'failed');
	return found;
end $$;

create function message_report_keep(p_coop integer, p_carrier_id text, p_state text,
	p_reason text, p_now bigint)
returns void language sql
security definer set search_path = pg_catalog, public as $$
	insert into message_reports values (p_coop, p_carrier_id, p_state, p_reason, p_now)
	on conflict do nothing;
$$;

-- Gives kept reports to messages that meanwhile know their carrier's id; forgets old ones.
create function message_reports_match(p_coop integer, p_now bigint, p_oldest bigint)
returns integer language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	matched integer;
begin
	with known as (
		delete from message_reports r using messages m
		where r.cooperative_id = 0 and m.carrier_id = r.carrier_id
			and m.cooperative_id = p_coop
		returning m.message_id, r.state, r.reason)
	select count(*) into matched from known k,
		lateral message_report(p_coop, k.message_id, k.state, k.reason, p_now) as done;
	delete from message_reports where cooperative_id = 0 and at_ms < p_oldest;
	return matched;
end $$;

-- The gateway may look, and change by these functions alone.
revoke all on function effect_message_new, messages_claim, message_sent, message_report, message_report_keep, message_reports_match from public;
grant execute on function messages_claim, message_sent, message_report, message_report_keep, message_reports_match to adit_gateway;
grant select on messages, message_reports to adit_gateway;
