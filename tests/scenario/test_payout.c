/*
 * A payment on its way, in virtual time: every way a provider may behave, then every call
 * of each way turned into a loss, a silence, nonsense or a death of the gateway. Whatever
 * happens, both books agree in the end, once.
 */
#include "tests/scenario/payout_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct nature natures[] = {
	{ .about = "paid at once", .end = PAY_PAID },
	{ .about = "paid after a while", .pending = 3, .end = PAY_PAID },
	{ .about = "failed", .fails = true, .end = PAY_FAILED },
	{ .about = "refused", .refuses = "PAYEE_NOT_FOUND", .end = PAY_FAILED },
	{ .about = "not found for a while", .hidden = 2, .end = PAY_PAID },
	{ .about = "not found for long", .hidden = 6, .end = PAY_PAID },
	{ .about = "down at first", .down = 3, .end = PAY_PAID },
	{ .about = "a pull", .direction = PAY_IN, .pending = 1, .end = PAY_PAID },
	{ .about = "a pull that fails",
	  .direction = PAY_IN,
	  .pending = 1,
	  .fails = true,
	  .end = PAY_FAILED },
};

#define NATURES (sizeof natures / sizeof *natures)

static void
complain(const struct world *w, const char *what, unsigned k, int how)
{
	const char *fault = world_fault(w);

	if (fault == NULL)
		return;
	print_error("%s: %s %u (%d): %s; state %s, taken %d paid %d written %d\n%s\n",
	            w->nature.about, what, k, how, fault, pay_state_name(w->row.p.state),
	            w->book.taken, w->book.paid, w->row.books.times, script_trace());
	fail();
}

/* Calls made, and answers of the provider, in a run that nobody disturbs. */
static unsigned
undisturbed(const struct nature *n, unsigned *answers)
{
	struct world w;
	unsigned calls;

	world_start(&w, n);
	while (!row_is_over(&w.row) && w.clock.wall_ms < START_MS + 240 * MINUTE_MS)
		loop_turn(w.loop, 1000);
	calls = (unsigned)script_calls();
	*answers = w.answers;
	script_run(MINUTE_MS);
	complain(&w, "undisturbed", 0, 0);
	world_end(&w);
	return calls;
}

static void
test_natures(void **state)
{
	unsigned answers;

	(void)state;
	for (size_t i = 0; i < NATURES; i++)
		undisturbed(&natures[i], &answers);
}

static void
test_each_call_lost_or_late(void **state)
{
	(void)state;
	for (size_t i = 0; i < NATURES; i++) {
		unsigned answers, calls = undisturbed(&natures[i], &answers);

		calls = calls > 40 ? 40 : calls;
		for (unsigned k = 0; k < calls * FAULT_SILENT; k++) {
			enum script_fault f = 1 + k % FAULT_SILENT;
			struct world w;

			world_start(&w, &natures[i]);
			script_fault(k / FAULT_SILENT, f);
			world_run(&w);
			complain(&w, "call", k / FAULT_SILENT, (int)f);
			world_end(&w);
		}
	}
}

static void
test_each_answer_spoiled(void **state)
{
	(void)state;
	for (size_t i = 0; i < NATURES; i++) {
		unsigned answers;

		undisturbed(&natures[i], &answers);
		for (unsigned k = 0; k < answers * SPOILS; k++) {
			struct world w;

			world_start(&w, &natures[i]);
			w.spoil_at = k / SPOILS + 1;
			w.spoil = (enum spoil)(k % SPOILS);
			world_run(&w);
			complain(&w, "answer", w.spoil_at, (int)w.spoil);
			world_end(&w);
		}
	}
}

static void
test_a_death_at_each_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < NATURES; i++) {
		unsigned answers, calls = undisturbed(&natures[i], &answers);

		calls = calls > 40 ? 40 : calls;
		for (unsigned k = 1; k <= calls; k++) {
			struct world w;

			world_start(&w, &natures[i]);
			while (script_calls() < k)
				loop_turn(w.loop, 1000);
			world_restart(&w);
			world_run(&w);
			complain(&w, "death after call", k, 0);
			world_end(&w);
		}
	}
}

static void
callback(struct world *w, const char *said, enum verdict_kind claims)
{
	struct provider_hint hint = { .claims = claims };

	uuid_parse(REFERENCE, sizeof REFERENCE - 1, &hint.reference);
	snprintf(hint.said, sizeof hint.said, "%s", said);
	rails_hint(w->rails, "mtn", &hint, said, strlen(said));
}

static void
test_a_callback_pulls_the_query_forward(void **state)
{
	struct world w;

	(void)state;
	world_start(&w, &natures[0]);
	script_run(2000);
	assert_int_equal(w.row.p.state, PAY_ACCEPTED);
	callback(&w, "SUCCESSFUL", VERDICT_PAID);
	script_run(1000);
	assert_int_equal(w.row.p.state, PAY_PAID);
	complain(&w, "callback", 0, 0);
	world_end(&w);
}

static void
test_a_callback_never_moves_money(void **state)
{
	struct world w;

	(void)state;
	world_start(&w, &natures[2]); /* it will say failed */
	script_run(2000);
	callback(&w, "SUCCESSFUL", VERDICT_PAID);
	callback(&w, "SUCCESSFUL", VERDICT_PAID);
	script_run(1000);
	assert_int_equal(w.row.p.state, PAY_FAILED);
	world_run(&w);
	complain(&w, "a lying callback", 0, 0);
	assert_false(w.row.contradicted);
	world_end(&w);
}

static void
test_a_contradiction_is_listed_and_changes_nothing(void **state)
{
	struct world w;

	(void)state;
	world_start(&w, &natures[0]);
	script_run(MINUTE_MS);
	assert_int_equal(w.row.p.state, PAY_PAID);
	w.lies = true;
	callback(&w, "FAILED", VERDICT_FAILED);
	script_run(MINUTE_MS);
	assert_true(w.row.contradicted);
	assert_string_equal(w.row.p.attention, "contradiction");
	complain(&w, "contradiction", 0, 0);
	world_end(&w);
}

static void
test_settled_by_hand_asks_nobody(void **state)
{
	struct rails_counts counts;
	struct world w;

	(void)state;
	world_start(&w, &natures[0]);
	memcpy(w.row.p.attention, "by_hand", sizeof "by_hand");
	script_run(MINUTE_MS);
	assert_int_equal(w.row.p.state, PAY_PAID);
	rails_read_counts(w.rails, &counts);
	assert_int_equal(counts.at[0].submits + counts.at[0].queries, 0);
	world_end(&w);
}

static void
test_strangers_callbacks_are_harmless(void **state)
{
	struct provider_hint hint = { .said = "SUCCESSFUL" };
	struct rails_counts counts;
	struct world w;

	(void)state;
	world_start(&w, &natures[0]);
	rails_hint(w.rails, "mtn", &hint, "", 0);
	hint.reference = ids_uuid4(&w.ids);
	rails_hint(w.rails, "mtn", &hint, "\x01\xff", 2);
	script_run(1000);
	rails_read_counts(w.rails, &counts);
	assert_int_equal(counts.strangers, 1);
	script_run(MINUTE_MS);
	complain(&w, "strangers", 0, 0);
	world_end(&w);
}

static void
test_another_amount_settles_nothing(void **state)
{
	struct nature n = { .about = "another amount", .amount = "500000.00" };
	struct world w;

	(void)state;
	world_start(&w, &n);
	world_run(&w);
	assert_int_equal(w.row.books.times, 0);
	assert_false(row_is_over(&w.row));
	world_end(&w);
}

static void
test_a_pull_waits_for_the_session_to_end(void **state)
{
	struct world w;

	(void)state;
	world_start(&w, &natures[7]);
	rails_nudge(w.rails, 1);
	script_run(w.settings.payments.collect_delay_ms - 100);
	assert_false(w.book.taken);
	script_run(1000);
	assert_true(w.book.taken);
	world_end(&w);
}

static void
test_the_breaker_stops_new_payments(void **state)
{
	struct nature n = { .about = "down", .down = 1000000, .end = PAY_PAID };
	struct rails_counts counts;
	struct world w;

	(void)state;
	world_start(&w, &n);
	w.settings.payments.breaker_failures = 1;
	script_run(15000);
	assert_false(rails_is_open(w.rails, "mtn"));
	rails_read_counts(w.rails, &counts);
	assert_int_equal(counts.at[0].breaker, BREAKER_OPEN);
	w.nature.down = 0;
	script_run(10 * MINUTE_MS);
	assert_true(rails_is_open(w.rails, "mtn"));
	complain(&w, "breaker", 0, 0);
	world_end(&w);
}

static void
set_true(void *arg)
{
	*(bool *)arg = true;
}

static void
test_draining_finishes_what_is_in_hand(void **state)
{
	struct world w;
	bool drained = false;

	(void)state;
	world_start(&w, &natures[0]);
	while (!w.book.taken)
		loop_turn(w.loop, 1000);
	rails_drain(w.rails, set_true, &drained);
	assert_false(drained);
	script_run(MINUTE_MS);
	assert_true(drained);
	assert_int_equal(w.row.p.state, PAY_ACCEPTED);
	assert_string_equal(w.row.claim, "");
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_natures),
		cmocka_unit_test(test_each_call_lost_or_late),
		cmocka_unit_test(test_each_answer_spoiled),
		cmocka_unit_test(test_a_death_at_each_turn),
		cmocka_unit_test(test_a_callback_pulls_the_query_forward),
		cmocka_unit_test(test_a_callback_never_moves_money),
		cmocka_unit_test(test_a_contradiction_is_listed_and_changes_nothing),
		cmocka_unit_test(test_settled_by_hand_asks_nobody),
		cmocka_unit_test(test_strangers_callbacks_are_harmless),
		cmocka_unit_test(test_another_amount_settles_nothing),
		cmocka_unit_test(test_a_pull_waits_for_the_session_to_end),
		cmocka_unit_test(test_the_breaker_stops_new_payments),
		cmocka_unit_test(test_draining_finishes_what_is_in_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
