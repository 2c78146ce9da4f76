/* Airtel's codes and what they mean for the money.  A code that is not here, or stands in
 * an answer of the other product, means nothing sure: unknown, ask again. */
#include "payments/provider/airtel.h"

#include <string.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED
#define A VERDICT_ACCEPTED
#define D VERDICT_DUPLICATE

/* ...000 is "ambiguous", also how a collection's reference that was seen before is told:
 * never a success.  ...014 of a disbursement timed out and may have been paid.  A
 * signature that does not fit was refused at the door: mendable, and nothing was taken.
 */
static const struct airtel_code codes[] = {
	{ "DP00800001000", PAY_IN, U, U, REASON_NONE },
	{ "DP00800001001", PAY_IN, A, F, REASON_OTHER },
	{ "DP00800001002", PAY_IN, F, F, REASON_WRONG_PIN },
	{ "DP00800001003", PAY_IN, F, F, REASON_LIMIT },
	{ "DP00800001004", PAY_IN, F, F, REASON_LIMIT },
	{ "DP00800001005", PAY_IN, U, F, REASON_IGNORED },
	{ "DP00800001006", PAY_IN, A, F, REASON_OTHER },
	{ "DP00800001007", PAY_IN, F, F, REASON_NO_FUNDS },
	{ "DP00800001008", PAY_IN, F, F, REASON_CANCELLED },
	{ "DP00800001009", PAY_IN, F, F, REASON_NOT_ALLOWED },
	{ "DP00800001010", PAY_IN, F, F, REASON_NOT_ALLOWED },
	{ "DP00800001024", PAY_IN, U, F, REASON_IGNORED },
	{ "DP00800001025", PAY_IN, U, U, REASON_NONE },
	{ "DP00800001026", PAY_IN, VERDICT_DOWN, U, REASON_OUR_SETUP },
	{ "DP00800001029", PAY_IN, U, F, REASON_IGNORED },
	{ "DP00900001000", PAY_OUT, U, U, REASON_NONE },
	{ "DP00900001001", PAY_OUT, A, F, REASON_OTHER },
	{ "DP00900001003", PAY_OUT, F, F, REASON_LIMIT },
	{ "DP00900001004", PAY_OUT, F, F, REASON_LIMIT },
	{ "DP00900001005", PAY_OUT, F, F, REASON_OTHER },
	{ "DP00900001006", PAY_OUT, A, F, REASON_OTHER },
	{ "DP00900001007", PAY_OUT, F, F, REASON_OUR_FLOAT },
	{ "DP00900001009", PAY_OUT, F, F, REASON_NOT_ALLOWED },
	{ "DP00900001010", PAY_OUT, F, F, REASON_NOT_ALLOWED },
	{ "DP00900001011", PAY_OUT, D, U, REASON_NONE },
	{ "DP00900001012", PAY_OUT, F, F, REASON_NOT_REGISTERED },
	{ "DP00900001013", PAY_OUT, F, F, REASON_NOT_ALLOWED },
	{ "DP00900001014", PAY_OUT, U, U, REASON_NONE },
	{ "DP00900001015", PAY_OUT, U, U, REASON_NONE },
	{ "DP00900001016", PAY_OUT, VERDICT_DOWN, U, REASON_OUR_SETUP },
	{ "DP00900001017", PAY_OUT, D, U, REASON_NONE },
};

#define CODES (sizeof codes / sizeof *codes)

const struct airtel_code *
airtel_code(const char *code, enum pay_direction d)
{
	for (size_t i = 0; i < CODES; i++)
		if (codes[i].direction == d && strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

bool
airtel_table(size_t i, struct provider_word *out)
{
	if (i >= CODES)
		return false;
	*out = (struct provider_word){ codes[i].direction == PAY_OUT ? "disbursement"
		                                                     : "collection",
		                       codes[i].code, codes[i].on_submit,
		                       codes[i].on_failed, codes[i].reason };
	return true;
}
