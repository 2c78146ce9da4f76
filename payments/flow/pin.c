/*
 * pin - joining with a PIN typed twice, checking it, changing it.
 *
 *   register begin    JUDGE --> COOPERATIVE --> HASH --> STORE (pending)
 *   register confirm  FETCH --> COMPARE --> ACTIVATE --> READ
 *   check             the shared PIN check of call.c
 *   change  OLD       PIN --> PROVE
 *           NEW       JUDGE --> HASH --> ASIDE
 *           AGAIN     FETCH --> COMPARE --> COMMIT
 *
 * Between two screens only the hash is kept, in PostgreSQL.
 */
#include "payments/core/limits.h"
#include "payments/flow/call.h"
#include "payments/flow/members.h"

#include <string.h>

#define PROVED_MS (3 * 60 * 1000) /* how long an old PIN counts as just typed */

struct join {
	struct payments_op op;
	struct register_ask ask; /* our copies; pin lives in op.pin */
	struct member member;
	member_cb *cb;
	void *arg;
};

static void
tell_join(struct payments_op *op)
{
	struct join *j = (struct join *)op;

	j->cb(j->arg, &op->answer, &j->member);
}

static void
on_joined_member(struct payments_op *op, const struct pg_reply *r)
{
	struct join *j = (struct join *)op;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	member_read(r, 0, &j->member);
	call_end(op, OUTCOME_OK, "");
}

static void
read_member(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &member_by_id, a, on_joined_member);
}

static void
on_stored(struct payments_op *op, const struct pg_reply *r)
{
	if (reply_null(r, 0, 0)) {
		call_fail(op, "exists");
		return;
	}
	op->who.member_id = reply_uuid(r, 0, 0);
	read_member(op);
}

static void
on_join_hash(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct join *j = arg;
	struct payments_op *op = &j->op;
	struct pg_args *a;
	struct uuid id;

	(void)needs_rehash;
	op->hash = NULL;
	call_wipe_pin(op);
	if (!ok) {
		call_fail(op, "try_later");
		return;
	}
	id = ids_uuid7(op->env->ids, call_now(op));
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &id);
	pg_text(a, j->ask.name);
	pg_text(a, j->ask.language);
	pg_text(a, j->ask.msisdn);
	pg_text(a, text);
	pg_i64(a, call_now(op));
	call_ask(op, &member_begin, a, on_stored);
}

static void
on_join_cooperative(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	op->who.cooperative_id = (int32_t)reply_i64(r, 0, 0);
	op->hash = pinhash_make(op->env->pinhash, op->pin, on_join_hash, op);
}

static void
enter_join(struct payments_op *op)
{
	struct join *j = (struct join *)op;
	size_t n = strlen(j->ask.name);
	struct pg_args *a;

	if (n < 2 || n > NAME_MAX_BYTES) {
		call_fail(op, "bad_input");
		return;
	}
	if (pin_judge(op->pin) != PIN_FINE) {
		call_fail(op, "pin_weak");
		return;
	}
	a = pg_args_new();
	pg_text(a, j->ask.cooperative_code);
	call_ask(op, &cooperative_by_code, a, on_join_cooperative);
}

static char *
keep(struct join *j, const char *text)
{
	return arena_strndup(j->op.arena, text, strnlen(text, 64));
}

struct payments_op *
payments_register_begin(struct flow_env *env, const struct register_ask *ask,
                        member_cb *cb, void *arg)
{
	static const struct call_step first = { "judge", enter_join };
	struct join *j = call_new(env, "register.begin", sizeof *j, tell_join);

	j->ask.cooperative_code = keep(j, ask->cooperative_code);
	j->ask.name = keep(j, ask->name);
	j->ask.language = keep(j, ask->language);
	j->ask.msisdn = keep(j, ask->msisdn);
	call_keep_pin(&j->op, ask->pin);
	j->cb = cb;
	j->arg = arg;
	return call_begin(&j->op, &first);
}

static void
on_activated(struct payments_op *op, const struct pg_reply *r)
{
	(void)r; /* false: active already, by the same PIN: the same answer */
	read_member(op);
}

static void
on_second_pin(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct payments_op *op = arg;
	struct pg_args *a;

	(void)text;
	(void)needs_rehash;
	op->hash = NULL;
	call_wipe_pin(op);
	if (!ok) {
		call_fail(op, "pin_differs");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &member_activate, a, on_activated);
}

static void
on_pending(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	if (reply_null(r, 0, 0)) {
		call_fail(op, "locked");
		return;
	}
	op->hash = pinhash_check(op->env->pinhash, op->pin, reply_text(r, 0, 0),
	                         on_second_pin, op);
}

static void
fetch_hash(struct payments_op *op, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &member_pin_try, a, on_reply);
}

static void
enter_confirm(struct payments_op *op)
{
	fetch_hash(op, on_pending);
}

struct payments_op *
payments_register_confirm(struct flow_env *env, const struct who *who, const char *pin,
                          member_cb *cb, void *arg)
{
	static const struct call_step first = { "fetch", enter_confirm };
	struct join *j = call_new(env, "register.confirm", sizeof *j, tell_join);

	j->op.who = *who;
	call_keep_pin(&j->op, pin);
	j->cb = cb;
	j->arg = arg;
	return call_begin(&j->op, &first);
}

/* ---- check and change -------------------------------------------------------------- */

struct change {
	struct payments_op op;
	char next[PINHASH_TEXT_MAX]; /* the hash set aside */
	payments_cb *cb;
	void *arg;
};

static void
tell_change(struct payments_op *op)
{
	struct change *c = (struct change *)op;

	c->cb(c->arg, &op->answer);
}

static void
enter_right(struct payments_op *op)
{
	call_end(op, OUTCOME_OK, "");
}

static void
enter_check(struct payments_op *op)
{
	static const struct call_step right = { "right", enter_right };

	call_check_pin(op, &right);
}

static void
on_proved(struct payments_op *op, const struct pg_reply *r)
{
	(void)r;
	call_end(op, OUTCOME_OK, "");
}

static void
enter_prove(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_null(a);
	call_ask(op, &member_pin_right, a, on_proved);
}

static void
enter_old(struct payments_op *op)
{
	static const struct call_step prove = { "prove", enter_prove };

	call_check_pin(op, &prove);
}

static void
on_aside(struct payments_op *op, const struct pg_reply *r)
{
	if (reply_bool(r, 0, 0))
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "expired");
}

static void
on_new_hash(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct payments_op *op = arg;
	struct pg_args *a;

	(void)needs_rehash;
	op->hash = NULL;
	call_wipe_pin(op);
	if (!ok) {
		call_fail(op, "try_later");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_text(a, text);
	pg_i64(a, call_now(op) - PROVED_MS);
	call_ask(op, &member_pin_next, a, on_aside);
}

static void
enter_new(struct payments_op *op)
{
	if (pin_judge(op->pin) != PIN_FINE) {
		call_fail(op, "pin_weak");
		return;
	}
	op->hash = pinhash_make(op->env->pinhash, op->pin, on_new_hash, op);
}

static void
on_committed(struct payments_op *op, const struct pg_reply *r)
{
	if (reply_bool(r, 0, 0))
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "expired");
}

static void
on_again(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct change *c = arg;
	struct payments_op *op = &c->op;
	struct pg_args *a;

	(void)text;
	(void)needs_rehash;
	op->hash = NULL;
	call_wipe_pin(op);
	if (!ok) {
		call_fail(op, "pin_differs");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_text(a, c->next);
	call_ask(op, &member_pin_commit, a, on_committed);
}

static void
on_next(struct payments_op *op, const struct pg_reply *r)
{
	struct change *c = (struct change *)op;
	const char *next = r->rows == 0 ? "" : reply_text(r, 0, 2);
	size_t n = strlen(next);

	if (n == 0 || n >= sizeof c->next ||
	    reply_i64(r, 0, 3) < call_now(op) - 2 * PROVED_MS) {
		call_fail(op, "expired");
		return;
	}
	memcpy(c->next, next, n + 1);
	op->hash = pinhash_check(op->env->pinhash, op->pin, c->next, on_again, op);
}

static void
enter_again(struct payments_op *op)
{
	fetch_hash(op, on_next);
}

static struct payments_op *
change_start(const struct who *who, const char *pin, const struct call_step *first,
             struct change *c)
{
	c->op.who = *who;
	call_keep_pin(&c->op, pin);
	return call_begin(&c->op, first);
}

struct payments_op *
payments_pin_check(struct flow_env *env, const struct who *who, const char *pin,
                   payments_cb *cb, void *arg)
{
	static const struct call_step first = { "check", enter_check };
	struct change *c = call_new(env, "pin.check", sizeof *c, tell_change);

	c->cb = cb;
	c->arg = arg;
	return change_start(who, pin, &first, c);
}

struct payments_op *
payments_pin_change(struct flow_env *env, const struct who *who, enum pin_step step,
                    const char *pin, payments_cb *cb, void *arg)
{
	static const struct call_step first[] = {
		[PIN_OLD] = { "old", enter_old },
		[PIN_NEW] = { "new", enter_new },
		[PIN_AGAIN] = { "again", enter_again },
	};
	struct change *c = call_new(env, "pin.change", sizeof *c, tell_change);

	c->cb = cb;
	c->arg = arg;
	return change_start(who, pin, &first[step], c);
}
