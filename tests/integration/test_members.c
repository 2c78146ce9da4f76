/* Joining, PINs and settings through the facade, on a real PostgreSQL. */
#include "payments/flow/news.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* ---- members and PINs ---------------------------------------------------------------
 */

static void
joining(void **state)
{
	static const struct {
		const char *code, *name, *pin, *reason;
	} bad[] = {
		{ "NOSUCH", "Neema", NEEMA_PIN, "not_found" },
		{ "MGODI", "N", NEEMA_PIN, "bad_input" },
		{ "MGODI", "Neema", "1234", "pin_weak" },
		{ "MGODI", "Neema", "1985", "pin_weak" },
		{ "MGODI", "Neema", "12a4", "pin_weak" },
	};
	struct register_ask ask = { "MGODI", "Neema", "sw", NEEMA, NEEMA_PIN };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct register_ask wrong = { bad[i].code, bad[i].name, "sw", NEEMA,
			                      bad[i].pin };

		payments_register_begin(&env, &wrong, on_member, NULL);
		wait_all(1);
		expect(OUTCOME_FAIL, bad[i].reason);
	}
	payments_register_begin(&env, &ask, on_member, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	neema = (struct who){ 1, got.member.member_id };
	payments_register_confirm(&env, &neema, "9753", on_member, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "pin_differs");
	join(NEEMA, "Neema", NEEMA_PIN); /* begins anew over the pending one */
	assert_string_equal(got.member.number, "M-0003");
	neema = find(NEEMA);
	payments_register_begin(&env, &ask, on_member, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "exists");
	payments_member_find(&env, "255700000000", 0, on_member, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_found");
}

static void
check_pin(const struct who *who, const char *pin)
{
	payments_pin_check(&env, who, pin, on_plain, NULL);
	wait_all(1);
}

static void
change_pin(const struct who *who, enum pin_step step, const char *pin)
{
	payments_pin_change(&env, who, step, pin, on_plain, NULL);
	wait_all(1);
}

static void
pins(void **state)
{
	struct who who;

	(void)state;
	join("255712000101", "Baraka", "7391");
	who = find("255712000101");
	check_pin(&who, "7391");
	expect(OUTCOME_OK, "");
	change_pin(&who, PIN_NEW, "6428"); /* the old one was not proved */
	expect(OUTCOME_FAIL, "expired");
	change_pin(&who, PIN_OLD, "7391");
	expect(OUTCOME_OK, "");
	change_pin(&who, PIN_NEW, "0000");
	expect(OUTCOME_FAIL, "pin_weak");
	change_pin(&who, PIN_NEW, "6428");
	expect(OUTCOME_OK, "");
	check_pin(&who, "7391"); /* not in force yet */
	expect(OUTCOME_OK, "");
	change_pin(&who, PIN_AGAIN, "6429");
	expect(OUTCOME_FAIL, "pin_differs");
	change_pin(&who, PIN_AGAIN, "6428");
	expect(OUTCOME_OK, "");
	for (unsigned left = 2; left > 0; left--) {
		check_pin(&who, "7391");
		expect(OUTCOME_FAIL, "pin_wrong");
		assert_int_equal(got.answer.tries_left, left);
	}
	check_pin(&who, "7391");
	expect(OUTCOME_FAIL, "locked");
	check_pin(&who, "6428"); /* the right one comes too late */
	expect(OUTCOME_FAIL, "locked");
	find("255712000101");
	assert_true(got.member.locked);
}

static void
guesses_in_parallel(void **state)
{
	struct who who;

	(void)state;
	join("255712000102", "Zawadi", "7391");
	who = find("255712000102");
	for (int i = 0; i < 12; i++)
		payments_pin_check(&env, &who, "5555", on_plain, NULL);
	wait_all(12);
	/* three were looked at, whatever the order */
	assert_int_equal(
	    bed_query(&bed, "select pin_tries from members where name = 'Zawadi'"), 4);
	check_pin(&who, "7391");
	expect(OUTCOME_FAIL, "locked");
}

static void
small_settings(void **state)
{
	(void)state;
	payments_language_set(&env, &neema, "fr", on_plain, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	payments_news_set(&env, NEEMA, TOPIC_NONE, false, on_plain, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	find(NEEMA);
	assert_string_equal(got.member.language, "fr");
	assert_false(got.member.news);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joining),
		cmocka_unit_test(pins),
		cmocka_unit_test(guesses_in_parallel),
		cmocka_unit_test(small_settings),
	};

	return cmocka_run_group_tests(tests, story_open, story_close);
}
