/*
 * A question whose answer the provider posts, in virtual time: written down, asked, and
 * told at an address that only its receiver knows; each way that may fail, each call
 * lost, and a cancel at every turn.
 */
#include "config/settings.h"
#include "lib/json.h"
#include "lib/log.h"
#include "payments/flow/inquire.h"
#include "payments/flow/means.h"
#include "payments/flow/posted.h"
#include "payments/flow/waits.h"
#include "tests/fake/script.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TOKEN  "GET https://daraja.test/oauth/*"
#define ASK    "POST https://daraja.test/mpesa/accountbalance/v1/query"
#define MINTED "{\"access_token\":\"tok\",\"expires_in\":\"3599\"}"
#define TAKEN  "{\"ConversationID\":\"AG_1\",\"ResponseCode\":\"0\"}"
#define PREFIX "https://coop.test/callback/saf/word"
#define SECRET "word"
#define MONEY                                                                            \
	"{\"Result\":{\"ResultCode\":0,\"ResultParameters\":{\"ResultParameter\":[{"     \
	"\"Key\":\"AccountBalance\",\"Value\":\"Utility "                                \
	"Account\\|KES\\|1500.25\\|1500.25\"}]"                                          \
	"}}}"
#define REFUSED "{\"Result\":{\"ResultCode\":21}}"

static char public_key[1000];

struct world {
	struct clock clock;
	struct loop *loop;
	struct ids ids;
	struct settings settings;
	struct flow_env env;
	struct carry_means means;
	char question[UUID_TEXT_SIZE]; /* the row, "" while there is none */
	const char *posted;            /* what will be, NULL: nothing */
	bool asked, answered;
	unsigned told, looks;
	unsigned empty; /* looks before what was posted is there */
	struct provider_fact fact;
	enum err_code err;
};

static int
make_key(void **state)
{
	EVP_PKEY *theirs = EVP_RSA_gen(2048);
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(theirs, &der);

	(void)state;
	sodium_bin2base64(public_key, sizeof public_key, der, (size_t)n,
	                  sodium_base64_VARIANT_ORIGINAL);
	OPENSSL_free(der);
	EVP_PKEY_free(theirs);
	return n > 0 ? 0 : -1;
}

/* ---- the world: a row, a provider that takes the question, somebody who is told ---- */

static struct answer
on_new(void *arg, const struct script_call *call)
{
	struct world *w = arg;

	assert_false(w->asked); /* written first */
	snprintf(w->question, sizeof w->question, "%s", script_arg(call, 0));
	assert_string_equal(script_arg(call, 1), "saf");
	return answer_rows("\n");
}

/* The address it shall be posted to is this question's, and nobody else's. */
static struct answer
on_ask(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	struct json *doc = json_parse(call->body, call->body_len, NULL);
	const char *url = json_get_text(doc, "ResultURL");
	struct uuid id;

	w->asked = true;
	assert_non_null(url);
	assert_true(uuid_parse(w->question, 36, &id));
	assert_memory_equal(url, PREFIX "/", sizeof PREFIX);
	assert_memory_equal(url + sizeof PREFIX, w->question, 36);
	assert_true(posted_is_question(SECRET, &id, strrchr(url, '/') + 1));
	json_free(doc);
	return answer_http(200, TAKEN);
}

static struct answer
on_look(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	static char row[400];

	assert_string_equal(script_arg(call, 0), w->question);
	if (++w->looks <= w->empty || w->posted == NULL)
		return answer_rows(NULL);
	w->answered = true;
	snprintf(row, sizeof row, "%s\n", w->posted);
	return answer_rows(row);
}

static void
start(struct world *w)
{
	struct settings_provider *p = &w->settings.providers[0];

	memset(w, 0, sizeof *w);
	w->empty = 2;
	log_set_level(LOG_LEVEL_ERROR + 1);
	clock_init_virtual(&w->clock, INT64_C(1700000000000));
	ids_init(&w->ids);
	w->loop = loop_new(&w->clock);
	script_reset(w->loop);
	settings_defaults(&w->settings);
	snprintf(w->settings.callback.secret, sizeof w->settings.callback.secret, SECRET);
	snprintf(p->name, sizeof p->name, "saf");
	snprintf(p->codec, sizeof p->codec, "daraja");
	snprintf(p->base_url, sizeof p->base_url, "https://daraja.test");
	snprintf(p->callback_url, sizeof p->callback_url, PREFIX);
	snprintf(p->disbursement.user, sizeof p->disbursement.user, "user");
	snprintf(p->disbursement.key, sizeof p->disbursement.key, "key");
	snprintf(p->party, sizeof p->party, "600999");
	snprintf(p->initiator, sizeof p->initiator, "adit");
	snprintf(p->wallet_pin, sizeof p->wallet_pin, "1234");
	snprintf(p->public_key, sizeof p->public_key, "%s", public_key);
	p->deadline_ms = 20000;
	w->env.loop = w->loop;
	w->env.ids = &w->ids;
	w->env.settings = &w->settings;
	w->env.pg = pg_new(w->loop, &(struct pg_options){ .connections = 1 });
	w->env.http = http_client_new(w->loop, &(struct http_client_options){ 0 });
	w->means.env = &w->env;
	w->means.tokens = tokens_new(w->loop, w->env.http);
	w->means.provider = means_codec(p);
	means_read(&w->means, p);
	script_always(TOKEN, answer_http(200, MINTED));
	script_handle("question_new", on_new, w);
	script_handle(ASK, on_ask, w);
	script_handle("question_posted", on_look, w);
}

static void
end(struct world *w)
{
	tokens_free(w->means.tokens);
	http_client_free(w->env.http);
	pg_free(w->env.pg);
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
ask(struct world *w)
{
	struct provider_inquiry q = { .topic = TOPIC_BALANCE,
		                      .direction = PAY_OUT,
		                      .exponent = 2 };

	assert_true(inquire_can(w->means.provider, TOPIC_BALANCE));
	return inquire_start(&w->means, &q, on_fact, w);
}

static void
test_it_is_posted(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	w.posted = MONEY;
	ask(&w);
	script_run(5000);
	assert_int_equal(w.told, 1);
	assert_int_equal(w.err, ERR_NONE);
	assert_int_equal(w.fact.balance_minor, 150025);
	assert_string_equal(w.fact.currency, "KES");
	assert_null(script_problem());
	end(&w);
}

/* Heard by this gateway: it is not waited for, wherever the question stands. */
static void
test_it_is_posted_to_us(void **state)
{
	static const struct {
		const char *about;
		int64_t after_ms; /* of what was asked */
		bool wakes;
		int64_t most_ms, least_ms;
	} rows[] = {
		{ "while it waits", 300, true, 330, 300 },
		{ "as soon as it was asked", 0, true, 30, 0 },
		{ "to another gateway", 300, false, 1100, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;
		struct uuid id;
		int64_t asked_ms;

		start(&w);
		w.env.waits = waits_new();
		w.empty = 0;
		ask(&w);
		while (!w.asked)
			(void)loop_turn(w.loop, 0);
		asked_ms = w.clock.mono_ms;
		script_run(rows[i].after_ms);
		w.posted = MONEY;
		assert_true(uuid_parse(w.question, 36, &id));
		if (rows[i].wakes)
			waits_wake(w.env.waits, &id);
		while (w.told == 0)
			script_run(1);
		if (w.err != ERR_NONE || w.clock.mono_ms - asked_ms > rows[i].most_ms ||
		    w.clock.mono_ms - asked_ms < rows[i].least_ms)
			fail_msg("%s: after %lld ms", rows[i].about,
			         (long long)(w.clock.mono_ms - asked_ms));
		waits_wake(w.env.waits, &id); /* told again: nobody waits */
		script_run(100);
		assert_int_equal(w.told, 1);
		assert_int_equal(script_open(), 0);
		end(&w);
		waits_free(w.env.waits);
	}
}

static void
test_no_answer(void **state)
{
	static const struct {
		const char *about, *posted, *rule;
		struct answer answer;
		enum err_code err;
	} rows[] = {
		{ "refused by a result", REFUSED, NULL, { .status = 0 }, ERR_PEER },
		{ "the queue gave up", "{}", NULL, { .status = 0 }, ERR_PEER },
		{ "no JSON", "<html>", NULL, { .status = 0 }, ERR_PEER },
		{ "nobody posts it", NULL, NULL, { .status = 0 }, ERR_TIMEOUT },
		{ "not taken",
		  MONEY,
		  ASK,
		  { .status = 500, .text = "{\"errorCode\":\"500.003.02\"}" },
		  ERR_PEER },
		{ "no database",
		  MONEY,
		  "question_new",
		  { .err = { .code = ERR_CONNECT } },
		  ERR_CONNECT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;

		start(&w);
		w.posted = rows[i].posted;
		if (rows[i].rule != NULL)
			script_always(rows[i].rule, rows[i].answer);
		ask(&w);
		script_run(INQUIRE_POSTED_MS - 1000);
		assert_int_equal(w.told, rows[i].err == ERR_TIMEOUT ? 0 : 1);
		script_run(2000);
		if (w.told != 1 || w.err != rows[i].err)
			fail_msg("%s: told %u, %s", rows[i].about, w.told,
			         err_name(w.err));
		assert_int_equal(script_open(), 0);
		end(&w);
	}
}

/* Nowhere to be told, so nothing is asked. */
static void
test_nowhere(void **state)
{
	(void)state;
	for (int what = 0; what < 2; what++) {
		struct world w;

		start(&w);
		if (what == 0)
			w.settings.callback.secret[0] = '\0';
		else
			w.means.account[PAY_OUT].callback_url[0] = '\0';
		ask(&w);
		script_run(1000);
		assert_int_equal(w.told, 1);
		assert_int_equal(w.err, ERR_RANGE);
		assert_false(w.asked);
		assert_string_equal(w.question, "");
		end(&w);
	}
}

static void
test_each_call_lost_or_late(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 5 * FAULT_SILENT; k++) {
		struct world w;

		start(&w);
		w.posted = MONEY;
		script_fault(k / FAULT_SILENT, (enum script_fault)(1 + k % FAULT_SILENT));
		ask(&w);
		script_run(80000);
		assert_int_equal(w.told, 1);
		/* a look that failed is made again */
		if (k / FAULT_SILENT >= 3)
			assert_true(w.err == ERR_NONE || w.err == ERR_TIMEOUT);
		assert_int_equal(script_open(), 0);
		end(&w);
	}
}

static void
test_a_cancel_at_each_turn(void **state)
{
	(void)state;
	for (unsigned turns = 0; turns < 20; turns++) {
		struct world w;
		struct inquire *i;

		start(&w);
		w.posted = MONEY;
		i = ask(&w);
		for (unsigned t = 0; t < turns && w.told == 0; t++)
			t % 4 == 3 ? script_run(100) : (void)loop_turn(w.loop, 0);
		if (w.told == 0) {
			inquire_cancel(&i);
			assert_null(i);
			script_run(20000);
			assert_int_equal(w.told, 0);
			assert_int_equal(script_open(), 0);
		}
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_posted),
		cmocka_unit_test(test_it_is_posted_to_us),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_each_call_lost_or_late),
		cmocka_unit_test(test_a_cancel_at_each_turn),
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
