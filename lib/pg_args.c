#include "lib/arena.h"
#include "lib/pg_internal.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Element types, from the server's catalogue; they never change. */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25, OID_UUID = 2950 };

struct pg_args *
pg_args_new(void)
{
	return xzalloc(sizeof(struct pg_args));
}

void
pg_args_free(struct pg_args *a)
{
	if (!a)
		return;
	free(a->bytes);
	free(a);
}

static void
append(struct pg_args *a, const void *p, size_t n)
{
	if (a->failed || n > PG_ARGS_MAX_BYTES - a->len) {
		a->failed = true;
		return;
	}
	if (a->len + n > a->cap) {
		a->cap = a->cap ? a->cap : 256;
		while (a->cap < a->len + n)
			a->cap *= 2;
		a->bytes = xrealloc(a->bytes, a->cap);
	}
	if (n > 0)
		memcpy(a->bytes + a->len, p, n);
	a->len += n;
}

static struct pg_arg *
begin(struct pg_args *a, bool binary)
{
	static struct pg_arg nowhere;

	if (a->n == PG_ARGS_MAX) {
		a->failed = true;
		return &nowhere;
	}
	a->v[a->n] = (struct pg_arg){ .offset = a->len, .binary = binary };
	return &a->v[a->n++];
}

static void
end(struct pg_args *a, struct pg_arg *v)
{
	v->len = a->len - v->offset;
}

void
pg_null(struct pg_args *a)
{
	begin(a, false)->null = true;
}

/* Scalars go as text: the server reads them as whatever type the statement wants. */
void
pg_text_n(struct pg_args *a, const char *s, size_t n)
{
	struct pg_arg *v = begin(a, false);

	if (!s) {
		v->null = true;
		return;
	}
	if (n > 0 && memchr(s, '\0', n))
		a->failed = true;
	append(a, s, n);
	end(a, v);
	append(a, "", 1);
}

void
pg_text(struct pg_args *a, const char *s)
{
	pg_text_n(a, s, s ? strlen(s) : 0);
}

void
pg_i64(struct pg_args *a, int64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, v);
	pg_text(a, text);
}

void
pg_i32(struct pg_args *a, int32_t v)
{
	pg_i64(a, v);
}

void
pg_bool(struct pg_args *a, bool v)
{
	pg_text(a, v ? "t" : "f");
}

void
pg_uuid(struct pg_args *a, const struct uuid *u)
{
	char text[UUID_TEXT_SIZE];

	pg_text(a, u ? uuid_text(u, text) : NULL);
}

void
pg_bytes(struct pg_args *a, const void *p, size_t n)
{
	struct pg_arg *v = begin(a, true);

	append(a, p, n);
	end(a, v);
	v->null = p == NULL;
}

/* ---- arrays, in the binary form: one dimension, counted from 1 ---- */

static void
append_u32(struct pg_args *a, uint32_t v)
{
	v = htobe32(v);
	append(a, &v, sizeof v);
}

static struct pg_arg *
begin_array(struct pg_args *a, uint32_t oid, size_t n, bool has_null)
{
	struct pg_arg *v = begin(a, true);

	if (n > PG_ARGS_MAX_BYTES / 4)
		a->failed = true;
	append_u32(a, n > 0);
	append_u32(a, has_null);
	append_u32(a, oid);
	if (n > 0) {
		append_u32(a, (uint32_t)n);
		append_u32(a, 1);
	}
	return v;
}

static void
append_element(struct pg_args *a, const void *p, size_t n)
{
	if (p && n > PG_ARGS_MAX_BYTES)
		a->failed = true;
	append_u32(a, p ? (uint32_t)n : UINT32_MAX);
	if (p)
		append(a, p, n);
}

void
pg_i64_array(struct pg_args *a, const int64_t *v, size_t n)
{
	struct pg_arg *at = begin_array(a, OID_INT8, n, false);

	for (size_t i = 0; i < n && !a->failed; i++) {
		uint64_t wire = htobe64((uint64_t)v[i]);

		append_element(a, &wire, sizeof wire);
	}
	end(a, at);
}

void
pg_i32_array(struct pg_args *a, const int32_t *v, size_t n)
{
	struct pg_arg *at = begin_array(a, OID_INT4, n, false);

	for (size_t i = 0; i < n && !a->failed; i++) {
		uint32_t wire = htobe32((uint32_t)v[i]);

		append_element(a, &wire, sizeof wire);
	}
	end(a, at);
}

void
pg_uuid_array(struct pg_args *a, const struct uuid *v, size_t n)
{
	struct pg_arg *at;
	bool has_null = false;

	for (size_t i = 0; i < n; i++)
		has_null |= uuid_is_nil(&v[i]);
	at = begin_array(a, OID_UUID, n, has_null);
	for (size_t i = 0; i < n && !a->failed; i++)
		append_element(a, uuid_is_nil(&v[i]) ? NULL : v[i].b, sizeof v[i].b);
	end(a, at);
}

void
pg_text_array(struct pg_args *a, const char *const *v, size_t n)
{
	struct pg_arg *at;
	bool has_null = false;

	for (size_t i = 0; i < n; i++)
		has_null |= v[i] == NULL;
	at = begin_array(a, OID_TEXT, n, has_null);
	for (size_t i = 0; i < n && !a->failed; i++)
		append_element(a, v[i], v[i] ? strlen(v[i]) : 0);
	end(a, at);
}

void
pg_bytes_array(struct pg_args *a, const struct pg_blob *v, size_t n)
{
	struct pg_arg *at;
	bool has_null = false;

	for (size_t i = 0; i < n; i++)
		has_null |= v[i].p == NULL;
	at = begin_array(a, OID_BYTEA, n, has_null);
	for (size_t i = 0; i < n && !a->failed; i++)
		append_element(a, v[i].p, v[i].n);
	end(a, at);
}
