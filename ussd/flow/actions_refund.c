#include "payments/flow/refund.h"

#include "ussd/flow/action.h"

#include <string.h>

static void
show(struct action *a, const struct refund_view *v)
{
	if (v->code[0] == '\0')
		return;
	action_set_text(a, "payment_code", v->code);
	action_set_text(a, "person_name", v->name);
	action_set_text(a, "phone", v->msisdn);
	action_set_number(a, "amount", v->amount);
	action_set_number(a, "asked", v->asked && !v->mine);
	action_set_number(a, "mine", v->mine);
}

static void
on_view(void *arg, const struct payments_answer *answer, const struct refund_view *v)
{
	struct action *a = arg;

	a->op = NULL;
	show(a, v);
	action_answer(a, answer);
}

/* The gateway may have been faster: then it is on its way, or its list says why not. */
static void
on_paid(void *arg, const struct payments_answer *answer)
{
	struct action *a = arg;
	struct payments_answer known = *answer;

	a->op = NULL;
	if (strcmp(answer->reason, "stale") == 0 ||
	    strcmp(answer->reason, "try_later") == 0) {
		known.outcome = OUTCOME_PENDING;
		known.reason = "paying";
	}
	action_answer(a, &known);
}

/* Two officers have agreed: the books are asked at once. */
static void
on_agreed(void *arg, const struct payments_answer *answer, const struct refund_view *v)
{
	struct action *a = arg;

	if (answer->outcome != OUTCOME_PENDING || strcmp(answer->reason, "paying") != 0) {
		on_view(arg, answer, v);
		return;
	}
	show(a, v);
	a->op = payments_refund_pay(a->env, action_who(a).cooperative_id, &v->refund_id,
	                            on_paid, a);
}

static struct refund_say
say_of(struct action *a)
{
	return (struct refund_say){ .who = action_who(a),
		                    .code = action_text(a, "payment_code"),
		                    .note = action_text(a, "note"),
		                    .pin = a->call->secret };
}

static void
run_look(struct action *a)
{
	struct refund_say say = say_of(a);

	a->op = payments_refund_look(a->env, &say, on_view, a);
}

static void
run_ask(struct action *a)
{
	struct refund_say say = say_of(a);

	a->op = payments_refund_ask(a->env, &say, on_view, a);
}

static void
run_agree(struct action *a)
{
	struct refund_say say = say_of(a);

	a->op = payments_refund_answer(a->env, &say, true, on_agreed, a);
}

static void
run_drop(struct action *a)
{
	struct refund_say say = say_of(a);

	a->op = payments_refund_answer(a->env, &say, false, on_view, a);
}

#define GIVES "payment_code person_name phone amount asked mine"
#define SAYS  "pin_wrong locked not_allowed not_found own_work try_later "

const struct action_kind actions_refund[] = {
	{ { .name = "refund.look",
	    .args = "payment_code",
	    .gives = GIVES,
	    .reasons = "not_allowed not_found not_paid no_number given try_later" },
	  run_look },
	{ { .name = "refund.ask",
	    .args = "payment_code note",
	    .gives = GIVES " tries_left",
	    .reasons = SAYS "not_paid no_number asked bad_input second_needed",
	    .changes = true,
	    .secret = true },
	  run_ask },
	{ { .name = "refund.agree",
	    .args = "payment_code",
	    .gives = GIVES " tries_left",
	    .reasons = SAYS "second_needed paying spent loan deposit not_linked part "
	                    "too_much",
	    .changes = true,
	    .secret = true },
	  run_agree },
	{ { .name = "refund.drop",
	    .args = "payment_code",
	    .gives = GIVES " tries_left",
	    .reasons = SAYS,
	    .changes = true,
	    .secret = true },
	  run_drop },
	{ { .name = NULL }, NULL },
};
