-- The day's run of a cooperative, once an evening in its own zone.

create table day_runs (
	cooperative_id integer not null references cooperatives,
	day integer not null,
	done_ms bigint not null,
	loans integer not null,
	changed integer not null,
	penalties integer not null,
	reminders integer not null,
	primary key (cooperative_id, day)
);
grant select on day_runs to adit_gateway;

-- Cooperatives where it is p_hour or later and today's run has not ended yet.
create function days_waiting(p_ms bigint, p_hour integer)
returns table (cooperative_id integer, day integer) language sql stable as $$
	select c.cooperative_id, local_day(c.cooperative_id, p_ms) from cooperatives c
	where extract(hour from to_timestamp(p_ms / 1000.0) at time zone c.timezone) >= p_hour
		and not exists (select from day_runs d where d.cooperative_id = c.cooperative_id
			and d.day = local_day(c.cooperative_id, p_ms))
	order by 1;
$$;

-- The first who says so stands.
create function day_done(p_coop integer, p_day integer, p_ms bigint, p_loans integer, p_changed integer,
	p_penalties integer, p_reminders integer)
returns void language sql security definer set search_path = pg_catalog, public as $$
	insert into day_runs values (p_coop, p_day, p_ms, p_loans, p_changed, p_penalties, p_reminders)
	on conflict do nothing;
$$;
revoke execute on function day_done from public;
grant execute on function day_done, days_waiting to adit_gateway;
