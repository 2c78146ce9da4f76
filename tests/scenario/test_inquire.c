/*
 * A question to a provider, in virtual time: each way it may answer, a token refused once
 * and twice, each call lost, and a cancel at every turn.
 */
#include "config/settings.h"
#include "lib/log.h"
#include "payments/flow/inquire.h"
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
#define MONEY   "{\"availableBalance\":\"1500.25\",\"currency\":\"TZS\"}"
#define NEEMA   "{\"given_name\":\"Neema\",\"family_name\":\"Mushi\"}"

struct world {
	struct clock clock;
	struct loop *loop;
	struct settings settings;
	struct flow_env env;
	struct carry_means means;
	unsigned told;
	struct provider_fact fact;
	enum err_code err;
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
	w->env.loop = w->loop;
	w->env.settings = &w->settings;
	w->env.http = http_client_new(w->loop, &(struct http_client_options){ 0 });
	w->means.env = &w->env;
	w->means.tokens = tokens_new(w->loop, w->env.http);
	w->means.provider = means_codec(p);
	means_read(&w->means, p);
}

static void
end(struct world *w)
{
	tokens_free(w->means.tokens);
	http_client_free(w->env.http);
	script_reset(w->loop);
	loop_free(w->loop);
}

static void
on_fact(void *arg, const struct provider_fact *fact, const struct err *err)
{
	struct world *w = arg;

	w->told++;
	w->err = err->code;
	assert_true((fact != NULL) == (err->code == ERR_NONE));
	if (fact != NULL)
		w->fact = *fact;
}

static struct inquire *
ask(struct world *w, enum provider_topic topic)
{
	struct provider_inquiry q = { .topic = topic,
		                      .direction = PAY_OUT,
		                      .msisdn = "255712000100",
		                      .exponent = 2 };
	struct inquire *i = inquire_start(&w->means, &q, on_fact, w);

	assert_int_equal(w->told, 0); /* never inside the call */
	return i;
}

static void
test_answers(void **state)
{
	static const struct {
		const char *about;
		enum provider_topic topic;
		int status;
		const char *body;
		enum err_code err;
	} rows[] = {
		{ "a balance", TOPIC_BALANCE, 200, MONEY, ERR_NONE },
		{ "a name", TOPIC_NAME, 200, NEEMA, ERR_NONE },
		{ "nobody's wallet", TOPIC_NAME, 404, "", ERR_NOT_FOUND },
		{ "a page of HTML", TOPIC_NAME, 200, "<html>", ERR_PEER },
		{ "a tired server", TOPIC_BALANCE, 500, "", ERR_PEER },
		{ "no such question", TOPIC_CARRIER, 0, NULL, ERR_RANGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;

		start(&w);
		script_always(TOKEN, answer_http(200, MINTED));
		if (rows[i].body != NULL) {
			script_always(BALANCE, answer_http(rows[i].status, rows[i].body));
			script_always(WHO, answer_http(rows[i].status, rows[i].body));
		}
		ask(&w, rows[i].topic);
		script_run(1000);
		if (w.told != 1 || w.err != rows[i].err)
			fail_msg("%s: told %u, %s", rows[i].about, w.told,
			         err_name(w.err));
		if (rows[i].err == ERR_NONE && rows[i].topic == TOPIC_BALANCE)
			assert_int_equal(w.fact.balance_minor, 150025);
		if (rows[i].err == ERR_NONE && rows[i].topic == TOPIC_NAME)
			assert_string_equal(w.fact.name, "Neema Mushi");
		assert_null(script_problem());
		end(&w);
	}
}

static void
test_a_refused_token_is_minted_again_once(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	script_expect(TOKEN, answer_http(200, MINTED));
	script_expect(BALANCE, answer_http(401, ""));
	script_expect(TOKEN, answer_http(200, MINTED));
	script_expect(BALANCE, answer_http(200, MONEY));
	ask(&w, TOPIC_BALANCE);
	script_run(1000);
	assert_int_equal(w.told, 1);
	assert_int_equal(w.err, ERR_NONE);
	assert_null(script_problem());
	end(&w);

	start(&w);
	script_always(TOKEN, answer_http(200, MINTED));
	script_always(BALANCE, answer_http(401, ""));
	ask(&w, TOPIC_BALANCE);
	script_run(1000);
	assert_int_equal(w.told, 1);
	assert_int_equal(w.err, ERR_AUTH);
	assert_int_equal(script_calls(), 4);
	end(&w);
}

static void
test_each_call_lost_or_late(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 2 * FAULT_SILENT; k++) {
		struct world w;

		start(&w);
		script_always(TOKEN, answer_http(200, MINTED));
		script_always(BALANCE, answer_http(200, MONEY));
		script_fault(k / FAULT_SILENT, (enum script_fault)(1 + k % FAULT_SILENT));
		ask(&w, TOPIC_BALANCE);
		script_run(50000);
		assert_int_equal(w.told, 1);
		assert_int_equal(script_open(), 0);
		end(&w);
	}
}

static void
test_a_cancel_at_each_turn(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 8; turns++) {
		struct world w;
		struct inquire *i;

		start(&w);
		script_always(TOKEN, answer_http(200, MINTED));
		script_always(BALANCE, answer_http(200, MONEY));
		i = ask(&w, TOPIC_BALANCE);
		for (unsigned t = 0; t < turns && w.told == 0; t++)
			loop_turn(w.loop, 0);
		if (w.told == 0) {
			inquire_cancel(&i);
			assert_null(i);
			script_run(1000);
			assert_int_equal(w.told, 0);
		}
		inquire_cancel(&(struct inquire *){ NULL });
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_a_refused_token_is_minted_again_once),
		cmocka_unit_test(test_each_call_lost_or_late),
		cmocka_unit_test(test_a_cancel_at_each_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
