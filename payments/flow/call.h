/*
 * call - what every call of the facade is made of.
 *
 * A call is a struct that begins with struct payments_op and lives in its own arena.  It
 * starts one operation at a time and takes the answer in a function of its own; steps
 * that a call can return to are named, and call_go() is how it gets there.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_CALL_H
#define PAYMENTS_FLOW_CALL_H

#include "lib/arena.h"
#include "payments/flow/payments.h"
#include "payments/store/member.h"

#define CALL_READ_MS   4000
#define CALL_COMMIT_MS 8000
#define CALL_RETRIES   5 /* of an operation whose rows moved on meanwhile */

struct officers;

struct call_step {
	const char *name;
	void (*enter)(struct payments_op *op);
};

typedef void call_tell(struct payments_op *op); /* answers the caller from op */
typedef void call_reply(struct payments_op *op, const struct pg_reply *r);
typedef void call_settled(struct payments_op *op, enum op_result result);

struct payments_op {
	struct arena *arena; /* owns this struct and all below it */
	struct flow_env *env;
	const char *name; /* "loan.request" */
	struct who who;
	struct payments_answer answer;
	call_tell *tell;
	bool told;
	unsigned retries;
	char pin[PIN_TEXT_MAX + 1];
	const struct call_step *step;      /* where it is            */
	const struct call_step *after_pin; /* where a right PIN goes */
	struct officers *officers;         /* asked for, and where they go    */
	const struct call_step *after_officers;
	call_reply *on_reply;
	call_settled *on_settled;
	struct pg_op *pg; /* in flight, or NULL */
	struct settle_op *settle;
	int32_t wrote_for; /* what the operation in flight writes, to nudge who waits */
	bool wrote_payment, wrote_message;
	struct pinhash_op *hash;
	struct timer *turn;
};

/* A zeroed call of `size` bytes.  It does nothing before call_begin. */
void *call_new(struct flow_env *env, const char *name, size_t size, call_tell *tell);
/* Enters the step on the next turn of the loop. */
struct payments_op *call_begin(struct payments_op *op, const struct call_step *first);
void call_go(struct payments_op *op, const struct call_step *to);

/* One statement; a failure ends the call with try_later. */
void call_ask(struct payments_op *op, const struct pg_statement *st, struct pg_args *args,
              call_reply *on_reply);
/* Who asks, as a member (member_by_id), and whether that is an active one with any of
 * these roles. */
void call_ask_actor(struct payments_op *op, call_reply *on_reply);
bool call_actor_may(const struct pg_reply *r, unsigned roles, struct member *actor);
/* The officers with any of these roles, without who asks if `others`; then goes to
 * `next`. */
void call_ask_officers(struct payments_op *op, unsigned roles, bool others,
                       struct officers *out, const struct call_step *next);
/* One operation; on_settled hears of what was decided, never of failed machinery: that
 * ends the call (not_known if it may have been done). */
void call_submit(struct payments_op *op, const struct operation *operation,
                 call_settled *on_settled);
/* An operation that was not done: stale goes to `again`, CALL_RETRIES times, and then
 * fails as "stale"; anything else fails as try_later. */
void call_not_done(struct payments_op *op, enum op_result result,
                   const struct call_step *again);
/* Keeps the PIN for call_check_pin; a NULL PIN is never right. */
void call_keep_pin(struct payments_op *op, const char *pin);
/* Checks the kept PIN of op->who, wipes it and goes to `next`, or ends the call. */
void call_check_pin(struct payments_op *op, const struct call_step *next);
void call_wipe_pin(struct payments_op *op);

/* Tells the caller and destroys the call: always the last statement. */
void call_end(struct payments_op *op, enum outcome outcome, const char *reason);
void call_fail(struct payments_op *op, const char *reason);
void call_broken(struct payments_op *op, const struct err *err); /* try_later */

/* A word that was said: the first of two is pending with second_needed, the second ok. */
void call_end_word(struct payments_op *op, bool is_first);

int64_t call_now(const struct payments_op *op); /* wall ms */
bool call_is_me(const struct payments_op *op, const struct uuid *member_id);

#endif
