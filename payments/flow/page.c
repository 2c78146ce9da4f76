/*
 * page - what operators ask: payments, page by page.
 *
 *   READ --> answer
 */
#include "payments/flow/call.h"
#include "payments/flow/funds.h"
#include "payments/store/overview.h"
#include "payments/store/row.h"

struct page {
	struct payments_op op;
	struct uuid after;
	struct payment_page page;
	payment_page_cb *cb;
	void *arg;
};

static void
tell_page(struct payments_op *op)
{
	struct page *p = (struct page *)op;

	p->cb(p->arg, &op->answer, &p->page);
}

static void
read_line(const struct pg_reply *r, int row, struct payment_line *out)
{
	out->cooperative_id = (int32_t)reply_i64(r, row, 0);
	out->payment_id = reply_uuid(r, row, 1);
	out->reference = reply_uuid(r, row, 2);
	ROW_TEXT(r, row, 3, out->direction);
	ROW_TEXT(r, row, 4, out->provider);
	ROW_TEXT(r, row, 5, out->purpose);
	ROW_TEXT(r, row, 6, out->msisdn);
	out->amount = reply_i64(r, row, 7);
	ROW_TEXT(r, row, 8, out->currency);
	ROW_TEXT(r, row, 9, out->code);
	ROW_TEXT(r, row, 10, out->state);
	ROW_TEXT(r, row, 11, out->reason);
	ROW_TEXT(r, row, 12, out->provider_txn);
	out->created_ms = reply_i64(r, row, 13);
}

static void
on_lines(struct payments_op *op, const struct pg_reply *r)
{
	struct page *p = (struct page *)op;

	p->page.more = r->rows > PAYMENTS_PAGE;
	p->page.count = p->page.more ? PAYMENTS_PAGE : (unsigned)r->rows;
	for (unsigned i = 0; i < p->page.count; i++)
		read_line(r, (int)i, &p->page.at[i]);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_read(struct payments_op *op)
{
	struct page *p = (struct page *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	/* the zero UUID, not null: it sorts before all others */
	pg_text(a, uuid_text(&p->after, (char[UUID_TEXT_SIZE]){ 0 }));
	pg_i32(a, PAYMENTS_PAGE + 1);
	call_ask(op, &overview_payments, a, on_lines);
}

struct payments_op *
payments_page(struct flow_env *env, int32_t cooperative_id, const struct uuid *after,
              payment_page_cb *cb, void *arg)
{
	static const struct call_step read = { "read", enter_read };
	struct page *p = call_new(env, "payments.page", sizeof *p, tell_page);

	p->op.who.cooperative_id = cooperative_id;
	p->after = *after;
	p->cb = cb;
	p->arg = arg;
	return call_begin(&p->op, &read);
}
