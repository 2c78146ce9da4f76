/*
 * mtn_momo - the parts of the MTN MoMo codec: what is sent, and what came back.
 *
 * Only provider_mtn (provider.h) is for others; this header joins the two files.
 */
#ifndef PAYMENTS_PROVIDER_MTN_MOMO_H
#define PAYMENTS_PROVIDER_MTN_MOMO_H

#include "payments/provider/provider.h"

int mtn_token_answer(const struct provider_answer *ans, int64_t now_ms,
                     struct provider_token *out, struct err *err);
void mtn_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                       struct verdict *out);
void mtn_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                      struct verdict *out);
int mtn_callback(const char *body, size_t n, struct provider_hint *out, struct err *err);

int mtn_ask(const struct provider_account *a, const struct provider_token *t,
            const struct provider_inquiry *q, struct provider_request *out,
            struct err *err);
int mtn_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                   struct provider_fact *out, struct err *err);

const char *mtn_product(enum pay_direction d); /* "collection", "disbursement" */
bool mtn_msisdn_ok(const char *digits);
/* GET base_url + path, with everything a call must carry. */
int mtn_get(const struct provider_account *a, const struct provider_token *t,
            const char *path, struct provider_request *out, struct err *err);

/* What a word of MTN's says, by where it stands and which way the money goes. */
struct mtn_word {
	const char *code;
	enum verdict_kind on_submit; /* as `code` of a refused submit      */
	enum verdict_kind on_failed; /* as `reason` of status FAILED       */
	enum pay_reason in, out;     /* collection, disbursement           */
};

const struct mtn_word *mtn_word(const char *code); /* NULL if not in the table */
extern const struct provider_state mtn_states[];
bool mtn_table(size_t i, struct provider_word *out);

#endif
