#include "payments/flow/write_off.h"

#include "ussd/flow/action.h"

static void
on_loan(void *arg, const struct payments_answer *answer, const struct late_loan *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_uuid(a, "loan", &l->loan.loan_id);
		action_set_text(a, "borrower", l->loan.member_name);
		action_set_number(a, "owed", l->loan.owed);
		action_set_number(a, "past_due", l->past_due);
		action_set_number(a, "late_days", l->late_days);
		action_set_number(a, "asked", l->asked && !l->mine);
		action_set_number(a, "mine", l->mine);
	}
	action_answer(a, answer);
}

static void
run_look(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_late_loan(a->env, &who, action_text(a, "loan_code"), on_loan, a);
}

typedef struct payments_op *say_call(struct flow_env *env,
                                     const struct write_off_ask *ask, late_loan_cb *cb,
                                     void *arg);

static void
say(struct action *a, say_call *call)
{
	struct write_off_ask ask = { .who = action_who(a),
		                     .pin = a->call->secret,
		                     .key = a->key };

	if (action_uuid(a, "loan", &ask.loan_id))
		a->op = call(a->env, &ask, on_loan, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

static void
run_write_off(struct action *a)
{
	say(a, payments_write_off);
}

static void
run_back(struct action *a)
{
	say(a, payments_write_off_back);
}

#define GIVES "loan borrower owed past_due late_days asked mine"

const struct action_kind actions_write_off[] = {
	{ { .name = "late_loan.look",
	    .args = "loan_code",
	    .gives = GIVES,
	    .reasons = "not_allowed not_found not_late try_later" },
	  run_look },
	{ { .name = "late_loan.write_off",
	    .args = "loan",
	    .gives = GIVES " tries_left",
	    .reasons =
	        "pin_wrong locked not_allowed own_work stale second_needed try_later",
	    .changes = true,
	    .secret = true },
	  run_write_off },
	{ { .name = "late_loan.back",
	    .args = "loan",
	    .gives = GIVES " tries_left",
	    .reasons = "pin_wrong locked not_allowed own_work stale try_later",
	    .changes = true,
	    .secret = true },
	  run_back },
	{ { .name = NULL }, NULL },
};
