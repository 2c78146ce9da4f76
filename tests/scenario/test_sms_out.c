/* SMS leave in the order in which they came, and nothing is asked for on the way. */
#include "gateway/sms_out.h"
#include "lib/arena.h"
#include "tests/fake/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 4

static struct clock now;
static struct arena *arena;
static struct settings settings;
static struct flow_env env;
static struct menus menus;
static struct sms_out out;
static struct message message[MANY];
static char left[64], told[64];

struct carried {
	carrier_cb *cb;
	void *arg;
};

static void
tell_taken(void *arg)
{
	struct carried c = *(struct carried *)arg;
	struct carrier_sent sent = { SMS_TAKEN, false, "", "", false };

	free(arg);
	c.cb(c.arg, &sent);
}

static void
carry(void *ctx, const struct carrier_sms *sms, carrier_cb *cb, void *arg)
{
	struct carried *c = xzalloc(sizeof *c);

	(void)ctx;
	snprintf(left + strlen(left), sizeof left - strlen(left), "%s ",
	         sms->digits + 11);
	*c = (struct carried){ cb, arg };
	loop_next_turn(env.loop, tell_taken, c);
}

static void
on_sent(void *arg, const struct sms_sent *sent)
{
	(void)arg;
	snprintf(told + strlen(told), sizeof told - strlen(told), "%d ", (int)sent->fate);
}

static int
set_up(void **state)
{
	static const char text[] = "text hello \"Hello\"\nscreen home\n  end \"Hello\"\n";
	struct menu_file file = { "t.menu", text, sizeof text - 1 };
	struct menu_sources in = { .language = "en", .file = &file, .files = 1 };
	static struct menu_diags diags;
	struct carrier carrier = { .name = "near", .send = carry };

	(void)state;
	clock_init_virtual(&now, 1700000000000);
	arena = arena_new(1 << 20);
	env = (struct flow_env){ .loop = loop_new(&now), .settings = &settings };
	settings.sms.hold_ms = 20000;
	settings.sms.failures = 3;
	script_reset(env.loop);
	menus.program = menu_compile(arena, &in, &diags);
	assert_non_null(menus.program);
	out = (struct sms_out){ .env = &env, .menus = &menus };
	out.carriers = carriers_new(env.loop, &settings);
	carriers_add(out.carriers, &carrier, "", 1);
	left[0] = told[0] = '\0';
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	script_run(0);
	assert_null(script_problem());
	carriers_stop(out.carriers);
	carriers_free(out.carriers);
	loop_free(env.loop);
	arena_free(arena);
	return 0;
}

static void
send_all(void)
{
	for (unsigned i = 0; i < MANY; i++) {
		struct message *m = &message[i];

		*m = (struct message){ .cooperative_id = 1, .language = "en" };
		snprintf(m->msisdn, sizeof m->msisdn, "25571200010%u", i);
		snprintf(m->template, sizeof m->template, "hello");
		sms_out_send(&out, m, on_sent, NULL);
	}
}

static void
in_their_order(void **state)
{
	(void)state;
	send_all();
	script_run(100);
	assert_string_equal(left, "0 1 2 3 ");
	assert_string_equal(told, "0 0 0 0 ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_their_order, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
