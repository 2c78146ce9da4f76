/* The guarantee of a group on a real PostgreSQL: two officers let the members' savings
 * pay what is late of a part. */
#include "payments/flow/guarantee.h"
#include "tests/integration/group_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct late_part late; /* the latest answer */

static void
on_late(void *arg, const struct payments_answer *a, const struct late_part *v)
{
	late = *v;
	on_plain(arg, a);
}

static void
call(const struct who *who, const char *pin, struct uuid loan)
{
	struct guarantee_ask ask = {
		.who = *who, .loan_id = loan, .pin = pin, .key = fresh_key()
	};

	payments_guarantee_call(&env, &ask, on_late, NULL);
	wait_all(1);
}

/* Two weeks late: by hand, two of four instalments of 13,000 and the penalty. */
static void
the_guarantee_pays_what_is_late(void **state)
{
	struct uuid loan;
	int64_t missing;
	char code[16];

	(void)state;
	lend_to_all("Upendo");
	loan = group.part[1].loan_id;
	snprintf(code, sizeof code, "%s", group.part[1].loan_code);
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_late");
	bed.clock.skew_ms = 8 * DAY_MS;
	clock_update(&bed.clock);
	pay_for_all(0, 1300000 * 2, PAY_PAID); /* only what is late, of all three */
	assert_int_equal(group.part[0].past_due + group.part[1].past_due +
	                     group.part[2].past_due,
	                 1300000);
	payments_late_part(&env, &one[0], code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_allowed");
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	missing = late.past_due;
	assert_int_equal(late.held, 1500000);
	assert_int_equal(late.pays, missing);
	call(&treasurer, TREASURER_PIN, loan);
	expect(OUTCOME_PENDING, "second_needed");
	call(&treasurer, TREASURER_PIN, loan);
	expect(OUTCOME_PENDING, "second_needed");
	call(&officer, OFFICER_PIN, loan);
	expect(OUTCOME_OK, "");
	look_at(&officer);
	assert_int_equal(group.part[1].past_due, 0);
	assert_int_equal(group.part[1].called, missing); /* her own reaches */
	assert_int_equal(group.part[1].guarantee, 500000 - missing);
	assert_int_equal(saved(1), 500000 - missing);
	assert_int_equal(saved(0), 500000);
	assert_int_equal(messages("guarantee.called"), 1);
	call(&treasurer, TREASURER_PIN, loan); /* not late any more */
	expect(OUTCOME_FAIL, "stale");

	bed.clock.skew_ms = 22 * DAY_MS; /* two more weeks: now the others pay, too */
	clock_update(&bed.clock);
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_true(late.past_due >= 2600000);
	assert_int_equal(late.held, 1500000 - missing);
	assert_int_equal(late.pays, late.held);
	call(&officer, OFFICER_PIN, loan);
	expect(OUTCOME_PENDING, "second_needed"); /* two words again */
	call(&treasurer, TREASURER_PIN, loan);
	expect(OUTCOME_OK, "");
	for (int i = 0; i < THREE; i++)
		assert_int_equal(saved(i), 0);
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "nothing_held");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_guarantee_pays_what_is_late,
		                                open_with_three, story_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
