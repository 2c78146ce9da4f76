-- What providers charge us, as dated data: a table of bands by provider, direction and
-- currency, in force from a moment on until a newer one.  Each outcome that is paid owes the
-- provider its fee (kind 21); what is owed is taken from the float soon after, when the
-- float holds it.  No tariff: no fee is booked.
insert into account_kinds values (20, 'provider_fee', 0), (21, 'provider_due', 2);

create table provider_tariffs (
	provider text not null check (provider <> ''),
	direction text not null check (direction in ('out', 'in')),
	currency text not null references currencies,
	from_ms bigint not null,
	upto bigint not null check (upto > 0), -- 9223372036854775807: no bound
	fixed bigint not null check (fixed >= 0),
	rate_bp integer not null check (rate_bp between 0 and 10000),
	least bigint not null default 0 check (least >= 0),
	most bigint not null default 9223372036854775807 check (most >= least),
	set_by text not null check (set_by <> ''),
	note text not null check (note <> ''),
	set_ms bigint not null,
	primary key (provider, direction, currency, from_ms, upto)
);
grant select on provider_tariffs to adit_gateway;

-- p_bands: [{"upto":..,"fixed":..,"rate_bp":..,"least":..,"most":..}, ...].  A table is in
-- force for ever once its time has come: only one of the future is replaced.  '' or why not.
create function provider_tariff_set(p_provider text, p_direction text, p_currency text, p_from bigint,
	p_bands jsonb, p_by text, p_note text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	if p_from < p_now then
		return 'past';
	elsif not exists (select from currencies where code = p_currency) then
		return 'no_currency';
	end if;
	delete from provider_tariffs where provider = p_provider and direction = p_direction
		and currency = p_currency and from_ms = p_from;
	insert into provider_tariffs (provider, direction, currency, from_ms, upto, fixed, rate_bp, least, most,
		set_by, note, set_ms)
	select p_provider, p_direction, p_currency, p_from, b.upto, b.fixed, b.rate_bp, b.least, b.most, p_by, p_note, p_now
	from jsonb_to_recordset(p_bands) as b(upto bigint, fixed bigint, rate_bp integer, least bigint, most bigint);
	return '';
end $$;
revoke all on function provider_tariff_set from public;
grant execute on function provider_tariff_set to adit_gateway;

create index accounts_provider_due on accounts (cooperative_id, owner) where kind = 21 and balance < 0;
