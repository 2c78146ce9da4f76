/*
 * request - what the codecs share: a request put together piece by piece, and the bytes
 * of an answer made readable.
 *
 * Each piece sets *failed instead of being cut; request_finish turns that into one error,
 * and leaves nothing of the request then.
 */
#ifndef PAYMENTS_PROVIDER_REQUEST_H
#define PAYMENTS_PROVIDER_REQUEST_H

#include "lib/json.h"
#include "payments/provider/provider.h"

/* base_url and path; base_url may not be empty.  Clears all else, *failed too. */
void request_begin(struct provider_request *rq, const char *method, const char *base_url,
                   const char *path, bool *failed);
/* value may be neither empty nor hold the end of a line. */
void request_header(struct provider_request *rq, const char *name, const char *value,
                    bool *failed);
/* "2026-11-24T10:30:00.000Z" */
void request_instant(struct provider_request *rq, const char *name, int64_t wall_ms,
                     bool *failed);
void request_bearer(struct provider_request *rq, const char *token, bool *failed);
/* -1 and ERR_RANGE if anything failed. */
int request_finish(struct provider_request *rq, bool failed, struct err *err);

/* The order's amount as the account wants it; ERR_RANGE if its currency is another one or
 * there is no such fraction. */
int request_amount(const struct provider_account *a, const struct provider_order *o,
                   char *out, size_t cap, struct err *err);
bool request_is_msisdn(const char *digits); /* 8 to 15 of them, nothing else */
/* A text of letters, digits and single spaces, as the pickiest take it. */
void request_plain(char *out, size_t cap, const char *note);

/* Nothing sure yet: unknown, with the HTTP status as its code (0: none). */
void verdict_begin(struct verdict *v, int status);
void verdict_set(struct verdict *v, enum verdict_kind kind, enum pay_reason reason);

/* By the status of an enquiry; one that is not among the rows says nothing.  any_case: as
 * the provider writes it now so, now so. */
void verdict_by_state(struct verdict *v, const struct provider_state *rows,
                      const char *word, bool any_case);

/* The JSON object of an answer, NULL if it is none; json_free. */
struct json *answer_object(const struct provider_answer *ans);
/* For the record: printable signs without quotes; a number is written as text; "" for
 * anything else. */
void answer_word(char *out, size_t cap, const struct json *value);
/* "given family" into out: no control signs, cut at a whole sign of UTF-8; either may be
 * NULL. */
void answer_person(char *out, size_t cap, const char *given, const char *family);
/* The same, into out->name. */
void answer_name(struct provider_fact *out, const char *given, const char *family);
/* access_token and expires_in (number or text) of an OAuth answer, already early by half
 * a minute or half of a short life. */
int answer_token(const struct json *doc, int64_t now_ms, struct provider_token *out,
                 struct err *err);

#endif
