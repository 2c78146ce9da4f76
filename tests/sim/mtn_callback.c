#include "tests/sim/mtn_callback.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/script.h"

#include <stdlib.h>
#include <string.h>

#define CALLBACK_DEADLINE_MS 10000
#define SECOND_AFTER_MS      50

struct callback {
	struct sim *sim;
	const char *method;
	char reference[UUID_TEXT_SIZE];
	char url[256], body[1400];
};

static void
put_party(struct json_writer *w, const struct entry *e)
{
	jw_object(w, e->out ? "payee" : "payer");
	jw_text(w, "partyIdType", "MSISDN");
	jw_text(w, "partyId", e->number);
	jw_end_object(w);
}

/* Real answers hold the reason as a word, or as an object; which one depends on the
 * payment here, so that both are met. */
static void
put_reason(struct json_writer *w, const struct entry *e, const char *reason)
{
	if (e->reference.b[15] % 2 == 0) {
		jw_text(w, "reason", reason);
		return;
	}
	jw_object(w, "reason");
	jw_text(w, "code", reason);
	jw_text(w, "message", "The transaction did not succeed.");
	jw_end_object(w);
}

/* "500.00" is "500.000" and a transaction a number, for who compares texts. */
static void
put_flippable(struct json_writer *w, const struct sim *s, const struct entry *e,
              bool paid)
{
	bool flip = chaos_rolls(&s->chaos, CHAOS_FLIP, &e->reference, 0);
	char amount[40];

	snprintf(amount, sizeof amount, "%s%s", e->amount,
	         !flip                            ? ""
	         : strchr(e->amount, '.') != NULL ? "0"
	                                          : ".0");
	if (paid && flip)
		jw_raw(w, "financialTransactionId", e->txn);
	else if (paid)
		jw_text(w, "financialTransactionId", e->txn);
	jw_text(w, "amount", amount);
}

void
mtn_describe(const struct sim *s, const struct entry *e, struct buf *out, unsigned how)
{
	bool lies = (how & MTN_LIES) != 0;
	enum entry_state state = e->state;
	struct json_writer w;

	if (lies)
		state = state == ENTRY_PAID ? ENTRY_FAILED : ENTRY_PAID;
	jw_init(&w, out);
	jw_object(&w, NULL);
	put_flippable(&w, s, e, state == ENTRY_PAID);
	if ((how & MTN_WITH_ID) != 0)
		jw_text(&w, "externalId", e->external_id);
	jw_text(&w, "currency", e->currency);
	put_party(&w, e);
	jw_text(&w, "payerMessage", e->payer_message);
	jw_text(&w, "payeeNote", e->payee_note);
	jw_text(&w, "status",
	        state == ENTRY_PENDING ? "PENDING"
	        : state == ENTRY_PAID  ? "SUCCESSFUL"
	                               : "FAILED");
	if (state == ENTRY_FAILED)
		put_reason(&w, e, lies ? "INTERNAL_PROCESSING_ERROR" : e->reason);
	jw_end_object(&w);
}

static void
on_told(void *arg, const struct http_reply *reply)
{
	struct callback *c = arg;

	log_info(c->reference, "callback", "method=%s status=%d error=%s", c->method,
	         reply->status, err_name(reply->err.code));
	free(c);
}

static void
tell(void *arg)
{
	struct callback *c = arg;
	struct http_request rq = { .method = c->method,
		                   .url = c->url,
		                   .headers = { "Content-Type: application/json" },
		                   .body = c->body,
		                   .body_len = strlen(c->body),
		                   .deadline_ms = CALLBACK_DEADLINE_MS };

	http_send(c->sim->http, &rq, on_told, c);
}

static void
tell_after(struct sim *s, const struct entry *e, int64_t ms, bool lies)
{
	struct callback *c = xzalloc(sizeof *c);
	unsigned how = lies ? MTN_LIES : 0;
	struct buf b;

	c->sim = s;
	c->method = chaos_rolls(&s->chaos, CHAOS_POST, &e->reference, 0) ? "POST" : "PUT";
	uuid_text(&e->reference, c->reference);
	snprintf(c->url, sizeof c->url, "%s", e->callback_url);
	buf_init(&b, c->body, sizeof c->body);
	if (!chaos_rolls(&s->chaos, CHAOS_NOID, &e->reference, 0))
		how |= MTN_WITH_ID;
	mtn_describe(s, e, &b, how);
	timer_start(s->loop, ms, tell, c);
}

/* The other wires tell in their own words. */
static const struct {
	const char *wire;
	void (*call_back)(struct sim *s, const struct entry *e, unsigned times);
} others[] = {
	{ "airtel", airtel_call_back }, { "orange", orange_call_back },
	{ "daraja", daraja_call_back }, { "pawapay", pawapay_call_back },
	{ "gsma", gsma_call_back },     { "vodacom", vodacom_call_back },
};

void
mtn_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	int64_t after = 0;

	for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
		if (strcmp(e->wire, others[i].wire) == 0) {
			others[i].call_back(s, e, times);
			return;
		}
	}
	if (e->callback_url[0] == '\0' || times == 0 ||
	    chaos_rolls(&s->chaos, CHAOS_SILENT, &e->reference, 0))
		return;
	if (chaos_rolls(&s->chaos, CHAOS_DUP, &e->reference, 0))
		times++;
	if (chaos_rolls(&s->chaos, CHAOS_CONTRADICT, &e->reference, 0)) {
		tell_after(s, e, after, true);
		after += SECOND_AFTER_MS;
	}
	for (; times > 0; times--, after += SECOND_AFTER_MS)
		tell_after(s, e, after, false);
}
