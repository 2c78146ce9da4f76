/* RFC 9421: what a signature covers, and whether it holds.  Reading: signature_read.c. */
#include "payments/provider/signature.h"

#include "lib/sign.h"
#include "payments/provider/request.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define HOW       "ecdsa-p256-sha256" /* if it does not say */
#define VALID_S   60
#define FIELD_MAX 64

static bool
is_part(const struct signature_input *in, unsigned i, const char *name)
{
	return in->part[i].n == strlen(name) &&
	       memcmp(in->part[i].at, name, in->part[i].n) == 0;
}

static bool
covers(const struct signature_input *in, const char *name)
{
	for (unsigned i = 0; i < in->parts; i++)
		if (is_part(in, i, name))
			return true;
	return false;
}

static const char *
value_of(const struct signature_input *in, unsigned i, const struct provider_post *p)
{
	char name[FIELD_MAX];

	if (is_part(in, i, "@method"))
		return p->method;
	if (is_part(in, i, "@authority"))
		return p->authority;
	if (is_part(in, i, "@path"))
		return p->path;
	if (in->part[i].n == 0 || in->part[i].n >= sizeof name ||
	    in->part[i].at[0] == '@')
		return NULL;
	memcpy(name, in->part[i].at, in->part[i].n);
	name[in->part[i].n] = '\0';
	return p->header(p->of, name);
}

bool
signature_base(const struct signature_input *in, const struct provider_post *p,
               struct buf *out)
{
	for (unsigned i = 0; i < in->parts; i++) {
		const char *value = value_of(in, i, p);

		for (unsigned k = 0; k < i; k++)
			if (in->part[k].n == in->part[i].n &&
			    memcmp(in->part[k].at, in->part[i].at, in->part[i].n) == 0)
				return false;
		if (value == NULL || value[strcspn(value, "\r\n")] != '\0')
			return false;
		buf_putc(out, '"');
		buf_put(out, in->part[i].at, in->part[i].n);
		buf_puts(out, "\": ");
		buf_puts(out, value);
		buf_putc(out, '\n');
	}
	buf_puts(out, "\"@signature-params\": ");
	buf_put(out, in->params, in->params_len);
	return buf_ok(out);
}

/* Every hash that is given and known must be right, and one must be. */
static bool
digest_is_right(const struct provider_post *p)
{
	static const char *const names[] = { "sha-256", "sha-512" };
	const char *text = p->header(p->of, "content-digest");
	unsigned right = 0;

	for (unsigned i = 0; text != NULL && i < 2; i++) {
		uint8_t ours[64], theirs[64];
		size_t want = sign_digest(names[i], p->body, p->len, ours);
		size_t n = signature_bytes(text, names[i], theirs, sizeof theirs);

		if (n == 0)
			continue;
		if (n != want || sodium_memcmp(ours, theirs, n) != 0)
			return false;
		right++;
	}
	return right > 0;
}

static bool
is_fresh(const struct signature_input *in, int64_t now_s)
{
	if (in->created < 0 || in->created > now_s + SIGNATURE_SKEW_S)
		return false;
	return in->expires >= 0
	           ? in->expires >= in->created && now_s <= in->expires + SIGNATURE_SKEW_S
	           : now_s - in->created <= SIGNATURE_AGE_S;
}

const char *
signature_wrong(const struct provider_post *p, const char *label, const char *public_key,
                const char *keyid)
{
	static const char *const needed[] = { "@method", "@authority", "@path",
		                              "content-digest" };
	const char *input = p->header(p->of, "signature-input");
	const char *text = p->header(p->of, "signature");
	char base[SIGNATURE_BASE_MAX];
	uint8_t signature[SIGN_MAX];
	struct signature_input in;
	struct buf b;
	size_t n;

	if (input == NULL || text == NULL)
		return "it is not signed";
	if (!signature_input_read(input, label, &in))
		return "its Signature-Input cannot be read";
	for (unsigned i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!covers(&in, needed[i]))
			return "its signature covers too little";
	if (keyid[0] != '\0' && strcmp(keyid, in.keyid) != 0)
		return "it is signed with another key";
	if (!is_fresh(&in, p->wall_ms / 1000))
		return "its signature is not of now";
	if (!digest_is_right(p))
		return "its Content-Digest is not that of the body";
	buf_init(&b, base, sizeof base);
	n = signature_bytes(text, label, signature, sizeof signature);
	if (n == 0 || !signature_base(&in, p, &b))
		return "its signature cannot be read";
	return sign_verify(public_key, in.alg[0] == '\0' ? HOW : in.alg, base, b.len,
	                   signature, n)
	           ? NULL
	           : "its signature is wrong";
}

/* ---- our own ---- */

static const char *
own_header(const void *of, const char *name)
{
	const struct provider_request *rq = of;
	size_t n = strlen(name);

	for (unsigned i = 0; i < PROVIDER_HEADERS; i++)
		if (strncasecmp(rq->headers[i], name, n) == 0 &&
		    strncmp(rq->headers[i] + n, ": ", 2) == 0)
			return rq->headers[i] + n + 2;
	return NULL;
}

static void
add_digest(struct provider_request *rq, bool *failed)
{
	char text[140] = "sha-512=:";
	size_t at = strlen(text);
	uint8_t sum[64];

	(void)sign_digest("sha-512", rq->body, rq->body_len, sum);
	sodium_bin2base64(text + at, sizeof text - at, sum, sizeof sum,
	                  sodium_base64_VARIANT_ORIGINAL);
	at = strlen(text);
	memcpy(text + at, ":", 2);
	request_header(rq, "Content-Digest", text, failed);
}

bool
signature_authority(const char *url, char *out, size_t cap)
{
	bool plain = strncasecmp(url, "http://", 7) == 0;
	bool sealed = strncasecmp(url, "https://", 8) == 0;
	const char *from = url + (plain ? 7 : 8);
	const char *port = plain ? ":80" : ":443";
	size_t n, tail = strlen(port);

	if (!plain && !sealed)
		return false;
	n = strcspn(from, "/?#");
	if (n > tail && memcmp(from + n - tail, port, tail) == 0)
		n -= tail;
	if (n == 0 || n >= cap)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(from[i] + (from[i] >= 'A' && from[i] <= 'Z' ? 32 : 0));
	out[n] = '\0';
	return true;
}

static const char *
path_of(const char *url)
{
	const char *from = strstr(url, "://");
	const char *path = from == NULL ? NULL : strchr(from + 3, '/');

	return path == NULL ? "/" : path;
}

void
signature_add(struct provider_request *rq, const char *label, const char *private_key,
              const char *keyid, int64_t wall_ms, bool *failed)
{
	char input[400], base[SIGNATURE_BASE_MAX], text[SIGN_MAX * 2], authority[200];
	uint8_t signature[SIGN_MAX];
	struct provider_post p = { .method = rq->method,
		                   .authority = authority,
		                   .header = own_header,
		                   .of = rq };
	struct signature_input in;
	struct buf b, i;
	size_t n = 0;

	add_digest(rq, failed);
	request_instant(rq, "Signature-Date", wall_ms, failed);
	*failed |= !signature_authority(rq->url, authority, sizeof authority);
	p.path = path_of(rq->url);
	buf_init(&i, input, sizeof input);
	buf_puts(&i, label);
	buf_puts(&i, "=(\"@method\" \"@authority\" \"@path\" \"signature-date\" "
	             "\"content-digest\" \"content-type\");alg=\"" HOW "\";keyid=\"");
	buf_puts(&i, keyid);
	buf_puts(&i, "\";created=");
	buf_put_i64(&i, wall_ms / 1000);
	buf_puts(&i, ";expires=");
	buf_put_i64(&i, wall_ms / 1000 + VALID_S);
	request_header(rq, "Signature-Input", input, failed);
	buf_init(&b, base, sizeof base);
	if (!*failed && buf_ok(&i) && signature_input_read(input, label, &in) &&
	    signature_base(&in, &p, &b))
		n = sign_make(private_key, HOW, base, b.len, signature, sizeof signature);
	*failed |= n == 0;
	buf_init(&b, text, sizeof text);
	buf_puts(&b, label);
	buf_puts(&b, "=:");
	if (n > 0 && b.len + (n + 2) / 3 * 4 + 3 < sizeof text)
		sodium_bin2base64(text + b.len, sizeof text - b.len, signature, n,
		                  sodium_base64_VARIANT_ORIGINAL);
	b.len = strlen(text);
	buf_putc(&b, ':');
	request_header(rq, "Signature", text, failed);
}
