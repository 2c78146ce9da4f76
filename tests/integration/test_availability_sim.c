/* Whether a provider serves, asked of the simulator in the two wires that tell. */
#include "config/settings.h"
#include "payments/flow/availability.h"
#include "tests/integration/sim_bed.h"

#define NAME  "provider"
#define EVERY 30

static struct world {
	struct settings settings;
	struct flow_env env;
	struct carry_means means;
	struct tokens *tokens;
	struct availability *service;
	unsigned changes;
} world;

static void
on_change(void *arg)
{
	(void)arg;
	world.changes++;
}

static const struct provider_account account = { .name = NAME,
	                                         .user = "client",
	                                         .key = "key",
	                                         .currency = "TZS",
	                                         .market = "AIRTEL_TZA",
	                                         .party = "400100",
	                                         .scale = 2 };

static void
open_world(const struct provider *provider)
{
	sim_bed_open(provider, &account);
	memset(&world, 0, sizeof world);
	world.settings.payments.service_ms = EVERY;
	world.env = (struct flow_env){ .loop = sim.loop,
		                       .http = sim.http,
		                       .settings = &world.settings };
	world.tokens = tokens_new(sim.loop, sim.http);
	world.means = (struct carry_means){ .env = &world.env,
		                            .tokens = world.tokens,
		                            .provider = provider,
		                            .account = { sim.account, sim.account },
		                            .deadline_ms = 2000 };
	world.service = availability_new(&world.env, world.tokens, on_change, &world);
	availability_add(world.service, NAME, &world.means);
}

static void
close_world(void)
{
	availability_free(world.service);
	tokens_free(world.tokens);
	assert_int_equal(sim_bed_close(NULL), 0);
}

static void
until(enum serves out, enum serves in)
{
	enum serves said[2];

	for (int i = 0; i < 3000; i++) {
		availability_read(world.service, NAME, said);
		if (said[PAY_OUT] == out && said[PAY_IN] == in)
			break;
		loop_turn(sim.loop, 2);
	}
	assert_int_equal(said[PAY_OUT], out);
	assert_int_equal(said[PAY_IN], in);
}

static void
tell(const char *words)
{
	sim_page("POST", "/service", words);
}

static void
each_direction_is_known(void **state)
{
	(void)state;
	open_world(&provider_pawapay);
	assert_true(availability_allows(world.service, NAME)); /* nothing known yet */
	until(SERVES_YES, SERVES_YES);
	tell("out=closed");
	until(SERVES_NO, SERVES_YES);
	assert_true(availability_allows(world.service, NAME)); /* the other goes on */
	tell("in=closed");
	until(SERVES_NO, SERVES_NO);
	assert_false(availability_allows(world.service, NAME));
	assert_int_equal(world.changes, 0);
	tell("in=open");
	until(SERVES_NO, SERVES_YES);
	assert_true(availability_allows(world.service, NAME));
	loop_turn(sim.loop, 0);
	assert_int_equal(world.changes, 1);
	close_world();
}

static void
one_heart_beats_for_both(void **state)
{
	(void)state;
	open_world(&provider_gsma);
	until(SERVES_YES, SERVES_YES);
	tell("out=closed");
	until(SERVES_NO, SERVES_NO);
	assert_false(availability_allows(world.service, NAME));
	tell("out=slow");
	until(SERVES_YES, SERVES_YES);
	close_world();
}

static void
what_was_said_holds_for_a_while_only(void **state)
{
	(void)state;
	open_world(&provider_pawapay);
	tell("out=closed&in=closed");
	until(SERVES_NO, SERVES_NO);
	/* no answer that can be read: after three times nothing is known any more */
	memcpy(world.means.account[PAY_OUT].market, "X", 2);
	memcpy(world.means.account[PAY_IN].market, "X", 2);
	until(SERVES_UNTOLD, SERVES_UNTOLD);
	assert_true(availability_allows(world.service, NAME));
	close_world();
}

static void
nobody_is_asked_at_zero(void **state)
{
	enum serves said[2];

	(void)state;
	open_world(&provider_pawapay);
	until(SERVES_YES, SERVES_YES);
	world.settings.payments.service_ms = 0;
	availability_read(world.service, NAME, said);
	assert_int_equal(said[PAY_OUT], SERVES_UNTOLD);
	assert_true(availability_allows(world.service, NAME));
	close_world();
}

static void
only_who_tells_and_has_credentials_is_asked(void **state)
{
	enum serves said[2];

	(void)state;
	open_world(&provider_orange); /* tells nothing */
	availability_ask(world.service, NAME);
	for (int i = 0; i < 20; i++)
		loop_turn(sim.loop, 5);
	availability_read(world.service, NAME, said);
	assert_int_equal(said[PAY_OUT], SERVES_UNTOLD);
	close_world();
	open_world(&provider_pawapay);
	world.means.account[PAY_IN].key[0] = '\0';
	until(SERVES_YES, SERVES_UNTOLD);
	tell("out=closed");
	until(SERVES_NO, SERVES_UNTOLD);
	assert_false(availability_allows(world.service, NAME));
	close_world();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_direction_is_known),
		cmocka_unit_test(one_heart_beats_for_both),
		cmocka_unit_test(what_was_said_holds_for_a_while_only),
		cmocka_unit_test(nobody_is_asked_at_zero),
		cmocka_unit_test(only_who_tells_and_has_credentials_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
