/*
 * provider - the one port behind which every mobile-money provider stands: pure codecs.
 *
 * A codec builds requests and reads answers; it never waits, stores or decides about
 * money. Rules for a codec: classify by body code, not by HTTP status; what is not
 * understood is UNKNOWN; "duplicate" is DUPLICATE (go and query); a callback yields
 * identifiers only.
 */
#ifndef PAYMENTS_PROVIDER_PROVIDER_H
#define PAYMENTS_PROVIDER_PROVIDER_H

#include "lib/err.h"
#include "lib/ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pay_direction { PAY_OUT, PAY_IN };

struct provider_account { /* credentials and place of one product; from settings  */
	char name[16];    /* "mtn"                                                 */
	char base_url[160];
	char user[80], key[80]; /* API user and key                              */
	char subscription_key[80];
	char target_environment[32];
	char currency[4];       /* what the provider accepts here               */
	uint8_t scale;          /* decimals the provider wants for that currency */
	char callback_url[200]; /* "" or a prefix; "/" and our reference follow    */
	/* Of some providers only, else empty. */
	char country[4];        /* ISO, two letters: whose wallets                 */
	uint8_t version;        /* of the calls; 0: the oldest                     */
	char pin[32];           /* of the wallet that pays                         */
	char public_key[1100];  /* theirs: PEM, or base64 of the DER               */
	char callback_key[80];  /* "": callbacks are not signed                    */
	char party[24];         /* who we are there: short code, service provider code */
	char till[24];          /* daraja: Buy Goods till that collects; "": party does */
	char store[24];         /* its store or head office; "": party             */
	char passkey[100];      /* daraja: of the STK prompt                       */
	char initiator[40];     /* daraja: the operator in whose name money leaves; its
	                         * password is pin                                 */
	char origin[120];       /* vodacom: the Origin that was registered         */
	char market[24];        /* vodacom: "vodacomTZN"                           */
	char payout_call[12];   /* mtn: "deposit"; "": a transfer                  */
	char public_key_id[64]; /* pawapay: the name of public_key; "": any        */
	char signing_key[700]; /* pawapay: our private key; "": requests are not signed */
	char signing_key_id[64]; /* its name there                                 */
};

struct provider_order {
	enum pay_direction direction;
	struct uuid reference; /* UUIDv4, durable before the call     */
	char msisdn[16];
	int64_t amount_minor; /* of the currency's ISO exponent      */
	uint8_t exponent;
	char currency[4];
	char note[100];       /* shown to the person; plain ASCII    */
	char external_id[40]; /* our own name for it                 */
	uint8_t chance[32];   /* fresh for each call: what is encrypted hangs on it */
	int64_t wall_ms;      /* of this call                                        */
	/* Query only: what the provider called it in its answer to the submit; "" if that
	 * answer never came. */
	char handle[64];
	/* Query only: where the answer before told to look (VERDICT_FOLLOW); else "". */
	char follow[200];
	/* PAY_OUT only: it gives back what our own collection brought; nil and "" for a
	 * plain payout.  A provider that has `gives_back` sends its refund or reversal
	 * call, if it is told the name that call needs; the same in submit and query. */
	struct uuid back_reference; /* of the collection                       */
	char back_txn[64];          /* their transaction id of it, "" unknown    */
	/* Where the outcome of this call may be told; "" if nowhere.  Of a query it holds
	 * a word that only its receiver knows, so what comes there answers that query. */
	char result_url[256];
};

#define PROVIDER_URL_MAX   400
#define PROVIDER_BODY_MAX  2048
#define PROVIDER_HEADERS   10
#define PROVIDER_TOKEN_MAX 1024 /* a signed JWT is about 700 signs */

struct provider_request {
	const char *method;
	char url[PROVIDER_URL_MAX];
	/* "Name: value"; the first empty one ends it; may hold a token: never log */
	char headers[PROVIDER_HEADERS][PROVIDER_TOKEN_MAX + 64];
	char basic_auth[200]; /* "user:password" or ""                     */
	char body[PROVIDER_BODY_MAX];
	size_t body_len;
};

struct provider_token {
	char text[PROVIDER_TOKEN_MAX];
	int64_t expires_ms; /* wall time, already early */
};

enum verdict_kind {
	VERDICT_UNKNOWN,   /* anything we cannot read for sure                          */
	VERDICT_ACCEPTED,  /* submit: taken, outcome comes later                        */
	VERDICT_PENDING,   /* query: known there, not decided                           */
	VERDICT_PAID,      /* query: money moved                                        */
	VERDICT_FAILED,    /* query or submit: surely no money moved, final             */
	VERDICT_DUPLICATE, /* submit: reference seen before: query                      */
	VERDICT_NOT_FOUND, /* query: not known (yet)                                    */
	VERDICT_AUTH,      /* token refused: mint one, once, and do the same again      */
	VERDICT_DOWN,      /* cannot serve now.  Submit: nothing was taken, the same
	                      reference may be sent later.  Query: says nothing        */
	VERDICT_ASKED,     /* query: taken; the answer will be posted to result_url     */
	VERDICT_FOLLOW, /* query: the answer is elsewhere: ask again with order.follow */
};

/* Why a payment failed, in words the menu can say (text key "reason.<name>"). */
enum pay_reason {
	REASON_NONE,
	REASON_NO_FUNDS,
	REASON_WRONG_PIN,
	REASON_CANCELLED,
	REASON_IGNORED,
	REASON_UNREACHABLE,
	REASON_LIMIT,
	REASON_NOT_REGISTERED,
	REASON_NOT_ALLOWED,
	REASON_OUR_FLOAT,
	REASON_OUR_SETUP,
	REASON_PROVIDER_DOWN,
	REASON_OTHER,
	PAY_REASONS
};

const char *pay_reason_name(enum pay_reason r); /* "no_funds", ... */
/* A sentence in "en", "sw" or "fr" (any other: English); "" for REASON_NONE. */
const char *pay_reason_words(enum pay_reason r, const char *language);

/* Amounts as providers write them: "50000", "50000.00".  Pure decimal shifting; a
 * fraction that the other side cannot hold is refused, never rounded.  -1 on refusal. */
int provider_amount_text(int64_t minor, unsigned exponent, unsigned scale, char *out,
                         size_t cap);
int64_t provider_amount_minor(const char *text, unsigned exponent);

struct verdict {
	enum verdict_kind kind;
	enum pay_reason reason;
	char code[64];         /* the provider's own word, for the log and the record */
	char provider_txn[64]; /* their transaction id, "" if none                    */
	int64_t amount_minor;  /* echo, -1 if not told                                */
	char handle[64];  /* submit: their name for it, "" if none; a query may need it */
	char follow[200]; /* VERDICT_FOLLOW: the path to ask                      */
};

struct provider_answer { /* what came back, as bytes */
	int status;
	const char *content_type;
	const char *body;
	size_t len;
};

struct provider_post { /* a callback as it came: all that a signature may cover */
	const char *method;
	const char *authority; /* our own, as they know it: "adit.example:8443", small
	                        * letters, without the port of the scheme */
	const char *path;      /* without the query */
	/* The value of a field, NULL if absent; the case of name does not matter. */
	const char *(*header)(const void *of, const char *name);
	const void *of;
	const char *body;
	size_t len;
	int64_t wall_ms; /* now */
};

struct provider_hint {         /* what a callback says, nothing more */
	struct uuid reference; /* nil if absent                  */
	char external_id[64];
	char provider_txn[64];
	/* What they call it, if a query needs that name and the answer to the submit
	 * never came; else "". */
	char handle[64];
	char said[32]; /* "SUCCESSFUL"; for the log only */
	/* what that means: PAID, FAILED or UNKNOWN; never believed, only compared */
	enum verdict_kind claims;
	/* Not the codec's: it came where a query of this attempt asked to be answered
	 * (from 1); 0: a mere hint. */
	int32_t answers;
	/* What our account there held when this was done, as they write it, "" if not
	 * told; and when that was, wall time. */
	char holds[32];
	int64_t holds_ms;
	char payee[80]; /* of a payout that was made: whose wallet it went to, "" if not
	                 * told; UTF-8 */
};

/* What else can be asked: no money moves, so an error is only an error. */
enum provider_topic {
	TOPIC_ACTIVE,  /* is that number a wallet that can be used?           */
	TOPIC_NAME,    /* whose is it: the guard against a mistyped number     */
	TOPIC_BALANCE, /* what our own account there holds                    */
	TOPIC_SERVICE, /* does it serve payments in this direction just now?    */
	TOPIC_CARRIER, /* in whose network is that number: portability exists   */
};

#define PROVIDER_TOPICS (TOPIC_CARRIER + 1)

struct provider_inquiry {
	enum provider_topic topic;
	enum pay_direction direction; /* which product's account is asked     */
	char msisdn[16];              /* not for TOPIC_BALANCE, TOPIC_SERVICE   */
	uint8_t exponent;             /* of the currency, for TOPIC_BALANCE     */
	int64_t wall_ms;              /* of this call: some name their questions */
	char market[24];              /* of the account, for TOPIC_SERVICE      */
	uint8_t chance[32];           /* as in provider_order                   */
	/* Where the answer may be posted, with a word only its receiver knows; ""
	 * nowhere.
	 */
	char result_url[256];
};

struct provider_fact {
	bool active;   /* also: it serves                                */
	char name[80]; /* "Neema Mushi"; ASCII or not, as they have it; of TOPIC_CARRIER
	                * the market word of the settings: "AIRTEL_TZA"  */
	int64_t balance_minor;
	char currency[4];
	bool later; /* of ask_answer: taken, and nothing else is told: it will be posted
	             * to result_url */
};

/* One row of what a provider's words mean: for the reader, printed from the very table
 * that decides. */
struct provider_word {
	const char *call; /* "collection", "disbursement"          */
	const char *code;
	enum verdict_kind on_submit, on_query;
	enum pay_reason reason;
};

/* What the status that an enquiry tells means. */
struct provider_state {
	const char *word;
	enum verdict_kind kind;
	enum pay_reason reason;
};

struct provider {
	const char *name;
	/* NULL, and token_answer, too, if there is none: the key goes with each call. */
	int (*token)(const struct provider_account *a, enum pay_direction d,
	             struct provider_request *out, struct err *err);
	int (*token_answer)(const struct provider_answer *ans, int64_t now_ms,
	                    struct provider_token *out, struct err *err);
	/* submit understands back_reference; else a refund goes as a plain payout. */
	bool gives_back;
	/* Its refund returns the whole collection, whatever the amount says: only an
	 * order over all of it may carry back_reference (course_is_no_refund). */
	bool gives_all_back;
	/* Takes many payouts in one call (gsma_batch.h). */
	bool batches;
	/* Bits (1u << topic): what may be asked, and nothing else. */
	unsigned topics;
	/* A fresh token may be refused for so long: it is kept, and tried again. */
	int64_t token_wakes_ms;
	int (*submit)(const struct provider_account *a, const struct provider_token *t,
	              const struct provider_order *o, struct provider_request *out,
	              struct err *err);
	void (*submit_answer)(const struct provider_order *o,
	                      const struct provider_answer *ans, struct verdict *out);
	int (*query)(const struct provider_account *a, const struct provider_token *t,
	             const struct provider_order *o, struct provider_request *out,
	             struct err *err);
	void (*query_answer)(const struct provider_order *o,
	                     const struct provider_answer *ans, struct verdict *out);
	int (*callback)(const char *body, size_t n, struct provider_hint *out,
	                struct err *err);
	int (*ask)(const struct provider_account *a, const struct provider_token *t,
	           const struct provider_inquiry *q, struct provider_request *out,
	           struct err *err);
	/* ERR_AUTH: mint a token and ask again.  ERR_NOT_FOUND: no such wallet. */
	int (*ask_answer)(const struct provider_inquiry *q,
	                  const struct provider_answer *ans, struct provider_fact *out,
	                  struct err *err);
	/* NULL if a question is answered where it is asked.  Else: reads what came to the
	 * result_url of one that was taken (later) as ask_answer would. */
	int (*ask_result)(const struct provider_inquiry *q, const char *body, size_t n,
	                  struct provider_fact *out, struct err *err);
	/* NULL if this provider signs none.  False: not with the account's key; true
	 * without a key, as then nothing can be told. */
	bool (*callback_signed)(const struct provider_account *a,
	                        const struct provider_post *p);
	int callback_status; /* what a callback that was taken is answered; 0: 200 */
	/* NULL if an empty answer to a callback will do.  Else: writes the JSON they wait
	 * for; its length. */
	size_t (*reply)(const char *body, size_t n, char *out, size_t cap);
	/* NULL if a query is answered where it is asked.  Else: reads what came to the
	 * result_url of a query (VERDICT_ASKED) as query_answer would. */
	void (*result)(const struct provider_order *o, const char *body, size_t n,
	               struct verdict *out);
	/* Row i of the table, false behind its end. */
	bool (*word)(size_t i, struct provider_word *out);
	const struct provider_state *states; /* the row without a word ends them */
};

extern const struct provider provider_mtn, provider_airtel, provider_daraja,
    provider_pawapay, provider_gsma, provider_vodacom, provider_mpesamz, provider_orange;
const struct provider *provider_at(size_t i);              /* NULL behind the last */
const struct provider *provider_by_name(const char *name); /* NULL if unknown */

#endif
