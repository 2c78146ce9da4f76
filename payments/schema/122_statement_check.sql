-- What a statement and our books disagree about.  A disagreement is an open item until the
-- facts agree ('gone') or a person closes it with a note ('closed'); nothing is mended here.

create table statement_items (
	cooperative_id integer not null references cooperatives,
	provider text not null,
	-- missing_here: they moved it, we know nothing of it.  missing_there: we say paid, they
	-- list nothing.  amount, state, direction: both know it, and differ.  twice: they moved
	-- it again.  balance: the float is not what they say.  sum: their own lines do not add
	-- up.  gap: they begin with another balance than the day before ended with.  conflict,
	-- late: an import left a line out, as the same id was here with another content, or its
	-- day was signed off
	kind text not null check (kind in ('missing_here', 'missing_there', 'amount', 'state', 'direction', 'twice',
		'balance', 'sum', 'gap', 'conflict', 'late')),
	subject text not null, -- the line's key, the payment's id, or the day
	facts text not null,   -- other facts are another item
	code text not null,
	day integer not null,
	payment_code text not null default '',
	txn text not null default '',
	msisdn text not null default '',
	ours bigint,
	theirs bigint,
	currency text not null,
	words text not null,
	state text not null default 'open' check (state in ('open', 'gone', 'closed')),
	found_ms bigint not null,
	closed_by text,
	closed_ms bigint,
	note text,
	primary key (cooperative_id, provider, kind, subject, facts),
	check ((state = 'closed') = (closed_by is not null and note is not null))
);
create index statement_items_open on statement_items (provider, day) where state = 'open';
create index statement_items_by_code on statement_items (code);
grant select on statement_items to adit_gateway;

create function statement_item_code(p_coop integer, p_provider text, p_kind text, p_subject text, p_facts text)
returns text language sql immutable as $$
	select translate(upper(left(md5(concat_ws('/', p_coop, p_provider, p_kind, p_subject, p_facts)), 8)), '01', 'GH')
$$;

-- A line that an import did not take, as an item.
create function statement_left_out(p_coop integer, p_provider text, p_kind text, p_subject text, p_day integer,
	p_txn text, p_msisdn text, p_ours bigint, p_theirs bigint, p_currency text, p_words text, p_now bigint)
returns void language sql as $$
	insert into statement_items (cooperative_id, provider, kind, subject, facts, code, day, txn, msisdn, ours, theirs,
		currency, words, found_ms)
	values (p_coop, p_provider, p_kind, p_subject, p_words || ' ' || p_theirs, statement_item_code(p_coop, p_provider,
		p_kind, p_subject, p_words || ' ' || p_theirs), p_day, p_txn, p_msisdn, p_ours, p_theirs, p_currency, p_words,
		p_now)
	on conflict (cooperative_id, provider, kind, subject, facts) do update set state = 'open'
	where statement_items.state = 'gone'
$$;

-- The range that a check of a day looks at: behind what is signed off; if nothing is, from
-- the first day that has a statement.
create function statement_from(p_coop integer, p_provider text, p_day integer) returns integer language sql stable as $$
	select coalesce((select x.until_day from statement_locks x
			where x.cooperative_id = p_coop and x.provider = p_provider),
		(select min(d.day) - 1 from statement_days d where d.provider = p_provider), p_day)
$$;

-- What we say was paid through a provider in some days, and what came unasked: by the moment
-- of its outcome here.
create function statement_ours(p_coop integer, p_provider text, p_from integer, p_to integer)
returns table (subject uuid, payment_code text, amount bigint, reference uuid, txn text, msisdn text, currency text,
	day integer) language sql stable as $$
	with span as materialized (
		select day_begin_ms(p_coop, p_from + 1) as begins, day_begin_ms(p_coop, p_to + 1) as ends)
	select p.payment_id, p.code, case p.direction when 'out' then -p.amount else p.amount end, p.reference,
		p.provider_txn, p.msisdn, p.currency, local_day(p_coop, e.at_ms)
	from payments p cross join lateral (select v.at_ms from payment_events v
		where v.cooperative_id = p.cooperative_id and v.payment_id = p.payment_id and v.kind = 'outcome'
		order by v.event_id desc limit 1) e
	where p.cooperative_id = p_coop and p.provider = p_provider and p.state = 'paid'
		and p.changed_ms >= (select begins from span)
		and e.at_ms >= (select begins from span) and e.at_ms < (select ends from span)
	union all
	select a.arrival_id, a.code, a.amount, null, a.provider_txn, a.msisdn, a.currency, local_day(p_coop, a.arrived_ms)
	from arrivals a
	where a.cooperative_id = p_coop and a.provider = p_provider and a.source = 'push'
		and a.arrived_ms >= (select begins from span) and a.arrived_ms < (select ends from span)
		and not exists (select from payments p where p.cooperative_id = a.cooperative_id
			and p.provider = a.provider and p.provider_txn = a.provider_txn and p.provider_txn <> '')
$$;

-- Lines with what they are about here.
create function statement_pairs(p_coop integer, p_provider text, p_from integer, p_to integer)
returns table (line_key text, kind text, state text, amount bigint, fee bigint, day integer, txn text, msisdn text,
	currency text, details text, again boolean, payment_code text, direction text, our_state text, our_amount bigint)
language sql stable as $$
	select l.line_key, l.kind, l.state, l.amount, l.fee, l.day, l.txn, l.msisdn, l.currency, l.details,
		exists (select from statement_lines o where o.cooperative_id = p_coop and o.provider = p_provider
			and o.reference = l.reference and o.kind = l.kind and o.state = 'done' and l.state = 'done'
			and (o.at_ms, o.line_key) < (l.at_ms, l.line_key)),
		coalesce(q.code, p.code, a.code), coalesce(q.direction, p.direction, case when a.code is not null then 'in' end),
		coalesce(q.state, p.state, case when a.code is not null then 'paid' end),
		coalesce(q.amount, p.amount, a.amount)
	from statement_lines l
	left join payments q on q.cooperative_id = p_coop and q.reference = l.reference and q.provider = p_provider
		and l.kind <> 'fee'
	left join lateral (select o.payment_id, o.arrival_id
		from statement_owner(p_provider, l.reference, l.said, l.txn) o
		where q.payment_id is null and l.kind <> 'fee') o on true
	left join payments p on p.cooperative_id = p_coop and p.payment_id = o.payment_id
	left join arrivals a on a.cooperative_id = p_coop and a.arrival_id = o.arrival_id
	where l.cooperative_id = p_coop and l.provider = p_provider and l.day > p_from and l.day <= p_to
$$;

-- What we say was paid and they list nowhere, on whatever day.
create function statement_only_ours(p_coop integer, p_provider text, p_from integer, p_to integer)
returns table (subject uuid, day integer, payment_code text, txn text, msisdn text, amount bigint, currency text)
language sql stable as $$
	select o.subject, o.day, o.payment_code, o.txn, o.msisdn, o.amount, o.currency
	from statement_ours(p_coop, p_provider, p_from, p_to) o
	where not exists (select from statement_lines l where l.cooperative_id = p_coop and l.provider = p_provider
			and l.kind <> 'fee' and l.reference = o.reference)
		and not exists (select from statement_lines l where l.cooperative_id = p_coop and l.provider = p_provider
			and l.kind <> 'fee' and l.txn = o.txn and l.txn <> '')
		and not exists (select from statement_lines l where l.cooperative_id = p_coop and l.provider = p_provider
			and l.kind = 'in' and l.reference is null and l.day between o.day - 3 and o.day + 3
			and l.said ~ '^[0-9a-fA-F]{12}$'
			and lower(l.said) = left(replace(o.reference::text, '-', ''), 12))
$$;

-- What stands on one side only, or differs.
create function statement_differences(p_coop integer, p_provider text, p_from integer, p_to integer)
returns table (kind text, subject text, day integer, payment_code text, txn text, msisdn text, ours bigint,
	theirs bigint, currency text, words text) language sql stable as $$
	select d.kind, x.line_key, x.day, coalesce(x.payment_code, ''), x.txn, x.msisdn,
		case when x.direction = 'out' then -x.our_amount else x.our_amount end, x.amount, x.currency, d.words
	from statement_pairs(p_coop, p_provider, p_from, p_to) x
	cross join lateral (values
		('missing_here', x.payment_code is null and x.state <> 'failed',
			case x.state when 'pending' then 'pending there, unknown here' else 'they have it, we do not' end
			|| case when x.details <> '' then ': ' || x.details else '' end),
		('twice', x.again, 'a second line of the same payment'),
		('direction', not x.again and x.direction <> x.kind, format('%s there, %s here', x.kind, x.direction)),
		('amount', not x.again and x.direction = x.kind and abs(x.amount) <> x.our_amount and x.state <> 'failed',
			format('%s there, %s here', abs(x.amount), x.our_amount)),
		('state', not x.again and x.payment_code is not null and (x.state = 'pending'
				or (x.state = 'done') <> (x.our_state = 'paid')),
			format('%s there, %s here', x.state, x.our_state))) as d(kind, holds, words)
	where x.kind <> 'fee' and d.holds
	union all
	select 'missing_there', o.subject::text, o.day, o.payment_code, o.txn, o.msisdn, o.amount, null, o.currency,
		'paid here, they do not have it'
	from statement_only_ours(p_coop, p_provider, p_from, p_to) o
$$;

-- Their balance at the end of a day: null if no line of the account tells one.
create function statement_closing(p_provider text, p_currency text, p_day integer)
returns bigint language sql stable as $$
	select l.balance from statement_lines l join statement_files f on f.provider = l.provider
		and f.file_hash = l.file_hash
	where l.provider = p_provider and l.currency = p_currency and l.state = 'done' and l.balance is not null
		and l.day = (select max(o.day) from statement_lines o where o.provider = p_provider
			and o.currency = p_currency and o.state = 'done' and o.balance is not null and o.day <= p_day)
	order by l.at_ms desc, case when f.descending then -l.line_no else l.line_no end desc limit 1
$$;

-- One day of an account: theirs, ours, and what explains the difference.  All cooperatives
-- with a float there count together, as the account is one.  A fee that a tariff booked with
-- its payment (138_tariffs.sql) is in our float already: fees_since is what is beyond those.
create function statement_account(p_provider text, p_owner uuid, p_currency text, p_day integer)
returns table (lines bigint, opening bigint, paid_in bigint, withdrawn bigint, fees bigint, closing bigint,
	ledger_opening bigint, ledger_in bigint, ledger_out bigint, ledger_closing bigint, carried bigint,
	fees_since bigint, only_there bigint, only_here bigint, differing bigint, other_day bigint, unexplained bigint)
language plpgsql stable as $$
declare
	theirs bigint;
	ours bigint;
	c record;
begin
	select count(*), coalesce(sum(l.amount) filter (where l.kind = 'in' and l.state = 'done'), 0),
		coalesce(-sum(l.amount) filter (where l.kind = 'out' and l.state = 'done'), 0),
		coalesce(sum(l.fee - case l.kind when 'fee' then l.amount else 0 end) filter (where l.state = 'done'), 0)
	into lines, paid_in, withdrawn, fees
	from statement_lines l where l.provider = p_provider and l.currency = p_currency and l.day = p_day;
	closing := statement_closing(p_provider, p_currency, p_day);
	select l.balance - l.amount + l.fee into opening
	from statement_lines l join statement_files f on f.provider = l.provider and f.file_hash = l.file_hash
	where l.provider = p_provider and l.currency = p_currency and l.day = p_day and l.state = 'done'
		and l.balance is not null
	order by l.at_ms, case when f.descending then -l.line_no else l.line_no end limit 1;
	opening := coalesce(opening, closing);
	ledger_opening := 0; ledger_in := 0; ledger_out := 0; ledger_closing := 0;
	fees_since := 0; only_there := 0; only_here := 0; differing := 0; theirs := 0; ours := 0;
	for c in select k.cooperative_id, a.account_id, a.balance, statement_from(k.cooperative_id, p_provider, p_day) as since,
			uuid7_floor(day_begin_ms(k.cooperative_id, p_day)) as begins,
			uuid7_floor(day_begin_ms(k.cooperative_id, p_day + 1)) as ends
		from cooperatives k left join accounts a on a.cooperative_id = k.cooperative_id and a.kind = 0
			and a.owner = p_owner and a.unit = p_currency
	loop
		if c.account_id is not null then
			select ledger_closing + c.balance - coalesce(sum(e.amount) filter (where e.transfer_id >= c.ends), 0),
				ledger_in + coalesce(sum(e.amount) filter (where e.amount > 0 and e.transfer_id < c.ends), 0),
				ledger_out - coalesce(sum(e.amount) filter (where e.amount < 0 and e.transfer_id < c.ends), 0)
			into ledger_closing, ledger_in, ledger_out
			from entries e where e.cooperative_id = c.cooperative_id and e.account_id = c.account_id
				and e.transfer_id >= c.begins;
		end if;
		select theirs + coalesce(sum(l.amount) filter (where l.kind <> 'fee'), 0),
			fees_since + coalesce(sum(l.fee - case l.kind when 'fee' then l.amount else 0 end), 0)
		into theirs, fees_since
		from statement_lines l where l.cooperative_id = c.cooperative_id and l.provider = p_provider
			and l.currency = p_currency and l.state = 'done' and l.day > c.since and l.day <= p_day;
		select fees_since - coalesce(sum(f.fee), 0) into fees_since
		from payment_fees f where f.cooperative_id = c.cooperative_id and f.provider = p_provider
			and f.currency = p_currency and not f.due
			and f.booked_ms >= day_begin_ms(c.cooperative_id, c.since + 1)
			and f.booked_ms < day_begin_ms(c.cooperative_id, p_day + 1);
		select ours + coalesce(sum(o.amount), 0) into ours
		from statement_ours(c.cooperative_id, p_provider, c.since, p_day) o where o.currency = p_currency;
		select only_there + coalesce(sum(x.amount) filter (where x.state = 'done'
				and (x.payment_code is null or x.again)), 0),
			differing + coalesce(sum(case when x.state = 'done' then x.amount else 0 end
				- case when x.our_state <> 'paid' then 0 when x.direction = 'out' then -x.our_amount
					else x.our_amount end) filter (where x.payment_code is not null and not x.again), 0)
		into only_there, differing
		from statement_pairs(c.cooperative_id, p_provider, c.since, p_day) x
		where x.kind <> 'fee' and x.currency = p_currency;
		select only_here + coalesce(sum(o.amount), 0) into only_here
		from statement_only_ours(c.cooperative_id, p_provider, c.since, p_day) o where o.currency = p_currency;
	end loop;
	ledger_opening := ledger_closing - ledger_in + ledger_out;
	carried := coalesce((select max(x.carried) from statement_locks x where x.provider = p_provider), 0);
	other_day := theirs - ours - only_there + only_here - differing;
	unexplained := closing - ledger_closing - carried + fees_since - (theirs - ours);
	return next;
end $$;

-- A line whose payment turned out to be another cooperative's goes there.
create function statement_settle_owners(p_provider text, p_day integer) returns void language sql as $$
	with moved as (
		delete from statement_lines l using statement_lines x cross join lateral statement_owner(p_provider,
			x.reference, x.said, x.txn) o
		where x.provider = p_provider and x.day <= p_day and o.cooperative_id <> x.cooperative_id
			and x.day > statement_from(x.cooperative_id, p_provider, p_day)
			and x.day > statement_from(o.cooperative_id, p_provider, p_day)
			and l.cooperative_id = x.cooperative_id and l.provider = x.provider and l.line_key = x.line_key
		returning o.cooperative_id as owner, l.*)
	insert into statement_lines (cooperative_id, provider, line_key, file_hash, line_no, at_ms, day, kind, state,
		amount, fee, currency, txn, reference, said, msisdn, balance, details)
	select owner, provider, line_key, file_hash, line_no, at_ms, day, kind, state, amount, fee, currency, txn,
		reference, said, msisdn, balance, details from moved
$$;

-- What holds of a day as a whole.  A difference of the balances that nothing explains is told
-- on the day on which it changes.
create function statement_day_differences(p_provider text, p_owner uuid, p_currency text, p_day integer)
returns table (cooperative_id integer, kind text, day integer, ours bigint, theirs bigint, words text)
language plpgsql stable as $$
declare
	d record;
	a record;
	before bigint;
	unexplained bigint := 0;
begin
	for d in select x.day, min(x.cooperative_id) as holder from statement_days x
		where x.provider = p_provider and x.day <= p_day
			and x.day > statement_from(x.cooperative_id, p_provider, p_day)
		group by x.day order by x.day
	loop
		select * into a from statement_account(p_provider, p_owner, p_currency, d.day);
		before := statement_closing(p_provider, p_currency, d.day - 1);
		return query select d.holder, v.kind, d.day, v.ours, v.theirs, v.words
		from (values
			('balance', a.unexplained <> unexplained, a.ledger_closing, a.closing,
				format('%s is not explained by what differs, by fees or by what was carried on',
					a.unexplained - unexplained)),
			('sum', a.opening + a.paid_in - a.withdrawn - a.fees <> a.closing, a.closing,
				a.opening + a.paid_in - a.withdrawn - a.fees, 'their lines do not add up to their balance'),
			('gap', before <> a.opening, before, a.opening, 'they begin with another balance than they ended with'))
			as v(kind, holds, ours, theirs, words)
		where v.holds;
		unexplained := coalesce(a.unexplained, unexplained);
	end loop;
end $$;

-- All that is to be found now, with what makes it another item when it changes.
create function statement_found(p_provider text, p_owner uuid, p_currency text, p_day integer)
returns table (cooperative_id integer, kind text, subject text, facts text, day integer, payment_code text, txn text,
	msisdn text, ours bigint, theirs bigint, currency text, words text) language sql stable as $$
	select f.cooperative_id, f.kind, f.subject,
		f.words || ' ' || coalesce(f.ours, 0) || '/' || coalesce(f.theirs, 0), f.day, f.payment_code, f.txn, f.msisdn,
		f.ours, f.theirs, f.currency, f.words
	from (
		select c.cooperative_id, d.kind, d.subject, d.day, d.payment_code, d.txn, d.msisdn, d.ours, d.theirs,
			d.currency, d.words
		from cooperatives c cross join lateral statement_differences(c.cooperative_id, p_provider,
			statement_from(c.cooperative_id, p_provider, p_day), p_day) d
		union all
		select w.cooperative_id, w.kind, w.day::text, w.day, '', '', '', w.ours, w.theirs, p_currency, w.words
		from statement_day_differences(p_provider, p_owner, p_currency, p_day) w) f
$$;

-- The open items of the days up to one, brought up to date.
create function statement_check(p_provider text, p_owner uuid, p_currency text, p_day integer, p_now bigint)
returns void language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(p_provider, 7236452103));
	perform statement_settle_owners(p_provider, p_day);
	with found_now as materialized (
		select * from statement_found(p_provider, p_owner, p_currency, p_day)
	), gone as (
		update statement_items i set state = 'gone'
		where i.provider = p_provider and i.day <= p_day and i.state = 'open' and i.kind not in ('conflict', 'late')
			and i.day > statement_from(i.cooperative_id, p_provider, p_day)
			and not exists (select from found_now f where f.cooperative_id = i.cooperative_id and f.kind = i.kind
				and f.subject = i.subject and f.facts = i.facts)
	)
	insert into statement_items (cooperative_id, provider, kind, subject, facts, code, day, payment_code, txn, msisdn,
		ours, theirs, currency, words, found_ms)
	select f.cooperative_id, p_provider, f.kind, f.subject, f.facts,
		statement_item_code(f.cooperative_id, p_provider, f.kind, f.subject, f.facts),
		f.day, f.payment_code, f.txn, f.msisdn, f.ours, f.theirs, f.currency, f.words, p_now
	from found_now f
	on conflict (cooperative_id, provider, kind, subject, facts) do update set state = 'open'
	where statement_items.state = 'gone';
end $$;

revoke all on function statement_check, statement_settle_owners, statement_left_out from public;
grant execute on function statement_check to adit_gateway;
