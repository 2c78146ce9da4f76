#include "payments/flow/bulk_visit.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/bulk_call.h"
#include "payments/flow/rails.h"
#include "payments/flow/reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 512 /* more than settings let a bulk have */
#define LINE_JSON 600
#define PAGE      50u

struct page_row { /* of a list, while it is being settled */
	struct uuid reference;
	struct verdict verdict;
	struct bulk_visit *visit;
	struct carry *carry; /* in flight, or NULL */
};

struct bulk_visit {
	const struct carry_means *means;
	struct bulk b;
	char ref[UUID_TEXT_SIZE]; /* for the log */
	enum bulk_ask ask;
	struct bulk_course course;
	char said[64];
	struct gsma_batch_orders orders; /* owned */
	struct provider_order *order;
	struct gsma_batch_page page;
	struct page_row row[LINES_MAX];
	unsigned rows, settling;
	struct timer *soon; /* in flight, or NULL, as are the next two */
	struct pg_op *pg;
	struct bulk_call *call;
	bulk_visit_cb *cb;
	void *arg;
};

static void begin(void *arg);
static void enter_lines(struct bulk_visit *v);
static void on_lines(void *arg, const struct pg_reply *r);
static void enter_mark(struct bulk_visit *v);
static void on_mark(void *arg, const struct pg_reply *r);
static void enter_call(void *arg);
static void on_call(void *arg, const struct provider_answer *ans, const struct err *err);
static void enter_page(void *arg);
static void on_page(void *arg, const struct provider_answer *ans, const struct err *err);
static void enter_take(struct bulk_visit *v);
static void on_take(void *arg, const struct pg_reply *r);
static void next_page(struct bulk_visit *v);
static void enter_note(struct bulk_visit *v);
static void on_note(void *arg, const struct pg_reply *r);
static void end(struct bulk_visit *v);

static int64_t
now(const struct bulk_visit *v)
{
	return loop_clock(v->means->env->loop)->wall_ms;
}

static int64_t
pg_deadline(const struct bulk_visit *v)
{
	return v->means->env->settings->pg.statement_ms;
}

struct bulk_visit *
bulk_visit_start(const struct carry_means *means, const struct bulk *b, bulk_visit_cb *cb,
                 void *arg)
{
	struct bulk_visit *v = xzalloc(sizeof *v);

	v->means = means;
	v->b = *b;
	uuid_text(&b->bulk_id, v->ref);
	v->ask = bulk_asks(b->state);
	v->cb = cb;
	v->arg = arg;
	v->soon = timer_start(means->env->loop, 0, begin, v);
	return v;
}

void
bulk_visit_cancel(struct bulk_visit **handle)
{
	struct bulk_visit *v = handle == NULL ? NULL : *handle;

	if (v == NULL)
		return;
	*handle = NULL;
	timer_cancel(&v->soon);
	pg_cancel(&v->pg);
	bulk_call_cancel(&v->call);
	for (unsigned i = 0; i < v->rows; i++)
		carry_cancel(&v->row[i].carry);
	free(v->orders.body);
	free(v->order);
	free(v);
}

const struct uuid *
bulk_visit_of(const struct bulk_visit *v)
{
	return &v->b.bulk_id;
}

/* The provider's rate is kept: `enter` now, or as soon as it allows one more call. */
static bool
must_wait(struct bulk_visit *v, loop_cb *enter)
{
	struct flow_env *env = v->means->env;
	int64_t rest =
	    env->rails == NULL ? 0 : rails_take_call(env->rails, v->b.provider);

	if (rest > 0)
		v->soon = timer_start(env->loop, rest, enter, v);
	return rest > 0;
}

static void
begin(void *arg)
{
	struct bulk_visit *v = arg;

	v->soon = NULL;
	if (v->ask == BULK_CREATE)
		enter_lines(v);
	else if (v->ask == BULK_APPROVE)
		enter_mark(v);
	else
		enter_call(v);
}

/* ---- LINES: the same ones in the same order, however often it is made ---- */

static void
put_order(struct provider_order *o, const struct payment *p)
{
	*o = (struct provider_order){ .direction = PAY_OUT,
		                      .reference = p->reference,
		                      .amount_minor = p->amount,
		                      .exponent = p->exponent };
	memcpy(o->msisdn, p->msisdn, sizeof o->msisdn);
	memcpy(o->currency, p->currency, sizeof o->currency);
	memcpy(o->note, p->code, strlen(p->code) + 1);
}

static void
on_lines(void *arg, const struct pg_reply *r)
{
	struct bulk_visit *v = arg;
	struct payment p;

	v->pg = NULL;
	if (r->err.code != ERR_NONE || r->rows == 0 || r->rows > LINES_MAX) {
		log_warn(v->ref, "lines_not_read", "why=%s rows=%d",
		         err_name(r->err.code), r->rows);
		end(v);
		return;
	}
	v->order = xzalloc((size_t)r->rows * sizeof *v->order);
	for (int i = 0; i < r->rows; i++) {
		payment_read(r, i, &p);
		put_order(&v->order[i], &p);
	}
	v->orders.at = v->order;
	v->orders.count = (size_t)r->rows;
	v->orders.cap = (size_t)r->rows * LINE_JSON + 400;
	v->orders.body = xzalloc(v->orders.cap);
	enter_mark(v);
}

static void
enter_lines(struct bulk_visit *v)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, v->b.cooperative_id);
	pg_uuid(a, &v->b.bulk_id);
	v->pg = pg_call(v->means->env->pg, &bulk_lines, a, pg_deadline(v), on_lines, v);
}

/* ---- MARK: on disk before a byte leaves ---- */

static void
on_mark(void *arg, const struct pg_reply *r)
{
	struct bulk_visit *v = arg;

	v->pg = NULL;
	if (r->err.code != ERR_NONE || !reply_bool(r, 0, 0)) {
		log_warn(v->ref, "not_marked", "state=%s why=%s",
		         bulk_state_name(v->b.state), err_name(r->err.code));
		end(v);
		return;
	}
	v->b.state = v->ask == BULK_CREATE ? BULK_SENT : BULK_APPROVING;
	v->b.attempts += v->ask == BULK_CREATE ? 1 : 0;
	v->b.misses = 0;
	v->b.missing_ms = 0;
	v->b.refused = false;
	enter_call(v);
}

static void
enter_mark(struct bulk_visit *v)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, v->b.cooperative_id);
	pg_uuid(a, &v->b.bulk_id);
	pg_uuid(a, &v->b.claim);
	pg_i64(a, now(v));
	pg_i64(a, now(v) + v->means->claim_ms);
	pg_text(a, v->ask == BULK_CREATE ? "sent" : "approving");
	v->pg = pg_call(v->means->env->pg, &bulk_mark, a, pg_deadline(v), on_mark, v);
}

/* ---- CALL ---- */

static struct bulk_question
question(struct bulk_visit *v, const struct gsma_batch_page *page)
{
	struct bulk_question q = { .means = v->means,
		                   .batch = { .reference = v->b.bulk_id },
		                   .ask = v->ask,
		                   .orders = &v->orders,
		                   .page = page };

	snprintf(q.batch.title, sizeof q.batch.title, "Adit %s", v->b.code);
	memcpy(q.batch.their_id, page == NULL ? v->b.their_id : v->course.b.their_id,
	       sizeof q.batch.their_id);
	return q;
}

static void
enter_call(void *arg)
{
	struct bulk_visit *v = arg;
	struct bulk_question q = question(v, NULL);

	v->soon = NULL;
	if (!must_wait(v, enter_call))
		v->call = bulk_call_start(&q, on_call, v);
}

/* What it means that nothing came. */
static struct gsma_batch_told
told_nothing(const struct err *err)
{
	struct gsma_batch_told told = { .completed = -1, .rejected = -1 };

	told.state = err->code == ERR_RANGE  ? BATCH_REFUSED
	             : err->code == ERR_AUTH ? BATCH_AUTH
	             : err->fate == FATE_NOT ? BATCH_DOWN
	                                     : BATCH_UNKNOWN;
	if (err->code == ERR_RANGE || err->code == ERR_AUTH)
		snprintf(told.code, sizeof told.code, "%s", err_name(err->code));
	return told;
}

/* As a payment's call does: the breaker counts what says nothing, or that it is down. */
static void
tell_rails(const struct bulk_visit *v, bool up)
{
	rails_heard(v->means->env->rails, v->b.provider, up);
}

static void
on_call(void *arg, const struct provider_answer *ans, const struct err *err)
{
	struct bulk_visit *v = arg;
	const struct course_time t = {
		.now_ms = now(v),
		.permille = v->means->env->settings->payments.ladder_permille,
	};
	struct gsma_batch_told told;

	v->call = NULL;
	if (ans == NULL)
		told = told_nothing(err);
	else
		gsma_batch_answer(ans, &told);
	snprintf(v->said, sizeof v->said, "%s",
	         told.code[0] != '\0' || ans != NULL ? told.code : err_name(err->code));
	tell_rails(v, told.state != BATCH_DOWN && told.state != BATCH_UNKNOWN);
	bulk_after(&v->b, v->ask, &told, &t, &v->course);
	if (v->course.reads_lists)
		enter_page(v);
	else
		enter_note(v);
}

/* ---- PAGE ---- */

static void
enter_page(void *arg)
{
	struct bulk_visit *v = arg;
	struct bulk_question q;

	v->soon = NULL;
	v->page.limit = PAGE;
	q = question(v, &v->page);
	if (!must_wait(v, enter_page))
		v->call = bulk_call_start(&q, on_page, v);
}

static void
on_row(void *arg, const struct uuid *reference, const struct verdict *verdict)
{
	struct bulk_visit *v = arg;

	if (v->rows == LINES_MAX)
		return;
	v->row[v->rows++] =
	    (struct page_row){ .reference = *reference, .verdict = *verdict, .visit = v };
}

static void
on_page(void *arg, const struct provider_answer *ans, const struct err *err)
{
	struct bulk_visit *v = arg;
	int rows = -1;

	v->call = NULL;
	v->rows = 0;
	if (ans != NULL)
		rows = gsma_batch_read(ans, v->page.list, on_row, v);
	tell_rails(v, rows >= 0);
	if (rows < 0) { /* another time */
		log_info(v->ref, "list_not_read", "offset=%u status=%d why=%s",
		         v->page.offset, ans == NULL ? 0 : ans->status,
		         err_name(err->code));
		enter_note(v);
		return;
	}
	v->page.offset += (unsigned)rows;
	if (rows == 0) /* behind the last one */
		v->page.offset = UINT32_MAX;
	if (v->rows > 0)
		enter_take(v);
	else
		next_page(v);
}

/* No list is longer than the bulk. */
static void
next_page(struct bulk_visit *v)
{
	v->rows = 0;
	if (v->page.offset < v->b.lines) {
		enter_page(v);
	} else if (v->page.list == BATCH_COMPLETIONS) {
		v->page = (struct gsma_batch_page){ .list = BATCH_REJECTIONS };
		enter_page(v);
	} else {
		enter_note(v);
	}
}

/* ---- TAKE, and each line settled ---- */

static void
on_settled(void *arg, const struct carry_end *e)
{
	struct page_row *row = arg;
	struct bulk_visit *v = row->visit;

	(void)e;
	row->carry = NULL;
	if (--v->settling == 0)
		next_page(v);
}

static void
settle_line(struct bulk_visit *v, const struct payment *p)
{
	for (unsigned i = 0; i < v->rows; i++) {
		struct page_row *row = &v->row[i];

		if (row->carry != NULL || !uuid_equal(&row->reference, &p->reference))
			continue;
		v->settling++;
		row->carry =
		    carry_start(v->means, &reconcile, p, &row->verdict, on_settled, row);
		return;
	}
}

static void
on_take(void *arg, const struct pg_reply *r)
{
	struct bulk_visit *v = arg;
	struct payment p;

	v->pg = NULL;
	if (r->err.code != ERR_NONE)
		log_warn(v->ref, "lines_not_taken", "why=%s message=\"%s\"",
		         err_name(r->err.code), r->message);
	for (int i = 0; r->err.code == ERR_NONE && i < r->rows; i++) {
		payment_read(r, i, &p);
		settle_line(v, &p);
	}
	if (v->settling == 0)
		next_page(v);
}

static void
enter_take(struct bulk_visit *v)
{
	struct pg_args *a = pg_args_new();
	struct uuid claim = ids_uuid4(v->means->env->ids), refs[LINES_MAX];

	for (unsigned i = 0; i < v->rows; i++)
		refs[i] = v->row[i].reference;
	pg_i32(a, v->b.cooperative_id);
	pg_uuid(a, &v->b.bulk_id);
	pg_uuid_array(a, refs, v->rows);
	pg_text(a, v->page.list == BATCH_COMPLETIONS ? "paid" : "failed");
	pg_uuid(a, &claim);
	pg_i64(a, now(v));
	pg_i64(a, now(v) + v->means->claim_ms);
	v->pg = pg_call(v->means->env->pg, &bulk_take, a, pg_deadline(v), on_take, v);
}

/* ---- NOTE ---- */

static void
on_note(void *arg, const struct pg_reply *r)
{
	struct bulk_visit *v = arg;

	v->pg = NULL;
	if (r->err.code != ERR_NONE)
		log_warn(v->ref, "not_noted", "why=%s message=\"%s\"",
		         err_name(r->err.code), r->message);
	else if (v->course.b.state == BULK_REFUSED)
		rails_nudge(v->means->env->rails, v->b.cooperative_id);
	end(v);
}

static void
enter_note(struct bulk_visit *v)
{
	const struct bulk *b = &v->course.b;

	log_info(v->ref, "bulk",
	         "batch=%s from=%s to=%s said=%s theirs=%s step=%d attention=%s",
	         v->b.code, bulk_state_name(v->b.state), bulk_state_name(b->state),
	         v->said, b->their_id, (int)b->step, b->attention);
	v->pg = pg_call(v->means->env->pg, &bulk_heard,
	                bulk_heard_args(b, now(v), v->course.next_ms, v->said),
	                pg_deadline(v), on_note, v);
}

static void
end(struct bulk_visit *v)
{
	bulk_visit_cb *cb = v->cb;
	void *arg = v->arg;

	bulk_visit_cancel(&v);
	cb(arg);
}
