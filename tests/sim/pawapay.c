/* pawaPay v2: deposits, payouts, their state and the wallets' balances.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c.  Any
 * bearer is taken, or the key of --account. */
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/wire.h"

#include <string.h>

static const struct wire_words words = {
	.auth_status = 401,
	.auth = "{\"failureReason\":{\"failureCode\":\"AUTHENTICATION_ERROR\"}}",
	.busy_status = 503,
	.busy = "{\"status\":\"REJECTED\",\"failureReason\":{\"failureCode\":"
	        "\"PROVIDER_TEMPORARILY_UNAVAILABLE\"}}"
};

/* What the book calls a failure, in pawaPay's codes. */
static const struct {
	const char *reason, *in, *out;
} codes[] = {
	{ "NOT_ENOUGH_FUNDS", "INSUFFICIENT_BALANCE", "PAWAPAY_WALLET_OUT_OF_FUNDS" },
	{ "PAYMENT_NOT_APPROVED", "PAYMENT_NOT_APPROVED", "UNSPECIFIED_FAILURE" },
	{ "APPROVAL_REJECTED", "PAYMENT_NOT_APPROVED", "UNSPECIFIED_FAILURE" },
	{ "EXPIRED", "PAYMENT_NOT_APPROVED", "UNSPECIFIED_FAILURE" },
	{ "PAYER_LIMIT_REACHED", "PAYER_LIMIT_REACHED", "WALLET_LIMIT_REACHED" },
	{ "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "PAYER_LIMIT_REACHED",
	  "WALLET_LIMIT_REACHED" },
	{ "PAYEE_NOT_FOUND", "PAYER_NOT_FOUND", "RECIPIENT_NOT_FOUND" },
	{ NULL, "UNSPECIFIED_FAILURE", "UNSPECIFIED_FAILURE" },
};

static const char *
code_of(const struct entry *e)
{
	unsigned i = 0;

	while (codes[i].reason != NULL && strcmp(codes[i].reason, e->reason) != 0)
		i++;
	return e->out ? codes[i].out : codes[i].in;
}

static bool
admitted(struct sim *s, struct http_exchange *x)
{
	const char *key = wire_bearer(x);
	const char *wanted = s->o.account == NULL ? NULL : strchr(s->o.account, ':');

	if (key[0] != '\0' && (wanted == NULL || strcmp(key, wanted + 1) == 0))
		return true;
	answer_json(x, 401, words.auth);
	return false;
}

static void
refuse(struct http_exchange *x, const char *id, bool out, const char *code)
{
	char text[300];

	snprintf(text, sizeof text,
	         "{\"%s\":\"%s\",\"status\":\"REJECTED\",\"failureReason\":{"
	         "\"failureCode\":\"%s\",\"failureMessage\":\"refused\"}}",
	         out ? "payoutId" : "depositId", id, code);
	log_info("-", "pawapay_refused", "code=%s", code);
	answer_json(x, 200, text);
}

static void
told(const struct entry *e, const char *status, char *out, size_t cap)
{
	char id[UUID_TEXT_SIZE];

	snprintf(out, cap, "{\"%s\":\"%s\",\"status\":\"%s\"}",
	         e->out ? "payoutId" : "depositId", uuid_text(&e->reference, id), status);
}

/* The payment as it stands, or its opposite. */
static void
describe(struct sim *s, const struct entry *e, bool lies, struct buf *b)
{
	static const char *const states[] = { "PROCESSING", "COMPLETED", "FAILED" };
	bool paid = e->state == ENTRY_PAID;
	const char *state = states[e->state];
	char id[UUID_TEXT_SIZE];
	struct json_writer w;

	(void)s;
	if (lies)
		state = paid ? "FAILED" : "COMPLETED";
	jw_init(&w, b);
	jw_object(&w, NULL);
	if (!chaos_rolls(&s->chaos, CHAOS_NOID, &e->reference, 0) || !lies)
		jw_text(&w, e->out ? "payoutId" : "depositId",
		        uuid_text(&e->reference, id));
	jw_text(&w, "status", state);
	jw_text(&w, "amount", e->amount);
	jw_text(&w, "currency", e->currency);
	if (strcmp(state, "COMPLETED") == 0)
		jw_text(&w, "providerTransactionId", e->txn);
	if (strcmp(state, "FAILED") == 0) {
		jw_object(&w, "failureReason");
		jw_text(&w, "failureCode", code_of(e));
		jw_end_object(&w);
	}
	jw_end_object(&w);
}

void
pawapay_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	wire_tell(s, e, "POST", s->o.pawapay_callback, times, describe);
}

/* NULL, or the code it is refused with. */
static const char *
read_order(const struct sim *s, const struct json *doc, struct entry *e)
{
	const struct json *who = json_get(doc, e->out ? "recipient" : "payer");
	const struct json *where = json_get(who, "accountDetails");
	const char *number = json_get_text(where, "phoneNumber");
	const char *provider = json_get_text(where, "provider");
	const char *amount = json_get_text(doc, "amount");
	const char *currency = json_get_text(doc, "currency");
	const char *message = json_get_text(doc, "customerMessage");

	if (json_get_text(who, "type") == NULL ||
	    strcmp(json_get_text(who, "type"), "MMO") != 0)
		return "INVALID_PARAMETER";
	if (number == NULL || strlen(number) < 8 || strlen(number) > 15 ||
	    strspn(number, "0123456789") != strlen(number))
		return "INVALID_PHONE_NUMBER";
	if (provider == NULL || strlen(provider) < 5)
		return "INVALID_PROVIDER";
	if (currency == NULL || !list_has(s->o.currencies, currency))
		return "INVALID_CURRENCY";
	if (!wire_amount_is_fine(amount, 2))
		return "INVALID_AMOUNT";
	if (message != NULL && (strlen(message) < 4 || strlen(message) > 22))
		return "INVALID_PARAMETER";
	snprintf(e->number, sizeof e->number, "%s", number);
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	snprintf(e->currency, sizeof e->currency, "%s", currency);
	snprintf(e->external_id, sizeof e->external_id, "%s", provider);
	return NULL;
}

void
pawapay_submit(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = strcmp(http_path(x), "/v2/payouts") == 0,
		           .wire = "pawapay" };
	struct json *doc;
	const char *wrong, *id;
	char named[64] = "", text[200];
	size_t n;
	const char *body = http_body(x, &n);

	if (!admitted(s, x))
		return;
	doc = json_parse(body, n, NULL);
	id = json_get_text(doc, e.out ? "payoutId" : "depositId");
	wrong = id == NULL || !uuid_parse(id, strlen(id), &e.reference)
	            ? "INVALID_PARAMETER"
	            : read_order(s, doc, &e);
	snprintf(named, sizeof named, "%s", id == NULL ? "" : id);
	json_free(doc);
	if (wrong != NULL) {
		refuse(x, named, e.out, wrong);
		return;
	}
	if (book_find(s->book, &e.reference) != NULL) {
		told(&e, "DUPLICATE_IGNORED", text, sizeof text);
		answer_json(x, 200, text);
		return;
	}
	if (wire_troubled(s, x, &words, &e.reference) || wire_refused(x, &words, &e))
		return;
	told(&e, "ACCEPTED", text, sizeof text);
	wire_answer(s, x, sim_take(s, &e), 0, 200, text);
}

void
pawapay_status(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	bool out = strncmp(http_path(x), "/v2/payouts/", 12) == 0;
	const char *id = http_path_rest(x);
	struct entry *e = NULL;
	struct uuid reference;
	char text[900];
	struct buf b;

	if (!admitted(s, x))
		return;
	if (uuid_parse(id, strlen(id), &reference))
		e = book_find(s->book, &reference);
	if (e == NULL || e->out != out || strcmp(e->wire, "pawapay") != 0 ||
	    sim_now(s) < e->visible_ms) {
		answer_json(x, 200, "{\"status\":\"NOT_FOUND\"}");
		return;
	}
	buf_init(&b, text, sizeof text);
	buf_puts(&b, "{\"status\":\"FOUND\",\"data\":");
	describe(s, e, false, &b);
	buf_puts(&b, "}");
	wire_answer(s, x, e, ++e->queries, 200, text);
}

void
pawapay_balances(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	int64_t v = s->o.float_minor - book_paid(s->book, true);
	char text[160];

	if (!admitted(s, x))
		return;
	snprintf(text, sizeof text,
	         "{\"balances\":[{\"country\":\"ZMB\",\"balance\":\"%lld.%02d\","
	         "\"currency\":\"%.*s\"}]}",
	         (long long)(v / 100), (int)(v % 100), 3, s->o.currencies);
	answer_json(x, 200, text);
}
