/*
 * gsma_batch - many payouts in one call of the GSMA Mobile Money API 1.2: pure codec.
 *
 *   create --> CREATED --approve, by somebody else--> APPROVED --> COMPLETED
 *                  `------------ /completions and /rejections name each ------'
 *
 * A batch is the cover of payments and never one itself.  Each payment in it keeps its
 * own reference, durable before the batch is sent, and stands there as
 * requestingOrganisationTransactionReference; nothing is told of a payment but by a row
 * with that reference:
 *
 *   the answer to create was lost          all of them unknown: ask by the batch's own id
 *   refused as a whole (BATCH_REFUSED)     nothing was taken: each goes by itself
 *   CREATED, waiting for its approval      pending: no money moves before the PATCH
 *   a row of /completions                  that one is paid
 *   a row of /rejections                   that one failed, with a reason; a code that is
 *                                          not known says unknown
 *   COMPLETED, and in neither list         unknown, for a person: never sent again
 *
 * Their references are not correlation ids over there: a question about one of them alone
 * that finds nothing says nothing, and one sent again alone would be paid twice.
 *
 * Maker and checker: approve goes out with the credentials of another operator than
 * create (two accounts of the settings), and they refuse it otherwise.
 */
#ifndef PAYMENTS_PROVIDER_GSMA_BATCH_H
#define PAYMENTS_PROVIDER_GSMA_BATCH_H

#include "payments/provider/provider.h"

struct gsma_batch {
	struct uuid reference; /* UUIDv4, durable before the call */
	char title[80];
	int64_t wall_ms;      /* of this call                     */
	char result_url[256]; /* "" if nowhere                    */
	char their_id[64];    /* "" while it is not known         */
};

enum gsma_batch_state {
	BATCH_UNKNOWN,   /* cannot be read for sure                        */
	BATCH_UNDER_WAY, /* taken, has no name yet                         */
	BATCH_CREATED,   /* waits for its approval                         */
	BATCH_APPROVED,
	BATCH_COMPLETED,
	BATCH_DUPLICATE, /* this reference was seen before: query          */
	BATCH_NOT_FOUND, /* not known (yet)                                */
	BATCH_REFUSED,   /* nothing was taken                              */
	BATCH_AUTH, /* mint a token, once; with a fresh one, our account is shut out */
	BATCH_DOWN, /* not taken; the same reference may go later     */
};

struct gsma_batch_told {
	enum gsma_batch_state state;
	char their_id[64];           /* "" if not told */
	char code[64];               /* their word     */
	int64_t completed, rejected; /* -1 if not told */
};

enum gsma_batch_list { BATCH_COMPLETIONS, BATCH_REJECTIONS };

/* orders: payouts of one currency; body: where the JSON goes, as it can be larger than
 * that of a request (about 350 bytes an order), and *len its length. */
struct gsma_batch_orders {
	const struct provider_order *at;
	size_t count;
	char *body;
	size_t cap, len;
};

int gsma_batch_create(const struct provider_account *a, const struct provider_token *t,
                      const struct gsma_batch *batch, struct gsma_batch_orders *orders,
                      struct provider_request *out, struct err *err);
int gsma_batch_approve(const struct provider_account *a, const struct provider_token *t,
                       const struct gsma_batch *batch, struct provider_request *out,
                       struct err *err);
/* By their_id, else by our own reference: the answer then says what it is called. */
int gsma_batch_query(const struct provider_account *a, const struct provider_token *t,
                     const struct gsma_batch *batch, struct provider_request *out,
                     struct err *err);

/* A page of one of the lists: `limit` rows from row `offset` on. */
struct gsma_batch_page {
	enum gsma_batch_list list;
	unsigned offset, limit;
};

int gsma_batch_list(const struct provider_account *a, const struct provider_token *t,
                    const struct gsma_batch *batch, const struct gsma_batch_page *page,
                    struct provider_request *out, struct err *err);

/* Of create, approve and query alike. */
void gsma_batch_answer(const struct provider_answer *ans, struct gsma_batch_told *out);

/* Is it the token that was refused, of any call about a batch? */
bool gsma_batch_shut_out(const struct provider_answer *ans);

typedef void gsma_batch_row(void *arg, const struct uuid *reference,
                            const struct verdict *v);

/* Tells each row of such a page that names a reference of ours; the rows there were, -1
 * if it is no such page. */
int gsma_batch_read(const struct provider_answer *ans, enum gsma_batch_list list,
                    gsma_batch_row *row, void *arg);

#endif
