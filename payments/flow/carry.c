#include "payments/flow/carry.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/gate.h"
#include "payments/flow/outbox.h"
#include "payments/flow/posted.h"
#include "payments/flow/purpose.h"

#include <stdlib.h>
#include <string.h>

enum state {
	ST_BEGIN,
	ST_CHECK,
	ST_HOLD,
	ST_READ,
	ST_MARK,
	ST_CALL,
	ST_NOTE,
	ST_SETTLE,
	ST_END
};

struct carry {
	const struct carry_means *means;
	const struct carry_manner *manner;
	struct payment p;
	enum state state;
	struct course course; /* what to do, once something was heard */
	bool called;
	bool read_posted;        /* the course follows from what was posted */
	bool is_told;            /* nobody is called: */
	struct verdict told;     /* this was said */
	bool orphan;             /* cancelled while the purpose holds us */
	struct gate_answer held; /* why it waits */
	struct timer *soon;      /* in flight, or NULL, as are the next three */
	struct gate_pass *pass;
	struct pg_op *pg;
	struct provider_call *call;
	carry_cb *cb;
	void *arg;
};

static void enter_begin(struct carry *c);
static void on_begin(void *arg);
static void enter_check(struct carry *c);
static void on_check(void *arg, const struct gate_answer *a);
static void enter_hold(struct carry *c);
static void on_hold(void *arg, const struct pg_reply *reply);
static void enter_read(struct carry *c);
static void on_read(void *arg, const struct pg_reply *reply);
static void enter_mark(struct carry *c);
static void on_mark(void *arg, const struct pg_reply *reply);
static void enter_call(struct carry *c);
static void on_call(void *arg, const struct verdict *v);
static void enter_note(struct carry *c);
static void on_note(void *arg, const struct pg_reply *reply);
static void enter_settle(struct carry *c);
static void on_settle(void *arg, const struct err *err);
static void enter_end(struct carry *c);

static void
go(struct carry *c, enum state to)
{
	static const struct {
		const char *name;
		void (*enter)(struct carry *);
	} step[] = {
		[ST_BEGIN] = { "begin", enter_begin },
		[ST_CHECK] = { "check", enter_check },
		[ST_HOLD] = { "hold", enter_hold },
		[ST_READ] = { "read", enter_read },
		[ST_MARK] = { "mark", enter_mark },
		[ST_CALL] = { "call", enter_call },
		[ST_NOTE] = { "note", enter_note },
		[ST_SETTLE] = { "settle", enter_settle },
		[ST_END] = { "end", enter_end },
	};

	log_debug(c->p.code, c->manner->name, "from=%s to=%s state=%s",
	          step[c->state].name, step[to].name, pay_state_name(c->p.state));
	c->state = to;
	step[to].enter(c);
}

static int64_t
now(const struct carry *c)
{
	return loop_clock(c->means->env->loop)->wall_ms;
}

static struct course_time
course_time(const struct carry *c)
{
	return (struct course_time){
		.now_ms = now(c),
		.permille = c->means->env->settings->payments.ladder_permille,
	};
}

static int64_t
pg_deadline(const struct carry *c)
{
	return c->means->env->settings->pg.statement_ms;
}

static struct verdict
no_verdict(void)
{
	return (struct verdict){ .kind = VERDICT_UNKNOWN, .amount_minor = -1 };
}

struct carry *
carry_start(const struct carry_means *means, const struct carry_manner *manner,
            const struct payment *p, const struct verdict *told, carry_cb *cb, void *arg)
{
	struct carry *c = xzalloc(sizeof *c);

	c->means = means;
	c->manner = manner;
	c->p = *p;
	c->course.why = no_verdict();
	c->is_told = told != NULL;
	c->told = told == NULL ? c->course.why : *told;
	c->cb = cb;
	c->arg = arg;
	go(c, ST_BEGIN);
	return c;
}

void
carry_cancel(struct carry **carry)
{
	struct carry *c = carry == NULL ? NULL : *carry;

	if (c == NULL)
		return;
	*carry = NULL;
	timer_cancel(&c->soon);
	gate_cancel(&c->pass);
	pg_cancel(&c->pg);
	provider_call_cancel(&c->call);
	if (c->state == ST_SETTLE)
		c->orphan = true;
	else
		free(c);
}

/* A token, a call, and the rows around them.  Being late harms nobody: who takes over
 * asks first, and we are not heard. */
int64_t
carry_claim_ms(int64_t deadline_ms)
{
	return 2 * deadline_ms + 2000;
}

/* ---- BEGIN: on a turn of its own, so that nothing is answered inside carry_start ----
 */
static void
enter_begin(struct carry *c)
{
	c->soon = timer_start(c->means->env->loop, 0, on_begin, c);
}

static void
go_by_course(struct carry *c)
{
	go(c, c->course.settle ? ST_SETTLE : ST_NOTE);
}

/* Is it known what to do without any call? */
static bool
is_decided(struct carry *c)
{
	struct course_time t = course_time(c);

	if (c->is_told) {
		c->manner->judge(&c->p, &c->told, &t, &c->course);
		return true;
	}
	if (c->manner->before != NULL && c->manner->before(&c->p, &t, &c->course))
		return true;
	return c->manner->submits &&
	       course_is_no_refund(&c->p, c->means->provider->gives_all_back, &c->course);
}

static void
on_begin(void *arg)
{
	struct carry *c = arg;

	c->soon = NULL;
	if (is_decided(c))
		go_by_course(c);
	else if (c->manner->submits)
		go(c, c->means->gate != NULL && gate_watches(c->means->gate, &c->p)
		          ? ST_CHECK
		          : ST_MARK);
	else
		go(c, c->p.answered && c->means->provider->result != NULL ? ST_READ
		                                                          : ST_CALL);
}

/* ---- CHECK, and HOLD if it has to wait ---- */
static void
enter_check(struct carry *c)
{
	c->pass = gate_enter(c->means->gate, &c->p, on_check, c);
}

static void
on_check(void *arg, const struct gate_answer *a)
{
	struct carry *c = arg;

	c->pass = NULL;
	c->held = *a;
	if (a->word == GATE_LATER) { /* the claim lapses, and it is taken up again */
		c->course.next_try_ms = now(c) + c->means->claim_ms;
		go(c, ST_END);
		return;
	}
	if (a->word != GATE_GO) {
		go(c, ST_HOLD);
		return;
	}
	if (strcmp(c->p.attention, GATE_FLOAT_LOW) == 0)
		c->p.attention[0] = '\0';
	go(c, ST_MARK);
}

static void
enter_hold(struct carry *c)
{
	bool by_itself = c->held.word == GATE_FLOAT;
	struct pg_args *args = pg_args_new();

	c->course.next_try_ms = by_itself ? now(c) + c->means->float_ms : 0;
	pg_i32(args, c->p.cooperative_id);
	pg_uuid(args, &c->p.payment_id);
	pg_uuid(args, &c->p.claim);
	pg_i64(args, now(c));
	pg_text(args, by_itself ? GATE_FLOAT_LOW : "name");
	pg_text(args, c->held.said);
	if (by_itself)
		pg_i64(args, c->course.next_try_ms);
	else
		pg_null(args);
	c->pg =
	    pg_call(c->means->env->pg, &payment_held, args, pg_deadline(c), on_hold, c);
}

static void
on_hold(void *arg, const struct pg_reply *reply)
{
	struct carry *c = arg;

	c->pg = NULL;
	if (reply->err.code != ERR_NONE)
		log_warn(c->p.code, "not_held", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	else
		outbox_nudge(c->means->env->outbox);
	go(c, ST_END);
}

/* ---- MARK: on disk before a byte leaves ---- */
static void
enter_mark(struct carry *c)
{
	struct pg_args *args =
	    payment_sent_args(&c->p, now(c), now(c) + c->means->claim_ms);

	c->pg =
	    pg_call(c->means->env->pg, &payment_sent, args, pg_deadline(c), on_mark, c);
}

static void
on_mark(void *arg, const struct pg_reply *reply)
{
	struct carry *c = arg;

	c->pg = NULL;
	if (reply->err.code != ERR_NONE) { /* not sure that it is on disk: no call */
		log_warn(c->p.code, "not_marked", "why=%s", err_name(reply->err.code));
		go(c, ST_END);
	} else if (!reply_bool(reply, 0, 0)) {
		log_info(c->p.code, "claim_lost", "flow=%s", c->manner->name);
		go(c, ST_END);
	} else {
		c->p.state = PAY_SENT;
		c->p.attempts++;
		c->p.sent_ms = now(c);
		c->p.misses = 0;
		c->p.missing_ms = 0;
		go(c, ST_CALL);
	}
}

/* ---- CALL ---- */
static struct provider_order
order_of(const struct carry *c)
{
	const struct payment *p = &c->p;
	const struct settings *s = c->means->env->settings;
	struct provider_order o = {
		.direction = p->direction,
		.reference = p->reference,
		.amount_minor = p->amount,
		.exponent = p->exponent,
	};

	memcpy(o.msisdn, p->msisdn, sizeof o.msisdn);
	memcpy(o.currency, p->currency, sizeof o.currency);
	memcpy(o.note, p->code, strlen(p->code) + 1);
	uuid_text(&p->reference, o.external_id);
	posted_url(c->means->account[p->direction].callback_url, s->callback.secret,
	           &p->reference, c->manner->submits ? 0 : p->attempts, o.result_url,
	           sizeof o.result_url);
	o.back_reference = p->back_reference;
	memcpy(o.back_txn, p->back_txn, sizeof o.back_txn);
	if (!c->manner->submits)
		memcpy(o.handle, p->handle, sizeof o.handle);
	return o;
}

static void
enter_call(struct carry *c)
{
	const struct carry_means *m = c->means;
	struct provider_question q = {
		.provider = m->provider,
		.account = &m->account[c->p.direction],
		.order = order_of(c),
		.ask = c->manner->submits ? ASK_SUBMIT : ASK_QUERY,
		.deadline_ms = m->deadline_ms,
		.clock = loop_clock(m->env->loop),
	};

	c->call = provider_call_start(m->env->http, m->tokens, &q, on_call, c);
}

static void
on_call(void *arg, const struct verdict *v)
{
	struct carry *c = arg;
	struct course_time t = course_time(c);

	c->call = NULL;
	c->called = true;
	c->manner->judge(&c->p, v, &t, &c->course);
	go_by_course(c);
}

/* ---- READ: the answer of an earlier query was posted ---- */
static void
enter_read(struct carry *c)
{
	struct pg_args *args = pg_args_new();

	pg_i32(args, c->p.cooperative_id);
	pg_uuid(args, &c->p.payment_id);
	c->pg =
	    pg_call(c->means->env->pg, &payment_posted, args, pg_deadline(c), on_read, c);
}

static void
on_read(void *arg, const struct pg_reply *reply)
{
	struct carry *c = arg;
	struct course_time t = course_time(c);
	struct provider_order o = order_of(c);
	struct verdict v = no_verdict();
	const char *body;

	c->pg = NULL;
	if (reply->err.code != ERR_NONE || reply->rows == 0) {
		log_warn(c->p.code, "answer_not_read", "why=%s",
		         err_name(reply->err.code));
		go(c, ST_END);
		return;
	}
	body = reply_text(reply, 0, 0);
	o.wall_ms = now(c);
	c->means->provider->result(&o, body, strlen(body), &v);
	c->read_posted = true;
	c->manner->judge(&c->p, &v, &t, &c->course);
	go_by_course(c);
}

/* ---- NOTE ---- */
static void
log_course(const struct carry *c)
{
	const struct course *k = &c->course;

	log_info(c->p.code, k->kind,
	         "flow=%s verdict=%s said=%s state=%s attempts=%d step=%d "
	         "attention=%s",
	         c->manner->name, verdict_kind_name(k->why.kind), k->why.code,
	         pay_state_name(k->p.state), (int)k->p.attempts, (int)k->p.ladder_step,
	         k->p.attention);
}

static void
enter_note(struct carry *c)
{
	struct payment_note note = {
		.kind = c->course.kind,
		.verdict = &c->course.why,
		.now = now(c),
		.next_try_ms = c->course.next_try_ms,
		.answered = c->read_posted,
	};

	log_course(c);
	c->pg =
	    pg_call(c->means->env->pg, &payment_heard,
	            payment_heard_args(&c->course.p, &note), pg_deadline(c), on_note, c);
}

static void
on_note(void *arg, const struct pg_reply *reply)
{
	struct carry *c = arg;

	c->pg = NULL;
	if (reply->err.code != ERR_NONE)
		log_warn(c->p.code, "not_noted", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	go(c, ST_END);
}

/* ---- SETTLE ---- */
static void
enter_settle(struct carry *c)
{
	struct course_time t = course_time(c);

	if (purpose_record(c->means->env, &c->p, c->course.to, &c->course.why, on_settle,
	                   c))
		return;
	log_error(c->p.code, "no_such_purpose", "purpose=%s", c->p.purpose);
	course_after_books(&c->course, true, &t, &c->course);
	go(c, ST_NOTE);
}

static void
on_settle(void *arg, const struct err *err)
{
	struct carry *c = arg;
	struct course_time t;
	struct course before;
	/* others will pass: no database, not the writer, stopping */
	bool is_final = err->code == ERR_REFUSED || err->code == ERR_CONFLICT ||
	                err->code == ERR_INTERNAL;

	if (c->orphan) { /* whom we borrowed from is gone */
		free(c);
		return;
	}
	t = course_time(c);
	before = c->course;
	if (err->code == ERR_NONE) {
		log_info(c->p.code, "settled", "flow=%s state=%s said=%s reason=%s",
		         c->manner->name, pay_state_name(c->course.to),
		         c->course.why.code, pay_reason_name(c->course.why.reason));
		c->course.next_try_ms = 0;
		outbox_nudge(c->means->env->outbox);
		go(c, ST_END);
	} else {
		log_warn(c->p.code, "not_settled", "flow=%s why=%s what=\"%s\"",
		         c->manner->name, err_name(err->code), err->what);
		course_after_books(&before, is_final, &t, &c->course);
		go(c, ST_NOTE);
	}
}

static void
enter_end(struct carry *c)
{
	struct payment p = c->p;
	struct carry_end end = {
		.payment = &p,
		.called = c->called,
		.verdict = c->course.why,
		.next_try_ms = c->course.next_try_ms,
	};
	carry_cb *cb = c->cb;
	void *arg = c->arg;

	carry_cancel(&c);
	cb(arg, &end);
}
