/*
 * refund_say - what two officers say about giving money back (refund.h).
 *
 *   look  LOOK --> answer
 *   say   PIN --> SAY --> LOOK --> answer
 */
#include "payments/flow/refund.h"

#include "payments/flow/call.h"
#include "payments/flow/outbox.h"

#include <string.h>

struct saying {
	struct payments_op op;
	const char *code, *note; /* in the arena */
	bool looks, answers, agree;
	struct refund_view view;
	refund_cb *cb;
	void *arg;
};

static void enter_say(struct payments_op *op);
static void enter_look(struct payments_op *op);

static const struct call_step to_say = { "say", enter_say };
static const struct call_step to_look = { "look", enter_look };

static void
tell(struct payments_op *op)
{
	struct saying *s = (struct saying *)op;

	s->cb(s->arg, &op->answer, &s->view);
}

/* The words of the database, as static text. */
static const char *
reason_of(const char *said)
{
	static const char *const reasons[] = {
		"not_found", "ambiguous", "not_allowed",   "own_work", "not_paid",
		"no_number", "asked",     "second_needed", "given"
	};

	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (strcmp(reasons[i], said) == 0)
			return reasons[i];
	return "try_later";
}

static void
on_said(struct payments_op *op, const struct pg_reply *r)
{
	const char *said = reply_text(r, 0, 0);

	if (said[0] != '\0') {
		call_fail(op, reason_of(said));
		return;
	}
	outbox_nudge(op->env->outbox); /* the other officers are told */
	call_go(op, &to_look);
}

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	struct saying *s = (struct saying *)op;
	const char *no = r->rows == 0 ? "not_found" : refund_view_read(r, &s->view);

	if (s->looks && no[0] != '\0')
		call_fail(op, reason_of(no));
	else if (s->looks || (s->answers && !s->agree))
		call_end(op, OUTCOME_OK, "");
	else
		call_end(op, OUTCOME_PENDING, s->answers ? "paying" : "second_needed");
}

static void
enter_look(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_text(a, ((struct saying *)op)->code);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &refund_look, a, on_look);
}

static void
enter_say(struct payments_op *op)
{
	struct saying *s = (struct saying *)op;
	char who[UUID_TEXT_SIZE];
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_text(a, s->code);
	pg_text(a, uuid_text(&op->who.member_id, who));
	pg_text(a, "phone");
	if (s->answers)
		pg_bool(a, s->agree);
	else
		pg_text(a, s->note);
	pg_i64(a, call_now(op));
	call_ask(op, s->answers ? &refund_answer : &refund_ask, a, on_said);
}

static void
enter_pin(struct payments_op *op)
{
	struct saying *s = (struct saying *)op;
	size_t n = strlen(s->note);

	if (!s->answers && (n == 0 || n > REFUND_NOTE_MAX))
		call_fail(op, "bad_input");
	else
		call_check_pin(op, &to_say);
}

static struct payments_op *
begin(struct saying *s, const struct refund_say *say, refund_cb *cb, void *arg)
{
	static const struct call_step first = { "pin", enter_pin };

	s->op.who = say->who;
	s->code = arena_strdup(s->op.arena, say->code);
	s->note = arena_strdup(s->op.arena, say->note == NULL ? "" : say->note);
	call_keep_pin(&s->op, say->pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, s->looks ? &to_look : &first);
}

struct payments_op *
payments_refund_look(struct flow_env *env, const struct refund_say *say, refund_cb *cb,
                     void *arg)
{
	struct saying *s = call_new(env, "refund.look", sizeof *s, tell);

	s->looks = true;
	return begin(s, say, cb, arg);
}

struct payments_op *
payments_refund_ask(struct flow_env *env, const struct refund_say *say, refund_cb *cb,
                    void *arg)
{
	return begin(call_new(env, "refund.ask", sizeof(struct saying), tell), say, cb,
	             arg);
}

struct payments_op *
payments_refund_answer(struct flow_env *env, const struct refund_say *say, bool agree,
                       refund_cb *cb, void *arg)
{
	struct saying *s = call_new(env, "refund.answer", sizeof *s, tell);

	s->answers = true;
	s->agree = agree;
	return begin(s, say, cb, arg);
}
