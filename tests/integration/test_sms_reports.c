/* What an SMSC reports finds its message: early, in other figures, twice, too late, and
 * under an id that was used before. */
#include "gateway/channel/smpp/receipt.h"
#include "payments/flow/outbox.h"
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA   "255712000100"
#define WAIT_MS 10000

static struct dialog_bed bed;
static struct outbox *outbox;

/* The carrier: holds what it was given until the test says what became of it. */
static struct {
	outbox_sent_cb *cb;
	void *arg;
} held;

static void
take(void *ctx, const struct message *m, outbox_sent_cb *cb, void *arg)
{
	(void)ctx;
	(void)m;
	held.cb = cb;
	held.arg = arg;
}

static int
open_bed(void **state)
{
	static const struct sms_port port = { .send = take };

	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	outbox = outbox_new(&bed.env, &port);
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	if (outbox != NULL)
		outbox_free(outbox);
	dialog_bed_close(&bed);
	return 0;
}

static void
turn_until(bool (*done)(const void *what), const void *what)
{
	const int64_t end = bed.clock.mono_ms + WAIT_MS;

	while (!done(what) && bed.clock.mono_ms < end) {
		outbox_nudge(outbox);
		loop_turn(bed.loop, 10);
	}
	if (!done(what)) {
		char seen[600];

		bed_text(&bed,
		         "select string_agg(concat_ws(' ', carrier_id, state, reason, "
		         "created_ms), '; ' order by created_ms) || ' kept ' || (select "
		         "count(*) from message_reports) from messages",
		         seen, sizeof seen);
		fail_msg("in vain: %s", seen);
	}
}

static bool
is_held(const void *what)
{
	(void)what;
	return held.cb != NULL;
}

static bool
is_true(const void *sql)
{
	return bed_number(&bed, sql) > 0;
}

/* An SMS leaves and waits at the carrier. */
static void
send(const char *id)
{
	bed_sms(&bed, NEEMA, id, "SALIO");
	turn_until(is_held, NULL);
}

/* The carrier has it, under the id that its answer to the submit said. */
static void
answer(enum smpp_id_rule rule, const char *id)
{
	struct smpp_id how = { rule, SMPP_ID_IN_ANSWER, "tigo" };
	char carrier_id[SMPP_CARRIER_SIZE], sql[300];
	struct sms_sent sent = { .fate = SMS_TAKEN,
		                 .carrier_id = carrier_id,
		                 .reason = "" };
	outbox_sent_cb *cb = held.cb;

	assert_true(smpp_carrier_id(&how, id, strlen(id), carrier_id));
	held.cb = NULL;
	cb(held.arg, &sent);
	snprintf(sql, sizeof sql,
	         "select count(*) from messages where carrier_id = '%s' and created_ms = "
	         "(select max(created_ms) from messages)",
	         carrier_id);
	turn_until(is_true, sql);
}

static void
report(enum smpp_id_rule rule, const char *text)
{
	struct smpp_report_body in = {
		.esm_class = 4, .text = text, .len = strlen(text), .message_state = -1
	};
	char carrier_id[SMPP_CARRIER_SIZE];
	struct smpp_receipt r;

	assert_true(smpp_is_receipt(&in));
	assert_true(smpp_receipt_read(&in, &r));
	assert_true(smpp_receipt_carrier_id(rule, "tigo", &r, carrier_id));
	if (smpp_state_final(r.state))
		outbox_report(outbox, carrier_id,
		              r.state == SMPP_DELIVERED ? REPORT_DELIVERED
		                                        : REPORT_FAILED,
		              smpp_state_name(r.state), NULL, NULL);
}

#define STATES                                                                           \
	"select count(*) from (select string_agg(state, ' ' order by created_ms, "       \
	"message_id) as s from messages where msisdn = '" NEEMA "') x where s = "

static void
an_early_report_in_other_figures_is_held(void **state)
{
	(void)state;
	send("one");
	report(SMPP_ID_HEX_DEC, "id:0059113978 stat:ENROUTE err:000");
	report(SMPP_ID_HEX_DEC, "id:0059113978 stat:DELIVRD err:000");
	turn_until(is_true, "select count(*) from message_reports");
	assert_true(is_true(STATES "'sending'"));
	answer(SMPP_ID_HEX_DEC, "38601FA");
	turn_until(is_true, STATES "'delivered'");
	assert_int_equal(bed_number(&bed, "select count(*) from message_reports"), 0);
}

static void
a_final_state_stays(void **state)
{
	(void)state;
	report(SMPP_ID_HEX_DEC, "id:59113978 stat:UNDELIV err:001");
	for (int i = 0; i < 50; i++)
		loop_turn(bed.loop, 2);
	assert_true(is_true(STATES "'delivered'"));
}

static void
an_id_used_again_is_the_newest_messages(void **state)
{
	(void)state;
	send("two");
	answer(SMPP_ID_HEX_DEC, "ff");
	report(SMPP_ID_HEX_DEC, "id:0255 stat:DELIVRD err:000");
	turn_until(is_true, STATES "'delivered delivered'");
	send("three");
	answer(SMPP_ID_HEX_DEC, "FF");
	report(SMPP_ID_HEX_DEC, "id:255 stat:EXPIRED err:001");
	turn_until(is_true, STATES "'delivered delivered failed'");
	assert_true(is_true("select count(*) from messages where reason = 'expired'"));
}

/* What the carrier says a second time of one that has ended lies there when it uses the
 * id again: only what comes after the new one left can mean that. */
static void
an_echo_is_not_the_next_messages(void **state)
{
	(void)state;
	report(SMPP_ID_HEX_DEC, "id:255 stat:EXPIRED err:001");
	turn_until(is_true, "select count(*) from message_reports");
	send("four");
	answer(SMPP_ID_HEX_DEC, "ff");
	for (int i = 0; i < 50; i++) {
		outbox_nudge(outbox);
		loop_turn(bed.loop, 2);
	}
	assert_true(is_true(STATES "'delivered delivered failed sent'"));
	report(SMPP_ID_HEX_DEC, "id:255 stat:DELIVRD err:000");
	turn_until(is_true, STATES "'delivered delivered failed delivered'");
}

static void
nor_does_it_hide_the_early_receipt_that_is(void **state)
{
	(void)state;
	report(SMPP_ID_HEX_DEC, "id:255 stat:EXPIRED err:001");
	turn_until(is_true, "select count(*) from message_reports");
	send("five");
	report(SMPP_ID_HEX_DEC, "id:255 stat:DELIVRD err:000");
	turn_until(is_true,
	           "select count(*) from message_reports where state = 'delivered'");
	answer(SMPP_ID_HEX_DEC, "ff");
	turn_until(is_true, STATES "'delivered delivered failed delivered delivered'");
}

/* ---- what cannot be written ---- */

static struct {
	unsigned kept, again;
} told;

static void
on_told(void *arg, bool kept)
{
	(void)arg;
	told.kept += kept;
	told.again += !kept;
}

static bool
are_told(const void *how_many)
{
	return told.kept + told.again == *(const unsigned *)how_many;
}

/* The carrier brings so many at once. */
static void
bring(const char *const *ids, unsigned n)
{
	told.kept = told.again = 0;
	for (unsigned i = 0; i < n; i++)
		assert_true(
		    outbox_report(outbox, ids[i], REPORT_DELIVERED, "", on_told, NULL));
	assert_int_equal(told.kept + told.again, 0); /* never from inside the call */
	turn_until(are_told, &n);
}

static void
reports_can_be_written(bool yes)
{
	char nothing[8];

	bed_text(&bed,
	         yes ? "alter function away rename to messages_reported"
	             : "alter function messages_reported rename to away",
	         nothing, sizeof nothing);
}

static void
what_is_not_written_is_not_taken(void **state)
{
	static const char *const ids[] = { "tigo:777", "tigo:none", "tigo:more" };

	(void)state;
	send("six");
	answer(SMPP_ID_EXACT, "777");
	reports_can_be_written(false);
	bring(ids, 3);
	assert_int_equal(told.again, 3);
	bring(ids, 1);
	assert_int_equal(told.again, 1);
	reports_can_be_written(true);
	bring(ids, 3);
	assert_int_equal(told.kept, 3);
	assert_true(is_true("select count(*) from messages where carrier_id = "
	                    "'tigo:777' and state = 'delivered'"));
}

/* Those that wait when we stop are answered too, and come again to who is next. */
static void
what_waits_when_we_stop_comes_again(void **state)
{
	(void)state;
	told.kept = told.again = 0;
	for (unsigned i = 0; i < 100; i++)
		assert_true(outbox_report(outbox, "tigo:888", REPORT_DELIVERED, "",
		                          on_told, NULL));
	outbox_free(outbox);
	outbox = NULL;
	assert_int_equal(told.again, 100);
	assert_int_equal(told.kept, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_early_report_in_other_figures_is_held),
		cmocka_unit_test(a_final_state_stays),
		cmocka_unit_test(an_id_used_again_is_the_newest_messages),
		cmocka_unit_test(an_echo_is_not_the_next_messages),
		cmocka_unit_test(nor_does_it_hide_the_early_receipt_that_is),
		cmocka_unit_test(what_is_not_written_is_not_taken),
		cmocka_unit_test(what_waits_when_we_stop_comes_again),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
