/* MTN: requesttopay, transfer, deposit, refund and their status.
 *
 *   admitted -> read -> taken (in the book) -> answered
 *                          `-> decided (in the book) -> called back
 *
 * Everything a payment will suffer is decided by its number's script and the chaos knobs.
 */
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/mtn_callback.h"
#include "tests/sim/script.h"
#include "tests/sim/sim.h"
#include "tests/sim/wire.h"

#include <string.h>

#define RECANT_MS       300000
#define SLOW_MS         20000
#define EARLY_ANSWER_MS 300
#define NOTE_MAX        160

/* ---- deciding ---- */

static void
recant(void *arg)
{
	struct entry *e = arg;
	struct sim *s = e->owner;

	e->timer = NULL;
	book_decide(s->book, e, ENTRY_PAID, "");
	mtn_call_back(s, e, 1);
}

static void
decide(void *arg)
{
	struct entry *e = arg;
	struct sim *s = e->owner;
	const struct script *script = script_for(e->number, e->out);
	const char *reason = script->code;
	char reference[UUID_TEXT_SIZE];

	e->timer = NULL;
	if (reason == NULL && e->out &&
	    s->o.float_minor - book_paid(s->book, true) < amount_hundredths(e->amount))
		reason = "NOT_ENOUGH_FUNDS";
	book_decide(s->book, e, reason == NULL ? ENTRY_PAID : ENTRY_FAILED,
	            reason == NULL ? "" : reason);
	log_info(uuid_text(&e->reference, reference), "decided", "state=%s reason=%s",
	         entry_state_name(e->state), e->reason);
	mtn_call_back(s, e, script->callbacks);
	if (script->recants)
		e->timer = timer_start(s->loop, sim_wait(s, RECANT_MS), recant, e);
}

/* POST /decide with reference, state (paid, failed) and reason: a person decides, for a
 * payment that waits. */
void
decide_now(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char text[64], state[16], reason[64] = "";
	struct uuid reference;
	struct entry *e = NULL;
	size_t n;
	const char *body = http_body(x, &n);

	if (form_get(body, n, "reference", text, sizeof text) > 0 &&
	    uuid_parse(text, strlen(text), &reference))
		e = book_find(s->book, &reference);
	if (e == NULL || e->state != ENTRY_PENDING) {
		http_answer_text(x, 404, "reference: no pending payment\n");
		return;
	}
	if (form_get(body, n, "state", state, sizeof state) <= 0 ||
	    (strcmp(state, "paid") != 0 && strcmp(state, "failed") != 0)) {
		http_answer_text(x, 400, "state: paid or failed\n");
		return;
	}
	(void)form_get(body, n, "reason", reason, sizeof reason);
	timer_cancel(&e->timer);
	book_decide(s->book, e, strcmp(state, "paid") == 0 ? ENTRY_PAID : ENTRY_FAILED,
	            reason);
	mtn_call_back(s, e, 1);
	http_answer_text(x, 200, "decided\n");
}

static void
schedule(struct sim *s, struct entry *e)
{
	const struct script *script = script_for(e->number, e->out);

	e->owner = s;
	if (script->decide_ms >= 0)
		e->timer =
		    timer_start(s->loop, sim_wait(s, script->decide_ms), decide, e);
}

void
mtn_resume(struct sim *s)
{
	unsigned n = 0;

	for (struct entry *e = book_first(s->book); e != NULL; e = e->next) {
		if (e->state == ENTRY_PENDING) {
			schedule(s, e);
			n++;
		}
	}
	if (n > 0)
		log_info("-", "resumed", "pending=%u", n);
}

/* ---- reading ---- */

static bool
host_agrees(const char *url, const char *hosts)
{
	const char *start = strstr(url, "://");
	char host[128];

	if (start == NULL || strcmp(hosts, "*") == 0)
		return start != NULL;
	start += 3;
	snprintf(host, sizeof host, "%.*s", (int)strcspn(start, ":/?"), start);
	return list_has(hosts, host);
}

static bool
take_text(const struct json *of, const char *key, char *out, size_t cap)
{
	const char *text = json_get_text(of, key);

	return text != NULL && (size_t)snprintf(out, cap, "%s", text) < cap;
}

/* The real one refuses notes that are long or hold an apostrophe. */
static bool
take_note(const struct json *of, const char *key, char *out, size_t cap)
{
	return json_get(of, key) == NULL ||
	       (take_text(of, key, out, cap) && strlen(out) <= NOTE_MAX &&
	        strpbrk(out, "'\"<>&") == NULL);
}

/* Who gets it back: the payer of that collection, and not more than was collected. */
static bool
find_collection(const struct product *p, struct http_exchange *x, struct entry *e)
{
	const struct entry *c = book_find(p->sim->book, &e->back);

	if (c == NULL || c->out || c->state != ENTRY_PAID || c->wire[0] != '\0') {
		answer_error(x, 404, "RESOURCE_NOT_FOUND",
		             "Requested resource was not found.");
		return false;
	}
	snprintf(e->number, sizeof e->number, "%s", c->number);
	if (strcmp(c->currency, e->currency) == 0 &&
	    book_given_back(p->sim->book, &e->back) + amount_hundredths(e->amount) <=
	        amount_hundredths(c->amount))
		return true;
	answer_error(x, 500, "NOT_ALLOWED", "Authorization failed.");
	return false;
}

/* A refund names a collection, everything else a wallet. */
static bool
read_party(const struct product *p, const struct json *doc, struct entry *e)
{
	const struct json *party = json_get(doc, p->out ? "payee" : "payer");
	const char *type = json_get_text(party, "partyIdType");
	const char *back = json_get_text(doc, "referenceIdToRefund");

	if (p->refunds)
		return back != NULL && uuid_parse(back, strlen(back), &e->back);
	return type != NULL && strcmp(type, "MSISDN") == 0 &&
	       take_text(party, "partyId", e->number, sizeof e->number) &&
	       e->number[0] != '\0' && e->number[strspn(e->number, "0123456789")] == '\0';
}

static bool
read_body(const struct product *p, const struct json *doc, struct entry *e)
{
	return take_text(doc, "amount", e->amount, sizeof e->amount) &&
	       amount_hundredths(e->amount) > 0 &&
	       take_text(doc, "currency", e->currency, sizeof e->currency) &&
	       (json_get(doc, "externalId") == NULL ||
	        take_text(doc, "externalId", e->external_id, sizeof e->external_id)) &&
	       read_party(p, doc, e) &&
	       take_note(doc, "payerMessage", e->payer_message,
	                 sizeof e->payer_message) &&
	       take_note(doc, "payeeNote", e->payee_note, sizeof e->payee_note);
}

static bool
read_reference(struct http_exchange *x, const char *text, struct uuid *out)
{
	if (text != NULL && uuid_parse(text, strlen(text), out) &&
	    (out->b[6] >> 4) == 4 && (out->b[8] >> 6) == 2)
		return true;
	answer_error(x, 400, "BAD_REQUEST", "X-Reference-Id must be a UUIDv4.");
	return false;
}

/* Answers and returns false if the order is not one. */
static bool
read_order(const struct product *p, struct http_exchange *x, const char *hosts,
           struct entry *e)
{
	const char *url = http_header(x, "X-Callback-Url");
	size_t n;
	const char *body = http_body(x, &n);
	struct json *doc;
	bool fine;

	if (url != NULL &&
	    (strlen(url) >= sizeof e->callback_url || !host_agrees(url, hosts))) {
		answer_error(
		    x, 500, "INVALID_CALLBACK_URL_HOST",
		    "Callback URL with different host name then configured for API "
		    "User");
		return false;
	}
	snprintf(e->callback_url, sizeof e->callback_url, "%s", url == NULL ? "" : url);
	if (book_find(p->sim->book, &e->reference) != NULL) {
		answer_error(x, 409, "RESOURCE_ALREADY_EXIST",
		             "Duplicated reference id. Creation of resource failed.");
		return false;
	}
	doc = json_parse(body, n, NULL);
	fine = read_body(p, doc, e);
	json_free(doc);
	if (!fine) {
		answer_json(x, 400, "");
	} else if (!list_has(p->sim->o.currencies, e->currency)) {
		answer_error(x, 500, "INVALID_CURRENCY", "Currency not supported.");
		return false;
	}
	return fine && (!p->refunds || find_collection(p, x, e));
}

/* ---- answering ---- */

/* Chaos before anything is taken. */
static bool
refused(struct sim *s, struct http_exchange *x, const struct uuid *reference)
{
	unsigned attempt = book_attempt(s->book, reference);

	if (attempt == 0 && chaos_rolls(&s->chaos, CHAOS_AUTH, reference, 0))
		answer_json(x, 401, "{\"message\":\"Unauthorized\"}");
	else if (chaos_rolls(&s->chaos, CHAOS_BUSY, reference, attempt))
		answer_json(x, 429, "{\"message\":\"Rate limit is exceeded.\"}");
	else if (chaos_rolls(&s->chaos, CHAOS_REFUSE500, reference, attempt))
		answer_json(x, 500, "");
	else
		return false;
	return true;
}

static void
answer_taken(struct sim *s, struct http_exchange *x, const struct entry *e)
{
	const struct script *script = script_for(e->number, e->out);

	if (chaos_rolls(&s->chaos, CHAOS_LOSE, &e->reference, 0))
		http_drop(x);
	else if (chaos_rolls(&s->chaos, CHAOS_DELAY, &e->reference, 0))
		answer_later(s, x, s->chaos.delay_ms, 202, "");
	else if (script->manner == SUBMIT_THEN_500 ||
	         chaos_rolls(&s->chaos, CHAOS_HTTP500, &e->reference, 0))
		answer_json(x, 500, "");
	else if (chaos_rolls(&s->chaos, CHAOS_GARBAGE, &e->reference, 0))
		answer_garbage(x, e->reference.b[0]);
	else if (script->manner == SUBMIT_SLOW)
		answer_later(s, x, sim_wait(s, SLOW_MS), 202, "");
	else if (chaos_rolls(&s->chaos, CHAOS_EARLY, &e->reference, 0))
		answer_later(s, x, EARLY_ANSWER_MS, 202, "");
	else
		answer_json(x, 202, "");
}

struct entry *
sim_take(struct sim *s, struct entry *e)
{
	char reference[UUID_TEXT_SIZE];

	e->accepted_ms = sim_now(s);
	snprintf(e->txn, sizeof e->txn, "%u",
	         1000000000u + (unsigned)(ids_u64(&s->ids) % 3000000000u));
	e = book_add(s->book, e);
	if (chaos_rolls(&s->chaos, CHAOS_NOTFOUND, &e->reference, 0))
		e->visible_ms = e->accepted_ms + sim_wait(s, s->chaos.notfound_ms);
	log_info(uuid_text(&e->reference, reference), "taken", "direction=%s amount=%s",
	         e->out ? "out" : "in", e->amount);
	e->owner = s;
	if (chaos_rolls(&s->chaos, CHAOS_EARLY, &e->reference, 0) &&
	    script_for(e->number, e->out)->decide_ms >= 0)
		decide(e);
	else
		schedule(s, e);
	return e;
}

void
sim_decide(struct sim *s, struct entry *e)
{
	timer_cancel(&e->timer);
	e->owner = s;
	decide(e);
}

void
mtn_submit(void *arg, struct http_exchange *x)
{
	const struct product *p = arg;
	struct sim *s = p->sim;
	const struct script *script;
	const char *hosts;
	struct entry e = { .out = p->out };

	if (!mtn_admit(p, x, &hosts) || !wire_is_json(x) ||
	    !read_reference(x, http_header(x, "X-Reference-Id"), &e.reference) ||
	    !read_order(p, x, hosts, &e) || refused(s, x, &e.reference))
		return;
	script = script_for(e.number, e.out);
	if (script->manner == SUBMIT_REFUSE) {
		answer_error(x, script->status, script->code, script->about);
		return;
	}
	sim_take(s, &e);
	answer_taken(s, x, book_find(s->book, &e.reference));
}

/* Chaos in front of a status.  A payment's first question meets the worst of it. */
static bool
status_troubled(struct sim *s, struct http_exchange *x, struct entry *e, const char *text)
{
	unsigned attempt = 1 + e->queries++;

	if (!e->refused_auth && chaos_rolls(&s->chaos, CHAOS_AUTH, &e->reference, 1)) {
		e->refused_auth = true;
		answer_json(x, 401, "{\"message\":\"Unauthorized\"}");
	} else if (chaos_rolls(&s->chaos, CHAOS_LOSE, &e->reference, attempt)) {
		http_drop(x);
	} else if (chaos_rolls(&s->chaos, CHAOS_DELAY, &e->reference, attempt)) {
		answer_later(s, x, s->chaos.delay_ms, 200, text);
	} else if (chaos_rolls(&s->chaos, CHAOS_HTTP500, &e->reference, attempt)) {
		answer_json(x, 500, "");
	} else if (chaos_rolls(&s->chaos, CHAOS_BUSY, &e->reference, attempt)) {
		answer_json(x, 429, "{\"message\":\"Rate limit is exceeded.\"}");
	} else if (chaos_rolls(&s->chaos, CHAOS_GARBAGE, &e->reference, attempt)) {
		answer_garbage(x, e->reference.b[0] + attempt);
	} else {
		return false;
	}
	return true;
}

void
mtn_status(void *arg, struct http_exchange *x)
{
	const struct product *p = arg;
	struct sim *s = p->sim;
	struct entry *e;
	struct uuid reference;
	const char *hosts;
	char text[1400];
	struct buf b;

	if (!mtn_admit(p, x, &hosts) || !read_reference(x, http_path_rest(x), &reference))
		return;
	e = book_find(s->book, &reference);
	if (e == NULL || e->out != p->out || uuid_is_nil(&e->back) == p->refunds ||
	    sim_now(s) < e->visible_ms) {
		answer_error(x, 404, "RESOURCE_NOT_FOUND",
		             "Requested resource was not found.");
		return;
	}
	buf_init(&b, text, sizeof text);
	mtn_describe(s, e, &b, MTN_WITH_ID);
	if (!status_troubled(s, x, e, text))
		answer_json(x, 200, text);
}
