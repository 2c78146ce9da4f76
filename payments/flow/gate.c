#include "payments/flow/gate.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/core/person.h"
#include "payments/core/purse.h"
#include "payments/flow/inquire.h"
#include "payments/flow/means.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gate {
	const struct carry_means *means;
	struct purse purse;
	char currency[4];         /* of what the purse holds */
	struct inquire *question; /* about the float; in flight, or NULL */
	int64_t refused_ms;       /* since when the key is; 0: it is not */
	struct gate_pass *passes;
};

enum at { AT_NAME, AT_FLOAT, AT_END };

struct gate_pass {
	struct gate *gate; /* NULL: the gate is gone */
	struct payment p;
	enum at at;
	bool waits;         /* for the answer about the float */
	char payee[244];    /* 60 signs at most */
	struct timer *soon; /* in flight, or NULL, as are the next two */
	struct pg_op *pg;
	struct inquire *question;
	struct gate_answer answer;
	gate_cb *cb;
	void *arg;
	struct gate_pass *next;
};

static void on_soon(void *arg);
static void enter_name(struct gate_pass *g);
static void on_payee(void *arg, const struct pg_reply *r);
static void on_name(void *arg, const struct provider_fact *fact, const struct err *err);
static void enter_float(struct gate_pass *g);
static void on_balance(void *arg, const struct provider_fact *fact,
                       const struct err *err);

struct gate *
gate_new(const struct carry_means *m)
{
	struct gate *g = xzalloc(sizeof *g);

	g->means = m;
	return g;
}

void
gate_free(struct gate **handle)
{
	struct gate *g = handle == NULL ? NULL : *handle;

	if (g == NULL)
		return;
	*handle = NULL;
	for (struct gate_pass *p = g->passes; p != NULL; p = p->next) {
		timer_cancel(&p->soon);
		pg_cancel(&p->pg);
		inquire_cancel(&p->question);
		p->gate = NULL;
	}
	inquire_cancel(&g->question);
	free(g);
}

/* ---- what there is to check
 * ------------------------------------------------------------- */

/* The first time, and for all of it: its parts go the same way. */
static bool
checks_name(const struct gate *g, const struct payment *p)
{
	return p->attempts == 0 && p->part <= 1 &&
	       means_names(g->means->name_above, p->exponent, p->amount + p->rest) &&
	       inquire_can(g->means->provider, TOPIC_NAME);
}

static bool
checks_float(const struct gate *g, const struct payment *p)
{
	return g->means->float_ms > 0 && !p->maybe_taken &&
	       inquire_can(g->means->provider, TOPIC_BALANCE);
}

bool
gate_watches(const struct gate *g, const struct payment *p)
{
	return p->direction == PAY_OUT && (checks_name(g, p) || checks_float(g, p));
}

/* ---- in and out
 * ------------------------------------------------------------------------- */

struct gate_pass *
gate_enter(struct gate *gate, const struct payment *p, gate_cb *cb, void *arg)
{
	struct gate_pass *g = xzalloc(sizeof *g);

	g->gate = gate;
	g->p = *p;
	g->cb = cb;
	g->arg = arg;
	g->next = gate->passes;
	gate->passes = g;
	g->at = checks_name(gate, p) ? AT_NAME : AT_FLOAT;
	g->soon = timer_start(gate->means->env->loop, 0, on_soon, g);
	return g;
}

void
gate_cancel(struct gate_pass **handle)
{
	struct gate_pass *g = handle == NULL ? NULL : *handle;
	struct gate_pass **at;

	if (g == NULL)
		return;
	*handle = NULL;
	timer_cancel(&g->soon);
	pg_cancel(&g->pg);
	inquire_cancel(&g->question);
	if (g->gate != NULL) {
		for (at = &g->gate->passes; *at != g; at = &(*at)->next)
			;
		*at = g->next;
	}
	free(g);
}

static void
end(struct gate_pass *g, enum gate_word word)
{
	struct gate_answer answer = g->answer;
	gate_cb *cb = g->cb;
	void *arg = g->arg;

	answer.word = word;
	gate_cancel(&g);
	cb(arg, &answer);
}

static void
on_soon(void *arg)
{
	struct gate_pass *g = arg;

	g->soon = NULL;
	if (g->at == AT_NAME)
		enter_name(g);
	else if (g->at == AT_FLOAT)
		enter_float(g);
	else
		end(g, GATE_GO);
}

/* ---- NAME
 * -------------------------------------------------------------------------------- */

static void
enter_name(struct gate_pass *g)
{
	struct flow_env *env = g->gate->means->env;
	struct pg_args *a = pg_args_new();

	pg_i32(a, g->p.cooperative_id);
	pg_uuid(a, &g->p.payment_id);
	g->pg = pg_call(env->pg, &payment_payee, a, env->settings->pg.statement_ms,
	                on_payee, g);
}

static void
on_payee(void *arg, const struct pg_reply *r)
{
	struct gate_pass *g = arg;
	struct provider_inquiry q = { .topic = TOPIC_NAME, .direction = PAY_OUT };

	g->pg = NULL;
	if (r->err.code != ERR_NONE || r->rows == 0 || reply_bool(r, 0, 1)) {
		g->at = AT_FLOAT; /* released, or nobody to compare with */
		enter_float(g);
		return;
	}
	snprintf(g->payee, sizeof g->payee, "%s", reply_text(r, 0, 0));
	memcpy(q.msisdn, g->p.msisdn, sizeof q.msisdn);
	g->question = inquire_start(g->gate->means, &q, on_name, g);
}

static int64_t
now(const struct gate *g)
{
	return loop_clock(g->means->env->loop)->wall_ms;
}

/* A key that is refused for twice as long as it may sleep is a wrong one. */
static bool
key_sleeps(struct gate *g, const struct err *err)
{
	if (err->code != ERR_AUTH || g->means->provider->token_wakes_ms == 0) {
		g->refused_ms = 0;
		return false;
	}
	if (g->refused_ms == 0)
		g->refused_ms = now(g);
	return now(g) - g->refused_ms < 2 * g->means->provider->token_wakes_ms;
}

static void
on_name(void *arg, const struct provider_fact *fact, const struct err *err)
{
	struct gate_pass *g = arg;

	g->question = NULL;
	if (key_sleeps(g->gate, err)) {
		end(g, GATE_LATER);
		return;
	}
	if (fact != NULL && fact->name[0] != '\0' && !person_is(fact->name, g->payee)) {
		log_info(g->p.code, "other_name", "provider=%s", g->p.provider);
		snprintf(g->answer.said, sizeof g->answer.said, "%.60s", fact->name);
		end(g, GATE_NAME);
		return;
	}
	if (fact == NULL)
		log_info(g->p.code, "name_not_told", "provider=%s why=%s", g->p.provider,
		         err_name(err->code));
	g->at = AT_FLOAT;
	enter_float(g);
}

/* ---- FLOAT
 * ------------------------------------------------------------------------------- */

void
gate_hear(struct gate *g, const struct hint_funds *f)
{
	bool same = g->currency[0] == '\0' || strcmp(g->currency, f->currency) == 0;

	if (g->means->float_ms > 0 && same &&
	    purse_heard(&g->purse, f->holds, f->at_ms, now(g), g->means->float_ms))
		memcpy(g->currency, f->currency, sizeof g->currency);
}

static void
ask_float(struct gate *g, const struct payment *p)
{
	struct provider_inquiry q = { .topic = TOPIC_BALANCE,
		                      .direction = PAY_OUT,
		                      .exponent = p->exponent };

	if (g->question == NULL)
		g->question = inquire_start(g->means, &q, on_balance, g);
}

static void
enter_float(struct gate_pass *g)
{
	struct gate *gate = g->gate;
	enum purse_say say = PURSE_GO;

	/* what it holds of another currency says nothing */
	if (checks_float(gate, &g->p) &&
	    (gate->currency[0] == '\0' || strcmp(gate->currency, g->p.currency) == 0))
		say = purse_judge(&gate->purse, g->p.amount, now(gate),
		                  gate->means->float_ms);
	g->waits = say == PURSE_ASK;
	if (say == PURSE_ASK) {
		ask_float(gate, &g->p);
	} else if (say == PURSE_GO) {
		purse_take(&gate->purse, g->p.amount);
		end(g, GATE_GO);
	} else {
		log_info(g->p.code, "float_low", "provider=%s holds=%lld amount=%lld",
		         g->p.provider, (long long)gate->purse.holds,
		         (long long)g->p.amount);
		snprintf(g->answer.said, sizeof g->answer.said, "%lld",
		         (long long)gate->purse.holds);
		end(g, GATE_FLOAT);
	}
}

static void
on_balance(void *arg, const struct provider_fact *fact, const struct err *err)
{
	struct gate *gate = arg;

	gate->question = NULL;
	purse_told(&gate->purse, fact != NULL, fact == NULL ? 0 : fact->balance_minor,
	           now(gate));
	gate->currency[0] = '\0';
	if (fact != NULL)
		memcpy(gate->currency, fact->currency, sizeof gate->currency);
	else
		log_info(gate->means->account[PAY_OUT].name, "float_not_told", "why=%s",
		         err_name(err->code));
	/* Each on a turn of its own: who is told may end the gate. */
	for (struct gate_pass *p = gate->passes; p != NULL; p = p->next)
		if (p->waits) {
			p->waits = false;
			p->soon = timer_start(gate->means->env->loop, 0, on_soon, p);
		}
}
