/* Airtel: collections, disbursements and the enquiry about both.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c.  A payout
 * that is decided soon is final in its first answer, a collection never is. */
#include "lib/json.h"
#include "lib/log.h"
#include "lib/msisdn.h"
#include "tests/sim/book.h"
#include "tests/sim/script.h"
#include "tests/sim/sim.h"
#include "tests/sim/wire.h"

#include <stdlib.h>
#include <string.h>

#define SLOW_MS 20000
#define SOON_MS 1000

/* What the book calls a failure, in Airtel's codes. */
static const struct {
	const char *reason, *in, *out;
} codes[] = {
	{ "NOT_ENOUGH_FUNDS", "DP00800001007", "DP00900001007" },
	{ "PAYMENT_NOT_APPROVED", "DP00800001002", "DP00900001005" },
	{ "APPROVAL_REJECTED", "DP00800001008", "DP00900001013" },
	{ "EXPIRED", "DP00800001029", "DP00900001005" },
	{ "PAYER_LIMIT_REACHED", "DP00800001003", "DP00900001003" },
	{ "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "DP00800001003",
	  "DP00900001003" },
	{ "PAYEE_NOT_FOUND", "DP00800001009", "DP00900001012" },
	{ NULL, "DP00800001009", "DP00900001005" },
};

static const char *
code_of(const struct entry *e)
{
	unsigned i = 0;

	if (e->state == ENTRY_PENDING)
		return e->out ? "DP00900001006" : "DP00800001006";
	if (e->state == ENTRY_PAID)
		return e->out ? "DP00900001001" : "DP00800001001";
	while (codes[i].reason != NULL && strcmp(codes[i].reason, e->reason) != 0)
		i++;
	return e->out ? codes[i].out : codes[i].in;
}

static void
put_status(struct json_writer *w, const char *code, const char *result, bool success)
{
	jw_object(w, "status");
	jw_text(w, "code", success ? "200" : "400");
	jw_text(w, "message", success ? "SUCCESS" : "FAILED");
	jw_text(w, "result_code", result);
	jw_text(w, "response_code", code);
	jw_bool(w, "success", success);
	jw_end_object(w);
}

/* Refusals come with HTTP 200. */
void
airtel_refuse(struct http_exchange *x, const char *code, const char *result)
{
	char text[300];
	struct json_writer w;
	struct buf b;

	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	put_status(&w, code, result, false);
	jw_end_object(&w);
	log_info("-", "airtel_refused", "code=%s", code);
	answer_json(x, 200, text);
}

static void
describe(const struct entry *e, const char *code, bool enquiry, struct buf *b)
{
	static const char *const states[] = { "TIP", "TS", "TF" };
	char hex[UUID_TEXT_SIZE], id[UUID_TEXT_SIZE];
	size_t n = 0;
	struct json_writer w;

	for (const char *c = uuid_text(&e->reference, hex); *c != '\0'; c++)
		if (*c != '-')
			id[n++] = *c;
	id[n] = '\0';
	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_object(&w, "data");
	jw_object(&w, "transaction");
	jw_text(&w, "id", id);
	if (e->state == ENTRY_PAID)
		jw_text(&w, "airtel_money_id", e->txn);
	jw_text(&w, "status", e->out || enquiry ? states[e->state] : "Success.");
	jw_end_object(&w);
	jw_end_object(&w);
	put_status(&w, code, "ESB000010", e->state != ENTRY_FAILED);
	jw_end_object(&w);
}

/* ---- reading ---- */

static bool
read_id(const char *id, struct uuid *out)
{
	char text[UUID_TEXT_SIZE];
	size_t n = 0;

	if (id == NULL || strlen(id) != 32)
		return false;
	for (unsigned i = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			text[n++] = '-';
		text[n++] = id[i];
	}
	return uuid_parse(text, n, out);
}

/* A number or a string of decimals. */
static bool
read_amount(const struct json *value, char *out, size_t cap)
{
	const char *text = json_text(value);
	int64_t v;

	if (text != NULL)
		snprintf(out, cap, "%s", text);
	else if (json_i64(value, &v))
		snprintf(out, cap, "%lld", (long long)v);
	return amount_hundredths(out) > 0;
}

/* NULL, or the code it is refused with. */
static const char *
read_order(const struct json *doc, struct http_exchange *x, bool second, struct entry *e)
{
	const struct json *t = json_get(doc, "transaction");
	const struct json *who = json_get(doc, e->out ? "payee" : "subscriber");
	const struct msisdn_country *c = msisdn_country(http_header(x, "X-Country"));
	const char *number = json_get_text(who, "msisdn");
	const char *reference = json_get_text(doc, "reference");
	const char *type = json_get_text(t, "type");
	const char *currency = json_get_text(who, "currency");

	snprintf(e->currency, sizeof e->currency, "%s", http_header(x, "X-Currency"));
	if (reference == NULL || strlen(reference) < 4 || strlen(reference) > 64 ||
	    !read_id(json_get_text(t, "id"), &e->reference))
		return e->out ? "DP00900001005" : "DP00800001009";
	snprintf(e->external_id, sizeof e->external_id, "%s", reference);
	if (number == NULL || strlen(number) != c->national ||
	    strspn(number, "0123456789") != c->national || number[0] == '0')
		return e->out ? "DP00900001012" : "DP00800001009";
	snprintf(e->number, sizeof e->number, "%s%.12s", c->cc, number);
	if (!read_amount(json_get(t, "amount"), e->amount, sizeof e->amount))
		return e->out ? "DP00900001004" : "DP00800001004";
	if (e->out && second &&
	    (type == NULL || strcmp(type, "B2C") != 0 || currency == NULL ||
	     strcmp(currency, e->currency) != 0))
		return "DP00900001005";
	/* no cents where the currency has none to pay with */
	if (strchr(e->amount, '.') != NULL && list_has("UGX,RWF,XAF", e->currency))
		return e->out ? "DP00900001004" : "DP00800001004";
	return NULL;
}

static bool
pin_is_right(struct sim *s, const struct json *doc)
{
	unsigned char pin[64];

	return airtel_open(s, json_get_text(doc, "pin"), pin, sizeof pin) > 0 &&
	       strcmp((char *)pin, s->o.airtel_pin) == 0;
}

/* ---- answering ---- */

static bool
troubled(struct sim *s, struct http_exchange *x, const struct uuid *reference,
         unsigned attempt)
{
	if (attempt == 0 && chaos_rolls(&s->chaos, CHAOS_AUTH, reference, 0))
		answer_json(x, 401, "{\"error\":\"invalid_token\"}");
	else if (chaos_rolls(&s->chaos, CHAOS_BUSY, reference, attempt))
		answer_json(x, 429, "{\"error\":\"rate_limit\"}");
	else if (chaos_rolls(&s->chaos, CHAOS_REFUSE500, reference, attempt))
		answer_json(x, 500, "");
	else
		return false;
	return true;
}

static void
answer_taken(struct sim *s, struct http_exchange *x, const struct entry *e,
             unsigned attempt, bool enquiry)
{
	const struct script *script = script_for(e->number, e->out);
	char text[700];
	struct buf b;

	buf_init(&b, text, sizeof text);
	describe(e, code_of(e), enquiry, &b);
	if (chaos_rolls(&s->chaos, CHAOS_LOSE, &e->reference, attempt))
		http_drop(x);
	else if (chaos_rolls(&s->chaos, CHAOS_DELAY, &e->reference, attempt))
		answer_later(s, x, s->chaos.delay_ms, 200, text);
	else if (chaos_rolls(&s->chaos, CHAOS_HTTP500, &e->reference, attempt))
		answer_json(x, 408, "{\"status_code\":\"CONNECTION_TIMEOUT\"}");
	else if (chaos_rolls(&s->chaos, CHAOS_GARBAGE, &e->reference, attempt))
		answer_garbage(x, e->reference.b[0] + attempt);
	else if (!enquiry && script->manner == SUBMIT_THEN_500)
		airtel_refuse(x, e->out ? "DP00900001000" : "DP00800001000", "ESB000008");
	else if (!enquiry && script->manner == SUBMIT_SLOW)
		answer_later(s, x, sim_wait(s, SLOW_MS), 200, text);
	else
		answer_json(x, 200, text);
}

static void
take(struct sim *s, struct http_exchange *x, struct entry *e)
{
	const struct script *script = script_for(e->number, e->out);

	if (book_find(s->book, &e->reference) != NULL) {
		airtel_refuse(x, e->out ? "DP00900001011" : "DP00800001000", "ESB000041");
		return;
	}
	if (troubled(s, x, &e->reference, book_attempt(s->book, &e->reference)))
		return;
	if (script->manner == SUBMIT_REFUSE) {
		answer_json(x, 429, "{\"error\":\"rate_limit\"}");
		return;
	}
	memcpy(e->wire, "airtel", sizeof "airtel");
	e = sim_take(s, e);
	if (e->out && e->state == ENTRY_PENDING && script->manner == SUBMIT_TAKE &&
	    script->decide_ms == SOON_MS)
		sim_decide(s, e);
	answer_taken(s, x, e, 0, false);
}

void
airtel_submit(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *path = http_path(x), *wrong;
	bool second = strstr(path, "/v2/") != NULL;
	struct entry e = { .out = strstr(path, "/disbursements/") != NULL };
	size_t n;
	const char *body = http_body(x, &n);
	struct json *doc;
	char *quoted;

	if (!airtel_admit(s, x) || !wire_is_json(x))
		return;
	if (!e.out && second && !airtel_signed(s, x)) {
		airtel_refuse(x, "DP00800001026", "ESB000028");
		return;
	}
	quoted = json_quote_fractions(body, &n);
	doc = json_parse(quoted, n, NULL);
	free(quoted);
	wrong = read_order(doc, x, second, &e);
	if (wrong == NULL && e.out && !pin_is_right(s, doc))
		wrong = "DP00900001016";
	json_free(doc);
	if (wrong != NULL)
		airtel_refuse(x, wrong, "ESB000004");
	else
		take(s, x, &e);
}

void
airtel_status(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	bool out = strstr(http_path(x), "/disbursements/") != NULL;
	struct entry *e = NULL;
	struct uuid reference;

	if (!airtel_admit(s, x))
		return;
	if (read_id(http_path_rest(x), &reference))
		e = book_find(s->book, &reference);
	if (e == NULL || e->out != out || strcmp(e->wire, "airtel") != 0 ||
	    sim_now(s) < e->visible_ms)
		airtel_refuse(x, out ? "DP00900001015" : "DP00800001025", "ESB000039");
	else
		answer_taken(s, x, e, ++e->queries, true);
}
