/* Daraja: what the short code's accounts hold.
 *
 * Any question with an initiator is taken and answered at once; the accounts come to the
 * ResultURL, all in one text.  Payouts leave the utility account. */
#include "tests/sim/daraja.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define RESULT_AFTER_MS 20
#define NAIROBI_S       (3 * 3600)

int64_t
daraja_left(const struct sim *s)
{
	int64_t left = s->o.float_minor - book_paid(s->book, true);

	return left < 0 ? 0 : left;
}

void
daraja_date(int64_t wall_ms, bool dotted, char out[24])
{
	time_t at = (time_t)(wall_ms / 1000 + NAIROBI_S);
	struct tm tm;

	gmtime_r(&at, &tm);
	if (dotted)
		strftime(out, 24, "%d.%m.%Y %H:%M:%S", &tm);
	else
		strftime(out, 24, "%Y%m%d%H%M%S", &tm);
}

/* With the accounts that are of no use to a payout before and behind. */
static void
post_accounts(struct sim *s, const char *url)
{
	int64_t v = daraja_left(s);
	char body[900], at[24];

	daraja_date(sim_now(s), false, at);
	snprintf(body, sizeof body,
	         "{\"Result\":{\"ResultType\":\"0\",\"ResultCode\":\"0\","
	         "\"ResultDesc\":\"The service request is processed successfully.\","
	         "\"OriginatorConversationID\":\"16917-22577599-3\",\"ConversationID\":"
	         "\"AG_4\",\"TransactionID\":\"OA90000000\",\"ResultParameters\":{"
	         "\"ResultParameter\":[{\"Key\":\"AccountBalance\",\"Value\":"
	         "\"Working Account|KES|46713.00|46713.00|0.00|0.00&"
	         "Utility Account|KES|%" PRId64 ".%02d|%" PRId64 ".%02d|0.00|0.00&"
	         "Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00\"},"
	         "{\"Key\":\"BOCompletedTime\",\"Value\":%s}]},\"ReferenceData\":{"
	         "\"ReferenceItem\":{\"Key\":\"QueueTimeoutURL\",\"Value\":\"x\"}}}}",
	         v / 100, (int)(v % 100), v / 100, (int)(v % 100), at);
	wire_post(s, "POST", url, body, RESULT_AFTER_MS);
}

/* NULL, or what is wrong. */
static const char *
read_fields(const struct json *doc)
{
	const char *command = json_get_text(doc, "CommandID");
	const char *type = json_get_text(doc, "IdentifierType");
	const char *remarks = json_get_text(doc, "Remarks");

	if (command == NULL || strcmp(command, "AccountBalance") != 0)
		return "Bad Request - Invalid CommandID";
	if (type == NULL || strcmp(type, "4") != 0)
		return "Bad Request - Invalid IdentifierType";
	if (remarks == NULL || strlen(remarks) < 2 || strlen(remarks) > 100)
		return "Bad Request - Invalid Remarks";
	if (!daraja_url_is_fine(json_get_text(doc, "ResultURL")) ||
	    !daraja_url_is_fine(json_get_text(doc, "QueueTimeOutURL")))
		return "Bad Request - Invalid ResultURL";
	return NULL;
}

void
daraja_balance(void *arg, struct http_exchange *x)
{
	static unsigned asked;
	static const struct uuid nobody;
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	const char *wrong;

	if (doc == NULL)
		return;
	wrong = read_fields(doc);
	if (wrong == NULL && !daraja_knows_initiator(s, doc, "Initiator", "PartyA"))
		wrong = "Bad Request - Invalid SecurityCredential";
	if (wrong != NULL)
		daraja_refuse(s, x, 400, "400.002.02", wrong);
	else
		answer_json(x, 200,
		            "{\"OriginatorConversationID\":\"16917-22577599-3\","
		            "\"ConversationID\":\"AG_4\",\"ResponseCode\":\"0\","
		            "\"ResponseDescription\":\"Accept the service request "
		            "successfully.\"}");
	if (wrong == NULL && !chaos_rolls(&s->chaos, CHAOS_SILENT, &nobody, ++asked))
		post_accounts(s, json_get_text(doc, "ResultURL"));
	json_free(doc);
}
