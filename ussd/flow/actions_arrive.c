#include "payments/flow/send_back.h"

#include "ussd/flow/action.h"

/* ---- arrivals.unmatched ---- */

static void
on_list(void *arg, const struct payments_answer *answer, const struct arrival_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	for (unsigned i = 0; answer->outcome == OUTCOME_OK && i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "arrival", &list->at[i].arrival_id);
		action_row_number(a, "arrived", list->at[i].amount);
		action_row_text(a, "sender", list->at[i].msisdn);
		action_row_text(a, "reference", list->at[i].reference);
		action_row_text(a, "arrival_code", list->at[i].code);
	}
	action_answer(a, answer);
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_unmatched(a->env, &who, 0, on_list, a);
}

/* ---- arrival.till, arrival.assign ---- */

static void
on_arrival(void *arg, const struct payments_answer *answer, const struct arrival *r)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		action_set_text(a, "arrival_code", r->code);
	action_answer(a, answer);
}

static void
run_till(struct action *a)
{
	struct till_ask ask = { .who = action_who(a),
		                .member = action_text(a, "seller"),
		                .amount = action_number(a, "amount"),
		                .pin = a->call->secret,
		                .key = a->key };

	a->op = payments_till(a->env, &ask, on_arrival, a);
}

static void
run_assign(struct action *a)
{
	struct assign_ask ask = { .who = action_who(a),
		                  .member = action_text(a, "seller"),
		                  .pin = a->call->secret };

	if (action_uuid(a, "arrival", &ask.arrival_id))
		a->op = payments_assign(a->env, &ask, on_arrival, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

static void
run_back(struct action *a)
{
	struct back_ask ask = { .who = action_who(a),
		                .pin = a->call->secret,
		                .key = a->key };

	if (action_uuid(a, "arrival", &ask.arrival_id))
		a->op = payments_send_back(a->env, &ask, on_arrival, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

#define REASONS                                                                          \
	"pin_wrong locked not_allowed own_work not_found stale bad_input try_later"

const struct action_kind actions_arrive[] = {
	{ { .name = "arrivals.unmatched",
	    .args = "",
	    .gives = "arrival arrived sender reference arrival_code",
	    .reasons = "not_allowed not_found try_later" },
	  run_list },
	{ { .name = "arrival.till",
	    .args = "seller amount",
	    .gives = "tries_left arrival_code",
	    .reasons = REASONS,
	    .changes = true,
	    .secret = true },
	  run_till },
	{ { .name = "arrival.assign",
	    .args = "arrival seller",
	    .gives = "tries_left arrival_code",
	    .reasons = REASONS,
	    .changes = true,
	    .secret = true },
	  run_assign },
	{ { .name = "arrival.back",
	    .args = "arrival",
	    .gives = "tries_left arrival_code",
	    .reasons = "pin_wrong locked not_allowed stale no_number no_funds try_later",
	    .changes = true,
	    .secret = true },
	  run_back },
	{ { .name = NULL }, NULL },
};
