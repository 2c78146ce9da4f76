#include "payments/provider/request.h"

#include "lib/buf.h"

#include <string.h>

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
	if (!json_get_i64(doc, "expires_in", &seconds) || seconds <= 0 ||
	    seconds > 7 * 86400)
		return err_set(err, ERR_PEER, FATE_NOT, "token: no usable expires_in");
	early = seconds >= 60 ? 30 : seconds / 2;
	memcpy(out->text, text, strlen(text) + 1);
	out->expires_ms = now_ms + (seconds - early) * 1000;
	return 0;
}
