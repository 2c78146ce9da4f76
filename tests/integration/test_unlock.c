/* A locked PIN is opened again by an officer, on a real PostgreSQL. */
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
check_pin(const struct who *who, const char *pin)
{
	payments_pin_check(&env, who, pin, on_plain, NULL);
	wait_all(1);
}

static void
lock(const struct who *who)
{
	for (int i = 0; i < 3; i++)
		check_pin(who, "5555");
	expect(OUTCOME_FAIL, "locked");
}

static void
unlock(const struct who *by, const char *pin, const struct who *whose, struct uuid key)
{
	struct unlock_ask ask = { *by, whose->member_id, pin, key };

	payments_member_unlock(&env, &ask, on_plain, NULL);
	wait_all(1);
}

static int64_t
audited(void)
{
	return bed_query(&bed,
	                 "select count(*) from audit where action = 'member.unlock' "
	                 "and actor is not null");
}

static void
the_old_pin_works_again(void **state)
{
	(void)state;
	lock(&neema);
	unlock(&officer, OFFICER_PIN, &neema, fresh_key());
	expect(OUTCOME_OK, "");
	find(NEEMA);
	assert_false(got.member.locked);
	check_pin(&neema, "5555");
	expect(OUTCOME_FAIL, "pin_wrong"); /* three tries, not endless ones */
	assert_int_equal(got.answer.tries_left, 2);
	check_pin(&neema, NEEMA_PIN);
	expect(OUTCOME_OK, "");
	assert_int_equal(audited(), 1);
}

static void
who_may_not(void **state)
{
	int64_t before = audited();
	struct who nobody = { 1, fresh_key() };

	(void)state;
	unlock(&treasurer, TREASURER_PIN, &neema, fresh_key());
	expect(OUTCOME_FAIL, "stale"); /* she is not locked */
	unlock(&treasurer, TREASURER_PIN, &nobody, fresh_key());
	expect(OUTCOME_FAIL, "stale");
	unlock(&treasurer, TREASURER_PIN, &treasurer, fresh_key());
	expect(OUTCOME_FAIL, "own_work");
	unlock(&neema, NEEMA_PIN, &officer, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	lock(&neema);
	unlock(&neema, NEEMA_PIN, &neema, fresh_key());
	expect(OUTCOME_FAIL, "locked");
	unlock(&treasurer, "5555", &neema, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	find(NEEMA);
	assert_true(got.member.locked);
	assert_int_equal(audited(), before);
}

/* A repeated answer opens nothing that was locked since. */
static void
one_key_unlocks_once(void **state)
{
	struct uuid key = fresh_key();
	int64_t before = audited();

	(void)state;
	unlock(&treasurer, TREASURER_PIN, &neema, key);
	expect(OUTCOME_OK, "");
	unlock(&treasurer, TREASURER_PIN, &neema, key);
	expect(OUTCOME_OK, "");
	assert_int_equal(audited(), before + 1);
	lock(&neema);
	unlock(&treasurer, TREASURER_PIN, &neema, key);
	expect(OUTCOME_OK, "");
	find(NEEMA);
	assert_true(got.member.locked);
	unlock(&treasurer, TREASURER_PIN, &neema, fresh_key());
	expect(OUTCOME_OK, "");
}

/* A change of PIN half done by whoever held the phone does not outlive the unlocking. */
static void
a_pin_set_aside_is_dropped(void **state)
{
	static const struct {
		enum pin_step step;
		const char *pin;
	} half[] = { { PIN_OLD, NEEMA_PIN }, { PIN_NEW, "6428" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		payments_pin_change(&env, &neema, half[i].step, half[i].pin, on_plain,
		                    NULL);
		wait_all(1);
		expect(OUTCOME_OK, "");
	}
	lock(&neema);
	unlock(&officer, OFFICER_PIN, &neema, fresh_key());
	expect(OUTCOME_OK, "");
	payments_pin_change(&env, &neema, PIN_AGAIN, "6428", on_plain, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "expired");
	check_pin(&neema, NEEMA_PIN);
	expect(OUTCOME_OK, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_old_pin_works_again),
		cmocka_unit_test(who_may_not),
		cmocka_unit_test(one_key_unlocks_once),
		cmocka_unit_test(a_pin_set_aside_is_dropped),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
