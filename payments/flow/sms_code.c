/*
 * sms_code - one operation to tell a code, two statements to take it back.
 *
 *   send  SUBMIT (code, SMS) --done, or done before--> ok
 *   use   READ --one is open, or was tried by this SMS--> TRY --> ok, wrong, spent, late
 */
#include "payments/flow/sms_code.h"

#include "config/settings.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/store/message.h"
#include "payments/store/sms_code.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ABOUT_SIZE 160

/* Everything the code is good for: what differs in any of it is another code. */
static void
hash_of(const struct flow_env *env, int32_t cooperative_id, const struct sms_code *c,
        const char *code, uint8_t out[ONETIME_HASH])
{
	char about[ABOUT_SIZE], id[UUID_TEXT_SIZE];

	snprintf(about, sizeof about, "%d/%s/%s/%s/%lld", cooperative_id,
	         uuid_text(&c->code_id, id), c->msisdn, c->action, (long long)c->amount);
	onetime_hash(env->settings->pin.pepper, code, about, out);
}

/* ---- send ---- */

struct send {
	struct payments_op op;
	struct sms_code code;
	uint8_t hash[ONETIME_HASH];
	struct message message;
	struct uuid key;
	payments_cb *cb;
	void *arg;
};

static void
tell_send(struct payments_op *op)
{
	struct send *s = (struct send *)op;

	s->cb(s->arg, &op->answer);
}

static void
on_submitted(struct payments_op *op, enum op_result result)
{
	/* The same SMS again has another seed: the first code was told and stands. */
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "try_later");
}

static void
enter_submit(struct payments_op *op)
{
	struct send *s = (struct send *)op;
	char id[UUID_TEXT_SIZE];
	struct buf body;
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "sms.code",
	            &op->who.member_id);
	books_key(&b, "sms.code/%s", uuid_text(&s->key, id));
	body = books_body(&b, 800);
	sms_code_new_body(&body, &s->code, s->hash);
	books_effect(&b, "sms_code_new", &body);
	body = books_body(&b, 2000);
	message_new_body(&body, &s->message);
	books_effect(&b, "message_new", &body);
	books_audit(&b, "sms.code", &s->code.code_id, "%s %lld", s->code.action,
	            (long long)s->code.amount);
	call_submit(op, &b.op, on_submitted);
}

static void
fill_code(struct send *s, const struct code_ask *ask)
{
	const struct settings *st = s->op.env->settings;
	struct sms_code *c = &s->code;
	char code[ONETIME_DIGITS + 1];

	c->code_id = ask->key;
	c->member_id = ask->who.member_id;
	snprintf(c->msisdn, sizeof c->msisdn, "%s", ask->msisdn);
	snprintf(c->action, sizeof c->action, "%s", ask->action);
	c->amount = ask->amount;
	c->made_ms = call_now(&s->op);
	c->expires_ms = c->made_ms + st->sms.code_ms;
	onetime_code(st->pin.pepper, ask->seed, code);
	hash_of(s->op.env, ask->who.cooperative_id, c, code, s->hash);
	sodium_memzero(code, sizeof code);
}

struct payments_op *
payments_code_send(struct flow_env *env, const struct code_ask *ask, payments_cb *cb,
                   void *arg)
{
	static const struct call_step first = { "submit", enter_submit };
	struct send *s = call_new(env, "sms.code", sizeof *s, tell_send);
	struct message *m = &s->message;

	s->op.who = ask->who;
	s->key = ask->key;
	fill_code(s, ask);
	m->cooperative_id = ask->who.cooperative_id;
	m->member_id = ask->who.member_id;
	m->message_id = ids_uuid7(env->ids, call_now(&s->op));
	snprintf(m->msisdn, sizeof m->msisdn, "%s", ask->msisdn);
	snprintf(m->language, sizeof m->language, "%s", ask->language);
	snprintf(m->template, sizeof m->template, "%s", ask->template);
	m->values = arena_strdup(s->op.arena, ask->values);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &first);
}

/* ---- use ---- */

struct use {
	struct payments_op op;
	struct code_try ask;
	char msisdn[16];
	char typed[ONETIME_DIGITS + 1];
	struct sms_code code;
	struct code_answer answer;
	code_cb *cb;
	void *arg;
};

static void enter_try(struct payments_op *op);
static const struct call_step to_try = { "try", enter_try };

static void
tell_use(struct payments_op *op)
{
	struct use *u = (struct use *)op;

	sodium_memzero(u->typed, sizeof u->typed);
	u->cb(u->arg, &op->answer, &u->answer);
}

static void
on_tried(struct payments_op *op, const struct pg_reply *r)
{
	static const char *const reasons[] = { "wrong", "spent", "late", "none" };
	struct use *u = (struct use *)op;
	const char *verdict = reply_text(r, 0, 0);

	u->answer.tries_left = (int)reply_i64(r, 0, 1);
	if (strcmp(verdict, "right") == 0) {
		call_end(op, OUTCOME_OK, "");
		return;
	}
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (strcmp(verdict, reasons[i]) == 0) {
			call_fail(op, reasons[i]);
			return;
		}
	}
	call_fail(op, "try_later");
}

static void
enter_try(struct payments_op *op)
{
	struct use *u = (struct use *)op;
	struct pg_args *a = pg_args_new();
	uint8_t hash[ONETIME_HASH];

	hash_of(op->env, op->who.cooperative_id, &u->code, u->typed, hash);
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &u->code.code_id);
	pg_text(a, u->msisdn);
	pg_bytes(a, hash, sizeof hash);
	pg_uuid(a, &u->ask.sms);
	pg_i64(a, call_now(op));
	call_ask(op, &sms_code_try, a, on_tried);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct use *u = (struct use *)op;

	if (!sms_code_read(r, &u->code)) {
		call_fail(op, "none");
		return;
	}
	memcpy(u->answer.action, u->code.action, sizeof u->answer.action);
	u->answer.amount = u->code.amount;
	u->answer.code_id = u->code.code_id;
	call_go(op, &to_try);
}

static void
enter_read(struct payments_op *op)
{
	struct use *u = (struct use *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_uuid(a, &u->ask.sms);
	call_ask(op, &sms_code_of_member, a, on_read);
}

struct payments_op *
payments_code_use(struct flow_env *env, const struct code_try *ask, code_cb *cb,
                  void *arg)
{
	static const struct call_step first = { "read", enter_read };
	struct use *u = call_new(env, "sms.code_use", sizeof *u, tell_use);

	u->op.who = ask->who;
	u->ask = *ask;
	snprintf(u->msisdn, sizeof u->msisdn, "%s", ask->msisdn);
	snprintf(u->typed, sizeof u->typed, "%s", ask->code);
	u->cb = cb;
	u->arg = arg;
	return call_begin(&u->op, &first);
}
