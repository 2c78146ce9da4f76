-- The least and the most that a provider asks a wallet for by one prompt, by currency, each
-- from a day on until a newer row of the same key.  Money in minor units; 0: none known.  Rows
-- are data: change a limit by adding a row.  wallet_limits says what a wallet may be paid; a
-- prompt has bounds of its own, and whoever pays need not be known as well as whoever is paid:
-- where tiers differ, the highest stands here, and the network itself refuses the others.
create table prompt_limits (
	provider text not null,  -- '': every one of the currency that has no rows of its own
	currency text not null references currencies,
	valid_from date not null,
	least bigint not null default 0 check (least >= 0),
	most bigint not null default 0 check (most between 0 and 1000000000000000),
	source text not null check (source <> '' and length(source) <= 200),
	set_by text not null default '' check (length(set_by) <= 200),
	set_ms bigint not null default 0,
	primary key (provider, currency, valid_from),
	check (least <= most or most = 0)
);
grant select on prompt_limits to adit_gateway;

insert into prompt_limits (provider, currency, valid_from, least, most, source) values
	('', 'KES', '2000-01-01', 0, 25000000, 'providers'' help pages'),
	('', 'UGX', '2000-01-01', 500, 5000000, 'providers'' help pages'),
	('', 'TZS', '2000-01-01', 0, 1000000000, 'e-money tiers, the highest'),
	('', 'GHS', '2000-01-01', 100, 1500000, 'an aggregator''s configuration'),
	('', 'ZMW', '2000-01-01', 100, 2000000, 'an aggregator''s configuration'),
	('', 'SLE', '2000-01-01', 100, 1500000, 'an aggregator''s configuration'),
	('vodacom', 'CDF', '2000-01-01', 50000, 100000000, 'an aggregator''s configuration'),
	('moov', 'XOF', '2000-01-01', 100, 0, 'an aggregator''s configuration');

-- One row more.  False: there is one of that day already.
create function prompt_limit_add(p_provider text, p_currency text, p_from date, p_least bigint, p_most bigint,
	p_by text, p_note text, p_now bigint)
returns boolean language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	insert into prompt_limits values (p_provider, p_currency, p_from, p_least, p_most, p_note, p_by, p_now)
	on conflict do nothing;
	return found;
end $$;
revoke all on function prompt_limit_add from public;
grant execute on function prompt_limit_add to adit_gateway;
