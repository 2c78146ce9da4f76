/*
 * sim_bed - the simulator as a process of its own, and a provider's codec spoken to it
 * over real HTTP.  Calls block by turning the loop; what fails fails the test.
 */
#ifndef TESTS_INTEGRATION_SIM_BED_H
#define TESTS_INTEGRATION_SIM_BED_H

#include "lib/http_client.h"
#include "lib/ids.h"
#include "payments/provider/provider.h"

#include <sys/types.h>

struct sim_bed {
	struct clock now;
	struct loop *loop;
	struct http_client *http;
	struct ids ids;
	const struct provider *provider;
	struct provider_account account;
	struct provider_token tokens[2]; /* by direction; expires_ms 0: none */
	int64_t deadline_ms;             /* of one call */
	pid_t process;
	/* what the latest submit that was answered is called there */
	struct uuid handle_of;
	char handle[64];
};
extern struct sim_bed sim;

/* base_url of the account is the simulator's. */
int sim_bed_open(const struct provider *provider, const struct provider_account *account);
int sim_bed_close(void);

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

/* What a flow does, in small. */
struct provider_token *sim_token(enum pay_direction d);
struct verdict sim_call(const struct provider_order *o, bool submit);
struct provider_order sim_order(const char *number, enum pay_direction d);
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

#define SIM_ENDINGS 7

/* Under all the chaos there is, to numbers of this prefix and these endings: what the
 * codec calls paid is paid in the book, what it calls failed is not. */
void sim_agrees_whatever_happens(const char *prefix,
                                 const char *const endings[SIM_ENDINGS]);

#endif
