/* A payout that gives back a collection, in virtual time: a codec that knows refunds is
 * told which collection it is, with each attempt; a plain payout names none. */
#include "config/settings.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "payments/flow/disburse.h"
#include "tests/fake/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define START_MS INT64_C(1700000000000)

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char of[UUID_TEXT_SIZE];

	(void)a;
	(void)t;
	(void)err;
	out->method = "POST";
	if (uuid_is_nil(&o->back_reference) && o->back_txn[0] == '\0')
		snprintf(out->url, sizeof out->url, "https://fake.test/payout");
	else
		snprintf(out->url, sizeof out->url, "https://fake.test/refund/%s/%s",
		         uuid_text(&o->back_reference, of), o->back_txn);
	return 0;
}

static void
submit_answer(const struct provider_order *o, const struct provider_answer *ans,
              struct verdict *out)
{
	(void)o;
	*out = (struct verdict){ .kind = ans->status == 200 ? VERDICT_ACCEPTED
		                                            : VERDICT_UNKNOWN,
		                 .amount_minor = -1 };
}

static const struct provider gives_back = { .name = "fake",
	                                    .gives_back = true,
	                                    .submit = submit,
	                                    .submit_answer = submit_answer };

static void
on_end(void *arg, const struct carry_end *end)
{
	*(bool *)arg = end->called && end->verdict.kind == VERDICT_ACCEPTED;
}

/* True if that was asked and taken. */
static bool
sends(const struct payment *p, const char *call)
{
	struct clock clock;
	struct settings settings;
	struct flow_env env = { .settings = &settings };
	struct carry_means means = { .env = &env,
		                     .provider = &gives_back,
		                     .deadline_ms = 1000,
		                     .claim_ms = 4000 };
	bool taken = false;

	log_set_level(LOG_LEVEL_ERROR + 1);
	settings_defaults(&settings);
	clock_init_virtual(&clock, START_MS);
	env.loop = loop_new(&clock);
	script_reset(env.loop);
	script_always("payment_sent", answer_rows("t\n"));
	script_always("payment_heard", answer_rows("t\n"));
	script_always(call, answer_http(200, "{}"));
	env.pg = pg_new(env.loop, &(struct pg_options){ .connections = 1 });
	env.http = http_client_new(env.loop, &(struct http_client_options){ 0 });
	means.tokens = tokens_new(env.loop, env.http);
	carry_start(&means, &disburse, p, NULL, on_end, &taken);
	script_run(5000);
	tokens_free(means.tokens);
	http_client_free(env.http);
	pg_free(env.pg);
	script_reset(env.loop);
	loop_free(env.loop);
	return taken;
}

static void
told_which_collection(void **state)
{
	struct payment p = { .cooperative_id = 1,
		             .direction = PAY_OUT,
		             .provider = "fake",
		             .purpose = "refund_out",
		             .msisdn = "255712000100",
		             .amount = 5000,
		             .currency = "TZS",
		             .exponent = 2,
		             .code = "ABC2345" };

	(void)state;
	assert_true(sends(&p, "POST https://fake.test/payout"));
	p.back_reference.b[0] = 0x11;
	memcpy(p.back_txn, "TX9", 4);
	assert_true(sends(&p, "POST https://fake.test/refund/"
	                      "11000000-0000-0000-0000-000000000000/TX9"));
	p.back_reference =
	    (struct uuid){ { 0 } }; /* what came unasked has none of ours */
	assert_true(sends(&p, "POST https://fake.test/refund/"
	                      "00000000-0000-0000-0000-000000000000/TX9"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_which_collection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
