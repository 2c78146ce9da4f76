-- The ledger: accounts, operations, transfers, entries, and the single writer's lease.
--
-- What C cannot do wrong: the gateway's role may only call the functions of 002.  Entries are made here from the legs,
-- balances are changed here by the entries, and every unit must sum to zero in the statement that changes it.
-- Every table carries cooperative_id first, so that it can be spread over machines by it; the reference tables
-- (currencies, cooperatives, account_kinds, writer_lease, schema_migrations) are copied to all of them.

do $$
begin
	if not exists (select from pg_roles where rolname = 'adit_gateway') then
		create role adit_gateway nologin;
	end if;
end $$;
grant usage on schema public to adit_gateway;

create table currencies (
	code     text primary key check (code ~ '^[A-Z]{3}$'),
	exponent smallint not null check (exponent between 0 and 4)
);
-- ISO 4217 minor units of the countries the product serves
insert into currencies values ('TZS', 2), ('KES', 2), ('UGX', 0), ('RWF', 0), ('CDF', 2), ('USD', 2), ('GHS', 2),
	('XOF', 0), ('GNF', 0), ('SLE', 2), ('ZMW', 2), ('MZN', 2), ('MGA', 2), ('ZWG', 2), ('COP', 2), ('PEN', 2),
	('PHP', 2), ('EUR', 2), ('NGN', 2), ('XAF', 0);

create table cooperatives (
	cooperative_id integer primary key check (cooperative_id > 0),
	code           text not null unique check (code ~ '^[A-Z0-9]{3,12}$'),
	name           text not null,
	country        text not null check (country ~ '^[A-Z]{2}$'),
	currency       text not null references currencies,
	timezone       text not null
);

-- rule: 0 none, 1 never a credit balance (asset), 2 never a debit balance (debt); the same numbers as enum account_rule
create table account_kinds (
	kind smallint primary key,
	name text not null unique,
	rule smallint not null check (rule between 0 and 2)
);
insert into account_kinds values (0, 'float', 1), (1, 'till', 1), (2, 'unmatched', 2), (3, 'member', 2), (4, 'loan', 1),
	(5, 'loan_fee', 1), (6, 'fee_income', 0), (7, 'levy', 2), (8, 'stock_cost', 1), (9, 'stock', 1), (10, 'mined', 0),
	(11, 'equity', 0), (12, 'rounding', 0);

create table writer_lease (
	lease  smallint primary key check (lease = 1),
	epoch  bigint not null,
	holder text not null,
	until  timestamptz not null
);
insert into writer_lease values (1, 0, '', '-infinity');

-- Every answer for ever: also what was refused stays refused under its key.
create table operations (
	cooperative_id integer not null references cooperatives,
	op_key   uuid not null,
	content  uuid not null,      -- first 128 bits of the BLAKE2b of what was asked
	kind     text not null,
	actor    uuid,
	result   smallint not null,  -- enum op_result
	made_at  timestamptz not null default now(),
	primary key (cooperative_id, op_key)
);

create table accounts (
	cooperative_id integer not null references cooperatives,
	account_id     uuid not null,
	balance        bigint not null default 0,  -- debits - credits
	pending_debit  bigint not null default 0 check (pending_debit >= 0),
	pending_credit bigint not null default 0 check (pending_credit >= 0),
	kind           smallint not null references account_kinds,
	rule           smallint not null,
	unit           text not null check (length(unit) between 3 and 11),
	owner          uuid,
	primary key (cooperative_id, account_id),
	constraint accounts_asset check (rule <> 1 or balance - pending_credit >= 0),
	constraint accounts_debt check (rule <> 2 or balance + pending_debit <= 0)
);

-- One row a leg.  A hold is resolved by exactly one later row that names it.
create table transfers (
	cooperative_id integer not null,
	transfer_id    uuid not null,
	op_key         uuid not null,
	debit          uuid not null,
	credit         uuid not null,
	amount         bigint not null check (amount > 0),
	kind           smallint not null check (kind between 0 and 4),  -- enum leg_kind
	hold_id        uuid,
	expires_at     timestamptz,
	primary key (cooperative_id, transfer_id),
	constraint transfers_two_accounts check (debit <> credit),
	constraint transfers_hold check ((kind >= 2) = (hold_id is not null)),
	constraint transfers_expiry check (expires_at is null or kind = 1)
);
create unique index transfers_resolved_once on transfers (cooperative_id, hold_id) where hold_id is not null;
create index transfers_expiring on transfers (cooperative_id, expires_at) where expires_at is not null;

-- Two rows a posted amount: +amount on the debit side, -amount on the credit side.
create table entries (
	cooperative_id integer not null,
	account_id     uuid not null,
	transfer_id    uuid not null,
	amount         bigint not null check (amount <> 0),
	primary key (cooperative_id, account_id, transfer_id)
);

grant select on currencies, cooperatives, account_kinds, writer_lease, operations, accounts, transfers, entries
	to adit_gateway;

-- Balances change at every commit, so their pages want room for new row versions: rows are loaded sparsely, and then
-- the threshold at which PostgreSQL prunes a page is lowered.  Run now and then on a large ledger, with writers away.
create function ledger_pack_accounts() returns void language plpgsql as $$
begin
	alter table accounts set (fillfactor = 45);
	create temporary table packed on commit drop as select * from accounts;
	truncate accounts;
	insert into accounts select * from packed order by cooperative_id, account_id;
	alter table accounts set (fillfactor = 95);
end $$;
alter table accounts set (fillfactor = 95, autovacuum_vacuum_scale_factor = 0.05);
