/*
 * seed - a cooperative to try things with.
 *
 *   HASH treasurer --> HASH officer --> ROWS --> FLOAT (debit float, credit equity)
 */
#include "payments/store/seed.h"
#include "config/settings.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/seed.h"

#include <stdio.h>
#include <string.h>

/* Where it is.  The divisor makes amounts of Tanzania's shillings fit the money there. */
static const struct place {
	int32_t cooperative_id;
	const char *country, *code, *currency, *row;
} places[] = {
	{ 1, "TZ", "MGODI", "TZS",
	  "{\"code\":\"MGODI\",\"name\":\"Mgodi Cooperative\",\"country\":\"TZ\","
	  "\"currency\":\"TZS\",\"timezone\":\"Africa/Dar_es_Salaam\"}" },
	{ 2, "KE", "MIGORI", "KES",
	  "{\"code\":\"MIGORI\",\"name\":\"Migori Cooperative\",\"country\":\"KE\","
	  "\"currency\":\"KES\",\"timezone\":\"Africa/Nairobi\",\"site\":\"MACALDER\","
	  "\"site_name\":\"Macalder\",\"treasurer\":\"254708000200\","
	  "\"officer\":\"254708000300\",\"divisor\":20}" },
};

struct seed {
	struct payments_op op;
	const struct place *place;
	char provider[16];
	unsigned opened; /* floats */
	int64_t opening_float;
	char officer_pin[PIN_TEXT_MAX + 1];
	char treasurer_hash[PINHASH_TEXT_MAX];
	char officer_hash[PINHASH_TEXT_MAX];
	seed_cb *cb;
	void *arg;
};

static void enter_officer(struct payments_op *op);
static void enter_rows(struct payments_op *op);
static void enter_float(struct payments_op *op);

static const struct call_step to_officer = { "officer", enter_officer };
static const struct call_step to_rows = { "rows", enter_rows };
static const struct call_step to_float = { "float", enter_float };

static void
tell(struct payments_op *op)
{
	struct seed *s = (struct seed *)op;

	s->cb(s->arg, &op->answer, s->place == NULL ? 0 : s->place->cooperative_id);
}

static void
on_treasurer(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct seed *s = arg;

	(void)needs_rehash;
	s->op.hash = NULL;
	if (!ok) {
		call_fail(&s->op, "try_later");
		return;
	}
	snprintf(s->treasurer_hash, sizeof s->treasurer_hash, "%s", text);
	call_go(&s->op, &to_officer);
}

static void
enter_treasurer(struct payments_op *op)
{
	op->hash = pinhash_make(op->env->pinhash, op->pin, on_treasurer, op);
}

static void
on_officer(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct seed *s = arg;

	(void)needs_rehash;
	s->op.hash = NULL;
	call_wipe_pin(&s->op);
	if (!ok) {
		call_fail(&s->op, "try_later");
		return;
	}
	snprintf(s->officer_hash, sizeof s->officer_hash, "%s", text);
	call_go(&s->op, &to_rows);
}

static void
enter_officer(struct payments_op *op)
{
	struct seed *s = (struct seed *)op;

	call_wipe_pin(op);
	call_keep_pin(op, s->officer_pin);
	memset(s->officer_pin, 0, sizeof s->officer_pin);
	op->hash = pinhash_make(op->env->pinhash, op->pin, on_officer, op);
}

static void
on_rows(struct payments_op *op, const struct pg_reply *r)
{
	(void)r;
	call_go(op, &to_float);
}

static void
enter_rows(struct payments_op *op)
{
	struct seed *s = (struct seed *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, s->place->cooperative_id);
	pg_text(a, s->place->row);
	pg_text(a, s->provider);
	pg_i64(a, call_now(op));
	pg_text(a, s->treasurer_hash);
	pg_text(a, s->officer_hash);
	call_ask(op, &seed_cooperative, a, on_rows);
}

/* The cooperative's own provider, then each other one of the settings. */
static const char *
provider_of(const struct seed *s)
{
	const struct settings *set = s->op.env->settings;
	unsigned at = s->opened;

	if (at == 0)
		return s->provider;
	for (unsigned i = 0; set != NULL && i < set->provider_count; i++)
		if (strcmp(set->providers[i].name, s->provider) != 0 &&
		    strcmp(set->providers[i].currency, s->place->currency) == 0 &&
		    --at == 0)
			return set->providers[i].name;
	return NULL;
}

static void
on_float(struct payments_op *op, enum op_result result)
{
	/* a conflict: opened before, with another amount */
	if (result == OP_DONE || result == OP_CONFLICT)
		enter_float(op);
	else
		call_fail(op, "try_later");
}

static void
enter_float(struct payments_op *op)
{
	struct seed *s = (struct seed *)op;
	const char *provider = provider_of(s);
	struct books b;

	if (provider == NULL) {
		call_end(op, OUTCOME_OK, "");
		return;
	}
	s->opened++;
	books_begin(&b, op->env, op->arena, s->place->cooperative_id, "float.open", NULL);
	books_key(&b, "float.open/%s", provider);
	books_post(&b, account_float(provider, s->place->currency),
	           account(ACC_EQUITY, NULL, s->place->currency), s->opening_float);
	call_submit(op, &b.op, on_float);
}

static void
enter_nowhere(struct payments_op *op)
{
	call_fail(op, "not_found");
}

struct payments_op *
payments_seed(struct flow_env *env, const struct seed_ask *ask, seed_cb *cb, void *arg)
{
	static const struct call_step first = { "treasurer", enter_treasurer };
	static const struct call_step nowhere = { "nowhere", enter_nowhere };
	const char *country = ask->country == NULL ? "TZ" : ask->country;
	struct seed *s = call_new(env, "seed", sizeof *s, tell);

	snprintf(s->provider, sizeof s->provider, "%s", ask->provider);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(places[i].country, country) == 0)
			s->place = &places[i];
	s->opening_float = ask->opening_float;
	call_keep_pin(&s->op, ask->treasurer_pin);
	snprintf(s->officer_pin, sizeof s->officer_pin, "%s", ask->officer_pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, s->place == NULL ? &nowhere : &first);
}
