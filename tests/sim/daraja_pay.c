/* Daraja: prompts, payouts and the questions about both.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c.  A prompt
 * carries no name of the caller's, so it stands in the book under the reference its
 * CallBackURL ends with; the same again is a prompt of its own. */
#include "tests/sim/daraja.h"

#include "lib/log.h"
#include "tests/sim/wire.h"

#include <string.h>

#define AMOUNT_MAX (INT64_C(250000) * 100)

const struct wire_words daraja_words = {
	.auth_status = 404,
	.auth = "{\"requestId\":\"1-1-1\",\"errorCode\":\"404.001.03\",\"errorMessage\":"
	        "\"Invalid Access Token\"}",
	.busy_status = 500,
	.busy = "{\"requestId\":\"1-1-1\",\"errorCode\":\"500.003.02\",\"errorMessage\":"
	        "\"System is busy\"}"
};

/* What the book calls a failure, in Safaricom's codes. */
static const struct {
	const char *reason, *in, *out;
} codes[] = {
	{ "NOT_ENOUGH_FUNDS", "1", "1" },
	{ "PAYMENT_NOT_APPROVED", "2001", "11" },
	{ "APPROVAL_REJECTED", "1032", "11" },
	{ "EXPIRED", "1019", "11" },
	{ "PAYER_LIMIT_REACHED", "17", "4" },
	{ "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "17", "8" },
	{ "PAYEE_NOT_FOUND", "1037", "2040" },
	{ NULL, "1037", "2006" },
};

const char *
daraja_result_code(const struct entry *e)
{
	unsigned i = 0;

	if (e->state != ENTRY_FAILED)
		return "0";
	if (strcmp(e->reason, "AMOUNT_TOO_LARGE") == 0)
		return "3";
	while (codes[i].reason != NULL && strcmp(codes[i].reason, e->reason) != 0)
		i++;
	return e->out ? codes[i].out : codes[i].in;
}

const char *
daraja_handle(const struct entry *e, char out[64])
{
	char text[UUID_TEXT_SIZE];

	snprintf(out, 64, "%s%s", e->out ? "rev_" : "ws_CO_",
	         uuid_text(&e->reference, text));
	return out;
}

struct entry *
daraja_named(struct sim *s, const char *handle, const char *prefix)
{
	size_t n = strlen(prefix);
	struct uuid reference;
	struct entry *e;

	if (handle == NULL || strncmp(handle, prefix, n) != 0 ||
	    !uuid_parse(handle + n, strlen(handle + n), &reference))
		return NULL;
	e = book_find(s->book, &reference);
	return e != NULL && strcmp(e->wire, "daraja") == 0 ? e : NULL;
}

/* ---- reading ---- */

static const char *
read_amount(const struct json *doc, struct entry *e)
{
	const char *text = json_get_text(doc, "Amount");

	/* a prompt asks for whole shillings, a payout may have cents */
	if (!wire_amount_is_fine(text, e->out ? 2 : 0) ||
	    (!e->out && amount_hundredths(text) > AMOUNT_MAX))
		return "Bad Request - Invalid Amount";
	snprintf(e->amount, sizeof e->amount, "%s", text);
	memcpy(e->currency, "KES", 4);
	return NULL;
}

static const char *
read_number(const char *number, struct entry *e)
{
	if (number == NULL || strlen(number) != 12 || strncmp(number, "254", 3) != 0 ||
	    strspn(number, "0123456789") != 12)
		return "Bad Request - Invalid PhoneNumber";
	snprintf(e->number, sizeof e->number, "%s", number);
	return NULL;
}

/* A till's money is told without an account. */
static const char *
read_shop(struct sim *s, const struct json *doc, struct entry *e)
{
	const char *type = json_get_text(doc, "TransactionType");
	const char *to = json_get_text(doc, "PartyB");
	bool till = type != NULL && strcmp(type, "CustomerBuyGoodsOnline") == 0;
	const char *ours = till ? s->o.daraja_till : s->o.daraja_party;

	if (type == NULL || (!till && strcmp(type, "CustomerPayBillOnline") != 0))
		return "Bad Request - Invalid TransactionType";
	if (to == NULL || ours == NULL || strcmp(to, ours) != 0)
		return "Bad Request - Invalid PartyB";
	if (till)
		e->external_id[0] = '\0';
	return NULL;
}

/* NULL, or what is wrong. */
static const char *
read_prompt(struct sim *s, const struct json *doc, struct entry *e)
{
	const char *account = json_get_text(doc, "AccountReference");
	const char *about = json_get_text(doc, "TransactionDesc");
	const char *url = json_get_text(doc, "CallBackURL"), *last;
	const char *wrong = read_amount(doc, e);

	if (wrong == NULL)
		wrong = read_number(json_get_text(doc, "PhoneNumber"), e);
	if (wrong != NULL)
		return wrong;
	if (account == NULL || account[0] == '\0' || strlen(account) > 12)
		return "Bad Request - Invalid AccountReference";
	if (about == NULL || about[0] == '\0' || strlen(about) > 13)
		return "Bad Request - Invalid TransactionDesc";
	if (!daraja_url_is_fine(url))
		return "Bad Request - Invalid CallBackURL";
	snprintf(e->external_id, sizeof e->external_id, "%s", account);
	snprintf(e->callback_url, sizeof e->callback_url, "%s", url);
	wrong = read_shop(s, doc, e);
	if (wrong != NULL)
		return wrong;
	last = strrchr(url, '/') + 1;
	if (!uuid_parse(last, strlen(last), &e->reference) ||
	    book_find(s->book, &e->reference) != NULL)
		e->reference = ids_uuid4(&s->ids);
	return NULL;
}

static const char *
read_payout(struct sim *s, const struct json *doc, struct entry *e)
{
	const char *id = json_get_text(doc, "OriginatorConversationID");
	const char *command = json_get_text(doc, "CommandID");
	const char *remarks = json_get_text(doc, "Remarks");
	const char *url = json_get_text(doc, "ResultURL");
	const char *wrong = read_amount(doc, e);

	(void)s;
	if (wrong == NULL)
		wrong = read_number(json_get_text(doc, "PartyB"), e);
	if (wrong != NULL)
		return wrong;
	if (id == NULL || !uuid_parse(id, strlen(id), &e->reference))
		return "Bad Request - Invalid OriginatorConversationID";
	if (command == NULL || (strcmp(command, "BusinessPayment") != 0 &&
	                        strcmp(command, "SalaryPayment") != 0 &&
	                        strcmp(command, "PromotionPayment") != 0))
		return "Bad Request - Invalid CommandID";
	if (remarks == NULL || strlen(remarks) < 2 || strlen(remarks) > 100)
		return "Bad Request - Invalid Remarks";
	if (!daraja_url_is_fine(url) ||
	    !daraja_url_is_fine(json_get_text(doc, "QueueTimeOutURL")))
		return "Bad Request - Invalid ResultURL";
	snprintf(e->callback_url, sizeof e->callback_url, "%s", url);
	return NULL;
}

/* ---- answering ---- */

/* One prompt on a handset at a time. */
static bool
handset_is_busy(struct sim *s, const char *number)
{
	for (struct entry *e = book_first(s->book); e != NULL; e = e->next)
		if (!e->out && e->state == ENTRY_PENDING &&
		    strcmp(e->wire, "daraja") == 0 && strcmp(e->number, number) == 0)
			return true;
	return false;
}

void
daraja_prompt(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = false, .wire = "daraja" }, *kept;
	struct json *doc = daraja_admit(s, x);
	const char *wrong;
	char handle[64], text[400];
	bool known;

	if (doc == NULL)
		return;
	known = daraja_knows_shop(s, doc);
	wrong = read_prompt(s, doc, &e);
	json_free(doc);
	if (!known) {
		daraja_refuse(s, x, 500, "500.001.1001", "Wrong credentials");
	} else if (wrong != NULL) {
		daraja_refuse(s, x, 400, "400.002.02", wrong);
	} else if (handset_is_busy(s, e.number)) {
		daraja_refuse(s, x, 500, "500.001.1001",
		              "Unable to lock subscriber, a transaction is already in "
		              "process for the current subscriber");
	} else if (!wire_troubled(s, x, &daraja_words, &e.reference) &&
	           !wire_refused(x, &daraja_words, &e)) {
		kept = sim_take(s, &e);
		snprintf(
		    text, sizeof text,
		    "{\"MerchantRequestID\":\"29115-1-1\",\"CheckoutRequestID\":"
		    "\"%s\",\"ResponseCode\":\"0\",\"ResponseDescription\":\"Success. "
		    "Request accepted for processing\",\"CustomerMessage\":\"Success\"}",
		    daraja_handle(kept, handle));
		wire_answer(s, x, kept, 0, 200, text);
	}
}

void
daraja_payout(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = true, .wire = "daraja" }, *kept;
	struct json *doc = daraja_admit(s, x);
	const char *wrong;
	char id[UUID_TEXT_SIZE], text[300];
	bool known;

	if (doc == NULL)
		return;
	known = daraja_knows_initiator(s, doc, "InitiatorName", "PartyA");
	wrong = read_payout(s, doc, &e);
	json_free(doc);
	if (wrong != NULL) {
		daraja_refuse(s, x, 400, "400.002.02", wrong);
	} else if (book_find(s->book, &e.reference) != NULL) {
		daraja_refuse(s, x, 500, "500.002.1001",
		              "Duplicate OriginatorConversationID");
	} else if (!known) {
		answer_json(x, 200,
		            "{\"ResponseCode\":\"8006\",\"ResponseDescription\":\"The "
		            "security credential is locked.\"}");
	} else if (!wire_troubled(s, x, &daraja_words, &e.reference) &&
	           !wire_refused(x, &daraja_words, &e)) {
		kept = sim_take(s, &e);
		snprintf(text, sizeof text,
		         "{\"ConversationID\":\"AG_20191219_%.12s\",\"Originator"
		         "ConversationID\":\"%s\",\"ResponseCode\":\"0\","
		         "\"ResponseDescription\":\"Accept the service request "
		         "successfully.\"}",
		         uuid_text(&kept->reference, id), id);
		wire_answer(s, x, kept, 0, 200, text);
		if (kept->state == ENTRY_PENDING &&
		    amount_hundredths(kept->amount) > AMOUNT_MAX) { /* told as the end */
			timer_cancel(&kept->timer);
			book_decide(s->book, kept, ENTRY_FAILED, "AMOUNT_TOO_LARGE");
			daraja_call_back(s, kept, 1);
		}
	}
}

void
daraja_prompt_status(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	struct entry *e;
	char handle[64], text[400];
	bool known;

	if (doc == NULL)
		return;
	known = daraja_knows_shop(s, doc);
	e = daraja_named(s, json_get_text(doc, "CheckoutRequestID"), "ws_CO_");
	json_free(doc);
	if (!known) {
		daraja_refuse(s, x, 500, "500.001.1001", "Wrong credentials");
	} else if (e == NULL) {
		daraja_refuse(s, x, 400, "400.002.02",
		              "Bad Request - Invalid CheckoutRequestID");
	} else if (e->state == ENTRY_PENDING || sim_now(s) < e->visible_ms) {
		daraja_refuse(s, x, 500, "500.001.1001",
		              "The transaction is being processed");
	} else {
		snprintf(
		    text, sizeof text,
		    "{\"ResponseCode\":\"0\",\"ResponseDescription\":\"The service "
		    "request has been accepted successfully\",\"MerchantRequestID\":"
		    "\"29115-1-1\",\"CheckoutRequestID\":\"%s\",\"ResultCode\":\"%s\","
		    "\"ResultDesc\":\"%s\"}",
		    daraja_handle(e, handle), daraja_result_code(e),
		    e->state == ENTRY_PAID ? "processed successfully" : "failed");
		wire_answer(s, x, e, 1 + e->queries++, 200, text);
	}
}

/* Taken down and answered at once; what is asked comes to the ResultURL. */
void
daraja_payout_status(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	struct entry *e = NULL;
	struct uuid reference;
	char url[256];
	const char *id, *to;
	bool known;

	if (doc == NULL)
		return;
	known = daraja_knows_initiator(s, doc, "Initiator", "PartyA");
	id = json_get_text(doc, "OriginalConversationID");
	to = json_get_text(doc, "ResultURL");
	if (id != NULL && uuid_parse(id, strlen(id), &reference))
		e = book_find(s->book, &reference);
	else
		e = daraja_named(s, id, "rev_");
	snprintf(url, sizeof url, "%s", daraja_url_is_fine(to) ? to : "");
	json_free(doc);
	if (!known || url[0] == '\0') {
		daraja_refuse(s, x, 400, "400.002.02",
		              known ? "Bad Request - Invalid ResultURL"
		                    : "Bad Request - Invalid SecurityCredential");
		return;
	}
	if (e != NULL &&
	    (!e->out || strcmp(e->wire, "daraja") != 0 || sim_now(s) < e->visible_ms))
		e = NULL;
	daraja_post_status(s, e, url);
	if (e != NULL)
		wire_answer(s, x, e, 1 + e->queries++, 200,
		            "{\"OriginatorConversationID\":\"1236-1\",\"ConversationID\":"
		            "\"AG_1\",\"ResponseCode\":\"0\",\"ResponseDescription\":"
		            "\"Accept the service request successfully.\"}");
	else
		answer_json(x, 200,
		            "{\"OriginatorConversationID\":\"1236-1\",\"ConversationID\":"
		            "\"AG_1\",\"ResponseCode\":\"0\"}");
}
