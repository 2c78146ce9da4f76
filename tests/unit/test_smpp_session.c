/* A bind's life in virtual time: loss, refusal, silence, questions, the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "tests/unit/smpp_world.h"

#include <cmocka.h>

static void
a_silent_peer_is_left(void **state)
{
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	assert_int_equal(sleep_until_due(&w), 30000);
	DOES(&w, "E");
	hear(&w, SMPP_ENQUIRE_LINK | SMPP_RESPONSE, 0, w.asked);
	DOES(&w, "");
	assert_int_equal(sleep_until_due(&w), 30000);
	DOES(&w, "E");
	assert_int_equal(sleep_until_due(&w), 5000);
	DOES(&w, "X");
	assert_string_equal(w.s.why, "the peer is silent");
	assert_in_range(sleep_until_due(&w), 500, 1000);
	DOES(&w, "C");
}

static void
what_was_under_way_when_it_broke_is_unknown(void **state)
{
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	for (unsigned i = 0; i < 6; i++)
		add(&w, "1", 1);
	DOES(&w, "S0 S1 S2 S3");
	smpp_session_lost(&w.s, "the peer closed", w.now);
	DOES(&w, "F0:lost F1:lost F2:lost F3:lost");
	sleep_until_due(&w);
	DOES(&w, "C");
	smpp_session_connected(&w.s, w.now);
	DOES(&w, "B");
	hear(&w, SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, 0, w.asked);
	DOES(&w, "S4 S5"); /* what never left is still ours */
}

static void
down_for_too_long_it_goes_back(void **state)
{
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	smpp_session_lost(&w.s, "the peer closed", w.now);
	add(&w, "1", 1);
	w.now += 20000;
	DOES(&w, "F0:not_sent C");
}

static void
no_hot_loop(void **state)
{
	static const struct {
		uint32_t status;
		bool alarm;
		int64_t least, most; /* before the first try again, and the tenth */
		int64_t least_10, most_10;
	} rows[] = {
		{ 0x0d, true, 15000, 30000, 450000, 900000 },
		{ 0x0e, true, 15000, 30000, 450000, 900000 },
		{ 0x0f, true, 15000, 30000, 450000, 900000 },
		{ 0x05, true, 15000, 30000, 450000, 900000 },
		{ 0x04, true, 15000, 30000, 450000, 900000 },
		{ 0x08, false, 500, 1000, 30000, 60000 }, /* theirs, and it passes */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;
		int64_t waited = 0;

		begin(&w, &usual);
		for (unsigned k = 1; k <= 10; k++) {
			hear(&w, SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, rows[i].status,
			     w.asked);
			DOES(&w, rows[i].alarm ? "A X" : "X");
			waited = sleep_until_due(&w);
			if (k == 1)
				assert_in_range(waited, rows[i].least, rows[i].most);
			DOES(&w, "C");
			smpp_session_connected(&w.s, w.now);
			DOES(&w, "B");
		}
		assert_in_range(waited, rows[i].least_10, rows[i].most_10);
	}
}

static void
connections_that_never_come(void **state)
{
	struct world w;

	(void)state;
	begin(&w, &usual);
	assert_int_equal(sleep_until_due(&w), 8000);
	DOES(&w, "X"); /* no answer to the bind */
	for (unsigned i = 0; i < 12; i++) {
		sleep_until_due(&w);
		DOES(&w, "C");
		smpp_session_lost(&w.s, "refused", w.now);
		DOES(&w, "");
	}
	assert_in_range(sleep_until_due(&w), 30000, 60000);
	DOES(&w, "C");
	assert_int_equal(sleep_until_due(&w), 8000);
	DOES(&w, "X");
}

static void
many_binds_do_not_come_back_in_step(void **state)
{
	int64_t first = 0;
	unsigned others = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct smpp_session_options o = usual;
		struct world w;
		int64_t waited;

		o.seed = seed * 0x9e3779b97f4a7c15u;
		bind_with(&w, &o);
		smpp_session_lost(&w.s, "the peer closed", w.now);
		waited = sleep_until_due(&w);
		first = seed == 1 ? waited : first;
		others += waited != first;
	}
	assert_true(others > 10);
}

static void
the_peer_asks(void **state)
{
	static const struct {
		uint32_t command;
		enum smpp_fault fault;
		const char *does;
	} rows[] = {
		{ SMPP_ENQUIRE_LINK, SMPP_READ, "R0" },
		{ SMPP_ALERT, SMPP_READ, "" },
		{ SMPP_OUTBIND, SMPP_READ, "" },
		{ SMPP_SUBMIT_SM, SMPP_READ, "N3" },
		{ SMPP_BIND_TRANSCEIVER, SMPP_READ, "N3" },
		{ 0x77, SMPP_FAULT_COMMAND, "N3" },
		{ 0x80000077, SMPP_FAULT_COMMAND, "" },
		{ SMPP_GENERIC_NACK, SMPP_READ, "" },
		{ SMPP_DELIVER_SM, SMPP_FAULT_SHORT, "R2" },
		{ SMPP_DELIVER_SM, SMPP_FAULT_TLV, "Rc0" },
		{ SMPP_DELIVER_SM, SMPP_FAULT_LONG_TEXT, "R1" },
		{ SMPP_UNBIND, SMPP_READ, "R0 X" },
	};
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smpp_pdu p = { .command = rows[i].command, .sequence = 9 };

		assert_false(smpp_session_take(&w.s, &p, rows[i].fault, w.now, &w.token));
		DOES(&w, rows[i].does);
	}
	assert_int_equal(w.s.where, SMPP_DOWN);
}

static const struct smpp_session_options *
called_options(void)
{
	static struct smpp_session_options o;

	o = usual;
	o.mode = SMPP_RECEIVER;
	o.called = true;
	o.their_id = "SMSC";
	o.their_password = "caller7";
	return &o;
}

static void
say_outbind(struct world *w, const char *id, const char *password)
{
	struct smpp_pdu p = { .command = SMPP_OUTBIND, .sequence = 1 };

	snprintf(p.system_id, sizeof p.system_id, "%s", id);
	snprintf(p.password, sizeof p.password, "%s", password);
	assert_false(smpp_session_take(&w->s, &p, SMPP_READ, w->now, &w->token));
}

static void
called_it_binds_as_a_receiver(void **state)
{
	struct world w = { .now = 1000000 };

	(void)state;
	smpp_session_init(&w.s, called_options(), w.now);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(smpp_session_wake(&w.s),
		                 INT64_MAX); /* never by itself */
		DOES(&w, "");
		assert_true(smpp_session_called(&w.s, w.now));
		assert_false(smpp_session_called(&w.s, w.now)); /* one at a time */
		DOES(&w, "");
		say_outbind(&w, "SMSC", "caller7");
		DOES(&w, "B");
		hear(&w, SMPP_BIND_RECEIVER | SMPP_RESPONSE, 0, w.asked);
		DOES(&w, "");
		assert_int_equal(w.s.where, SMPP_BOUND);
		say_outbind(&w, "SMSC", "caller7"); /* once more: nothing */
		DOES(&w, "");
		smpp_session_lost(&w.s, "the peer closed", w.now);
	}
	assert_true(smpp_session_called(&w.s, w.now));
	smpp_session_drain(&w.s);
	DOES(&w, "X");
	assert_int_equal(w.s.where, SMPP_ENDED);
	assert_false(smpp_session_called(&w.s, w.now));
}

static void
who_calls_has_to_show_it(void **state)
{
	static const struct {
		const char *id, *password;
	} rows[] = {
		{ "SMSC", "caller8" }, { "SMSC", "" },         { "", "caller7" },
		{ "SMSK", "caller7" }, { "SMSC", "caller77" },
	};
	struct world w = { .now = 1000000 };

	(void)state;
	smpp_session_init(&w.s, called_options(), w.now);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(smpp_session_called(&w.s, w.now));
		say_outbind(&w, rows[i].id, rows[i].password);
		DOES(&w, "X");
		assert_int_equal(w.s.where, SMPP_DOWN);
	}
	assert_true(smpp_session_called(&w.s, w.now));
	hear(&w, SMPP_DELIVER_SM, 0, 1); /* no outbind at all */
	DOES(&w, "X");
	assert_true(smpp_session_called(&w.s, w.now));
	assert_int_equal(sleep_until_due(&w), usual.bind_ms); /* says nothing */
	DOES(&w, "X");
	begin(&w, &usual); /* one that connects by itself is not called */
	assert_false(smpp_session_called(&w.s, w.now));
}

static void
messages_are_answered_when_they_are_kept(void **state)
{
	struct smpp_pdu p = { .command = SMPP_DELIVER_SM, .sequence = 5 };
	struct world w;

	(void)state;
	begin(&w, &usual);
	assert_false(smpp_session_take(&w.s, &p, SMPP_READ, w.now, &w.token));
	DOES(&w, "R4"); /* we are not bound yet */
	hear(&w, SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, 0, w.asked);
	assert_true(smpp_session_take(&w.s, &p, SMPP_READ, w.now, &w.token));
	DOES(&w, "");
	smpp_session_reply(&w.s, &w.token, SMPP_TEMPORARY);
	DOES(&w, "R64");
	for (unsigned i = 0; i < SMPP_IN_HAND_MAX; i++)
		assert_true(smpp_session_take(&w.s, &p, SMPP_READ, w.now, &w.token));
	assert_false(smpp_session_take(&w.s, &p, SMPP_READ, w.now, &w.token));
	DOES(&w, "R64"); /* more than we can hold: again later */
	smpp_session_lost(&w.s, "the peer closed", w.now);
	smpp_session_reply(&w.s, &w.token, 0); /* its line is gone */
	DOES(&w, "");
}

static void
drained_it_unbinds(void **state)
{
	struct smpp_session_options o = usual;
	struct world w;

	(void)state;
	o.window.size = 1;
	bind_with(&w, &o);
	add(&w, "1", 1);
	add(&w, "2", 2);
	DOES(&w, "S0");
	smpp_session_drain(&w.s);
	DOES(&w, "F1:not_sent");
	add(&w, "3", 3);
	DOES(&w, "F2:not_sent");
	answer_send(&w, 0, 0);
	DOES(&w, "F0:taken U");
	hear(&w, SMPP_UNBIND | SMPP_RESPONSE, 0, w.asked);
	DOES(&w, "X");
	assert_int_equal(w.s.where, SMPP_ENDED);
	assert_true(smpp_session_wake(&w.s) == INT64_MAX);
}

static void
paused_nothing_leaves(void **state)
{
	struct world w;

	(void)state;
	bind_with(&w, &usual);
	smpp_session_pause(&w.s, true);
	add(&w, "1", 1);
	DOES(&w, "");
	hear(&w, SMPP_ENQUIRE_LINK, 0, 3);
	DOES(&w, "R0"); /* the bind lives on */
	smpp_session_pause(&w.s, false);
	DOES(&w, "S0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_peer_is_left),
		cmocka_unit_test(what_was_under_way_when_it_broke_is_unknown),
		cmocka_unit_test(down_for_too_long_it_goes_back),
		cmocka_unit_test(no_hot_loop),
		cmocka_unit_test(connections_that_never_come),
		cmocka_unit_test(many_binds_do_not_come_back_in_step),
		cmocka_unit_test(the_peer_asks),
		cmocka_unit_test(called_it_binds_as_a_receiver),
		cmocka_unit_test(who_calls_has_to_show_it),
		cmocka_unit_test(messages_are_answered_when_they_are_kept),
		cmocka_unit_test(drained_it_unbinds),
		cmocka_unit_test(paused_nothing_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
