-- Statements of providers: what they say moved on their account, line by line, as imported.
--
-- One account at a provider may serve several cooperatives.  A line belongs to the
-- cooperative whose payment (or money that arrived) it is; one that nobody knows belongs to
-- the holder, whom the import names.  Days are local days of the holder's time zone.

create table statement_files (
	cooperative_id integer not null references cooperatives, -- the holder
	provider text not null,
	file_hash bytea not null check (octet_length(file_hash) = 32),
	name text not null,
	bytes bigint not null,
	lines bigint not null,
	-- lines of the file up to here are in; a second run goes on behind it
	done_line bigint not null default 0,
	state text not null default 'reading' check (state in ('reading', 'whole')),
	-- newest first: seen from how the balances run
	descending boolean not null default false,
	added bigint not null default 0,
	repeated bigint not null default 0,
	-- lines told and not taken; the file is then read again as if it were new
	left_out bigint not null default 0,
	began_ms bigint not null,
	ended_ms bigint,
	primary key (cooperative_id, provider, file_hash)
);

-- Days that a whole file has spoken of: also those on which nothing moved.
create table statement_days (
	cooperative_id integer not null references cooperatives,
	provider text not null,
	day integer not null,
	file_hash bytea not null,
	primary key (cooperative_id, provider, day)
);

create table statement_lines (
	cooperative_id integer not null references cooperatives,
	provider text not null,
	-- their id and the kind: charges stand under the id of what they are for.  Without an
	-- id: file and line.
	line_key text not null,
	file_hash bytea not null,
	line_no bigint not null,
	at_ms bigint not null,
	day integer not null,
	kind text not null check (kind in ('out', 'in', 'fee')),
	state text not null check (state in ('done', 'failed', 'pending')),
	amount bigint not null, -- what the account gains; a loss is negative
	fee bigint not null default 0 check (fee >= 0), -- lost besides
	currency text not null,
	txn text not null,
	reference uuid, -- ours, where they print it
	said text not null default '',
	msisdn text not null default '',
	balance bigint, -- of the account, afterwards
	details text not null default '',
	primary key (cooperative_id, provider, line_key),
	check (kind <> 'out' or amount <= 0),
	check (kind <> 'in' or amount >= 0)
);
create index statement_lines_by_day on statement_lines (cooperative_id, provider, day);
create index statement_lines_by_key on statement_lines (provider, line_key);
create index statement_lines_by_txn on statement_lines (cooperative_id, provider, txn) where txn <> '';
create index statement_lines_by_reference on statement_lines (cooperative_id, provider, reference)
	where reference is not null;
create index statement_lines_by_file on statement_lines (file_hash, line_no);
create index payments_by_txn on payments (provider_txn, cooperative_id) where provider_txn <> '';
create index payments_paid on payments (cooperative_id, provider, changed_ms) where state = 'paid';
create index arrivals_by_txn on arrivals (provider_txn, cooperative_id) where source = 'push';
create index accounts_float on accounts (cooperative_id, owner) where kind = 0;

-- Up to and with this day a cooperative's books of one provider are signed off.  What moves
-- its float is then refused if it is dated before; the moment of a leg stands in its id.
create table statement_locks (
	cooperative_id integer not null references cooperatives,
	provider text not null,
	until_day integer not null,
	until_id uuid not null, -- the first id of the day after
	account_id uuid,        -- of the float; null if there is none yet
	ledger_balance bigint not null, -- of it, at the end of that day
	-- statement less ledger, of the whole account, as signed: carried on
	carried bigint not null,
	primary key (cooperative_id, provider)
);

grant select on statement_files, statement_days, statement_lines, statement_locks to adit_gateway;

create function uuid7_floor(p_ms bigint) returns uuid language sql immutable as $$
	select (lpad(to_hex(p_ms), 12, '0') || '00000000000000000000')::uuid
$$;
create function uuid7_ms(p_id uuid) returns bigint language sql immutable as $$
	select ('x' || lpad(replace(left(p_id::text, 13), '-', ''), 16, '0'))::bit(64)::bigint
$$;
-- When a local day begins.
create function day_begin_ms(p_coop integer, p_day integer) returns bigint language sql stable as $$
	select (extract(epoch from (date '1970-01-01' + p_day)::timestamp at time zone c.timezone) * 1000)::bigint
	from cooperatives c where c.cooperative_id = p_coop
$$;

-- Who holds the account: as named, else the first cooperative with a float there, else the
-- first of that currency.  sharing: cooperatives with a float there.
create function statement_holder(p_code text, p_owner uuid, p_currency text)
returns table (cooperative_id integer, code text, exponent integer, sharing bigint)
language sql stable as $$
	select c.cooperative_id, c.code, u.exponent::integer,
		(select count(*) from accounts a where a.kind = 0 and a.owner = p_owner)
	from cooperatives c join currencies u on u.code = p_currency
	where case when p_code <> '' then c.code = upper(p_code) else c.currency = p_currency end
	order by not exists (select from accounts a where a.cooperative_id = c.cooperative_id and a.kind = 0
		and a.owner = p_owner), c.cooperative_id
	limit 1
$$;

-- A file is begun, or gone on with: the line up to which it is in.
create function statement_begin(p_holder integer, p_provider text, p_hash bytea, p_name text, p_bytes bigint,
	p_lines bigint, p_now bigint)
returns table (done_line bigint, state text) language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	insert into statement_files (cooperative_id, provider, file_hash, name, bytes, lines, began_ms)
	values (p_holder, p_provider, p_hash, p_name, p_bytes, p_lines, p_now) on conflict do nothing;
	update statement_files f set done_line = 0, state = 'reading', left_out = 0
	where f.cooperative_id = p_holder and f.provider = p_provider and f.file_hash = p_hash and f.state = 'whole'
		and f.left_out > 0;
	return query select f.done_line, f.state from statement_files f
	where f.cooperative_id = p_holder and f.provider = p_provider and f.file_hash = p_hash;
end $$;

-- The payment or arrival that a line is about, by what the provider prints: our reference, a
-- part of it (an account number of twelve digits), or their own id.
create function statement_owner(p_provider text, p_reference uuid, p_said text, p_txn text)
returns table (cooperative_id integer, payment_id uuid, arrival_id uuid) language sql stable as $$
	select f.cooperative_id, f.payment_id, f.arrival_id from (
		(select 1 as rank, p.cooperative_id, p.payment_id, null::uuid as arrival_id from payments p
			where p.reference = p_reference and p.provider = p_provider limit 1)
		union all
		(select 2, p.cooperative_id, p.payment_id, null from payments p
			where p.provider_txn = p_txn and p.provider_txn <> '' and p.provider = p_provider limit 1)
		union all
		(select 3, p.cooperative_id, p.payment_id, null from payments p
			where p_reference is null and p_said ~ '^[0-9a-fA-F]{12}$' and p.direction = 'in'
				and p.provider = p_provider
				and p.reference between (rpad(case when p_said ~ '^[0-9a-fA-F]{12}$' then p_said else '' end, 32, '0'))::uuid
					and (rpad(case when p_said ~ '^[0-9a-fA-F]{12}$' then p_said else '' end, 32, 'f'))::uuid
			limit 1)
		union all
		(select 4, a.cooperative_id, null, a.arrival_id from arrivals a
			where a.provider_txn = p_txn and a.provider_txn <> '' and a.provider = p_provider and a.source = 'push' limit 1)
	) f order by f.rank limit 1
$$;

-- Lines as they are read, with their moment, their key and whose they are.
create function statement_incoming(p_holder integer, p_provider text, p_hash bytea, p_line bigint[], p_wall bigint[],
	p_zoned integer[], p_kind text[], p_state text[], p_amount bigint[], p_fee bigint[], p_balance bigint[],
	p_txn text[], p_reference uuid[], p_said text[], p_msisdn text[], p_details text[])
returns table (line_no bigint, kind text, state text, amount bigint, fee bigint, balance bigint, txn text,
	reference uuid, said text, msisdn text, details text, at_ms bigint, day integer, line_key text, coop integer)
language sql stable as $$
	select t.line_no, t.kind, t.state, t.amount, t.fee, nullif(t.balance, '-9223372036854775808'::bigint), t.txn,
		t.reference, t.said, t.msisdn, t.details, d.at_ms, local_day(p_holder, d.at_ms), k.line_key,
		coalesce(was.cooperative_id, own.cooperative_id, p_holder)
	from unnest(p_line, p_wall, p_zoned, p_kind, p_state, p_amount, p_fee, p_balance, p_txn, p_reference, p_said,
		p_msisdn, p_details) as t(line_no, wall, zoned, kind, state, amount, fee, balance, txn, reference, said,
		msisdn, details)
	cross join cooperatives c
	cross join lateral (select case when t.zoned = 1 then t.wall * 1000 else (extract(epoch from
		(timestamp '1970-01-01' + t.wall * interval '1 second') at time zone c.timezone) * 1000)::bigint end) d(at_ms)
	cross join lateral (select case when t.txn <> '' then t.txn || '/' || t.kind
		else '#' || encode(substr(p_hash, 1, 8), 'hex') || ':' || t.line_no end) k(line_key)
	left join lateral (select l.cooperative_id from statement_lines l
		where l.provider = p_provider and l.line_key = k.line_key limit 1) was on true
	left join lateral (select * from statement_owner(p_provider, t.reference, t.said, t.txn)) own on true
	where c.cooperative_id = p_holder
$$;

-- Some lines, and how far the file is then in.  Rows: fate and how many ('added',
-- 'repeated', 'changed': it was pending and is not any more); and one for each line that
-- was not taken: 'late' (its day is signed off) or 'conflict' (the same id stands here with
-- another content).  Both become items.
create function statement_add(p_holder integer, p_provider text, p_hash bytea, p_currency text, p_done_line bigint,
	p_line bigint[], p_wall bigint[], p_zoned integer[], p_kind text[], p_state text[], p_amount bigint[],
	p_fee bigint[], p_balance bigint[], p_txn text[], p_reference uuid[], p_said text[], p_msisdn text[],
	p_details text[], p_now bigint)
returns table (fate text, n bigint, line bigint) language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	r record;
	old statement_lines;
	taken bigint[];
	known bigint := 0;
	decided bigint := 0;
	refused bigint := 0;
begin
	perform pg_advisory_xact_lock(hashtextextended(p_provider, 7236452103));
	if not exists (select from statement_files f where f.cooperative_id = p_holder and f.provider = p_provider
			and f.file_hash = p_hash and f.done_line < p_done_line) then
		return; -- another run was faster
	end if;
	-- what is new, at once
	with fresh as (
		insert into statement_lines (cooperative_id, provider, line_key, file_hash, line_no, at_ms, day, kind, state,
			amount, fee, currency, txn, reference, said, msisdn, balance, details)
		select i.coop, p_provider, i.line_key, p_hash, i.line_no, i.at_ms, i.day, i.kind, i.state, i.amount, i.fee,
			p_currency, i.txn, i.reference, i.said, i.msisdn, i.balance, i.details
		from statement_incoming(p_holder, p_provider, p_hash, p_line, p_wall, p_zoned, p_kind, p_state, p_amount,
			p_fee, p_balance, p_txn, p_reference, p_said, p_msisdn, p_details) i
		where not exists (select from statement_locks x where x.cooperative_id in (i.coop, p_holder)
			and x.provider = p_provider and i.day <= x.until_day)
		on conflict do nothing returning line_no, line_key
	), here as (
		update statement_items i set state = 'gone' from fresh f
		where i.provider = p_provider and i.kind = 'late' and i.subject = f.line_key and i.state = 'open'
	)
	select coalesce(array_agg(f.line_no), '{}') into taken from fresh f;
	-- and the others one by one
	for r in select i.* from statement_incoming(p_holder, p_provider, p_hash, p_line, p_wall, p_zoned, p_kind, p_state,
			p_amount, p_fee, p_balance, p_txn, p_reference, p_said, p_msisdn, p_details) i
		where cardinality(taken) < cardinality(p_line) and i.line_no <> all(taken)
	loop
		select * into old from statement_lines l where l.cooperative_id = r.coop and l.provider = p_provider
			and l.line_key = r.line_key;
		if found and (old.kind, old.amount, old.fee, old.state) = (r.kind, r.amount, r.fee, r.state) then
			known := known + 1;
			-- what they export later holds: lines that were missing before move the balances
			update statement_lines l set file_hash = p_hash, line_no = r.line_no, at_ms = r.at_ms, balance = r.balance
			where l.cooperative_id = r.coop and l.provider = p_provider and l.line_key = r.line_key
				and l.day = r.day and not exists (select from statement_locks x where x.cooperative_id = r.coop
					and x.provider = p_provider and l.day <= x.until_day);
		elsif found and (old.state <> 'pending' or least(old.day, r.day) <= coalesce((select until_day from statement_locks x
				where x.cooperative_id = r.coop and x.provider = p_provider), least(old.day, r.day) - 1)) then
			fate := 'conflict'; n := 1; line := r.line_no;
			perform statement_left_out(r.coop, p_provider, fate, r.line_key, old.day, r.txn, r.msisdn, old.amount,
				r.amount, p_currency, format('imported before as %s %s, now %s %s', old.amount, old.state, r.amount,
				r.state), p_now);
			refused := refused + 1;
			return next;
		elsif not found then
			fate := 'late'; n := 1; line := r.line_no;
			perform statement_left_out(r.coop, p_provider, fate, r.line_key, r.day, r.txn, r.msisdn, null, r.amount,
				p_currency, 'they added it to a day that is signed off', p_now);
			refused := refused + 1;
			return next;
		else
			decided := decided + 1;
			update statement_lines l set file_hash = p_hash, line_no = r.line_no, at_ms = r.at_ms, day = r.day,
				state = r.state, amount = r.amount, fee = r.fee, balance = r.balance, details = r.details
			where l.cooperative_id = r.coop and l.provider = p_provider and l.line_key = r.line_key;
		end if;
	end loop;
	update statement_files f set done_line = p_done_line, added = f.added + cardinality(taken),
		repeated = f.repeated + known, left_out = f.left_out + refused
	where f.cooperative_id = p_holder and f.provider = p_provider and f.file_hash = p_hash;
	line := 0;
	for fate, n in values ('added', cardinality(taken)::bigint), ('repeated', known), ('changed', decided) loop
		return next;
	end loop;
end $$;

-- The file is in: which days it speaks of (from its lines, and the one that was named), and
-- in which order its lines run.
create function statement_end(p_holder integer, p_provider text, p_hash bytea, p_day integer, p_now bigint)
returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	update statement_files f set state = 'whole', ended_ms = p_now, descending = coalesce(o.down > o.up, false)
	from (select count(*) filter (where x.balance = x.before + x.amount - x.fee) as up,
			count(*) filter (where x.balance = x.behind + x.amount - x.fee) as down
		from (select l.balance, l.amount, l.fee, lag(l.balance) over w as before, lead(l.balance) over w as behind
			from statement_lines l where l.file_hash = p_hash and l.provider = p_provider and l.state = 'done'
				and l.balance is not null
			window w as (order by l.line_no)) x) o
	where f.cooperative_id = p_holder and f.provider = p_provider and f.file_hash = p_hash;
	insert into statement_days (cooperative_id, provider, day, file_hash)
	select distinct p_holder, p_provider, d.day, p_hash
	from (select l.day from statement_lines l where l.file_hash = p_hash and l.provider = p_provider
		union select p_day where p_day is not null) d
	on conflict do nothing;
end $$;

revoke all on function statement_begin, statement_add, statement_end from public;
grant execute on function statement_begin, statement_add, statement_end to adit_gateway;
