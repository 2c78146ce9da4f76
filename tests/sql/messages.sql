-- Receipts of an SMS in parts: each counts once, in any order, and what has ended stays.
begin;
select plan(23);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone)
	values (1, 'ONE', 'One', 'TZ', 'TZS', 'UTC');
create function id(n integer) returns uuid language sql immutable as
	$$ select ('00000000-0000-8000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
insert into messages (cooperative_id, message_id, msisdn, language, template, text_values, created_ms, changed_ms,
	next_try_ms, state, claim) select 1, id(n), '255712000100', 'en', 't', '{}', 0, 0, 0, 'sending', id(99)
	from generate_series(1, 3) n;
create function state(n integer) returns text language sql as
	$$ select state from messages where message_id = id(n) $$;

select is(messages_sent(1, array[id(1)], array[id(99)], 1, array['sent'], array['tz:a tz:b tz:c'], array[''], array[0]), 1, 'a message of three parts is sent');
select is((select carrier_id from messages where message_id = id(1)), 'tz:a', 'the first id stands for it');
select is((select count(*)::int from message_parts), 3, 'all ids are known');
select ok(not message_part_report(1, id(1), 'tz:b', 'delivered', 'x', 2), 'one part is not the message');
select ok(not message_part_report(1, id(1), 'tz:b', 'delivered', 'x', 2), 'nor is it twice');
select message_part_report(1, id(1), 'tz:a', 'delivered', 'x', 2);
select is(state(1), 'sent', 'two of three');
select ok(message_part_report(1, id(1), 'tz:c', 'delivered', 'x', 3), 'the last one');
select is(state(1), 'delivered', 'delivered when all are');

select messages_sent(1, array[id(2)], array[id(99)], 1, array['sent'], array['tz:d tz:e'], array[''], array[0]);
select message_part_report(1, id(2), 'tz:d', 'failed', 'EXPIRED', 2);
select message_part_report(1, id(2), 'tz:e', 'delivered', 'x', 2);
select is(state(2) || (select reason from messages where message_id = id(2)), 'failedEXPIRED', 'failed when one is, for good');

select message_report_keep(0, 'tz:g', 'delivered', 'x', 5);
select message_report_keep(0, 'tz:f', 'delivered', 'x', 5);
select messages_sent(1, array[id(3)], array[id(99)], 6, array['sent'], array['tz:f tz:g'], array[''], array[0]);
select is(message_reports_match(1, 7, 0), 2, 'receipts that came first are kept');
select is(state(3), 'delivered', 'and given to their parts');
select is((select count(*)::int from message_reports), 0, 'and gone');

-- the carrier uses 'tz:h' again: what is told twice of the first is not told of the second
insert into messages (cooperative_id, message_id, msisdn, language, template, text_values, created_ms, changed_ms,
	next_try_ms) values (1, id(4), '255712000100', 'en', 't', '{}', 10, 10, 10);
select message_report_keep(0, 'tz:h', 'delivered', 'x', 11);
select is((select count(*)::int from messages_claim(1, id(98), 12, 20, 9)), 1, 'a message leaves');
select messages_sent(1, array[id(4)], array[id(98)], 13, array['sent'], array['tz:h'], array[''], array[0]);
select is(message_reports_match(1, 13, 0), 0, 'a receipt from before it left means another');
select is(state(4), 'sent', 'so it is still on its way');
select message_report_keep(0, 'tz:h', 'failed', 'EXPIRED', 14);
select message_reports_match(1, 15, 0);
select is(state(4), 'failed', 'one from after takes the place of the old one, and counts');

-- many in one go, an unknown one among them
insert into messages (cooperative_id, message_id, msisdn, language, template, text_values, created_ms, changed_ms,
	next_try_ms, state, carrier_id) select 1, id(n), '255712000100', 'en', 't', '{}', 20, 20 + n, null, 'sent',
	case n when 7 then 'tz:k' else 'tz:j' end from generate_series(5, 7) n;
select is((select array_agg(r) from messages_reported(array['tz:j', 'tz:x', 'tz:k'], array['failed', 'delivered', 'delivered'],
	array['EXPIRED', '', ''], 30) r), array[true, false, true], 'each is told whether it was found');
select is(state(5) || ' ' || state(6) || ' ' || state(7), 'sent failed delivered', 'of one id the newest is meant');
select is((select array_agg(r) from messages_reported(array['tz:j', 'tz:j'], array['delivered', 'delivered'],
	array['', ''], 31) r), array[true, false], 'then the one before, and then none');
select is((select string_agg(carrier_id, ' ' order by carrier_id) from message_reports), 'tz:j tz:x', 'what is nobody''s is kept');
-- answered as a screen on her phone: no carrier has it, and no report will come
insert into messages (cooperative_id, message_id, msisdn, language, template, text_values, created_ms, changed_ms,
	next_try_ms, state, claim) values (1, id(8), '255712000100', 'en', 't', '{}', 0, 0, 0, 'sending', id(97));
select ok(messages_sent(1, array[id(8)], array[id(97)], 16, array['delivered'], array[null], array['ussd'], array[0]) = 1, 'answered on her phone');
select is(state(8), 'delivered', 'it is delivered');
select ok(messages_sent(1, array[id(8)], array[id(97)], 17, array['queued'], array[null], array[''], array[18]) = 0, 'and does not leave again');
select * from finish();
rollback;
