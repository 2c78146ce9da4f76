/*
 * daraja - what the files of Safaricom's wire share.
 */
#ifndef TESTS_SIM_DARAJA_H
#define TESTS_SIM_DARAJA_H

#include "lib/json.h"
#include "tests/sim/book.h"
#include "tests/sim/sim.h"
#include "tests/sim/wire.h"

/* {"requestId","errorCode","errorMessage"} */
void daraja_refuse(struct sim *s, struct http_exchange *x, int status, const char *code,
                   const char *why);
/* Bearer and JSON object; answers and returns NULL if wrong.  json_free. */
struct json *daraja_admit(struct sim *s, struct http_exchange *x);
/* Password of a prompt, or initiator and SecurityCredential of the rest. */
bool daraja_knows_shop(struct sim *s, const struct json *doc);
/* party: the field that says for whom. */
bool daraja_knows_initiator(struct sim *s, const struct json *doc, const char *key,
                            const char *party);
/* A URL that Safaricom would take: http(s), none of the words it refuses. */
bool daraja_url_is_fine(const char *url);

/* Gives back what a receipt brought; else a payout, if it is out. */
bool daraja_is_reversal(const struct entry *e);
/* How the book's failure is called here. */
const char *daraja_result_code(const struct entry *e);
/* A prompt's or a reversal's name: from the entry. */
const char *daraja_handle(const struct entry *e, char out[64]);
/* Money that came, to the ConfirmationURL if there is one.  daraja_bill.c */
void daraja_tell_bill(struct sim *s, const char *number, const char *amount,
                      const char *account, const char *txn);

/* Money that came to the pay bill, by a prompt or unasked: what a pull tells. */
struct paid_bill {
	struct paid_bill *next; /* the newest first */
	struct uuid id;
	int64_t at_ms;
	char txn[24], number[20], account[64], amount[32];
};

void daraja_keep_bill(struct sim *s, const struct paid_bill *bill); /* copies */
const struct paid_bill *daraja_find_bill(const struct sim *s, const char *txn);
/* What the book keeps of a reference that is Safaricom's own ("ws_CO_", "rev_"). */
struct entry *daraja_named(struct sim *s, const char *handle, const char *prefix);
/* What is left for payouts, in hundredths; a moment on the clocks of Nairobi.
 * daraja_account.c */
int64_t daraja_left(const struct sim *s);
void daraja_date(int64_t wall_ms, bool dotted, char out[24]);
/* The busy and the shut door. */
extern const struct wire_words daraja_words;
/* What a question about a payout is told at its ResultURL. */
void daraja_post_status(struct sim *s, const struct entry *e, const char *url);

#endif
