-- The database is the last line: what a bug in C, or a hand at the console as the gateway, cannot do to the books.
begin;
select plan(32);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone)
	values (1, 'ONE', 'One', 'TZ', 'TZS', 'UTC'), (2, 'TWO', 'Two', 'KE', 'KES', 'UTC');

create function id(n integer) returns uuid language sql immutable as
	$$ select ('00000000-0000-8000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
grant execute on function id to adit_gateway;

-- accounts 1 float, 2 equity, 3 loan, 4 float in another unit
select accounts_open(1, array[id(1), id(2), id(3), id(4)], array[0, 11, 4, 0], array[id(1), null, id(3), id(1)],
	array['TZS', 'TZS', 'TZS', 'USD']);
select accounts_open(1, array[id(1)], array[11], array[null::uuid], array['TZS']);
select is((select kind::integer from accounts where account_id = id(1)), 0, 'opening again changes nothing');
select is((select rule::integer from accounts where account_id = id(1)), 1, 'the rule follows from the kind');

-- one leg through the batch function
create function batch(p_key integer, p_kind integer, p_transfer integer, p_hold integer, p_debit integer,
	p_credit integer, p_amount bigint, p_epoch bigint default 0) returns void language sql as $$
	select settle_batch(1, p_epoch, array[id(p_key)], array[id(p_key)], array['t'], array[null::uuid], array[0],
		null, null, null, null, array[id(p_key)], array[p_kind], array[id(p_transfer)],
		case when p_hold > 0 then array[id(p_hold)] end, array[id(p_debit)], array[id(p_credit)], array[p_amount],
		array[0::bigint], array[]::text[], array[]::text[])
$$;
create function one(p_key integer, p_kind integer, p_transfer integer, p_hold integer, p_debit integer,
	p_credit integer, p_amount bigint, p_content integer default 0) returns text language sql as $$
	select result || case when repeated then ' again' else '' end
	from settle_one(1, 0, id(p_key), id(p_key + p_content), 't', null, null, null, null, null, array[id(p_key)],
		array[p_kind], array[id(p_transfer)], case when p_hold > 0 then array[id(p_hold)] end, array[id(p_debit)],
		array[id(p_credit)], array[p_amount], array[0::bigint], array[]::text[], array[]::text[])
$$;
grant execute on function batch, one to adit_gateway;

set local role adit_gateway;
select throws_ok('insert into entries values (1, id(1), id(9), 5)'::text, '42501', null, 'no entry by hand');
select throws_ok('update accounts set balance = 5'::text, '42501', null, 'no balance by hand');
select throws_ok('delete from entries'::text, '42501', null, 'entries are never deleted');
select throws_ok('update transfers set amount = 1'::text, '42501', null, 'transfers are never changed');
select throws_ok('delete from operations'::text, '42501', null, 'answers are never forgotten');
select throws_ok('insert into operations values (1, id(9), id(9), ''t'', null, 0)'::text, '42501', null, 'no answer by hand');
select throws_ok('update writer_lease set epoch = 9'::text, '42501', null, 'the lease only by its functions');
select throws_ok('select ledger_apply(1, null, null, null, null, null, null, null, null)'::text, '42501', null,
	'the inner functions are not for the gateway');

select lives_ok('select batch(101, 0, 201, 0, 1, 2, 1000)'::text, 'equity pays into the float');
select is((select array_agg(amount order by amount) from entries), array[-1000, 1000]::bigint[], 'two entries, summing to zero');
select throws_ok('select batch(101, 0, 202, 0, 1, 2, 1)'::text, '23505', null, 'a key is used once');
select throws_ok('select batch(102, 0, 203, 0, 3, 1, 1001)'::text, '23514', null, 'the float cannot go below zero');
select throws_ok('select batch(103, 0, 204, 0, 4, 2, 1)'::text, 'AD003', null, 'a leg cannot join two units');
select throws_ok('select batch(104, 0, 205, 0, 3, 77, 1)'::text, 'AD003', null, 'a leg needs open accounts');
select throws_ok('select batch(105, 0, 206, 0, 1, 2, 5, 9)'::text, 'AD002', null, 'an old writer is fenced');

select is(one(110, 1, 210, 0, 3, 1, 600), '0', 'a hold is placed');
select is(one(111, 0, 211, 0, 3, 1, 401), '1', 'held money is not there for others');
select is(one(111, 0, 211, 0, 3, 1, 401), '1 again', 'a refusal stays');
select is(one(111, 0, 211, 0, 3, 1, 401, 5000), '7', 'another content under an old key');
select is(one(112, 2, 212, 210, 3, 1, 601), '6', 'no capture of more than was held');
select is(one(113, 2, 213, 210, 3, 1, 250), '0', 'a part is captured, the rest is free again');
select is(one(114, 3, 214, 210, 3, 1, 600), '3', 'a hold is resolved once');
select is(one(115, 2, 215, 999, 3, 1, 1), '2', 'there is no such hold');
reset role;

select throws_ok('insert into transfers values (1, id(300), id(113), id(3), id(1), 5, 3, id(210), null)'::text, '23505', null,
	'not even by hand is a hold resolved twice');
select is_empty('select * from ledger_faults()'::text, 'the books are whole');

select is_empty('select * from trial_balance() where kind = '''' and debit <> credit'::text, 'the trial balance is zero');
select ok((select count(*) from trial_balance() where kind = '') > 0, 'and there is one');

-- planted damage is found, each by its name
update accounts set balance = balance + 7 where account_id = id(1);
select set_has('select invariant from ledger_faults()'::text,
	'values (''balance is the sum of the entries''), (''each unit sums to zero'')'::text, 'a changed balance is found');
update accounts set balance = balance - 7, pending_debit = 9 where account_id = id(1);
select set_eq('select invariant from ledger_faults()'::text, array['pending is the sum of the open holds'],
	'a forgotten hold is found');
update accounts set pending_debit = 0 where account_id = id(1);
delete from entries where account_id = id(2);
select set_has('select invariant from ledger_faults()'::text,
	'values (''a posted transfer has its two entries, others none'')'::text, 'a missing entry is found');
select * from finish();
rollback;
