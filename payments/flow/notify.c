/*
 * notify - an SMS that goes with no other operation, through the same outbox.
 *
 *   SUBMIT --done, or done before--> ok
 *
 * An answer that somebody waits for: if the outbox has room, it is written as already in
 * its hands.
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/outbox.h"

#include <stdio.h>

struct notify {
	struct payments_op op;
	struct message message;
	struct uuid key;
	bool is_offered; /* and neither taken nor given back */
	payments_cb *cb;
	void *arg;
};

static void
give_back(void *notify)
{
	struct notify *n = notify;

	if (n->is_offered)
		outbox_give_back(n->op.env->outbox);
	n->is_offered = false;
}

static void
tell_notify(struct payments_op *op)
{
	struct notify *n = (struct notify *)op;

	n->cb(n->arg, &op->answer);
}

static void
on_submitted(struct payments_op *op, enum op_result result)
{
	struct notify *n = (struct notify *)op;

	/* Our claim is part of what was submitted: done is this very row, even if the
	 * answer is a repeated one. */
	if (result == OP_DONE && n->is_offered) {
		n->is_offered = false;
		outbox_take(op->env->outbox, &n->message);
	}
	/* The same key with another text: the first one was said and stands. */
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "try_later");
}

static void
enter_submit(struct payments_op *op)
{
	struct notify *n = (struct notify *)op;
	struct books b;
	struct buf body;
	char id[UUID_TEXT_SIZE];

	books_begin(&b, op->env, op->arena, n->message.cooperative_id, "notify", NULL);
	books_key(&b, "notify/%s", uuid_text(&n->key, id));
	body = books_body(&b, 2000);
	n->is_offered = outbox_offer(op->env->outbox, &n->message);
	arena_defer(op->arena, give_back, n);
	message_new_body(&body, &n->message);
	books_effect(&b, "message_new", &body);
	call_submit(op, &b.op, on_submitted);
	op->wrote_message = !n->is_offered;
}

struct payments_op *
payments_notify(struct flow_env *env, const struct notify_ask *ask, payments_cb *cb,
                void *arg)
{
	static const struct call_step first = { "submit", enter_submit };
	struct notify *n = call_new(env, "notify", sizeof *n, tell_notify);
	struct message *m = &n->message;

	m->cooperative_id = ask->cooperative_id;
	m->member_id = ask->member_id;
	snprintf(m->country, sizeof m->country, "%s", ask->country);
	snprintf(m->currency, sizeof m->currency, "%s", ask->currency);
	m->exponent = ask->exponent;
	m->message_id = ids_uuid7(env->ids, call_now(&n->op));
	snprintf(m->msisdn, sizeof m->msisdn, "%s", ask->msisdn);
	snprintf(m->language, sizeof m->language, "%s", ask->language);
	snprintf(m->template, sizeof m->template, "%s", ask->template);
	m->values = arena_strdup(n->op.arena, ask->values);
	n->key = ask->key;
	n->cb = cb;
	n->arg = arg;
	return call_begin(&n->op, &first);
}
