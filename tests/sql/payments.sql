-- Payments and messages: who may claim, what may change, what never does.
begin;
select plan(95);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone)
values (901, 'PAYA', 'A', 'TZ', 'TZS', 'Africa/Dar_es_Salaam'), (902, 'PAYB', 'B', 'TZ', 'TZS', 'Africa/Dar_es_Salaam');

create function pg_temp.id(n integer) returns uuid language sql as
	$$ select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.body(n integer, direction text) returns jsonb language sql as $$
	select jsonb_build_array(jsonb_build_object('payment_id', pg_temp.id(n), 'reference', pg_temp.id(100 + n),
		'direction', direction, 'provider', 'mtn', 'purpose', 'test', 'purpose_id', pg_temp.id(200 + n),
		'hold_id', case direction when 'out' then pg_temp.id(300 + n) end, 'msisdn', '255712000100',
		'amount', 5000000, 'currency', 'TZS', 'code', 'C' || n, 'created_ms', 1000)) $$;
create function pg_temp.claim(n integer, now_ms bigint, submits boolean default true, pull_delay bigint default 0)
returns bigint language sql as $$
	select count(*) from payments_claim(901, 'mtn', pg_temp.id(400 + n), now_ms, now_ms + 5000, 10, submits, pull_delay) $$;
create function pg_temp.heard(n integer, claim integer, now_ms bigint, state text, next bigint) returns boolean
language sql as $$
	select payment_heard(901, pg_temp.id(n), pg_temp.id(400 + claim), now_ms, 'query', 'pending', 'PENDING',
		jsonb_build_object('state', state, 'maybe_taken', true, 'ladder_step', 1, 'misses', 0, 'missing_ms', 0,
		'reason', '', 'attention', '', 'next_try_ms', next)) $$;
create function pg_temp.outcome(n integer, state text, claim integer default null) returns void language sql as $$
	select effect_payment_outcome(901, jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('payment_id',
		pg_temp.id(n), 'state', state, 'claim', pg_temp.id(400 + claim), 'provider_txn', 'T1', 'said', 'SUCCESSFUL',
		'reason', '')))) $$;
create function pg_temp.state(n integer) returns text language sql as
	$$ select state from payments where cooperative_id = 901 and payment_id = pg_temp.id(n) $$;
create function pg_temp.next(n integer) returns bigint language sql as
	$$ select next_try_ms from payments where cooperative_id = 901 and payment_id = pg_temp.id(n) $$;

-- a payment is born
select lives_ok($$ select effect_payment_new(901, pg_temp.body(1, 'out')) $$, 'a payout is written');
select is(pg_temp.state(1), 'created', 'it is created');
select throws_ok($$ select effect_payment_new(901, pg_temp.body(1, 'out')) $$, '23505', null, 'once');
select lives_ok($$ select effect_payment_new(902, pg_temp.body(1, 'out')) $$, 'another cooperative has ids of its own');
select throws_ok($$ select effect_payment_new(901, pg_temp.body(9, 'out') #- '{0,hold_id}') $$, '23514', null,
	'a payout has a hold');

-- claims are leases, of one cooperative, one at a time
select is(pg_temp.claim(1, 999), 0::bigint, 'not due yet');
select is(pg_temp.claim(1, 1000, false), 0::bigint, 'no new payments while the provider is down');
select is(pg_temp.claim(1, 1000), 1::bigint, 'claimed');
select is(pg_temp.claim(2, 1001), 0::bigint, 'not by a second one');
select is((select count(*) from payments where cooperative_id = 902 and claim is not null), 0::bigint,
	'the other cooperative was left alone');
select is(payment_sent(901, pg_temp.id(1), pg_temp.id(402), 1002, 9000), false, 'nobody marks without the claim');
select is(payment_sent(901, pg_temp.id(1), pg_temp.id(401), 1002, 9000), true, 'marked before the call');
select is(payment_sent(901, pg_temp.id(1), pg_temp.id(401), 1003, 9000), false, 'not marked twice');
select is(pg_temp.claim(3, 8999), 0::bigint, 'the mark prolongs the lease');
select is(pg_temp.claim(3, 9000), 1::bigint, 'a dead holder''s lease lapses');
select is(pg_temp.heard(1, 1, 9001, 'accepted', 20000), false, 'the old holder is not heard');
select is(pg_temp.heard(1, 3, 9001, 'paid', null), false, 'hearing settles nothing');
select is(pg_temp.heard(1, 3, 9001, 'accepted', 20000), true, 'the new one is');
select is(pg_temp.state(1), 'accepted', 'accepted');

-- callbacks
select payment_hint(901, pg_temp.id(1), 10000, 'paid', 'SUCCESSFUL', '{"status":"SUCCESSFUL"}', '');
select is(pg_temp.state(1), 'accepted', 'a callback moves nothing');
select is(pg_temp.next(1), 10000::bigint, 'it pulls the query forward');
select payment_hint(901, pg_temp.id(1), 10001, 'paid', 'SUCCESSFUL', '{"status":"SUCCESSFUL"}', '');
select is((select count(*) from payment_events where cooperative_id = 901 and kind = 'callback'), 1::bigint,
	'the same one twice is kept once');
select is(pg_temp.claim(4, 10002), 1::bigint, 'claimed for the query');
select payment_hint(901, pg_temp.id(1), 10003, 'failed', 'FAILED', '{"status":"FAILED"}', '');
select is(pg_temp.heard(1, 4, 10004, 'accepted', 99999), true, 'still pending');
select is(pg_temp.next(1), 10004::bigint, 'what was hinted meanwhile is asked about at once');

-- answers that are posted
select is(payment_answer(901, pg_temp.id(1), 10004, 2, 'Completed', '{"Result":1}'), false,
	'an answer about another attempt is nobody''s');
select is((select answer from payments where cooperative_id = 901 and payment_id = pg_temp.id(1)), '', 'and not kept');
select is(payment_answer(901, pg_temp.id(1), 10004, 1, 'Completed', '{"Result":1}'), true, 'one of this attempt is');
select is(pg_temp.state(1), 'accepted', 'it moves nothing by itself');
select is(pg_temp.claim(6, 10004), 1::bigint, 'claimed to read it');
select is(payment_answer(901, pg_temp.id(1), 10004, 1, 'Completed', '{"Result":2}'), true, 'another comes meanwhile');
select is(payment_heard(901, pg_temp.id(1), pg_temp.id(406), 10004, 'query', 'pending', '',
	'{"state":"accepted","maybe_taken":true,"ladder_step":1,"misses":0,"missing_ms":0,"reason":"","attention":"",'
	'"next_try_ms":99999,"handle":"ws_CO_1","answered":true}'), true, 'heard');
select is((select answer from payments where cooperative_id = 901 and payment_id = pg_temp.id(1)), '{"Result":2}',
	'what came meanwhile is still to be read');
select is(pg_temp.next(1), 10004::bigint, 'at once');
select is((select handle from payments where cooperative_id = 901 and payment_id = pg_temp.id(1)), 'ws_CO_1',
	'their name for it is kept');
select is(pg_temp.claim(7, 10004), 1::bigint, 'claimed again');
select is(pg_temp.heard(1, 7, 10004, 'accepted', 10004), true, 'a hearing that names nothing');
select is((select handle from payments where cooperative_id = 901 and payment_id = pg_temp.id(1)), 'ws_CO_1',
	'forgets no name');

-- the end
select throws_ok($$ select pg_temp.outcome(1, 'failed', 3) $$, 'AD001', null, 'whose claim lapsed settles nothing');
select is(pg_temp.claim(5, 10005), 1::bigint, 'claimed once more');
select throws_ok($$ select pg_temp.outcome(1, 'failed', 4) $$, 'AD001', null, 'nor while another holds it');
select lives_ok($$ select pg_temp.outcome(1, 'paid', 5) $$, 'paid');
select is(pg_temp.next(1), null, 'nothing left to do');
select throws_ok($$ select pg_temp.outcome(1, 'paid') $$, 'AD001', null, 'once');
select throws_ok($$ select pg_temp.outcome(1, 'failed') $$, 'AD001', null, 'it never flips');
select payment_hint(901, pg_temp.id(1), 11000, 'paid', 'SUCCESSFUL', '{"late":1}', '');
select is(pg_temp.next(1), null, 'a late callback that agrees asks for nothing');
select payment_hint(901, pg_temp.id(1), 11001, 'failed', 'FAILED', '{"late":2}', '');
select is(pg_temp.next(1), 11001::bigint, 'one that contradicts asks for a recheck');
select is(pg_temp.claim(5, 11002), 1::bigint, 'which is claimed');
select is(pg_temp.heard(1, 5, 11003, 'paid', null), true, 'and heard');
select is(pg_temp.state(1), 'paid', 'still paid');

-- pulls wait for the session to end
select effect_payment_new(901, pg_temp.body(2, 'in'));
select is(pg_temp.claim(6, 3999, true, 3000), 0::bigint, 'a pull waits');
select is(pg_temp.claim(6, 4000, true, 3000), 1::bigint, 'and goes');

-- messages
select effect_message_new(901, jsonb_build_array(jsonb_build_object('message_id', pg_temp.id(1), 'msisdn', '255712000100',
	'language', 'sw', 'template', 'loan.paid', 'values', jsonb_build_object('amount', '1'), 'created_ms', 1000)));
select is((select count(*) from messages_claim(901, pg_temp.id(501), 1000, 5000, 10)), 1::bigint, 'a message is claimed');
select message_report_keep(0, 'AT-1', 'delivered', '', 1001);
select is(messages_sent(901, array[pg_temp.id(1)], array[pg_temp.id(501)], 1002, array['sent'], array['AT-1'], array[''], array[0]), 1,
	'and sent');
select is(message_reports_match(901, 1003, 0), 1, 'a report that came early finds it');
select is(message_report(901, pg_temp.id(1), 'failed', '', 1004), false, 'what was delivered stays delivered');
select is((select state from messages where cooperative_id = 901 and message_id = pg_temp.id(1)), 'delivered',
	'delivered');

-- one that is written as already in somebody's hands
select effect_message_new(901, jsonb_build_array(jsonb_build_object('message_id', pg_temp.id(2), 'msisdn', '255712000100',
	'language', 'sw', 'template', 't', 'created_ms', 1000, 'claim', pg_temp.id(502), 'claimed_until_ms', 5000)));
select is((select array_agg(d) from messages_due(4999) d), null, 'is not looked for');
select is((select count(*) from messages_claim(901, pg_temp.id(503), 4999, 9000, 10)), 0::bigint, 'nor taken');
select is((select array_agg(d) from messages_due(5000) d), array[901], 'until its holder is late');
select is(messages_sent(901, array[pg_temp.id(2), pg_temp.id(1)], array[pg_temp.id(502), pg_temp.id(501)], 5001,
	array['queued', 'failed'], array[null, null]::text[], array['busy', ''], array[9000, 0]), 1,
	'of several only what is still ours is noted');
select is((select concat_ws(' ', state, attempts, reason, next_try_ms) from messages where cooperative_id = 901
	and message_id = pg_temp.id(2)), 'queued 1 busy 9000', 'as it ended');

-- questions before new calls, and a provider that is paused
insert into payments (cooperative_id, payment_id, reference, direction, provider, purpose, purpose_id, msisdn, amount,
	currency, code, created_ms, changed_ms, state, next_try_ms)
select 901, pg_temp.id(700 + i), pg_temp.id(800 + i), 'in', 'other', 'test', pg_temp.id(900 + i), '25571200070' || i, 100,
	'TZS', 'ORDER' || i, 1000, 1000, case when i = 3 then 'unknown' else 'created' end, 1000 + i
from generate_series(1, 3) i;
select is((select string_agg(concat_ws(' ', coop, rail, due), ',' order by coop, rail) from payments_due(20000, 0, 10)
	where rail = 'other'), '901 other 3', 'what is due is counted');
select is((select due from payments_due(20000, 0, 1) where coop = 901 and rail = 'other'), 2::bigint,
	'no further than can be taken');
create function pg_temp.taken(n integer) returns text language sql as $$
	select coalesce(string_agg(p.code, ',' order by p.code), '')
	from payments_claim(901, 'other', pg_temp.id(950 + n), 20000, 20000 + n, 1, true, 0) p $$;
select is(pg_temp.taken(1), 'ORDER3', 'what was sent is asked about before anything new goes');
select is(provider_pause('other', true, 'ops', 'maintenance', 20000), true, 'a provider is paused');
select is(provider_pause('other', true, 'ops', 'maintenance', 20001), false, 'once');
select is(pg_temp.taken(2), '', 'nothing new goes to it');
select is(provider_pause('other', false, 'ops', 'they are back', 20002), true, 'resumed');
select is(pg_temp.taken(3), 'ORDER1', 'the first that waits goes');

-- what nobody decides, by two officers
insert into members (cooperative_id, member_id, name, language, state, joined_ms, number, roles)
select 901, pg_temp.id(960 + i), 'Officer', 'sw', 'active', 0, 'M-700' || i, 4 from generate_series(1, 2) i;
insert into payments (cooperative_id, payment_id, reference, direction, provider, purpose, purpose_id, msisdn, amount,
	currency, code, created_ms, changed_ms, state, next_try_ms, maybe_taken, hold_id)
values (901, pg_temp.id(970), pg_temp.id(971), 'out', 'other', 'test', pg_temp.id(972), '255712000700', 100, 'TZS', 'RULED',
	1000, 1000, 'unknown', 9e15, true, pg_temp.id(973));
create function pg_temp.propose() returns text language sql as
	$$ select payment_ruling_propose('RULED', 'paid', 'M-7001', 'TXN-1', 'line 4 of their statement', 30000) $$;
select is(pg_temp.propose(), 'too_early', 'while it is asked about it is not ruled');
update payments set attention = 'open' where code = 'RULED';
select is(pg_temp.propose(), '', 'what a person was told of is, wherever its ladder stands');
update payments set state = 'created' where code = 'RULED';
select is(pg_temp.propose(), '', 'and while it is to be sent again');
select is(payment_ruling_confirm('RULED', 'paid', 'M-7001', 30001), 'same_person', 'by two');
select is(payment_ruling_confirm('RULED', 'paid', 'M-7002', 30002), '', 'who agree');
select is((select attention from payments where code = 'RULED'), 'by_hand', 'nobody sends it any more');

-- a question whose answer is posted
select provider_question_new(pg_temp.id(1000), 'saf', 1000);
select is(provider_question_answer(pg_temp.id(1000), 'other', 'forged', 1001), false, 'not by another provider');
select is(provider_question_answer(pg_temp.id(1001), 'saf', 'forged', 1001), false, 'nobody asked that');
select is(provider_question_answer(pg_temp.id(1000), 'saf', 'first', 1002), true, 'told');
select is(provider_question_answer(pg_temp.id(1000), 'saf', 'second', 1003), false, 'once');
select is((select answer from provider_questions where question_id = pg_temp.id(1000)), 'first', 'the first stands');
select provider_question_new(pg_temp.id(1002), 'saf', 86401000);
select is((select count(*) from provider_questions where question_id = pg_temp.id(1000)), 1::bigint, 'kept for a day');
select provider_question_new(pg_temp.id(1003), 'saf', 86401001);
select is((select count(*) from provider_questions where question_id = pg_temp.id(1000)), 0::bigint, 'and no longer');

-- the ten thousandth member
insert into member_counters values (901, 9999) on conflict (cooperative_id) do update set last = 9999;
insert into members (cooperative_id, member_id, name, language, state, joined_ms)
values (901, pg_temp.id(990), 'Neema', 'sw', 'pending', 0);
select member_activate(901, pg_temp.id(990), 1);
select is((select number from members where cooperative_id = 901 and member_id = pg_temp.id(990)), 'M-10000',
	'the ten thousandth member has a number of five digits');

-- a till tells what a prompt brought without saying so
insert into payments (cooperative_id, payment_id, reference, direction, provider, purpose, purpose_id, msisdn, amount,
	currency, code, created_ms, changed_ms, state, attempts)
select 901, pg_temp.id(1100 + i), pg_temp.id(1200 + i), 'in', 'till', 'test', pg_temp.id(1300 + i), n, 7000, 'TZS',
	'TILL' || i, 1000000000 + i, 1000000000 + i, s, case when i = 5 then 0 else 1 end
from (values (1, '254708374149', 'paid'), (2, '254708374149', 'accepted'), (3, '254708374222', 'failed'),
	(4, '254708374333', 'paid'), (5, '254708374444', 'created')) as v(i, n, s);
select payment_event(901, pg_temp.id(1104), 1000000000, 'callback', 'paid', '0',
	'{"Name":"MpesaReceiptNumber","Value":"ROTHER"}');
create function pg_temp.till(receipt text, number text, amount bigint, at bigint) returns uuid language sql as
	$$ select till_prompt('till', receipt, number, amount, at) $$;
select is(pg_temp.till('R1', '25470****149', 7000, 1000000100), pg_temp.id(1201), 'the eldest prompt of that number');
select is(pg_temp.till('R1', '25470****149', 7000, 1000000101), pg_temp.id(1201), 'told again it is the same');
select is(pg_temp.till('R2', '254708374149', 7000, 1000000102), pg_temp.id(1202), 'the next receipt is the next prompt''s');
select is(pg_temp.till('R3', '254708374149', 7000, 1000000103), null, 'and then it is money by hand');
select is(pg_temp.till('R4', '254708374222', 7000, 1000000104), null, 'a prompt that failed brought nothing');
select is(pg_temp.till('R5', '254708374333', 7000, 1000000105), null, 'nor one whose outcome named another receipt');
select is(pg_temp.till('R6', '254708374444', 7000, 1000000106), null, 'nor one that was never sent');
select is(pg_temp.till('R7', '254708374333', 7100, 1000000107), null, 'nor one over another amount');
select is(pg_temp.till('ROTHER', '254708374333', 7000, 1000000108 + 86400000), null, 'a day later it is not looked for');
select is(pg_temp.till('ROTHER', '', 7000, 1000000108), pg_temp.id(1204), 'without a number the amount says it');
select is((select count(*) from till_receipts), 3::bigint, 'each has one');

select * from finish();
rollback;
