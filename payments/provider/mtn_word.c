/* MTN's words and what they mean for the money.  A word that is not here means nothing
 * sure: unknown, ask again, and a person looks at the log. */
#include "payments/provider/mtn_momo.h"

#include <string.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED
#define P VERDICT_PENDING

/* INTERNAL_PROCESSING_ERROR on submit may mean no funds or a platform that broke half
 * way: never a failure until the status says so.  PAYMENT_NOT_APPROVED is how a PIN that
 * did not pass is told.  ONGOING and DELAYED are no reasons to have failed. */
static const struct mtn_word words[] = {
	{ "APPROVAL_REJECTED", U, F, REASON_CANCELLED, REASON_CANCELLED },
	{ "COULD_NOT_PERFORM_TRANSACTION", U, F, REASON_UNREACHABLE, REASON_UNREACHABLE },
	{ "DELAYED", U, P, REASON_NONE, REASON_NONE },
	{ "EXPIRED", U, F, REASON_IGNORED, REASON_IGNORED },
	{ "INTERNAL_PROCESSING_ERROR", U, F, REASON_OTHER, REASON_OTHER },
	{ "INVALID_CALLBACK_URL_HOST", F, F, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "INVALID_CURRENCY", F, F, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", F, F, REASON_NO_FUNDS,
	  REASON_LIMIT },
	{ "NOT_ALLOWED", F, F, REASON_NOT_ALLOWED, REASON_NOT_ALLOWED },
	{ "NOT_ALLOWED_TARGET_ENVIRONMENT", F, F, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "NOT_ENOUGH_FUNDS", F, F, REASON_NO_FUNDS, REASON_OUR_FLOAT },
	{ "ONGOING", U, P, REASON_NONE, REASON_NONE },
	{ "PAYEE_NOT_ALLOWED_TO_RECEIVE", F, F, REASON_OUR_SETUP, REASON_NOT_ALLOWED },
	{ "PAYEE_NOT_FOUND", F, F, REASON_OUR_SETUP, REASON_NOT_REGISTERED },
	{ "PAYER_LIMIT_REACHED", F, F, REASON_LIMIT, REASON_OUR_FLOAT },
	{ "PAYER_NOT_FOUND", F, F, REASON_NOT_REGISTERED, REASON_OUR_SETUP },
	{ "PAYMENT_NOT_APPROVED", U, F, REASON_WRONG_PIN, REASON_WRONG_PIN },
	{ "RESOURCE_ALREADY_EXIST", VERDICT_DUPLICATE, U, REASON_NONE, REASON_NONE },
	{ "RESOURCE_NOT_FOUND", U, U, REASON_NONE, REASON_NONE },
	{ "SENDER_ACCOUNT_NOT_ACTIVE", F, F, REASON_NOT_REGISTERED, REASON_OUR_SETUP },
	{ "SERVICE_UNAVAILABLE", VERDICT_DOWN, F, REASON_PROVIDER_DOWN,
	  REASON_PROVIDER_DOWN },
	{ "TRANSACTION_CANCELED", U, F, REASON_CANCELLED, REASON_CANCELLED },
};

const struct mtn_word *
mtn_word(const char *code)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].code, code) == 0)
			return &words[i];
	return NULL;
}

/* Each word twice: what it means for money that comes, and for money that goes. */
bool
mtn_table(size_t i, struct provider_word *out)
{
	const struct mtn_word *w = &words[i / 2];
	bool goes = i % 2 != 0;

	if (i / 2 >= sizeof words / sizeof *words)
		return false;
	*out =
	    (struct provider_word){ goes ? "disbursement" : "collection", w->code,
		                    w->on_submit, w->on_failed, goes ? w->out : w->in };
	return true;
}
