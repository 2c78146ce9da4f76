/* Carriers that are away, paused or slow, on the loop: who waits, who goes on, in which
 * order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/carriers.h"

#include "lib/arena.h"
#include "lib/clock.h"

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake {
	struct loop *loop;
	const char *name;
	enum sms_fate fate;
	bool surely_not, of_this_one;
	unsigned calls;
	char *seen; /* numbers that were taken, and by whom */
	bool is_silent;
	void *open; /* what it has not answered */
};

struct answering {
	struct fake *fake;
	carrier_cb *cb;
	void *arg;
};

static void
answer(void *arg)
{
	struct answering a = *(struct answering *)arg;
	struct carrier_sent sent = { .fate = a.fake->fate,
		                     .surely_not = a.fake->surely_not,
		                     .carrier_id = "",
		                     .reason = "",
		                     .of_this_one = a.fake->of_this_one };

	free(arg);
	a.cb(a.arg, &sent);
}

static void
fake_send(void *ctx, const struct carrier_sms *sms, carrier_cb *cb, void *arg)
{
	struct fake *f = ctx;
	struct answering *a = xzalloc(sizeof *a);

	f->calls++;
	if (f->fate == SMS_TAKEN)
		snprintf(f->seen + strlen(f->seen), 200 - strlen(f->seen), "%s%s ",
		         f->name, sms->digits + 11);
	*a = (struct answering){ f, cb, arg };
	if (f->is_silent)
		f->open = a;
	else
		loop_next_turn(f->loop, answer, a);
}

static void
on_told(void *arg, const struct carrier_sent *sent)
{
	unsigned *told = arg;

	told[sent->fate]++;
}

struct story {
	struct clock clock;
	struct loop *loop;
	struct settings settings;
	struct carriers *carriers;
	struct fake near, far;
	char seen[200];
	unsigned told[3];
};

static void
story_begin(struct story *t, const char *dead)
{
	struct carrier near = { .name = "near", .send = fake_send, .ctx = &t->near };
	struct carrier far = { .name = "far", .send = fake_send, .ctx = &t->far };

	memset(t, 0, sizeof *t);
	clock_init(&t->clock);
	t->loop = loop_new(&t->clock);
	snprintf(t->settings.sms.dead, sizeof t->settings.sms.dead, "%s", dead);
	t->settings.sms.hold_ms = 5000;
	t->settings.sms.failures = 2;
	t->settings.sms.breaker_ms = 50;
	t->carriers = carriers_new(t->loop, &t->settings);
	t->near = (struct fake){ .loop = t->loop,
		                 .name = "n",
		                 .fate = SMS_AGAIN,
		                 .surely_not = true,
		                 .seen = t->seen };
	t->far = (struct fake){ .loop = t->loop,
		                .name = "f",
		                .fate = SMS_TAKEN,
		                .surely_not = true,
		                .seen = t->seen };
	carriers_add(t->carriers, &near, "2557", 1);
	carriers_add(t->carriers, &far, "", 2);
}

static void
send_some(struct story *t, unsigned from, unsigned n)
{
	for (unsigned i = from; i < from + n; i++) {
		char digits[16];
		struct carrier_sms sms = { digits, "text", NULL };

		snprintf(digits, sizeof digits, "25571200010%u", i);
		carriers_send(t->carriers, &sms, on_told, t->told);
	}
}

static void
turn_until(struct story *t, const unsigned *count, unsigned n)
{
	for (int turns = 0; *count < n && turns < 200; turns++)
		loop_turn(t->loop, 100);
	assert_true(*count >= n);
}

static void
story_end(struct story *t)
{
	carriers_stop(t->carriers);
	loop_turn(t->loop, 0);
	carriers_free(t->carriers);
	loop_free(t->loop);
}

static void
what_waits_keeps_its_order(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "hold");
	send_some(&t, 0, 3);
	turn_until(&t, &t.near.calls, 4); /* three found out, and one tried again */
	send_some(&t, 3, 2);
	loop_turn(t.loop, 0);
	t.near.fate = SMS_TAKEN;
	turn_until(&t, &t.told[SMS_TAKEN], 5);
	assert_string_equal(t.seen, "n0 n1 n2 n3 n4 ");
	assert_int_equal(t.told[SMS_AGAIN], 0);
	assert_int_equal(t.far.calls, 0);
	story_end(&t);
}

static void
or_another_takes_over(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "failover");
	t.settings.sms.breaker_ms = 60000;
	send_some(&t, 0, 2);
	turn_until(&t, &t.told[SMS_TAKEN], 2);
	assert_string_equal(t.seen, "f0 f1 ");
	send_some(&t, 2, 1); /* known to be down: not even tried */
	turn_until(&t, &t.told[SMS_TAKEN], 3);
	assert_int_equal(t.near.calls, 2);
	story_end(&t);
}

/* Calls side by side arrive in any order: the second to a number waits for the first,
 * and nobody else does. */
static void
one_number_hears_in_order(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "failover");
	t.near.fate = SMS_TAKEN;
	send_some(&t, 0, 1);
	send_some(&t, 0, 2);
	turn_until(&t, &t.told[SMS_TAKEN], 3);
	assert_string_equal(t.seen, "n0 n1 n0 ");
	story_end(&t);
}

static void
not_behind_one_that_hangs(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "failover");
	t.settings.sms.hold_ms = 1;
	t.near.is_silent = true;
	send_some(&t, 0, 1);
	send_some(&t, 0, 1);
	turn_until(&t, &t.told[SMS_AGAIN], 1);
	assert_int_equal(t.near.calls, 1);
	t.near.is_silent = false;
	loop_next_turn(t.loop, answer, t.near.open);
	turn_until(&t, &t.told[SMS_TAKEN], 1); /* by the other */
	story_end(&t);
}

static void
a_paused_one_carries_nothing(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "failover");
	t.near.fate = SMS_TAKEN;
	assert_true(carriers_pause(t.carriers, "near", 4, true));
	assert_false(carriers_pause(t.carriers, "nearer", 6, true));
	send_some(&t, 0, 1);
	turn_until(&t, &t.told[SMS_TAKEN], 1);
	assert_true(carriers_pause(t.carriers, "far", 3, true));
	send_some(&t, 1, 1);
	turn_until(&t, &t.told[SMS_AGAIN], 1);
	assert_true(carriers_pause(t.carriers, "near", 4, false));
	send_some(&t, 2, 1);
	turn_until(&t, &t.told[SMS_TAKEN], 2);
	assert_string_equal(t.seen, "f0 n2 ");
	story_end(&t);
}

/* After that the outbox would send it once more while it is still on its way. */
static void
nothing_begins_when_its_claim_may_lapse(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "failover");
	clock_init_virtual(&t.clock, 1700000000000);
	t.near.is_silent = true;
	send_some(&t, 0, 1);
	turn_until(&t, &t.near.calls, 1);
	t.clock.mono_ms += 31000;
	loop_next_turn(t.loop, answer, t.near.open);
	turn_until(&t, &t.told[SMS_AGAIN], 1);
	assert_int_equal(t.far.calls, 0);
	story_end(&t);
}

/* The carrier cannot send this one: no reason for the others to wait. */
static void
one_that_cannot_go_holds_up_nobody(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "hold");
	t.near.of_this_one = true;
	send_some(&t, 0, 3);
	turn_until(&t, &t.told[SMS_AGAIN], 3);
	assert_int_equal(t.near.calls, 3);
	t.near.fate = SMS_TAKEN;
	t.near.of_this_one = false;
	send_some(&t, 3, 1);
	turn_until(&t, &t.told[SMS_TAKEN], 1); /* it is not taken for down */
	assert_int_equal(t.near.calls, 4);
	story_end(&t);
}

/* Nobody knows whether it was sent: by another carrier she might get it twice. */
static void
what_may_have_left_goes_by_nobody_else(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "failover");
	t.near.surely_not = false;
	send_some(&t, 0, 1);
	turn_until(&t, &t.told[SMS_AGAIN], 1);
	assert_int_equal(t.far.calls, 0);
	story_end(&t);
}

static void
stopping_tells_who_waits(void **state)
{
	static struct story t;

	(void)state;
	story_begin(&t, "hold");
	send_some(&t, 0, 3);
	turn_until(&t, &t.near.calls, 3);
	loop_turn(t.loop, 0);
	carriers_stop(t.carriers);
	turn_until(&t, &t.told[SMS_AGAIN], 3);
	send_some(&t, 3, 1);
	turn_until(&t, &t.told[SMS_AGAIN], 4);
	story_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_keeps_its_order),
		cmocka_unit_test(or_another_takes_over),
		cmocka_unit_test(one_number_hears_in_order),
		cmocka_unit_test(not_behind_one_that_hangs),
		cmocka_unit_test(one_that_cannot_go_holds_up_nobody),
		cmocka_unit_test(nothing_begins_when_its_claim_may_lapse),
		cmocka_unit_test(a_paused_one_carries_nothing),
		cmocka_unit_test(what_may_have_left_goes_by_nobody_else),
		cmocka_unit_test(stopping_tells_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
