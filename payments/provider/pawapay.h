/*
 * pawapay - the parts of the codec of pawaPay v2, which carries payments to the wallets
 * of many providers: what is sent, and what came back.
 *
 * Only provider_pawapay (provider.h) is for others; this header joins the files.  There
 * is no token to mint: the API key is the bearer.  Whose wallet it is stands in the
 * account (market, "MTN_MOMO_ZMB"): an entry of the settings for each.
 *
 * Callbacks may be signed (RFC 9421, public_key), and so may be our requests
 * (signing_key).  A refund gives back all or a part of one deposit and is a kind of its
 * own, with its own state.
 */
#ifndef PAYMENTS_PROVIDER_PAWAPAY_H
#define PAYMENTS_PROVIDER_PAWAPAY_H

#include "payments/provider/provider.h"

#define PAWAPAY_LABEL "sig-pp"

struct pawapay_kind {
	const char *path, *id; /* "/v2/payouts", "payoutId"  */
	const char *operation; /* "PAYOUT": as availability calls it */
};

const struct pawapay_kind *pawapay_kind(const struct provider_order *o);

void pawapay_submit_answer(const struct provider_order *o,
                           const struct provider_answer *ans, struct verdict *out);
void pawapay_query_answer(const struct provider_order *o,
                          const struct provider_answer *ans, struct verdict *out);
int pawapay_callback(const char *body, size_t n, struct provider_hint *out,
                     struct err *err);
int pawapay_ask_answer(const struct provider_inquiry *q,
                       const struct provider_answer *ans, struct provider_fact *out,
                       struct err *err);

struct pawapay_code {
	const char *code;
	enum verdict_kind on_submit; /* of a REJECTED request  */
	enum verdict_kind on_failed; /* of a FAILED payment    */
	enum pay_reason in, out;
};

const struct pawapay_code *pawapay_code(const char *code); /* NULL if not in the table */
extern const struct provider_state pawapay_states[];
bool pawapay_table(size_t i, struct provider_word *out);

#endif
