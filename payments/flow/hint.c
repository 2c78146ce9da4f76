#include "payments/flow/hint.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/core/person.h"
#include "payments/flow/means.h"
#include "payments/flow/waits.h"
#include "payments/store/payment.h"
#include "payments/store/questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More callbacks than this at the same time are dropped: the ladder asks anyway. */
#define OPEN_MAX 256
#define BODY_MAX 8000

struct hint {
	struct hints *owner;
	char provider[16];
	struct provider_hint said;
	char body[BODY_MAX + 1];
	int32_t cooperative_id; /* of the payment, once it is found */
	struct uuid payment_id;
	bool names; /* the payee is to be compared */
	struct pg_op *pg;
	struct hint *next;
};

struct hints {
	struct flow_env *env;
	loop_cb *kept;
	hints_funds *funds;
	void *arg;
	struct hint *open;
	unsigned count;
	uint64_t taken, strangers;
};

static void enter_find(struct hint *h);
static void on_find(void *arg, const struct pg_reply *reply);
static void enter_keep(struct hint *h);
static void on_keep(void *arg, const struct pg_reply *reply);
static void enter_payee(struct hint *h);
static void on_payee(void *arg, const struct pg_reply *reply);
static void enter_list(struct hint *h);
static void on_list(void *arg, const struct pg_reply *reply);
static void on_answer(void *arg, const struct pg_reply *reply);

struct hints *
hints_new(struct flow_env *env, loop_cb *kept, hints_funds *funds, void *arg)
{
	struct hints *h = xzalloc(sizeof *h);

	h->env = env;
	h->kept = kept;
	h->funds = funds;
	h->arg = arg;
	return h;
}

static void
forget(struct hint *h)
{
	struct hint **at = &h->owner->open;

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	h->owner->count--;
	pg_cancel(&h->pg);
	free(h);
}

void
hints_free(struct hints *h)
{
	if (h == NULL)
		return;
	while (h->open != NULL)
		forget(h->open);
	free(h);
}

/* Text that PostgreSQL takes: signs it cannot hold become '?'. */
static void
keep_text(char *out, size_t cap, const char *body, size_t n)
{
	size_t i;

	for (i = 0; i < n && i + 1 < cap; i++) {
		unsigned char c = (unsigned char)body[i];

		out[i] =
		    (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' ? (char)c : '?';
	}
	out[i] = '\0';
}

/* NULL if it is dropped. */
static struct hint *
open_hint(struct hints *hints, const char *provider, const struct provider_hint *hint,
          const char *body, size_t n)
{
	struct hint *h;

	if (hints->count >= OPEN_MAX || uuid_is_nil(&hint->reference)) {
		log_warn("callback", "hint_dropped", "provider=%s open=%u said=%s",
		         provider, hints->count, hint->said);
		return NULL;
	}
	h = xzalloc(sizeof *h);
	h->owner = hints;
	h->said = *hint;
	keep_text(h->provider, sizeof h->provider, provider, strlen(provider));
	keep_text(h->body, sizeof h->body, body, body == NULL ? 0 : n);
	h->next = hints->open;
	hints->open = h;
	hints->count++;
	return h;
}

void
hints_take(struct hints *hints, const char *provider, const struct provider_hint *hint,
           const char *body, size_t n)
{
	struct hint *h = open_hint(hints, provider, hint, body, n);

	if (h != NULL)
		enter_find(h);
}

void
hints_answer(struct hints *hints, const char *provider, const struct uuid *question,
             const char *body, size_t n)
{
	struct provider_hint said = { .reference = *question };
	struct hint *h = open_hint(hints, provider, &said, body, n);
	const struct flow_env *env = hints->env;
	struct pg_args *a;

	if (h == NULL)
		return;
	a = pg_args_new();
	pg_uuid(a, question);
	pg_text(a, h->provider);
	pg_text(a, h->body);
	pg_i64(a, loop_clock(env->loop)->wall_ms);
	h->pg = pg_call(env->pg, &question_answer, a, env->settings->pg.statement_ms,
	                on_answer, h);
}

static void
on_answer(void *arg, const struct pg_reply *reply)
{
	struct hint *h = arg;
	bool kept = reply->err.code == ERR_NONE && reply_bool(reply, 0, 0);
	char ref[UUID_TEXT_SIZE];

	h->pg = NULL;
	log_info(uuid_text(&h->said.reference, ref), "question_answered",
	         "provider=%s kept=%d why=%s", h->provider, kept,
	         err_name(reply->err.code));
	if (kept)
		waits_wake(h->owner->env->waits, &h->said.reference);
	forget(h);
}

static int64_t
pg_deadline(const struct hint *h)
{
	return h->owner->env->settings->pg.statement_ms;
}

static void
enter_find(struct hint *h)
{
	struct pg_args *a = pg_args_new();

	pg_uuid(a, &h->said.reference);
	pg_text(a, h->provider);
	h->pg = pg_call(h->owner->env->pg, &payment_by_reference, a, pg_deadline(h),
	                on_find, h);
}

/* Only of a payout of ours: nobody else knows its reference. */
static void
tell_funds(const struct hint *h, const struct pg_reply *reply)
{
	struct hint_funds f = { .at_ms = h->said.holds_ms };

	f.holds = provider_amount_minor(h->said.holds, (unsigned)reply_i64(reply, 0, 3));
	snprintf(f.currency, sizeof f.currency, "%s", reply_text(reply, 0, 4));
	if (reply_bool(reply, 0, 2) && f.holds >= 0 && h->owner->funds != NULL)
		h->owner->funds(h->owner->arg, h->provider, &f);
}

/* As much as would have its name asked for before, where that can be (gate.h). */
static bool
names(const struct hint *h, const struct pg_reply *reply)
{
	const struct settings_provider *s =
	    settings_provider(h->owner->env->settings, h->provider);

	return h->said.payee[0] != '\0' && reply_bool(reply, 0, 2) && s != NULL &&
	       means_names(s->name_above, (unsigned)reply_i64(reply, 0, 3),
	                   reply_i64(reply, 0, 5));
}

static void
on_find(void *arg, const struct pg_reply *reply)
{
	struct hint *h = arg;
	char ref[UUID_TEXT_SIZE];

	h->pg = NULL;
	if (reply->err.code == ERR_NONE && reply->rows > 0) {
		h->cooperative_id = (int32_t)reply_i64(reply, 0, 0);
		h->payment_id = reply_uuid(reply, 0, 1);
		h->names = names(h, reply);
		if (h->said.holds[0] != '\0')
			tell_funds(h, reply);
		enter_keep(h);
		return;
	}
	if (reply->err.code == ERR_NONE)
		h->owner->strangers++;
	log_warn(uuid_text(&h->said.reference, ref), "hint_not_kept",
	         "provider=%s why=%s", h->provider,
	         reply->err.code == ERR_NONE ? "no_such_payment"
	                                     : err_name(reply->err.code));
	forget(h);
}

static struct pg_args *
about(const struct hint *h)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, h->cooperative_id);
	pg_uuid(a, &h->payment_id);
	return a;
}

static void
enter_keep(struct hint *h)
{
	struct pg_args *a = about(h);

	pg_i64(a, loop_clock(h->owner->env->loop)->wall_ms);
	if (h->said.answers > 0) {
		pg_i32(a, h->said.answers);
		pg_text(a, h->said.said);
		pg_text(a, h->body);
		h->pg = pg_call(h->owner->env->pg, &payment_answer, a, pg_deadline(h),
		                on_keep, h);
		return;
	}
	pg_text(a, h->said.claims == VERDICT_PAID
	               ? "paid"
	               : (h->said.claims == VERDICT_FAILED ? "failed" : ""));
	pg_text(a, h->said.said);
	pg_text(a, h->body);
	pg_text(a, h->said.handle);
	h->pg = pg_call(h->owner->env->pg, &payment_hint, a, pg_deadline(h), on_keep, h);
}

static void
on_keep(void *arg, const struct pg_reply *reply)
{
	struct hint *h = arg;
	struct hints *hints = h->owner;
	bool kept = reply->err.code == ERR_NONE;
	char ref[UUID_TEXT_SIZE];

	h->pg = NULL;
	if (!kept)
		log_warn(uuid_text(&h->said.reference, ref), "hint_not_kept",
		         "provider=%s why=%s message=\"%s\"", h->provider,
		         err_name(reply->err.code), reply->message);
	if (kept && h->names)
		enter_payee(h);
	else
		forget(h);
	if (!kept)
		return;
	hints->taken++;
	hints->kept(hints->arg);
}

/* ---- PAYEE: whose wallet it went to ---- */

static void
enter_payee(struct hint *h)
{
	h->pg = pg_call(h->owner->env->pg, &payment_payee, about(h), pg_deadline(h),
	                on_payee, h);
}

static void
on_payee(void *arg, const struct pg_reply *reply)
{
	struct hint *h = arg;

	h->pg = NULL;
	if (reply->err.code != ERR_NONE || reply->rows == 0 || reply_bool(reply, 0, 1) ||
	    person_is(h->said.payee, reply_text(reply, 0, 0)))
		forget(h); /* the same, nobody to compare with, or released */
	else
		enter_list(h);
}

static void
enter_list(struct hint *h)
{
	struct pg_args *a = about(h);

	pg_text(a, h->said.payee);
	pg_i64(a, loop_clock(h->owner->env->loop)->wall_ms);
	h->pg = pg_call(h->owner->env->pg, &payment_payee_differs, a, pg_deadline(h),
	                on_list, h);
}

/* Names stand in no log. */
static void
on_list(void *arg, const struct pg_reply *reply)
{
	struct hint *h = arg;
	bool listed = reply->err.code == ERR_NONE && reply_bool(reply, 0, 0);
	char ref[UUID_TEXT_SIZE];

	h->pg = NULL;
	if (reply->err.code != ERR_NONE || listed)
		log_warn(uuid_text(&h->said.reference, ref), "other_payee",
		         "provider=%s listed=%d why=%s", h->provider, listed,
		         err_name(reply->err.code));
	forget(h);
}

void
hints_read_counts(const struct hints *h, uint64_t *taken, uint64_t *strangers)
{
	*taken = h->taken;
	*strangers = h->strangers;
}
