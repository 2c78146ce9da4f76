#include "lib/ids.h"

#include "lib/hex.h"

#include <sodium.h>
#include <string.h>

void
ids_init(struct ids *ids)
{
	*ids = (struct ids){ 0 };
}

void
ids_init_seeded(struct ids *ids, uint64_t seed)
{
	*ids = (struct ids){ .seeded = true, .state = seed };
}

/* SplitMix64: one 64-bit state, every seed is good.  For replay in tests, never for
 * secrets. */
static uint64_t
next_seeded(struct ids *ids)
{
	uint64_t z = ids->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void
ids_bytes(struct ids *ids, void *out, size_t n)
{
	unsigned char *at = out;

	if (!ids->seeded) {
		randombytes_buf(out, n);
		return;
	}
	while (n > 0) {
		uint64_t v = next_seeded(ids);
		size_t part = n < sizeof v ? n : sizeof v;

		memcpy(at, &v, part);
		at += part;
		n -= part;
	}
}

uint64_t
ids_u64(struct ids *ids)
{
	uint64_t v;

	ids_bytes(ids, &v, sizeof v);
	return v;
}

static void
mark(struct uuid *u, unsigned version)
{
	u->b[6] = (uint8_t)((u->b[6] & 0x0f) | (version << 4));
	u->b[8] = (uint8_t)((u->b[8] & 0x3f) | 0x80);
}

struct uuid
ids_uuid7(struct ids *ids, int64_t wall_ms)
{
	struct uuid u;

	ids_bytes(ids, &u, sizeof u);
	for (int i = 0; i < 6; i++)
		u.b[i] = (uint8_t)((uint64_t)wall_ms >> (40 - 8 * i));
	mark(&u, 7);
	return u;
}

struct uuid
ids_uuid4(struct ids *ids)
{
	struct uuid u;

	ids_bytes(ids, &u, sizeof u);
	mark(&u, 4);
	return u;
}

void
ids_code(struct ids *ids, char *out, size_t n)
{
	/* 30 signs; a byte of 240 or more would favour the first ones, so it is drawn
	 * again */
	static const char signs[] = "ABCDEFGHJKMNPQRSTUVWXYZ2345678";
	size_t i = 0;

	while (i < n) {
		uint8_t byte;

		ids_bytes(ids, &byte, 1);
		if (byte < 240)
			out[i++] = signs[byte % 30];
	}
	out[n] = '\0';
}

char *
uuid_text(const struct uuid *u, char out[UUID_TEXT_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	char *at = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = hex[u->b[i] >> 4];
		*at++ = hex[u->b[i] & 15];
	}
	*at = '\0';
	return out;
}

bool
uuid_parse(const char *s, size_t n, struct uuid *out)
{
	struct uuid u;
	size_t at = 0;

	if (n != UUID_TEXT_SIZE - 1)
		return false;
	for (int i = 0; i < 16; i++) {
		int byte;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && s[at++] != '-')
			return false;
		byte = hex_byte(s + at);
		if (byte < 0)
			return false;
		u.b[i] = (uint8_t)byte;
		at += 2;
	}
	*out = u;
	return true;
}

bool
uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

bool
uuid_is_nil(const struct uuid *u)
{
	static const struct uuid nil;

	return uuid_equal(u, &nil);
}

struct uuid
uuid_from_name(const char *text, size_t n)
{
	struct uuid u;

	crypto_generichash(u.b, sizeof u.b, (const unsigned char *)text, n, NULL, 0);
	mark(&u, 8);
	return u;
}
