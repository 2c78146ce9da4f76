/*
 * bulk_call - one exchange with a provider about a bulk: token, request, answer.
 *
 *   TOKEN --have--> ASK --answer--> END
 *     ^              |
 *     `--refused, once--'
 */
#ifndef PAYMENTS_FLOW_BULK_CALL_H
#define PAYMENTS_FLOW_BULK_CALL_H

#include "payments/flow/bulk_course.h"
#include "payments/flow/carry.h"

struct bulk_call;

struct bulk_question {
	const struct carry_means *means; /* borrowed, as are orders; outlive the call */
	struct gsma_batch batch;
	enum bulk_ask ask;
	struct gsma_batch_orders *orders; /* of BULK_CREATE */
	/* of BULK_QUERY: that page of its lists, NULL: the bulk itself */
	const struct gsma_batch_page *page;
};

/* ans: what came, NULL if err says why nothing did (its fate: whether it may have been
 * taken).  A request that cannot be built is ERR_RANGE. */
typedef void bulk_call_cb(void *arg, const struct provider_answer *ans,
                          const struct err *err);

/* Keeps the five promises of loop.h. */
struct bulk_call *bulk_call_start(const struct bulk_question *q, bulk_call_cb *cb,
                                  void *arg);
void bulk_call_cancel(struct bulk_call **c);

#endif
