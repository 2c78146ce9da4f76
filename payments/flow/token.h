/*
 * token - access tokens of providers: minted once, shared, refreshed early, never logged.
 *
 * A token is kept under a hash of everything it was minted with, so that changed
 * credentials never meet an old token.  Callers that need one while it is being minted
 * wait for the same answer.  Keeps the five promises of loop.h.
 */
#ifndef PAYMENTS_FLOW_TOKEN_H
#define PAYMENTS_FLOW_TOKEN_H

#include "lib/http_client.h"
#include "lib/loop.h"
#include "payments/provider/provider.h"

struct tokens;
struct token_ask;

struct tokens *tokens_new(struct loop *loop, struct http_client *http); /* borrows both */
void tokens_free(struct tokens *t); /* who still waits is answered ERR_SHUTDOWN first */

struct token_for { /* whose token; borrowed during the call only */
	const struct provider *provider;
	const struct provider_account *account;
	enum pay_direction direction;
	int64_t deadline_ms;
};

/* token is NULL when err says why; it dies when the callback returns. */
typedef void token_cb(void *arg, const struct provider_token *token,
                      const struct err *err);

/* Of a provider that has none: an empty one, as soon. */
struct token_ask *token_get(struct tokens *t, const struct token_for *whose, token_cb *cb,
                            void *arg);
void token_cancel(struct token_ask **ask);
/* The provider refused this text: the next token_get mints, unless somebody did already.
 */
void token_forget(struct tokens *t, const struct token_for *whose, const char *text);

#endif
