/*
 * sim - the world outside the gateway: MTN's mobile money and Africa's Talking's SMS, in
 * their real wire formats, with a book of its own and misbehaviour on demand.
 *
 * It stands on lib/ alone and shares no code with the gateway's codecs, so that the two
 * can be checked against each other.  Everything that waits is divided by --speed.
 */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "lib/clock.h"
#include "lib/http_client.h"
#include "lib/http_server.h"
#include "lib/ids.h"
#include "lib/loop.h"
#include "tests/sim/chaos.h"

#include <stdio.h>

#define SIM_SERVERS    8
#define SIM_ROUTES_MAX 100
#define SIM_BODY_MAX   65536

struct sim_options {
	const char *listen;     /* addresses, by commas: some have a port for each call */
	const char *gateway;    /* its URL, without a slash at the end; "" for none  */
	const char *sms_url;    /* where SMS of phones go; NULL: gateway + "/sms/at" */
	const char *report_url; /* delivery reports; NULL: gateway + "/sms/at/dlr"  */
	const char *book;       /* file; NULL keeps it in memory                       */
	const char *currencies; /* "TZS,EUR"                                           */
	const char *environment; /* X-Target-Environment                                */
	const char *callback_hosts;   /* of users not provisioned here; "*" takes any   */
	const char *subscription_key; /* NULL takes any */
	const char *account; /* "user:key"; NULL takes any user, with its first key    */
	const char
	    *at_secret_file;    /* last part of the gateway's SMS URLs; NULL for none */
	const char *short_code; /* what phones write to                             */
	const char *airtel_callback;  /* URL as registered in the portal; NULL: none */
	const char *airtel_hash_key;  /* of callbacks; NULL: they are not signed     */
	const char *airtel_pin;       /* of the wallet that pays; daraja: the password of
	                               * the initiator */
	const char *pawapay_callback; /* as registered in its dashboard; NULL: none */
	const char *pawapay_key_file; /* PEM: signs its callbacks; NULL: they are not */
	const char *pawapay_customer_file; /* PEM of who pays: financial requests must be
	                                    * signed; NULL: they need not be */
	const char *vodacom_callback;      /* as registered in its portal; NULL: none */
	const char *daraja_party, *daraja_passkey; /* short code, key of its prompts */
	const char *daraja_till; /* of that short code, for Buy Goods; NULL: none */
	int64_t float_minor; /* opening balance of disbursement, hundredths           */
	int64_t token_seconds;
	int64_t speed;
};

enum service { SERVES, SERVES_SLOWLY, SERVES_NOT };

struct book;
struct entry;
struct auth;
struct airtel;
struct daraja;
struct gsma;
struct batch;
struct vodacom;
struct phones;
struct paid_bill;

/* One of MTN's products: how money goes and what the paths are called. */
struct product {
	struct sim *sim;
	const char *name; /* "collection", "disbursement"    */
	bool out;         /* money leaves the cooperative      */
	bool refunds;     /* to whom a collection took it from */
};

struct sim {
	struct sim_options o;
	struct clock clock;
	struct loop *loop;
	struct ids ids;
	struct http_client *http;
	struct http_server *server[SIM_SERVERS];
	unsigned servers;
	struct chaos chaos;
	struct book *book;
	struct auth *auth;
	struct airtel *airtel; /* NULL until somebody speaks it */
	struct daraja *daraja; /* so are these */
	struct gsma *gsma;
	struct batch *batches; /* gsma: the latest first */
	struct vodacom *vodacom;
	struct phones *phones;
	char at_secret[130];                            /* "" for none */
	char pawapay_key[2000], pawapay_customer[2000]; /* PEM; "" for none */
	enum service service[2]; /* what is taken, what is paid out: as their own pages
	                          * about it say, and as they then do */
	char bill_validate[256],
	    bill_confirm[256]; /* daraja: as registered, "" not yet */
	bool bill_completes;   /* what nobody validated in time is taken */
	bool bill_pulls;       /* registered to be asked what came */
	struct paid_bill *bills;
	struct product product[3]; /* sim_routes fills it */
};

/* Zeroes all, with the options as they are without flags.  sim.c, as are the next two */
void sim_defaults(struct sim *s);
/* The book and what else is kept; clock, loop, ids and http are the caller's.  False: no
 * book. */
bool sim_open(struct sim *s, struct err *err);
void sim_close(struct sim *s); /* before its loop ends */
/* What a server of it answers; borrows s.  routes.c */
void sim_routes(struct sim *s, struct http_route out[SIM_ROUTES_MAX]);
/* The exit status if the program ends here, -1 to go on.  flags.c */
int sim_read_flags(struct sim *s, int argc, char **argv);
/* ms of the world, shortened by --speed; at least 1. */
int64_t sim_wait(const struct sim *s, int64_t ms);
int64_t sim_now(const struct sim *s); /* wall, ms */

/* Answers, in answer.c.  text is copied; a status of 0 drops the connection. */
void answer_json(struct http_exchange *x, int status, const char *json);
/* MTN's {"code":...,"message":...}. */
void answer_error(struct http_exchange *x, int status, const char *code,
                  const char *message);
/* What proxies and tired servers say; which one depends on kind. */
void answer_garbage(struct http_exchange *x, unsigned kind);
/* The same after ms (not scaled); at once if ms is 0. */
void answer_later(struct sim *s, struct http_exchange *x, int64_t ms, int status,
                  const char *json);

/* Handlers, by the file that holds them. */
http_handler mtn_create_user, mtn_user;                        /* mtn_auth.c    */
http_handler mtn_token;                                        /* mtn_auth.c    */
http_handler mtn_submit, mtn_status;                           /* mtn_pay.c     */
http_handler mtn_balance, mtn_holder;                          /* mtn_account.c */
http_handler airtel_token, airtel_keys;                        /* airtel_auth.c */
http_handler airtel_submit, airtel_status;                     /* airtel_pay.c  */
http_handler airtel_refund;                                    /* airtel_back.c */
http_handler airtel_balance, airtel_user;                      /* airtel_account.c */
http_handler daraja_token;                                     /* daraja_auth.c */
http_handler daraja_prompt, daraja_prompt_status;              /* daraja_pay.c  */
http_handler answer_daraja_register, daraja_simulate;          /* daraja_bill.c */
http_handler answer_daraja_pull_register, answer_daraja_pull;  /* daraja_pull.c */
http_handler daraja_payout, daraja_payout_status;              /* daraja_pay.c  */
http_handler daraja_reversal;                                  /* daraja_back.c */
http_handler daraja_balance;                                   /* daraja_account.c */
http_handler pawapay_submit, pawapay_status, pawapay_balances; /* pawapay.c */
http_handler pawapay_refund;                                   /* pawapay.c */
http_handler pawapay_service, pawapay_carrier, pawapay_keys;   /* pawapay_ask.c */
http_handler gsma_token, gsma_submit, gsma_response, gsma_state, gsma_transaction,
    gsma_account, gsma_heartbeat, gsma_reverse; /* gsma.c */
http_handler vodacom_handle;                    /* vodacom.c */
http_handler orange_token, orange_cashin, orange_status, orange_balance,
    orange_key;                                   /* orange.c */
http_handler gsma_batch_create, gsma_batch;       /* gsma_batch.c */
http_handler sms_send, sms_from_phone, sms_inbox; /* sms.c, phone.c */
http_handler show_statement;                      /* statement.c */
http_handler show_book, show_numbers, decide_now, get_chaos, set_chaos, set_float,
    set_service, show_help; /* control.c */

/* Checks subscription key, bearer and environment; answers and returns false if wrong.
 * mtn_auth.c.  *host gets the callback host of the caller ("*" for any). */
bool mtn_admit(const struct product *p, struct http_exchange *x, const char **host);
/* The same for Airtel: bearer, X-Country and X-Currency.  airtel_auth.c */
bool airtel_admit(struct sim *s, struct http_exchange *x);
/* The public half of the key that PINs are sealed with: base64 of the DER. */
void airtel_key(struct sim *s, char *out, size_t cap);
/* What only we can read; the bytes written, 0 if it was not sealed with our key. */
size_t airtel_open(struct sim *s, const char *base64, unsigned char *out, size_t cap);
/* A refusal, with HTTP 200 as theirs.  airtel_pay.c */
void airtel_refuse(struct http_exchange *x, const char *code, const char *result);
/* Is x-signature that of the body? */
bool airtel_signed(struct sim *s, struct http_exchange *x);
void airtel_free(struct airtel *a);
/* POST to the portal's URL, by the entry's state and the chaos knobs.  airtel_callback.c
 */
void airtel_call_back(struct sim *s, const struct entry *e, unsigned times);
void daraja_free(struct daraja *d);
void daraja_forget_bills(struct sim *s);
/* POST to the URL of the order, as airtel_call_back.  daraja_callback.c */
void daraja_call_back(struct sim *s, const struct entry *e, unsigned times);
void vodacom_free(struct vodacom *v);
void vodacom_call_back(struct sim *s, const struct entry *e, unsigned times);
/* A new token, and whether a call has one; answers if not.  gsma.c */
void gsma_mint(struct sim *s, char out[40]);
bool gsma_admit(struct sim *s, struct http_exchange *x);
void orange_call_back(struct sim *s, const struct entry *e, unsigned times);
void gsma_free(struct gsma *g);
void gsma_refuse(struct http_exchange *x, int status, const char *category,
                 const char *code);
struct json;
/* NULL, or the code it is refused with: fills number, amount, currency, external_id. */
const char *gsma_read_order(const struct sim *s, const struct json *doc, struct entry *e);
const char *gsma_code_of(const struct entry *e);
extern const struct wire_words gsma_words;
/* Is it a payment's of a batch? */
bool gsma_is_of_batch(const struct sim *s, const struct uuid *reference);
/* Answers if it is the correlation id of a batch. */
bool gsma_batch_response(struct sim *s, struct http_exchange *x, const char *correlation);
void gsma_batches_free(struct batch *b);
void gsma_call_back(struct sim *s, const struct entry *e, unsigned times);
bool pawapay_admit(struct sim *s, struct http_exchange *x);
/* Signature-Input and the like for a post of its own; nothing without a key.  "" ends it.
 */
#define PAWAPAY_SIGNED 4
void pawapay_sign(const struct sim *s, const char *method, const char *url,
                  const char *body, char headers[PAWAPAY_SIGNED][700]);
/* Is this request signed by the customer of --pawapay-customer?  pawapay_sign.c */
bool pawapay_is_signed(const struct sim *s, struct http_exchange *x);
void pawapay_call_back(struct sim *s, const struct entry *e, unsigned times);
/* Into the book, to be decided by its number's script.  mtn_pay.c */
struct entry *sim_take(struct sim *s, struct entry *e);
void sim_decide(struct sim *s, struct entry *e);

/* A list "a,b,c" that holds item. */
bool list_has(const char *list, const char *item);

struct auth *auth_new(void);
void auth_free(struct auth *a);
struct phones *phones_new(void);
void phones_free(struct phones *p);
/* Picks up the payments a restart left pending.  mtn_pay.c */
void mtn_resume(struct sim *s);
/* The world as a text for `--help` and GET /. control.c */
void print_help(FILE *to);

#endif
