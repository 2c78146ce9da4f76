/* Days that are signed off, on real PostgreSQL: what is dated into them is refused by the
 * database, and the writer's other operations go on. */
#include "tests/integration/ledger_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct ledger_bed bed;

/* The float is locked up to an hour before now. */
static int
open_bed(void **state)
{
	char id[UUID_TEXT_SIZE], sql[400];
	struct uuid account = account_id(BED_COOPERATIVE, &bed_float);
	struct ledger_leg leg;

	(void)state;
	if (ledger_bed_open(&bed) != 0)
		return -1;
	leg = bed_post(&bed, bed_float, bed_equity, 100000);
	assert_int_equal(bed_settle(&bed, "fund", 1, &leg, 1).result, OP_DONE);
	snprintf(sql, sizeof sql,
	         "insert into statement_locks values (%d, 'mtn', 20000, "
	         "uuid7_floor(%lld), '%s', 0, 0)",
	         BED_COOPERATIVE, (long long)(bed.clock.wall_ms - DAY_MS / 24),
	         uuid_text(&account, id));
	bed_query(&bed, sql);
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	ledger_bed_close(&bed);
	return 0;
}

/* A leg as a gateway would make it whose clock is a day behind. */
static struct ledger_leg
late(struct ledger_leg leg)
{
	leg.transfer_id = ids_uuid7(&bed.ids, bed.clock.wall_ms - DAY_MS);
	return leg;
}

static void
what_is_dated_before_is_refused_and_may_come_again(void **state)
{
	struct ledger_leg leg = late(bed_post(&bed, bed_till, bed_float, 100));

	(void)state;
	assert_int_equal(bed_settle(&bed, "pay", 1, &leg, 1).result, OP_STALE);
	assert_int_equal(bed_balance(&bed, &bed_float), 100000);
	/* the same operation, decided anew: its leg is of today */
	leg = bed_post(&bed, bed_till, bed_float, 100);
	assert_int_equal(bed_settle(&bed, "pay", 1, &leg, 1).result, OP_DONE);
	assert_int_equal(bed_balance(&bed, &bed_float), 99900);
	assert_int_equal(bed_faults(&bed), 0);
}

static void
its_neighbours_are_not_disturbed(void **state)
{
	struct ledger_leg legs[6];
	struct settle_answer answers[6];

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		legs[i] = bed_post(&bed, bed_till, bed_float, 10);
		if (i % 3 == 1)
			legs[i] = late(legs[i]);
		bed_submit(&bed, "batch", i, &legs[i], 1, &answers[i]);
	}
	bed_wait(&bed);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(answers[i].result, i % 3 == 1 ? OP_STALE : OP_DONE);
	assert_int_equal(bed_faults(&bed), 0);
}

static void
other_accounts_are_not_locked(void **state)
{
	struct ledger_leg leg = late(bed_post(&bed, bed_till, bed_equity, 10));

	(void)state;
	assert_int_equal(bed_settle(&bed, "other", 1, &leg, 1).result, OP_DONE);
}

static void
a_hold_moves_nothing_its_capture_does(void **state)
{
	struct ledger_leg hold = late(bed_post(&bed, bed_till, bed_float, 10));
	struct ledger_leg capture;

	(void)state;
	hold.kind = LEG_HOLD;
	assert_int_equal(bed_settle(&bed, "hold", 1, &hold, 1).result, OP_DONE);
	capture = late(bed_resolve(&bed, &hold, LEG_CAPTURE, 10));
	assert_int_equal(bed_settle(&bed, "capture", 1, &capture, 1).result, OP_STALE);
	capture = bed_resolve(&bed, &hold, LEG_CAPTURE, 10);
	assert_int_equal(bed_settle(&bed, "capture", 1, &capture, 1).result, OP_DONE);
	assert_int_equal(bed_faults(&bed), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_dated_before_is_refused_and_may_come_again),
		cmocka_unit_test(its_neighbours_are_not_disturbed),
		cmocka_unit_test(other_accounts_are_not_locked),
		cmocka_unit_test(a_hold_moves_nothing_its_capture_does),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
