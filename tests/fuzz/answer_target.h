/* Any answer of a provider to any question: no crash, no verdict on money without a
 * status word.  For the fuzz targets of the codecs. */
#ifndef TESTS_FUZZ_ANSWER_TARGET_H
#define TESTS_FUZZ_ANSWER_TARGET_H

#include "payments/provider/provider.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_STATUSES 10

static inline void
must(bool holds)
{
	if (!holds)
		abort();
}

static inline bool
has(const struct provider_answer *ans, const char *word)
{
	return memmem(ans->body, ans->len, word, strlen(word)) != NULL;
}

static inline void
read_all(const struct provider *p, const struct provider_order *o,
         const struct provider_answer *ans)
{
	struct provider_token token;
	struct verdict v;

	if (p->token_answer != NULL && p->token_answer(ans, 0, &token, NULL) == 0)
		must(token.text[0] != '\0' && token.expires_ms > 0);
	p->submit_answer(o, ans, &v);
	must(v.kind != VERDICT_PAID && v.kind != VERDICT_PENDING);
	must(strlen(v.code) < sizeof v.code);
	p->query_answer(o, ans, &v);
	must(strlen(v.code) < sizeof v.code);
	must(v.kind != VERDICT_ACCEPTED && v.kind != VERDICT_DUPLICATE);
	/* an escape such as \u0053 may spell the word too */
	if (v.kind == VERDICT_PAID || v.kind == VERDICT_FAILED)
		must((ans->status == 200 || ans->status == 201) &&
		     (has(ans, "\\u") || has(ans, "tatus") || has(ans, "ResultCode") ||
		      has(ans, "errorCode")));
	must(v.amount_minor >= -1);
	for (int topic = TOPIC_ACTIVE; topic < PROVIDER_TOPICS; topic++) {
		struct provider_inquiry q = { .topic = (enum provider_topic)topic,
			                      .exponent = 2 };
		struct provider_fact fact;

		if (p->ask_answer(&q, ans, &fact, NULL) == 0)
			must(ans->status == 200 && strlen(fact.name) < sizeof fact.name);
	}
}

/* The first byte chooses direction and status, the rest is the body. */
static inline int
answer_target(const struct provider *p, const int statuses[ANSWER_STATUSES],
              const uint8_t *data, size_t size)
{
	struct provider_answer ans = { .content_type = "" };
	struct provider_order o = { .amount_minor = 5000000,
		                    .exponent = 2,
		                    .currency = "TZS" };
	char *body;

	if (size == 0)
		return 0;
	o.direction = (data[0] & 0x80) != 0 ? PAY_IN : PAY_OUT;
	ans.status = statuses[(data[0] & 0x7f) % ANSWER_STATUSES];
	ans.len = size - 1;
	body = malloc(size); /* exact, so that the sanitizer sees a byte too far */
	if (body == NULL)
		return 0;
	memcpy(body, data + 1, ans.len);
	body[ans.len] = '\0';
	ans.body = body;
	read_all(p, &o, &ans);
	o.back_reference.b[0] = 1; /* and as what gives back, whose name was told */
	memcpy(o.back_txn, "CI1", 4);
	memcpy(o.handle, "CI2", 4);
	read_all(p, &o, &ans);
	free(body);
	return 0;
}

#endif
