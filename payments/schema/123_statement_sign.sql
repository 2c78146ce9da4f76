-- A day is signed off when all of it is matched or closed, by a person; it can be opened
-- again by another, with a note.  Both stand in the chain of decisions.

create table statement_signs (
	cooperative_id integer not null references cooperatives,
	provider text not null,
	day integer not null,
	signed_ms bigint not null,
	signed_by text not null,
	statement_balance bigint,
	account_balance bigint not null, -- of all floats of the account
	ledger_balance bigint not null,  -- of this cooperative's
	carried bigint not null,
	reopened_by text,
	reopened_ms bigint,
	note text,
	primary key (cooperative_id, provider, day, signed_ms),
	check ((reopened_by is null) = (note is null) and (note is null) = (reopened_ms is null)),
	check (lower(trim(reopened_by)) <> lower(trim(signed_by)))
);
grant select on statement_signs to adit_gateway;

create function statement_audit(p_coop integer, p_now bigint, p_action text, p_detail text)
returns void language sql as $$
	select effect_audit_new(p_coop, jsonb_build_array(jsonb_build_object('at_ms', p_now,
		'action', p_action, 'detail', p_detail || ', from the shell as ' || session_user)))
$$;

-- An item is closed: '' or what is wrong.
create function statement_close(p_code text, p_by text, p_note text, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	i statement_items;
begin
	update statement_items x set state = 'closed', closed_by = p_by, closed_ms = p_now, note = p_note
	where x.code = upper(p_code) and x.state = 'open' returning * into i;
	if not found then
		return coalesce((select case x.state when 'closed' then 'was closed by ' || x.closed_by
			else 'is not open any more: both sides agree' end from statement_items x
			where x.code = upper(p_code) limit 1), 'is no item');
	end if;
	perform statement_audit(i.cooperative_id, p_now, 'statement.close', format('%s %s %s: %s, by %s: %s',
		i.code, i.provider, i.kind, i.words, p_by, p_note));
	return '';
end $$;

-- The lock of a day, computed from what stands in the books: never below what is locked.
create function statement_lock(p_coop integer, p_provider text, p_owner uuid, p_currency text, p_day integer,
	p_carried bigint) returns bigint language plpgsql as $$
declare
	float_id uuid;
	held bigint;
	ends uuid := uuid7_floor(day_begin_ms(p_coop, p_day + 1));
begin
	select a.account_id, a.balance - coalesce((select sum(e.amount) from entries e
		where e.cooperative_id = p_coop and e.account_id = a.account_id and e.transfer_id >= ends), 0)
	into float_id, held
	from accounts a where a.cooperative_id = p_coop and a.kind = 0 and a.owner = p_owner and a.unit = p_currency;
	insert into statement_locks values (p_coop, p_provider, p_day, ends, float_id, coalesce(held, 0), p_carried)
	on conflict (cooperative_id, provider) do update set until_day = excluded.until_day, until_id = excluded.until_id,
		account_id = excluded.account_id, ledger_balance = excluded.ledger_balance, carried = excluded.carried;
	return coalesce(held, 0);
end $$;

-- '' or what is wrong.  Waits for the writer's batch in flight, as a takeover does.
create function statement_sign(p_provider text, p_owner uuid, p_currency text, p_day integer, p_by text, p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	open_items bigint;
	a record;
	c integer;
	ours bigint;
begin
	perform pg_advisory_xact_lock(7236452101);
	perform pg_advisory_xact_lock(hashtextextended(p_provider, 7236452103));
	if exists (select from statement_locks x where x.provider = p_provider and x.until_day >= p_day) then
		return 'is signed off already, or lies before a day that is';
	elsif not exists (select from statement_days d where d.provider = p_provider and d.day = p_day) then
		return 'has no statement: import one, with --day if nothing moved';
	elsif exists (select from statement_files f where f.provider = p_provider and f.state = 'reading') then
		return 'waits for an import that was broken off: run it again';
	elsif exists (select from statement_days d where d.provider = p_provider
			and local_day(d.cooperative_id, p_now - 300000) <= p_day) then
		return 'is not over yet';
	end if;
	perform statement_check(p_provider, p_owner, p_currency, p_day, p_now);
	select count(*) into open_items from statement_items i
	where i.provider = p_provider and i.day <= p_day and i.state = 'open';
	if open_items > 0 then
		return format('has %s open items: adit statement items', open_items);
	end if;
	select * into a from statement_account(p_provider, p_owner, p_currency, p_day);
	for c in select k.cooperative_id from cooperatives k
		where exists (select from accounts f where f.cooperative_id = k.cooperative_id and f.kind = 0 and f.owner = p_owner)
			or exists (select from statement_days d where d.cooperative_id = k.cooperative_id and d.provider = p_provider)
			or exists (select from statement_lines l where l.cooperative_id = k.cooperative_id and l.provider = p_provider)
	loop
		ours := statement_lock(c, p_provider, p_owner, p_currency, p_day, coalesce(a.closing - a.ledger_closing, 0));
		insert into statement_signs values (c, p_provider, p_day, p_now, p_by, a.closing, a.ledger_closing, ours,
			coalesce(a.closing - a.ledger_closing, 0));
		perform statement_audit(c, p_now, 'statement.sign', format('%s %s: theirs %s, ours %s, by %s', p_provider,
			date '1970-01-01' + p_day, coalesce(a.closing::text, 'not told'), a.ledger_closing, p_by));
	end loop;
	return '';
end $$;

-- The last day that was signed off is opened again: '' or what is wrong.
create function statement_reopen(p_provider text, p_owner uuid, p_currency text, p_day integer, p_by text, p_note text,
	p_now bigint)
returns text language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	s statement_signs;
	earlier statement_signs;
begin
	perform pg_advisory_xact_lock(7236452101);
	perform pg_advisory_xact_lock(hashtextextended(p_provider, 7236452103));
	if not exists (select from statement_locks x where x.provider = p_provider and x.until_day >= p_day) then
		return 'is not signed off';
	elsif exists (select from statement_locks x where x.provider = p_provider and x.until_day > p_day) then
		return 'lies before a day that is signed off: open that one first';
	end if;
	for s in select * from statement_signs g where g.provider = p_provider and g.day = p_day and g.reopened_by is null
	loop
		if lower(trim(s.signed_by)) = lower(trim(p_by)) then
			return 'was signed off by the same person: another one must open it again';
		end if;
		update statement_signs g set reopened_by = p_by, reopened_ms = p_now, note = p_note
		where g.cooperative_id = s.cooperative_id and g.provider = s.provider and g.day = s.day
			and g.signed_ms = s.signed_ms;
		delete from statement_locks x where x.cooperative_id = s.cooperative_id and x.provider = p_provider;
		select * into earlier from statement_signs g where g.cooperative_id = s.cooperative_id
			and g.provider = p_provider and g.reopened_by is null order by g.day desc limit 1;
		if found then
			perform statement_lock(s.cooperative_id, p_provider, p_owner, p_currency, earlier.day, earlier.carried);
		end if;
		perform statement_audit(s.cooperative_id, p_now, 'statement.reopen', format('%s %s, signed by %s, by %s: %s',
			p_provider, date '1970-01-01' + p_day, s.signed_by, p_by, p_note));
	end loop;
	return '';
end $$;

-- What was signed stays as it was, whoever writes to the tables.
alter function book_faults() rename to book_faults_of_all_but_signs;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_of_all_but_signs()
	union all
	select x.cooperative_id, 'a signed day stays as it was', format('%s up to %s: signed with %s, now %s', x.provider,
		date '1970-01-01' + x.until_day, x.ledger_balance, n.balance)
	from statement_locks x cross join lateral (select coalesce(sum(e.amount), 0) as balance from entries e
		where e.cooperative_id = x.cooperative_id and e.account_id = x.account_id and e.transfer_id < x.until_id) n
	where n.balance <> x.ledger_balance
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;

revoke all on function statement_close, statement_sign, statement_reopen, statement_lock, statement_audit from public;
grant execute on function statement_close, statement_sign, statement_reopen to adit_gateway;
