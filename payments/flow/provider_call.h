/*
 * provider_call - one question to a provider and its verdict: token, request, answer.
 *
 *   TOKEN --have--> ASK --answer--> END
 *     ^               ^---elsewhere, up to three times---'
 *     `--refused, once--'
 *
 * What went wrong on the way is a verdict too: never reached = DOWN (nothing was taken),
 * lost or late = UNKNOWN, a request that cannot be built = FAILED.
 */
#ifndef PAYMENTS_FLOW_PROVIDER_CALL_H
#define PAYMENTS_FLOW_PROVIDER_CALL_H

#include "payments/flow/token.h"
#include "payments/provider/provider.h"

struct provider_call;

enum provider_ask { ASK_SUBMIT, ASK_QUERY };

struct provider_question {
	const struct provider *provider;
	const struct provider_account *account; /* borrowed; outlives the call */
	struct provider_order order;
	enum provider_ask ask;
	int64_t deadline_ms; /* of each exchange */
	const struct clock *clock;
};

typedef void provider_call_cb(void *arg, const struct verdict *v);

/* Keeps the five promises of loop.h. */
struct provider_call *provider_call_start(struct http_client *http, struct tokens *tokens,
                                          const struct provider_question *q,
                                          provider_call_cb *cb, void *arg);
void provider_call_cancel(struct provider_call **c);

#endif
