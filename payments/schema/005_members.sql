-- Members of a cooperative, the phone numbers they use, and what guards their PIN.
--
-- A member is pending between the two PIN screens of registration and gets a number when
-- active.  PIN hashes are argon2id over a keyed hash whose key is not in the database.

create table member_counters (
	cooperative_id integer primary key references cooperatives,
	last bigint not null default 0
);

create table members (
	cooperative_id integer not null references cooperatives,
	member_id uuid not null,
	number text,
	name text not null check (octet_length(name) between 2 and 47),
	language text not null check (language ~ '^[a-z]{2,3}$'),
	roles integer not null default 1 check (roles >= 0),
	state text not null check (state in ('pending', 'active', 'closed')),
	news boolean not null default true,
	joined_ms bigint not null,
	pin_hash text,
	pin_tries smallint not null default 0,
	pin_next text,
	pin_proved_ms bigint,
	primary key (cooperative_id, member_id),
	unique (cooperative_id, number),
	check (state <> 'active' or number is not null)
);

create table member_numbers (
	cooperative_id integer not null,
	msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'),
	member_id uuid not null,
	added_ms bigint not null,
	primary key (cooperative_id, msisdn),
	foreign key (cooperative_id, member_id) references members
);
-- a hop knows the number, not yet the cooperative
create index member_numbers_by_msisdn on member_numbers (msisdn);
create index member_numbers_by_member on member_numbers (cooperative_id, member_id);

-- Registration, first PIN: a pending member, over an older pending one of this number.
-- Null when the number belongs to a member already.
create function member_begin(p_coop integer, p_member uuid, p_name text,
	p_language text, p_msisdn text, p_pin_hash text, p_now bigint)
returns uuid language plpgsql as $$
declare
	old members;
begin
	select m.* into old from member_numbers n
	join members m on m.cooperative_id = n.cooperative_id and m.member_id = n.member_id
	where n.cooperative_id = p_coop and n.msisdn = p_msisdn for update of m;
	if old.state = 'pending' then
		update members set name = p_name, language = p_language, pin_hash = p_pin_hash,
			pin_tries = 0, joined_ms = p_now
		where cooperative_id = p_coop and member_id = old.member_id;
		return old.member_id;
	elsif old.member_id is not null then
		return null;
	end if;
	insert into members (cooperative_id, member_id, name, language, state, joined_ms, pin_hash)
	values (p_coop, p_member, p_name, p_language, 'pending', p_now, p_pin_hash);
	insert into member_numbers values (p_coop, p_msisdn, p_member, p_now)
	on conflict do nothing;
	if not found then
		delete from members where cooperative_id = p_coop and member_id = p_member;
		return null;
	end if;
	return p_member;
end $$;

-- Registration, second PIN was the first: active, with the next member number.
create function member_activate(p_coop integer, p_member uuid, p_now bigint)
returns boolean language plpgsql as $$
declare
	next bigint;
begin
	perform 1 from members where cooperative_id = p_coop and member_id = p_member
		and state = 'pending' for update;
	if not found then
		return false;
	end if;
	insert into member_counters values (p_coop, 1)
	on conflict (cooperative_id) do update set last = member_counters.last + 1
	returning last into next;
	update members set state = 'active', number = 'M-' || lpad(next::text, 4, '0'),
		pin_tries = 0, joined_ms = p_now
	where cooperative_id = p_coop and member_id = p_member;
	return true;
end $$;

-- A try is counted before it is checked: guesses in parallel gain nothing.  No row: no
-- such member.  pin_hash is null when no try is left.
create function member_pin_try(p_coop integer, p_member uuid)
returns table (pin_hash text, tries_left integer, next_hash text, proved_ms bigint)
language plpgsql as $$
begin
	return query
	update members m set pin_tries = least(m.pin_tries + 1, 4)
	where m.cooperative_id = p_coop and m.member_id = p_member
	returning case when m.pin_tries <= 3 then m.pin_hash end,
		greatest(3 - m.pin_tries, 0)::integer, m.pin_next, m.pin_proved_ms;
end $$;

create function member_pin_right(p_coop integer, p_member uuid, p_proved_ms bigint,
	p_rehash text)
returns void language sql as $$
	update members set pin_tries = 0, pin_proved_ms = coalesce(p_proved_ms, pin_proved_ms),
		pin_hash = coalesce(p_rehash, pin_hash)
	where cooperative_id = p_coop and member_id = p_member;
$$;

-- The new PIN aside, if the old one was proved lately.
create function member_pin_next(p_coop integer, p_member uuid, p_hash text, p_since bigint)
returns boolean language plpgsql as $$
begin
	update members set pin_next = p_hash
	where cooperative_id = p_coop and member_id = p_member and pin_proved_ms >= p_since;
	return found;
end $$;

create function member_pin_commit(p_coop integer, p_member uuid, p_hash text)
returns boolean language plpgsql as $$
begin
	update members set pin_hash = pin_next, pin_next = null, pin_proved_ms = null,
		pin_tries = 0
	where cooperative_id = p_coop and member_id = p_member and pin_next = p_hash;
	return found;
end $$;

grant select, insert, update, delete on members, member_numbers to adit_gateway;
grant select, insert, update on member_counters to adit_gateway;
