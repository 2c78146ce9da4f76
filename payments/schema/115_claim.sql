-- Questions before new calls: a long queue of payouts must not keep those that were made
-- waiting for their outcome.  And a provider can be paused: nothing new goes to it, what
-- went is asked about as ever.

create table provider_pauses (
	provider text primary key check (provider <> ''),
	paused_by text not null check (paused_by <> ''),
	note text not null,
	at_ms bigint not null
);
create table provider_pause_log (
	provider text not null,
	paused boolean not null,
	by_whom text not null,
	note text not null,
	at_ms bigint not null,
	primary key (provider, at_ms, paused)
);
grant select on provider_pauses, provider_pause_log to adit_gateway;

create index payments_to_ask on payments (cooperative_id, provider, next_try_ms)
	where next_try_ms is not null and state <> 'created';
create index payments_to_send on payments (cooperative_id, provider, next_try_ms)
	where next_try_ms is not null and state = 'created';

-- True: it is so now.  False: it was so before; nothing is changed.
create function provider_pause(p_provider text, p_paused boolean, p_by text, p_note text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	if p_paused then
		insert into provider_pauses values (p_provider, p_by, p_note, p_now) on conflict do nothing;
	else
		delete from provider_pauses where provider = p_provider;
	end if;
	if not found then
		return false;
	end if;
	insert into provider_pause_log values (p_provider, p_paused, p_by, p_note, p_now);
	return true;
end $$;

-- An array is made once: a joined subquery may be run again by the plan, beyond its limit.
create or replace function payments_claim(p_coop integer, p_provider text, p_claim uuid, p_now bigint,
	p_until bigint, p_limit integer, p_submits boolean, p_pull_delay bigint)
returns setof payments language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	asked integer;
begin
	return query update payments p set claim = p_claim, claimed_until_ms = p_until, hinted = false
	where p.cooperative_id = p_coop and p.payment_id = any(array(select d.payment_id from payments d
		where d.cooperative_id = p_coop and d.provider = p_provider
			and d.next_try_ms is not null and d.state <> 'created'
			and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
		order by d.next_try_ms limit p_limit for update skip locked))
	returning p.*;
	get diagnostics asked = row_count;
	if not p_submits or asked >= p_limit or exists (select 1 from provider_pauses x
			where x.provider = p_provider) then
		return;
	end if;
	return query update payments p set claim = p_claim, claimed_until_ms = p_until, hinted = false
	where p.cooperative_id = p_coop and p.payment_id = any(array(select d.payment_id from payments d
		where d.cooperative_id = p_coop and d.provider = p_provider
			and d.next_try_ms is not null and d.state = 'created'
			and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
			and (d.direction = 'out' or d.created_ms + p_pull_delay <= p_now)
		order by d.next_try_ms limit p_limit - asked for update skip locked))
	returning p.*;
end $$;

revoke all on function provider_pause from public;
grant execute on function provider_pause to adit_gateway;
