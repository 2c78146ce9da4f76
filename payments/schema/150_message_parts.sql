-- An SMS of several parts has several ids at its carrier, and a receipt for each: it is delivered when all parts
-- are, and failed when one is.

create table message_parts (
	cooperative_id integer not null,
	message_id uuid not null,
	carrier_id text not null,
	state text not null default 'sent' check (state in ('sent', 'delivered', 'failed')),
	primary key (cooperative_id, message_id, carrier_id),
	foreign key (cooperative_id, message_id) references messages
);
create index message_parts_by_carrier on message_parts (carrier_id);

-- p_state: sent (p_carrier_id may be null; several ids stand apart by a space), queued (again at p_next) or failed.
create or replace function message_sent(p_coop integer, p_message uuid, p_claim uuid, p_now bigint,
	p_state text, p_carrier_id text, p_reason text, p_next bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update messages set state = p_state, carrier_id = coalesce(split_part(p_carrier_id, ' ', 1), carrier_id),
		reason = p_reason, changed_ms = p_now, claim = null, claimed_until_ms = 0,
		next_try_ms = case when p_state = 'queued' then p_next end
	where cooperative_id = p_coop and message_id = p_message and claim = p_claim
		and state = 'sending' and p_state in ('sent', 'queued', 'failed');
	if not found then
		return false;
	end if;
	if p_state = 'sent' then
		delete from message_parts where cooperative_id = p_coop and message_id = p_message;
		insert into message_parts (cooperative_id, message_id, carrier_id)
			select p_coop, p_message, x from regexp_split_to_table(p_carrier_id, ' ') x
			where strpos(p_carrier_id, ' ') > 0
			on conflict do nothing;
	end if;
	return true;
end $$;

-- What became of the part, or of the whole, that the carrier calls p_carrier_id.
create function message_part_report(p_coop integer, p_message uuid, p_carrier_id text, p_state text,
	p_reason text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	-- receipts of two parts at the same time: the second has to see what the first wrote
	perform 1 from messages where cooperative_id = p_coop and message_id = p_message for update;
	update message_parts set state = p_state
	where cooperative_id = p_coop and message_id = p_message and carrier_id = p_carrier_id
		and state = 'sent' and p_state in ('delivered', 'failed');
	if p_state = 'delivered' and exists (select 1 from message_parts
			where cooperative_id = p_coop and message_id = p_message and state <> 'delivered') then
		return false; -- the others are awaited
	end if;
	return message_report(p_coop, p_message, p_state, p_reason, p_now);
end $$;

-- Gives kept reports to messages that meanwhile know their carrier's id; forgets old ones.
create or replace function message_reports_match(p_coop integer, p_now bigint, p_oldest bigint)
returns integer language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	matched integer := 0;
	kept record;
begin
	for kept in -- carriers use their ids again: what has ended is not meant
		select r.carrier_id, r.state, r.reason, m.message_id
		from message_reports r join messages m on m.carrier_id = r.carrier_id
		where r.cooperative_id = 0 and m.cooperative_id = p_coop and m.state not in ('delivered', 'failed', 'stopped')
		union
		select r.carrier_id, r.state, r.reason, p.message_id
		from message_reports r join message_parts p on p.carrier_id = r.carrier_id
			join messages m on m.cooperative_id = p.cooperative_id and m.message_id = p.message_id
		where r.cooperative_id = 0 and p.cooperative_id = p_coop and m.state not in ('delivered', 'failed', 'stopped')
	loop
		perform message_part_report(p_coop, kept.message_id, kept.carrier_id, kept.state, kept.reason, p_now);
		delete from message_reports where cooperative_id = 0 and carrier_id = kept.carrier_id;
		matched := matched + 1;
	end loop;
	delete from message_reports where cooperative_id = 0 and at_ms < p_oldest;
	return matched;
end $$;

revoke all on function message_part_report from public;
grant execute on function message_part_report to adit_gateway;
grant select on message_parts to adit_gateway;
