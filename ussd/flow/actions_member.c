#include "lib/buf.h"
#include "payments/flow/members.h"
#include "ussd/flow/action.h"

#include <stdio.h>

static void
remember(struct session *s, const struct member *m)
{
	s->member = m->state == MEMBER_ACTIVE;
	s->cooperative_id = m->cooperative_id;
	s->member_id = m->member_id;
	s->roles = m->roles;
	text_copy(s->number, sizeof s->number, m->number);
	text_copy(s->name, sizeof s->name, m->name);
	text_copy(s->language, sizeof s->language, m->language);
	text_copy(s->cooperative, sizeof s->cooperative, m->cooperative_name);
	text_copy(s->cooperative_code, sizeof s->cooperative_code, m->cooperative_code);
	text_copy(s->country, sizeof s->country, m->country);
	text_copy(s->currency, sizeof s->currency, m->currency);
	s->exponent = (uint8_t)m->exponent;
}

/* ---- member.look: who dials, and what waits for her ---- */

static void
on_dialler(void *arg, const struct payments_answer *answer, const struct dialler *d)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK && d->member.state != MEMBER_ACTIVE) {
		action_done(a, MENU_FAIL, "not_found");
		return;
	}
	if (answer->outcome == OUTCOME_OK) {
		remember(a->session, &d->member);
		a->session->approvals = d->approvals;
		a->session->prices = d->prices;
		a->session->lots = d->lots;
	}
	action_answer(a, answer);
}

static void
run_look(struct action *a)
{
	a->op = payments_dialler(a->env, a->msisdn, on_dialler, a);
}

/* ---- cooperative.find ---- */

static void
on_cooperative(void *arg, const struct payments_answer *answer,
               const struct cooperative *c)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK) {
		action_set_text(a, "joining", c->name);
		action_set_text(a, "code", c->code);
	}
	action_answer(a, answer);
}

static void
run_cooperative(struct action *a)
{
	a->op =
	    payments_cooperative_find(a->env, action_text(a, "code"), on_cooperative, a);
}

/* ---- member.register, member.confirm ---- */

static void
on_member(void *arg, const struct payments_answer *answer, const struct member *m)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK)
		remember(a->session, m);
	action_answer(a, answer);
}

static void
run_register(struct action *a)
{
	struct register_ask ask = {
		.cooperative_code = action_text(a, "code"),
		.name = action_text(a, "name"),
		.language = a->session->language,
		.msisdn = a->msisdn,
		.pin = a->call->secret,
	};

	a->op = payments_register_begin(a->env, &ask, on_member, a);
}

static void
run_confirm(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_register_confirm(a->env, &who, a->call->secret, on_member, a);
}

/* ---- PIN ---- */

static void
on_pin(void *arg, const struct payments_answer *answer)
{
	struct action *a = arg;

	a->op = NULL;
	action_answer(a, answer);
}

static void
change_pin(struct action *a, enum pin_step step)
{
	struct who who = action_who(a);

	a->op = payments_pin_change(a->env, &who, step, a->call->secret, on_pin, a);
}

static void
run_pin_old(struct action *a)
{
	change_pin(a, PIN_OLD);
}

static void
run_pin_new(struct action *a)
{
	change_pin(a, PIN_NEW);
}

static void
run_pin_again(struct action *a)
{
	change_pin(a, PIN_AGAIN);
}

/* ---- language: of the session, and of the member once she is one ---- */

static void
run_language(struct action *a)
{
	struct who who = action_who(a);

	snprintf(a->session->language, sizeof a->session->language, "%s",
	         action_text(a, "language"));
	if (a->session->member)
		a->op =
		    payments_language_set(a->env, &who, a->session->language, on_pin, a);
	else
		action_done(a, MENU_OK, "");
}

/* ---- balance ---- */

static void
on_balance(void *arg, const struct payments_answer *answer, const struct home *h)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK) {
		action_set_number(a, "balance", h->member_balance);
		action_set_number(a, "owed", h->owed);
		action_set_number(a, "limit", h->loan_limit);
		action_set_number(a, "given_up", h->given_up);
	}
	action_answer(a, answer);
}

static void
run_balance(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_home(a->env, &who, on_balance, a);
}

const struct action_kind action_look = { { .name = "member.look" }, run_look };

const struct action_kind actions_member[] = {
	{ { .name = "cooperative.find",
	    .args = "code",
	    .gives = "joining code",
	    .reasons = "not_found try_later" },
	  run_cooperative },
	{ { .name = "member.register",
	    .args = "code name",
	    .gives = "",
	    .reasons = "not_found exists bad_input pin_weak try_later",
	    .changes = true,
	    .secret = true },
	  run_register },
	{ { .name = "member.confirm",
	    .args = "",
	    .gives = "",
	    .reasons = "pin_differs not_found exists try_later",
	    .changes = true,
	    .secret = true },
	  run_confirm },
	{ { .name = "pin.old",
	    .args = "",
	    .gives = "tries_left",
	    .reasons = "pin_wrong locked not_found try_later",
	    .secret = true },
	  run_pin_old },
	{ { .name = "pin.new",
	    .args = "",
	    .gives = "",
	    .reasons = "pin_weak expired not_found try_later",
	    .secret = true },
	  run_pin_new },
	{ { .name = "pin.again",
	    .args = "",
	    .gives = "",
	    .reasons = "pin_differs expired not_found try_later",
	    .changes = true,
	    .secret = true },
	  run_pin_again },
	{ { .name = "language.use",
	    .args = "language",
	    .gives = "",
	    .reasons = "not_found try_later",
	    .keeps = true },
	  run_language },
	{ { .name = "balance.look",
	    .args = "",
	    .gives = "balance owed limit given_up",
	    .reasons = "not_found try_later" },
	  run_balance },
	{ { .name = NULL }, NULL },
};
