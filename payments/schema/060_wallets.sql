-- What wallets take: limits by country, provider and tier of the holder, each from a day on
-- until a newer row of the same key.  Money in minor units; 0: none known.  Rows are data:
-- change a limit by adding a row.
create table wallet_limits (
	country text not null check (country ~ '^[A-Z]{2}$'),
	provider text not null,  -- '': every one of the country that has no rows of its own
	currency text not null references currencies,
	tier smallint not null check (tier between 1 and 9),  -- 1: whom least is known of
	valid_from date not null,
	per_payment bigint not null default 0 check (per_payment >= 0),
	per_day bigint not null default 0 check (per_day >= 0),
	balance bigint not null default 0 check (balance >= 0),
	minimum bigint not null default 0 check (minimum >= 0),
	source text not null,
	primary key (country, provider, currency, tier, valid_from),
	check (minimum <= per_payment or per_payment = 0),
	check (minimum <= per_day or per_day = 0)
);
-- Where a source names no day, the row holds since before anybody looked.  A limit by the
-- month or year (Ghana's first tier, Tanzania's first two) is not held here yet.
insert into wallet_limits values
	('KE', '', 'KES', 1, '2000-01-01', 25000000, 50000000, 50000000, 0, 'providers'' help pages'),
	('UG', '', 'UGX', 1, '2000-01-01', 5000000, 20000000, 20000000, 500, 'providers'' help pages'),
	('TZ', '', 'TZS', 1, '2000-01-01', 100000000, 100000000, 200000000, 0, 'e-money tiers'),
	('TZ', '', 'TZS', 2, '2000-01-01', 300000000, 300000000, 500000000, 0, 'e-money tiers'),
	('TZ', '', 'TZS', 3, '2000-01-01', 1000000000, 5000000000, 5000000000, 0, 'e-money tiers'),
	('GH', '', 'GHS', 1, '2024-03-01', 1000000, 300000, 500000, 100, 'Bank of Ghana, March 2024'),
	('GH', '', 'GHS', 2, '2024-03-01', 1000000, 1500000, 4000000, 100, 'Bank of Ghana, March 2024'),
	('GH', '', 'GHS', 3, '2024-03-01', 1000000, 2500000, 7500000, 100, 'Bank of Ghana, March 2024'),
	('ZM', '', 'ZMW', 1, '2000-01-01', 2000000, 0, 0, 100, 'an aggregator''s configuration'),
	('SL', '', 'SLE', 1, '2000-01-01', 1500000, 0, 0, 100, 'an aggregator''s configuration'),
	('CD', 'vodacom', 'CDF', 1, '2000-01-01', 0, 0, 0, 100000, 'an aggregator''s configuration'),
	('BF', 'moov', 'XOF', 1, '2000-01-01', 0, 0, 0, 100, 'an aggregator''s configuration');

-- How well the provider knows who holds the wallet; null: not known here, so as tier 1.
alter table members add column wallet_tier smallint check (wallet_tier between 1 and 9);

-- The row in force: the provider's own before the country's, then the highest tier that is
-- not over the member's, then the newest.  No row: no limit is known.
create function wallet_limits_of(p_country text, p_provider text, p_currency text,
	p_tier integer, p_day date)
returns setof wallet_limits language sql stable as $$
	select * from wallet_limits w
	where w.country = p_country and w.provider in (p_provider, '') and w.currency = p_currency
		and w.tier <= p_tier and w.valid_from <= p_day
	order by w.provider = '', w.tier desc, w.valid_from desc limit 1;
$$;

grant select on wallet_limits to adit_gateway;
