-- Bulks: who waits for whom, what may be marked and refused, and when one is over.
begin;
select plan(39);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone)
values (911, 'BULK', 'B', 'TZ', 'TZS', 'Africa/Dar_es_Salaam');
create function pg_temp.id(n integer) returns uuid language sql as
	$$ select ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
insert into batches (cooperative_id, batch_id, code, name, source, currency, digest, state, made_by, made_ms, approved_by)
values (911, pg_temp.id(1), 'BB', 'b', 'wages', 'TZS', pg_temp.id(1), 'approved', pg_temp.id(2), 1, pg_temp.id(3));
-- lines 11 to 14, references 111 to 114
insert into batch_rows (cooperative_id, row_id, batch_id, line, payee, msisdn, provider, amount, note)
select 911, pg_temp.id(n), pg_temp.id(1), n, 'Asha', '2557120000' || n, 'gsma', 100, 'x' from generate_series(11, 14) n;
select effect_payment_new(911, (select jsonb_agg(jsonb_build_object('payment_id', pg_temp.id(n), 'reference',
	pg_temp.id(100 + n), 'direction', 'out', 'provider', 'gsma', 'purpose', 'batch_wage', 'purpose_id', pg_temp.id(n),
	'hold_id', pg_temp.id(300 + n), 'msisdn', '2557120000' || n, 'amount', 100, 'currency', 'TZS', 'code', 'L' || n,
	'created_ms', 1000)) from generate_series(11, 14) n));
select effect_payment_for_bulk(911, (select jsonb_agg(jsonb_build_object('payment_id', pg_temp.id(n)))
	from generate_series(11, 14) n));

create function pg_temp.ready(most integer) returns bigint language sql as
	$$ select count(*) from bulks_ready(array['gsma'], array[most]) where cooperative_id = 911 $$;
create function pg_temp.singly(now_ms bigint) returns bigint language sql as
	$$ select count(*) from payments_claim(911, 'gsma', pg_temp.id(499), now_ms, now_ms + 1, 10, true, 0) $$;
create function pg_temp.gather(claim integer, until bigint) returns bigint language sql as
	$$ select count(*) from bulk_gather(911, pg_temp.id(1), 'gsma', pg_temp.id(claim), until, 10) $$;
create function pg_temp.form(bulk integer, claim integer) returns integer language sql as
	$$ select bulk_form(911, pg_temp.id(bulk), pg_temp.id(1), 'gsma', (select array_agg(pg_temp.id(n))
		from generate_series(11, 14) n), pg_temp.id(claim), 2000) $$;
create function pg_temp.claim(claim integer, now_ms bigint, open text default 'gsma', held integer default 0)
returns bigint language sql as
	$$ select count(*) from bulks_claim(array['gsma'], array[open], array[pg_temp.id(held)], pg_temp.id(claim), now_ms,
		now_ms + 1000, 5) where cooperative_id = 911 $$;
create function pg_temp.mark(claim integer, bulk integer, word text) returns boolean language sql as
	$$ select bulk_mark(911, pg_temp.id(bulk), pg_temp.id(claim), 3000, 4000, word) $$;
create function pg_temp.heard(claim integer, bulk integer, word text, theirs text default '', told text default '',
	steps integer default 0) returns boolean language sql as
	$$ select bulk_heard(911, pg_temp.id(bulk), pg_temp.id(claim), 3000, 'said', jsonb_build_object('state', word,
		'their_id', theirs, 'step', steps, 'misses', 0, 'missing_ms', 0, 'maybe_made', true, 'refused', false,
		'attention', told, 'next_ms', 3000)) $$;
create function pg_temp.take(said text, now_ms bigint) returns bigint language sql as
	$$ select count(*) from bulk_take(911, pg_temp.id(22), array[pg_temp.id(111), pg_temp.id(112), pg_temp.id(199)], said,
		pg_temp.id(600), now_ms, now_ms + 10) $$;
create function pg_temp.lines() returns text language sql as
	$$ select string_agg(distinct state || attention || ladder_step || (bulk_id is not null), ' ') from payments
		where cooperative_id = 911 $$;

-- waiting for each other
select is(pg_temp.singly(5000), 0::bigint, 'nobody sends one that waits for others');
select is(pg_temp.ready(10), 0::bigint, 'not while rows of the batch are about to begin');
select is(pg_temp.ready(4), 1::bigint, 'but when one bulk is full');
update batch_rows set state = 'paying' where cooperative_id = 911;
select is(pg_temp.ready(10), 1::bigint, 'all rows have begun');
insert into provider_pauses values ('gsma', 'x', 'x', 1);
select is(pg_temp.ready(10), 0::bigint, 'not to a provider that is paused');
delete from provider_pauses where provider = 'gsma';
select bulks_let_go(array['gsma'], 1000 + 3600000);
select is(pg_temp.ready(10), 1::bigint, 'an hour is not over');

-- who dies while it looks at them
select is(pg_temp.gather(501, 1500), 4::bigint, 'gathered');
select is(pg_temp.singly(1499), 0::bigint, 'the claim holds');
select is(pg_temp.singly(1500), 4::bigint, 'it lapses: each by itself');
select is(pg_temp.form(20, 501), 0, 'and no bulk comes of it');
select is((select count(*) from bulks where cooperative_id = 911), 0::bigint, 'none at all');
update payments set for_bulk = true, next_try_ms = null, claim = null, claimed_until_ms = 0 where cooperative_id = 911;
select bulks_let_go(array[]::text[], 1500);
select is(pg_temp.ready(10), 0::bigint, 'a provider that takes none any more');
select is(pg_temp.singly(1501), 4::bigint, 'gets each by itself');
update payments set for_bulk = true, next_try_ms = null, claim = null, claimed_until_ms = 0 where cooperative_id = 911;

-- a bulk that is refused
select pg_temp.gather(502, 9000);
select is(pg_temp.form(21, 502), 4, 'formed');
select is(pg_temp.lines(), 'sent0true', 'its lines are about to be sent');
select is(pg_temp.singly(99999), 0::bigint, 'and never by themselves');
select is(pg_temp.claim(503, 3000, 'other'), 0::bigint, 'nothing new goes where it is not open');
select is(pg_temp.claim(503, 3000, 'gsma', 21), 0::bigint, 'nobody takes what is in his hands');
select is(pg_temp.claim(503, 3000), 1::bigint, 'claimed');
select is(pg_temp.mark(504, 21, 'sent'), false, 'nobody marks without the claim');
select is(pg_temp.mark(503, 21, 'approving'), false, 'nobody approves what is not made');
select is(pg_temp.mark(503, 21, 'sent'), true, 'about to be made');
select is(pg_temp.heard(504, 21, 'refused'), false, 'who lost the claim is not heard');
select is(pg_temp.heard(503, 21, 'refused'), true, 'refused');
select is(pg_temp.lines(), 'created0false', 'each goes by itself');
select is(pg_temp.singly(3000), 4::bigint, 'at once');

-- one that is approved
update payments set claim = pg_temp.id(505) where cooperative_id = 911;
select pg_temp.form(22, 505), pg_temp.claim(506, 3000), pg_temp.mark(506, 22, 'sent'), pg_temp.heard(506, 22, 'made', 'B1'),
	pg_temp.claim(507, 3000);
update payments set state = 'failed', changed_ms = 3000 where cooperative_id = 911 and payment_id = pg_temp.id(14);
select is(pg_temp.mark(507, 22, 'approving'), false, 'never approved once a line ended without it');
select is((select string_agg(distinct state || attention || ladder_step, ' ' order by state || attention || ladder_step)
	from payments where cooperative_id = 911), 'acceptedopen20 failed0', 'people are told of the others');
select is(pg_temp.claim(507, 3000), 0::bigint, 'and it rests');
update payments set state = 'accepted', attention = '', ladder_step = 0 where cooperative_id = 911;
update bulks set next_ms = 3000 where bulk_id = pg_temp.id(22);
select pg_temp.claim(507, 3000);
select is(pg_temp.mark(507, 22, 'approving'), true, 'about to be approved');
select throws_ok($$ select pg_temp.heard(507, 22, 'refused', 'B1') $$, '23514', null, 'it cannot be refused any more');
select is(pg_temp.heard(507, 22, 'approved', 'B1', 'open', 20), true, 'approved');
select is(pg_temp.lines(), 'acceptedopen20true', 'officers may say what became of its lines');
select is(pg_temp.take('paid', 5000), 2::bigint, 'the lines of a list');
select is(pg_temp.take('paid', 5005), 0::bigint, 'are held a while');
update payments set state = 'paid', attention = '' where cooperative_id = 911 and payment_id = pg_temp.id(11);
select is(pg_temp.take('paid', 5020), 1::bigint, 'not what has ended so');
select is(pg_temp.take('failed', 5040), 2::bigint, 'but what ended the other way');
update payments set state = 'paid' where cooperative_id = 911;
select pg_temp.claim(508, 9000);
select is(pg_temp.heard(508, 22, 'approved', 'B1'), true, 'heard once more');
select is((select state || (next_ms is null) from bulks where bulk_id = pg_temp.id(22)), 'donetrue', 'and it is over');

select * from finish();
rollback;
