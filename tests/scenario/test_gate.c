/*
 * What a payout passes before it is handed over, in virtual time: the name of the wallet,
 * the float, both unknown, one question for many, and a cancel at every turn.
 */
#include "config/settings.h"
#include "lib/log.h"
#include "payments/flow/gate.h"
#include "payments/flow/means.h"
#include "tests/fake/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TOKEN   "POST https://momo.test/disbursement/token/"
#define BALANCE "GET https://momo.test/disbursement/v1_0/account/balance/TZS"
#define WHO     "GET https://momo.test/disbursement/v1_0/accountholder/*"
#define MINTED  "{\"access_token\":\"tok\",\"token_type\":\"Bearer\",\"expires_in\":3600}"

struct world {
	struct clock clock;
	struct loop *loop;
	struct settings settings;
	struct flow_env env;
	struct carry_means means;
	unsigned told, went;
	struct gate_answer last;
};

static void
start(struct world *w)
{
	struct settings_provider *p = &w->settings.providers[0];

	memset(w, 0, sizeof *w);
	log_set_level(LOG_LEVEL_ERROR + 1);
	clock_init_virtual(&w->clock, INT64_C(1700000000000));
	w->loop = loop_new(&w->clock);
	script_reset(w->loop);
	settings_defaults(&w->settings);
	snprintf(p->name, sizeof p->name, "mtn");
	snprintf(p->base_url, sizeof p->base_url, "https://momo.test");
	snprintf(p->target_environment, sizeof p->target_environment, "sandbox");
	snprintf(p->currency, sizeof p->currency, "TZS");
	snprintf(p->disbursement.user, sizeof p->disbursement.user, "user");
	snprintf(p->disbursement.key, sizeof p->disbursement.key, "key");
	snprintf(p->disbursement.subscription_key,
	         sizeof p->disbursement.subscription_key, "subscription");
	p->deadline_ms = 20000;
	p->float_ms = 60000;
	p->name_above = 1000;
	w->env.loop = w->loop;
	w->env.settings = &w->settings;
	w->env.pg = pg_new(w->loop, &(struct pg_options){ .connections = 1 });
	w->env.http = http_client_new(w->loop, &(struct http_client_options){ 0 });
	w->means.env = &w->env;
	w->means.tokens = tokens_new(w->loop, w->env.http);
	w->means.provider = means_codec(p);
	means_read(&w->means, p);
	w->means.gate = gate_new(&w->means);
	script_always(TOKEN, answer_http(200, MINTED));
}

static void
end(struct world *w)
{
	gate_free(&w->means.gate);
	tokens_free(w->means.tokens);
	http_client_free(w->env.http);
	pg_free(w->env.pg);
	script_reset(w->loop);
	loop_free(w->loop);
}

static void
on_gate(void *arg, const struct gate_answer *a)
{
	struct world *w = arg;

	w->told++;
	w->went += a->word == GATE_GO ? 1 : 0;
	w->last = *a;
}

static struct payment
payout(int64_t units)
{
	struct payment p = { .direction = PAY_OUT,
		             .cooperative_id = 1,
		             .member_id = { { 7 } },
		             .amount = units * 100,
		             .exponent = 2,
		             .part = 1 };

	snprintf(p.msisdn, sizeof p.msisdn, "255712000100");
	snprintf(p.currency, sizeof p.currency, "TZS");
	snprintf(p.provider, sizeof p.provider, "mtn");
	return p;
}

static struct gate_pass *
enter(struct world *w, int64_t units)
{
	struct payment p = payout(units);
	unsigned before = w->told;
	struct gate_pass *pass;

	assert_true(gate_watches(w->means.gate, &p));
	pass = gate_enter(w->means.gate, &p, on_gate, w);
	assert_int_equal(w->told, before);
	return pass;
}

static void
test_words(void **state)
{
	static const struct {
		const char *about;
		int64_t units;
		const char *payee; /* row of payment_payee */
		int who_status;
		const char *who;
		int money_status;
		const char *money;
		enum gate_word word;
		const char *said;
	} row[] = {
		{ "small, and it fits", 1000, NULL, 0, NULL, 200,
		  "{\"availableBalance\":\"1000.00\",\"currency\":\"TZS\"}", GATE_GO,
		  "" },
		{ "small, and it does not", 1000, NULL, 0, NULL, 200,
		  "{\"availableBalance\":\"999.99\",\"currency\":\"TZS\"}", GATE_FLOAT,
		  "99999" },
		{ "nobody says what is there", 1000, NULL, 0, NULL, 500, "", GATE_GO,
		  "" },
		{ "another currency is there", 1000, NULL, 0, NULL, 200,
		  "{\"availableBalance\":\"1.00\",\"currency\":\"EUR\"}", GATE_GO, "" },
		{ "large, and hers", 2000, "Neema Mushi|f\n", 200,
		  "{\"given_name\":\"NEEMA A.\",\"family_name\":\"MUSHI\"}", 200,
		  "{\"availableBalance\":\"9000.00\",\"currency\":\"TZS\"}", GATE_GO,
		  "" },
		{ "large, and another's", 2000, "Neema Mushi|f\n", 200,
		  "{\"given_name\":\"Daudi\",\"family_name\":\"Shayo\"}", 0, NULL,
		  GATE_NAME, "Daudi Shayo" },
		{ "another's, and released", 2000, "Neema Mushi|t\n", 0, NULL, 200,
		  "{\"availableBalance\":\"9000.00\",\"currency\":\"TZS\"}", GATE_GO,
		  "" },
		{ "nobody says whose", 2000, "Neema Mushi|f\n", 500, "", 200,
		  "{\"availableBalance\":\"9000.00\",\"currency\":\"TZS\"}", GATE_GO,
		  "" },
		{ "hers, and it does not fit", 2000, "Neema Mushi|f\n", 200,
		  "{\"given_name\":\"Neema\",\"family_name\":\"Mushi\"}", 200,
		  "{\"availableBalance\":\"0.00\",\"currency\":\"TZS\"}", GATE_FLOAT,
		  "0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct world w;

		start(&w);
		if (row[i].payee != NULL)
			script_expect("payment_payee", answer_rows(row[i].payee));
		if (row[i].who != NULL)
			script_expect(WHO, answer_http(row[i].who_status, row[i].who));
		if (row[i].money != NULL)
			script_expect(BALANCE,
			              answer_http(row[i].money_status, row[i].money));
		enter(&w, row[i].units);
		script_run(1000);
		if (w.told != 1 || w.last.word != row[i].word ||
		    strcmp(w.last.said, row[i].said) != 0 || script_problem() != NULL)
			fail_msg("%s: told %u, word %d, said %s: %s", row[i].about,
			         w.told, w.last.word, w.last.said, script_problem());
		end(&w);
	}
}

static void
test_nothing_to_check(void **state)
{
	struct world w;
	struct payment p = payout(5000);

	(void)state;
	start(&w);
	assert_true(gate_watches(w.means.gate, &p));
	p.maybe_taken = true; /* it may be there already: no waiting now */
	p.attempts = 1;
	assert_false(gate_watches(w.means.gate, &p));
	p = payout(5000);
	p.direction = PAY_IN;
	assert_false(gate_watches(w.means.gate, &p));
	p = payout(5000);
	w.means.float_ms = w.means.name_above = 0;
	assert_false(gate_watches(w.means.gate, &p));
	end(&w);
}

/* Five come at once: one question, and the float holds four of them; filled, the fifth
 * goes. */
static void
test_one_question_for_many(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	script_expect(BALANCE, answer_http(200, "{\"availableBalance\":\"2500.00\","
	                                        "\"currency\":\"TZS\"}"));
	for (unsigned i = 0; i < 5; i++)
		enter(&w, 600);
	script_run(1000);
	assert_int_equal(w.told, 5);
	assert_int_equal(w.went, 4);
	assert_null(script_problem());
	script_run(10000);
	script_expect(BALANCE, answer_http(200, "{\"availableBalance\":\"9000.00\","
	                                        "\"currency\":\"TZS\"}"));
	enter(&w, 600);
	script_run(1000);
	assert_int_equal(w.told, 6);
	assert_int_equal(w.went, 5);
	assert_null(script_problem());
	end(&w);
}

/* Told unasked after that, with a payout: less, then more. */
static void
test_funds_heard(void **state)
{
	struct world w;
	struct hint_funds f = { .currency = "TZS" };

	(void)state;
	start(&w);
	f.at_ms = w.clock.wall_ms;
	f.holds = 100000;
	gate_hear(w.means.gate, &f); /* nobody needs to ask */
	enter(&w, 600);
	script_run(1000);
	assert_int_equal(w.went, 1);
	assert_null(script_problem());

	f.at_ms = w.clock.wall_ms;
	f.holds = 5000; /* a "no" is asked about first */
	gate_hear(w.means.gate, &f);
	memcpy(f.currency, "KES", 4);
	f.holds = 1;
	gate_hear(w.means.gate, &f); /* nothing to us */
	enter(&w, 40);
	script_run(1000);
	assert_int_equal(w.went, 2);
	assert_null(script_problem());
	script_expect(BALANCE, answer_http(200, "{\"availableBalance\":\"500.00\","
	                                        "\"currency\":\"TZS\"}"));
	enter(&w, 600);
	script_run(1000);
	assert_int_equal(w.told, 3);
	assert_int_equal(w.went, 2);
	assert_int_equal(w.last.word, GATE_FLOAT);
	assert_null(script_problem());

	w.means.float_ms = 0; /* not to be checked: not heard either */
	memcpy(f.currency, "TZS", 4);
	gate_hear(w.means.gate, &f);
	end(&w);
}

static void
test_a_cancel_at_each_turn(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 14; turns++) {
		struct world w;
		struct gate_pass *pass;

		start(&w);
		script_always("payment_payee", answer_rows("Neema Mushi|f\n"));
		script_always(WHO, answer_http(200, "{\"given_name\":\"Neema\","
		                                    "\"family_name\":\"Mushi\"}"));
		script_always(BALANCE, answer_http(200, "{\"availableBalance\":\"9.00\","
		                                        "\"currency\":\"TZS\"}"));
		pass = enter(&w, 2000);
		for (unsigned t = 0; t < turns && w.told == 0; t++)
			loop_turn(w.loop, 0);
		if (w.told == 0 && turns % 2 == 0)
			gate_free(&w.means.gate); /* the gate first */
		if (w.told == 0) {
			gate_cancel(&pass);
			assert_null(pass);
			script_run(1000);
			assert_int_equal(w.told, 0);
		}
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_nothing_to_check),
		cmocka_unit_test(test_one_question_for_many),
		cmocka_unit_test(test_funds_heard),
		cmocka_unit_test(test_a_cancel_at_each_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
