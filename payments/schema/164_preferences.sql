-- Which provider a cooperative likes best among those that reach a number: by rank, 1 first.
create table provider_preferences (
	cooperative_id integer not null references cooperatives,
	provider text not null check (provider <> ''),
	rank integer not null check (rank between 1 and 99),
	primary key (cooperative_id, provider)
);
-- Every change with who and why; names is the whole order, best first.
create table provider_preference_log (
	cooperative_id integer not null references cooperatives,
	at_ms bigint not null,
	names text[] not null,
	set_by text not null check (set_by <> ''),
	note text not null check (note <> ''),
	primary key (cooperative_id, at_ms)
);
grant select on provider_preferences, provider_preference_log to adit_gateway;

-- The new order takes the place of the old one; none at all: no preference.  False: no such
-- cooperative.
create function provider_prefer(p_code text, p_names text[], p_by text, p_note text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	coop integer;
begin
	select cooperative_id into coop from cooperatives where code = upper(p_code);
	if coop is null then
		return false;
	end if;
	delete from provider_preferences where cooperative_id = coop;
	insert into provider_preferences
	select coop, n.name, min(n.at) from unnest(p_names) with ordinality n(name, at) group by n.name;
	insert into provider_preference_log values (coop, p_now, p_names, p_by, p_note);
	return true;
end $$;
revoke all on function provider_prefer from public;
grant execute on function provider_prefer to adit_gateway;
