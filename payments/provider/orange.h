/*
 * orange - the parts of the codec of Orange Money's eWallet as Sonatel runs it: cash-ins,
 * that is payouts.  Collections need a browser there (WebPay) and are not sent.
 *
 * Only provider_orange (provider.h) is for others; this header joins the files.
 *
 * A cash-in is asked about by the name the answer gave it (handle).  If that answer was
 * lost nobody can ask, and sending again could pay twice: such a payment stays unknown
 * until a person settles it.
 */
#ifndef PAYMENTS_PROVIDER_ORANGE_H
#define PAYMENTS_PROVIDER_ORANGE_H

#include "payments/provider/provider.h"

int orange_token_answer(const struct provider_answer *ans, int64_t now_ms,
                        struct provider_token *out, struct err *err);
void orange_submit_answer(const struct provider_order *o,
                          const struct provider_answer *ans, struct verdict *out);
void orange_query_answer(const struct provider_order *o,
                         const struct provider_answer *ans, struct verdict *out);
int orange_callback(const char *body, size_t n, struct provider_hint *out,
                    struct err *err);
int orange_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                      struct provider_fact *out, struct err *err);
extern const struct provider_state orange_states[];
bool orange_table(size_t i, struct provider_word *out);

#endif
