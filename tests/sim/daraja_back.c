/* Daraja: reversals of what came in.
 *
 * Any receipt is taken and answered at once; whether it can be reversed is told at the
 * ResultURL.  A reversal carries no name of the caller's, so it stands in the book under
 * the reference its ResultURL ends with, like a prompt. */
#include "tests/sim/daraja.h"

#include <string.h>

bool
daraja_is_reversal(const struct entry *e)
{
	return e->out && !uuid_is_nil(&e->back);
}

/* NULL, or what is wrong. */
static const char *
read_fields(struct sim *s, const struct json *doc, struct entry *e)
{
	const char *command = json_get_text(doc, "CommandID");
	const char *type = json_get_text(doc, "RecieverIdentifierType");
	const char *remarks = json_get_text(doc, "Remarks");
	const char *amount = json_get_text(doc, "Amount");
	const char *receipt = json_get_text(doc, "TransactionID");
	const char *url = json_get_text(doc, "ResultURL"), *last;

	if (command == NULL || strcmp(command, "TransactionReversal") != 0)
		return "Bad Request - Invalid CommandID";
	if (type == NULL || strcmp(type, "11") != 0)
		return "Bad Request - Invalid RecieverIdentifierType";
	if (!wire_amount_is_fine(amount, 0))
		return "Bad Request - Invalid Amount";
	if (receipt == NULL || receipt[0] == '\0')
		return "Bad Request - Invalid TransactionID";
	if (remarks == NULL || strlen(remarks) < 2 || strlen(remarks) > 100)
		return "Bad Request - Invalid Remarks";
	if (!daraja_url_is_fine(url) ||
	    !daraja_url_is_fine(json_get_text(doc, "QueueTimeOutURL")))
		return "Bad Request - Invalid ResultURL";
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	snprintf(e->external_id, sizeof e->external_id, "%s", receipt);
	snprintf(e->callback_url, sizeof e->callback_url, "%s", url);
	last = strrchr(url, '/') + 1;
	if (!uuid_parse(last, strlen(last), &e->reference) ||
	    book_find(s->book, &e->reference) != NULL)
		e->reference = ids_uuid4(&s->ids);
	return NULL;
}

/* NULL if the receipt can be reversed, else the ResultCode it is refused with. */
static const char *
find_collection(struct sim *s, struct entry *e)
{
	const struct entry *c = book_collected(s->book, "daraja", e->external_id);
	const struct paid_bill *b = daraja_find_bill(s, e->external_id);
	const char *amount = c != NULL ? c->amount : b != NULL ? b->amount : "";
	struct uuid back = c != NULL ? c->reference : b != NULL ? b->id : e->back;

	if (amount_hundredths(amount) != amount_hundredths(e->amount))
		return "R000002";
	if (book_given_back(s->book, &back) > 0)
		return "R000001";
	e->back = back;
	snprintf(e->number, sizeof e->number, "%s", c != NULL ? c->number : b->number);
	memcpy(e->currency, "KES", 4);
	return NULL;
}

static void
post_refusal(struct sim *s, const struct entry *e, const char *code)
{
	char text[300], handle[64];

	snprintf(text, sizeof text,
	         "{\"Result\":{\"ResultType\":0,\"ResultCode\":\"%s\",\"ResultDesc\":"
	         "\"refused\",\"OriginatorConversationID\":\"%s\",\"ConversationID\":"
	         "\"AG_3\",\"TransactionID\":\"%s\"}}",
	         code, daraja_handle(e, handle), e->external_id);
	wire_post(s, "POST", e->callback_url, text, 20);
}

static void
put_taken(const struct entry *e, char *out, size_t cap)
{
	char handle[64];

	snprintf(out, cap,
	         "{\"OriginatorConversationID\":\"%s\",\"ConversationID\":\"AG_3\","
	         "\"ResponseCode\":\"0\",\"ResponseDescription\":\"Accept the service "
	         "request successfully.\"}",
	         daraja_handle(e, handle));
}

void
daraja_reversal(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = true, .wire = "daraja" };
	struct json *doc = daraja_admit(s, x);
	const char *wrong, *refused;
	char text[300];
	bool known;

	if (doc == NULL)
		return;
	known = daraja_knows_initiator(s, doc, "Initiator", "ReceiverParty");
	wrong = read_fields(s, doc, &e);
	json_free(doc);
	if (wrong != NULL || !known) {
		daraja_refuse(s, x, 400, "400.002.02",
		              wrong != NULL ? wrong
		                            : "Bad Request - Invalid SecurityCredential");
		return;
	}
	refused = find_collection(s, &e);
	put_taken(&e, text, sizeof text);
	if (refused != NULL) {
		post_refusal(s, &e, refused);
		answer_json(x, 200, text);
	} else if (!wire_troubled(s, x, &daraja_words, &e.reference)) {
		wire_answer(s, x, sim_take(s, &e), 0, 200, text);
	}
}
