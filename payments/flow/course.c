#include "payments/flow/course.h"

#include "payments/core/give_back.h"
#include "payments/core/ladder.h"

#include <string.h>

#define RECHECKS_MAX 20
#define RESENDS_TOLD 5 /* calls that came to nothing, until a person is told */
#define BY_HAND      "by_hand"
#define BY_HAND_NO   "by_hand_no"
#define FLOAT_LOW    "float_low" /* gate.h */

static void
begin(const struct payment *p, const struct verdict *v, const char *kind,
      struct course *out)
{
	*out = (struct course){ .p = *p, .why = *v, .kind = kind };
}

static void
settle(struct course *c, enum pay_state to)
{
	c->settle = true;
	c->to = to;
}

static void
remember(char *out, size_t cap, const char *text)
{
	size_t n = strnlen(text, cap - 1);

	memcpy(out, text, n);
	out[n] = '\0';
}

#define REMEMBER(field, text) remember((field), sizeof(field), (text))

static enum pay_reason
reason_by_name(const char *name)
{
	for (unsigned r = 0; r < PAY_REASONS; r++)
		if (strcmp(pay_reason_name((enum pay_reason)r), name) == 0)
			return (enum pay_reason)r;
	return REASON_OTHER;
}

static void
ask_later(struct course *c, enum pay_state state, const struct course_time *t)
{
	c->p.state = state;
	c->next_try_ms = t->now_ms + ladder_wait_ms(c->p.ladder_step, t->permille);
	if (ladder_needs_person(c->p.ladder_step) && c->p.attention[0] == '\0')
		REMEMBER(c->p.attention, "open");
}

/* ---- after a submit -----------------------------------------------------------------
 */

static void
not_taken(struct course *c, const struct course_time *t)
{
	if (c->p.maybe_taken) { /* this call was not, an earlier one may have been */
		ask_later(c, PAY_UNKNOWN, t);
		return;
	}
	if (course_is_stale(&c->p, t->now_ms)) {
		settle(c, PAY_FAILED);
		return;
	}
	if (c->why.reason == REASON_OUR_SETUP)
		REMEMBER(c->p.attention, "setup");
	c->p.state = PAY_CREATED;
	c->next_try_ms = t->now_ms + ladder_wait_ms(c->p.attempts - 1, t->permille);
}

static void
refused(struct course *c, const struct course_time *t)
{
	if (!c->p.maybe_taken) {
		settle(c, PAY_FAILED);
		return;
	}
	REMEMBER(c->p.reason, pay_reason_name(c->why.reason));
	ask_later(c, PAY_UNKNOWN, t);
}

void
course_after_submit(const struct payment *p, const struct verdict *v,
                    const struct course_time *t, struct course *out)
{
	begin(p, v, "heard", out);
	if (v->kind != VERDICT_DUPLICATE) /* that was no new beginning */
		out->p.ladder_step = 0;
	out->p.reason[0] = '\0';
	switch (v->kind) {
	case VERDICT_FAILED:
		refused(out, t);
		return;
	case VERDICT_DOWN:
	case VERDICT_AUTH:
		not_taken(out, t);
		return;
	case VERDICT_ACCEPTED:
		out->p.maybe_taken = true;
		ask_later(out, PAY_ACCEPTED, t);
		return;
	case VERDICT_DUPLICATE:
		out->p.maybe_taken = true;
		ask_later(out, PAY_UNKNOWN, t);
		out->next_try_ms = t->now_ms;
		return;
	case VERDICT_UNKNOWN:
	case VERDICT_PENDING:
	case VERDICT_PAID:
	case VERDICT_NOT_FOUND:
	case VERDICT_ASKED:
	case VERDICT_FOLLOW:
		out->p.maybe_taken = true;
		ask_later(out, PAY_UNKNOWN, t);
		return;
	}
}

/* ---- after a query ------------------------------------------------------------------
 */

static void
missing(struct course *c, const struct course_time *t)
{
	struct payment *p = &c->p;
	int64_t since;
	bool is_old = course_is_stale(p, t->now_ms);

	if (p->misses++ == 0)
		p->missing_ms = t->now_ms;
	since = t->now_ms - p->missing_ms;
	ask_later(c, PAY_UNKNOWN, t);
	if (p->attempts < RESENDS_TOLD) /* else a person knows, and we are in no hurry */
		c->next_try_ms =
		    t->now_ms + ladder_miss_wait_ms(p->ladder_step, t->permille);
	if (!ladder_is_missing(p->misses, since, t->permille))
		return;
	if (p->reason[0] != '\0') { /* the last call was refused, and nothing is there */
		c->why.reason = reason_by_name(p->reason);
		settle(c, PAY_FAILED);
	} else if (!is_old) {
		c->kind = "resend";
		if (p->attempts >= RESENDS_TOLD && p->attention[0] == '\0')
			REMEMBER(p->attention, "open");
		p->state = PAY_CREATED;
		p->maybe_taken = true; /* so that no refusal of that call is final */
		c->next_try_ms = t->now_ms;
	} else if (since >= PULL_STALE_MS) {
		c->why.reason = REASON_PROVIDER_DOWN;
		settle(c, PAY_FAILED);
	}
}

static void
recheck(struct course *c, const struct course_time *t)
{
	enum verdict_kind same = c->p.state == PAY_PAID ? VERDICT_PAID : VERDICT_FAILED;
	enum verdict_kind other = c->p.state == PAY_PAID ? VERDICT_FAILED : VERDICT_PAID;

	c->kind = "recheck";
	if (c->why.kind == other) {
		c->kind = "contradiction";
		REMEMBER(c->p.attention, "contradiction");
	} else if (c->why.kind != same && c->p.ladder_step < RECHECKS_MAX) {
		c->next_try_ms =
		    t->now_ms + ladder_wait_ms(c->p.ladder_step, t->permille);
	}
}

static bool
is_other_amount(const struct payment *p, const struct verdict *v)
{
	return v->amount_minor >= 0 && v->amount_minor != p->amount;
}

void
course_after_query(const struct payment *p, const struct verdict *v,
                   const struct course_time *t, struct course *out)
{
	begin(p, v, "query", out);
	out->p.ladder_step++;
	/* sent by a gateway that died before it could say so: it waits no more */
	if (strcmp(p->attention, FLOAT_LOW) == 0)
		out->p.attention[0] = '\0';
	if (is_other_amount(p, v)) {
		out->why.kind = VERDICT_UNKNOWN;
		REMEMBER(out->p.attention, "amount");
	}
	if (p->state == PAY_PAID || p->state == PAY_FAILED) {
		recheck(out, t);
		return;
	}
	if (p->in_bulk && v->kind == VERDICT_NOT_FOUND)
		out->why.kind = VERDICT_UNKNOWN; /* the call named the bulk */
	if (p->state == PAY_SENT) /* a gateway died between the mark and the answer */
		out->p.maybe_taken = true;
	/* what is only asked says nothing yet: the answer is posted, a query of its own
	 */
	if (out->why.kind != VERDICT_NOT_FOUND && out->why.kind != VERDICT_DOWN &&
	    out->why.kind != VERDICT_ASKED) {
		out->p.misses = 0;
		out->p.missing_ms = 0;
	}
	switch (out->why.kind) {
	case VERDICT_PAID:
		settle(out, PAY_PAID);
		return;
	case VERDICT_FAILED:
		settle(out, PAY_FAILED);
		return;
	case VERDICT_NOT_FOUND:
		missing(out, t);
		return;
	case VERDICT_PENDING:
		ask_later(out, PAY_ACCEPTED, t);
		return;
	case VERDICT_UNKNOWN:
	case VERDICT_ACCEPTED:
	case VERDICT_DUPLICATE:
	case VERDICT_AUTH:
	case VERDICT_DOWN:
	case VERDICT_ASKED:
	case VERDICT_FOLLOW:
		ask_later(out, p->state == PAY_ACCEPTED ? PAY_ACCEPTED : PAY_UNKNOWN, t);
		if (strcmp(v->code, COURSE_CANNOT_ASK) == 0 &&
		    out->p.ladder_step >= RESENDS_TOLD && out->p.attention[0] == '\0')
			REMEMBER(out->p.attention, "open");
		return;
	}
}

/* ---- the rest ------------------------------------------------------------------------
 */

static bool
is_by_hand(const struct payment *p)
{
	return strcmp(p->attention, BY_HAND) == 0 ||
	       strcmp(p->attention, BY_HAND_NO) == 0;
}

void
course_after_books(const struct course *before, bool is_final,
                   const struct course_time *t, struct course *out)
{
	*out = *before;
	out->settle = false;
	out->kind = "problem";
	if (is_final && !is_by_hand(&before->p))
		REMEMBER(out->p.attention, "books");
	if (before->to == PAY_FAILED) /* should the provider know nothing of it */
		REMEMBER(out->p.reason, pay_reason_name(before->why.reason));
	ask_later(out, out->p.state == PAY_ACCEPTED ? PAY_ACCEPTED : PAY_UNKNOWN, t);
}

bool
course_by_hand(const struct payment *p, const struct course_time *t, struct course *out)
{
	bool paid = strcmp(p->attention, BY_HAND) == 0;
	struct verdict why = { .kind = paid ? VERDICT_PAID : VERDICT_FAILED,
		               .reason = paid ? REASON_NONE : REASON_OTHER,
		               .code = "BY_HAND",
		               .amount_minor = -1 };

	(void)t;
	if (!is_by_hand(p) || p->state == PAY_PAID || p->state == PAY_FAILED)
		return false;
	REMEMBER(why.provider_txn, p->provider_txn);
	begin(p, &why, "heard", out);
	settle(out, paid ? PAY_PAID : PAY_FAILED);
	return true;
}

bool
course_is_no_refund(const struct payment *p, bool whole, struct course *out)
{
	bool gives = p->back_txn[0] != '\0' || !uuid_is_nil(&p->back_reference);
	enum give_back word = give_back_judge(p->back_amount, p->amount, whole);
	struct verdict why = { .kind = VERDICT_FAILED,
		               .reason = REASON_NOT_ALLOWED,
		               .amount_minor = -1 };

	if (!gives || word == BACK_FITS || p->attempts > 0 || p->maybe_taken)
		return false;
	REMEMBER(why.code, word == BACK_PART ? "REFUND_OF_A_PART" : "REFUND_TOO_MUCH");
	begin(p, &why, "heard", out);
	settle(out, PAY_FAILED);
	return true;
}

bool
course_is_stale(const struct payment *p, int64_t now_ms)
{
	return p->direction == PAY_IN && now_ms - p->created_ms >= PULL_STALE_MS;
}

void
course_stale(const struct payment *p, const struct course_time *t, struct course *out)
{
	static const struct verdict why = {
		.kind = VERDICT_FAILED,
		.reason = REASON_PROVIDER_DOWN,
		.code = "NOT_SENT_IN_TIME",
		.amount_minor = -1,
	};

	begin(p, &why, "heard", out);
	if (p->maybe_taken) {
		out->why.kind = VERDICT_UNKNOWN;
		ask_later(out, PAY_UNKNOWN, t);
	} else {
		settle(out, PAY_FAILED);
	}
}
