/*
 * daraja - the parts of the codec of Safaricom's Daraja: what is sent, and what came
 * back.
 *
 * Only provider_daraja (provider.h) is for others; this header joins the files.
 *
 * A collection is an STK prompt, to a pay bill or to a Buy Goods till: Safaricom names it
 * in its answer (handle), and only by that name it can be asked about.  A payout carries
 * our reference, but the answer to the question about it is posted to the question's
 * result_url.  A reversal carries the receipt of what it gives back and no name of ours:
 * their name for it is the handle, and the same receipt is never reversed twice.
 */
#ifndef PAYMENTS_PROVIDER_DARAJA_H
#define PAYMENTS_PROVIDER_DARAJA_H

#include "lib/buf.h"
#include "lib/json.h"
#include "payments/provider/provider.h"

#define DARAJA_TIME_SIZE    24
#define DARAJA_ACCOUNT_SIZE 13 /* an AccountReference has up to 12 signs */

int daraja_token_answer(const struct provider_answer *ans, int64_t now_ms,
                        struct provider_token *out, struct err *err);
void daraja_submit_answer(const struct provider_order *o,
                          const struct provider_answer *ans, struct verdict *out);
void daraja_query_answer(const struct provider_order *o,
                         const struct provider_answer *ans, struct verdict *out);
void daraja_result(const struct provider_order *o, const char *body, size_t n,
                   struct verdict *out);
int daraja_callback(const char *body, size_t n, struct provider_hint *out,
                    struct err *err);

/* The short code of whom a prompt is for: a till's store, or the pay bill. */
const char *daraja_shop(const struct provider_account *a);
/* Does this order give back what a receipt brought? */
bool daraja_is_back(const struct provider_order *o);

int daraja_ask(const struct provider_account *a, const struct provider_token *t,
               const struct provider_inquiry *q, struct provider_request *out,
               struct err *err);
int daraja_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                      struct provider_fact *out, struct err *err);
int daraja_ask_result(const struct provider_inquiry *q, const char *body, size_t n,
                      struct provider_fact *out, struct err *err);

/* What is posted, as a document: an amount is a number with a fraction as often as a
 * text.  NULL if it is none; json_free. */
struct json *daraja_posted(const char *body, size_t n);
/* The first value of a key of a Result that has one; NULL. */
const struct json *daraja_parameter(const struct json *result, const char *key);
/* What is left for payouts when a payout was done, and when that was; else nothing. */
void daraja_hear_funds(const struct json *result, struct provider_hint *out);

/* What stands on the phone beside the prompt, and comes back as BillRefNumber: the first
 * twelve digits of our reference. */
const char *daraja_account(const struct uuid *reference, char out[DARAJA_ACCOUNT_SIZE]);

/* The operator in whose name money leaves; the password only they can read. */
void daraja_put_initiator(struct json_writer *w, const struct provider_account *a,
                          const uint8_t chance[32], const char *key, bool *failed);
void daraja_put_result_urls(struct json_writer *w, const struct provider_account *a,
                            const char *url, bool *failed);
/* 2 to 100 plain signs, up to `most`. */
void daraja_put_note(struct json_writer *w, const char *key, const char *note,
                     size_t most);

#define DARAJA_REMARKS_MAX 100

/* A POST with a token, to which a body is written; *failed as in request.h. */
void daraja_begin(struct provider_request *rq, const struct provider_account *a,
                  const struct provider_token *t, const char *path, bool *failed);
int daraja_end(struct provider_request *rq, const struct buf *b, bool failed,
               struct err *err);
/* A moment on the clocks of Nairobi: "20191225133000", or "2019-12-25 13:30:00". */
void daraja_time(int64_t wall_ms, bool spaced, char out[DARAJA_TIME_SIZE]);
/* The other way: "25.12.2019 13:30:00", "20191225133000"; 0 if it is neither. */
int64_t daraja_wall_ms(const char *text);

/* What a code says, by where it stands. */
enum daraja_place {
	DARAJA_ERROR, /* errorCode of the gateway                   */
	DARAJA_STK,   /* ResultCode of a prompt                     */
	DARAJA_B2C,   /* ResponseCode or ResultCode of a payout     */
	DARAJA_BACK,  /* the same of a reversal                     */
};

struct daraja_code {
	const char *code;
	enum daraja_place place;
	enum verdict_kind on_submit, on_query;
	enum pay_reason reason;
};

const struct daraja_code *daraja_code(const char *code, enum daraja_place place);
extern const struct provider_state daraja_states[]; /* of a payout or reversal */
bool daraja_table(size_t i, struct provider_word *out);

#endif
