/* A bind's life in virtual time: what happens is told, what it does is read as one line.
 *
 *   C connect   X close   B bind   E enquire_link   U unbind   N generic_nack   S<n> the
 *   n-th send   R<status> a response   F<n>:<outcome> finished   A alarm
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp_session.h"
#include "gateway/channel/smpp_status.h"
#include "lib/buf.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define SENDS 40

struct world {
	struct smpp_session s;
	int64_t now;
	struct smpp_send send[SENDS];
	uint8_t bytes[SENDS][64];
	unsigned sends;
	uint32_t asked; /* sequence of our last request */
	struct smpp_token token;
	char did[400];
};

static const struct smpp_session_options usual = {
	.system_id = "mgodi",
	.password = "secret08",
	.system_type = "",
	.range = "",
	.interface_version = 0x34,
	.window = { .size = 4, .per_second = 0, .response_ms = 5000 },
	.bind_ms = 8000,
	.enquire_ms = 30000,
	.seed = 42,
};

static uint32_t
word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
write_down(struct world *w, const struct smpp_action *a, struct buf *b)
{
	static const char *const outcomes[] = { "taken", "refused", "later", "not_sent",
		                                "lost" };
	uint32_t command;

	switch (a->act) {
	case SMPP_ACT_CONNECT:
		buf_puts(b, " C");
		return;
	case SMPP_ACT_CLOSE:
		buf_puts(b, " X");
		return;
	case SMPP_ACT_ALARM:
		buf_puts(b, " A");
		return;
	case SMPP_ACT_FINISHED:
		buf_printf(b, " F%d:%s", (int)(a->send - w->send),
		           outcomes[a->send->outcome]);
		return;
	case SMPP_ACT_WRITE:
		break;
	}
	command = word(a->bytes + 4);
	assert_int_equal(word(a->bytes), a->len);
	if ((command & SMPP_RESPONSE) == 0)
		w->asked = word(a->bytes + 12);
	if (a->send != NULL)
		buf_printf(b, " S%d", (int)(a->send - w->send));
	else if (command == SMPP_GENERIC_NACK)
		buf_printf(b, " N%x", word(a->bytes + 8));
	else if ((command & SMPP_RESPONSE) != 0)
		buf_printf(b, " R%x", word(a->bytes + 8));
	else
		buf_puts(b, command == SMPP_ENQUIRE_LINK ? " E"
		            : command == SMPP_UNBIND     ? " U"
		                                         : " B");
}

/* Everything it wants to do now, as one line. */
static const char *
does(struct world *w)
{
	struct smpp_action a;
	struct buf b;
	unsigned steps = 0;

	buf_init(&b, w->did, sizeof w->did);
	while (smpp_session_next(&w->s, w->now, &a)) {
		write_down(w, &a, &b);
		assert_true(++steps < 100);
	}
	assert_true(smpp_session_wake(&w->s) > w->now); /* it never spins */
	return w->did[0] == ' ' ? w->did + 1 : w->did;
}

#define DOES(w, what) assert_string_equal(does(w), what)

static void
begin(struct world *w, const struct smpp_session_options *o)
{
	memset(w, 0, sizeof *w);
	w->now = 1000000;
	smpp_session_init(&w->s, o, w->now);
	DOES(w, "C");
	smpp_session_connected(&w->s, w->now);
	DOES(w, "B");
}

static void
hear(struct world *w, uint32_t command, uint32_t status, uint32_t sequence)
{
	struct smpp_pdu p = { .command = command,
		              .status = status,
		              .sequence = sequence };

	if (command == (SMPP_SUBMIT_SM | SMPP_RESPONSE) && status == 0)
		snprintf(p.message_id, sizeof p.message_id, "id%u", sequence);
	(void)smpp_session_take(&w->s, &p, SMPP_READ, w->now, &w->token);
}

static void
bind_with(struct world *w, const struct smpp_session_options *o)
{
	begin(w, o);
	hear(w, SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, 0, w->asked);
	DOES(w, "");
	assert_int_equal(w->s.where, SMPP_BOUND);
}

static void
add(struct world *w, const char *number, uint64_t message)
{
	struct smpp_pdu p = { .command = SMPP_SUBMIT_SM };
	struct smpp_send *s = &w->send[w->sends];

	s->bytes = w->bytes[w->sends++];
	s->len = smpp_pdu_write(&p, s->bytes, sizeof w->bytes[0]);
	s->number = number;
	s->message = message;
	s->deadline_ms = w->now + 20000;
	smpp_session_send(&w->s, s);
}

static void
answer_send(struct world *w, unsigned i, uint32_t status)
{
	hear(w, SMPP_SUBMIT_SM | SMPP_RESPONSE, status, w->send[i].sequence);
}

/* Sleeps until it wants to do something; how long that was. */
static int64_t
sleep_until_due(struct world *w)
{
	int64_t began = w->now;

	w->now = smpp_session_wake(&w->s);
	return w->now - began;
}

/* ---- stories ---- */

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
		cmocka_unit_test(an_answer_that_does_not_come),
		cmocka_unit_test(a_silent_peer_is_left),
		cmocka_unit_test(what_was_under_way_when_it_broke_is_unknown),
		cmocka_unit_test(down_for_too_long_it_goes_back),
		cmocka_unit_test(no_hot_loop),
		cmocka_unit_test(connections_that_never_come),
		cmocka_unit_test(many_binds_do_not_come_back_in_step),
		cmocka_unit_test(the_peer_asks),
		cmocka_unit_test(messages_are_answered_when_they_are_kept),
		cmocka_unit_test(drained_it_unbinds),
		cmocka_unit_test(paused_nothing_leaves),
		cmocka_unit_test(what_a_status_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
