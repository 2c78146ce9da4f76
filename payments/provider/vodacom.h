/*
 * vodacom - the parts of the codecs of M-Pesa as Vodacom and Vodafone run it: the OpenAPI
 * ("vodacom", a session) and Mozambique's older v1x ("mpesamz", a port for each call).
 *
 * Only provider_vodacom and provider_mpesamz (provider.h) are for others; this header
 * joins the files.
 */
#ifndef PAYMENTS_PROVIDER_VODACOM_H
#define PAYMENTS_PROVIDER_VODACOM_H

#include "payments/provider/provider.h"

#define VODACOM_ID_SIZE 33 /* our reference in hex */

const char *vodacom_id(const struct uuid *reference, char out[VODACOM_ID_SIZE]);
/* "Bearer ", sealed under their key; false if that cannot be.  The same text is always
 * sealed alike: no chance is used twice for two texts. */
bool vodacom_bearer(const struct provider_account *a, const char *text, char *out,
                    size_t cap);

int vodacom_token_answer(const struct provider_answer *ans, int64_t now_ms,
                         struct provider_token *out, struct err *err);
void vodacom_submit_answer(const struct provider_order *o,
                           const struct provider_answer *ans, struct verdict *out);
void vodacom_query_answer(const struct provider_order *o,
                          const struct provider_answer *ans, struct verdict *out);
int vodacom_callback(const char *body, size_t n, struct provider_hint *out,
                     struct err *err);
size_t vodacom_reply(const char *body, size_t n, char *out, size_t cap);
int vodacom_ask_answer(const struct provider_inquiry *q,
                       const struct provider_answer *ans, struct provider_fact *out,
                       struct err *err);

struct vodacom_code {
	const char *code;
	enum verdict_kind on_submit;
	enum pay_reason in, out;
};

const struct vodacom_code *vodacom_code(const char *code); /* NULL: not in the table */
extern const struct provider_state vodacom_states[];
bool vodacom_table(size_t i, struct provider_word *out);

#endif
