#include "payments/flow/savings.h"

#include "ussd/flow/action.h"

static void
on_savings(void *arg, const struct payments_answer *answer, const struct savings_view *s)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_number(a, "savings", s->balance);
		action_set_number(a, "held", s->held);
		action_set_number(a, "free", s->balance - s->held);
		action_set_text(a, "payment_code", s->code);
	}
	action_answer(a, answer);
}

static void
run_look(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_savings(a->env, &who, on_savings, a);
}

static struct savings_ask
asked(struct action *a)
{
	return (struct savings_ask){ .who = action_who(a),
		                     .amount = action_number(a, "amount"),
		                     .pin = a->call->secret,
		                     .key = a->key };
}

static void
run_save(struct action *a)
{
	struct savings_ask ask = asked(a);

	a->op = payments_save(a->env, &ask, on_savings, a);
}

static void
run_take(struct action *a)
{
	struct savings_ask ask = asked(a);

	a->op = payments_savings_take(a->env, &ask, on_savings, a);
}

const struct action_kind actions_savings[] = {
	{ { .name = "savings.look",
	    .args = "",
	    .gives = "savings held free",
	    .reasons = "not_found try_later" },
	  run_look },
	{ { .name = "savings.save",
	    .args = "amount",
	    .gives = "payment_code bound",
	    .reasons = "bad_input busy under_least over_most not_found try_later",
	    .changes = true,
	    .money = true },
	  run_save },
	{ { .name = "savings.take",
	    .args = "amount",
	    .gives = "savings held free tries_left",
	    .reasons = "pin_wrong locked limit bad_input not_found try_later",
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_take },
	{ { .name = NULL }, NULL },
};
