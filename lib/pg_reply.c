#include "lib/pg.h"

#include "lib/hex.h"

#include <errno.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

static const char *
cell(const struct pg_reply *r, int row, int col)
{
	const PGresult *res = r->result;

	if (!res || row < 0 || row >= PQntuples(res) || col < 0 ||
	    col >= PQnfields(res) || PQgetisnull(res, row, col))
		return NULL;
	return PQgetvalue(res, row, col);
}

bool
reply_null(const struct pg_reply *r, int row, int col)
{
	return cell(r, row, col) == NULL;
}

int64_t
reply_i64(const struct pg_reply *r, int row, int col)
{
	const char *s = cell(r, row, col);
	char *end;
	long long v;

	if (!s || *s == '\0')
		return 0;
	errno = 0;
	v = strtoll(s, &end, 10);
	return errno == 0 && *end == '\0' ? (int64_t)v : 0;
}

bool
reply_bool(const struct pg_reply *r, int row, int col)
{
	const char *s = cell(r, row, col);

	return s && s[0] == 't';
}

const char *
reply_text(const struct pg_reply *r, int row, int col)
{
	const char *s = cell(r, row, col);

	return s ? s : "";
}

struct uuid
reply_uuid(const struct pg_reply *r, int row, int col)
{
	const char *s = cell(r, row, col);
	struct uuid u = { { 0 } };

	if (s && !uuid_parse(s, strlen(s), &u))
		u = (struct uuid){ { 0 } };
	return u;
}

size_t
reply_bytes(const struct pg_reply *r, int row, int col, void *out, size_t cap)
{
	const char *s = cell(r, row, col);
	unsigned char *to = out;
	size_t n = 0;

	if (!s || s[0] != '\\' || s[1] != 'x')
		return 0;
	for (s += 2; s[0] && s[1] && n < cap; s += 2) {
		int byte = hex_byte(s);

		if (byte < 0)
			return 0;
		to[n++] = (unsigned char)byte;
	}
	return n;
}
