#include "payments/flow/call.h"

#include "lib/log.h"
#include "payments/flow/outbox.h"
#include "payments/flow/rails.h"
#include "payments/store/loans.h"
#include "payments/store/member.h"

#include <sodium.h>
#include <string.h>

#define CALL_ARENA_MAX (4u * 1024u * 1024u)

void *
call_new(struct flow_env *env, const char *name, size_t size, call_tell *tell)
{
	struct arena *arena = arena_new(CALL_ARENA_MAX);
	struct payments_op *op = arena_zalloc(arena, size);

	op->arena = arena;
	op->env = env;
	op->name = name;
	op->tell = tell;
	op->answer.reason = "";
	op->answer.err = err_none();
	return op;
}

static void
destroy(struct payments_op *op)
{
	timer_cancel(&op->turn);
	pg_cancel(&op->pg);
	settle_cancel(&op->settle);
	pinhash_cancel(&op->hash);
	call_wipe_pin(op);
	arena_free(op->arena);
}

void
payments_cancel(struct payments_op **handle)
{
	struct payments_op *op = *handle;

	*handle = NULL;
	if (op != NULL && !op->told)
		destroy(op);
}

static void
on_turn(void *arg)
{
	struct payments_op *op = arg;

	op->turn = NULL;
	op->step->enter(op);
}

struct payments_op *
call_begin(struct payments_op *op, const struct call_step *first)
{
	op->step = first;
	op->turn = timer_start(op->env->loop, 0, on_turn, op);
	return op;
}

void
call_go(struct payments_op *op, const struct call_step *to)
{
	log_debug(op->name, "step", "from=%s to=%s", op->step->name, to->name);
	op->step = to;
	to->enter(op);
}

static void
on_pg(void *arg, const struct pg_reply *r)
{
	struct payments_op *op = arg;

	op->pg = NULL;
	if (r->err.code != ERR_NONE) {
		if (r->sqlstate[0] != '\0')
			log_error(op->name, "statement_failed",
			          "sqlstate=%s message=\"%s\"", r->sqlstate, r->message);
		call_broken(op, &r->err);
		return;
	}
	op->on_reply(op, r);
}

void
call_ask(struct payments_op *op, const struct pg_statement *st, struct pg_args *args,
         call_reply *on_reply)
{
	op->on_reply = on_reply;
	op->pg = pg_call(op->env->pg, st, args, CALL_READ_MS, on_pg, op);
}

static void
on_officers(struct payments_op *op, const struct pg_reply *r)
{
	officers_read(r, op->officers);
	call_go(op, op->after_officers);
}

void
call_ask_officers(struct payments_op *op, unsigned roles, bool others,
                  struct officers *out, const struct call_step *next)
{
	struct pg_args *a = pg_args_new();

	op->officers = out;
	op->after_officers = next;
	pg_i32(a, op->who.cooperative_id);
	pg_i32(a, (int32_t)roles);
	if (others)
		pg_uuid(a, &op->who.member_id);
	else
		pg_null(a);
	call_ask(op, &officers_of, a, on_officers);
}

static void
on_settle(void *arg, const struct settle_answer *a)
{
	struct payments_op *op = arg;

	op->settle = NULL;
	if (a->err.code == ERR_NONE && a->result == OP_DONE) {
		if (op->wrote_payment)
			rails_nudge(op->env->rails, op->wrote_for);
		if (op->wrote_message)
			outbox_nudge(op->env->outbox);
	}
	if (a->err.code == ERR_NONE) {
		op->on_settled(op, a->result);
		return;
	}
	if (a->err.fate != FATE_UNKNOWN) {
		call_broken(op, &a->err);
		return;
	}
	log_warn(op->name, "commit_not_known", "err=%s", err_name(a->err.code));
	op->answer.err = a->err;
	call_end(op, OUTCOME_PENDING, "not_known");
}

void
call_ask_actor(struct payments_op *op, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &member_by_id, a, on_reply);
}

bool
call_actor_may(const struct pg_reply *r, unsigned roles, struct member *actor)
{
	if (r->rows == 0)
		return false;
	member_read(r, 0, actor);
	return actor->state == MEMBER_ACTIVE && (actor->roles & roles) != 0;
}

void
call_submit(struct payments_op *op, const struct operation *operation,
            call_settled *on_settled)
{
	op->on_settled = on_settled;
	op->wrote_for = operation->cooperative_id;
	op->wrote_payment = op->wrote_message = false;
	for (uint32_t i = 0; i < operation->effect_count; i++) {
		const char *kind = operation->effects[i].kind;

		op->wrote_payment |= strcmp(kind, "payment_new") == 0;
		op->wrote_message |= strcmp(kind, "message_new") == 0;
	}
	op->settle =
	    settle_submit(op->env->settle, operation, CALL_COMMIT_MS, on_settle, op);
}

void
call_not_done(struct payments_op *op, enum op_result result,
              const struct call_step *again)
{
	if (result == OP_STALE && op->retries++ < CALL_RETRIES)
		call_go(op, again);
	else
		call_fail(op, result == OP_STALE ? "stale" : "try_later");
}

void
call_keep_pin(struct payments_op *op, const char *pin)
{
	size_t n = pin == NULL ? 0 : strnlen(pin, sizeof op->pin);

	if (n < sizeof op->pin)
		memcpy(op->pin, pin == NULL ? "" : pin, n);
}

void
call_wipe_pin(struct payments_op *op)
{
	sodium_memzero(op->pin, sizeof op->pin);
}

static void
on_reset(struct payments_op *op, const struct pg_reply *r)
{
	(void)r;
	call_go(op, op->after_pin);
}

static void
on_pin_hash(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct payments_op *op = arg;
	struct pg_args *a;

	(void)text;
	(void)needs_rehash;
	op->hash = NULL;
	call_wipe_pin(op);
	if (!ok) {
		call_fail(op, op->answer.tries_left > 0 ? "pin_wrong" : "locked");
		return;
	}
	op->answer.tries_left = 0;
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_null(a);
	pg_null(a);
	call_ask(op, &member_pin_right, a, on_reset);
}

static void
on_try(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	if (reply_null(r, 0, 0)) {
		call_fail(op, "locked");
		return;
	}
	op->answer.tries_left = (unsigned)reply_i64(r, 0, 1);
	op->hash = pinhash_check(op->env->pinhash, op->pin, reply_text(r, 0, 0),
	                         on_pin_hash, op);
}

void
call_check_pin(struct payments_op *op, const struct call_step *next)
{
	struct pg_args *a = pg_args_new();

	op->after_pin = next;
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &member_pin_try, a, on_try);
}

void
call_end(struct payments_op *op, enum outcome outcome, const char *reason)
{
	static const char *const names[] = { "ok", "pending", "fail" };

	log_debug(op->name, "answer", "outcome=%s reason=%s", names[outcome], reason);
	op->answer.outcome = outcome;
	op->answer.reason = reason;
	op->told = true;
	op->tell(op);
	destroy(op);
}

void
call_fail(struct payments_op *op, const char *reason)
{
	call_end(op, OUTCOME_FAIL, reason);
}

void
call_broken(struct payments_op *op, const struct err *err)
{
	log_warn(op->name, "not_done", "err=%s what=\"%s\"", err_name(err->code),
	         err->what);
	op->answer.err = *err;
	call_fail(op, "try_later");
}

void
call_end_word(struct payments_op *op, bool is_first)
{
	call_end(op, is_first ? OUTCOME_PENDING : OUTCOME_OK,
	         is_first ? "second_needed" : "");
}

bool
call_is_me(const struct payments_op *op, const struct uuid *member_id)
{
	return uuid_equal(member_id, &op->who.member_id);
}

int64_t
call_now(const struct payments_op *op)
{
	return loop_clock(op->env->loop)->wall_ms;
}
