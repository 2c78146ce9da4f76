/*
 * sim_bed - the simulator as a process of its own, and a provider's codec spoken to it
 * over real HTTP.  Calls block by turning the loop; what fails fails the test.
 */
#ifndef TESTS_INTEGRATION_SIM_BED_H
#define TESTS_INTEGRATION_SIM_BED_H

#include "lib/http_client.h"
#include "lib/ids.h"
#include "payments/provider/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/types.h>

/* The words of the tests' tables. */
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define NOBODY      "7b1f0f4e-2c11-4c43-9f54-0a7e1c9d2b60"
#define A           VERDICT_ACCEPTED
#define PAID        VERDICT_PAID
#define FAILED      VERDICT_FAILED

struct sim_bed {
	struct clock now;
	struct loop *loop;
	struct http_client *http;
	struct ids ids;
	const struct provider *provider;
	struct provider_account account;
	struct provider_token tokens[2]; /* by direction; expires_ms 0: none */
	int64_t deadline_ms;             /* of one call; 5 s at first */
	pid_t process;
	/* what the latest submit that was answered is called there */
	struct uuid handle_of;
	char handle[64];
};
extern struct sim_bed sim;

/* base_url of the account is the simulator's. */
int sim_bed_open(const struct provider *provider, const struct provider_account *account);
int sim_bed_close(void **state); /* a teardown */
/* The account's public key is the one that the simulator has on its page. */
void sim_fetch_key(void);

struct sim_reply { /* of the latest call */
	bool done;
	struct err err;
	int status;
	size_t n;
	char body[65536];
};

const struct sim_reply *sim_send(const struct provider_request *rq);
struct provider_answer sim_answer(const struct sim_reply *s);
/* A page of the simulator's own: its book, its knobs.  body NULL: none. */
const struct sim_reply *sim_page(const char *method, const char *path, const char *body);

/* A request that no codec of ours writes. */
struct sim_said {
	const char *method, *path;
	const char *bearer; /* NULL: none */
	const char *type;   /* of the content; NULL: none that is known */
	const char *body;   /* NULL: none */
	int status;         /* of the answer, */
	const char *word;   /* which holds that */
};

#define SIM_OURS "ours" /* as bearer: the token that we hold */

/* header: one more; NULL: none. */
void sim_is_answered(const struct sim_said *row, const char *header);

/* What a flow does, in small. */
struct provider_token *sim_token(enum pay_direction d);
struct verdict sim_call(const struct provider_order *o, bool submit);
#define SIM_MINOR 1234567

struct provider_order sim_order(const char *number, enum pay_direction d);
/* What is asked with the token of payouts; ERR_NONE, or why it is not known. */
enum err_code sim_ask(struct provider_inquiry *q, struct provider_fact *fact);

/* What the provider tells of a number, or of our balance. */
struct sim_telling {
	enum provider_topic topic;
	const char *number;
	enum err_code code;
	bool active;
};

void sim_tells(const struct sim_telling *rows, size_t n);

/* Asks until it is decided; sends again only under the same reference, after what surely
 * was not taken or was not found often enough. */
struct verdict sim_carry(const struct provider_order *o, bool *maybe_taken);
void sim_book_state(const struct uuid *reference, char out[16]);
/* What the book calls it: "state", "txn", "back"; "none" if it does not stand there. */
void sim_book(const struct uuid *reference, const char *what, char *out, size_t cap);
/* Asks until it is decided. */
struct verdict sim_settled(const struct provider_order *o);
/* Collects from the number, waits until it is paid, and gets their id of it. */
struct provider_order sim_collected(const char *number, int64_t amount, char txn[64]);

/* How a payment to a number, or from it, ends. */
struct sim_ending {
	const char *number;
	enum pay_direction direction;
	enum verdict_kind submit, end;
	enum pay_reason reason;
};

/* Sends it, a second time if it was accepted, which is `again`; asks until it ends as
 * the row says, and hears `meanwhile` until then.  *submitted, if not NULL, is the first
 * answer; returns the last. */
struct verdict sim_ends(const struct sim_ending *row, enum verdict_kind again,
                        enum verdict_kind meanwhile, struct verdict *submitted);

#define SIM_ENDINGS 7

/* Under all the chaos there is, to numbers of this prefix and these endings: what the
 * codec calls paid is paid in the book, what it calls failed is not. */
void sim_agrees_whatever_happens(const char *prefix,
                                 const char *const endings[SIM_ENDINGS]);

#endif
