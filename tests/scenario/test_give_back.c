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

static struct provider gives_back = { .name = "fake",
	                              .gives_back = true,
	                              .submit = submit,
	                              .submit_answer = submit_answer };

static void
on_end(void *arg, const struct carry_end *end)
{
	*(bool *)arg = end->called && end->verdict.kind == VERDICT_ACCEPTED;
}

static char trace[400]; /* of the latest: what was asked */

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
	snprintf(trace, sizeof trace, "%s", script_trace());
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
		             .back_amount = 5000,
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

/* Never more than came in; and where all goes back or nothing, never a part. */
static void
only_what_came_in(void **state)
{
	static const struct {
		int64_t brought, amount;
		bool whole;
		int32_t attempts;
		const char *code; /* NULL: it is sent */
	} rows[] = {
		{ 5000, 5000, false, 0, NULL },
		{ 5000, 5000, true, 0, NULL },
		{ 5000, 4000, false, 0, NULL },
		{ 5000, 4000, true, 0, "REFUND_OF_A_PART" },
		{ 5000, 5001, false, 0, "REFUND_TOO_MUCH" },
		{ 5000, 5001, true, 0, "REFUND_TOO_MUCH" },
		{ 0, 1, false, 0, "REFUND_TOO_MUCH" },
		{ 5000, 4000, true, 1, NULL }, /* it may be there: ask, do not judge */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct payment p = { .direction = PAY_OUT,
			             .back_txn = "TX9",
			             .amount = rows[i].amount,
			             .back_amount = rows[i].brought,
			             .attempts = rows[i].attempts };
		struct course c;
		bool no = course_is_no_refund(&p, rows[i].whole, &c);

		assert_int_equal(no, rows[i].code != NULL);
		if (no) {
			assert_true(c.settle && c.to == PAY_FAILED);
			assert_int_equal(c.why.reason, REASON_NOT_ALLOWED);
			assert_string_equal(c.why.code, rows[i].code);
		}
	}
}

/* A purpose nobody knows: that it was to be settled is all there is to see. */
static void
a_part_does_not_leave(void **state)
{
	struct payment p = { .cooperative_id = 1,
		             .direction = PAY_OUT,
		             .provider = "fake",
		             .purpose = "none",
		             .msisdn = "255712000100",
		             .amount = 4000,
		             .currency = "TZS",
		             .exponent = 2,
		             .back_txn = "TX9",
		             .back_amount = 5000,
		             .code = "ABC2345" };

	(void)state;
	gives_back.gives_all_back = true;
	assert_false(sends(&p, "POST https://fake.test/refund/"
	                       "00000000-0000-0000-0000-000000000000/TX9"));
	assert_null(strstr(trace, "POST"));
	assert_null(strstr(trace, "payment_sent"));
	p.amount = 5000;
	assert_true(sends(&p, "POST https://fake.test/refund/"
	                      "00000000-0000-0000-0000-000000000000/TX9"));
	gives_back.gives_all_back = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_which_collection),
		cmocka_unit_test(only_what_came_in),
		cmocka_unit_test(a_part_does_not_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
