/* pawaPay v2: deposits, payouts, refunds and their state.  Questions: pawapay_ask.c.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c.  Any
 * bearer is taken, or the key of --account. */
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/script.h"
#include "tests/sim/wire.h"

#include <string.h>
#include <strings.h>

#define UNCLEAR_MS 60000 /* then they look into it */

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

bool
pawapay_admit(struct sim *s, struct http_exchange *x)
{
	const char *key = wire_bearer(x);
	const char *wanted = s->o.account == NULL ? NULL : strchr(s->o.account, ':');

	if (key[0] != '\0' && (wanted == NULL || strcmp(key, wanted + 1) == 0))
		return true;
	answer_json(x, 401, words.auth);
	return false;
}

static bool
is_refund(const struct entry *e)
{
	return e->payee_note[0] != '\0';
}

/* A refund is kept as a payout with the id of its deposit. */
static const char *
id_of(const struct entry *e)
{
	return !e->out ? "depositId" : is_refund(e) ? "refundId" : "payoutId";
}

static void
refuse(struct http_exchange *x, const struct entry *e, const char *code)
{
	char text[300], id[UUID_TEXT_SIZE];

	snprintf(text, sizeof text,
	         "{\"%s\":\"%s\",\"status\":\"REJECTED\",\"failureReason\":{"
	         "\"failureCode\":\"%s\",\"failureMessage\":\"refused\"}}",
	         id_of(e), uuid_text(&e->reference, id), code);
	log_info("-", "pawapay_refused", "code=%s", code);
	answer_json(x, 200, text);
}

/* What is no request at all: 400, and no id to name. */
static void
refuse_all(struct http_exchange *x, int status, const char *code)
{
	char text[160];

	snprintf(text, sizeof text,
	         "{\"failureReason\":{\"failureCode\":\"%s\",\"failureMessage\":"
	         "\"refused\"}}",
	         code);
	log_info("-", "pawapay_refused", "status=%d code=%s", status, code);
	answer_json(x, status, text);
}

static void
told(const struct entry *e, const char *status, char *out, size_t cap)
{
	char id[UUID_TEXT_SIZE];

	snprintf(out, cap, "{\"%s\":\"%s\",\"status\":\"%s\"}", id_of(e),
	         uuid_text(&e->reference, id), status);
}

/* The payment as it stands, or its opposite. */
static void
describe(struct sim *s, const struct entry *e, bool lies, struct buf *b)
{
	static const char *const states[] = { "PROCESSING", "COMPLETED", "FAILED" };
	int64_t decide_ms = script_for(e->number, e->out)->decide_ms;
	bool paid = e->state == ENTRY_PAID;
	const char *state = states[e->state];
	char id[UUID_TEXT_SIZE];
	struct json_writer w;

	if (e->state == ENTRY_PENDING && s->service[e->out] == SERVES_SLOWLY)
		state = "ENQUEUED";
	else if (e->state == ENTRY_PENDING && decide_ms < 0) /* it never leaves this */
		state = "SUBMITTED";
	else if (e->state == ENTRY_PENDING && decide_ms > UNCLEAR_MS)
		state = "IN_RECONCILIATION";
	if (lies)
		state = paid ? "FAILED" : "COMPLETED";
	jw_init(&w, b);
	jw_object(&w, NULL);
	if (!chaos_rolls(&s->chaos, CHAOS_NOID, &e->reference, 0) || !lies)
		jw_text(&w, id_of(e), uuid_text(&e->reference, id));
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

/* As its active configuration says of a few: decimals and bounds of what is taken and of
 * what is paid out; the others take two decimals. */
static const char *
wrong_amount(const struct entry *e, const char *provider, const char *currency,
             const char *amount)
{
	static const struct {
		const char *provider, *currency;
		unsigned decimals[2];
		int64_t least[2], most;
	} rows[] = {
		{ "VODACOM_MPESA_COD", "CDF", { 0, 0 }, { 500, 1000 }, 1000000 },
		{ "MPESA_KEN", "KES", { 0, 2 }, { 1, 1 }, 250000 },
		{ "MTN_MOMO_UGA", "UGX", { 2, 2 }, { 500, 500 }, 5000000 },
		{ "AIRTEL_OAPI_UGA", "UGX", { 0, 0 }, { 500, 500 }, 5000000 },
		{ "TIGO_TZA", "TZS", { 0, 0 }, { 1, 1 }, INT64_MAX / 100 },
		{ "HALOTEL_TZA", "TZS", { 0, 0 }, { 1, 1 }, INT64_MAX / 100 },
	};

	unsigned decimals = 2;
	int64_t v;

	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].provider, provider) != 0 ||
		    strcmp(rows[i].currency, currency) != 0)
			continue;
		v = amount == NULL ? -1 : amount_hundredths(amount);
		decimals = rows[i].decimals[e->out];
		if (wire_amount_is_fine(amount, decimals) &&
		    (v < rows[i].least[e->out] * 100 || v > rows[i].most * 100))
			return "AMOUNT_OUT_OF_BOUNDS";
	}
	return wire_amount_is_fine(amount, decimals) ? NULL : "INVALID_AMOUNT";
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
	if (wrong_amount(e, provider, currency, amount) != NULL)
		return wrong_amount(e, provider, currency, amount);
	if (message != NULL && (strlen(message) < 4 || strlen(message) > 22))
		return "INVALID_PARAMETER";
	snprintf(e->number, sizeof e->number, "%s", number);
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	snprintf(e->currency, sizeof e->currency, "%s", currency);
	snprintf(e->external_id, sizeof e->external_id, "%s", provider);
	return NULL;
}

/* The JSON of what may move money; NULL: it was answered. */
static struct json *
read_request(struct sim *s, struct http_exchange *x)
{
	const char *type = http_header(x, "Content-Type");
	struct json *doc;
	size_t n;
	const char *body = http_body(x, &n);

	if (!pawapay_admit(s, x))
		return NULL;
	if (s->pawapay_customer[0] != '\0' && !pawapay_is_signed(s, x)) {
		refuse_all(x, 403, "HTTP_SIGNATURE_ERROR");
		return NULL;
	}
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	if (type == NULL || strncasecmp(type, "application/json", 16) != 0 ||
	    !json_is_object(doc)) {
		json_free(doc);
		refuse_all(x, 400, "INVALID_INPUT");
		return NULL;
	}
	return doc;
}

/* Refused, known already, in trouble, or taken. */
static void
decide(struct sim *s, struct http_exchange *x, struct entry *e, const char *wrong)
{
	char text[200];

	if (wrong != NULL) {
		refuse(x, e, wrong);
	} else if (book_find(s->book, &e->reference) != NULL) {
		told(e, "DUPLICATE_IGNORED", text, sizeof text);
		answer_json(x, 200, text);
	} else if (s->service[e->out] == SERVES_NOT) {
		refuse(x, e, "PROVIDER_TEMPORARILY_UNAVAILABLE");
	} else if (!wire_troubled(s, x, &words, &e->reference) &&
	           !wire_refused(x, &words, e)) {
		told(e, "ACCEPTED", text, sizeof text);
		wire_answer(s, x, sim_take(s, e), 0, 200, text);
	}
}

static bool
read_id(const struct json *doc, const char *key, struct uuid *out)
{
	const char *id = json_get_text(doc, key);

	return id != NULL && uuid_parse(id, strlen(id), out);
}

void
pawapay_submit(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = strcmp(http_path(x), "/v2/payouts") == 0,
		           .wire = "pawapay" };
	struct json *doc = read_request(s, x);
	const char *wrong;

	if (doc == NULL)
		return;
	wrong = read_id(doc, id_of(&e), &e.reference) ? read_order(s, doc, &e)
	                                              : "INVALID_PARAMETER";
	json_free(doc);
	decide(s, x, &e, wrong);
}

/* What was given back of a deposit, or is on its way: in hundredths. */
static int64_t
given_back(struct sim *s, const char *deposit)
{
	int64_t sum = 0;

	for (const struct entry *e = book_first(s->book); e != NULL; e = e->next)
		if (is_refund(e) && strcmp(e->wire, "pawapay") == 0 &&
		    strcmp(e->external_id, deposit) == 0 && e->state != ENTRY_FAILED)
			sum += amount_hundredths(e->amount);
	return sum;
}

static const char *
read_refund(struct sim *s, const struct json *doc, struct entry *e)
{
	const char *amount = json_get_text(doc, "amount");
	const char *currency = json_get_text(doc, "currency");
	const struct entry *of = NULL;
	struct uuid deposit;
	char id[UUID_TEXT_SIZE];

	if (read_id(doc, "depositId", &deposit))
		of = book_find(s->book, &deposit);
	if (of == NULL || of->out || strcmp(of->wire, "pawapay") != 0)
		return "DEPOSIT_NOT_FOUND";
	if (of->state != ENTRY_PAID)
		return "DEPOSIT_NOT_COMPLETED";
	if (amount == NULL) /* all of it */
		amount = of->amount;
	if (!wire_amount_is_fine(amount, 2))
		return "INVALID_AMOUNT";
	if (currency != NULL && strcmp(currency, of->currency) != 0)
		return "INVALID_CURRENCY";
	uuid_text(&deposit, id);
	if (given_back(s, id) >= amount_hundredths(of->amount))
		return "DEPOSIT_ALREADY_REFUNDED";
	if (given_back(s, id) + amount_hundredths(amount) > amount_hundredths(of->amount))
		return "AMOUNT_TOO_LARGE";
	memcpy(e->number, of->number, sizeof e->number);
	memcpy(e->currency, of->currency, sizeof e->currency);
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	memcpy(e->external_id, id, sizeof id);
	return NULL;
}

void
pawapay_refund(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = true, .wire = "pawapay", .payee_note = "refund" };
	struct json *doc = read_request(s, x);
	const char *wrong = "INVALID_PARAMETER";

	if (doc == NULL)
		return;
	if (read_id(doc, "refundId", &e.reference))
		wrong = book_find(s->book, &e.reference) != NULL
		            ? NULL
		            : read_refund(s, doc, &e);
	json_free(doc);
	decide(s, x, &e, wrong);
}

void
pawapay_status(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	bool back = strncmp(http_path(x), "/v2/refunds/", 12) == 0;
	bool out = back || strncmp(http_path(x), "/v2/payouts/", 12) == 0;
	const char *id = http_path_rest(x);
	struct entry *e = NULL;
	struct uuid reference;
	char text[900];
	struct buf b;

	if (!pawapay_admit(s, x))
		return;
	if (uuid_parse(id, strlen(id), &reference))
		e = book_find(s->book, &reference);
	if (e == NULL || e->out != out || is_refund(e) != back ||
	    strcmp(e->wire, "pawapay") != 0 || sim_now(s) < e->visible_ms) {
		answer_json(x, 200, "{\"status\":\"NOT_FOUND\"}");
		return;
	}
	buf_init(&b, text, sizeof text);
	buf_puts(&b, "{\"status\":\"FOUND\",\"data\":");
	describe(s, e, false, &b);
	buf_puts(&b, "}");
	wire_answer(s, x, e, ++e->queries, 200, text);
}
