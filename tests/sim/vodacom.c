/* M-Pesa of Vodacom: the OpenAPI with its session, and Mozambique's v1x on one port.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c.  A session
 * is refused until it woke (30 s of the world); the key seals are opened with the one key
 * the simulator has (GET /v1/rsa/encryption-keys). */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/script.h"
#include "tests/sim/wire.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SESSIONS_MAX 64
#define ID_MAX       40
#define WAKES_MS     30000

struct vodacom {
	struct {
		char text[40];
		int64_t usable_ms, expires_ms;
	} session[SESSIONS_MAX];

	unsigned minted;
};

static const struct wire_words words = {
	.auth_status = 401,
	.auth = "{\"output_error\":\"The session is not active\"}",
	.busy_status = 503,
	.busy = "{\"output_ResponseCode\":\"INS-16\",\"output_ResponseDesc\":\"Unable to "
	        "handle the request due to a temporary overloading\"}"
};

static void
refuse(struct http_exchange *x, int status, const char *code)
{
	char text[160];

	snprintf(text, sizeof text,
	         "{\"output_ResponseCode\":\"%s\",\"output_ResponseDesc\":\"refused\"}",
	         code);
	log_info("-", "vodacom_refused", "status=%d code=%s", status, code);
	answer_json(x, status, text);
}

static struct vodacom *
ours(struct sim *s)
{
	if (s->vodacom == NULL)
		s->vodacom = xzalloc(sizeof *s->vodacom);
	return s->vodacom;
}

void
vodacom_free(struct vodacom *v)
{
	free(v);
}

/* ---- who asks ---- */

static bool
key_is_known(struct sim *s, struct http_exchange *x)
{
	const char *wanted = s->o.account == NULL ? NULL : strchr(s->o.account, ':');
	unsigned char plain[300];

	return airtel_open(s, wire_bearer(x), plain, sizeof plain) > 0 &&
	       (wanted == NULL || strcmp((char *)plain, wanted + 1) == 0);
}

static void
give_session(struct sim *s, struct http_exchange *x)
{
	struct vodacom *v = ours(s);
	unsigned at = v->minted++ % SESSIONS_MAX;
	unsigned char bytes[14];
	char text[160];

	if (http_header(x, "Origin") == NULL || !key_is_known(s, x)) {
		refuse(x, 401, "INS-2");
		return;
	}
	ids_bytes(&s->ids, bytes, sizeof bytes);
	sodium_bin2hex(v->session[at].text, sizeof v->session[at].text, bytes,
	               sizeof bytes);
	v->session[at].usable_ms = sim_now(s) + sim_wait(s, WAKES_MS);
	v->session[at].expires_ms = sim_now(s) + s->o.token_seconds * 1000;
	snprintf(text, sizeof text,
	         "{\"output_ResponseCode\":\"INS-0\",\"output_ResponseDesc\":\"Request "
	         "processed successfully\",\"output_SessionID\":\"%s\"}",
	         v->session[at].text);
	answer_json(x, 200, text);
}

static bool
session_is_good(struct sim *s, struct http_exchange *x)
{
	unsigned char plain[300];

	if (airtel_open(s, wire_bearer(x), plain, sizeof plain) == 0)
		return false;
	for (unsigned i = 0; i < SESSIONS_MAX; i++)
		if (ours(s)->session[i].text[0] != '\0' &&
		    strcmp((char *)plain, ours(s)->session[i].text) == 0)
			return ours(s)->session[i].usable_ms <= sim_now(s) &&
			       ours(s)->session[i].expires_ms > sim_now(s);
	return false;
}

/* ---- payments ---- */

/* Any word up to 40 signs; one that is no UUID stands in the book under its hash. */
static bool
read_id(const char *id, struct uuid *out)
{
	char text[UUID_TEXT_SIZE];
	size_t n = 0, len = id == NULL ? 0 : strlen(id);

	if (len == 0 || len > ID_MAX)
		return false;
	for (unsigned i = 0; i < 32 && len == 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			text[n++] = '-';
		text[n++] = id[i];
	}
	if (n == 0 || !uuid_parse(text, n, out))
		crypto_generichash(out->b, sizeof out->b, (const unsigned char *)id, len,
		                   NULL, 0);
	return true;
}

/* The same for what only the OpenAPI wants. */
static const char *
read_market(const struct json *doc, const char *path, bool out)
{
	const char *country = json_get_text(doc, "input_Country");
	const char *about = json_get_text(doc, out ? "input_PaymentItemsDesc"
	                                           : "input_PurchasedItemsDesc");
	const char *market = path + strlen("/ipg/v2/"), *end = strchr(market, '/');

	if (country == NULL || strlen(country) != 3 || end == NULL || end - market < 3 ||
	    memcmp(end - 3, country, 3) != 0)
		return "INS-998";
	if (about == NULL || about[0] == '\0')
		return "INS-20";
	return strpbrk(about, ".,:;!?'\"-/()") != NULL ? "INS-30" : NULL;
}

/* NULL, or the code it is refused with.  The francs of Congo have no cents there. */
static const char *
read_order(const struct sim *s, const struct json *doc, bool market, struct entry *e)
{
	const char *number = json_get_text(doc, "input_CustomerMSISDN");
	const char *amount = json_get_text(doc, "input_Amount");
	const char *reference = json_get_text(doc, "input_TransactionReference");
	const char *currency = market ? json_get_text(doc, "input_Currency") : "MZN";
	const char *id = json_get_text(doc, market ? "input_ThirdPartyConversationID"
	                                           : "input_ThirdPartyReference");

	if (json_get_text(doc, "input_ServiceProviderCode") == NULL)
		return "INS-13";
	if (!read_id(id, &e->reference))
		return "INS-20";
	if (reference == NULL || reference[0] == '\0' || strlen(reference) > 20)
		return "INS-17";
	if (strchr(reference, ' ') != NULL)
		return "INS-1";
	if (number == NULL || strlen(number) < 10 || strlen(number) > 15 ||
	    strspn(number, "0123456789") != strlen(number))
		return "INS-2051";
	if (!wire_amount_is_fine(
	        amount, currency != NULL && strcmp(currency, "CDF") == 0 ? 0 : 2))
		return "INS-15";
	if (market && (currency == NULL || !list_has(s->o.currencies, currency)))
		return "INS-21";
	snprintf(e->number, sizeof e->number, "%s", number);
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	snprintf(e->currency, sizeof e->currency, "%s", currency);
	snprintf(e->external_id, sizeof e->external_id, "%s", id);
	return NULL;
}

/* Without a TransactionID: taken, and the rest is told later. */
static void
put_taken(const struct entry *e, bool market, char *out, size_t cap)
{
	snprintf(out, cap,
	         "{\"output_ResponseCode\":\"INS-0\",\"output_ResponseDesc\":\"Request "
	         "processed successfully\",\"output_ConversationID\":\"c-%s\","
	         "\"output_%s\":\"%s\"}",
	         e->external_id,
	         market ? "ThirdPartyConversationID" : "ThirdPartyReference",
	         e->external_id);
}

/* It holds the line while she types her PIN, and lets go of it too early (INS-9, paid all
 * the same); a payment that failed at once comes with the status of a door that is shut
 * (INS-6). */
static void
answer_taken(struct sim *s, struct http_exchange *x, struct entry *e, const char *text)
{
	const struct script *script = script_for(e->number, e->out);

	if (script->manner == SUBMIT_THEN_500) {
		refuse(x, 408, "INS-9");
	} else if (script->code != NULL &&
	           strcmp(script->code, "COULD_NOT_PERFORM_TRANSACTION") == 0 &&
	           e->state == ENTRY_PENDING) {
		sim_decide(s, e);
		refuse(x, 401, "INS-6");
	} else {
		wire_answer(s, x, e, 0, 201, text);
	}
}

static void
pay(struct sim *s, struct http_exchange *x, bool market, bool out)
{
	struct entry e = { .out = out, .wire = "vodacom" };
	const char *wrong;
	struct json *doc;
	char text[400];
	size_t n;
	const char *body = http_body(x, &n);

	doc = json_parse(body, n, NULL);
	wrong = json_is_object(doc) ? read_order(s, doc, market, &e) : "INS-20";
	if (wrong == NULL && market)
		wrong = read_market(doc, http_path(x), out);
	json_free(doc);
	if (wrong != NULL) {
		refuse(x, 400, wrong);
	} else if (book_find(s->book, &e.reference) != NULL) {
		refuse(x, 409, "INS-10");
	} else if (!wire_troubled(s, x, &words, &e.reference) &&
	           !wire_refused(x, &words, &e)) {
		put_taken(&e, market, text, sizeof text);
		answer_taken(s, x, sim_take(s, &e), text);
	}
}

/* NULL, or the code it is refused with.  The amount may be left out: all of it then. */
static const char *
read_reversal(const struct sim *s, const struct json *doc, bool market, struct entry *e)
{
	const char *id = json_get_text(doc, market ? "input_ThirdPartyConversationID"
	                                           : "input_ThirdPartyReference");
	const char *txn = json_get_text(doc, "input_TransactionID");
	const char *amount = json_get_text(doc, "input_ReversalAmount");
	const char *who = json_get_text(doc, "input_InitiatorIdentifier");
	const char *proof = json_get_text(doc, "input_SecurityCredential");
	const struct entry *c;

	if (json_get_text(doc, "input_ServiceProviderCode") == NULL)
		return "INS-13";
	if (!read_id(id, &e->reference))
		return "INS-20";
	if (!market && (who == NULL || who[0] == '\0'))
		return "INS-24";
	if (!market && (proof == NULL || strcmp(proof, s->o.airtel_pin) != 0))
		return "INS-25";
	c = txn == NULL ? NULL : book_collected(s->book, "vodacom", txn);
	if (c == NULL)
		return "INS-17";
	if (amount == NULL) /* so one client says it */
		amount = json_get_text(doc, "input_Amount");
	if (amount == NULL)
		amount = c->amount;
	if (!wire_amount_is_fine(amount, 2) ||
	    book_given_back(s->book, &c->reference) + amount_hundredths(amount) >
	        amount_hundredths(c->amount))
		return "INS-15";
	e->back = c->reference;
	memcpy(e->number, c->number, sizeof e->number);
	memcpy(e->currency, c->currency, sizeof e->currency);
	snprintf(e->amount, sizeof e->amount, "%s", amount);
	snprintf(e->external_id, sizeof e->external_id, "%s", id);
	return NULL;
}

/* PUT .../reversal/ */
static void
reverse(struct sim *s, struct http_exchange *x, bool market)
{
	struct entry e = { .out = true, .wire = "vodacom" };
	const char *wrong;
	struct json *doc;
	char text[400];
	size_t n;
	const char *body = http_body(x, &n);

	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	wrong = read_reversal(s, doc, market, &e);
	json_free(doc);
	if (!uuid_is_nil(&e.reference) && book_find(s->book, &e.reference) != NULL) {
		refuse(x, 409, "INS-10");
	} else if (wrong != NULL) {
		refuse(x, 400, wrong);
	} else if (!wire_troubled(s, x, &words, &e.reference)) {
		put_taken(&e, market, text, sizeof text);
		wire_answer(s, x, sim_take(s, &e), 0, 201, text);
	}
}

/* GET .../queryBeneficiaryName/: numbers ending in 07 have no wallet. */
static void
tell_name(struct http_exchange *x)
{
	const char *query = http_query(x);
	char number[32] = "", kind[16] = "", own[80] = "", shop[32] = "";
	size_t n = strlen(query);

	(void)form_get(query, n, "input_CustomerMSISDN", number, sizeof number);
	(void)form_get(query, n, "input_KycQueryType", kind, sizeof kind);
	(void)form_get(query, n, "input_ServiceProviderCode", shop, sizeof shop);
	(void)form_get(query, n, "input_ThirdPartyConversationID", own, sizeof own);
	n = strlen(number);
	if (shop[0] == '\0')
		refuse(x, 400, "INS-13");
	else if (own[0] == '\0' || strlen(own) > ID_MAX || strcmp(kind, "Name") != 0)
		refuse(x, 400, "INS-20");
	else if (n < 10 || strspn(number, "0123456789") != n ||
	         strcmp(number + n - 2, "07") == 0)
		refuse(x, 400, "INS-2051");
	else
		answer_json(x, 200,
		            "{\"output_ResponseCode\":\"INS-0\",\"output_ResponseDesc\":"
		            "\"Request processed successfully\","
		            "\"output_CustomerFirstName\":\"Neema\","
		            "\"output_CustomerLastName\":\"Mushi\"}");
}

/* By the caller's id or by ours. */
static struct entry *
find_by(struct sim *s, const char *id)
{
	struct entry *e = NULL;
	struct uuid reference;

	if (read_id(id, &reference))
		e = book_find(s->book, &reference);
	for (struct entry *i = book_first(s->book); e == NULL && i != NULL; i = i->next)
		if (strcmp(i->txn, id) == 0)
			e = i;
	return e != NULL && strcmp(e->wire, "vodacom") == 0 ? e : NULL;
}

/* The question has a name of its own. */
static void
tell_state(struct sim *s, struct http_exchange *x, bool market)
{
	static const char *const states[] = { "Pending", "Completed", "Failed" };
	const char *query = http_query(x);
	char id[64] = "", own[64] = "", text[300];
	struct entry *e;

	if (form_get(query, strlen(query), "input_ServiceProviderCode", own,
	             sizeof own) <= 0) {
		refuse(x, 400, "INS-13");
		return;
	}
	(void)form_get(query, strlen(query), "input_QueryReference", id, sizeof id);
	if (form_get(query, strlen(query),
	             market ? "input_ThirdPartyConversationID"
	                    : "input_ThirdPartyReference",
	             own, sizeof own) <= 0 ||
	    strlen(own) > ID_MAX || strcmp(own, id) == 0) {
		refuse(x, 400, "INS-20");
		return;
	}
	e = find_by(s, id);
	if (e == NULL || sim_now(s) < e->visible_ms) {
		answer_json(x, 200,
		            "{\"output_ResponseCode\":\"INS-0\","
		            "\"output_ResponseTransactionStatus\":\"N/A\"}");
		return;
	}
	snprintf(
	    text, sizeof text,
	    "{\"output_ResponseCode\":\"INS-0\",\"output_ResponseTransactionStatus\":"
	    "\"%s\",\"output_TransactionID\":\"%s\"}",
	    strcmp(e->reason, "EXPIRED") == 0             ? "Expired"
	    : strcmp(e->reason, "APPROVAL_REJECTED") == 0 ? "Cancelled"
	                                                  : states[e->state],
	    e->state == ENTRY_PAID ? e->txn : "N/A");
	wire_answer(s, x, e, ++e->queries, 200, text);
}

/* ".../getSession/" and the like: the last parts of the path tell what is asked. */
void
vodacom_handle(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *path = http_path(x);
	bool market = strncmp(path, "/ipg/v2/", 8) == 0;
	bool post = strcmp(http_method(x), "POST") == 0;
	bool get = strcmp(http_method(x), "GET") == 0;
	bool put = strcmp(http_method(x), "PUT") == 0;

	if (market && get && strstr(path, "/getSession/") != NULL)
		give_session(s, x);
	else if (market ? !session_is_good(s, x) : !key_is_known(s, x))
		answer_json(x, 401, words.auth);
	else if (post && strstr(path, "/c2bPayment/singleStage/") != NULL)
		pay(s, x, market, false);
	else if (post && strstr(path, "/b2cPayment/") != NULL)
		pay(s, x, market, true);
	else if (put && strstr(path, "/reversal/") != NULL)
		reverse(s, x, market);
	else if (get && strstr(path, "/queryTransactionStatus/") != NULL)
		tell_state(s, x, market);
	else if (get && market && strstr(path, "/queryBeneficiaryName/") != NULL)
		tell_name(x);
	else
		http_answer_text(x, 404, "");
}

static void
describe(struct sim *s, const struct entry *e, bool lies, struct buf *b)
{
	bool paid = (e->state == ENTRY_PAID) != lies;

	(void)s;
	buf_printf(b,
	           "{\"input_OriginalConversationID\":\"c-%s\",\"input_TransactionID\":"
	           "\"%s\",\"input_ResultCode\":\"%s\",\"input_ResultDesc\":\"x\","
	           "\"input_ThirdPartyConversationID\":\"%s\"}",
	           e->external_id, e->txn, paid ? "INS-0" : "INS-2006", e->external_id);
}

void
vodacom_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	wire_tell(s, e, "POST", s->o.vodacom_callback, times, describe);
}
