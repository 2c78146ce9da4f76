/*
 * airtel - the parts of the Airtel Africa codec: what is sent, and what came back.
 *
 * Only provider_airtel (provider.h) is for others; this header joins the files.
 */
#ifndef PAYMENTS_PROVIDER_AIRTEL_H
#define PAYMENTS_PROVIDER_AIRTEL_H

#include "payments/provider/provider.h"

#define AIRTEL_ID_SIZE 33 /* our reference in hex: their ids hold no dash everywhere */

int airtel_token_answer(const struct provider_answer *ans, int64_t now_ms,
                        struct provider_token *out, struct err *err);
void airtel_submit_answer(const struct provider_order *o,
                          const struct provider_answer *ans, struct verdict *out);
void airtel_query_answer(const struct provider_order *o,
                         const struct provider_answer *ans, struct verdict *out);

int airtel_callback(const char *body, size_t n, struct provider_hint *out,
                    struct err *err);
bool airtel_callback_signed(const struct provider_account *a,
                            const struct provider_post *p);

int airtel_ask(const struct provider_account *a, const struct provider_token *t,
               const struct provider_inquiry *q, struct provider_request *out,
               struct err *err);
int airtel_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                      struct provider_fact *out, struct err *err);

/* Does this order give back a collection?  A refund is named by their id of the
 * collection, returns all of it, carries no name of ours and has no enquiry. */
bool airtel_is_back(const struct provider_order *o);

const char *airtel_id(const struct uuid *reference, char out[AIRTEL_ID_SIZE]);
bool airtel_reference(const char *id,
                      struct uuid *out); /* back; false: not one of ours */
/* GET base_url + path, with everything a call must carry. */
int airtel_get(const struct provider_account *a, const struct provider_token *t,
               const char *path, struct provider_request *out, struct err *err);

/* What is encrypted (airtel_seal.c), as base64; "" and false on failure. */
bool airtel_sealed_pin(const struct provider_account *a, const struct provider_order *o,
                       char *out, size_t cap);
bool airtel_signature(const struct provider_account *a, const struct provider_order *o,
                      const struct provider_request *rq, char *signature, char *key,
                      size_t cap);

/* What a code says, by which way the money goes. */
struct airtel_code {
	const char *code;
	enum pay_direction direction;
	enum verdict_kind on_submit;
	enum verdict_kind on_failed; /* beside the status TF of an enquiry */
	enum pay_reason reason;
};

/* NULL if not in the table of that direction. */
const struct airtel_code *airtel_code(const char *code, enum pay_direction d);
extern const struct provider_state airtel_states[];
bool airtel_table(size_t i, struct provider_word *out);

#endif
