-- One-time codes: one is open at a time, three tries, from one number, and the same SMS counts once.
begin;
select plan(29);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone)
	values (1, 'ONE', 'One', 'TZ', 'TZS', 'UTC');
create function id(n integer) returns uuid language sql immutable as
	$$ select ('00000000-0000-8000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function hash(n integer) returns text language sql immutable as $$ select repeat(lpad(n::text, 2, '0'), 32) $$;
insert into members (cooperative_id, member_id, number, name, language, state, joined_ms)
	values (1, id(1), 'M-0001', 'Neema', 'en', 'active', 0);
create function make(n integer, at bigint) returns void language sql as
	$$ select effect_sms_code_new(1, jsonb_build_array(jsonb_build_object('code_id', id(n), 'member_id', id(1),
		'msisdn', '255712000100', 'action', 'pay', 'amount', 5000, 'hash', hash(n), 'made_ms', at,
		'expires_ms', at + 100))) $$;
create function try(n integer, h integer, sms integer, at bigint, from_number text default '255712000100')
returns text language sql as
	$$ select verdict || ' ' || tries_left from sms_code_try(1, id(n), from_number, decode(hash(h), 'hex'), id(sms), at) $$;
create function state(n integer) returns text language sql as
	$$ select state || ' ' || tries from sms_codes where code_id = id(n) $$;

select make(10, 0);
select is(try(10, 11, 50, 1), 'wrong 2', 'a wrong one');
select is(try(10, 11, 50, 2), 'wrong 2', 'delivered again, it counts once');
select is(try(10, 10, 51, 3, '255712000101'), 'none 0', 'the right one from another number is none');
select is(state(10), 'open 1', 'and costs no try');
select is(try(10, 10, 52, 4), 'right 2', 'the right one');
select is(state(10), 'used 1', 'is used up');
select is(try(10, 10, 52, 5), 'right 2', 'the same SMS again is told the same');
select is(try(10, 10, 52, 500), 'right 2', 'even when it is late');
select is(try(10, 10, 53, 6), 'none 0', 'another SMS is not');

select make(20, 10);
select is(try(20, 21, 60, 11), 'wrong 2', 'one');
select is(try(20, 22, 61, 12), 'wrong 1', 'two');
select is(try(20, 23, 62, 13), 'spent 0', 'three');
select is(try(20, 23, 62, 13), 'spent 0', 'three again');
select is(try(20, 20, 63, 14), 'none 0', 'then the right one is worth nothing');
select is(state(20), 'spent 3', 'it is spent');

select make(30, 20);
select is(try(30, 30, 70, 120), 'late 0', 'a code has its time');
select is(state(30), 'open 0', 'and the try leaves no trace');
select is(try(99, 30, 71, 21), 'none 0', 'a code that never was');

select make(40, 200);
select is(state(30), 'replaced 0', 'asked for again, the older one is replaced');
select is(try(30, 30, 72, 201), 'none 0', 'and worth nothing');
select effect_sms_code_new(1, jsonb_build_array(
	jsonb_build_object('code_id', id(50), 'member_id', id(1), 'msisdn', '255712000100', 'action', 'pay', 'amount', 1,
		'hash', hash(50), 'made_ms', 210, 'expires_ms', 300),
	jsonb_build_object('code_id', id(51), 'member_id', id(1), 'msisdn', '255712000100', 'action', 'pay', 'amount', 2,
		'hash', hash(51), 'made_ms', 211, 'expires_ms', 300)));
select is((select count(*)::integer from sms_codes where state = 'open'), 1, 'of two in one batch one is open');
select is(state(51), 'open 0', 'the later one');
select throws_ok($$ select effect_sms_code_new(1, jsonb_build_array(jsonb_build_object('code_id', id(52), 'member_id', id(1),
	'msisdn', '255712000100', 'action', 'loan', 'amount', 5, 'hash', hash(1), 'made_ms', 1, 'expires_ms', 2))) $$, '23514',
	null, 'a code confirms nothing that pays out or binds her');
-- old ones are forgotten, a few at a time; what ended or ran out later stays
select is(sms_codes_forget(1, 4, 10), 0, 'one that ended just now stays, however long ago it was made');
select is(sms_codes_forget(1, 5, 10), 1, 'one that ended before is forgotten');
select is(sms_codes_forget(1, 300, 2) + sms_codes_forget(1, 300, 2), 4, 'no more than asked for at once');
select is((select string_agg(state, ' ') from sms_codes), 'open', 'the one that is good until then stays');
select is(sms_codes_forget(1, 301, 2), 1, 'until it ran out: nobody used it');
set local role adit_gateway;
select throws_ok($$ update sms_codes set state = 'open', ended_ms = null $$, '42501', null,
	'the gateway changes codes by the function alone');
select * from finish();
rollback;
