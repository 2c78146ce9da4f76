#include "tests/sim/wire.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "tests/sim/script.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SLOW_MS              20000
#define CALLBACK_DEADLINE_MS 10000
#define SECOND_AFTER_MS      50

bool
wire_troubled(struct sim *s, struct http_exchange *x, const struct wire_words *w,
              const struct uuid *reference)
{
	unsigned attempt = book_attempt(s->book, reference);

	if (attempt == 0 && chaos_rolls(&s->chaos, CHAOS_AUTH, reference, 0))
		answer_json(x, w->auth_status, w->auth);
	else if (chaos_rolls(&s->chaos, CHAOS_BUSY, reference, attempt))
		answer_json(x, w->busy_status, w->busy);
	else if (chaos_rolls(&s->chaos, CHAOS_REFUSE500, reference, attempt))
		answer_json(x, 500, "");
	else
		return false;
	return true;
}

bool
wire_refused(struct http_exchange *x, const struct wire_words *w, const struct entry *e)
{
	if (script_for(e->number, e->out)->manner != SUBMIT_REFUSE)
		return false;
	answer_json(x, w->busy_status, w->busy);
	return true;
}

void
wire_answer(struct sim *s, struct http_exchange *x, const struct entry *e,
            unsigned attempt, int status, const char *text)
{
	const struct script *script = script_for(e->number, e->out);

	if (chaos_rolls(&s->chaos, CHAOS_LOSE, &e->reference, attempt))
		http_drop(x);
	else if (chaos_rolls(&s->chaos, CHAOS_DELAY, &e->reference, attempt))
		answer_later(s, x, s->chaos.delay_ms, status, text);
	else if (chaos_rolls(&s->chaos, CHAOS_HTTP500, &e->reference, attempt))
		answer_json(x, 500, "");
	else if (chaos_rolls(&s->chaos, CHAOS_GARBAGE, &e->reference, attempt))
		answer_garbage(x, e->reference.b[0] + attempt);
	else if (attempt == 0 && script->manner == SUBMIT_THEN_500)
		answer_json(x, 503, "");
	else if (attempt == 0 && script->manner == SUBMIT_SLOW)
		answer_later(s, x, sim_wait(s, SLOW_MS), status, text);
	else
		answer_json(x, status, text);
}

/* ---- posting ---- */

struct post {
	struct sim *sim;
	const char *method;
	bool is_signed; /* as pawaPay signs */
	char url[256], body[1400];
};

static void
on_told(void *arg, const struct http_reply *reply)
{
	struct post *p = arg;

	log_info("-", "callback", "status=%d error=%s", reply->status,
	         err_name(reply->err.code));
	free(p);
}

static void
tell(void *arg)
{
	struct post *p = arg;
	char signed_with[PAWAPAY_SIGNED][700] = { "" };
	struct http_request rq = { .method = p->method,
		                   .url = p->url,
		                   .headers = { "Content-Type: application/json" },
		                   .body = p->body,
		                   .body_len = strlen(p->body),
		                   .deadline_ms = CALLBACK_DEADLINE_MS };

	if (p->is_signed)
		pawapay_sign(p->sim, p->method, p->url, p->body, signed_with);
	for (unsigned i = 0; i < PAWAPAY_SIGNED && signed_with[i][0] != '\0'; i++)
		rq.headers[1 + i] = signed_with[i];
	http_send(p->sim->http, &rq, on_told, p);
}

static struct post *
post_later(struct sim *s, const char *method, const char *url, const char *body,
           int64_t ms)
{
	struct post *p = xzalloc(sizeof *p);

	p->sim = s;
	p->method = method;
	snprintf(p->url, sizeof p->url, "%s", url);
	snprintf(p->body, sizeof p->body, "%s", body);
	timer_start(s->loop, ms, tell, p);
	return p;
}

void
wire_post(struct sim *s, const char *method, const char *url, const char *body,
          int64_t ms)
{
	(void)post_later(s, method, url, body, ms);
}

void
wire_tell(struct sim *s, const struct entry *e, const char *method, const char *url,
          unsigned times, wire_tale *tale)
{
	bool lies = chaos_rolls(&s->chaos, CHAOS_CONTRADICT, &e->reference, 0);
	int64_t after = 0;

	if (url == NULL || url[0] == '\0' || times == 0 ||
	    chaos_rolls(&s->chaos, CHAOS_SILENT, &e->reference, 0))
		return;
	times += lies;
	times += chaos_rolls(&s->chaos, CHAOS_DUP, &e->reference, 0);
	for (; times > 0; times--, after += SECOND_AFTER_MS) {
		char body[1400];
		struct buf b;

		buf_init(&b, body, sizeof body);
		tale(s, e, lies, &b);
		post_later(s, method, url, body, after)->is_signed =
		    strcmp(e->wire, "pawapay") == 0;
		lies = false;
	}
}

/* ---- reading ---- */

bool
wire_amount_is_fine(const char *text, unsigned decimals)
{
	const char *point = text == NULL ? NULL : strchr(text, '.');

	return text != NULL && amount_hundredths(text) > 0 &&
	       (point == NULL || strlen(point + 1) <= decimals);
}

bool
wire_basic(const struct sim *s, struct http_exchange *x)
{
	const char *header = http_header(x, "Authorization");
	unsigned char pair[240];
	size_t n;

	if (header == NULL || strncasecmp(header, "Basic ", 6) != 0 ||
	    sodium_base642bin(pair, sizeof pair - 1, header + 6, strlen(header + 6), NULL,
	                      &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	pair[n] = '\0';
	return strchr((char *)pair, ':') != NULL &&
	       (s->o.account == NULL || strcmp((char *)pair, s->o.account) == 0);
}

const char *
wire_bearer(struct http_exchange *x)
{
	const char *header = http_header(x, "Authorization");

	return header != NULL && strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 : "";
}

bool
wire_is_json(struct http_exchange *x)
{
	const char *type = http_header(x, "Content-Type");

	if (type != NULL && strncasecmp(type, "application/json", 16) == 0)
		return true;
	answer_json(x, 415, "");
	return false;
}
