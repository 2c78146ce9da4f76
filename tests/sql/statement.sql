-- Statements: whose a line is, what comes in once, what disagrees, who may sign and who may open again.
begin;
select plan(52);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone)
values (911, 'STAA', 'A', 'TZ', 'TZS', 'Africa/Dar_es_Salaam'), (912, 'STAB', 'B', 'TZ', 'TZS', 'Africa/Dar_es_Salaam');

create function pg_temp.id(n integer) returns uuid language sql immutable as
	$$ select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.ref(n integer) returns uuid language sql immutable as
	$$ select (lpad(n::text, 12, 'a') || '40008000000000000000')::uuid $$;
-- 2026-11-29 is day 20786; noon there is 09:00 UTC
create function pg_temp.noon(day integer) returns bigint language sql immutable as
	$$ select (day::bigint * 86400 + 9 * 3600) * 1000 $$;
insert into accounts (cooperative_id, account_id, kind, rule, unit, owner)
values (911, pg_temp.id(1), 0, 1, 'TZS', pg_temp.id(99)), (912, pg_temp.id(2), 0, 1, 'TZS', pg_temp.id(99)),
	(911, pg_temp.id(3), 11, 0, 'TZS', null), (912, pg_temp.id(4), 11, 0, 'TZS', null);
create function pg_temp.move(coop integer, day integer, n integer, amount bigint) returns void language plpgsql as $$
declare
	leg uuid := (left(uuid7_floor(pg_temp.noon(day))::text, 14) || '7000-8000-' || lpad(n::text, 12, '0'))::uuid;
begin
	perform ledger_apply(coop, array[leg], array[0], array[leg], null,
		array[case when amount > 0 then pg_temp.id(coop - 910) else pg_temp.id(coop - 908) end],
		array[case when amount > 0 then pg_temp.id(coop - 908) else pg_temp.id(coop - 910) end],
		array[abs(amount)], array[0::bigint]);
	insert into operations (cooperative_id, op_key, content, kind, result) values (coop, leg, leg, 'test', 0);
end $$;
create function pg_temp.pay(coop integer, n integer, day integer, way text, amount bigint, txn text) returns void
language plpgsql as $$
begin
	insert into payments (cooperative_id, payment_id, reference, direction, provider, purpose, purpose_id, hold_id,
		msisdn, amount, currency, code, state, created_ms, changed_ms, provider_txn)
	values (coop, pg_temp.id(n), pg_temp.ref(n), way, 'acc', 'test', pg_temp.id(n), pg_temp.id(n), '255712000100',
		amount, 'TZS', 'PAY' || n, 'paid', pg_temp.noon(day) - 1000, pg_temp.noon(day), txn);
	insert into payment_events (cooperative_id, payment_id, at_ms, kind) values (coop, pg_temp.id(n), pg_temp.noon(day),
		'outcome');
	perform pg_temp.move(coop, day, n, case way when 'in' then amount else -amount end);
end $$;
-- one line of a file
create function pg_temp.line(file text, no integer, day integer, kind text, state text, amount bigint, txn text,
	reference uuid default null, said text default '', balance bigint default null) returns text language plpgsql as $$
declare
	got text;
begin
	perform statement_begin(911, 'acc', sha256(file::bytea), file, 1, 1, 1);
	select string_agg(fate, ' ') into got from statement_add(911, 'acc', sha256(file::bytea), 'TZS', no::bigint,
		array[no::bigint], array[day::bigint * 86400 + 12 * 3600], array[0], array[kind], array[state], array[amount],
		array[0::bigint], array[coalesce(balance, '-9223372036854775808'::bigint)], array[txn], array[reference],
		array[said], array[''], array[''], 1000) where n > 0;
	return coalesce(got, '');
end $$;
create function pg_temp.whole(file text, day integer) returns void language sql as
	$$ select statement_end(911, 'acc', sha256(file::bytea), day, 1) $$;
create function pg_temp.items(day integer) returns text language plpgsql as $$
begin
	perform statement_check('acc', pg_temp.id(99), 'TZS', day, 1);
	return (select coalesce(string_agg(i.cooperative_id || ' ' || i.kind, ', ' order by i.kind, i.subject), '')
		from statement_items i where i.provider = 'acc' and i.state = 'open');
end $$;
create function pg_temp.sign(day integer, who text, at integer default 20800) returns text language sql as
	$$ select statement_sign('acc', pg_temp.id(99), 'TZS', day, who, pg_temp.noon(at)) $$;
create function pg_temp.reopen(day integer, who text) returns text language sql as
	$$ select statement_reopen('acc', pg_temp.id(99), 'TZS', day, who, 'why', pg_temp.noon(20800)) $$;

-- ids are moments
select is(uuid7_ms(uuid7_floor(1796034153123)), 1796034153123::bigint, 'the moment of an id');
select is(day_begin_ms(911, 20786), (20786::bigint * 86400 - 3 * 3600) * 1000, 'a day begins at its own midnight');

-- the holder
select is((select code from statement_holder('', pg_temp.id(99), 'TZS')), 'STAA', 'the first with a float there');
select is((select code from statement_holder('stab', pg_temp.id(99), 'TZS')), 'STAB', 'or as named');
select is((select count(*) from statement_holder('NOBODY', pg_temp.id(99), 'TZS')), 0::bigint, 'or nobody');
select is((select sharing from statement_holder('', pg_temp.id(99), 'TZS')), 2::bigint, 'two share the account');

-- whose a line is
select pg_temp.move(911, 20785, 500, 100000), pg_temp.move(912, 20785, 501, 50000);
select pg_temp.pay(911, 10, 20786, 'out', 3000, ''), pg_temp.pay(912, 11, 20786, 'in', 2000, 'T11'),
	pg_temp.pay(912, 12, 20786, 'in', 1500, '');
select is(pg_temp.line('f1', 2, 20786, 'out', 'done', -3000, 'T10', pg_temp.ref(10), '', 147000), 'added',
	'by our reference');
select is(pg_temp.line('f1', 3, 20786, 'in', 'done', 2000, 'T11', null, '', 149000), 'added', 'by their id');
select is(pg_temp.line('f1', 4, 20786, 'in', 'done', 1500, 'T12', null,
	left(replace(pg_temp.ref(12)::text, '-', ''), 12), 150500), 'added', 'by the account number of a prompt');
select is(pg_temp.line('f1', 5, 20786, 'fee', 'done', -50, 'T10', null, '', 150450), 'added', 'a charge under the same id');
select is(pg_temp.line('f1', 5, 20786, 'fee', 'done', -50, 'T10'), '', 'a line that is in is not asked again');
select pg_temp.whole('f1', 20786);
select is((select string_agg(cooperative_id::text, ' ' order by line_no) from statement_lines where provider = 'acc'),
	'911 912 912 911', 'each with its cooperative');
select is(pg_temp.items(20786), '', 'all agrees');
select is((select row(closing, ledger_closing, fees_since, unexplained)::text from statement_account('acc', pg_temp.id(99),
	'TZS', 20786)), '(150450,150500,50,0)', 'the balance is ours less the fees, over all who share the account');

-- once, whatever the file
select is(pg_temp.line('f2', 2, 20786, 'out', 'done', -3000, 'T10', pg_temp.ref(10), '', 147000), 'repeated',
	'the same line in another file');
select is(pg_temp.line('f2', 3, 20786, 'in', 'done', 2001, 'T11'), 'conflict', 'the same id with another amount');
select is((select ours || '/' || theirs from statement_items where kind = 'conflict'), '2000/2001', 'is an item');
select is(pg_temp.line('f2', 4, 20786, 'out', 'pending', -700, 'T13'), 'added', 'something is pending there');
select is(pg_temp.items(20786), '912 conflict, 911 missing_here', 'and unknown here');
select is(pg_temp.line('f3', 2, 20786, 'out', 'failed', -700, 'T13'), 'changed', 'then it failed');
select is(pg_temp.line('f3', 3, 20786, 'out', 'done', -700, 'T13'), 'conflict', 'what ended does not end otherwise');
select is(pg_temp.line('f3', 4, 20786, 'out', 'done', -10, ''), 'added', 'without an id: by file and line');
select is(pg_temp.sign(20786, 'Asha'), 'waits for an import that was broken off: run it again', 'no half import is signed');
select pg_temp.whole('f2', null), pg_temp.whole('f3', null);
delete from statement_lines where txn = '' and provider = 'acc';

-- what a person closes
select is(statement_close('NOSUCH', 'Juma', 'x', 1), 'is no item', 'no such item');
select matches(pg_temp.sign(20786, 'Asha'), 'has [0-9]+ open items', 'open items');
select is((select string_agg(statement_close(code, 'Juma', 'asked them', 1), '') from statement_items
	where provider = 'acc' and state = 'open'), '', 'closed');
select matches((select statement_close(code, 'Juma', 'x', 1) from statement_items where kind = 'conflict' limit 1),
	'was closed by Juma', 'once');
select is(pg_temp.items(20786), '', 'and they stay closed');

-- a line whose owner is known later
select is(pg_temp.line('f4', 2, 20787, 'in', 'done', 800, 'T14', null, '', 151250), 'added', 'money of nobody');
select pg_temp.whole('f4', 20787);
select is(pg_temp.items(20787), '911 missing_here', 'is the holder''s');
select pg_temp.pay(912, 14, 20787, 'in', 800, 'T14');
select is(pg_temp.items(20787), '', 'until its owner is known');
select is((select cooperative_id from statement_lines where txn = 'T14'), 912, 'whose line it is then');
select is((select state from statement_items where txn = 'T14'), 'gone', 'the finding ended by itself');

-- signing
select is(pg_temp.sign(20790, 'Asha'), 'has no statement: import one, with --day if nothing moved', 'nothing to sign');
select is(pg_temp.sign(20787, 'Asha', 20787), 'is not over yet', 'a day is over first');
select is(pg_temp.sign(20786, 'Asha'), '', 'signed');
select is((select string_agg(x.cooperative_id || ' ' || x.ledger_balance, ', ' order by x.cooperative_id)
	from statement_locks x where x.provider = 'acc'), '911 97000, 912 53500', 'for all who share the account');
select is((select carried from statement_locks where cooperative_id = 912 and provider = 'acc'), -50::bigint,
	'the fees are carried on');
select is(pg_temp.sign(20786, 'Asha'), 'is signed off already, or lies before a day that is', 'once');
select is(pg_temp.items(20787), '', 'the next day begins with what was carried on');

-- the lock
select throws_ok($$ select pg_temp.move(911, 20786, 600, 5) $$, 'AD001', null, 'no entry into a signed day');
select throws_ok($$ select pg_temp.move(912, 20700, 601, 5) $$, 'AD001', null, 'nor before it');
select lives_ok($$ select pg_temp.move(911, 20787, 602, 5) $$, 'the day after is open');
select is(pg_temp.line('f5', 2, 20786, 'in', 'done', 5, 'T15'), 'late', 'no line into a signed day');
select is(pg_temp.items(20787), '911 balance, 911 late', 'it is an item, as is what moved without a payment');
select is((select count(*) from book_faults() where cooperative_id in (911, 912) and invariant like '%signed%'), 0::bigint,
	'what was signed stays');
update entries set amount = amount + 1 where cooperative_id = 911 and account_id = pg_temp.id(1)
	and transfer_id = (select transfer_id from entries where cooperative_id = 911 and account_id = pg_temp.id(1)
		order by transfer_id limit 1);
select is((select count(*) from book_faults() where cooperative_id in (911, 912) and invariant like '%signed%'), 1::bigint,
	'or is found');

-- opening again
select is(pg_temp.reopen(20787, 'Juma'), 'is not signed off', 'what was never signed');
select matches(pg_temp.reopen(20786, ' ASHA'), 'same person', 'by another person');
select is(pg_temp.reopen(20786, 'Juma'), '', 'opened again');
select is((select string_agg(action, ' ' order by batch, line) from audit where cooperative_id = 912
	and action <> 'statement.close'), 'statement.sign statement.reopen', 'both are decisions');

-- the gateway's role
set local role adit_gateway;
select throws_ok($$ insert into statement_locks select 911, 'x', 1, uuid7_floor(1), null, 0, 0 $$, '42501', null,
	'the gateway writes no locks by hand');
reset role;
select * from finish();
rollback;
