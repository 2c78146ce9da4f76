#include "gateway/channel/at_send.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/http_server.h"
#include "lib/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct at_send_op {
	struct at_send *at;
	struct http_op *http;
	at_send_cb *cb;
	void *arg;
};

static void
say(struct at_sent_answer *out, enum at_sent what, const char *reason)
{
	out->what = what;
	snprintf(out->reason, sizeof(out->reason), "%s", reason == NULL ? "" : reason);
}

static enum at_sent
meaning_of(int64_t code)
{
	switch (code) {
	case 100: /* processed */
	case 101: /* sent */
	case 102: /* queued */
		return AT_TAKEN;
	case 403: /* no such number */
	case 404: /* a number that takes no SMS */
	case 406: /* its owner refuses ours */
		return AT_REFUSED;
	default: /* balance, sender name, risk hold, route, their fault: ours to mend */
		return AT_AGAIN;
	}
}

static void
read_recipient(const struct json *r, struct at_sent_answer *out)
{
	int64_t code = 0;
	const char *id = json_get_text(r, "messageId");

	if (!json_get_i64(r, "statusCode", &code)) {
		say(out, AT_AGAIN, "unreadable");
		return;
	}
	say(out, meaning_of(code), json_get_text(r, "status"));
	out->surely_not = code >= 400 && code < 500;
	if (out->what != AT_TAKEN)
		return;
	out->reason[0] = '\0';
	if (id != NULL)
		snprintf(out->carrier_id, sizeof(out->carrier_id), "%s", id);
}

void
at_read_sent(int status, const char *body, size_t n, struct at_sent_answer *out)
{
	struct err err;

	memset(out, 0, sizeof(*out));
	if (status != 200 && status != 201) {
		say(out, AT_AGAIN, status == 401 ? "api_key_refused" : "http_status");
		out->surely_not = (status >= 400 && status < 500) || status == 503;
		return;
	}
	struct json *doc = json_parse(body, n, &err);
	const struct json *list = json_get(json_get(doc, "SMSMessageData"), "Recipients");
	if (json_count(list) == 1)
		read_recipient(json_at(list, 0), out);
	else
		say(out, AT_AGAIN,
		    json_get_text(json_get(doc, "SMSMessageData"), "Message"));
	json_free(doc);
	if (out->what != AT_TAKEN && out->reason[0] == '\0')
		say(out, out->what, "unreadable");
}

static void
on_sent(void *arg, const struct http_reply *reply)
{
	struct at_send_op *op = arg;
	struct at_sent_answer answer = { .what = AT_AGAIN };

	op->http = NULL;
	if (reply->err.code == ERR_NONE)
		at_read_sent(reply->status, reply->body, reply->body_len, &answer);
	else
		say(&answer, AT_AGAIN, err_name(reply->err.code));
	answer.surely_not |= reply->err.fate == FATE_NOT;
	op->at->count.taken += answer.what == AT_TAKEN;
	op->at->count.refused += answer.what == AT_REFUSED;
	op->at->count.again += answer.what == AT_AGAIN;
	at_send_cb *cb = op->cb;
	void *cb_arg = op->arg;
	free(op);
	cb(cb_arg, &answer);
}

struct at_send_op *
at_send_text(struct at_send *at, const char *digits, const char *text,
             const struct uuid *reference, at_send_cb *cb, void *arg)
{
	const struct settings *s = at->settings;
	struct at_send_op *op = xzalloc(sizeof(*op));
	char url[224], key[SETTINGS_SECRET_MAX + 16], id[80] = "", number[24], ref[40];
	char body[4096];
	struct buf b;

	snprintf(url, sizeof(url), "%s/version1/messaging", s->at.api_url);
	snprintf(key, sizeof(key), "apiKey: %s", s->at.api_key);
	if (reference != NULL)
		snprintf(id, sizeof(id), "Idempotency-Key: %s",
		         uuid_text(reference, ref));
	snprintf(number, sizeof(number), "+%s", digits);
	buf_init(&b, body, sizeof(body));
	form_put(&b, "username", s->at.username);
	form_put(&b, "to", number);
	form_put(&b, "message", text);
	if (s->at.sender[0] != '\0')
		form_put(&b, "from", s->at.sender);
	struct http_request rq = {
		.method = "POST",
		.url = url,
		.headers = { "Content-Type: application/x-www-form-urlencoded",
		             "Accept: application/json", key, id[0] == '\0' ? NULL : id },
		.body = body,
		.body_len = b.len,
		.deadline_ms = s->at.deadline_ms,
	};
	op->at = at;
	op->cb = cb;
	op->arg = arg;
	op->http = http_send(at->http, &rq, on_sent, op);
	return op;
}

void
at_send_cancel(struct at_send_op **op)
{
	if (*op == NULL)
		return;
	http_cancel(&(*op)->http);
	free(*op);
	*op = NULL;
}
