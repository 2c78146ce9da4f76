#include "ussd/core/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
fill(struct session *s)
{
	memset(s, 0, sizeof *s);
	s->mode = SESSION_ENDED;
	strncpy(s->carrier, "ATUid_0123456789", sizeof s->carrier - 1);
	s->dialog = uuid_from_name("dialog", 6);
	s->member = true;
	s->approvals = 3;
	memcpy(s->name, "Neema Juma", 11);
	s->started_ms = 1790000000000;
	s->touched_ms = 1790000001234;
	s->cooperative_id = 7;
	s->member_id = uuid_from_name("member", 6);
	s->roles = 5;
	memcpy(s->language, "sw", 3);
	memcpy(s->currency, "TZS", 4);
	s->exponent = 2;
	s->program = 0x1122334455667788u;
	memset(s->menu, 0xa5, 100);
	s->menu_len = 100;
	s->last.len = 12;
	s->last.hash = 99;
	s->hop = 123456789;
	strncpy(s->reply, "Karibu Neema\n1 Mkopo", sizeof s->reply - 1);
	s->reply_end = true;
}

static void
comes_back_the_same(void **state)
{
	struct session a, b;
	uint8_t bytes[SESSION_MAX], again[SESSION_MAX];
	size_t n;

	(void)state;
	fill(&a);
	n = session_encode(&a, bytes);
	assert_true(n > 0 && n < 400);
	assert_true(session_decode(bytes, n, &b));
	assert_int_equal(session_encode(&b, again), n);
	assert_memory_equal(bytes, again, n);
	assert_string_equal(b.carrier, a.carrier);
	assert_string_equal(b.reply, a.reply);
	assert_true(uuid_equal(&a.member_id, &b.member_id));
	assert_int_equal(b.mode, SESSION_ENDED);
	assert_int_equal(b.touched_ms, a.touched_ms);
	assert_true(b.reply_end);
}

static void
every_cut_and_every_tail_is_refused(void **state)
{
	struct session a, b;
	uint8_t bytes[SESSION_MAX + 1];
	size_t n;

	(void)state;
	fill(&a);
	n = session_encode(&a, bytes);
	for (size_t cut = 0; cut < n; cut++)
		assert_false(session_decode(bytes, cut, &b));
	bytes[n] = 0;
	assert_false(session_decode(bytes, n + 1, &b));
}

static void
other_versions_and_modes_are_no_session(void **state)
{
	struct session a, b;
	uint8_t bytes[SESSION_MAX];
	size_t n;

	(void)state;
	fill(&a);
	n = session_encode(&a, bytes);
	bytes[0]++;
	assert_false(session_decode(bytes, n, &b));
	bytes[0]--;
	bytes[1] = SESSION_MODES;
	assert_false(session_decode(bytes, n, &b));
}

static void
the_largest_fits(void **state)
{
	struct session a, b;
	uint8_t bytes[SESSION_MAX];
	size_t n;

	(void)state;
	fill(&a);
	memset(a.carrier, 'x', sizeof a.carrier - 1);
	memset(a.reply, 'y', sizeof a.reply - 1);
	a.menu_len = SESSION_MENU_MAX;
	n = session_encode(&a, bytes);
	assert_true(n > 0);
	assert_true(session_decode(bytes, n, &b));
	a.menu_len = SESSION_MENU_MAX + 1;
	assert_int_equal(session_encode(&a, bytes), 0);
}

static void
key_has_a_hash_tag(void **state)
{
	struct msisdn m = { "255712000100123" };
	char key[SESSION_KEY_SIZE];

	(void)state;
	session_key(&m, key);
	assert_string_equal(key, "s:{255712000100123}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_the_same),
		cmocka_unit_test(every_cut_and_every_tail_is_refused),
		cmocka_unit_test(other_versions_and_modes_are_no_session),
		cmocka_unit_test(the_largest_fits),
		cmocka_unit_test(key_has_a_hash_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
