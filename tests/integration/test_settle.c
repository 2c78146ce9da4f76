/* The ledger writer on a real PostgreSQL: what each kind of operation answers, once and
 * again, and what the books say afterwards. */
#include "payments/flow/expire.h"
#include "tests/integration/ledger_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct ledger_bed bed;

static int
open_bed(void **state)
{
	(void)state;
	return ledger_bed_open(&bed);
}

static int
close_bed(void **state)
{
	(void)state;
	ledger_bed_close(&bed);
	return 0;
}

/* Equity pays into the float: the float may then pay out what is on it. */
static void
money_moves_and_the_books_balance(void **state)
{
	struct ledger_leg leg;
	(void)state;

	leg = bed_post(&bed, bed_float, bed_equity, 1000);
	assert_int_equal(bed_settle(&bed, "fund", 1, &leg, 1).result, OP_DONE);
	assert_int_equal(bed_balance(&bed, &bed_float), 1000);
	assert_int_equal(bed_balance(&bed, &bed_equity), -1000);
	assert_int_equal(bed_faults(&bed), 0);
}

static void
the_same_key_gets_the_first_answer(void **state)
{
	struct ledger_leg leg = bed_post(&bed, bed_member, bed_float, 5000);
	struct settle_answer a;
	(void)state;

	assert_int_equal(bed_settle(&bed, "poor", 2, &leg, 1).result, OP_NO_FUNDS);
	leg = bed_post(&bed, bed_float, bed_equity, 100000);
	assert_int_equal(bed_settle(&bed, "fund", 3, &leg, 1).result, OP_DONE);
	leg = bed_post(&bed, bed_member, bed_float, 5000);
	a = bed_settle(&bed, "poor", 2, &leg, 1);
	assert_int_equal(a.result,
	                 OP_NO_FUNDS); /* a refusal is final, even after a top-up */
	assert_true(a.repeated);
	leg.amount = 4999;
	a = bed_settle(&bed, "poor", 2, &leg, 1);
	assert_int_equal(a.result, OP_CONFLICT);
	ledger_bed_restart(&bed); /* nothing remembered in memory: the database knows */
	leg.amount = 5000;
	a = bed_settle(&bed, "poor", 2, &leg, 1);
	assert_int_equal(a.result, OP_NO_FUNDS);
	assert_true(a.repeated);
}

static void
a_hold_is_resolved_exactly_once(void **state)
{
	static const struct {
		enum leg_kind first, second;
		int64_t amount;
		enum op_result answer, again;
	} rows[] = {
		{ LEG_CAPTURE, LEG_CAPTURE, 300, OP_DONE, OP_ALREADY_CAPTURED },
		{ LEG_CAPTURE, LEG_VOID, 120, OP_DONE, OP_ALREADY_CAPTURED },
		{ LEG_VOID, LEG_CAPTURE, 300, OP_DONE, OP_ALREADY_VOIDED },
		{ LEG_EXPIRE, LEG_CAPTURE, 300, OP_DONE, OP_ALREADY_EXPIRED },
		{ LEG_CAPTURE, LEG_VOID, 301, OP_OVER_HOLD, OP_DONE },
	};

	unsigned key = 100;
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t before = bed_balance(&bed, &bed_float);
		struct ledger_leg hold = bed_post(&bed, bed_loan, bed_float, 300), leg;

		hold.kind = LEG_HOLD;
		assert_int_equal(bed_settle(&bed, "hold", key++, &hold, 1).result,
		                 OP_DONE);
		if (i % 2 == 1)
			ledger_bed_restart(&bed); /* also from a cold memory */
		leg = bed_resolve(&bed, &hold, rows[i].first, rows[i].amount);
		assert_int_equal(bed_settle(&bed, "end", key++, &leg, 1).result,
		                 rows[i].answer);
		leg = bed_resolve(&bed, &hold, rows[i].second, 300);
		assert_int_equal(bed_settle(&bed, "end", key++, &leg, 1).result,
		                 rows[i].again);
		if (rows[i].first == LEG_CAPTURE && rows[i].answer == OP_DONE)
			before -= rows[i].amount;
		assert_int_equal(bed_balance(&bed, &bed_float), before);
		assert_int_equal(bed_faults(&bed), 0);
	}
}

static void
held_money_cannot_be_spent(void **state)
{
	int64_t all = bed_balance(&bed, &bed_float);
	struct ledger_leg hold = bed_post(&bed, bed_loan, bed_float, all), more;
	(void)state;

	hold.kind = LEG_HOLD;
	assert_int_equal(bed_settle(&bed, "hold", 200, &hold, 1).result, OP_DONE);
	more = bed_post(&bed, bed_loan, bed_float, 1);
	assert_int_equal(bed_settle(&bed, "spend", 201, &more, 1).result, OP_NO_FUNDS);
	hold = bed_resolve(&bed, &hold, LEG_VOID, all);
	assert_int_equal(bed_settle(&bed, "void", 202, &hold, 1).result, OP_DONE);
	assert_int_equal(bed_settle(&bed, "spend", 203, &more, 1).result, OP_DONE);
}

static void
one_refusal_does_not_disturb_its_neighbours(void **state)
{
	struct settle_answer answers[3];
	struct ledger_leg legs[3];
	(void)state;

	legs[0] = bed_post(&bed, bed_float, bed_equity, 10);
	legs[1] = bed_post(&bed, bed_till, bed_float, INT64_C(1) << 50);
	legs[2] = bed_post(&bed, bed_float, bed_equity, 20);
	for (unsigned i = 0; i < 3; i++)
		bed_submit(&bed, "together", 300 + i, &legs[i], 1, &answers[i]);
	bed_wait(&bed);
	assert_int_equal(answers[0].result, OP_DONE);
	assert_int_equal(answers[1].result, OP_NO_FUNDS);
	assert_int_equal(answers[2].result, OP_DONE);
}

static void
the_same_operation_twice_at_once_is_done_once(void **state)
{
	int64_t before = bed_balance(&bed, &bed_float);
	struct ledger_leg leg = bed_post(&bed, bed_float, bed_equity, 7);
	struct settle_answer answers[5];
	(void)state;

	for (unsigned i = 0; i < 5; i++)
		bed_submit(&bed, "twice", 400, &leg, 1, &answers[i]);
	bed_wait(&bed);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(answers[i].result, OP_DONE);
		assert_int_equal(answers[i].repeated, i > 0);
	}
	assert_int_equal(bed_balance(&bed, &bed_float), before + 7);
}

static void
what_cannot_be_is_refused_at_the_door(void **state)
{
	struct ledger_leg leg = bed_post(&bed, bed_float, bed_equity, 0);
	struct settle_answer a = bed_settle(&bed, "zero", 500, &leg, 1);
	(void)state;

	assert_int_equal(a.err.code, ERR_RANGE);
	assert_int_equal(a.err.fate, FATE_NOT);
	leg = bed_post(&bed, bed_float, bed_equity, 5);
	snprintf(leg.credit.unit, sizeof leg.credit.unit, "KES");
	assert_int_equal(bed_settle(&bed, "units", 501, &leg, 1).err.code, ERR_RANGE);
}

#define SHORT_HOLDS 3

static void
a_hold_past_its_time_is_released(void **state)
{
	struct flow_env env = {
		.loop = bed.loop, .ids = &bed.ids, .pg = bed.pg, .settle = bed.settle
	};
	struct ledger_leg hold[SHORT_HOLDS], late;
	struct settle_counts before, now;
	struct expire *e;
	int64_t end;
	(void)state;

	for (unsigned i = 0; i < SHORT_HOLDS; i++) {
		hold[i] = bed_post(&bed, bed_loan, bed_float, 10);
		hold[i].kind = LEG_HOLD;
		hold[i].expires_ms = bed.clock.wall_ms - 1;
		assert_int_equal(bed_settle(&bed, "short", 550 + i, &hold[i], 1).result,
		                 OP_DONE);
	}
	settle_read_counts(bed.settle, &before);
	e = expire_start(&env, 10);
	end = bed.clock.mono_ms + 5000;
	do { /* until the flow itself has its answers */
		loop_turn(bed.loop, 10);
		assert_true(bed.clock.mono_ms < end);
		settle_read_counts(bed.settle, &now);
	} while (now.operations < before.operations + SHORT_HOLDS);
	assert_int_equal(bed_query(&bed, "select count(*) from operations where kind ="
	                                 " 'hold.expire' and result = 0"),
	                 SHORT_HOLDS);
	expire_stop(&e);
	late = bed_resolve(&bed, &hold[0], LEG_CAPTURE, 10);
	assert_int_equal(bed_settle(&bed, "late", 560, &late, 1).result,
	                 OP_ALREADY_EXPIRED);
	assert_int_equal(bed_faults(&bed), 0);
}

static void
note_result(void *arg, const struct settle_answer *answer)
{
	*(struct settle_answer *)arg = *answer;
}

/* A takes all there is and fails on its effect while B, refused because of A, waits. */
static void
a_refusal_does_not_rest_on_what_then_fails(void **state)
{
	int64_t all = bed_balance(&bed, &bed_float), end;
	struct ledger_leg a = bed_post(&bed, bed_loan, bed_float, all);
	struct effect never = { "bed_never", "{}" };
	struct operation op = { .cooperative_id = BED_COOPERATIVE,
		                .key = uuid_from_name("takes all", 9),
		                .kind = "takes_all",
		                .legs = &a,
		                .leg_count = 1,
		                .effects = &never,
		                .effect_count = 1 };
	struct settle_answer first = { .result = OP_RESULTS }, second;
	struct settle_counts counts;
	(void)state;

	assert_true(all > 0);
	bed_query(
	    &bed,
	    "create or replace function effect_bed_never(p_coop integer, p_bodies jsonb)"
	    " returns void language plpgsql as $$ begin"
	    " perform pg_sleep(0.1); raise exception 'no' using errcode = 'AD001';"
	    " end $$");
	settle_submit(bed.settle, &op, 5000, note_result, &first);
	end = bed.clock.mono_ms + 5000;
	do {
		loop_turn(bed.loop, 10);
		settle_read_counts(bed.settle, &counts);
		assert_true(bed.clock.mono_ms < end);
	} while (counts.in_flight == 0);
	a = bed_post(&bed, bed_loan, bed_float, all);
	second = bed_settle(&bed, "second", 590, &a, 1);
	assert_int_equal(first.result, OP_STALE);
	assert_int_equal(second.result, OP_DONE);
	a = bed_post(&bed, bed_float, bed_loan, all); /* back, for those that follow */
	assert_int_equal(bed_settle(&bed, "back", 591, &a, 1).result, OP_DONE);
	assert_int_equal(bed_faults(&bed), 0);
}

/* The answer comes at the deadline, the operation goes on. */
static void
a_slow_commit_is_unknown_in_time(void **state)
{
	struct ledger_leg leg = bed_post(&bed, bed_float, bed_equity, 5);
	struct effect slow = { "bed_slow", "{}" };
	struct operation op = { .cooperative_id = BED_COOPERATIVE,
		                .key = uuid_from_name("slow/595", 8),
		                .kind = "slow",
		                .legs = &leg,
		                .leg_count = 1,
		                .effects = &slow,
		                .effect_count = 1 };
	struct settle_answer answer = { .result = OP_RESULTS };
	int64_t before = bed_balance(&bed, &bed_float), end;
	(void)state;

	bed_query(
	    &bed,
	    "create or replace function effect_bed_slow(p_coop integer, p_bodies jsonb)"
	    " returns void language sql as 'select pg_sleep(1.5)'");
	end = bed.clock.mono_ms + 5000;
	settle_submit(bed.settle, &op, 200, note_result, &answer);
	while (answer.result == OP_RESULTS && bed.clock.mono_ms < end)
		loop_turn(bed.loop, 10);
	assert_int_equal(answer.err.code, ERR_TIMEOUT);
	assert_int_equal(answer.err.fate, FATE_UNKNOWN);
	assert_int_equal(bed_balance(&bed, &bed_float), before);
	answer.result = OP_RESULTS;
	settle_submit(bed.settle, &op, 5000, note_result, &answer); /* ask again */
	while (answer.result == OP_RESULTS && bed.clock.mono_ms < end)
		loop_turn(bed.loop, 10);
	assert_int_equal(answer.result, OP_DONE);
	assert_int_equal(bed_balance(&bed, &bed_float), before + 5);
}

static void
a_second_writer_takes_over_and_the_first_is_fenced(void **state)
{
	struct ledger_leg leg = bed_post(&bed, bed_float, bed_equity, 11);
	int64_t before = bed_balance(&bed, &bed_float);
	(void)state;

	bed_bump_epoch(&bed);
	assert_int_equal(bed_settle(&bed, "fenced", 600, &leg, 1).result, OP_DONE);
	assert_int_equal(bed_balance(&bed, &bed_float), before + 11);
	assert_int_equal(bed_faults(&bed), 0);
}

/* The second waits while the first renews its lease, and takes over when it has died. */
static void
a_standby_takes_over_from_a_dead_writer(void **state)
{
	struct settle_options o = bed.options;
	struct settle *first = bed.settle, *second;
	struct ledger_leg leg = bed_post(&bed, bed_float, bed_equity, 7);
	int64_t before = bed_balance(&bed, &bed_float), end;
	struct settle_answer a;
	(void)state;

	assert_int_equal(bed_settle(&bed, "alive", 650, &leg, 1).result, OP_DONE);
	o.holder = "standby";
	second = settle_new(bed.loop, bed.pg, &o);
	clock_update(&bed.clock);
	end = bed.clock.mono_ms + 2 * o.lease_ms;
	while (bed.clock.mono_ms < end) {
		loop_turn(bed.loop, 20);
		assert_true(settle_is_leader(first));
		assert_false(settle_is_leader(second));
	}
	settle_free(first); /* without a word to the database */
	bed.settle = second;
	a = bed_settle(&bed, "alive", 650, &leg, 1);
	assert_int_equal(a.result, OP_DONE);
	assert_true(a.repeated);
	assert_true(settle_is_leader(second));
	assert_int_equal(bed_balance(&bed, &bed_float), before + 7);
}

static void
a_lost_connection_loses_and_doubles_nothing(void **state)
{
	int64_t before = bed_balance(&bed, &bed_float);
	struct settle_answer answers[200];
	(void)state;

	for (unsigned i = 0; i < 200; i++) {
		struct ledger_leg leg = bed_post(&bed, bed_float, bed_equity, 1);

		bed_submit(&bed, "lost", 700 + i, &leg, 1, &answers[i]);
		if (i % 50 == 25) {
			loop_turn(bed.loop, 0);
			bed_terminate_backends(&bed);
		}
	}
	bed_wait(&bed);
	for (unsigned i = 0; i < 200; i++)
		assert_int_equal(answers[i].result, OP_DONE);
	assert_int_equal(bed_balance(&bed, &bed_float), before + 200);
	assert_int_equal(bed_faults(&bed), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_moves_and_the_books_balance),
		cmocka_unit_test(the_same_key_gets_the_first_answer),
		cmocka_unit_test(a_hold_is_resolved_exactly_once),
		cmocka_unit_test(held_money_cannot_be_spent),
		cmocka_unit_test(one_refusal_does_not_disturb_its_neighbours),
		cmocka_unit_test(the_same_operation_twice_at_once_is_done_once),
		cmocka_unit_test(what_cannot_be_is_refused_at_the_door),
		cmocka_unit_test(a_hold_past_its_time_is_released),
		cmocka_unit_test(a_refusal_does_not_rest_on_what_then_fails),
		cmocka_unit_test(a_slow_commit_is_unknown_in_time),
		cmocka_unit_test(a_second_writer_takes_over_and_the_first_is_fenced),
		cmocka_unit_test(a_standby_takes_over_from_a_dead_writer),
		cmocka_unit_test(a_lost_connection_loses_and_doubles_nothing),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
