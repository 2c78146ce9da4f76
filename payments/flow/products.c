/*
 * products - what a cooperative lends, brought to what a file says.
 *
 *   put   READ --the same--> answer
 *           `--> CURRENCY --> COMMIT --> answer
 *         ^--------stale--------'
 *
 * The key of a new version is its number: two imports at once make one version each, the
 * second after seeing the first.
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/loans.h"

#include <string.h>

#define BODY_MAX 16384

struct put {
	struct payments_op op;
	struct product product;
	bool dry_run, only_new;
	struct uuid made;
	struct product_put result;
	product_put_cb *cb;
	void *arg;
};

static void enter_newest(struct payments_op *op);
static void enter_currency(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_newest = { "newest", enter_newest };
static const struct call_step to_currency = { "currency", enter_currency };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell_put(struct payments_op *op)
{
	struct put *p = (struct put *)op;

	p->cb(p->arg, &op->answer, &p->result);
}

static const char *
as_text(struct arena *arena, const struct product *p)
{
	char *text = arena_zalloc(arena, BODY_MAX);
	struct json_writer w;
	struct buf b;

	buf_init(&b, text, BODY_MAX);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	product_write(&w, p);
	jw_end_object(&w);
	return text;
}

static void
on_newest(struct payments_op *op, const struct pg_reply *r)
{
	struct put *p = (struct put *)op;
	struct product *now = arena_zalloc(op->arena, sizeof *now);

	p->result = (struct product_put){ PRODUCT_NEW, 1 };
	if (r->rows > 0) {
		bool readable = product_row_read(r, 0, now, NULL);

		p->result.change = PRODUCT_CHANGED;
		if ((p->only_new && now->version > 1) ||
		    (readable && strcmp(as_text(op->arena, now),
		                        as_text(op->arena, &p->product)) == 0))
			p->result.change = PRODUCT_SAME;
		p->result.version = now->version + (p->result.change == PRODUCT_CHANGED);
	}
	if (p->result.change == PRODUCT_SAME)
		call_end(op, OUTCOME_OK, "");
	else
		call_go(op, &to_currency);
}

static void
ask_newest(struct payments_op *op, const char *code, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_text(a, code);
	call_ask(op, &products_newest, a, on_reply);
}

static void
enter_newest(struct payments_op *op)
{
	ask_newest(op, ((struct put *)op)->product.code, on_newest);
}

static void
on_currency(struct payments_op *op, const struct pg_reply *r)
{
	struct put *p = (struct put *)op;

	for (int i = 0; i < r->rows; i++) {
		if (reply_i64(r, i, 0) != op->who.cooperative_id)
			continue;
		if (strcmp(reply_text(r, i, 2), p->product.currency) != 0)
			call_fail(op, "bad_input");
		else if (p->dry_run)
			call_end(op, OUTCOME_OK, "");
		else
			call_go(op, &to_commit);
		return;
	}
	call_fail(op, "not_found");
}

static void
enter_currency(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_null(a);
	call_ask(op, &product_cooperatives, a, on_currency);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE)
		call_end(op, OUTCOME_OK, "");
	else if ((result == OP_STALE || result == OP_CONFLICT) &&
	         op->retries++ < CALL_RETRIES)
		call_go(op, &to_newest);
	else
		call_fail(op, "stale");
}

static void
enter_commit(struct payments_op *op)
{
	struct put *p = (struct put *)op;
	struct books b;
	struct buf body;

	p->made = ids_uuid7(op->env->ids, call_now(op));
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "product.put", NULL);
	books_key(&b, "product.put/%s/%u", p->product.code, (unsigned)p->result.version);
	body = books_body(&b, BODY_MAX);
	product_new_body(&body, &p->made, &p->product, p->result.version - 1,
	                 call_now(op));
	books_effect(&b, "product_new", &body);
	books_audit(&b, "product.put", &p->made, "%s %u", p->product.code,
	            (unsigned)p->result.version);
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_product_put(struct flow_env *env, const struct product_ask *ask,
                     product_put_cb *cb, void *arg)
{
	struct put *p = call_new(env, "product.put", sizeof *p, tell_put);

	p->op.who.cooperative_id = ask->cooperative_id;
	p->product = *ask->product;
	p->dry_run = ask->dry_run;
	p->only_new = ask->only_new;
	p->cb = cb;
	p->arg = arg;
	return call_begin(&p->op, &to_newest);
}

/* ---- the list -------------------------------------------------------------------------
 */

struct listing {
	struct payments_op op;
	struct product_list list;
	product_list_cb *cb;
	void *arg;
};

static void
tell_list(struct payments_op *op)
{
	struct listing *l = (struct listing *)op;

	l->cb(l->arg, &op->answer, &l->list);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	struct listing *l = (struct listing *)op;
	struct product *at =
	    arena_zalloc(op->arena, sizeof *at * (size_t)(r->rows > 0 ? r->rows : 1));

	for (int i = 0; i < r->rows; i++)
		if (product_row_read(r, i, &at[l->list.count], NULL))
			l->list.count++;
	l->list.at = at;
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	ask_newest(op, NULL, on_list);
}

struct payments_op *
payments_products(struct flow_env *env, int32_t cooperative_id, product_list_cb *cb,
                  void *arg)
{
	static const struct call_step first = { "list", enter_list };
	struct listing *l = call_new(env, "products", sizeof *l, tell_list);

	l->op.who.cooperative_id = cooperative_id;
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, &first);
}
