/*
 * daraja_bill - what Safaricom does for a pay bill beside the port (provider.h): it is
 * told our pages (C2B registerurl), and tells what came while nobody listened (pull).
 *
 * Of a till both are asked for its store's short code; that is how we read what is known
 * of it, and nobody of ours has seen it.
 *
 * No money moves: an error is only an error.  ERR_AUTH: the token was refused.
 */
#ifndef PAYMENTS_PROVIDER_DARAJA_BILL_H
#define PAYMENTS_PROVIDER_DARAJA_BILL_H

#include "payments/provider/provider.h"

/* NULL, or why Safaricom would refuse this URL: not https, or a word it does not like.
 * In the clear only if base_url is, too: the simulator. */
const char *daraja_url_fault(const char *base_url, const char *url);

struct daraja_pages {
	const char *confirm, *validate;
	unsigned version; /* of registerurl, 1 or 2: 2 masks the payer's number */
	bool cancels; /* what is done if nobody validates in time; else it is completed */
};

int daraja_register(const struct provider_account *a, const struct provider_token *t,
                    const struct daraja_pages *pages, struct provider_request *out,
                    struct err *err);
int daraja_register_answer(const struct provider_answer *ans, struct err *err);

/* Once before the first pull.  nominated: a number of Safaricom's on the short code. */
int daraja_pull_register(const struct provider_account *a, const struct provider_token *t,
                         const char *nominated, const char *url,
                         struct provider_request *out, struct err *err);
/* Registered now or before. */
int daraja_pull_register_answer(const struct provider_answer *ans, struct err *err);

#define DARAJA_PULL_MS (INT64_C(48) * 3600 * 1000) /* nothing older is told */

struct daraja_window {
	int64_t from_ms, to_ms;
	unsigned offset; /* rows to skip */
};

struct daraja_bill { /* one of them; "" where nothing was told that fits */
	char receipt[32], account[40], number[20], amount[24];
};

typedef void daraja_bill_cb(void *arg, const struct daraja_bill *bill);

int daraja_pull(const struct provider_account *a, const struct provider_token *t,
                const struct daraja_window *w, struct provider_request *out,
                struct err *err);
/* Calls each for every row, before it returns.  The number of rows, 0 behind the last; -1
 * with *err. */
int daraja_pull_answer(const struct provider_answer *ans, daraja_bill_cb *each, void *arg,
                       struct err *err);

#endif
