-- Other dates for one loan: asked by one officer, agreed to by another.  One at a time.
create table loan_reschedules (
	cooperative_id integer not null,
	reschedule_id uuid not null,
	loan_id uuid not null,
	kind text not null check (kind in ('skip', 'date', 'more')),
	count integer not null,
	to_day integer not null,
	interest text not null check (interest in ('RUNS', 'STOPS')),
	state text not null check (state in ('asked', 'done', 'dropped')),
	asked_by uuid not null,
	asked_ms bigint not null,
	decided_by uuid,
	decided_ms bigint,
	primary key (cooperative_id, reschedule_id),
	foreign key (cooperative_id, loan_id) references loans,
	check ((state = 'asked') = (decided_by is null)),
	check (state <> 'done' or decided_by <> asked_by)
);
create unique index loan_reschedules_asked on loan_reschedules (cooperative_id, loan_id) where state = 'asked';
grant select on loan_reschedules to adit_gateway;

create function effect_reschedule_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into loan_reschedules (cooperative_id, reschedule_id, loan_id, kind, count, to_day, interest, state,
		asked_by, asked_ms)
	select p_coop, b.reschedule_id, b.loan_id, b.kind, b.count, b.to_day, b.interest, 'asked', b.asked_by, b.asked_ms
	from jsonb_to_recordset(p_bodies) as b(reschedule_id uuid, loan_id uuid, kind text, count integer,
		to_day integer, interest text, asked_by uuid, asked_ms bigint);
exception when unique_violation then
	raise exception 'another one is asked for' using errcode = 'AD001';
end $$;

create function effect_reschedule_decide(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update loan_reschedules q set state = b.state, decided_by = b.decided_by, decided_ms = b.decided_ms
	from jsonb_to_recordset(p_bodies) as b(reschedule_id uuid, state text, decided_by uuid, decided_ms bigint)
	where q.cooperative_id = p_coop and q.reschedule_id = b.reschedule_id and q.state = 'asked';
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'decided before' using errcode = 'AD001';
	end if;
end $$;
revoke all on function effect_reschedule_new, effect_reschedule_decide from public;
