/* Airtel: the refund of a collection: all of it, once, done when it is answered.
 *
 * It carries no name of the caller's and cannot be asked about, as at the real one; in
 * the book it stands under a reference of its own, with the collection beside it. */
#include "lib/json.h"
#include "tests/sim/book.h"
#include "tests/sim/wire.h"

#include <string.h>

static const struct wire_words words = { .auth_status = 401,
	                                 .auth = "{\"error\":\"invalid_token\"}",
	                                 .busy_status = 429,
	                                 .busy = "{\"error\":\"rate_limit\"}" };

static void
give_back(struct sim *s, struct http_exchange *x, const struct entry *collection)
{
	struct entry e = { .out = true,
		           .wire = "airtel",
		           .reference = ids_uuid4(&s->ids),
		           .back = collection->reference };
	struct entry *kept;
	char text[300];

	memcpy(e.number, collection->number, sizeof e.number);
	memcpy(e.amount, collection->amount, sizeof e.amount);
	memcpy(e.currency, collection->currency, sizeof e.currency);
	kept = sim_take(s, &e);
	if (kept->state == ENTRY_PENDING)
		sim_decide(s, kept);
	if (kept->state == ENTRY_FAILED) {
		airtel_refuse(x, "DP00800001007", "ESB000014");
		return;
	}
	snprintf(text, sizeof text,
	         "{\"data\":{\"transaction\":{\"airtel_money_id\":\"%s\",\"status\":"
	         "\"SUCCESS\"}},\"status\":{\"code\":\"200\",\"message\":\"SUCCESS\","
	         "\"result_code\":\"ESB000010\",\"success\":false}}",
	         kept->txn);
	wire_answer(s, x, kept, 0, 200, text);
}

void
airtel_refund(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const struct entry *collection = NULL;
	const char *txn;
	struct json *doc;
	size_t n;
	const char *body = http_body(x, &n);

	if (!airtel_admit(s, x) || !wire_is_json(x))
		return;
	if (strstr(http_path(x), "/v2/") != NULL && !airtel_signed(s, x)) {
		airtel_refuse(x, "DP00800001026", "ESB000028");
		return;
	}
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	txn = json_get_text(json_get(doc, "transaction"), "airtel_money_id");
	if (txn != NULL)
		collection = book_collected(s->book, "airtel", txn);
	json_free(doc);
	if (collection == NULL)
		airtel_refuse(x, "DP00800001025", "ESB000039");
	else if (book_given_back(s->book, &collection->reference) > 0)
		airtel_refuse(x, "DP00800001009", "ESB000041");
	else if (!wire_troubled(s, x, &words, &collection->reference))
		give_back(s, x, collection);
}
