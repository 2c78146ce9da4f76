/* Africa's Talking SMS: bulk messages in, delivery reports out, and what phones write. */
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/msisdn.h"
#include "tests/sim/phone.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TO_MAX      4000
#define REPORT_MS   500
#define SECOND_MS   50
#define DEADLINE_MS 10000
#define NETWORK     "64002"

/* ---- delivery reports ---- */

struct report {
	struct sim *sim;
	char message_id[48], number[NUMBER_SIZE];
	bool failed;
};

static void
on_reported(void *arg, const struct http_reply *reply)
{
	struct report *r = arg;

	log_info(r->message_id, "report", "status=%d error=%s", reply->status,
	         err_name(reply->err.code));
	free(r);
}

/* Posts a form to url, or to the gateway's own place for SMS. */
static void
post_form(struct sim *s, const char *url, const char *path, const struct buf *form,
          http_cb *cb, void *arg)
{
	char full[400];
	struct http_request rq = {
		.method = "POST",
		.url = url,
		.headers = { "Content-Type: application/x-www-form-urlencoded" },
		.body = form->at,
		.body_len = form->len,
		.deadline_ms = DEADLINE_MS,
	};

	if (url == NULL) {
		snprintf(full, sizeof full, "%s/sms/at%s%s%s", s->o.gateway,
		         s->at_secret[0] != '\0' ? "/" : "", s->at_secret, path);
		rq.url = full;
	}
	http_send(s->http, &rq, cb, arg);
}

static void
report(void *arg)
{
	struct report *r = arg;
	char form[400], plus[NUMBER_SIZE + 1];
	struct buf b;

	buf_init(&b, form, sizeof form);
	snprintf(plus, sizeof plus, "+%s", r->number);
	form_put(&b, "id", r->message_id);
	form_put(&b, "status", r->failed ? "Failed" : "Success");
	form_put(&b, "phoneNumber", plus);
	form_put(&b, "networkCode", NETWORK);
	form_put(&b, "retryCount", "0");
	if (r->failed)
		form_put(&b, "failureReason", "UserInBlackList");
	post_form(r->sim, r->sim->o.report_url, "/dlr", &b, on_reported, r);
}

static void
report_later(struct sim *s, const struct sms *m, int64_t ms)
{
	struct report *r = xzalloc(sizeof *r);

	r->sim = s;
	r->failed = m->fails;
	memcpy(r->message_id, m->message_id, sizeof r->message_id);
	memcpy(r->number, m->to, sizeof r->number);
	timer_start(s->loop, ms, report, r);
}

/* ---- sending ---- */

static struct sms *
find_sent(const struct phones *p, const char *key, const char *to)
{
	struct sms *m = p->first;

	while (m != NULL && (strcmp(m->key, key) != 0 || strcmp(m->to, to) != 0))
		m = m->next;
	return key[0] == '\0' ? NULL : m;
}

/* A message sent before under the same key is the same message: no second SMS. */
static const struct sms *
deliver(struct sim *s, const char *to, const char *from, const char *text,
        const char *key)
{
	struct phones *p = s->phones;
	struct sms *m = find_sent(p, key, to);
	struct uuid id;
	char masked[MSISDN_MAX + 1];

	if (m != NULL)
		return m;
	m = xzalloc(sizeof *m);
	id = ids_uuid4(&s->ids);
	m->id = ++p->count;
	m->at_ms = sim_now(s);
	m->text = xstrdup(text);
	snprintf(m->to, sizeof m->to, "%s", to);
	snprintf(m->from, sizeof m->from, "%s", from);
	snprintf(m->key, sizeof m->key, "%s", key);
	memcpy(m->message_id, "ATXid_", 6);
	uuid_text(&id, m->message_id + 6);
	m->fails = chaos_rolls(&s->chaos, CHAOS_SMSFAIL, &id, 0);
	if (p->last != NULL)
		p->last->next = m;
	else
		p->first = m;
	p->last = m;
	log_info(m->message_id, "sms", "to=%s bytes=%zu", msisdn_mask(to, masked),
	         strlen(text));
	if (s->o.gateway[0] != '\0' || s->o.report_url != NULL) {
		report_later(s, m, sim_wait(s, REPORT_MS));
		if (chaos_rolls(&s->chaos, CHAOS_SMSDUP, &id, 0))
			report_later(s, m, sim_wait(s, REPORT_MS) + SECOND_MS);
	}
	phones_wake(p, to);
	return m;
}

static void
put_recipient(struct json_writer *w, const char *number, const struct sms *m)
{
	jw_object(w, NULL);
	jw_i64(w, "statusCode", m == NULL ? 403 : 101);
	jw_text(w, "number", number);
	jw_text(w, "status", m == NULL ? "InvalidPhoneNumber" : "Success");
	jw_text(w, "cost", m == NULL ? "0" : "TZS 22.0000");
	jw_text(w, "messageId", m == NULL ? "None" : m->message_id);
	jw_end_object(w);
}

struct bulk {
	char to[TO_MAX], from[24], text[SMS_TEXT_MAX], username[64];
};

static void
send_all(struct sim *s, struct bulk *bulk, const char *key, struct json_writer *w)
{
	unsigned sent = 0, asked = 0;
	char number[NUMBER_SIZE], plus[64], summary[80];

	jw_object(w, NULL);
	jw_object(w, "SMSMessageData");
	jw_array(w, "Recipients");
	for (const char *at = bulk->to; *at != '\0'; asked++) {
		size_t n = strcspn(at, ",");
		bool fine = phone_number(at, n, number);

		snprintf(plus, sizeof plus, fine ? "+%s" : "%.40s", fine ? number : at);
		put_recipient(w, plus,
		              fine ? deliver(s, number, bulk->from, bulk->text, key)
		                   : NULL);
		sent += fine;
		at += n + (at[n] == ',');
	}
	jw_end_array(w);
	snprintf(summary, sizeof summary, "Sent to %u/%u Total Cost: TZS %u.0000", sent,
	         asked, sent * 22);
	jw_text(w, "Message", summary);
	jw_end_object(w);
	jw_end_object(w);
}

/* POST /version1/messaging.  An Idempotency-Key makes a repeated call harmless. */
void
sms_send(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *api_key = http_header(x, "apiKey"), *key;
	static char answer[TO_MAX * 12];
	struct bulk bulk = { .from = "" };
	struct json_writer w;
	struct uuid about;
	struct buf b;
	size_t n;
	const char *body = http_body(x, &n);

	if (api_key == NULL || api_key[0] == '\0') {
		http_answer_text(x, 401, "The supplied authentication is invalid");
		return;
	}
	if (form_get(body, n, "username", bulk.username, sizeof bulk.username) <= 0 ||
	    form_get(body, n, "to", bulk.to, sizeof bulk.to) <= 0 ||
	    form_get(body, n, "message", bulk.text, sizeof bulk.text) <= 0) {
		http_answer_text(x, 400, "Request is missing required form field");
		return;
	}
	if (form_get(body, n, "from", bulk.from, sizeof bulk.from) <= 0)
		snprintf(bulk.from, sizeof bulk.from, "%s", s->o.short_code);
	key = http_header(x, "Idempotency-Key");
	buf_init(&b, answer, sizeof answer);
	jw_init(&w, &b);
	send_all(s, &bulk, key == NULL ? "" : key, &w);
	about = ids_uuid4(&s->ids);
	if (chaos_rolls(&s->chaos, CHAOS_SMSLOSE, &about, 0))
		http_drop(x);
	else
		http_answer(x, 201, "application/json", b.at, b.len);
}

/* ---- a phone writes ---- */

static void
on_received(void *arg, const struct http_reply *reply)
{
	char text[120];

	snprintf(text, sizeof text, "gateway: %s, status %d\n", err_name(reply->err.code),
	         reply->status);
	http_answer_text(arg, reply->err.code == ERR_NONE ? reply->status : 502, text);
}

#define DATE_SIZE 32

static const char *
put_date(int64_t wall_ms, char out[DATE_SIZE])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(out, DATE_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	return out;
}

/* POST /sms/in with from, text and perhaps to, date, linkId: reaches the gateway as
 * Africa's Talking would bring it.  The answer has the gateway's status. */
void
sms_from_phone(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char from[40], to[40], text[SMS_TEXT_MAX], number[NUMBER_SIZE],
	    plus[NUMBER_SIZE + 1];
	char id[UUID_TEXT_SIZE], form[SMS_TEXT_MAX * 3 + 400], date[DATE_SIZE];
	struct uuid u = ids_uuid4(&s->ids);
	struct buf b;
	size_t n;
	const char *body = http_body(x, &n), *at = from;

	if (form_get(body, n, "from", from, sizeof from) <= 0 ||
	    form_get(body, n, "text", text, sizeof text) < 0) {
		http_answer_text(x, 400, "from and text are needed\n");
		return;
	}
	at += from[0] == ' ';
	if (!phone_number(at, strlen(at), number)) {
		http_answer_text(x, 400, "from: not a phone number\n");
		return;
	}
	if (form_get(body, n, "to", to, sizeof to) <= 0)
		snprintf(to, sizeof to, "%s", s->o.short_code);
	if (form_get(body, n, "id", id, sizeof id) <= 0)
		uuid_text(&u, id);
	snprintf(plus, sizeof plus, "+%s", number);
	buf_init(&b, form, sizeof form);
	form_put(&b, "id", id);
	form_put(&b, "from", plus);
	form_put(&b, "to", to);
	form_put(&b, "text", text);
	form_put(&b, "date", put_date(sim_now(s), date));
	form_put(&b, "linkId", "");
	form_put(&b, "networkCode", NETWORK);
	post_form(s, s->o.sms_url, "", &b, on_received, x);
}
