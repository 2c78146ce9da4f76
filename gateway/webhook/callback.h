/*
 * callback - a provider says that a payment has come to an end: a hint, never a verdict.
 *
 * PUT or POST /callback/PROVIDER/[SECRET/]REFERENCE[/WORD].  The body is read for
 * identifiers only; the payment's query is pulled forward and its answer decides.
 * REFERENCE may be a question's about our own account (inquire.h): its word says so, and
 * the body is kept with it unread.
 * Answered at once: nothing waits for a database.
 */
#ifndef GATEWAY_WEBHOOK_CALLBACK_H
#define GATEWAY_WEBHOOK_CALLBACK_H

#include "config/settings.h"
#include "lib/clock.h"
#include "lib/http_server.h"
#include "payments/provider/provider.h"

#include <stdint.h>

#define CALLBACK_BODY_MAX 16384

/* Pulls the query of this payment forward; the reference may be nobody's.  The bytes are
 * kept with the payment. */
typedef void callback_hint(void *arg, const char *provider,
                           const struct provider_hint *hint, const char *body, size_t n);

typedef void callback_answer(void *arg, const char *provider, const struct uuid *question,
                             const char *body, size_t n);

struct callback {
	const struct settings *settings;
	const struct clock *clock;
	callback_hint *hint;
	callback_answer *answer;
	void *arg;

	struct {
		uint64_t taken, refused;
		uint64_t forged; /* of the refused: not signed with the provider's key */
	} count;
};

void callback_handle(void *callback, struct http_exchange *x); /* "/callback/" and more */

struct callback_path {
	char name[16];                   /* of the settings' entry */
	const struct provider *provider; /* its codec */
	struct uuid reference;           /* nil if the path ends before it */
	int32_t answers; /* the attempt whose query the word is of, else 0 */
	bool question;   /* the word is a question's */
};

/* The pure part: false if the path is no such thing.  Compares in constant time. */
bool callback_path(const struct settings *s, const char *rest, struct callback_path *out);

#endif
