/* Numbers with a fraction, made text before the reader sees them. */
#include "lib/json.h"

#include <stdlib.h>
#include <string.h>

/* What a number is spelt with: where one ends, none of these follows. */
static bool
numeral(const char *p, const char *end)
{
	return p < end && *p != '\0' && strchr("0123456789-+.eE", *p) != NULL;
}

static bool
digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

/* The bytes of a number with a fraction at p, as JSON spells it; 0: none. */
static size_t
fraction(const char *p, const char *end)
{
	const char *at = p;

	at += at < end && *at == '-';
	if (!digit(at, end))
		return 0;
	if (*at == '0' && digit(at + 1, end))
		return 0;
	while (digit(at, end))
		at++;
	if (at == end || *at != '.' || !digit(at + 1, end))
		return 0;
	for (at++; digit(at, end);)
		at++;
	return numeral(at, end) ? 0 : (size_t)(at - p);
}

/* Past a string, or past what is spelt like a number, or past one byte. */
static const char *
skip(const char *p, const char *end)
{
	const char *at = p + 1;

	if (*p == '"') {
		for (; at < end && *at != '"'; at++)
			at += *at == '\\' && at + 1 < end;
		return at < end ? at + 1 : end;
	}
	while (numeral(p, end) && numeral(at, end))
		at++;
	return at;
}

char *
json_quote_fractions(const char *text, size_t *n)
{
	const char *p = text, *end = text + *n;
	char *out = malloc(2 * *n + 1), *to = out;

	while (out != NULL && p < end) {
		size_t number = fraction(p, end);
		const char *next = number > 0 ? p + number : skip(p, end);

		if (number > 0)
			*to++ = '"';
		memcpy(to, p, (size_t)(next - p));
		to += next - p;
		if (number > 0)
			*to++ = '"';
		p = next;
	}
	if (out != NULL)
		*n = (size_t)(to - out);
	return out;
}

struct json *
json_parse_quoted(const char *text, size_t n, struct err *err)
{
	char *quoted = json_quote_fractions(text, &n);
	struct json *doc;

	if (quoted == NULL) {
		(void)err_set(err, ERR_INTERNAL, FATE_NOT, "JSON: no memory");
		return NULL;
	}
	doc = json_parse(quoted, n, err);
	free(quoted);
	return doc;
}
