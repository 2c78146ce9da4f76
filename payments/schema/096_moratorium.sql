-- Days on which a site's members pay nothing: asked by one officer, declared by another.
create table moratoria (
	cooperative_id integer not null references cooperatives,
	moratorium_id uuid not null,
	site_id uuid not null,
	from_day integer not null,
	to_day integer not null,  -- both are in it
	interest text not null check (interest in ('RUNS', 'STOPS')),
	state text not null check (state in ('asked', 'declared', 'dropped')),
	asked_by uuid not null,
	asked_ms bigint not null,
	decided_by uuid,
	decided_ms bigint,
	primary key (cooperative_id, moratorium_id),
	foreign key (cooperative_id, site_id) references sites,
	check (to_day >= from_day),
	check ((state = 'asked') = (decided_by is null)),
	check (state <> 'declared' or decided_by <> asked_by)
);
create index moratoria_of_site on moratoria (cooperative_id, site_id, to_day) where state <> 'dropped';

-- A loan is done with one, once.
create table moratorium_loans (
	cooperative_id integer not null,
	moratorium_id uuid not null,
	loan_id uuid not null,
	days integer not null,  -- its dates moved by; 0: none was due inside
	told_ms bigint not null,
	primary key (cooperative_id, moratorium_id, loan_id),
	foreign key (cooperative_id, moratorium_id) references moratoria,
	foreign key (cooperative_id, loan_id) references loans
);
grant select on moratoria, moratorium_loans to adit_gateway;

-- One at a time for a site: none that is asked for or declared shares a day with another.
create function effect_moratorium_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from sites s join jsonb_to_recordset(p_bodies) as b(site_id uuid) on b.site_id = s.site_id
	where s.cooperative_id = p_coop order by s.site_id for update of s;
	insert into moratoria (cooperative_id, moratorium_id, site_id, from_day, to_day, interest, state, asked_by,
		asked_ms)
	select p_coop, b.moratorium_id, b.site_id, b.from_day, b.to_day, b.interest, 'asked', b.asked_by, b.asked_ms
	from jsonb_to_recordset(p_bodies) as b(moratorium_id uuid, site_id uuid, from_day integer, to_day integer,
		interest text, asked_by uuid, asked_ms bigint);
	if exists (select from jsonb_to_recordset(p_bodies) as b(moratorium_id uuid, site_id uuid, from_day integer,
			to_day integer)
		join moratoria q on q.cooperative_id = p_coop and q.site_id = b.site_id and q.state <> 'dropped'
			and q.moratorium_id <> b.moratorium_id and q.from_day <= b.to_day and q.to_day >= b.from_day) then
		raise exception 'shares days with another one' using errcode = 'AD001';
	end if;
exception when foreign_key_violation then
	raise exception 'no such site' using errcode = 'AD001';
end $$;

create function effect_moratorium_decide(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update moratoria q set state = b.state, decided_by = b.decided_by, decided_ms = b.decided_ms
	from jsonb_to_recordset(p_bodies) as b(moratorium_id uuid, state text, decided_by uuid, decided_ms bigint)
	where q.cooperative_id = p_coop and q.moratorium_id = b.moratorium_id and q.state = 'asked';
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'decided before' using errcode = 'AD001';
	end if;
end $$;

create function effect_moratorium_loan(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into moratorium_loans (cooperative_id, moratorium_id, loan_id, days, told_ms)
	select p_coop, b.moratorium_id, b.loan_id, b.days, b.told_ms
	from jsonb_to_recordset(p_bodies) as b(moratorium_id uuid, loan_id uuid, days integer, told_ms bigint);
exception when unique_violation then
	raise exception 'done before' using errcode = 'AD001';
end $$;

-- Rows that a loan has no more once its dates have moved (a penalty past the last day had a
-- row of its own).
create function effect_loan_rows_cut(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	delete from loan_rows r using jsonb_to_recordset(p_bodies) as b(loan_id uuid, rows integer)
	where r.cooperative_id = p_coop and r.loan_id = b.loan_id and r.row > b.rows;
$$;
revoke all on function effect_moratorium_new, effect_moratorium_decide, effect_moratorium_loan,
	effect_loan_rows_cut from public;

-- Live loans that a declared one still has to be told to, until its last day is over.
create function moratorium_waits(p_ms bigint, p_coop integer)
returns table (cooperative_id integer, moratorium_id uuid, loan_id uuid, site text, from_day integer, to_day integer,
	interest text, later boolean) language sql stable as $$
	select q.cooperative_id, q.moratorium_id, l.loan_id, s.code, q.from_day, q.to_day, q.interest,
		l.paid_ms > q.decided_ms
	from moratoria q join sites s on s.cooperative_id = q.cooperative_id and s.site_id = q.site_id
		join loans l on l.cooperative_id = q.cooperative_id and l.state = 'live'
		join members m on m.cooperative_id = l.cooperative_id and m.member_id = l.member_id
	where q.state = 'declared' and (p_coop = 0 or q.cooperative_id = p_coop)
		and q.to_day >= local_day(q.cooperative_id, p_ms)
		and site_of(q.cooperative_id, m.site_id) = q.site_id
		and not exists (select from moratorium_loans d where d.cooperative_id = q.cooperative_id
			and d.moratorium_id = q.moratorium_id and d.loan_id = l.loan_id);
$$;
grant execute on function moratorium_waits to adit_gateway;
