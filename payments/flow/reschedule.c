/*
 * reschedule - see reschedule.h.
 *
 *   look  READ --> ASKED --> answer
 *   try   READ --> ASKED --> answer
 *   ask   PIN --> READ --> ASKED --> OFFICERS --> COMMIT --> answer
 *   say   PIN --> READ --> ASKED --> COMMIT --> answer
 *                  ^-----stale---------'
 */
#include "payments/flow/reschedule.h"

#include "payments/flow/late.h"

enum way { LOOKING, TRYING, ASKING, SAYING };

struct resched {
	struct payments_op op;
	enum way way;
	char code[16];
	struct uuid loan_id, said_id, key;
	struct reschedule terms; /* as asked here */
	bool agree;
	struct loan_record loan;
	struct loan_money money;
	struct officers officers;
	struct reschedule_view view;
	reschedule_cb *cb;
	void *arg;
};

static void enter_read(struct payments_op *op);
static void enter_asked(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_asked = { "asked", enter_asked };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct resched *s = (struct resched *)op;

	s->view.loan = s->loan.view;
	s->cb(s->arg, &op->answer, &s->view);
}

static struct loan_dates
dates(const struct loan_account *a)
{
	const struct account_row *next = loan_account_next(a);
	struct loan_dates d = { .owed = a->total.outstanding_all };

	if (next == NULL)
		return d;
	d.next_day = next->due;
	d.last_day = a->rows[a->row_count - 1].due;
	d.next_amount = account_row_open(next);
	return d;
}

/* ---- the loan, and what is asked for ---- */

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct resched *s = (struct resched *)op;
	const char *gone = s->way == LOOKING ? "not_found" : "stale";
	struct uuid ignored;
	bool found = loan_off_read(r, op->arena, &s->loan, &ignored);

	if (found && (s->loan.actor_roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		call_fail(op, "not_allowed");
	else if (!found || s->loan.view.state != LOAN_LIVE)
		call_fail(op, gone);
	else if (loan_money_open(&s->money, op->arena, &s->loan, &op->answer.err) < 0)
		call_broken(op, &op->answer.err);
	else
		call_go(op, &to_asked);
}

static void
enter_read(struct payments_op *op)
{
	struct resched *s = (struct resched *)op;
	if (s->way == LOOKING)
		late_ask(op, &loan_off_by_code, s->code, NULL, on_read);
	else
		late_ask(op, &loan_off_by_id, NULL, &s->loan_id, on_read);
}

/* Why these dates cannot be, or ""; tells them to the account. */
static const char *
tell_terms(struct resched *s, const struct reschedule *terms)
{
	struct loan_event event;
	const char *no = reschedule_event(s->money.account, terms, &event);

	if (no[0] == '\0' && loan_money_tell(&s->money, event, &s->op.answer.err) < 0)
		no = "bad_count";
	s->view.then = dates(s->money.account);
	return no;
}

static void
looked(struct resched *s)
{
	if (uuid_is_nil(&s->view.asked.reschedule_id)) {
		call_end(&s->op, OUTCOME_OK, "");
		return;
	}
	(void)tell_terms(s, &s->view.asked.terms); /* impossible by now: as it stands */
	call_end(&s->op, OUTCOME_PENDING, "second_needed");
}

static void
asking(struct resched *s)
{
	const char *no = tell_terms(s, &s->terms);
	bool mine = call_is_me(&s->op, &s->loan.member_id);

	if (no[0] == '\0' && s->way == TRYING)
		call_end(&s->op, OUTCOME_OK, "");
	else if (no[0] != '\0' || mine)
		call_fail(&s->op, mine ? "own_work" : no);
	else
		call_go(&s->op, &to_officers);
}

static void
saying(struct resched *s)
{
	const struct reschedule_asked *q = &s->view.asked;
	const char *no = "";

	if (!uuid_equal(&q->reschedule_id, &s->said_id))
		no = "stale";
	else if (call_is_me(&s->op, &s->loan.member_id) ||
	         (s->agree && call_is_me(&s->op, &q->asked_by)))
		no = "own_work";
	else if (s->agree)
		no = tell_terms(s, &q->terms);
	if (no[0] != '\0')
		call_fail(&s->op, no);
	else
		call_go(&s->op, &to_commit);
}

static void
on_asked(struct payments_op *op, const struct pg_reply *r)
{
	struct resched *s = (struct resched *)op;

	reschedule_read(r, &s->view.asked);
	s->view.now = s->view.then = dates(s->money.account);
	if (s->way == LOOKING)
		looked(s);
	else if (s->way == SAYING)
		saying(s);
	else
		asking(s);
}

static void
enter_asked(struct payments_op *op)
{
	struct resched *s = (struct resched *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &s->loan.view.loan_id);
	call_ask(op, &reschedule_of_loan, a, on_asked);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER | ROLE_OFFICER, true,
	                  &((struct resched *)op)->officers, &to_commit);
}

/* ---- what is written ---- */

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct resched *s = (struct resched *)op;
	bool asked = s->way == ASKING;

	/* conflict: heard before, under the same key */
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end_word(op, asked);
	else if (result == OP_STALE && asked)
		call_fail(op, "taken");
	else
		call_not_done(op, result, &to_read);
}

static void
put_asked(struct resched *s, struct books *b)
{
	struct reschedule_asked *q = &s->view.asked;
	struct buf body = books_body(b, 500);

	*q = (struct reschedule_asked){
		.reschedule_id = ids_uuid7(s->op.env->ids, call_now(&s->op)),
		.loan_id = s->loan_id,
		.asked_by = s->op.who.member_id,
		.terms = s->terms,
	};
	reschedule_new_body(&body, q, call_now(&s->op));
	books_effect(b, "reschedule_new", &body);
	books_tell_officers(b, &s->officers, "loan.dates_second",
	                    (struct text_value[]){ { "code", s->loan.view.code },
	                                           { "name", s->loan.view.member_name },
	                                           { NULL, NULL } });
}

static void
put_said(struct resched *s, struct books *b)
{
	const struct loan_dates *then = &s->view.then;
	struct member to = books_borrower(&s->loan);
	struct buf body = books_body(b, 300);

	reschedule_decide_body(&body, &s->view.asked, s->agree, &s->op.who.member_id,
	                       call_now(&s->op));
	books_effect(b, "reschedule_decide", &body);
	if (!s->agree)
		return;
	loan_money_put(&s->money, b, NULL);
	books_message(
	    b, &to, "loan.dates",
	    (struct text_value[]){ { "code", s->loan.view.code },
	                           { "amount", books_i64(b, then->next_amount) },
	                           { "due", books_day(b, then->next_day) },
	                           { "last", books_day(b, then->last_day) },
	                           { "owed", books_i64(b, then->owed) },
	                           { NULL, NULL } });
}

static void
enter_commit(struct payments_op *op)
{
	struct resched *s = (struct resched *)op;
	const struct reschedule *t = s->way == ASKING ? &s->terms : &s->view.asked.terms;
	const char *kind = s->way == ASKING ? "loan.dates.first"
	                   : s->agree       ? "loan.dates"
	                                    : "loan.dates.drop";
	char loan[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, kind,
	            &op->who.member_id);
	books_key(&b, "%s/%s/%s/%s", kind, uuid_text(&s->loan_id, loan),
	          uuid_text(&op->who.member_id, actor), uuid_text(&s->key, key));
	if (s->way == ASKING)
		put_asked(s, &b);
	else
		put_said(s, &b);
	books_audit(&b, kind, &s->loan_id, "%s: %s %u %s", s->loan.view.code,
	            reschedule_name(t->kind), t->count,
	            t->to == 0 ? "" : books_day(&b, t->to));
	call_submit(op, &b.op, on_commit);
}

/* ---- the facade ---- */

static struct resched *
begin(struct flow_env *env, const char *name, enum way way, const struct who *who,
      const struct uuid *loan_id)
{
	struct resched *s = call_new(env, name, sizeof *s, tell);

	s->way = way;
	s->op.who = *who;
	if (loan_id != NULL)
		s->loan_id = *loan_id;
	return s;
}

static struct payments_op *
go(struct resched *s, const char *pin, reschedule_cb *cb, void *arg)
{
	static const struct call_step to_pin = { "pin", enter_pin };
	bool free = s->way == LOOKING || s->way == TRYING;

	s->cb = cb;
	s->arg = arg;
	if (!free)
		call_keep_pin(&s->op, pin);
	return call_begin(&s->op, free ? &to_read : &to_pin);
}

struct payments_op *
payments_reschedule_look(struct flow_env *env, const struct who *who, const char *code,
                         reschedule_cb *cb, void *arg)
{
	struct resched *s = begin(env, "reschedule.look", LOOKING, who, NULL);

	loan_code_read(code, s->code, sizeof s->code);
	return go(s, NULL, cb, arg);
}

struct payments_op *
payments_reschedule_try(struct flow_env *env, const struct reschedule_ask *ask,
                        reschedule_cb *cb, void *arg)
{
	struct resched *s =
	    begin(env, "reschedule.try", TRYING, &ask->who, &ask->loan_id);

	s->terms = ask->terms;
	return go(s, NULL, cb, arg);
}

struct payments_op *
payments_reschedule(struct flow_env *env, const struct reschedule_ask *ask,
                    reschedule_cb *cb, void *arg)
{
	struct resched *s =
	    begin(env, "reschedule.ask", ASKING, &ask->who, &ask->loan_id);

	s->terms = ask->terms;
	s->key = ask->key;
	return go(s, ask->pin, cb, arg);
}

struct payments_op *
payments_reschedule_say(struct flow_env *env, const struct reschedule_word *word,
                        reschedule_cb *cb, void *arg)
{
	struct resched *s =
	    begin(env, "reschedule.say", SAYING, &word->who, &word->loan_id);

	s->said_id = word->reschedule_id;
	s->agree = word->agree;
	s->key = word->key;
	return go(s, word->pin, cb, arg);
}
