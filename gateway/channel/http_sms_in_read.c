/* SMS and reports as carriers post them, read. */
#include "gateway/channel/http_sms_in.h"

#include "lib/hex.h"
#include "lib/json.h"
#include "lib/utf8.h"

#include <string.h>
#include <strings.h>

/* The first of the names that the query or the form has. */
static long
field(const struct http_sms_post *p, const char *const *names, char *out, size_t cap)
{
	long got = -1;

	out[0] = '\0';
	for (; got == -1 && *names != NULL; names++) {
		got = form_get(p->query, strlen(p->query), *names, out, cap);
		if (got == -1)
			got = form_get(p->body, p->n, *names, out, cap);
	}
	return got;
}

#define FIELD(p, out, ...)                                                               \
	field(p, (const char *const[]){ __VA_ARGS__, NULL }, out, sizeof(out))

/* As the carriers name them; those with capitals are Twilio's and its imitators'. */
#define SENDERS "from", "sender", "msisdn", "From"
#define IDS     "id", "messageId", "message_id", "MessageSid"

/* Ids go into keys and log lines: printable, no spaces. */
static bool
is_word(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s <= ' ' || *s > '~')
			return false;
	}
	return true;
}

static const char *
take_from(const char *from, struct msisdn *out)
{
	const char *digits = from + strspn(from, " "); /* a plus nobody encoded */

	return msisdn_parse(digits, strlen(digits), NULL, out)
	           ? NULL
	           : "from is no international number: +255712345678";
}

static const char *
take_text(struct at_sms_in *out, long len)
{
	if (len < 0)
		return "the text is missing, too long or wrongly encoded";
	out->in.text = out->text;
	out->in.text_len = (size_t)len;
	return NULL;
}

/* ---- UTF-16, which Kannel hands on as it came ---- */

/* The next byte of a percent-encoded value, also a zero; -1 if it is broken. */
static int
next_byte(const char **at, const char *end)
{
	const char *p = (*at)++;

	if (*p != '%')
		return *p == '+' ? ' ' : (unsigned char)*p;
	if (end - p < 3)
		return -1;
	*at = p + 3;
	return hex_byte(p + 1);
}

/* What is no character of the first plane (an emoji's halves) is a question mark: no
 * command has one. */
static long
decode_utf16(const char *at, const char *end, char *out, size_t cap)
{
	struct buf text;

	buf_init(&text, out, cap);
	while (at < end) {
		int high = next_byte(&at, end);
		int low = high < 0 || at >= end ? -1 : next_byte(&at, end);
		uint32_t c = low < 0 ? 0 : (uint32_t)(high << 8 | low);

		if (c == 0)
			return -2;
		utf8_put(&text, c >= 0xd800 && c < 0xe000 ? '?' : c);
	}
	return buf_ok(&text) ? (long)text.len : -2;
}

static long
utf16_text(const struct http_sms_post *p, char *out, size_t cap)
{
	const char *at = strstr(p->query, "text=");

	if (at == NULL || (at != p->query && at[-1] != '&'))
		return -1;
	at += 5;
	return decode_utf16(at, at + strcspn(at, "&"), out, cap);
}

/* ---- an SMS ---- */

static const char *
read_form(const struct http_sms_post *p, struct at_sms_in *out, char when[40])
{
	char from[40], coding[24];
	long len;
	const char *wrong;

	if (FIELD(p, from, SENDERS) < 1)
		return "the field from is missing";
	wrong = take_from(from, &out->in.from);
	if (wrong != NULL)
		return wrong;
	if (FIELD(p, out->in.sms_id, IDS) == -2 ||
	    (out->in.sms_id[0] != '\0' && !is_word(out->in.sms_id)))
		return "the field id is wrong";
	if (field(p, (const char *const[]){ "time", "date", NULL }, when, 40) < 1)
		when[0] = '\0';
	if (FIELD(p, coding, "coding", "charset") > 0 &&
	    (strcmp(coding, "2") == 0 || strcasecmp(coding, "UTF-16BE") == 0))
		len = utf16_text(p, out->text, sizeof out->text);
	else
		len = FIELD(p, out->text, "text", "message", "Body");
	return take_text(out, len);
}

static const char *
read_infobip(const struct http_sms_post *p, unsigned i, struct at_sms_in *out, bool *more)
{
	struct err err;
	struct json *doc = json_parse(p->body, p->n, &err);
	const struct json *list = json_get(doc, "results"), *one = json_at(list, i);
	const char *id = json_get_text(one, "messageId"), *wrong;
	const char *from = json_get_text(one, "from"), *text = json_get_text(one, "text");
	int n = text == NULL ? -1 : snprintf(out->text, sizeof out->text, "%s", text);

	*more = i + 1 < json_count(list) && i + 1 < HTTP_SMS_IN_MANY;
	if (id != NULL && strlen(id) < sizeof out->in.sms_id)
		snprintf(out->in.sms_id, sizeof out->in.sms_id, "%s", id);
	wrong = !is_word(out->in.sms_id) ? "a messageId is missing or wrong"
	        : from == NULL           ? "from is missing"
	                                 : take_from(from, &out->in.from);
	if (wrong == NULL)
		wrong = take_text(out, n < (int)sizeof out->text ? n : -2);
	json_free(doc);
	return wrong;
}

const char *
http_sms_in_read(const struct settings_carrier *row, const struct http_sms_post *post,
                 unsigned i, struct at_sms_in *out, char when[40], bool *more)
{
	const char *wrong;

	memset(out, 0, sizeof *out);
	out->in.channel = row->name;
	out->in.text = "";
	*more = false;
	when[0] = '\0';
	wrong = strcmp(row->kind, "infobip") == 0 ? read_infobip(post, i, out, more)
	                                          : read_form(post, out, when);
	if (wrong != NULL)
		explicit_bzero(out->text, sizeof out->text); /* people send PINs */
	return wrong;
}

const char *
http_sms_stopped_read(const struct http_sms_post *post, struct msisdn *from)
{
	char text[40];

	return FIELD(post, text, SENDERS) < 1 ? "the field from is missing"
	                                      : take_from(text, from);
}

/* ---- a report ---- */

static enum at_fate
fate_of(const char *word)
{
	static const struct {
		const char *word;
		enum at_fate fate;
	} rows[] = {
		{ "1", AT_DELIVERED },       { "2", AT_LOST }, /* Kannel's types */
		{ "16", AT_LOST },           { "delivered", AT_DELIVERED },
		{ "success", AT_DELIVERED }, { "delivrd", AT_DELIVERED },
		{ "failed", AT_LOST },       { "undeliverable", AT_LOST },
		{ "undelivered", AT_LOST },  { "undeliv", AT_LOST },
		{ "expired", AT_LOST },      { "rejected", AT_LOST },
		{ "rejectd", AT_LOST },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcasecmp(rows[i].word, word) == 0)
			return rows[i].fate;
	}
	return AT_ON_ITS_WAY; /* a word we do not know decides nothing */
}

static const char *
settle(const struct settings_carrier *row, const char *id, const char *word,
       const char *reason, struct sms_report *out)
{
	if (!is_word(id))
		return "the id is missing or wrong";
	if (*word == '\0')
		return "it does not say what became of it";
	snprintf(out->carrier_id, sizeof out->carrier_id, "%s:%.70s", row->name, id);
	snprintf(out->status, sizeof out->status, "%s", word);
	snprintf(out->reason, sizeof out->reason, "%s", is_word(reason) ? reason : "");
	out->fate = fate_of(word);
	return NULL;
}

static const char *
report_infobip(const struct settings_carrier *row, const struct http_sms_post *p,
               unsigned i, struct sms_report *out, bool *more)
{
	struct err err;
	struct json *doc = json_parse(p->body, p->n, &err);
	const struct json *list = json_get(doc, "results"), *one = json_at(list, i);
	const char *id = json_get_text(one, "messageId");
	const char *word = json_get_text(json_get(one, "status"), "groupName");
	const char *name = json_get_text(json_get(one, "status"), "name");
	const char *wrong = settle(row, id == NULL ? "" : id, word == NULL ? "" : word,
	                           name == NULL ? "" : name, out);

	*more = i + 1 < json_count(list) && i + 1 < HTTP_SMS_IN_MANY;
	json_free(doc);
	return wrong;
}

const char *
http_sms_report_read(const struct settings_carrier *row, const struct http_sms_post *post,
                     unsigned i, struct sms_report *out, bool *more)
{
	char id[HOP_SESSION_SIZE], word[24], reason[48];

	memset(out, 0, sizeof *out);
	*more = false;
	if (strcmp(row->kind, "infobip") == 0)
		return report_infobip(row, post, i, out, more);
	FIELD(post, id, IDS);
	if (post->tail[0] != '\0')
		snprintf(word, sizeof word, "%.20s", post->tail);
	else
		FIELD(post, word, "type", "status", "MessageStatus");
	FIELD(post, reason, "reason", "failureReason", "ErrorCode");
	return settle(row, id, word, reason, out);
}
