/*
 * gsma - the parts of the codec of the GSMA Mobile Money API 1.2, which many operators
 * speak as it is: what is sent, and what came back.
 *
 * Only provider_gsma (provider.h) is for others; this header joins the files.
 *
 * The missing answer is found by our own correlation id: GET /responses/ID holds a link
 * to what was made, and that is asked next (VERDICT_FOLLOW).  While there is none, the
 * name of the state (serverCorrelationId, the handle) tells whether it is still under
 * way.
 *
 * A refund is a reversal of what they call the collection (back_txn): without that name
 * it cannot be sent.  It is a transaction of its own, with a correlation id, a state and
 * a callback URL of its own.
 */
#ifndef PAYMENTS_PROVIDER_GSMA_H
#define PAYMENTS_PROVIDER_GSMA_H

#include "lib/json.h"
#include "payments/provider/provider.h"

int gsma_token_answer(const struct provider_answer *ans, int64_t now_ms,
                      struct provider_token *out, struct err *err);
void gsma_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                        struct verdict *out);
void gsma_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                       struct verdict *out);
int gsma_callback(const char *body, size_t n, struct provider_hint *out, struct err *err);
int gsma_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                    struct provider_fact *out, struct err *err);

void gsma_begin(struct provider_request *rq, const char *method,
                const struct provider_account *a, const struct provider_token *t,
                const char *path, bool *failed);
/* The members of a transaction, into an object that is open. */
void gsma_put_order(struct json_writer *w, const struct provider_account *a,
                    const struct provider_order *o, const char *amount);

/* Is it the token that was refused?  doc: of the answer, NULL if it is none. */
bool gsma_is_shut_out(const struct provider_answer *ans, const struct json *doc);

/* One of the API's error codes. */
struct gsma_code {
	const char *code;
	enum verdict_kind on_submit; /* the create was refused with it             */
	enum verdict_kind on_query;  /* it is the outcome of a state or transaction */
	enum pay_reason in, out;
};

const struct gsma_code *gsma_code(const char *code); /* NULL if not in the table */
extern const struct provider_state gsma_states[];    /* of a transaction */
bool gsma_table(size_t i, struct provider_word *out);

#endif
