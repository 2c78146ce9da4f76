#include "payments/provider/request.h"

#include "lib/buf.h"
#include "lib/msisdn.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define TOKEN_KEPT_S (7 * 86400)

void
request_begin(struct provider_request *rq, const char *method, const char *base_url,
              const char *path, bool *failed)
{
	struct buf b;

	*rq = (struct provider_request){ .method = method };
	buf_init(&b, rq->url, sizeof rq->url);
	buf_puts(&b, base_url);
	buf_puts(&b, path);
	*failed = !buf_ok(&b) || base_url[0] == '\0';
}

void
request_header(struct provider_request *rq, const char *name, const char *value,
               bool *failed)
{
	unsigned i = 0;
	struct buf b;

	while (i < PROVIDER_HEADERS && rq->headers[i][0] != '\0')
		i++;
	if (i == PROVIDER_HEADERS || value[0] == '\0' ||
	    value[strcspn(value, "\r\n")] != '\0') {
		*failed = true;
		return;
	}
	buf_init(&b, rq->headers[i], sizeof rq->headers[i]);
	buf_puts(&b, name);
	buf_puts(&b, ": ");
	buf_puts(&b, value);
	*failed |= !buf_ok(&b);
}

void
request_instant(struct provider_request *rq, const char *name, int64_t wall_ms,
                bool *failed)
{
	time_t at = (time_t)(wall_ms / 1000);
	char text[40], whole[24];
	struct tm tm;

	gmtime_r(&at, &tm);
	strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof text, "%s.%03dZ", whole, (int)(wall_ms % 1000));
	request_header(rq, name, text, failed);
}

void
request_bearer(struct provider_request *rq, const char *token, bool *failed)
{
	char bearer[PROVIDER_TOKEN_MAX + 8];
	struct buf b;

	buf_init(&b, bearer, sizeof bearer);
	buf_puts(&b, "Bearer ");
	buf_puts(&b, token);
	*failed |= !buf_ok(&b) || token[0] == '\0';
	request_header(rq, "Authorization", bearer, failed);
}

int
request_finish(struct provider_request *rq, bool failed, struct err *err)
{
	if (!failed)
		return 0;
	*rq = (struct provider_request){ .method = "" };
	return err_set(
	    err, ERR_RANGE, FATE_NOT,
	    "provider settings are incomplete, too long or hold control signs");
}

int
request_amount(const struct provider_account *a, const struct provider_order *o,
               char *out, size_t cap, struct err *err)
{
	if (strcmp(o->currency, a->currency) != 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the provider account holds another currency");
	if (provider_amount_text(o->amount_minor, o->exponent, a->scale, out, cap) < 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the provider takes no such fraction of the currency");
	return 0;
}

bool
request_is_msisdn(const char *digits)
{
	size_t n = strspn(digits, "0123456789");

	return n >= 8 && n <= MSISDN_MAX && digits[n] == '\0';
}

void
request_plain(char *out, size_t cap, const char *note)
{
	size_t n = 0;

	for (; *note != '\0' && n + 1 < cap; note++) {
		bool plain = (*note >= '0' && *note <= '9') ||
		             (*note >= 'A' && *note <= 'Z') ||
		             (*note >= 'a' && *note <= 'z');

		if (plain)
			out[n++] = *note;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

void
verdict_begin(struct verdict *v, int status)
{
	*v = (struct verdict){ .kind = VERDICT_UNKNOWN, .amount_minor = -1 };
	if (status > 0)
		snprintf(v->code, sizeof v->code, "HTTP_%d", status);
}

void
verdict_set(struct verdict *v, enum verdict_kind kind, enum pay_reason reason)
{
	v->kind = kind;
	v->reason = reason;
}

void
verdict_by_state(struct verdict *v, const struct provider_state *rows, const char *word,
                 bool any_case)
{
	for (; rows->word != NULL; rows++)
		if ((any_case ? strcasecmp : strcmp)(rows->word, word) == 0) {
			verdict_set(v, rows->kind, rows->reason);
			return;
		}
}

struct json *
answer_object(const struct provider_answer *ans)
{
	struct json *doc = ans->len == 0 ? NULL : json_parse(ans->body, ans->len, NULL);

	if (doc != NULL && !json_is_object(doc)) {
		json_free(doc);
		doc = NULL;
	}
	return doc;
}

void
answer_word(char *out, size_t cap, const struct json *value)
{
	const char *word = json_text(value);
	struct buf b;
	int64_t v;
	size_t n = 0;

	out[0] = '\0';
	if (word == NULL && json_i64(value, &v)) {
		buf_init(&b, out, cap);
		buf_put_i64(&b, v);
	}
	if (word == NULL)
		return;
	for (; *word != '\0' && n + 1 < cap; word++)
		if (*word > ' ' && *word < 0x7f && *word != '"' && *word != '\\')
			out[n++] = *word;
	out[n] = '\0';
}

void
answer_person(char *out, size_t cap, const char *given, const char *family)
{
	struct buf b;

	buf_init(&b, out, cap);
	buf_puts(&b, given == NULL ? "" : given);
	if (given != NULL && given[0] != '\0' && family != NULL && family[0] != '\0')
		buf_putc(&b, ' ');
	buf_puts(&b, family == NULL ? "" : family);
	while (!buf_ok(&b) && b.len > 0 &&
	       ((unsigned char)b.at[b.len - 1] & 0xc0) == 0x80)
		b.at[--b.len] = '\0';
	if (!buf_ok(&b) && b.len > 0 && ((unsigned char)b.at[b.len - 1] & 0x80) != 0)
		b.at[--b.len] = '\0';
	for (size_t i = 0; i < b.len; i++)
		if ((unsigned char)b.at[i] < ' ' || b.at[i] == 0x7f)
			b.at[i] = ' ';
}

void
answer_name(struct provider_fact *out, const char *given, const char *family)
{
	answer_person(out->name, sizeof out->name, given, family);
}

/* Any sign of a header's value that a token may hold. */
static bool
is_plain(const char *text)
{
	return text[strspn(text, "!#$%&'*+,-./:;<=>?@^_`|~0123456789"
	                         "abcdefghijklmnopqrstuvwxyz"
	                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

int
answer_token(const struct json *doc, int64_t now_ms, struct provider_token *out,
             struct err *err)
{
	const char *text = json_get_text(doc, "access_token");
	int64_t seconds = 0, early;

	if (text == NULL)
		return err_set(err, ERR_PEER, FATE_NOT, "token: the answer holds none");
	if (text[0] == '\0' || strlen(text) >= sizeof out->text || !is_plain(text))
		return err_set(err, ERR_PEER, FATE_NOT,
		               "token: too long or not of plain signs");
	if (!json_get_i64(doc, "expires_in", &seconds) || seconds <= 0)
		return err_set(err, ERR_PEER, FATE_NOT, "token: no usable expires_in");
	if (seconds > TOKEN_KEPT_S) /* some live for 90 days */
		seconds = TOKEN_KEPT_S;
	early = seconds >= 60 ? 30 : seconds / 2;
	memcpy(out->text, text, strlen(text) + 1);
	out->expires_ms = now_ms + (seconds - early) * 1000;
	return 0;
}
