#include "gateway/channel/http_sms.h"

#include "lib/arena.h"
#include "lib/http_server.h"
#include "lib/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- writing ---- */

static void
put_line(struct http_sms_request *out, bool *fits, const char *name, const char *value)
{
	struct buf b;

	if (*value == '\0')
		return;
	if (out->lines == HTTP_SMS_LINES_MAX || strpbrk(value, "\r\n") != NULL) {
		*fits = false;
		return;
	}
	buf_init(&b, out->line[out->lines], HTTP_SMS_LINE_MAX);
	buf_printf(&b, "%s: %s", name, value);
	*fits = *fits && buf_ok(&b);
	out->lines++;
}

static void
put_report_url(struct buf *b, const struct settings_carrier *row, const char *public_url)
{
	buf_printf(b, "%s/sms/%s%s%s/dlr",
	           row->report_url[0] != '\0' ? row->report_url : public_url, row->name,
	           row->in_secret[0] != '\0' ? "/" : "", row->in_secret);
}

static bool
write_kannel(const struct settings_carrier *row, const char *public_url,
             const struct carrier_sms *sms, struct http_sms_request *out)
{
	char url[HTTP_SMS_LINE_MAX], id[UUID_TEXT_SIZE];
	struct buf body, report;
	bool fits = true;

	out->method = "POST";
	put_line(out, &fits, "Content-Type", "text/plain; charset=UTF-8");
	put_line(out, &fits, "X-Kannel-Username", row->user);
	put_line(out, &fits, "X-Kannel-Password", row->secret);
	put_line(out, &fits, "X-Kannel-To", sms->digits);
	put_line(out, &fits, "X-Kannel-From", row->sender);
	put_line(out, &fits, "X-Kannel-Coding", "0");
	if (sms->reference != NULL) {
		buf_init(&report, url, sizeof url);
		put_report_url(&report, row, public_url);
		/* Kannel fills in the two escapes. */
		buf_printf(&report, "?id=%s&type=%%d&reason=%%A",
		           uuid_text(sms->reference, id));
		/* delivered, failed, refused by the operator; what is on its way
		 * decides nothing */
		put_line(out, &fits, "X-Kannel-DLR-Mask", "19");
		put_line(out, &fits, "X-Kannel-DLR-Url", url);
		fits = fits && buf_ok(&report);
	}
	buf_init(&body, out->body, sizeof out->body);
	buf_puts(&body, sms->text);
	out->body_len = body.len;
	return fits && buf_ok(&body);
}

static bool
write_infobip(const struct settings_carrier *row, const char *public_url,
              const struct carrier_sms *sms, struct http_sms_request *out)
{
	char key[HTTP_SMS_LINE_MAX], url[HTTP_SMS_LINE_MAX];
	struct buf body, text;
	struct json_writer w;
	bool fits = true;

	out->method = "POST";
	buf_init(&text, key, sizeof key);
	buf_printf(&text, "App %s", row->secret);
	put_line(out, &fits, "Content-Type", "application/json");
	put_line(out, &fits, "Accept", "application/json");
	put_line(out, &fits, "Authorization", key);
	explicit_bzero(key, sizeof key);
	buf_init(&text, url, sizeof url);
	put_report_url(&text, row, public_url);
	buf_init(&body, out->body, sizeof out->body);
	jw_init(&w, &body);
	jw_object(&w, NULL);
	jw_array(&w, "messages");
	jw_object(&w, NULL);
	if (row->sender[0] != '\0')
		jw_text(&w, "from", row->sender);
	jw_array(&w, "destinations");
	jw_object(&w, NULL);
	jw_text(&w, "to", sms->digits);
	if (sms->reference != NULL)
		jw_uuid(&w, "messageId", sms->reference);
	jw_end_object(&w);
	jw_end_array(&w);
	jw_text(&w, "text", sms->text);
	jw_text(&w, "notifyUrl", url);
	jw_text(&w, "notifyContentType", "application/json");
	jw_end_object(&w);
	jw_end_array(&w);
	jw_end_object(&w);
	out->body_len = body.len;
	return fits && buf_ok(&body) && buf_ok(&text);
}

void
http_sms_template(struct buf *b, const char *text, enum escape how,
                  const struct settings_carrier *row, const struct carrier_sms *sms)
{
	char plus[24], id[UUID_TEXT_SIZE] = "";

	const struct {
		const char *name, *value;
	} fields[] = {
		{ "{{to}}", plus },
		{ "{{to_no_plus}}", sms->digits },
		{ "{{from}}", row->sender },
		{ "{{text}}", sms->text },
		{ "{{id}}", id },
		{ "{{secret}}", row->secret },
		{ "{{user}}", row->user },
	};

	snprintf(plus, sizeof plus, "+%s", sms->digits);
	if (sms->reference != NULL)
		uuid_text(sms->reference, id);
	while (*text != '\0') {
		size_t i = 0, count = sizeof fields / sizeof fields[0];

		while (i < count &&
		       strncmp(text, fields[i].name, strlen(fields[i].name)) != 0)
			i++;
		if (i < count) {
			escape_put(b, fields[i].value, how);
			text += strlen(fields[i].name);
		} else {
			buf_putc(b, *text++);
		}
	}
}

static bool
write_template(const struct settings_carrier *row, const struct carrier_sms *sms,
               struct http_sms_request *out)
{
	char header[HTTP_SMS_LINE_MAX];
	struct buf url, body, line;
	bool fits = true, posts = strcmp(row->method, "POST") == 0;

	out->method = posts ? "POST" : "GET";
	buf_init(&url, out->url, sizeof out->url);
	http_sms_template(&url, row->url, ESCAPE_URL, row, sms);
	buf_init(&line, header, sizeof header);
	http_sms_template(&line, row->authorization, ESCAPE_NONE, row, sms);
	put_line(out, &fits, "Authorization", header);
	explicit_bzero(header, sizeof header);
	buf_init(&body, out->body, sizeof out->body);
	if (posts) {
		put_line(out, &fits, "Content-Type", row->content_type);
		http_sms_template(&body, row->body, escape_of(row->content_type), row,
		                  sms);
	}
	out->body_len = body.len;
	return fits && buf_ok(&url) && buf_ok(&body) && buf_ok(&line);
}

bool
http_sms_write(const struct settings_carrier *row, const char *public_url,
               const struct carrier_sms *sms, struct http_sms_request *out)
{
	memset(out, 0, sizeof *out);
	if (strcmp(row->kind, "template") == 0)
		return write_template(row, sms, out);
	snprintf(out->url, sizeof out->url, "%s", row->url);
	return strcmp(row->kind, "kannel") == 0
	           ? write_kannel(row, public_url, sms, out)
	           : write_infobip(row, public_url, sms, out);
}

/* ---- sending ---- */

struct op {
	const struct settings_carrier *row;
	char id[UUID_TEXT_SIZE];
	carrier_cb *cb;
	void *arg;
};

static void
on_answer(void *arg, const struct http_reply *reply)
{
	struct op *op = arg;
	struct http_sms_answer a = { .fate = SMS_AGAIN };

	if (reply->err.code == ERR_NONE) {
		http_sms_read(op->row, reply->status, reply->body, reply->body_len,
		              op->id, &a);
	} else {
		a.surely_not = reply->err.fate == FATE_NOT;
		snprintf(a.reason, sizeof a.reason, "%s", err_name(reply->err.code));
	}
	struct carrier_sent sent = { .fate = a.fate,
		                     .surely_not = a.surely_not,
		                     .carrier_id = a.carrier_id,
		                     .reason = a.reason,
		                     .of_this_one = a.of_this_one };
	carrier_cb *cb = op->cb;
	void *cb_arg = op->arg;

	free(op);
	cb(cb_arg, &sent);
}

/* What does not fit is told as a failed call: an empty URL goes nowhere. */
static void
send_sms(void *ctx, const struct carrier_sms *sms, carrier_cb *cb, void *arg)
{
	static struct http_sms_request rq;
	struct http_sms *h = ctx;
	struct op *op = xzalloc(sizeof *op);
	bool fits = http_sms_write(h->row, h->settings->http.public_url, sms, &rq);
	struct http_request out = {
		.method = rq.method,
		.url = fits ? rq.url : "",
		.body = strcmp(rq.method, "POST") == 0 ? rq.body : NULL,
		.body_len = rq.body_len,
		.deadline_ms = h->row->deadline_ms,
	};

	for (unsigned i = 0; i < rq.lines; i++)
		out.headers[i] = rq.line[i];
	op->row = h->row;
	op->cb = cb;
	op->arg = arg;
	if (sms->reference != NULL)
		uuid_text(sms->reference, op->id);
	http_send(h->http, &out, on_answer, op);
	explicit_bzero(&rq, sizeof rq);
}

void
http_sms_carrier(struct http_sms *h, struct carrier *out)
{
	*out = (struct carrier){ .send = send_sms, .ctx = h };
	snprintf(out->name, sizeof out->name, "%s", h->row->name);
}
