-- One-time codes: what a member asked for by SMS, and the keyed hash of the code that confirms it.  The code is nowhere
-- here; the seed it is made of stands with the message that tells it, and is worth nothing without the key.
--
--   open --the right code--> used          (what follows has the code's id as its key)
--     |--three wrong ones--> spent
--     `--asked for again---> replaced      (one is open at a time)

create table sms_codes (
	cooperative_id integer not null references cooperatives,
	code_id uuid not null,
	member_id uuid not null,
	msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'), -- told there, and good from there alone
	action text not null check (action in ('pay')),
	amount bigint not null check (amount > 0),
	hash bytea not null check (octet_length(hash) = 32),
	state text not null default 'open' check (state in ('open', 'used', 'spent', 'replaced')),
	tries integer not null default 0 check (tries between 0 and 3),
	last_try uuid, -- the SMS that tried: delivered again, it counts once
	made_ms bigint not null,
	expires_ms bigint not null,
	ended_ms bigint,
	primary key (cooperative_id, code_id),
	foreign key (cooperative_id, member_id) references members,
	check ((state = 'open') = (ended_ms is null)),
	check ((state = 'spent') <= (tries = 3))
);
create unique index sms_codes_open on sms_codes (cooperative_id, member_id) where state = 'open';
create index sms_codes_tried on sms_codes (cooperative_id, member_id, last_try) where last_try is not null;

create function effect_sms_code_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	b record;
begin
	for b in select * from jsonb_to_recordset(p_bodies) as x(code_id uuid, member_id uuid, msisdn text, action text,
		amount bigint, hash text, made_ms bigint, expires_ms bigint)
	loop
		update sms_codes set state = 'replaced', ended_ms = b.made_ms
		where cooperative_id = p_coop and member_id = b.member_id and state = 'open';
		insert into sms_codes (cooperative_id, code_id, member_id, msisdn, action, amount, hash, made_ms, expires_ms)
		values (p_coop, b.code_id, b.member_id, b.msisdn, b.action, b.amount, decode(b.hash, 'hex'), b.made_ms,
			b.expires_ms);
	end loop;
end $$;

-- What p_sms says of the code.  verdict: right (now or before, by the same SMS), wrong, spent, late, none; left: tries.
create function sms_code_try(p_coop integer, p_code uuid, p_msisdn text, p_hash bytea, p_sms uuid, p_now bigint,
	out verdict text, out tries_left integer)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	c sms_codes;
begin
	select * into c from sms_codes where cooperative_id = p_coop and code_id = p_code for update;
	verdict := 'none';
	tries_left := 0;
	if not found or c.msisdn <> p_msisdn then
		return;
	end if;
	if c.last_try is distinct from p_sms and c.state = 'open' and p_now < c.expires_ms then
		c.state := case when c.hash = p_hash then 'used' when c.tries = 2 then 'spent' else 'open' end;
		c.tries := c.tries + (c.state <> 'used')::integer;
		c.last_try := p_sms;
		update sms_codes set state = c.state, tries = c.tries, last_try = p_sms,
			ended_ms = case when c.state <> 'open' then p_now end
		where cooperative_id = p_coop and code_id = p_code;
	elsif c.last_try is distinct from p_sms then
		verdict := case when c.state = 'open' then 'late' else 'none' end;
		return;
	end if;
	verdict := case c.state when 'used' then 'right' when 'spent' then 'spent' else 'wrong' end;
	tries_left := 3 - c.tries;
end $$;

revoke all on function effect_sms_code_new, sms_code_try from public;
grant execute on function sms_code_try to adit_gateway;
grant select on sms_codes to adit_gateway;
