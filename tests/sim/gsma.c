/* GSMA Mobile Money API 1.2: disbursements and merchant payments, the state of a request,
 * the missing response, what was made, wallets, heartbeat.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c.  A payment
 * is asynchronous (202), and stands under our correlation id; its state and the
 * transaction have names made of it. */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/wire.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKENS_MAX 64

struct gsma {
	struct {
		char text[40];
		int64_t expires_ms;
	} token[TOKENS_MAX];

	unsigned minted;
};

const struct wire_words gsma_words = {
	.auth_status = 401,
	.auth = "",
	.busy_status = 503,
	.busy = "{\"errorCategory\":\"serviceUnavailable\",\"errorCode\":"
	        "\"serviceUnavailable\",\"errorDescription\":\"try later\"}"
};

static const struct {
	const char *reason, *code;
} codes[] = {
	{ "NOT_ENOUGH_FUNDS", "insufficientFunds" },
	{ "PAYMENT_NOT_APPROVED", "requestDeclined" },
	{ "APPROVAL_REJECTED", "requestDeclined" },
	{ "EXPIRED", "requestDeclined" },
	{ "PAYER_LIMIT_REACHED", "dailyValueLimitExceeded" },
	{ "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "maxBalanceExceeded" },
	{ "PAYEE_NOT_FOUND", "identifierError" },
	{ NULL, "incorrectState" },
};

const char *
gsma_code_of(const struct entry *e)
{
	unsigned i = 0;

	while (codes[i].reason != NULL && strcmp(codes[i].reason, e->reason) != 0)
		i++;
	return codes[i].code;
}

void
gsma_refuse(struct http_exchange *x, int status, const char *category, const char *code)
{
	char text[200];

	snprintf(text, sizeof text,
	         "{\"errorCategory\":\"%s\",\"errorCode\":\"%s\",\"errordescription\":"
	         "\"refused\"}",
	         category, code);
	log_info("-", "gsma_refused", "status=%d code=%s", status, code);
	answer_json(x, status, text);
}

/* ---- tokens ---- */

static struct gsma *
ours(struct sim *s)
{
	if (s->gsma == NULL)
		s->gsma = xzalloc(sizeof *s->gsma);
	return s->gsma;
}

void
gsma_free(struct gsma *g)
{
	free(g);
}

void
gsma_mint(struct sim *s, char out[40])
{
	struct gsma *g = ours(s);
	unsigned at = g->minted++ % TOKENS_MAX;
	unsigned char bytes[16];

	ids_bytes(&s->ids, bytes, sizeof bytes);
	sodium_bin2hex(g->token[at].text, sizeof g->token[at].text, bytes, sizeof bytes);
	g->token[at].expires_ms = sim_now(s) + s->o.token_seconds * 1000;
	memcpy(out, g->token[at].text, sizeof g->token[at].text);
}

void
gsma_token(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char grant[40], text[160], token[40];
	size_t n;
	const char *body = http_body(x, &n);

	if (!wire_basic(s, x) ||
	    form_get(body, n, "grant_type", grant, sizeof grant) <= 0 ||
	    strcmp(grant, "client_credentials") != 0) {
		answer_json(x, 401, "{\"error\":\"invalid_client\"}");
		return;
	}
	gsma_mint(s, token);
	snprintf(
	    text, sizeof text,
	    "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%lld}",
	    token, (long long)s->o.token_seconds);
	answer_json(x, 200, text);
}

bool
gsma_admit(struct sim *s, struct http_exchange *x)
{
	const char *key = wire_bearer(x);

	for (unsigned i = 0; i < TOKENS_MAX && key[0] != '\0'; i++)
		if (strcmp(key, ours(s)->token[i].text) == 0 &&
		    ours(s)->token[i].expires_ms > sim_now(s))
			return true;
	answer_json(x, 401, "");
	return false;
}

/* ---- payments ---- */

/* A reversal is kept as a payout that names what it reverses. */
static bool
is_reversal(const struct entry *e)
{
	return e->payee_note[0] != '\0';
}

static void
describe(struct sim *s, const struct entry *e, bool lies, struct buf *b)
{
	bool paid = (e->state == ENTRY_PAID) != lies;
	char id[UUID_TEXT_SIZE];
	struct json_writer w;

	(void)s;
	jw_init(&w, b);
	jw_object(&w, NULL);
	if (e->state != ENTRY_PENDING && !paid) {
		jw_text(&w, "errorCategory", "businessRule");
		jw_text(&w, "errorCode", gsma_code_of(e));
	} else {
		jw_text(&w, "transactionReference", uuid_text(&e->reference, id));
		jw_text(&w, "transactionStatus", paid ? "completed" : "pending");
		jw_text(&w, "amount", e->amount);
		jw_text(&w, "currency", e->currency);
		jw_text(&w, "type",
		        is_reversal(e) ? "reversal"
		        : e->out       ? "disbursement"
		                       : "merchantpay");
		if (e->external_id[0] != '\0')
			jw_text(&w, "requestingOrganisationTransactionReference",
			        e->external_id);
	}
	jw_end_object(&w);
}

void
gsma_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	wire_tell(s, e, "PUT", e->callback_url, times, describe);
}

/* The value of a party's key, NULL if it has none. */
static const char *
party(const struct json *list, const char *key)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const char *name = json_get_text(json_at(list, i), "key");

		if (name != NULL && strcmp(name, key) == 0)
			return json_get_text(json_at(list, i), "value");
	}
	return NULL;
}

/* NULL, or the code it is refused with. */
const char *
gsma_read_order(const struct sim *s, const struct json *doc, struct entry *e)
{
	const char *number =
	    party(json_get(doc, e->out ? "creditParty" : "debitParty"), "msisdn");
	const char *wallet =
	    party(json_get(doc, e->out ? "debitParty" : "creditParty"), "walletid");
	const char *amount = json_get_text(doc, "amount");
	const char *currency = json_get_text(doc, "currency");
	const char *ours_ =
	    json_get_text(doc, "requestingOrganisationTransactionReference");

	if (number == NULL || number[0] != '+' || strlen(number) > 16 ||
	    strspn(number + 1, "0123456789") != strlen(number + 1) || wallet == NULL)
		return "identifierError";
	if (currency == NULL || !list_has(s->o.currencies, currency))
		return "currencyNotSupported";
	if (!wire_amount_is_fine(amount, 2))
		return "formatError";
	snprintf(e->number, sizeof e->number, "%s", number + 1);
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	snprintf(e->currency, sizeof e->currency, "%s", currency);
	snprintf(e->external_id, sizeof e->external_id, "%s", ours_ == NULL ? "" : ours_);
	return NULL;
}

static void
put_state(const struct entry *e, char *out, size_t cap)
{
	char id[UUID_TEXT_SIZE];

	uuid_text(&e->reference, id);
	if (e->state == ENTRY_FAILED)
		snprintf(out, cap,
		         "{\"serverCorrelationId\":\"s-%s\",\"status\":\"failed\","
		         "\"notificationMethod\":\"callback\",\"error\":{"
		         "\"errorCategory\":\"businessRule\",\"errorCode\":\"%s\"}}",
		         id, gsma_code_of(e));
	else if (e->state == ENTRY_PAID)
		snprintf(
		    out, cap,
		    "{\"serverCorrelationId\":\"s-%s\",\"status\":\"completed\","
		    "\"notificationMethod\":\"callback\",\"objectReference\":\"%s\"}",
		    id, id);
	else
		snprintf(out, cap,
		         "{\"serverCorrelationId\":\"s-%s\",\"status\":\"pending\","
		         "\"notificationMethod\":\"callback\",\"pendingReason\":"
		         "\"awaiting the person\",\"pollLimit\":100}",
		         id);
}

static struct entry *
find(struct sim *s, const char *id)
{
	struct uuid reference;
	struct entry *e = uuid_parse(id, strlen(id), &reference)
	                      ? book_find(s->book, &reference)
	                      : NULL;

	return e != NULL && strcmp(e->wire, "gsma") == 0 && sim_now(s) >= e->visible_ms
	           ? e
	           : NULL;
}

/* The JSON of what makes a transaction under e; NULL: it was answered. */
static struct json *
read_request(struct sim *s, struct http_exchange *x, struct entry *e)
{
	const char *id = http_header(x, "X-CorrelationID");
	const char *url = http_header(x, "X-Callback-URL");
	const char *type = http_header(x, "Content-Type");
	struct json *doc;
	size_t n;
	const char *body = http_body(x, &n);

	if (!gsma_admit(s, x))
		return NULL;
	if (id == NULL || !uuid_parse(id, strlen(id), &e->reference)) {
		gsma_refuse(x, 400, "validation", "mandatoryValueNotSupplied");
		return NULL;
	}
	snprintf(e->callback_url, sizeof e->callback_url, "%s", url == NULL ? "" : url);
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	if (type != NULL && strncasecmp(type, "application/json", 16) == 0 &&
	    json_is_object(doc))
		return doc;
	json_free(doc);
	gsma_refuse(x, 400, "validation", "formatError");
	return NULL;
}

/* Seen before, in trouble, or taken. */
static void
take(struct sim *s, struct http_exchange *x, struct entry *e)
{
	struct entry *kept;
	char text[400];

	if (gsma_is_of_batch(s, &e->reference)) /* no such id was seen: it pays again */
		e->reference = ids_uuid4(&s->ids);
	if (book_find(s->book, &e->reference) != NULL) {
		gsma_refuse(x, 400, "businessRule", "duplicateRequest");
	} else if (s->service[e->out] == SERVES_NOT) {
		answer_json(x, gsma_words.busy_status, gsma_words.busy);
	} else if (!wire_troubled(s, x, &gsma_words, &e->reference) &&
	           !wire_refused(x, &gsma_words, e)) {
		kept = sim_take(s, e);
		put_state(kept, text, sizeof text);
		wire_answer(s, x, kept, 0, 202, text);
	}
}

void
gsma_submit(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = strstr(http_path(x), "/disbursement") != NULL,
		           .wire = "gsma" };
	struct json *doc = read_request(s, x, &e);
	const char *wrong;

	if (doc == NULL)
		return;
	wrong = gsma_read_order(s, doc, &e);
	json_free(doc);
	if (wrong != NULL)
		gsma_refuse(x, 400, "validation", wrong);
	else
		take(s, x, &e);
}

static int64_t
reversed(struct sim *s, const char *original)
{
	int64_t sum = 0;

	for (const struct entry *e = book_first(s->book); e != NULL; e = e->next)
		if (is_reversal(e) && strcmp(e->wire, "gsma") == 0 &&
		    strcmp(e->payee_note, original) == 0 && e->state != ENTRY_FAILED)
			sum += amount_hundredths(e->amount);
	return sum;
}

/* POST /transactions/REFERENCE/reversals: back to where it came from. */
void
gsma_reverse(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = true, .wire = "gsma" };
	const char *rest = http_path_rest(x), *amount, *type, *ours;
	struct json *doc = read_request(s, x, &e);
	const struct entry *of;
	char name[UUID_TEXT_SIZE] = "";

	if (doc == NULL)
		return;
	if (strlen(rest) == UUID_TEXT_SIZE - 1 + 10 &&
	    strcmp(rest + UUID_TEXT_SIZE - 1, "/reversals") == 0)
		memcpy(name, rest, UUID_TEXT_SIZE - 1);
	of = find(s, name);
	type = json_get_text(doc, "type");
	amount = json_get_text(doc, "amount");
	if (of == NULL || of->out) {
		gsma_refuse(x, 404, "identification", "identifierError");
	} else if (type == NULL || strcmp(type, "reversal") != 0) {
		gsma_refuse(x, 400, "validation", "mandatoryValueNotSupplied");
	} else if (of->state != ENTRY_PAID) {
		gsma_refuse(x, 400, "businessRule", "incorrectState");
	} else if (amount != NULL && !wire_amount_is_fine(amount, 2)) {
		gsma_refuse(x, 400, "validation", "formatError");
	} else {
		snprintf(e.amount, sizeof e.amount, "%s",
		         amount == NULL ? of->amount : amount);
		ours = json_get_text(doc, "requestingOrganisationTransactionReference");
		snprintf(e.external_id, sizeof e.external_id, "%s",
		         ours == NULL ? "" : ours);
		memcpy(e.payee_note, name, sizeof name);
		memcpy(e.number, of->number, sizeof e.number);
		memcpy(e.currency, of->currency, sizeof e.currency);
		if (book_find(s->book, &e.reference) == NULL &&
		    reversed(s, name) + amount_hundredths(e.amount) >
		        amount_hundredths(of->amount))
			gsma_refuse(x, 400, "businessRule", "overPaymentNotAllowed");
		else
			take(s, x, &e);
	}
	json_free(doc);
}

/* What was made of a correlation id: a link, as soon as there is something. */
void
gsma_response(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry *e;
	char text[200], id[UUID_TEXT_SIZE];

	if (!gsma_admit(s, x))
		return;
	e = find(s, http_path_rest(x));
	if (e != NULL && gsma_is_of_batch(s, &e->reference))
		e = NULL;
	if (gsma_batch_response(s, x, http_path_rest(x)))
		return;
	if (e == NULL || e->state == ENTRY_PENDING) {
		gsma_refuse(x, 404, "identification", "identifierError");
		return;
	}
	snprintf(text, sizeof text, "{\"link\":\"/%s%s\"}",
	         e->state == ENTRY_PAID ? "transactions/" : "requeststates/s-",
	         uuid_text(&e->reference, id));
	wire_answer(s, x, e, ++e->queries, 200, text);
}

void
gsma_state(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *id = http_path_rest(x);
	struct entry *e;
	char text[400];

	if (!gsma_admit(s, x))
		return;
	e = strncmp(id, "s-", 2) == 0 ? find(s, id + 2) : NULL;
	if (e == NULL) {
		gsma_refuse(x, 404, "identification", "identifierError");
		return;
	}
	put_state(e, text, sizeof text);
	wire_answer(s, x, e, ++e->queries, 200, text);
}

void
gsma_transaction(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry *e;
	char text[600];
	struct buf b;

	if (!gsma_admit(s, x))
		return;
	e = find(s, http_path_rest(x));
	if (e == NULL || e->state != ENTRY_PAID) {
		gsma_refuse(x, 404, "identification", "identifierError");
		return;
	}
	buf_init(&b, text, sizeof text);
	describe(s, e, false, &b);
	wire_answer(s, x, e, ++e->queries, 200, text);
}

/* ---- wallets ---- */

void
gsma_account(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *rest = http_path_rest(x), *what = strrchr(rest, '/');
	int64_t v = s->o.float_minor - book_paid(s->book, true);
	char text[160];

	if (!gsma_admit(s, x))
		return;
	bool known = what != NULL && (what - rest < 2 || memcmp(what - 2, "07", 2) != 0);

	if (known && strcmp(what, "/balance") == 0) {
		snprintf(text, sizeof text,
		         "{\"currentBalance\":\"%lld.%02d\",\"currency\":\"%.3s\","
		         "\"accountStatus\":\"available\"}",
		         (long long)(v / 100), (int)(v % 100), s->o.currencies);
		answer_json(x, 200, text);
	} else if (known && strcmp(what, "/accountname") == 0) {
		answer_json(x, 200, "{\"name\":{\"fullName\":\"Neema Mushi\"}}");
	} else if (known && strcmp(what, "/status") == 0) {
		answer_json(x, 200, "{\"accountStatus\":\"available\"}");
	} else {
		gsma_refuse(x, 404, "identification", "identifierError");
	}
}

void
gsma_heartbeat(void *arg, struct http_exchange *x)
{
	static const char *const words_[] = { "available", "degraded", "unavailable" };
	struct sim *s = arg;
	enum service worst =
	    s->service[0] > s->service[1] ? s->service[0] : s->service[1];
	char text[80];

	if (!gsma_admit(s, x))
		return;
	snprintf(text, sizeof text, "{\"serviceStatus\":\"%s\",\"delay\":%d}",
	         words_[worst], worst == SERVES ? 0 : 30);
	answer_json(x, 200, text);
}
