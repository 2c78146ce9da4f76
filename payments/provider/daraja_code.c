/* Daraja's codes and what they mean for the money.  A code that is not here means nothing
 * sure: unknown, ask again. */
#include "payments/provider/daraja.h"

#include <string.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED
#define A VERDICT_ACCEPTED
#define P VERDICT_PENDING
#define N VERDICT_DOWN

/* 500.001.1001 is shared by wrong credentials, a subscriber that is locked and a prompt
 * that still stands: never a failure.  What the initiator is told about itself (21, 2001,
 * 8006) is ours to mend, and nothing was taken. */
static const struct daraja_code codes[] = {
	{ "400.002.02", DARAJA_ERROR, F, U, REASON_OTHER },
	{ "400.003.01", DARAJA_ERROR, VERDICT_AUTH, VERDICT_AUTH, REASON_NONE },
	{ "401.002.01", DARAJA_ERROR, VERDICT_AUTH, VERDICT_AUTH, REASON_NONE },
	{ "404.001.03", DARAJA_ERROR, VERDICT_AUTH, VERDICT_AUTH, REASON_NONE },
	{ "405.001", DARAJA_ERROR, N, U, REASON_OUR_SETUP },
	{ "500.001.1001", DARAJA_ERROR, U, P, REASON_NONE },
	{ "500.002.1001", DARAJA_ERROR, VERDICT_DUPLICATE, U, REASON_NONE },
	{ "500.003.02", DARAJA_ERROR, N, N, REASON_PROVIDER_DOWN },
	{ "500.003.03", DARAJA_ERROR, N, N, REASON_PROVIDER_DOWN },
	{ "0", DARAJA_STK, A, VERDICT_PAID, REASON_NONE },
	{ "1", DARAJA_STK, U, F, REASON_NO_FUNDS },
	{ "17", DARAJA_STK, U, F, REASON_LIMIT },
	{ "26", DARAJA_STK, U, F, REASON_PROVIDER_DOWN },
	{ "1001", DARAJA_STK, U, F, REASON_NOT_ALLOWED },
	{ "1019", DARAJA_STK, U, F, REASON_IGNORED },
	{ "1025", DARAJA_STK, U, F, REASON_UNREACHABLE },
	{ "1032", DARAJA_STK, U, F, REASON_CANCELLED },
	{ "1037", DARAJA_STK, U, F, REASON_UNREACHABLE },
	{ "2001", DARAJA_STK, U, F, REASON_WRONG_PIN },
	{ "9999", DARAJA_STK, U, F, REASON_UNREACHABLE },
	{ "0", DARAJA_B2C, A, VERDICT_PAID, REASON_NONE },
	{ "1", DARAJA_B2C, U, F, REASON_OUR_FLOAT },
	{ "2", DARAJA_B2C, U, F, REASON_LIMIT },
	{ "3", DARAJA_B2C, U, F, REASON_LIMIT },
	{ "4", DARAJA_B2C, U, F, REASON_LIMIT },
	{ "8", DARAJA_B2C, U, F, REASON_LIMIT },
	{ "11", DARAJA_B2C, U, F, REASON_OUR_SETUP },
	{ "21", DARAJA_B2C, N, F, REASON_OUR_SETUP },
	{ "2001", DARAJA_B2C, N, F, REASON_OUR_SETUP },
	{ "2006", DARAJA_B2C, U, F, REASON_NOT_ALLOWED },
	{ "2028", DARAJA_B2C, U, F, REASON_OUR_SETUP },
	{ "2040", DARAJA_B2C, U, F, REASON_NOT_REGISTERED },
	{ "8006", DARAJA_B2C, N, F, REASON_OUR_SETUP },
	{ "SFC_IC0003", DARAJA_B2C, U, F, REASON_OUR_SETUP },
	{ "0", DARAJA_BACK, A, VERDICT_PAID, REASON_NONE },
	{ "1", DARAJA_BACK, U, F, REASON_OUR_FLOAT },
	{ "11", DARAJA_BACK, U, F, REASON_OUR_SETUP },
	{ "21", DARAJA_BACK, N, F, REASON_OUR_SETUP },
	{ "2001", DARAJA_BACK, N, F, REASON_OUR_SETUP },
	{ "8006", DARAJA_BACK, N, F, REASON_OUR_SETUP },
	{ "R000001", DARAJA_BACK, U, U, REASON_NONE },
	{ "R000002", DARAJA_BACK, U, F, REASON_OUR_SETUP },
};

/* R000001: reversed before, perhaps by a call of ours whose answer was lost. */

#define CODES (sizeof codes / sizeof *codes)

const struct daraja_code *
daraja_code(const char *code, enum daraja_place place)
{
	for (size_t i = 0; i < CODES; i++)
		if (codes[i].place == place && strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

bool
daraja_table(size_t i, struct provider_word *out)
{
	static const char *const calls[] = { [DARAJA_ERROR] = "any (errorCode)",
		                             [DARAJA_STK] = "STK prompt",
		                             [DARAJA_B2C] = "B2C payout",
		                             [DARAJA_BACK] = "reversal" };

	if (i >= CODES)
		return false;
	*out = (struct provider_word){ calls[codes[i].place], codes[i].code,
		                       codes[i].on_submit, codes[i].on_query,
		                       codes[i].reason };
	return true;
}
