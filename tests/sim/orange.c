/* Orange Money's eWallet: cash-ins, their status, the balance.
 *
 * The book, the endings of numbers and the chaos knobs are those of mtn_pay.c; tokens are
 * those of gsma.c, another form asks for them. */
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/wire.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct wire_words words = {
	.auth_status = 401, .auth = "", .busy_status = 429, .busy = ""
};

static const struct {
	const char *reason, *code;
} codes[] = {
	{ "NOT_ENOUGH_FUNDS", "2020" },
	{ "PAYEE_NOT_FOUND", "2000" },
	{ "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "2022" },
	{ "PAYEE_NOT_ALLOWED_TO_RECEIVE", "2013" },
	{ NULL, "2041" },
};

static void
refuse(struct http_exchange *x, int status, const char *code)
{
	char text[160];

	snprintf(text, sizeof text,
	         "{\"type\":\"x\",\"title\":\"refused\",\"code\":\"%s\",\"status\":%d}",
	         code, status);
	log_info("-", "orange_refused", "status=%d code=%s", status, code);
	answer_json(x, status, text);
}

void
orange_token(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char id[120], secret[120], grant[40], pair[242], text[160], token[40];
	size_t n;
	const char *body = http_body(x, &n);

	if (form_get(body, n, "client_id", id, sizeof id) <= 0 ||
	    form_get(body, n, "client_secret", secret, sizeof secret) <= 0 ||
	    form_get(body, n, "grant_type", grant, sizeof grant) <= 0 ||
	    strcmp(grant, "client_credentials") != 0) {
		answer_json(x, 401, "{\"error\":\"invalid_client\"}");
		return;
	}
	snprintf(pair, sizeof pair, "%s:%s", id, secret);
	if (s->o.account != NULL && strcmp(pair, s->o.account) != 0) {
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

/* NULL, or the code it is refused with. */
static const char *
read_order(struct sim *s, const struct json *doc, struct entry *e)
{
	const struct json *partner = json_get(doc, "partner");
	const char *number = json_get_text(json_get(doc, "customer"), "id");
	const char *unit = json_get_text(json_get(doc, "amount"), "unit");
	const char *reference = json_get_text(doc, "reference");
	unsigned char pin[64];
	int64_t value;

	if (json_get_text(partner, "id") == NULL ||
	    airtel_open(s, json_get_text(partner, "encryptedPinCode"), pin, sizeof pin) ==
	        0 ||
	    strcmp((char *)pin, s->o.airtel_pin) != 0)
		return "2011";
	if (number == NULL || strlen(number) < 8 || strlen(number) > 15)
		return "2001";
	if (!json_get_i64(json_get(doc, "amount"), "value", &value) || value <= 0 ||
	    unit == NULL || !list_has(s->o.currencies, unit))
		return "4099";
	if (reference == NULL || !uuid_parse(reference, strlen(reference), &e->reference))
		return "4099";
	snprintf(e->number, sizeof e->number, "%s", number);
	snprintf(e->amount, sizeof e->amount, "%lld", (long long)value);
	snprintf(e->currency, sizeof e->currency, "%s", unit);
	return NULL;
}

static void
describe(const struct entry *e, char *out, size_t cap)
{
	static const char *const states[] = { "PENDING", "SUCCESS", "FAILED" };
	bool late = e->state == ENTRY_FAILED && strcmp(e->reason, "EXPIRED") == 0;
	char id[UUID_TEXT_SIZE];

	uuid_text(&e->reference, id);
	snprintf(out, cap,
	         "{\"transactionId\":\"CI-%s\",\"status\":\"%s\",\"reference\":\"%s\"}",
	         id, late ? "EXPIRED" : states[e->state], id);
}

void
orange_cashin(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct entry e = { .out = true, .wire = "orange" }, *kept;
	struct json *doc;
	const char *type = http_header(x, "Content-Type"), *wrong;
	char text[300];
	unsigned i = 0;
	size_t n;
	const char *body = http_body(x, &n);

	if (!gsma_admit(s, x))
		return;
	if (type == NULL || strncasecmp(type, "application/json", 16) != 0) {
		answer_json(x, 415,
		            "{\"title\":\"Unsupported Media Type\",\"status\":415}");
		return;
	}
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	wrong = !json_is_object(doc) ? "4099" : read_order(s, doc, &e);
	json_free(doc);
	if (wrong != NULL) {
		refuse(x, 400, wrong);
		return;
	}
	if (book_find(s->book, &e.reference) != NULL) /* paid again, under a new name */
		e.reference = ids_uuid4(&s->ids);
	if (wire_troubled(s, x, &words, &e.reference) || wire_refused(x, &words, &e))
		return;
	kept = sim_take(s, &e);
	if (kept->state == ENTRY_FAILED) {
		while (codes[i].reason != NULL &&
		       strcmp(codes[i].reason, kept->reason) != 0)
			i++;
		refuse(x, 400, codes[i].code);
		return;
	}
	describe(kept, text, sizeof text);
	wire_answer(s, x, kept, 0, 200, text);
}

void
orange_status(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *rest = http_path_rest(x), *end = strchr(rest, '/');
	struct uuid reference;
	struct entry *e = NULL;
	char text[300];

	if (!gsma_admit(s, x))
		return;
	if (end != NULL && strcmp(end, "/status") == 0 && strncmp(rest, "CI-", 3) == 0 &&
	    uuid_parse(rest + 3, (size_t)(end - rest) - 3, &reference))
		e = book_find(s->book, &reference);
	if (e == NULL || strcmp(e->wire, "orange") != 0 || sim_now(s) < e->visible_ms) {
		refuse(x, 404, "60");
		return;
	}
	describe(e, text, sizeof text);
	wire_answer(s, x, e, ++e->queries, 200, text);
}

void
orange_balance(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char text[100];

	if (!gsma_admit(s, x))
		return;
	snprintf(text, sizeof text, "{\"value\":%lld,\"unit\":\"%.3s\"}",
	         (long long)((s->o.float_minor - book_paid(s->book, true)) / 100),
	         s->o.currencies);
	answer_json(x, 200, text);
}

/* The key that PINs are sealed with, as its own page gives it. */
void
orange_key(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char text[1400], key[1200];

	if (!gsma_admit(s, x))
		return;
	airtel_key(s, key, sizeof key);
	snprintf(text, sizeof text,
	         "{\"keyId\":\"1\",\"keyType\":\"RSA\",\"keySize\":2048,\"key\":\"%s\"}",
	         key);
	answer_json(x, 200, text);
}

/* It has no callback of its own: the partner is asked to look. */
void
orange_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	(void)s, (void)e, (void)times;
}
