/* Any answer to any question: no crash, no verdict on money without a status word. */
#include "payments/provider/provider.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
has(const struct provider_answer *ans, const char *word)
{
	return memmem(ans->body, ans->len, word, strlen(word)) != NULL;
}

static void
read_all(const struct provider_order *o, const struct provider_answer *ans)
{
	struct provider_token token;
	struct verdict v;

	if (provider_airtel.token_answer(ans, 0, &token, NULL) == 0)
		must(token.text[0] != '\0' && token.expires_ms > 0);
	provider_airtel.submit_answer(o, ans, &v);
	must(v.kind != VERDICT_PAID && v.kind != VERDICT_PENDING);
	must(strlen(v.code) < sizeof v.code);
	provider_airtel.query_answer(o, ans, &v);
	must(strlen(v.code) < sizeof v.code);
	must(v.kind != VERDICT_ACCEPTED && v.kind != VERDICT_DUPLICATE);
	/* an escape such as \u0053 may spell the word too */
	if (v.kind == VERDICT_PAID || v.kind == VERDICT_FAILED)
		must(ans->status == 200 && (has(ans, "\\u") || has(ans, "status")));
	must(v.amount_minor >= -1);
	for (int topic = TOPIC_ACTIVE; topic <= TOPIC_BALANCE; topic++) {
		struct provider_inquiry q = { .topic = (enum provider_topic)topic,
			                      .exponent = 2 };
		struct provider_fact fact;

		if (provider_airtel.ask_answer(&q, ans, &fact, NULL) == 0)
			must(ans->status == 200 && strlen(fact.name) < sizeof fact.name);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {
		200, 202, 400, 401, 403, 404, 408, 429, 500, 503
	};
	struct provider_answer ans = { .content_type = "" };
	struct provider_order o = { .amount_minor = 5000000,
		                    .exponent = 2,
		                    .currency = "TZS" };
	char *body;

	if (size == 0)
		return 0;
	o.direction = (data[0] & 0x80) != 0 ? PAY_IN : PAY_OUT;
	ans.status = statuses[(data[0] & 0x7f) % (sizeof statuses / sizeof *statuses)];
	ans.len = size - 1;
	body = malloc(size); /* exact, so that the sanitizer sees a byte too far */
	if (body == NULL)
		return 0;
	memcpy(body, data + 1, ans.len);
	body[ans.len] = '\0';
	ans.body = body;
	read_all(&o, &ans);
	free(body);
	return 0;
}
