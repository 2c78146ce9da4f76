-- The way of an SMS that answers another: written as already in the hands of the gateway that wrote it, noted together with
-- others.  In PL/pgSQL, which keeps plans; and no statement looks at more rows than it takes, however long the queue is.

create or replace function message_report_keep(p_coop integer, p_carrier_id text, p_state text, p_reason text, p_now bigint)
returns void language plpgsql
security definer set search_path = pg_catalog, public as $$
begin -- the latest counts: what lies there may be the echo of a message that has ended
	insert into message_reports values (p_coop, p_carrier_id, p_state, p_reason, p_now)
	on conflict (cooperative_id, carrier_id)
		do update set state = excluded.state, reason = excluded.reason, at_ms = excluded.at_ms;
end $$;

create index messages_news_due on messages (cooperative_id, next_try_ms) where is_news and next_try_ms is not null;

-- With a claim, the message is being sent by whoever writes it; who dies then leaves a claim that lapses.
create or replace function effect_message_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into messages (cooperative_id, message_id, member_id, msisdn, language, template, text_values, is_news, state,
		created_ms, changed_ms, next_try_ms, attempts, claim, claimed_until_ms, sending_ms)
	select p_coop, b.message_id, b.member_id, b.msisdn, b.language, b.template, coalesce(b."values", '{}'),
		coalesce(b.is_news, false), case when b.claim is null then 'queued' else 'sending' end, t.at, t.at, t.at,
		case when b.claim is null then 0 else 1 end, b.claim, coalesce(b.claimed_until_ms, 0),
		case when b.claim is not null then t.at end
	from jsonb_to_recordset(p_bodies) as b(message_id uuid, member_id uuid, msisdn text, language text, template text,
		"values" jsonb, is_news boolean, created_ms bigint, claim uuid, claimed_until_ms bigint)
	cross join lateral (select coalesce(b.created_ms, (extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t;
end $$;

-- Cooperatives that have messages to be taken.
create function messages_due(p_now bigint)
returns setof integer language plpgsql stable
security definer set search_path = pg_catalog, public as $$
begin
	return query select c.cooperative_id from cooperatives c cross join lateral (
		select from messages m where m.cooperative_id = c.cooperative_id and m.next_try_ms <= p_now
			and m.claimed_until_ms <= p_now order by m.next_try_ms limit 1) d;
end $$;

-- Takes up to p_limit due messages; attempts counts the send that follows.  News for who said STOP end here.
create or replace function messages_claim(p_coop integer, p_claim uuid, p_now bigint, p_until bigint, p_limit integer)
returns setof messages language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update messages m set state = 'stopped', changed_ms = p_now, next_try_ms = null
	from members w
	where m.cooperative_id = p_coop and m.is_news and m.next_try_ms <= p_now
		and w.cooperative_id = p_coop and w.member_id = m.member_id and not w.news;
	return query update messages m set state = 'sending', attempts = m.attempts + 1, claim = p_claim,
		claimed_until_ms = p_until, changed_ms = p_now, sending_ms = coalesce(m.sending_ms, p_now)
	where m.cooperative_id = p_coop and m.message_id = any(array(select d.message_id from messages d
		where d.cooperative_id = p_coop and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
		order by d.next_try_ms limit p_limit for update skip locked))
	returning m.*;
end $$;

-- What became of messages in our hands; the n-th of each array belong together.  p_states: sent (the carrier's id may be
-- null; several stand apart by a space), delivered (answered as a screen on her phone), queued (again at p_nexts) or failed.
-- How many were still ours.
create function messages_sent(p_coop integer, p_messages uuid[], p_claims uuid[], p_now bigint, p_states text[],
	p_carrier_ids text[], p_reasons text[], p_nexts bigint[])
returns integer language plpgsql
security definer set search_path = pg_catalog, public
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	noted integer;
	taken uuid[];
	ids text[];
begin
	with done as (
		update messages m set state = n.state, carrier_id = coalesce(split_part(n.carrier_id, ' ', 1), m.carrier_id),
			reason = n.reason, changed_ms = p_now, claim = null, claimed_until_ms = 0,
			next_try_ms = case when n.state = 'queued' then n.next end
		from unnest(p_messages, p_claims, p_states, p_carrier_ids, p_reasons, p_nexts)
			as n(message_id, claim, state, carrier_id, reason, next)
		where m.cooperative_id = p_coop and m.message_id = n.message_id and m.claim = n.claim
			and m.state = 'sending' and n.state in ('sent', 'delivered', 'queued', 'failed')
		returning m.message_id, n.state, n.carrier_id, m.attempts)
	select count(*), array_agg(message_id) filter (where state = 'sent' and (attempts > 1 or strpos(carrier_id, ' ') > 0)),
		array_agg(carrier_id) filter (where state = 'sent' and (attempts > 1 or strpos(carrier_id, ' ') > 0))
	into noted, taken, ids from done;
	if taken is not null then -- the parts of this send take the place of those of an earlier one
		delete from message_parts where cooperative_id = p_coop and message_id = any(taken);
		insert into message_parts (cooperative_id, message_id, carrier_id)
			select p_coop, t.message_id, x from unnest(taken, ids) as t(message_id, carrier_id)
				cross join lateral regexp_split_to_table(t.carrier_id, ' ') x
			where strpos(t.carrier_id, ' ') > 0
			on conflict do nothing;
	end if;
	return noted;
end $$;
drop function message_sent(integer, uuid, uuid, bigint, text, text, text, bigint);

-- What carriers report, each by its id of a message or of a part.  Carriers use their ids again: one that has ended is not
-- meant, and of others the newest.  True: found; else it is kept for a match.
create function messages_reported(p_carrier_ids text[], p_states text[], p_reasons text[], p_now bigint)
returns setof boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	its record;
begin
	for i in 1 .. coalesce(array_length(p_carrier_ids, 1), 0) loop
		select m.cooperative_id, m.message_id into its
		from (select x.cooperative_id, x.message_id from messages x where x.carrier_id = p_carrier_ids[i]
			union select p.cooperative_id, p.message_id from message_parts p where p.carrier_id = p_carrier_ids[i]) known
			join messages m on m.cooperative_id = known.cooperative_id and m.message_id = known.message_id
		where m.state not in ('delivered', 'failed', 'stopped')
		order by m.changed_ms desc limit 1;
		if found then
			perform message_part_report(its.cooperative_id, its.message_id, p_carrier_ids[i], p_states[i], p_reasons[i], p_now);
			return next true;
		else
			perform message_report_keep(0, p_carrier_ids[i], p_states[i], p_reasons[i], p_now);
			return next false;
		end if;
	end loop;
end $$;

-- p_kinds[i] has the bodies p_bodies[i], a JSON array; effect_<kind> writes them all at once.  The commonest are called by
-- their names: what is put together as text is planned anew each time.
create or replace function apply_effects(p_coop integer, p_kinds text[], p_bodies text[]) returns void language plpgsql as $$
begin
	for i in 1 .. coalesce(array_length(p_kinds, 1), 0) loop
		case p_kinds[i]
			when 'message_new' then perform effect_message_new(p_coop, p_bodies[i]::jsonb);
			when 'payment_new' then perform effect_payment_new(p_coop, p_bodies[i]::jsonb);
			when 'payment_outcome' then perform effect_payment_outcome(p_coop, p_bodies[i]::jsonb);
			else execute format('select %I($1, $2)', 'effect_' || p_kinds[i]) using p_coop, p_bodies[i]::jsonb;
		end case;
	end loop;
end $$;

-- As in 160; who never had a loan is answered without a look at instalments.
create or replace function late_instalments(p_coop integer, p_member uuid, p_today integer)
returns integer language plpgsql stable as $$
begin
	if not exists (select from loans l where l.cooperative_id = p_coop and l.member_id = p_member
			and l.state in ('live', 'closed', 'written_off')) then
		return 0;
	end if;
	return (select coalesce(sum(case when l.state = 'written_off' then l.weeks else (
			select count(*)
			from (select w.due_day + g.days as last_day,
					sum(w.principal + w.interest + w.fee) over (order by w.row) as wanted
				from loan_rows w where w.cooperative_id = p_coop and w.loan_id = l.loan_id) w
			where w.last_day between p_today - 365 and p_today - 1 and w.wanted > (
				select coalesce(sum((e.body->>'amount')::bigint), 0) from loan_events e
				where e.cooperative_id = p_coop and e.loan_id = l.loan_id and e.day <= w.last_day
				and e.kind in ('repay', 'down_payment', 'goodwill', 'merchant_refund')
				and not exists (select from loan_events x where x.cooperative_id = p_coop and x.loan_id = l.loan_id
					and x.kind = 'reverse' and (x.body->>'of')::integer = e.event))) end), 0)::integer
		from loans l cross join lateral (
			select coalesce(max((c->>'grace_days')::integer), 0) as days
			from jsonb_array_elements(coalesce(l.contract->'charges', '[]')) c where c->>'time' = 'OVERDUE') g
		where l.cooperative_id = p_coop and l.member_id = p_member and l.state in ('live', 'closed', 'written_off'));
end $$;

revoke all on function messages_due, messages_sent, messages_reported from public;
grant execute on function messages_due, messages_sent, messages_reported to adit_gateway;
