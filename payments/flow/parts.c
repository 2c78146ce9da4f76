#include "payments/flow/parts.h"

#include "payments/flow/means.h"

#include <string.h>

/* A part for another day is sent when people are awake, and that day has begun for the
 * provider, too, wherever it counts its days. */
#define MORNING_MS (6 * 3600 * INT64_C(1000))

void
parts_ask(struct payments_op *op, const struct payment *p, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a,
	       op->who.cooperative_id != 0 ? op->who.cooperative_id : p->cooperative_id);
	pg_uuid(a, &p->member_id);
	pg_text(a, p->provider);
	pg_text(a, p->msisdn);
	pg_text(a, p->currency);
	pg_i64(a, call_now(op));
	call_ask(op, &wallet_room, a, on_reply);
}

static void
tell(struct books *b, const struct wallet_plan *plan, const struct member *to)
{
	const struct text_value values[] = {
		{ "now", books_i64(b, plan->now) },
		{ "later", books_i64(b, plan->later) },
		{ "days", books_i64(b, plan->last) },
		{ "parts", books_i64(b, plan->parts) },
		{ NULL, NULL },
	};

	if (plan->later == 0 && plan->parts > 1)
		books_message(b, to, "payout.parts", values);
	else if (plan->later > 0 && plan->now > 0)
		books_message(b, to, plan->last == 1 ? "payout.later" : "payout.days",
		              values);
	else if (plan->later > 0)
		books_message(b, to, plan->last == 1 ? "payout.tomorrow" : "payout.wait",
		              values);
}

static void
put_extra(struct books *b, const struct payment *p)
{
	struct buf body = books_body(b, 120);

	payment_extra_body(&body, p);
	books_effect(b, "payment_extra", &body);
}

static bool
put(struct books *b, const struct wallet_facts *w, struct payment *p, uint32_t from_day,
    struct account_ref from)
{
	struct account_ref cash = account_float(p->provider, p->currency);
	struct wallet_part part;

	if (!wallet_next(&w->room, p->amount, from_day, &part))
		return false;
	part.amount -= part.amount %
	               means_grain(b->env->settings, p->provider, p->currency, PAY_OUT);
	if (part.amount <= p->extra)
		return false;
	p->rest = p->amount - part.amount;
	p->amount = part.amount;
	p->planned_day = w->today + (int32_t)part.day;
	p->not_before_ms = part.day == 0 ? 0 : w->starts_ms[part.day] + MORNING_MS;
	p->hold_id = books_hold(b, from, cash, p->amount);
	p->rest_hold_id = (struct uuid){ { 0 } };
	if (p->rest > 0)
		p->rest_hold_id = books_hold(b, from, cash, p->rest);
	books_payment(b, p);
	if (p->extra > 0)
		put_extra(b, p);
	return true;
}

bool
parts_begin(struct books *b, const struct wallet_facts *w, struct payment *p,
            struct account_ref from, const struct member *to)
{
	struct wallet_plan plan;

	wallet_plan(&w->room, p->amount, 0, &plan);
	p->part = 1;
	if (!put(b, w, p, 0, from))
		return false;
	tell(b, &plan, to);
	return true;
}

bool
parts_follow(const struct payment *done, bool paid, enum pay_reason why)
{
	if (done->direction != PAY_OUT)
		return false;
	if (paid)
		return done->rest > 0;
	if (strcmp(done->purpose, "loan_out") == 0 && done->part == 1)
		return false;
	return why == REASON_LIMIT && done->waits < WAITS_MAX;
}

static struct payment
next_of(const struct payment *done, bool paid)
{
	struct payment p = { .direction = PAY_OUT,
		             .purpose_id = done->purpose_id,
		             .member_id = done->member_id,
		             .amount = paid ? done->rest : done->amount + done->rest,
		             .part = paid ? done->part + 1 : done->part,
		             .waits = paid ? 0 : done->waits + 1 };

	memcpy(p.provider, done->provider, sizeof p.provider);
	memcpy(p.purpose, done->purpose, sizeof p.purpose);
	memcpy(p.msisdn, done->msisdn, sizeof p.msisdn);
	memcpy(p.currency, done->currency, sizeof p.currency);
	return p;
}

int64_t
parts_end(struct books *b, const struct wallet_facts *w, const struct payment *done,
          bool paid, const struct account_ref from[2], const struct member *to)
{
	struct account_ref cash = account_float(done->provider, done->currency);
	struct payment next = next_of(done, paid);
	int64_t left = next.amount;
	struct wallet_plan plan;

	books_resolve(b,
	              &(struct hold){ done->hold_id, from[0], cash,
	                              paid ? done->amount - done->extra : done->amount },
	              paid);
	if (paid)
		books_post(b, account(ACC_CASHOUT_COST, NULL, done->currency), cash,
		           done->extra);
	if (done->rest > 0)
		books_resolve(
		    b, &(struct hold){ done->rest_hold_id, from[0], cash, done->rest },
		    false);
	if (w == NULL || !put(b, w, &next, paid ? 0 : 1, from[1]))
		return left;
	if (!paid) {
		wallet_plan(&w->room, left, 1, &plan);
		tell(b, &plan, to);
	}
	return 0;
}
