/* pawaPay's failure codes.  REJECTED is told before anything was begun; FAILED is final.
 */
#include "payments/provider/pawapay.h"

#include <string.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED
#define N VERDICT_DOWN

/* What the key, its rights or our signature did wrong is ours to mend: nothing was taken,
 * the same reference may go later. */
static const struct pawapay_code codes[] = {
	{ "NO_AUTHENTICATION", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "AUTHENTICATION_ERROR", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "AUTHORISATION_ERROR", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "HTTP_SIGNATURE_ERROR", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "DEPOSITS_NOT_ALLOWED", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "PAYOUTS_NOT_ALLOWED", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "INVALID_INPUT", F, F, REASON_OTHER, REASON_OTHER },
	{ "MISSING_PARAMETER", F, F, REASON_OTHER, REASON_OTHER },
	{ "UNSUPPORTED_PARAMETER", F, F, REASON_OTHER, REASON_OTHER },
	{ "INVALID_PARAMETER", F, F, REASON_OTHER, REASON_OTHER },
	{ "INVALID_AMOUNT", F, F, REASON_LIMIT, REASON_LIMIT },
	{ "AMOUNT_OUT_OF_BOUNDS", F, F, REASON_LIMIT, REASON_LIMIT },
	{ "INVALID_CURRENCY", F, F, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "INVALID_PHONE_NUMBER", F, F, REASON_NOT_REGISTERED, REASON_NOT_REGISTERED },
	{ "INVALID_PROVIDER", F, F, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "PROVIDER_TEMPORARILY_UNAVAILABLE", N, F, REASON_PROVIDER_DOWN,
	  REASON_PROVIDER_DOWN },
	{ "PAYMENT_NOT_APPROVED", U, F, REASON_CANCELLED, REASON_OTHER },
	{ "INSUFFICIENT_BALANCE", U, F, REASON_NO_FUNDS, REASON_OUR_FLOAT },
	{ "PAYMENT_IN_PROGRESS", U, F, REASON_NOT_ALLOWED, REASON_NOT_ALLOWED },
	{ "PAYER_NOT_FOUND", U, F, REASON_NOT_REGISTERED, REASON_NOT_REGISTERED },
	{ "RECIPIENT_NOT_FOUND", U, F, REASON_NOT_REGISTERED, REASON_NOT_REGISTERED },
	{ "PAYER_LIMIT_REACHED", U, F, REASON_LIMIT, REASON_LIMIT },
	{ "WALLET_LIMIT_REACHED", U, F, REASON_LIMIT, REASON_LIMIT },
	{ "PAWAPAY_WALLET_OUT_OF_FUNDS", F, F, REASON_OUR_FLOAT, REASON_OUR_FLOAT },
	{ "MANUALLY_CANCELLED", U, F, REASON_CANCELLED, REASON_OTHER },
	{ "UNSPECIFIED_FAILURE", U, F, REASON_OTHER, REASON_OTHER },
	/* refunds: of the deposit they give back */
	{ "REFUNDS_NOT_ALLOWED", N, U, REASON_OUR_SETUP, REASON_OUR_SETUP },
	{ "DEPOSIT_NOT_FOUND", F, F, REASON_OTHER, REASON_OTHER },
	{ "DEPOSIT_NOT_COMPLETED", F, F, REASON_NOT_ALLOWED, REASON_NOT_ALLOWED },
	{ "DEPOSIT_ALREADY_REFUNDED", F, F, REASON_NOT_ALLOWED, REASON_NOT_ALLOWED },
	{ "REFUND_IN_PROGRESS", N, F, REASON_NOT_ALLOWED, REASON_NOT_ALLOWED },
	{ "AMOUNT_TOO_LARGE", F, F, REASON_LIMIT, REASON_LIMIT },
	{ "UNKNOWN_ERROR", U, U, REASON_NONE, REASON_NONE },
};

#define CODES (sizeof codes / sizeof *codes)

const struct pawapay_code *
pawapay_code(const char *code)
{
	for (size_t i = 0; i < CODES; i++)
		if (strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

/* Two rows for each: what is taken, what is paid out. */
bool
pawapay_table(size_t i, struct provider_word *out)
{
	const struct pawapay_code *k = &codes[i / 2 < CODES ? i / 2 : 0];

	if (i / 2 >= CODES)
		return false;
	*out = (struct provider_word){ i % 2 == 0 ? "deposit" : "payout", k->code,
		                       k->on_submit, k->on_failed,
		                       i % 2 == 0 ? k->in : k->out };
	return true;
}
