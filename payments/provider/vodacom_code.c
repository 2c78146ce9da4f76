/* M-Pesa's INS codes.  They are told about a call, never about a payment: a question that
 * meets one says nothing.  INS-4, 5 and 6 mean different things in different editions,
 * and INS-1 has been told for a customer without money: unknown.  INS-993 and 994 are of
 * direct debits, which are not used here. */
#include "payments/provider/vodacom.h"

#include <string.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED
#define N VERDICT_DOWN

#define BOTH(r) (r), (r)

static const struct vodacom_code codes[] = {
	{ "INS-0", VERDICT_ACCEPTED, BOTH(REASON_NONE) },
	{ "INS-1", U, BOTH(REASON_NONE) },
	{ "INS-2", N, BOTH(REASON_OUR_SETUP) },
	{ "INS-4", U, BOTH(REASON_NONE) },
	{ "INS-5", U, BOTH(REASON_NONE) },
	{ "INS-6", U, BOTH(REASON_NONE) },
	{ "INS-9", U, BOTH(REASON_NONE) },
	{ "INS-10", VERDICT_DUPLICATE, BOTH(REASON_NONE) },
	{ "INS-13", F, BOTH(REASON_OUR_SETUP) },
	{ "INS-14", F, BOTH(REASON_OTHER) },
	{ "INS-15", F, BOTH(REASON_LIMIT) },
	{ "INS-16", N, BOTH(REASON_PROVIDER_DOWN) },
	{ "INS-17", F, BOTH(REASON_OTHER) },
	{ "INS-18", F, BOTH(REASON_OTHER) },
	{ "INS-19", F, BOTH(REASON_OTHER) },
	{ "INS-20", F, BOTH(REASON_OTHER) },
	{ "INS-21", F, BOTH(REASON_OTHER) },
	{ "INS-22", F, BOTH(REASON_OUR_SETUP) },
	{ "INS-23", U, BOTH(REASON_NONE) },
	{ "INS-24", N, BOTH(REASON_OUR_SETUP) },
	{ "INS-25", N, BOTH(REASON_OUR_SETUP) },
	{ "INS-26", N, BOTH(REASON_OUR_SETUP) },
	{ "INS-30", F, BOTH(REASON_OTHER) },
	{ "INS-993", U, BOTH(REASON_NONE) },
	{ "INS-994", U, BOTH(REASON_NONE) },
	{ "INS-995", F, BOTH(REASON_NOT_ALLOWED) },
	{ "INS-996", F, BOTH(REASON_NOT_ALLOWED) },
	{ "INS-997", N, BOTH(REASON_OUR_SETUP) },
	{ "INS-998", N, BOTH(REASON_OUR_SETUP) },
	{ "INS-2001", F, REASON_WRONG_PIN, REASON_OUR_SETUP },
	{ "INS-2002", F, BOTH(REASON_NOT_REGISTERED) },
	{ "INS-2006", F, REASON_NO_FUNDS, REASON_OUR_FLOAT },
	{ "INS-2051", F, BOTH(REASON_NOT_REGISTERED) },
	{ "INS-2057", F, BOTH(REASON_OUR_SETUP) },
};

#define CODES (sizeof codes / sizeof *codes)

const struct vodacom_code *
vodacom_code(const char *code)
{
	for (size_t i = 0; i < CODES; i++)
		if (strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

bool
vodacom_table(size_t i, struct provider_word *out)
{
	const struct vodacom_code *k = &codes[i / 2 < CODES ? i / 2 : 0];

	if (i / 2 >= CODES)
		return false;
	*out = (struct provider_word){ i % 2 == 0 ? "c2b" : "b2c", k->code, k->on_submit,
		                       VERDICT_UNKNOWN, i % 2 == 0 ? k->in : k->out };
	return true;
}
