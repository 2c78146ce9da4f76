/* The error codes of the GSMA Mobile Money API 1.2 and what they mean for the money.  A
 * code that is not here means nothing sure: unknown, ask again.  The standard's text
 * writes them with a capital, its schema without: both are read. */
#include "payments/provider/gsma.h"

#include <string.h>
#include <strings.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED
#define N VERDICT_DOWN

#define BOTH(r) (r), (r)

static const struct gsma_code codes[] = {
	/* business rules */
	{ "duplicateRequest", VERDICT_DUPLICATE, U, BOTH(REASON_NONE) },
	{ "insufficientFunds", F, F, REASON_NO_FUNDS, REASON_OUR_FLOAT },
	{ "lessThanTransactionMinValue", F, F, BOTH(REASON_LIMIT) },
	{ "greaterThanTransactionMaxValue", F, F, BOTH(REASON_LIMIT) },
	{ "dailyVolumeLimitExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "dailyValueLimitExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "weeklyVolumeLimitExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "weeklyValueLimitExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "monthlyVolumeLimitExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "monthlyValueLimitExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "accountMaxTotalVolumeExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "accountMaxTotalValueExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "maxBalanceExceeded", F, F, BOTH(REASON_LIMIT) },
	{ "underPaymentNotAllowed", F, F, BOTH(REASON_LIMIT) },
	{ "overPaymentNotAllowed", F, F, BOTH(REASON_LIMIT) },
	{ "samePartiesError", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "transactionTypeError", F, F, BOTH(REASON_OUR_SETUP) },
	{ "noMandateAuthority", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "linkViolation", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "countryofOriginNotPermitted", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "nationalityNotPermitted", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "idDocumentNotSupported", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "issuingCountryNotSupported", F, F, BOTH(REASON_NOT_ALLOWED) },
	{ "quoteHasExpired", F, F, BOTH(REASON_OTHER) },
	{ "incorrectState", U, F, BOTH(REASON_OTHER) },
	{ "genericError", U, U, BOTH(REASON_NONE) },
	/* validation */
	{ "formatError", F, F, BOTH(REASON_OTHER) },
	{ "lengthError", F, F, BOTH(REASON_OTHER) },
	{ "mandatoryValueNotSupplied", F, F, BOTH(REASON_OTHER) },
	{ "negativeValue", F, F, BOTH(REASON_OTHER) },
	{ "invalidOffset", F, U, BOTH(REASON_OTHER) },
	{ "currencyNotSupported", F, F, BOTH(REASON_OUR_SETUP) },
	/* authorisation: what is ours to mend was not taken; no is said by who pays */
	{ "requestDeclined", F, F, REASON_CANCELLED, REASON_OTHER },
	{ "clientAuthorisationError", N, U, BOTH(REASON_OUR_SETUP) },
	{ "requestingPartyAuthorisationError", N, U, BOTH(REASON_OUR_SETUP) },
	{ "servicingPartyAuthorisationError", N, U, BOTH(REASON_OUR_SETUP) },
	/* identification */
	{ "identifierError", F, F, BOTH(REASON_NOT_REGISTERED) },
	/* their house */
	{ "rateLimitError", N, U, BOTH(REASON_PROVIDER_DOWN) },
	/* not of the standard's 38, and said all the same */
	{ "serviceUnavailable", N, U, BOTH(REASON_PROVIDER_DOWN) },
	{ "internalError", U, U, BOTH(REASON_NONE) },
	{ "timeout", U, U, BOTH(REASON_NONE) },
};

#define CODES (sizeof codes / sizeof *codes)

const struct gsma_code *
gsma_code(const char *code)
{
	for (size_t i = 0; i < CODES; i++)
		if (strcasecmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

/* Two rows for each: what is taken, what is paid out. */
bool
gsma_table(size_t i, struct provider_word *out)
{
	const struct gsma_code *k = &codes[i / 2 < CODES ? i / 2 : 0];

	if (i / 2 >= CODES)
		return false;
	*out = (struct provider_word){ i % 2 == 0 ? "merchantpay" : "disbursement",
		                       k->code, k->on_submit, k->on_query,
		                       i % 2 == 0 ? k->in : k->out };
	return true;
}
