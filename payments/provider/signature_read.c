/* The part of structured fields (RFC 8941) that signatures are written in: dictionaries
 * of items and inner lists, read with one cursor that never goes back. */
#include "payments/provider/signature.h"

#include <sodium.h>
#include <string.h>

#define KEY_SIGNS "abcdefghijklmnopqrstuvwxyz0123456789_-.*"
#define TOKEN_SIGNS                                                                      \
	"!#$%&'*+-.^_`|~:/"                                                              \
	"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define BASE64_SIGNS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
#define DIGITS_MAX   15

struct span {
	const char *at;
	size_t n;
};

enum item_kind { ITEM_NONE, ITEM_TEXT, ITEM_NUMBER, ITEM_BYTES, ITEM_OTHER };

struct item { /* text: without its quotes; bytes: without their colons */
	enum item_kind kind;
	struct span raw;
	int64_t number; /* -1: has a fraction or is below zero */
};

static bool
read_key(const char **at, struct span *out)
{
	out->at = *at;
	out->n = strspn(*at, KEY_SIGNS);
	*at += out->n;
	return out->n > 0 && strchr("*abcdefghijklmnopqrstuvwxyz", out->at[0]) != NULL;
}

/* An escape ends it all: no name or key of ours has one. */
static bool
read_text(const char **at, struct item *out)
{
	const char *from = ++*at;

	while (**at >= ' ' && **at < 0x7f && **at != '"' && **at != '\\')
		++*at;
	out->kind = ITEM_TEXT;
	out->raw = (struct span){ from, (size_t)(*at - from) };
	return *(*at)++ == '"';
}

static bool
read_number(const char **at, struct item *out)
{
	bool below = **at == '-';
	const char *from = *at += below;
	size_t n = strspn(from, "0123456789");

	if (n == 0 || n > DIGITS_MAX)
		return false;
	out->kind = ITEM_NUMBER;
	for (size_t i = 0; i < n; i++)
		out->number = out->number * 10 + (from[i] - '0');
	*at += n;
	if (**at == '.') {
		size_t more = strspn(++*at, "0123456789");

		*at += more;
		below = true;
		if (more == 0)
			return false;
	}
	if (below)
		out->number = -1;
	return true;
}

static bool
read_item(const char **at, struct item *out)
{
	*out = (struct item){ .kind = ITEM_NONE };
	if (**at == '"')
		return read_text(at, out);
	if (**at == '-' || (**at >= '0' && **at <= '9'))
		return read_number(at, out);
	if (**at == ':') {
		const char *from = ++*at;

		*at += strspn(*at, BASE64_SIGNS);
		out->kind = ITEM_BYTES;
		out->raw = (struct span){ from, (size_t)(*at - from) };
		return *(*at)++ == ':';
	}
	out->kind = ITEM_OTHER;
	if (**at == '?') {
		*at += 2;
		return (*at)[-1] == '0' || (*at)[-1] == '1';
	}
	if (strchr("*ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", **at) ==
	        NULL ||
	    **at == '\0')
		return false;
	*at += strspn(*at, TOKEN_SIGNS);
	return true;
}

static bool
is_named(const struct span *s, const char *name)
{
	return s->n == strlen(name) && memcmp(s->at, name, s->n) == 0;
}

static bool
keep_text(const struct item *v, char *out, size_t cap)
{
	if (v->kind != ITEM_TEXT || v->raw.n >= cap || v->raw.n == 0 || out[0] != '\0')
		return false;
	memcpy(out, v->raw.at, v->raw.n);
	out[v->raw.n] = '\0';
	return true;
}

static bool
keep_time(const struct item *v, int64_t *out)
{
	if (v->kind != ITEM_NUMBER || v->number < 0 || *out >= 0)
		return false;
	*out = v->number;
	return true;
}

static bool
keep_param(struct signature_input *in, const struct span *key, const struct item *v)
{
	if (is_named(key, "alg"))
		return keep_text(v, in->alg, sizeof in->alg);
	if (is_named(key, "keyid"))
		return keep_text(v, in->keyid, sizeof in->keyid);
	if (is_named(key, "created"))
		return keep_time(v, &in->created);
	if (is_named(key, "expires"))
		return keep_time(v, &in->expires);
	return true; /* nonce, tag: not ours to use */
}

/* ";key" or ";key=item", any number; of in: kept, NULL: passed over. */
static bool
read_params(const char **at, struct signature_input *in)
{
	while (**at == ';') {
		struct item v = { .kind = ITEM_NONE };
		struct span key;

		++*at;
		*at += strspn(*at, " ");
		if (!read_key(at, &key))
			return false;
		if (**at == '=') {
			++*at;
			if (!read_item(at, &v))
				return false;
		}
		if (in != NULL && !keep_param(in, &key, &v))
			return false;
	}
	return true;
}

/* "("name" "name")", without parameters of a name. */
static bool
read_list(const char **at, struct signature_input *in)
{
	++*at;
	for (;;) {
		struct item v;

		*at += strspn(*at, " ");
		if (**at == ')') {
			++*at;
			return true;
		}
		if (!read_item(at, &v))
			return false;
		if (in != NULL &&
		    (v.kind != ITEM_TEXT || **at == ';' || in->parts == SIGNATURE_PARTS))
			return false;
		if (in != NULL) {
			in->part[in->parts].at = v.raw.at;
			in->part[in->parts++].n = v.raw.n;
		}
		if (in == NULL && !read_params(at, NULL))
			return false;
		if (**at != ' ' && **at != ')')
			return false;
	}
}

/* One member behind its key: a list into in, an item into out; either may be NULL. */
static bool
read_member(const char **at, struct signature_input *in, struct item *out)
{
	struct item other;

	if (**at != '=')
		return in == NULL && read_params(at, NULL); /* true, or nothing */
	++*at;
	if (in != NULL && **at != '(')
		return false;
	if (in != NULL)
		in->params = *at;
	if (**at == '(' ? !read_list(at, in) : !read_item(at, out == NULL ? &other : out))
		return false;
	if (!read_params(at, in))
		return false;
	if (in != NULL)
		in->params_len = (size_t)(*at - in->params);
	return true;
}

/* All of the dictionary, and of the one member called name what it holds. */
static bool
read_dictionary(const char *at, const char *name, struct signature_input *in,
                struct item *out)
{
	unsigned found = 0;

	at += strspn(at, " ");
	while (*at != '\0') {
		struct span key;
		bool here;

		if (!read_key(&at, &key))
			return false;
		here = is_named(&key, name);
		found += here;
		if (found > 1 || !read_member(&at, here ? in : NULL, here ? out : NULL))
			return false;
		at += strspn(at, " \t");
		if (*at == '\0')
			break;
		if (*at++ != ',')
			return false;
		at += strspn(at, " \t");
		if (*at == '\0')
			return false;
	}
	return found == 1;
}

bool
signature_input_read(const char *text, const char *label, struct signature_input *out)
{
	*out = (struct signature_input){ .created = -1, .expires = -1 };
	return read_dictionary(text, label, out, NULL);
}

size_t
signature_bytes(const char *text, const char *key, uint8_t *out, size_t cap)
{
	struct item v = { .kind = ITEM_NONE };
	size_t n = 0;

	if (!read_dictionary(text, key, NULL, &v) || v.kind != ITEM_BYTES ||
	    sodium_base642bin(out, cap, v.raw.at, v.raw.n, NULL, &n, NULL,
	                      sodium_base64_VARIANT_ORIGINAL) != 0)
		return 0;
	return n;
}
