/* Any bytes as a request: a head that is accepted keeps its promises, and a chunked body
 * reads the same whole and byte by byte. */
#include "lib/http_head.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_plain(const char *s)
{
	if (strpbrk(s, "\r\n"))
		abort();
}

static void
try_head(const uint8_t *data, size_t size)
{
	static struct http_head h;
	size_t n = http_head_length((const char *)data, size);
	char *copy;

	if (n == 0)
		return;
	copy = malloc(n); /* the exact size, so that one byte more is noticed */
	if (!copy)
		abort();
	memcpy(copy, data, n);
	if (http_head_parse(copy, n, &h) == 0) {
		if (h.path[0] != '/' && strcmp(h.path, "*") != 0)
			abort();
		check_plain(h.method);
		check_plain(h.path);
		check_plain(h.query);
		for (size_t i = 0; i < h.field_count; i++) {
			check_plain(h.fields[i].name);
			check_plain(h.fields[i].value);
		}
		if (h.chunked && h.body_len > 0)
			abort();
	}
	free(copy);
}

static size_t
read_in_pieces(const uint8_t *data, size_t size, size_t piece, char *body,
               enum http_chunk_state *state)
{
	struct http_chunked c = { .state = HTTP_CHUNK_SIZE };
	size_t n = 0;
	char part[256];

	for (size_t at = 0; at < size;) {
		size_t len = size - at < piece ? size - at : piece, kept, used;

		memcpy(part, data + at, len);
		used = http_chunked_read(&c, part, len, &kept);
		memcpy(body + n, part, kept);
		n += kept;
		at += used;
		if (used < len || used == 0)
			break;
	}
	*state = c.state;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum http_chunk_state state_a, state_b;
	char a[256], b[256];
	size_t n, m;

	try_head(data, size);
	if (size > sizeof a)
		size = sizeof a;
	n = read_in_pieces(data, size, sizeof a, a, &state_a);
	m = read_in_pieces(data, size, 1, b, &state_b);
	if (n != m || state_a != state_b || memcmp(a, b, n) != 0)
		abort();
	return 0;
}
