#include "ussd/core/session.h"

#include "lib/buf.h"

#include <string.h>

#define SESSION_VERSION 1

/* ---- writing: little endian, texts and blobs behind a 16-bit length ---- */

struct out {
	uint8_t *at;
	size_t len;
	bool failed;
};

static void
put(struct out *o, const void *p, size_t n)
{
	if (n > SESSION_MAX - o->len) {
		o->failed = true;
		return;
	}
	memcpy(o->at + o->len, p, n);
	o->len += n;
}

static void
put_number(struct out *o, uint64_t v, size_t bytes)
{
	uint8_t b[8];

	for (size_t i = 0; i < bytes; i++)
		b[i] = (uint8_t)(v >> (8 * i));
	put(o, b, bytes);
}

static void
put_blob(struct out *o, const void *p, size_t n)
{
	if (n > UINT16_MAX) {
		o->failed = true;
		return;
	}
	put_number(o, n, 2);
	put(o, p, n);
}

/* ---- reading ---- */

struct in {
	const uint8_t *at;
	size_t left;
	bool failed;
};

static const uint8_t *
take(struct in *in, size_t n)
{
	const uint8_t *at = in->at;

	if (in->failed || n > in->left) {
		in->failed = true;
		return NULL;
	}
	in->at += n;
	in->left -= n;
	return at;
}

static uint64_t
take_number(struct in *in, size_t bytes)
{
	const uint8_t *b = take(in, bytes);
	uint64_t v = 0;

	for (size_t i = 0; b != NULL && i < bytes; i++)
		v |= (uint64_t)b[i] << (8 * i);
	return v;
}

static bool
take_bool(struct in *in)
{
	uint64_t v = take_number(in, 1);

	if (v > 1)
		in->failed = true;
	return v == 1;
}

static size_t
take_blob(struct in *in, void *out, size_t cap)
{
	size_t n = (size_t)take_number(in, 2);
	const uint8_t *b;

	if (n > cap)
		in->failed = true;
	b = take(in, n);
	if (b == NULL)
		return 0;
	memcpy(out, b, n);
	return n;
}

/* A text without NULs inside, into size bytes. */
static void
take_text(struct in *in, char *out, size_t size)
{
	size_t n = take_blob(in, out, size - 1);

	out[n] = '\0';
	if (strlen(out) != n)
		in->failed = true;
}

static struct uuid
take_uuid(struct in *in)
{
	struct uuid u = { { 0 } };
	const uint8_t *b = take(in, sizeof u.b);

	if (b != NULL)
		memcpy(u.b, b, sizeof u.b);
	return u;
}

/* ---- the record ---- */

void
session_key(const struct msisdn *number, char out[SESSION_KEY_SIZE])
{
	struct buf b;

	buf_init(&b, out, SESSION_KEY_SIZE);
	buf_puts(&b, "s:{");
	buf_puts(&b, number->digits);
	buf_puts(&b, "}");
}

size_t
session_encode(const struct session *s, uint8_t bytes[SESSION_MAX])
{
	struct out o = { .at = bytes };

	if (s->menu_len > SESSION_MENU_MAX || s->mode >= SESSION_MODES)
		return 0;
	put_number(&o, SESSION_VERSION, 1);
	put_number(&o, s->mode, 1);
	put_blob(&o, s->carrier, strlen(s->carrier));
	put(&o, s->dialog.b, sizeof s->dialog.b);
	put_number(&o, (uint64_t)s->started_ms, 8);
	put_number(&o, (uint64_t)s->touched_ms, 8);
	put_number(&o, (uint64_t)s->minute, 8);
	put_number(&o, s->hops, 4);
	put_number(&o, s->member, 1);
	put_number(&o, (uint32_t)s->cooperative_id, 4);
	put(&o, s->member_id.b, sizeof s->member_id.b);
	put_number(&o, s->roles, 4);
	put_blob(&o, s->number, strlen(s->number));
	put_blob(&o, s->name, strlen(s->name));
	put_blob(&o, s->language, strlen(s->language));
	put_blob(&o, s->cooperative, strlen(s->cooperative));
	put_blob(&o, s->cooperative_code, strlen(s->cooperative_code));
	put_blob(&o, s->country, strlen(s->country));
	put_blob(&o, s->currency, strlen(s->currency));
	put_number(&o, s->exponent, 1);
	put_number(&o, s->approvals, 4);
	put_number(&o, s->prices, 4);
	put_number(&o, s->lots, 4);
	put_number(&o, s->program, 8);
	put_blob(&o, s->menu, s->menu_len);
	put_number(&o, s->last.len, 4);
	put_number(&o, s->last.hash, 8);
	put_number(&o, s->hop, 8);
	put_blob(&o, s->reply, strlen(s->reply));
	put_number(&o, s->reply_end, 1);
	return o.failed ? 0 : o.len;
}

bool
session_decode(const uint8_t *bytes, size_t n, struct session *s)
{
	struct in in = { .at = bytes, .left = n };
	uint64_t mode;

	memset(s, 0, sizeof *s);
	if (take_number(&in, 1) != SESSION_VERSION)
		return false;
	mode = take_number(&in, 1);
	take_text(&in, s->carrier, sizeof s->carrier);
	s->dialog = take_uuid(&in);
	s->started_ms = (int64_t)take_number(&in, 8);
	s->touched_ms = (int64_t)take_number(&in, 8);
	s->minute = (int64_t)take_number(&in, 8);
	s->hops = (uint32_t)take_number(&in, 4);
	s->member = take_bool(&in);
	s->cooperative_id = (int32_t)take_number(&in, 4);
	s->member_id = take_uuid(&in);
	s->roles = (uint32_t)take_number(&in, 4);
	take_text(&in, s->number, sizeof s->number);
	take_text(&in, s->name, sizeof s->name);
	take_text(&in, s->language, sizeof s->language);
	take_text(&in, s->cooperative, sizeof s->cooperative);
	take_text(&in, s->cooperative_code, sizeof s->cooperative_code);
	take_text(&in, s->country, sizeof s->country);
	take_text(&in, s->currency, sizeof s->currency);
	s->exponent = (uint8_t)take_number(&in, 1);
	s->approvals = (uint32_t)take_number(&in, 4);
	s->prices = (uint32_t)take_number(&in, 4);
	s->lots = (uint32_t)take_number(&in, 4);
	s->program = take_number(&in, 8);
	s->menu_len = take_blob(&in, s->menu, sizeof s->menu);
	s->last.len = (uint32_t)take_number(&in, 4);
	s->last.hash = take_number(&in, 8);
	s->hop = take_number(&in, 8);
	take_text(&in, s->reply, sizeof s->reply);
	s->reply_end = take_bool(&in);
	if (in.failed || in.left != 0 || mode >= SESSION_MODES)
		return false;
	s->mode = (enum session_mode)mode;
	return true;
}
