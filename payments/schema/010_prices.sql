-- What a cooperative trades by: sites, the price board, levies.  All of it is data.

create table sites (
	cooperative_id integer not null references cooperatives,
	site_id uuid not null,
	code text not null,
	name text not null,
	receipt_last bigint not null default 0,
	receipt_hash bytea not null default decode(repeat('00', 32), 'hex')
		check (octet_length(receipt_hash) = 32),
	primary key (cooperative_id, site_id),
	unique (cooperative_id, code)
);

create table trade_rules (
	cooperative_id integer primary key references cooperatives,
	price_hours integer not null default 24 check (price_hours > 0),
	quote_minutes integer not null default 15 check (quote_minutes > 0),
	paid_permille integer not null check (paid_permille between 1 and 1000),
	provider text not null
);

create table price_board (
	cooperative_id integer not null references cooperatives,
	price_id uuid not null,
	fine_gram bigint not null check (fine_gram > 0),
	paid_permille integer not null check (paid_permille between 1 and 1000),
	source text not null,
	state text not null check (state in ('waiting', 'valid', 'refused', 'replaced')),
	set_by uuid not null,
	set_ms bigint not null,
	confirmed_by uuid,
	confirmed_ms bigint,
	request_key uuid not null,
	primary key (cooperative_id, price_id),
	unique (cooperative_id, request_key),
	foreign key (cooperative_id, set_by) references members,
	foreign key (cooperative_id, confirmed_by) references members,
	check (confirmed_by <> set_by),
	check (state <> 'valid' or confirmed_by is not null)
);
create index price_board_newest on price_board (cooperative_id, state, set_ms);
create unique index price_board_waits on price_board (cooperative_id)
	where state = 'waiting';

create table levies (
	cooperative_id integer not null references cooperatives,
	levy_id uuid not null,
	code text not null,
	payee text not null,
	base text not null check (base in ('world', 'gross')),
	rate_bp integer not null check (rate_bp between 0 and 10000),
	position integer not null,
	from_day integer not null,
	to_day integer,
	primary key (cooperative_id, levy_id)
);

-- A new price waits for the second officer; an older one that still waits gives way.
create function effect_price_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	update price_board set state = 'replaced'
	where cooperative_id = p_coop and state = 'waiting';
	insert into price_board (cooperative_id, price_id, fine_gram, paid_permille, source,
		state, set_by, set_ms, request_key)
	select p_coop, b.price_id, b.fine_gram, b.paid_permille, b.source, 'waiting', b.set_by,
		b.set_ms, b.request_key
	from jsonb_to_recordset(p_bodies) as b(price_id uuid, fine_gram bigint,
		paid_permille integer, source text, set_by uuid, set_ms bigint, request_key uuid);
exception when unique_violation then
	raise exception 'another price waits' using errcode = 'AD001';
end $$;

create function effect_price_decide(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update price_board p set state = b.state, confirmed_by = b.confirmed_by,
		confirmed_ms = b.confirmed_ms
	from jsonb_to_recordset(p_bodies) as b(price_id uuid, state text, confirmed_by uuid,
		confirmed_ms bigint)
	where p.cooperative_id = p_coop and p.price_id = b.price_id and p.state = 'waiting'
		and p.set_by <> b.confirmed_by;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'price decided already' using errcode = 'AD001';
	end if;
end $$;

grant select on sites, trade_rules, price_board, levies to adit_gateway;
