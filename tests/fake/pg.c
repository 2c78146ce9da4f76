/* The scripted pg: real arguments and real getters over canned rows. */
#include "lib/pg.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/pg_internal.h"
#include "tests/fake/fake.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* lib's struct pg and struct pg_op have another shape; here they are only names. */
struct fake_pg {
	struct loop *loop;
};

struct fake_pg_op {
	struct fake_call call;
	struct pg_args *args;
	pg_cb *cb;
	void *arg;
};

/* ---- arguments as text ---- */

static uint32_t
read_u32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return be32toh(v);
}

enum { OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25, OID_UUID = 2950 };

static void
put_hex(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%02x", (unsigned)(unsigned char)p[i]);
}

static void
put_element(struct buf *b, uint32_t oid, const char *p, size_t n)
{
	char text[UUID_TEXT_SIZE];
	struct uuid u;
	uint64_t v;

	if (oid == OID_INT8 && n == sizeof v) {
		memcpy(&v, p, sizeof v);
		buf_put_i64(b, (int64_t)be64toh(v));
	} else if (oid == OID_INT4 && n == 4) {
		buf_put_i64(b, (int32_t)read_u32(p));
	} else if (oid == OID_UUID && n == sizeof u.b) {
		memcpy(u.b, p, sizeof u.b);
		buf_puts(b, uuid_text(&u, text));
	} else if (oid == OID_TEXT) {
		buf_put(b, p, n);
	} else {
		put_hex(b, p, n);
	}
}

static void
put_array(struct buf *b, const char *p, size_t n)
{
	uint32_t oid = read_u32(p + 8);
	uint32_t count = n >= 20 ? read_u32(p + 12) : 0;

	buf_putc(b, '{');
	p += 20;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t len = read_u32(p);

		p += 4;
		if (i > 0)
			buf_putc(b, ',');
		if (len == UINT32_MAX) {
			buf_puts(b, "NULL");
			continue;
		}
		put_element(b, oid, p, len);
		p += len;
	}
	buf_putc(b, '}');
}

/* A scalar of bytes and an array both travel in binary; an array's head gives it away. */
static bool
is_array(const char *p, size_t n)
{
	static const uint32_t oids[] = { 17, OID_INT8, OID_INT4, OID_TEXT, OID_UUID };
	bool known = false;

	if (n != 12 && n < 20)
		return false;
	for (size_t i = 0; i < sizeof oids / sizeof *oids; i++)
		known |= read_u32(p + 8) == oids[i];
	return known && read_u32(p) == (n > 12) && read_u32(p + 4) <= 1;
}

const char *
script_arg(const struct script_call *call, size_t i)
{
	const struct pg_args *a = call->pg_args;
	const struct pg_arg *v;
	struct buf b;
	size_t cap;

	if (!a || i >= a->n || a->v[i].null)
		return NULL;
	v = &a->v[i];
	if (!v->binary)
		return arena_strndup(fake_scratch(), a->bytes + v->offset, v->len);
	cap = 6 * v->len + 16;
	buf_init(&b, arena_zalloc(fake_scratch(), cap), cap);
	if (is_array(a->bytes + v->offset, v->len))
		put_array(&b, a->bytes + v->offset, v->len);
	else
		put_hex(&b, a->bytes + v->offset, v->len);
	return b.at;
}

/* ---- canned rows ---- */

#define COLUMNS_MAX 64

static size_t
cell_length(const char *p)
{
	size_t n = 0;

	while (p[n] && p[n] != '|' && p[n] != '\n')
		n += p[n] == '\\' && p[n + 1] ? 2 : 1;
	return n;
}

static void
set_cell(PGresult *res, int row, int col, const char *p, size_t n)
{
	char *text = xzalloc(n + 1);
	size_t len = 0;

	if (n == 2 && memcmp(p, "\\N", 2) == 0) {
		PQsetvalue(res, row, col, NULL, -1);
		free(text);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n && p[i + 1] != 'x')
			i++;
		text[len++] = p[i];
		if (p[i] == 'n' && i > 0 && p[i - 1] == '\\')
			text[len - 1] = '\n';
	}
	PQsetvalue(res, row, col, text, (int)len);
	free(text);
}

static int
count_columns(const char *rows)
{
	int n = 1;

	for (const char *p = rows; *p && *p != '\n'; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '|')
			n++;
	}
	return n;
}

static PGresult *
make_result(const char *rows)
{
	PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	PGresAttDesc columns[COLUMNS_MAX] = { 0 };
	static char name[] = "c";
	int row = 0, col = 0;

	for (int i = 0; i < COLUMNS_MAX; i++)
		columns[i].name = name;
	if (!PQsetResultAttrs(res, count_columns(rows), columns))
		abort();
	while (*rows) {
		size_t n = cell_length(rows);

		set_cell(res, row, col, rows, n);
		rows += n;
		if (*rows == '|') {
			col++;
			rows++;
		} else {
			row++;
			col = 0;
			rows += *rows == '\n';
		}
	}
	return res;
}

/* ---- the symbols of lib/pg.h ---- */

static void
deliver(struct fake_call *f, const struct answer *a)
{
	struct fake_pg_op *op = (struct fake_pg_op *)f;
	struct pg_reply reply = { .err = a->err, .message = "" };
	PGresult *res = NULL;
	pg_cb *cb = op->cb;
	void *arg = op->arg;

	if (a->sqlstate)
		strncpy(reply.sqlstate, a->sqlstate, sizeof reply.sqlstate - 1);
	if (a->err.code == ERR_NONE) {
		res = a->rows && a->rows[0] ? make_result(a->rows)
		                            : PQmakeEmptyPGresult(NULL, PGRES_COMMAND_OK);
		reply.rows = PQntuples(res);
		reply.result = res;
	}
	fake_end(f);
	pg_args_free(op->args);
	free(op);
	if (cb)
		cb(arg, &reply);
	PQclear(res);
}

static struct answer
fallback(struct fake_call *f, const struct script_call *call)
{
	(void)f;
	fake_unexpected(call->name);
	return answer_err(ERR_INTERNAL, FATE_NOT);
}

static struct answer
fallback_down(struct fake_call *f, const struct script_call *call)
{
	struct answer a = answer_err(ERR_TIMEOUT, FATE_NOT);

	(void)f;
	a.after_ms = call->deadline_ms - 1;
	return a;
}

struct pg *
pg_new(struct loop *loop, const struct pg_options *options)
{
	struct fake_pg *pg = xzalloc(sizeof *pg);

	(void)options;
	pg->loop = loop;
	return (struct pg *)(void *)pg;
}

void
pg_free(struct pg *pg)
{
	if (!pg)
		return;
	fake_fail_all(pg, ERR_SHUTDOWN, FATE_UNKNOWN);
	free(pg);
}

unsigned
pg_ready(const struct pg *pg)
{
	(void)pg;
	return fake_pg_is_down() ? 0 : 1;
}

struct pg_op *
pg_call(struct pg *pg, const struct pg_statement *st, struct pg_args *args,
        int64_t deadline_ms, pg_cb *cb, void *arg)
{
	struct fake_pg_op *op = xzalloc(sizeof *op);
	struct script_call call = { .name = st->name,
		                    .pg_args = args,
		                    .deadline_ms = deadline_ms };

	op->call.owner = pg;
	op->call.deliver = deliver;
	op->call.fallback = fake_pg_is_down() ? fallback_down : fallback;
	op->args = args;
	op->cb = cb;
	op->arg = arg;
	if (args && args->failed) {
		fake_unexpected("arguments that do not fit");
	}
	fake_begin(&op->call, &call);
	return cb ? (struct pg_op *)(void *)op : NULL;
}

void
pg_cancel(struct pg_op **handle)
{
	struct fake_pg_op *op;

	if (!handle || !*handle)
		return;
	op = (struct fake_pg_op *)(void *)*handle;
	*handle = NULL;
	fake_end(&op->call);
	pg_args_free(op->args);
	free(op);
}
