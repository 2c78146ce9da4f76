#include "payments/store/statements.h"

#include "lib/arena.h"
#include "payments/provider/statement.h"

#include <stdlib.h>

const struct pg_statement statement_holder = {
	"statement_holder", "select cooperative_id, code, exponent, sharing "
	                    "from statement_holder($1::text, $2::uuid, $3::text)"
};

const struct pg_statement statement_begin = {
	"statement_begin", "select done_line, state from statement_begin($1::integer, "
	                   "$2::text, $3::bytea, $4::text, $5::bigint, $6::bigint, "
	                   "$7::bigint)"
};

const struct pg_statement statement_add = {
	"statement_add",
	"select fate, n, line from statement_add($1::integer, $2::text, $3::bytea, "
	"$4::text, $5::bigint, $6::bigint[], $7::bigint[], $8::integer[], $9::text[], "
	"$10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], "
	"$15::uuid[], $16::text[], $17::text[], $18::text[], $19::bigint)"
};

const struct pg_statement statement_end = {
	"statement_end", "select statement_end($1::integer, $2::text, $3::bytea, "
	                 "$4::integer, $5::bigint)"
};

const struct pg_statement statement_check = {
	"statement_check", "select statement_check($1::text, $2::uuid, $3::text, "
	                   "$4::integer, $5::bigint)"
};

const struct pg_statement statement_account = {
	"statement_account",
	"select lines, opening, paid_in, withdrawn, fees, closing, ledger_opening, "
	"ledger_in, ledger_out, ledger_closing, carried, fees_since, only_there, "
	"only_here, "
	"differing, other_day, unexplained, "
	"exists (select from statement_days d where d.provider = $1 and d.day = $4), "
	"(select u.exponent from currencies u where u.code = $3) "
	"from statement_account($1::text, $2::uuid, $3::text, $4::integer)"
};

const struct pg_statement statement_counts = {
	"statement_counts",
	"select count(*) filter (where kind <> 'fee' and payment_code is not null and "
	"not "
	"again and state <> 'pending' and (state = 'done') = (our_state = 'paid') "
	"and (state = 'failed' or (direction = kind and abs(amount) = our_amount))), "
	"count(*) filter (where kind = 'fee'), "
	"count(*) filter (where kind <> 'fee' and payment_code is null and state = "
	"'failed'), count(*) "
	"from cooperatives c cross join lateral statement_pairs(c.cooperative_id, "
	"$1::text, "
	"$2::integer - 1, $2::integer) p"
};

const struct pg_statement statement_items = {
	"statement_items",
	"select i.code, i.provider, (date '1970-01-01' + i.day)::text, c.code, i.kind, "
	"i.state, i.payment_code, i.txn, i.msisdn, coalesce(i.ours, 0), "
	"coalesce(i.theirs, 0), i.currency, i.words, coalesce(i.closed_by, ''), "
	"coalesce(i.note, ''), u.exponent, i.ours is null, i.theirs is null "
	"from statement_items i join cooperatives c using (cooperative_id) "
	"join currencies u on u.code = i.currency "
	"where ($1::text = '' or i.provider = $1) "
	"and ($2::integer is null or i.day = $2) and ($3::boolean is false or i.state = "
	"'open') and i.state <> 'gone' order by i.day, i.provider, i.kind, i.code"
};

const struct pg_statement statement_days = {
	"statement_days",
	"select (date '1970-01-01' + d.day)::text, (select count(*) from statement_lines "
	"l "
	"where l.provider = d.provider and l.day = d.day), (select count(*) from "
	"statement_items i where i.provider = d.provider and i.day = d.day and i.state = "
	"'open'), coalesce((select g.signed_by from statement_signs g where g.provider = "
	"d.provider and g.day >= d.day and g.reopened_by is null order by g.day limit "
	"1), "
	"''), coalesce((select string_agg(distinct g.reopened_by || ': ' || g.note, '; "
	"') "
	"from statement_signs g where g.provider = d.provider and g.day = d.day), '') "
	"from (select distinct provider, day from statement_days where provider = "
	"$1::text) "
	"d order by d.day"
};

const struct pg_statement statement_close = {
	"statement_close",
	"select statement_close($1::text, $2::text, $3::text, $4::bigint)"
};

const struct pg_statement statement_sign = {
	"statement_sign",
	"select statement_sign($1::text, $2::uuid, $3::text, $4::integer, "
	"$5::text, $6::bigint)"
};

const struct pg_statement statement_reopen = {
	"statement_reopen", "select statement_reopen($1::text, $2::uuid, $3::text, "
	                    "$4::integer, $5::text, $6::text, $7::bigint)"
};

static const char *const kind_names[] = {
	[LINE_NONE] = "", [LINE_OUT] = "out", [LINE_IN] = "in", [LINE_FEE] = "fee"
};
static const char *const state_names[] = {
	[LINE_DONE] = "done", [LINE_FAILED] = "failed", [LINE_PENDING] = "pending"
};

/* One column of the rows after the other. */
struct columns {
	const struct statement_batch *b;
	struct pg_args *a;
	int64_t *numbers;
	int32_t *small;
	const char **texts;
	struct uuid *ids;
};

enum number { N_WALL, N_AMOUNT, N_FEE, N_BALANCE };

enum text { T_KIND, T_STATE, T_TXN, T_SAID, T_NUMBER, T_DETAILS };

static void
put_numbers(struct columns *c, enum number which)
{
	for (unsigned i = 0; i < c->b->count; i++) {
		const struct statement_line *l = &c->b->rows[i];
		const int64_t of[] = { [N_WALL] = l->wall_s,
			               [N_AMOUNT] = l->amount,
			               [N_FEE] = l->fee,
			               [N_BALANCE] =
			                   l->has_balance ? l->balance : INT64_MIN };

		c->numbers[i] = of[which];
	}
	pg_i64_array(c->a, c->numbers, c->b->count);
}

static void
put_texts(struct columns *c, enum text which)
{
	for (unsigned i = 0; i < c->b->count; i++) {
		const struct statement_line *l = &c->b->rows[i];
		const char *const of[] = { [T_KIND] = kind_names[l->kind],
			                   [T_STATE] = state_names[l->state],
			                   [T_TXN] = l->txn,
			                   [T_SAID] = l->said,
			                   [T_NUMBER] = l->number,
			                   [T_DETAILS] = l->details };

		c->texts[i] = of[which];
	}
	pg_text_array(c->a, c->texts, c->b->count);
}

static void
put_columns(struct columns *c)
{
	const struct statement_batch *b = c->b;

	pg_i64_array(c->a, b->lines, b->count);
	put_numbers(c, N_WALL);
	for (unsigned i = 0; i < b->count; i++) {
		c->small[i] = b->rows[i].zoned;
		c->ids[i] = b->rows[i].reference;
	}
	pg_i32_array(c->a, c->small, b->count);
	put_texts(c, T_KIND);
	put_texts(c, T_STATE);
	put_numbers(c, N_AMOUNT);
	put_numbers(c, N_FEE);
	put_numbers(c, N_BALANCE);
	put_texts(c, T_TXN);
	pg_uuid_array(c->a, c->ids, b->count);
	put_texts(c, T_SAID);
	put_texts(c, T_NUMBER);
	put_texts(c, T_DETAILS);
}

struct pg_args *
statement_add_args(const struct statement_batch *b)
{
	struct columns c = { .b = b, .a = pg_args_new() };

	c.numbers = xzalloc((b->count + 1) * sizeof *c.numbers);
	c.small = xzalloc((b->count + 1) * sizeof *c.small);
	c.texts = xzalloc((b->count + 1) * sizeof *c.texts);
	c.ids = xzalloc((b->count + 1) * sizeof *c.ids);
	pg_i32(c.a, b->holder);
	pg_text(c.a, b->provider);
	pg_bytes(c.a, b->hash, 32);
	pg_text(c.a, b->currency);
	pg_i64(c.a, b->done_line);
	put_columns(&c);
	pg_i64(c.a, b->now_ms);
	free(c.numbers);
	free(c.small);
	free(c.texts);
	free(c.ids);
	return c.a;
}
