/*
 * write_off - what two officers say of a loan that is late.
 *
 *   look   READ --> answer
 *   say    PIN --> READ --first--> OFFICERS --> ASK -----.
 *                    |---second--> WRITE OFF ------------+--> answer
 *                    ^------stale (changed meanwhile)----'
 *   back   PIN --> READ --> TAKE BACK --> answer
 */
#include "payments/flow/write_off.h"

#include "payments/flow/late.h"

#include <string.h>

struct off {
	struct payments_op op;
	struct write_off_ask ask; /* pin lives in op.pin */
	char code[16];
	struct loan_record loan;
	struct loan_money money;
	struct uuid asked_by; /* nil: nobody yet */
	bool back;
	struct officers officers;
	struct late_loan told;
	late_loan_cb *cb;
	void *arg;
};

static void enter_look(struct payments_op *op);
static void enter_pin(struct payments_op *op);
static void enter_read(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_look = { "look", enter_look };
static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct off *o = (struct off *)op;

	o->told.loan = o->loan.view;
	o->told.asked = !uuid_is_nil(&o->asked_by);
	o->told.mine = call_is_me(&o->op, &o->asked_by);
	o->cb(o->arg, &op->answer, &o->told);
}

/* What is wrong with asking this of this loan, or ""; opens its account. */
static const char *
judge(struct off *o, const struct pg_reply *r)
{
	struct payments_op *op = &o->op;
	const char *no;

	if (!loan_off_read(r, op->arena, &o->loan, &o->asked_by))
		return "not_found";
	no = late_open(op, &o->loan, &o->money);
	if (no[0] != '\0')
		return no;
	o->told.past_due = o->money.account->total.past_due_all;
	o->told.late_days = loan_account_arrears_days(o->money.account);
	return o->told.late_days == 0 ? "not_late" : "";
}

/* ---- look ---- */

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	struct off *o = (struct off *)op;
	const char *no = judge(o, r);

	if (strcmp(no, "not_late") == 0 && call_is_me(&o->op, &o->asked_by))
		no = "";
	if (no[0] != '\0')
		call_fail(op, no);
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_look(struct payments_op *op)
{
	late_ask(op, &loan_off_by_code, ((struct off *)op)->code, NULL, on_look);
}

/* ---- say ---- */

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

/* Whether it is late does not matter to who takes it back. */
static void
back(struct off *o, const char *no)
{
	if (strcmp(no, "not_late") == 0)
		no = "";
	if (strcmp(no, "not_found") == 0 || (no[0] == '\0' && uuid_is_nil(&o->asked_by)))
		no = "stale";
	else if (no[0] == '\0' && !call_is_me(&o->op, &o->asked_by))
		no = "own_work";
	if (no[0] != '\0')
		call_fail(&o->op, no);
	else
		call_go(&o->op, &to_commit);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct off *o = (struct off *)op;
	const char *no = judge(o, r);

	if (o->back) {
		back(o, no);
		return;
	}
	if (strcmp(no, "not_found") == 0 || strcmp(no, "not_late") == 0)
		call_fail(op, "stale");
	else if (no[0] != '\0')
		call_fail(op, no);
	else if (call_is_me(&o->op, &o->loan.member_id))
		call_fail(op, "own_work");
	else if (call_is_me(&o->op, &o->asked_by))
		call_end(op, OUTCOME_PENDING, "second_needed");
	else
		call_go(op, uuid_is_nil(&o->asked_by) ? &to_officers : &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	late_ask(op, &loan_off_by_id, NULL, &((struct off *)op)->ask.loan_id, on_read);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER | ROLE_OFFICER, true,
	                  &((struct off *)op)->officers, &to_commit);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	/* conflict: this officer's word was heard before, under the same key */
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end_word(op, uuid_is_nil(&((struct off *)op)->asked_by));
	else
		call_not_done(op, result, &to_read);
}

static const struct text_value *
values(struct books *b, const struct off *o)
{
	struct text_value *v = arena_zalloc(b->arena, 4 * sizeof *v);

	v[0] = (struct text_value){ "code", o->loan.view.code };
	v[1] = (struct text_value){ "name", o->loan.view.member_name };
	v[2] = (struct text_value){ "amount", books_i64(b, o->loan.view.owed) };
	return v;
}

static void
put_first(struct off *o, struct books *b)
{
	struct buf body = books_body(b, 300);

	loan_off_asked_body(&body, &o->loan, &o->op.who.member_id, call_now(&o->op));
	books_effect(b, "loan_off_asked", &body);
	books_audit(b, "loan.write_off.first", &o->ask.loan_id, "%s", o->loan.view.code);
	books_tell_officers(b, &o->officers, "loan.off_second", values(b, o));
}

static void
put_back(struct off *o, struct books *b)
{
	struct buf body = books_body(b, 300);

	loan_off_back_body(&body, &o->loan, &o->op.who.member_id);
	books_effect(b, "loan_off_back", &body);
	books_audit(b, "loan.write_off.back", &o->ask.loan_id, "%s", o->loan.view.code);
}

static int
put_second(struct off *o, struct books *b, struct err *err)
{
	struct member to = books_borrower(&o->loan);

	if (loan_money_tell(&o->money, (struct loan_event){ .kind = EVENT_WRITE_OFF },
	                    err) < 0)
		return -1;
	loan_money_put(&o->money, b, NULL);
	books_audit(b, "loan.write_off", &o->ask.loan_id, "%s", o->loan.view.code);
	books_message(b, &to, "loan.written_off", values(b, o));
	return 0;
}

static void
enter_commit(struct payments_op *op)
{
	struct off *o = (struct off *)op;
	const char *kind = o->back ? "loan.write_off_back" : "loan.write_off";
	char loan[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct err err = err_none();
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, kind,
	            &op->who.member_id);
	books_key(&b, "%s/%s/%s/%s", kind, uuid_text(&o->ask.loan_id, loan),
	          uuid_text(&op->who.member_id, actor), uuid_text(&o->ask.key, key));
	if (o->back) {
		put_back(o, &b);
	} else if (uuid_is_nil(&o->asked_by)) {
		put_first(o, &b);
	} else if (put_second(o, &b, &err) < 0) {
		call_broken(op, &err);
		return;
	}
	call_submit(op, &b.op, on_commit);
}

/* ---- the facade ---- */

struct payments_op *
payments_late_loan(struct flow_env *env, const struct who *who, const char *code,
                   late_loan_cb *cb, void *arg)
{
	struct off *o = call_new(env, "loan.late", sizeof *o, tell);

	o->op.who = *who;
	o->cb = cb;
	o->arg = arg;
	loan_code_read(code, o->code, sizeof o->code);
	return call_begin(&o->op, &to_look);
}

static struct payments_op *
say(struct flow_env *env, const struct write_off_ask *ask, bool is_back, late_loan_cb *cb,
    void *arg)
{
	struct off *o = call_new(env, "loan.write_off", sizeof *o, tell);

	o->back = is_back;
	o->op.who = ask->who;
	o->ask = *ask;
	o->ask.pin = NULL;
	call_keep_pin(&o->op, ask->pin);
	o->cb = cb;
	o->arg = arg;
	return call_begin(&o->op, &to_pin);
}

struct payments_op *
payments_write_off(struct flow_env *env, const struct write_off_ask *ask,
                   late_loan_cb *cb, void *arg)
{
	return say(env, ask, false, cb, arg);
}

struct payments_op *
payments_write_off_back(struct flow_env *env, const struct write_off_ask *ask,
                        late_loan_cb *cb, void *arg)
{
	return say(env, ask, true, cb, arg);
}
