#include "ussd/core/catalog.h"

#include <string.h>

#define MAGIC 0x950412deU

static uint32_t
u32(const struct catalog *c, size_t at)
{
	const uint8_t *b = c->bytes + at;

	if (c->swapped)
		return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
		       b[3];
	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

bool
catalog_open(struct catalog *c, const void *mo, size_t len)
{
	uint64_t table;

	*c = (struct catalog){ .bytes = mo, .len = len };
	if (mo == NULL || len < 28)
		return false;
	if (u32(c, 0) != MAGIC) {
		c->swapped = true;
		if (u32(c, 0) != MAGIC)
			return false;
	}
	if (u32(c, 4) >> 16 > 1)
		return false;
	c->count = u32(c, 8);
	c->originals = u32(c, 12);
	c->translations = u32(c, 16);
	table = (uint64_t)c->count * 8;
	return c->originals + table <= len && c->translations + table <= len;
}

/* A text of one of the tables with its NUL inside the file; else NULL. */
static const char *
entry(const struct catalog *c, uint32_t table, uint32_t i, size_t *n)
{
	uint64_t len = u32(c, table + (size_t)i * 8);
	uint64_t at = u32(c, table + (size_t)i * 8 + 4);

	if (at + len >= c->len || c->bytes[at + len] != '\0')
		return NULL;
	*n = (size_t)len;
	return (const char *)c->bytes + at;
}

/* Compares "context EOT id" with an entry, as the table is sorted. */
static int
compare(const char *context, const char *id, const char *text, size_t n)
{
	size_t c = strlen(context), i = strlen(id);
	size_t part = n < c ? n : c;
	int order = memcmp(context, text, part);

	if (order != 0 || n < c)
		return order != 0 ? order : 1;
	text += c;
	n -= c;
	if (n == 0 || *text != '\4')
		return n == 0 || (unsigned char)*text < 4 ? 1 : -1;
	text++;
	n--;
	part = n < i ? n : i;
	order = memcmp(id, text, part);
	if (order != 0)
		return order;
	return i < n ? -1 : i > n;
}

const char *
catalog_find(const struct catalog *c, const char *context, const char *id)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		size_t n = 0;
		const char *text = entry(c, c->originals, mid, &n);
		int order;

		if (text == NULL)
			return NULL;
		order = compare(context, id, text, n);
		if (order == 0) {
			const char *found = entry(c, c->translations, mid, &n);

			return found != NULL && *found != '\0' ? found : NULL;
		}
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}
