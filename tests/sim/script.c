#include "tests/sim/script.h"

#include <string.h>

#define SOON_MS   1000
#define WINDOW_MS 60000
#define LATE_MS   300000
#define LATER_MS  2400000
#define NEVER     (-1)

static const struct script succeeds = { "",   "succeeds", SUBMIT_TAKE, 0,
	                                NULL, SOON_MS,    1,           false };

/* A payout asks nobody for a PIN: 02, 03 and 04 only trouble collections, so that the
 * owner of such a number can be paid a loan first and then fail to repay it. */
static const struct script collect[] = {
	{ "000000000001", "succeeds: M-Pesa's sandbox", SUBMIT_TAKE, 0, NULL, SOON_MS, 1,
	  false },
	{ "00", "succeeds", SUBMIT_TAKE, 0, NULL, SOON_MS, 1, false },
	{ "01", "no funds", SUBMIT_TAKE, 0, "NOT_ENOUGH_FUNDS", SOON_MS, 1, false },
	{ "02", "wrong PIN", SUBMIT_TAKE, 0, "PAYMENT_NOT_APPROVED", SOON_MS, 1, false },
	{ "03", "cancelled", SUBMIT_TAKE, 0, "APPROVAL_REJECTED", SOON_MS, 1, false },
	{ "04", "ignored: expires after 60 s", SUBMIT_TAKE, 0, "EXPIRED", WINDOW_MS, 1,
	  false },
	{ "05", "unreachable", SUBMIT_TAKE, 0, "COULD_NOT_PERFORM_TRANSACTION", SOON_MS,
	  1, false },
	{ "06", "limit reached", SUBMIT_TAKE, 0, "PAYER_LIMIT_REACHED", SOON_MS, 1,
	  false },
	{ "07", "not registered", SUBMIT_TAKE, 0, "PAYER_NOT_FOUND", SOON_MS, 1, false },
	{ "08", "accepted, then silent for ever", SUBMIT_TAKE, 0, NULL, NEVER, 0, false },
	{ "09", "late success, after 5 minutes", SUBMIT_TAKE, 0, NULL, LATE_MS, 1,
	  false },
	{ "10", "succeeds, two callbacks", SUBMIT_TAKE, 0, NULL, SOON_MS, 2, false },
	{ "11", "taken, answered after 20 s", SUBMIT_SLOW, 0, NULL, SOON_MS, 1, false },
	{ "12", "taken, answered with a bare 500", SUBMIT_THEN_500, 0, NULL, SOON_MS, 1,
	  false },
	{ "13", "provider down: 503, not taken", SUBMIT_REFUSE, 503,
	  "SERVICE_UNAVAILABLE", NEVER, 0, false },
	{ "14", "failed, then paid after all", SUBMIT_TAKE, 0,
	  "INTERNAL_PROCESSING_ERROR", SOON_MS, 1, true },
	{ "15", "late success, after 40 minutes", SUBMIT_TAKE, 0, NULL, LATER_MS, 1,
	  false },
	{ "46733123450", "failed", SUBMIT_TAKE, 0, "INTERNAL_PROCESSING_ERROR", 0, 1,
	  false },
	{ "46733123451", "rejected", SUBMIT_TAKE, 0, "APPROVAL_REJECTED", 0, 1, false },
	{ "46733123452", "expired", SUBMIT_TAKE, 0, "EXPIRED", 0, 1, false },
	{ "46733123453", "ongoing: success after 30 s", SUBMIT_TAKE, 0, NULL, 30000, 1,
	  false },
	{ "46733123454", "delayed: pending for ever", SUBMIT_TAKE, 0, NULL, NEVER, 0,
	  false },
	{ "46733123455", "payer not found", SUBMIT_REFUSE, 500, "PAYER_NOT_FOUND", NEVER,
	  0, false },
	{ "46733123456", "payee may not receive", SUBMIT_REFUSE, 500,
	  "PAYEE_NOT_ALLOWED_TO_RECEIVE", NEVER, 0, false },
	{ "46733123457", "not allowed", SUBMIT_REFUSE, 500, "NOT_ALLOWED", NEVER, 0,
	  false },
	{ "46733123458", "environment not allowed", SUBMIT_REFUSE, 500,
	  "NOT_ALLOWED_TARGET_ENVIRONMENT", NEVER, 0, false },
	{ "46733123459", "callback host", SUBMIT_REFUSE, 500, "INVALID_CALLBACK_URL_HOST",
	  NEVER, 0, false },
	{ "46733123460", "currency", SUBMIT_REFUSE, 500, "INVALID_CURRENCY", NEVER, 0,
	  false },
	{ "46733123461", "internal error", SUBMIT_REFUSE, 500,
	  "INTERNAL_PROCESSING_ERROR", NEVER, 0, false },
	{ "46733123462", "unavailable", SUBMIT_REFUSE, 503, "SERVICE_UNAVAILABLE", NEVER,
	  0, false },
	{ "46733123463", "could not perform", SUBMIT_REFUSE, 500,
	  "COULD_NOT_PERFORM_TRANSACTION", NEVER, 0, false },
	{ "46733123464", "transfer type unknown", SUBMIT_REFUSE, 500,
	  "TRANSFER_TYPE_UNKNOWN", NEVER, 0, false },
	{ NULL, NULL, SUBMIT_TAKE, 0, NULL, 0, 0, false },
};

static const struct script payout[] = {
	{ "000000000001", "succeeds: M-Pesa's sandbox", SUBMIT_TAKE, 0, NULL, SOON_MS, 1,
	  false },
	{ "00", "succeeds", SUBMIT_TAKE, 0, NULL, SOON_MS, 1, false },
	{ "01", "we have no funds", SUBMIT_TAKE, 0, "NOT_ENOUGH_FUNDS", SOON_MS, 1,
	  false },
	{ "02", "succeeds", SUBMIT_TAKE, 0, NULL, SOON_MS, 1, false },
	{ "03", "succeeds", SUBMIT_TAKE, 0, NULL, SOON_MS, 1, false },
	{ "04", "succeeds", SUBMIT_TAKE, 0, NULL, SOON_MS, 1, false },
	{ "05", "unreachable", SUBMIT_TAKE, 0, "COULD_NOT_PERFORM_TRANSACTION", SOON_MS,
	  1, false },
	{ "06", "limit reached", SUBMIT_TAKE, 0,
	  "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", SOON_MS, 1, false },
	{ "07", "not registered", SUBMIT_TAKE, 0, "PAYEE_NOT_FOUND", SOON_MS, 1, false },
	{ "08", "accepted, then silent for ever", SUBMIT_TAKE, 0, NULL, NEVER, 0, false },
	{ "09", "late success, after 5 minutes", SUBMIT_TAKE, 0, NULL, LATE_MS, 1,
	  false },
	{ "10", "succeeds, two callbacks", SUBMIT_TAKE, 0, NULL, SOON_MS, 2, false },
	{ "11", "taken, answered after 20 s", SUBMIT_SLOW, 0, NULL, SOON_MS, 1, false },
	{ "12", "taken, answered with a bare 500", SUBMIT_THEN_500, 0, NULL, SOON_MS, 1,
	  false },
	{ "13", "provider down: 503, not taken", SUBMIT_REFUSE, 503,
	  "SERVICE_UNAVAILABLE", NEVER, 0, false },
	{ "14", "failed, then paid after all", SUBMIT_TAKE, 0,
	  "INTERNAL_PROCESSING_ERROR", SOON_MS, 1, true },
	{ "15", "late success, after 40 minutes", SUBMIT_TAKE, 0, NULL, LATER_MS, 1,
	  false },
	{ "46733123450", "failed", SUBMIT_TAKE, 0, "INTERNAL_PROCESSING_ERROR", 0, 1,
	  false },
	{ "46733123451", "rejected", SUBMIT_TAKE, 0, "APPROVAL_REJECTED", 0, 1, false },
	{ "46733123452", "expired", SUBMIT_TAKE, 0, "EXPIRED", 0, 1, false },
	{ "46733123453", "ongoing: success after 30 s", SUBMIT_TAKE, 0, NULL, 30000, 1,
	  false },
	{ "46733123454", "delayed: pending for ever", SUBMIT_TAKE, 0, NULL, NEVER, 0,
	  false },
	{ "46733123455", "not enough funds", SUBMIT_REFUSE, 500, "NOT_ENOUGH_FUNDS",
	  NEVER, 0, false },
	{ "46733123456", "payer limit", SUBMIT_REFUSE, 500, "PAYER_LIMIT_REACHED", NEVER,
	  0, false },
	{ "46733123457", "payee not found", SUBMIT_REFUSE, 500, "PAYEE_NOT_FOUND", NEVER,
	  0, false },
	{ "46733123458", "not allowed", SUBMIT_REFUSE, 500, "NOT_ALLOWED", NEVER, 0,
	  false },
	{ "46733123459", "environment not allowed", SUBMIT_REFUSE, 500,
	  "NOT_ALLOWED_TARGET_ENVIRONMENT", NEVER, 0, false },
	{ "46733123460", "callback host", SUBMIT_REFUSE, 500, "INVALID_CALLBACK_URL_HOST",
	  NEVER, 0, false },
	{ "46733123461", "currency", SUBMIT_REFUSE, 500, "INVALID_CURRENCY", NEVER, 0,
	  false },
	{ "46733123462", "internal error", SUBMIT_REFUSE, 500,
	  "INTERNAL_PROCESSING_ERROR", NEVER, 0, false },
	{ "46733123463", "unavailable", SUBMIT_REFUSE, 503, "SERVICE_UNAVAILABLE", NEVER,
	  0, false },
	{ "46733123464", "transfer type unknown", SUBMIT_REFUSE, 500,
	  "TRANSFER_TYPE_UNKNOWN", NEVER, 0, false },
	{ NULL, NULL, SUBMIT_TAKE, 0, NULL, 0, 0, false },
};

const struct script *
script_for(const char *number, bool out)
{
	size_t n = strlen(number);

	for (const struct script *s = out ? payout : collect; s->number != NULL; s++) {
		size_t k = strlen(s->number);

		if (n >= k && strcmp(number + n - k, s->number) == 0 &&
		    (k == 2 || n == k))
			return s;
	}
	return &succeeds;
}

const char *
holder_fault(const char *number, int *status)
{
	static const struct {
		const char *number;
		int status;
		const char *code;
	} rows[] = {
		{ "46733123450", 404, "RESOURCE_NOT_FOUND" },
		{ "46733123451", 200, "" },
		{ "46733123452", 500, "NOT_ALLOWED" },
		{ "46733123453", 500, "NOT_ALLOWED_TARGET_ENVIRONMENT" },
		{ "46733123454", 500, "INTERNAL_PROCESSING_ERROR" },
		{ "46733123455", 503, "SERVICE_UNAVAILABLE" },
		{ "07", 200, "" },
	};

	size_t n = strlen(number);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t k = strlen(rows[i].number);

		if (n >= k && strcmp(number + n - k, rows[i].number) == 0) {
			*status = rows[i].status;
			return rows[i].code;
		}
	}
	return NULL;
}

void
scripts_print(FILE *to)
{
	fprintf(to, "%-12s %-34s %s\n", "ending in", "collection", "payout");
	for (size_t i = 0; collect[i].number != NULL; i++)
		fprintf(to, "%-12s %-34s %s\n", collect[i].number, collect[i].about,
		        payout[i].about);
	fprintf(to, "%-12s %-34s %s\n", "any other", succeeds.about, succeeds.about);
}
