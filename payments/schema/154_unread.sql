-- SMS of members that are no command: a person reads them.  A text that looks as if it
-- held a PIN never comes here.

create table unread_messages (
	cooperative_id integer not null references cooperatives,
	number bigint not null generated always as identity, -- what a person calls it
	channel text not null check (channel <> ''),
	sms_id text not null check (sms_id <> ''),
	member_id uuid not null,
	msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'),
	body text not null check (octet_length(body) between 1 and 480),
	at_ms bigint not null,
	seen_ms bigint,
	seen_by text not null default '',
	primary key (cooperative_id, number),
	unique (cooperative_id, channel, sms_id), -- delivered again, kept once
	foreign key (cooperative_id, member_id) references members,
	check ((seen_ms is null) = (seen_by = ''))
);
create index unread_messages_open on unread_messages (cooperative_id, at_ms) where seen_ms is null;

create function unread_add(p_coop integer, p_channel text, p_sms_id text, p_member uuid,
	p_msisdn text, p_body text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	insert into unread_messages (cooperative_id, channel, sms_id, member_id, msisdn, body, at_ms)
	values (p_coop, p_channel, p_sms_id, p_member, p_msisdn, p_body, p_now)
	on conflict (cooperative_id, channel, sms_id) do nothing;
	return found;
end $$;

-- What is wrong, or ''.
create function unread_seen(p_coop text, p_number bigint, p_by text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update unread_messages u set seen_ms = p_now, seen_by = p_by
	from cooperatives c
	where c.code = upper(p_coop) and u.cooperative_id = c.cooperative_id
		and u.number = p_number and u.seen_ms is null;
	return case when found then '' else 'no unread message of that number' end;
end $$;

revoke all on function unread_add, unread_seen from public;
grant execute on function unread_add, unread_seen to adit_gateway;
grant select on unread_messages to adit_gateway;
