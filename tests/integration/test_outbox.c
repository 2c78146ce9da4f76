/* SMS leave: an answer at once and without being looked for, each noted as it ended,
 * found again if who held it is gone. */
#include "payments/flow/outbox.h"
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA    "255712000100"
#define WAIT_MS  10000
#define HELD_MAX 8

static struct dialog_bed bed;

/* The carrier: holds what it was given until the test says what became of it. */
static struct {
	outbox_sent_cb *cb;
	void *arg;
} held[HELD_MAX];

static unsigned held_count;
static char came[HELD_MAX + 1]; /* the last letter of each template */

static void
take(void *ctx, const struct message *m, outbox_sent_cb *cb, void *arg)
{
	(void)ctx;
	assert_string_equal(m->msisdn, NEEMA);
	assert_true(held_count < HELD_MAX);
	came[held_count] = m->template[strlen(m->template) - 1];
	held[held_count].cb = cb;
	held[held_count++].arg = arg;
}

static const struct sms_port port = { .send = take };

static int
open_bed(void **state)
{
	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	bed.settings.sms.poll_ms = 600000;
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

static struct outbox_counts
counts(void)
{
	struct outbox_counts c;

	outbox_read_counts(bed.env.outbox, &c);
	return c;
}

/* Begins with nothing in the queue, and its first look is over. */
static int
open_outbox(void **state)
{
	(void)state;
	held_count = 0;
	bed_number(&bed, "with parts as (delete from message_parts), gone as (delete "
	                 "from messages returning 1) select count(*) from gone");
	bed.settings.sms.concurrency = 8;
	bed.env.outbox = outbox_new(&bed.env, &port);
	while (counts().polled_ms == 0)
		loop_turn(bed.loop, 10);
	return 0;
}

static int
close_outbox(void **state)
{
	struct outbox *o = bed.env.outbox;

	(void)state;
	bed.env.outbox = NULL;
	outbox_free(o);
	return 0;
}

static bool
holds(const void *n)
{
	return held_count == *(const unsigned *)n;
}

static bool
is_true(const void *sql)
{
	return bed_number(&bed, sql) > 0;
}

static void
turn_until(bool (*done)(const void *what), const void *what)
{
	const int64_t end = bed.clock.mono_ms + WAIT_MS;
	char seen[600];

	while (!done(what) && bed.clock.mono_ms < end)
		loop_turn(bed.loop, 10);
	if (done(what))
		return;
	bed_text(&bed,
	         "select string_agg(concat_ws(' ', carrier_id, state, attempts), '; ' "
	         "order by message_id) from messages",
	         seen, sizeof seen);
	fail_msg("in vain: %u held, %s", held_count, seen);
}

/* Every place is free again. */
static bool
is_idle(const void *what)
{
	(void)what;
	return counts().sending == 0;
}

static void
turn_until_held(unsigned n)
{
	turn_until(holds, &n);
}

static void
answer(unsigned i, enum sms_fate fate, const char *carrier_id)
{
	struct sms_sent sent = { .fate = fate, .carrier_id = carrier_id, .reason = "" };

	held[i].cb(held[i].arg, &sent);
}

#define STATES                                                                           \
	"select count(*) from (select string_agg(state || attempts, ' ' order by "       \
	"message_id) as s from messages) x where s = "

static void
an_answer_leaves_without_being_looked_for(void **state)
{
	int64_t looked = counts().polled_ms;

	(void)state;
	bed_sms(&bed, NEEMA, "one", "SALIO");
	turn_until_held(1);
	assert_int_equal(counts().polled_ms, looked);
	/* on disk before it leaves, and ours for long enough */
	assert_true(is_true("select count(*) from messages where state = 'sending' and "
	                    "attempts = 1 and claim is not null and sending_ms is not "
	                    "null and claimed_until_ms > created_ms + 60000"));
	answer(0, SMS_TAKEN, "tigo:1");
	turn_until(is_true, STATES "'sent1'");
	turn_until(is_idle, NULL);
}

static void
brought_again_it_is_answered_once(void **state)
{
	(void)state;
	bed_sms(&bed, NEEMA, "two", "SALIO");
	turn_until_held(1);
	answer(0, SMS_TAKEN, "tigo:2");
	turn_until(is_true, STATES "'sent1'");
	bed_sms(&bed, NEEMA, "two", "SALIO");
	for (int i = 0; i < 20; i++)
		loop_turn(bed.loop, 2);
	assert_int_equal(held_count, 1);
	turn_until(is_idle, NULL);
	assert_true(is_true(STATES "'sent1'"));
}

static void
without_room_it_waits_in_the_queue(void **state)
{
	(void)state;
	bed.settings.sms.concurrency = 1;
	bed_sms(&bed, NEEMA, "three", "SALIO");
	bed_sms(&bed, NEEMA, "four", "SALIO");
	turn_until_held(1);
	assert_true(is_true(STATES "'sending1 queued0'"));
	answer(0, SMS_TAKEN, "tigo:3");
	turn_until_held(2);
	answer(1, SMS_TAKEN, "tigo:4");
	turn_until(is_true, STATES "'sent1 sent1'");
}

/* The only place was kept for one that was never written. */
static void
a_place_given_back_is_used(void **state)
{
	struct message never = { .cooperative_id = 1 };

	(void)state;
	bed.settings.sms.concurrency = 1;
	assert_true(outbox_offer(bed.env.outbox, &never));
	bed_sms(&bed, NEEMA, "kept", "SALIO");
	for (int i = 0; i < 20; i++)
		loop_turn(bed.loop, 2);
	assert_int_equal(held_count, 0);
	outbox_give_back(bed.env.outbox);
	turn_until_held(1);
	answer(0, SMS_TAKEN, "tigo:kept");
	turn_until(is_true, STATES "'sent1'");
}

static void
what_dies_in_our_hands_is_found_again(void **state)
{
	(void)state;
	bed_sms(&bed, NEEMA, "five", "SALIO");
	turn_until_held(1);
	close_outbox(state); /* while the carrier has it */
	answer(0, SMS_TAKEN, "tigo:5");
	bed.env.outbox = outbox_new(&bed.env, &port);
	while (counts().polled_ms == 0)
		loop_turn(bed.loop, 10);
	assert_int_equal(held_count, 1); /* the lease holds */
	bed_number(&bed, "with late as (update messages set claimed_until_ms = "
	                 "created_ms returning 1) select count(*) from late");
	outbox_nudge(bed.env.outbox);
	turn_until_held(2);
	answer(1, SMS_TAKEN, "tigo:5");
	turn_until(is_true, STATES "'sent2'");
}

/* Two statements note the first two; the others wait for them and share one.  One that
 * cannot be written does not keep its neighbours from being noted. */
static void
each_is_noted_as_it_ended(void **state)
{
	static const char *const ids[] = { "a", "b", "c", "d", "e", "f" };

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		bed_sms(&bed, NEEMA, ids[i], "SALIO");
		turn_until_held(i + 1);
	}
	answer(0, SMS_TAKEN, "tigo:a");
	answer(1, SMS_TAKEN, "");
	answer(2, SMS_REFUSED, "");
	answer(3, SMS_AGAIN, "");
	answer(4, SMS_TAKEN, "tigo:\xff"); /* no text for PostgreSQL */
	answer(5, SMS_TAKEN, "tigo:f1 tigo:f2");
	turn_until(is_true, STATES "'sent1 sent1 failed1 queued1 sending1 sent1'");
	assert_int_equal(bed_number(&bed, "select count(*) from message_parts p join "
	                                  "messages m using (message_id) where "
	                                  "m.carrier_id = 'tigo:f1'"),
	                 2);
	assert_true(is_true("select count(*) from messages where state = 'queued' and "
	                    "next_try_ms > changed_ms"));
}

static bool
all_told(const void *what)
{
	struct outbox_counts c = counts();

	(void)what;
	return c.delivered + c.undelivered + c.unmatched == 4;
}

static void
reports_that_come_together_are_told_each(void **state)
{
	static const char *const ids[] = { "tigo:r0", "tigo:r1", "tigo:r2" };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		bed_sms(&bed, NEEMA, ids[i], "SALIO");
		turn_until_held(i + 1);
		answer(i, SMS_TAKEN, ids[i]);
	}
	turn_until(is_true, STATES "'sent1 sent1 sent1'");
	outbox_report(bed.env.outbox, ids[0], REPORT_DELIVERED, "", NULL, NULL);
	outbox_report(bed.env.outbox, ids[1], REPORT_FAILED, "expired", NULL, NULL);
	outbox_report(bed.env.outbox, "tigo:stranger", REPORT_DELIVERED, "", NULL, NULL);
	outbox_report(bed.env.outbox, ids[2], REPORT_DELIVERED, "", NULL, NULL);
	turn_until(all_told, NULL);
	assert_true(is_true(STATES "'delivered1 failed1 delivered1'"));
	assert_int_equal(counts().delivered, 2);
	assert_int_equal(counts().unmatched, 1);
	assert_true(is_true("select count(*) from message_reports where carrier_id = "
	                    "'tigo:stranger'"));
}

/* Several slots a millisecond, and turns that take longer than a slot. */
static void
they_leave_in_their_order(void **state)
{
	(void)state;
	bed.settings.sms.per_second = 5000;
	bed_number(
	    &bed,
	    "with new as (insert into messages (cooperative_id, message_id, msisdn, "
	    "language, template, text_values, created_ms, changed_ms, next_try_ms) "
	    "select 1, gen_random_uuid(), '" NEEMA "', 'en', 'order.' || n, '{}', n, "
	    "n, 8 - n from generate_series(1, 8) n returning 1) select count(*) "
	    "from new");
	outbox_nudge(bed.env.outbox);
	turn_until_held(8);
	assert_memory_equal(came, "12345678", 8);
	for (unsigned i = 0; i < 8; i++)
		answer(i, SMS_TAKEN, "");
	turn_until(is_idle, NULL);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_outbox, close_outbox)
	const struct CMUnitTest tests[] = {
		CASE(an_answer_leaves_without_being_looked_for),
		CASE(brought_again_it_is_answered_once),
		CASE(without_room_it_waits_in_the_queue),
		CASE(a_place_given_back_is_used),
		CASE(what_dies_in_our_hands_is_found_again),
		CASE(each_is_noted_as_it_ended),
		CASE(reports_that_come_together_are_told_each),
		CASE(they_leave_in_their_order),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
