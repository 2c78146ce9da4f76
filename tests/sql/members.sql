-- Who is meant by a number of member or of phone, and who of them has an office.
begin;
select plan(9);

insert into cooperatives (cooperative_id, code, name, country, currency, timezone) values
	(1, 'ONE', 'One', 'TZ', 'TZS', 'UTC'), (2, 'TWO', 'Two', 'TZ', 'TZS', 'UTC');
create function id(n bigint) returns uuid language sql immutable as
	$$ select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
insert into members (cooperative_id, member_id, number, name, language, roles, state, joined_ms) values
	(1, id(1), 'M-0001', 'Treasurer', 'en', 5, 'active', 1),
	(1, id(2), 'M-0002', 'Miner', 'en', 1, 'active', 2),
	(1, id(3), 'M-0003', 'Officer who left', 'en', 9, 'closed', 3),
	(2, id(4), 'M-0001', 'Officer of two', 'en', 8, 'active', 4);
insert into member_numbers (cooperative_id, msisdn, member_id, added_ms) values
	(1, '255713000001', id(1), 1), (1, '255713000002', id(2), 2), (1, '255713000003', id(3), 3),
	(2, '255713000001', id(4), 4);

select is(member_named(1, 'm-0002'), id(2), 'by number of member, in any case');
select is(member_named(1, '255713000002'), id(2), 'by phone');
select is(member_named(2, '255713000001'), id(4), 'a phone means who has it in that cooperative');
select is(member_named(1, 'M-0003'), null, 'not who left');
select is(member_named(1, '255713000003'), null, 'nor by phone');
select is(member_named(1, ''), null, 'nobody');
select is(officer_named(1, 'M-0001'), id(1), 'a treasurer');
select is(officer_named(1, 'M-0002'), null, 'a miner has no office');
select is(refund_officer(1, id(1)::text), id(1), 'by id');
select * from finish();
rollback;
