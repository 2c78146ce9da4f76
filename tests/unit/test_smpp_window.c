/* What a bind sends, and when: the window, the order, throttling and the rate, in virtual
 * time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "tests/unit/smpp_world.h"

#include <cmocka.h>

static void
a_window_is_filled_and_answered(void **state)
{
	static const char *const to[] = { "1", "2", "3", "4", "5", "6" };
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	for (unsigned i = 0; i < 6; i++)
		add(&w, to[i], i);
	DOES(&w, "S0 S1 S2 S3");
	answer_send(&w, 2, 0); /* in any order */
	DOES(&w, "F2:taken S4");
	assert_string_equal(w.send[2].message_id, "id4");
	answer_send(&w, 0, 0x0b);
	answer_send(&w, 1, 0x08);
	DOES(&w, "F0:refused F1:later S5");
	answer_send(&w, 3, 0);
	answer_send(&w, 4, 0);
	answer_send(&w, 5, 0x0b);
	answer_send(&w, 5, 0); /* twice: nobody waits */
	DOES(&w, "F3:taken F4:taken F5:refused");
	assert_int_equal(w.s.window.count.stray, 1);
}

static void
a_number_gets_its_messages_in_order(void **state)
{
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	add(&w, "1", 10); /* two parts of one message go together */
	add(&w, "1", 10);
	add(&w, "1", 11);
	add(&w, "2", 12);
	DOES(&w, "S0 S1 S3");
	answer_send(&w, 0, 0);
	DOES(&w, "F0:taken");
	answer_send(&w, 1, 0x58);
	DOES(&w, "");
	answer_send(&w, 3, 0);
	DOES(&w, "F3:taken");
	assert_true(sleep_until_due(&w) <= 500);
	DOES(&w, "S1"); /* the same part again, before the next message */
	answer_send(&w, 1, 0);
	DOES(&w, "F1:taken S2");
}

static void
throttled_the_whole_bind_pauses(void **state)
{
	static const char *const to[] = { "1", "2", "3", "4", "5", "6", "7" };
	struct world w;
	int64_t waited, before = 0;

	(void)state;
	bind_with(&w, &usual);
	for (unsigned i = 0; i < 7; i++)
		add(&w, to[i], i);
	DOES(&w, "S0 S1 S2 S3");
	for (unsigned i = 1; i < 4; i++)
		answer_send(&w, i, SMPP_THROTTLED); /* one pause, not three */
	DOES(&w, "");
	answer_send(&w, 0, 0); /* sent before the pause: it does not open the window */
	DOES(&w, "F0:taken");
	for (unsigned i = 0; i < 4; i++) { /* one asks, at growing distances */
		waited = sleep_until_due(&w);
		assert_in_range(waited, 250u << i, 500u << i);
		assert_true(waited > before / 2);
		before = waited;
		DOES(&w, "S1");
		answer_send(&w, 1, SMPP_THROTTLED);
		DOES(&w, "");
	}
	sleep_until_due(&w);
	DOES(&w, "S1");
	answer_send(&w, 1, 0);
	DOES(&w, "F1:taken S2 S3 S4 S5"); /* in their order, the window open again */
	assert_int_equal(w.s.window.count.throttled, 7);
	assert_int_equal(w.s.window.pauses, 0);
}

static void
throttled_for_too_long_it_goes_back(void **state)
{
	struct world w;
	unsigned asked = 0;

	(void)state;
	bind_with(&w, &usual);
	add(&w, "1", 1);
	DOES(&w, "S0");
	while (w.send[0].outcome != SMPP_NOT_SENT && asked < 50) {
		answer_send(&w, 0, SMPP_QUEUE_FULL);
		(void)does(&w);
		sleep_until_due(&w);
		(void)does(&w);
		asked++;
	}
	assert_int_equal(w.send[0].outcome, SMPP_NOT_SENT);
	assert_int_equal(w.send[0].status, SMPP_QUEUE_FULL);
	assert_in_range(asked, 2, 6);
}

static void
the_rate_is_kept_in_any_second(void **state)
{
	struct smpp_session_options o = usual;
	struct world w;
	int64_t left[SENDS];
	unsigned n = 0;

	(void)state;
	o.window.per_second = 5;
	o.window.size = 100;
	bind_with(&w, &o);
	for (unsigned i = 0; i < 20; i++)
		add(&w, "1", 1);
	while (n < 20) {
		char *did = w.did;

		(void)does(&w);
		for (; (did = strchr(did, 'S')) != NULL; did++)
			left[n++] = w.now;
		w.now += 90; /* a loop that comes late and in bursts */
	}
	for (unsigned i = 5; i < n; i++)
		assert_true(left[i] - left[i - 5] >= 1000);
	assert_true(left[19] - left[0] < 3500);
}

static void
a_screen_goes_before_all(void **state)
{
	struct smpp_session_options o = usual;
	struct world w;

	(void)state;
	o.window.size = 1;
	bind_with(&w, &o);
	add(&w, "1", 1);
	add(&w, "2", 2);
	DOES(&w, "S0");
	w.send[2].urgent = true;
	add(&w, "1", 3);
	answer_send(&w, 0, 0);
	DOES(&w, "F0:taken S2");
}

/* As a 5.0 peer says it in its answers, TLV 0428. */
static void
answer_congested(struct world *w, unsigned i, uint8_t percent)
{
	struct smpp_pdu p = { .command = SMPP_SUBMIT_SM | SMPP_RESPONSE,
		              .sequence = w->send[i].sequence };

	smpp_tlv_add(&p, SMPP_TAG_CONGESTION_STATE, &percent, 1);
	(void)smpp_session_take(&w->s, &p, SMPP_READ, w->now, &w->token);
}

static void
a_congested_peer_gets_less(void **state)
{
	static const char *const to[] = { "1", "2", "3", "4", "5", "6", "7", "8" };
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	for (unsigned i = 0; i < 8; i++)
		add(&w, to[i], i);
	DOES(&w, "S0 S1 S2 S3");
	answer_congested(&w, 0, 80); /* nothing to worry about */
	DOES(&w, "F0:taken S4");
	answer_congested(&w, 1, 90);
	answer_congested(&w, 2, 90);
	answer_congested(&w, 3, 90);
	DOES(&w, "F1:taken F2:taken F3:taken"); /* one at a time: S4 is that */
	answer_congested(&w, 4, 90);
	DOES(&w, "F4:taken");
	assert_int_equal(sleep_until_due(&w), 500);
	DOES(&w, "S5");
	answer_congested(&w, 5, 255); /* more than all is all */
	DOES(&w, "F5:taken");
	assert_int_equal(smpp_window_congested(&w.s.window, w.now), 100);
	assert_int_equal(sleep_until_due(&w), 1000);
	DOES(&w, "S6");
	answer_congested(&w, 6, 20); /* it is over */
	DOES(&w, "F6:taken S7");
}

static void
congestion_not_said_again_is_forgotten(void **state)
{
	struct smpp_session_options o = usual;
	struct world w;

	(void)state;
	o.window.response_ms = 20000;
	bind_with(&w, &o);
	for (unsigned i = 0; i < 3; i++)
		add(&w, i == 0 ? "1" : i == 1 ? "2" : "3", i);
	w.s.window.o.size = 1;
	DOES(&w, "S0");
	w.s.window.o.size = 4;
	answer_congested(&w, 0, 100);
	DOES(&w, "F0:taken");
	assert_int_equal(sleep_until_due(&w), 1000);
	DOES(&w, "S1"); /* whose answer takes its time */
	assert_int_equal(sleep_until_due(&w), 9000);
	DOES(&w, "S2");
	assert_int_equal(smpp_window_congested(&w.s.window, w.now), 0);
}

static void
an_answer_that_does_not_come(void **state)
{
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	add(&w, "1", 1);
	DOES(&w, "S0");
	assert_int_equal(sleep_until_due(&w), 5000);
	DOES(&w, "F0:lost E"); /* and the peer is asked whether it lives */
	answer_send(&w, 0, 0); /* late: it stays lost, and the peer lives */
	DOES(&w, "");
	assert_int_equal(w.s.where, SMPP_BOUND);
	assert_int_equal(w.s.enquire_sequence, 0);
}

static void
what_a_status_means(void **state)
{
	static const struct {
		uint32_t status;
		enum smpp_meaning meaning;
	} rows[] = {
		{ 0x00, SMPP_MEANS_OK },     { 0x58, SMPP_MEANS_SLOWER },
		{ 0x14, SMPP_MEANS_FULL },   { 0x08, SMPP_MEANS_LATER },
		{ 0x64, SMPP_MEANS_LATER },  { 0x65, SMPP_MEANS_NEVER },
		{ 0x66, SMPP_MEANS_NEVER },  { 0x0a, SMPP_MEANS_NEVER },
		{ 0x0b, SMPP_MEANS_NEVER },  { 0x01, SMPP_MEANS_NEVER },
		{ 0x104, SMPP_MEANS_NEVER }, { 0x100, SMPP_MEANS_NEVER },
		{ 0x45, SMPP_MEANS_LATER },  { 0xfe, SMPP_MEANS_LATER },
		{ 0xff, SMPP_MEANS_LATER },  { 0x4321, SMPP_MEANS_LATER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(smpp_status_meaning(rows[i].status), rows[i].meaning);
	assert_false(smpp_status_of_message(0x08)); /* their system: all have to wait */
	assert_true(smpp_status_of_message(0x45));
	assert_true(smpp_status_of_message(0x4321));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_is_filled_and_answered),
		cmocka_unit_test(a_number_gets_its_messages_in_order),
		cmocka_unit_test(throttled_the_whole_bind_pauses),
		cmocka_unit_test(throttled_for_too_long_it_goes_back),
		cmocka_unit_test(the_rate_is_kept_in_any_second),
		cmocka_unit_test(a_screen_goes_before_all),
		cmocka_unit_test(a_congested_peer_gets_less),
		cmocka_unit_test(congestion_not_said_again_is_forgotten),
		cmocka_unit_test(an_answer_that_does_not_come),
		cmocka_unit_test(what_a_status_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
