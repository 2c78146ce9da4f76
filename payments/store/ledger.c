#include "payments/store/ledger.h"

#include "lib/arena.h"

#include <stdlib.h>
#include <string.h>

const struct pg_statement ledger_settle_batch = {
	"settle_batch",
	"select settle_batch($1::integer, $2::bigint, $3::uuid[], $4::uuid[], "
	"$5::text[], $6::uuid[],"
	" $7::integer[], $8::uuid[], $9::integer[], $10::uuid[], $11::text[], "
	"$12::uuid[],"
	" $13::integer[], $14::uuid[], $15::uuid[], $16::uuid[], $17::uuid[], "
	"$18::bigint[],"
	" $19::bigint[], $20::text[], $21::text[])",
};

const struct pg_statement ledger_settle_one = {
	"settle_one",
	"select result, repeated from settle_one($1::integer, $2::bigint, $3::uuid, "
	"$4::uuid,"
	" $5::text, $6::uuid, $7::uuid[], $8::integer[], $9::uuid[], $10::text[], "
	"$11::uuid[],"
	" $12::integer[], $13::uuid[], $14::uuid[], $15::uuid[], $16::uuid[], "
	"$17::bigint[],"
	" $18::bigint[], $19::text[], $20::text[])",
};

const struct pg_statement ledger_load = {
	"settle_load",
	"select 0, op_key, result::bigint, 0::bigint, 0::bigint, content, null::uuid"
	" from operations where cooperative_id = $1::integer and op_key = any($2::uuid[])"
	" union all select 1, account_id, balance, pending_debit, pending_credit, null, "
	"null"
	" from accounts where cooperative_id = $1 and account_id = any($3::uuid[])"
	" union all select 2, t.transfer_id, t.amount, coalesce(r.kind, 0), 0, t.debit, "
	"t.credit"
	" from transfers t left join transfers r on r.cooperative_id = t.cooperative_id "
	"and"
	" r.hold_id = t.transfer_id"
	" where t.cooperative_id = $1 and t.transfer_id = any($4::uuid[]) and t.kind = 1",
};

const struct pg_statement ledger_lease_take = {
	"lease_take", "select epoch, held_by from lease_take($1::text, $2::bigint)"
};
const struct pg_statement ledger_lease_renew = {
	"lease_renew", "select true where lease_renew($1::bigint, $2::bigint)"
};
const struct pg_statement ledger_lease_drop = { "lease_drop",
	                                        "select lease_drop($1::bigint)" };

const struct pg_statement ledger_due_holds = {
	"due_holds",
	"select t.cooperative_id, t.transfer_id, t.amount, d.kind, d.owner, d.unit, "
	"c.kind,"
	" c.owner, c.unit from transfers t"
	" join accounts d on d.cooperative_id = t.cooperative_id and d.account_id = "
	"t.debit"
	" join accounts c on c.cooperative_id = t.cooperative_id and c.account_id = "
	"t.credit"
	" where t.expires_at is not null and t.expires_at <= to_timestamp($1::bigint / "
	"1000.0) and not "
	"exists"
	" (select from transfers r where r.cooperative_id = t.cooperative_id and"
	" r.hold_id = t.transfer_id)"
	" order by t.expires_at limit $2::integer",
};

/* ---- legs as parallel arrays ------------------------------------------------------ */

struct leg_columns {
	size_t count;
	bool any_hold;
	struct uuid *op, *transfer, *hold, *debit, *credit;
	int32_t *kind;
	int64_t *amount, *expires_ms;
};

static void
leg_columns_new(struct leg_columns *c, size_t room)
{
	*c = (struct leg_columns){ 0 };
	room += 1;
	c->op = xzalloc(room * sizeof *c->op);
	c->transfer = xzalloc(room * sizeof *c->transfer);
	c->hold = xzalloc(room * sizeof *c->hold);
	c->debit = xzalloc(room * sizeof *c->debit);
	c->credit = xzalloc(room * sizeof *c->credit);
	c->kind = xzalloc(room * sizeof *c->kind);
	c->amount = xzalloc(room * sizeof *c->amount);
	c->expires_ms = xzalloc(room * sizeof *c->expires_ms);
}

static void
leg_columns_free(struct leg_columns *c)
{
	free(c->op);
	free(c->transfer);
	free(c->hold);
	free(c->debit);
	free(c->credit);
	free(c->kind);
	free(c->amount);
	free(c->expires_ms);
}

static void
add_legs(struct leg_columns *c, const struct ledger_item *item)
{
	for (uint32_t i = 0; i < item->op->leg_count; i++) {
		const struct ledger_leg *leg = &item->op->legs[i];
		size_t at = c->count++;

		c->op[at] = item->op->key;
		c->transfer[at] = leg->transfer_id;
		c->hold[at] = leg->hold_id;
		c->any_hold = c->any_hold || leg->kind >= LEG_CAPTURE;
		c->debit[at] = item->sides[2 * i];
		c->credit[at] = item->sides[2 * i + 1];
		c->kind[at] = (int32_t)leg->kind;
		c->amount[at] = leg->amount;
		c->expires_ms[at] = leg->expires_ms;
	}
}

static void
put_legs(struct pg_args *a, const struct leg_columns *c)
{
	if (c->count == 0) {
		for (int i = 0; i < 8; i++)
			pg_null(a);
		return;
	}
	pg_uuid_array(a, c->op, c->count);
	pg_i32_array(a, c->kind, c->count);
	pg_uuid_array(a, c->transfer, c->count);
	if (c->any_hold)
		pg_uuid_array(a, c->hold, c->count);
	else
		pg_null(a); /* spares the look at holds */
	pg_uuid_array(a, c->debit, c->count);
	pg_uuid_array(a, c->credit, c->count);
	pg_i64_array(a, c->amount, c->count);
	pg_i64_array(a, c->expires_ms, c->count);
}

/* ---- effects: one JSON array a kind -------------------------------------------------
 */

#define EFFECT_KINDS_MAX 32

struct effect_column {
	const char *kind;
	char *text;
	size_t len, room;
};

struct effect_columns {
	size_t count;
	struct effect_column at[EFFECT_KINDS_MAX];
};

static void
append(struct effect_column *c, const char *s, size_t n)
{
	if (c->len + n + 2 > c->room) {
		c->room = (c->room + n) * 2 + 256;
		c->text = xrealloc(c->text, c->room);
	}
	memcpy(c->text + c->len, s, n);
	c->len += n;
	c->text[c->len] = '\0';
}

static void
add_effects(struct effect_columns *all, const struct ledger_item *item)
{
	for (uint32_t i = 0; i < item->op->effect_count; i++) {
		const struct effect *e = &item->op->effects[i];
		size_t at = 0;

		while (at < all->count && strcmp(all->at[at].kind, e->kind) != 0)
			at++;
		if (at == EFFECT_KINDS_MAX)
			abort(); /* kinds are static texts of ours: a table too small is a
			            bug */
		if (at == all->count)
			all->at[all->count++] = (struct effect_column){ .kind = e->kind };
		append(&all->at[at], all->at[at].len == 0 ? "[" : ",", 1);
		append(&all->at[at], e->body, strlen(e->body));
	}
}

static void
put_effects(struct pg_args *a, struct effect_columns *all)
{
	const char *kinds[EFFECT_KINDS_MAX], *bodies[EFFECT_KINDS_MAX];

	for (size_t i = 0; i < all->count; i++) {
		append(&all->at[i], "]", 1);
		kinds[i] = all->at[i].kind;
		bodies[i] = all->at[i].text;
	}
	pg_text_array(a, kinds, all->count);
	pg_text_array(a, bodies, all->count);
	for (size_t i = 0; i < all->count; i++)
		free(all->at[i].text);
}

/* ---- accounts to open -----------------------------------------------------------------
 */

static void
put_openings(struct pg_args *a, const struct ledger_opening *open, size_t n)
{
	struct uuid *ids, *owners;
	int32_t *kinds;
	const char **units;

	if (n == 0) {
		for (int i = 0; i < 4; i++)
			pg_null(a);
		return;
	}
	ids = xzalloc(n * sizeof *ids);
	owners = xzalloc(n * sizeof *owners);
	kinds = xzalloc(n * sizeof *kinds);
	units = xzalloc(n * sizeof *units);
	for (size_t i = 0; i < n; i++) {
		ids[i] = open[i].id;
		owners[i] = open[i].ref->owner;
		kinds[i] = (int32_t)open[i].ref->kind;
		units[i] = open[i].ref->unit;
	}
	pg_uuid_array(a, ids, n);
	pg_i32_array(a, kinds, n);
	pg_uuid_array(a, owners, n);
	pg_text_array(a, units, n);
	free(ids);
	free(owners);
	free(kinds);
	free(units);
}

static void
put_operations(struct pg_args *a, const struct ledger_batch *b)
{
	size_t n = b->item_count;
	struct uuid *keys = xzalloc(n * sizeof *keys),
	            *contents = xzalloc(n * sizeof *contents),
	            *actors = xzalloc(n * sizeof *actors);
	const char **kinds = xzalloc(n * sizeof *kinds);
	int32_t *results = xzalloc(n * sizeof *results);

	for (size_t i = 0; i < n; i++) {
		keys[i] = b->items[i].op->key;
		contents[i] = b->items[i].content;
		actors[i] = b->items[i].op->actor;
		kinds[i] = b->items[i].op->kind;
		results[i] = (int32_t)b->items[i].result;
	}
	pg_uuid_array(a, keys, n);
	pg_uuid_array(a, contents, n);
	pg_text_array(a, kinds, n);
	pg_uuid_array(a, actors, n);
	pg_i32_array(a, results, n);
	free(keys);
	free(contents);
	free(actors);
	free(kinds);
	free(results);
}

struct pg_args *
ledger_batch_args(const struct ledger_batch *b)
{
	struct pg_args *a = pg_args_new();
	struct effect_columns effects = { 0 };
	struct leg_columns legs;
	size_t room = 0;

	for (size_t i = 0; i < b->item_count; i++)
		room += b->items[i].op->leg_count;
	leg_columns_new(&legs, room);
	for (size_t i = 0; i < b->item_count; i++) {
		if (b->items[i].result != OP_DONE)
			continue;
		add_legs(&legs, &b->items[i]);
		add_effects(&effects, &b->items[i]);
	}
	pg_i32(a, b->cooperative_id);
	pg_i64(a, b->epoch);
	put_operations(a, b);
	put_openings(a, b->openings, b->opening_count);
	put_legs(a, &legs);
	put_effects(a, &effects);
	leg_columns_free(&legs);
	return a;
}

struct pg_args *
ledger_one_args(int32_t cooperative_id, int64_t epoch, const struct ledger_item *item)
{
	struct pg_args *a = pg_args_new();
	struct ledger_opening open[2 * OPERATION_LEGS_MAX];
	struct effect_columns effects = { 0 };
	struct leg_columns legs;

	for (uint32_t i = 0; i < item->op->leg_count; i++) {
		open[2 * i] = (struct ledger_opening){ item->sides[2 * i],
			                               &item->op->legs[i].debit };
		open[2 * i + 1] = (struct ledger_opening){ item->sides[2 * i + 1],
			                                   &item->op->legs[i].credit };
	}
	leg_columns_new(&legs, item->op->leg_count);
	add_legs(&legs, item);
	add_effects(&effects, item);
	pg_i32(a, cooperative_id);
	pg_i64(a, epoch);
	pg_uuid(a, &item->op->key);
	pg_uuid(a, &item->content);
	pg_text(a, item->op->kind);
	if (uuid_is_nil(&item->op->actor))
		pg_null(a);
	else
		pg_uuid(a, &item->op->actor);
	put_openings(a, open, 2 * (size_t)item->op->leg_count);
	put_legs(a, &legs);
	put_effects(a, &effects);
	leg_columns_free(&legs);
	return a;
}
