#include "payments/flow/members.h"
#include "payments/flow/pay_owed.h"
#include "ussd/flow/action.h"

/* ---- member.pick: whose PIN is locked ---- */

static void
on_picked(void *arg, const struct payments_answer *answer, const struct member_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
	} else if (list->count != 1) {
		action_done(a, MENU_FAIL, "not_found");
	} else if (!list->at[0].locked) {
		action_done(a, MENU_FAIL, "not_locked");
	} else {
		action_set_uuid(a, "member_id", &list->at[0].member_id);
		action_set_text(a, "person_name", list->at[0].name);
		action_set_text(a, "person_number", list->at[0].number);
		action_done(a, MENU_OK, "");
	}
}

static void
run_pick(struct action *a)
{
	struct who who = action_who(a);

	if ((a->session->roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		action_done(a, MENU_FAIL, "not_allowed");
	else
		a->op = payments_members(a->env, &who, action_text(a, "person"), 0,
		                         on_picked, a);
}

/* ---- member.unlock ---- */

static void
on_unlocked(void *arg, const struct payments_answer *answer)
{
	struct action *a = arg;

	a->op = NULL;
	action_answer(a, answer);
}

static void
run_unlock(struct action *a)
{
	struct unlock_ask ask = {
		.who = action_who(a),
		.pin = a->call->secret,
		.key = a->key,
	};

	if (action_uuid(a, "member_id", &ask.member_id))
		a->op = payments_member_unlock(a->env, &ask, on_unlocked, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

/* ---- owed.list: to whom the cooperative owes money that no payout holds ---- */

static void
on_owed(void *arg, const struct payments_answer *answer, const struct owed_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	for (unsigned i = 0; i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "member_id", &list->at[i].member_id);
		action_row_text(a, "person_name", list->at[i].name);
		action_row_text(a, "phone", list->at[i].msisdn);
		action_row_number(a, "amount", list->at[i].amount);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_owed(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_owed(a->env, &who, action_skip(a), on_owed, a);
}

/* ---- owed.pay, and owed.pay_me for who is owed ---- */

static void
on_paid(void *arg, const struct payments_answer *answer, const struct owed_payout *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_PENDING) {
		action_set_number(a, "amount", p->amount);
		action_set_text(a, "payment_code", p->code);
	}
	action_answer(a, answer);
}

static void
pay(struct action *a, const struct uuid *member_id)
{
	struct pay_owed_ask ask = {
		.who = action_who(a),
		.member_id = *member_id,
		.pin = a->call->secret,
		.key = a->key,
	};

	a->op = payments_pay_owed(a->env, &ask, on_paid, a);
}

static void
run_pay(struct action *a)
{
	struct uuid id;

	if (action_uuid(a, "member_id", &id))
		pay(a, &id);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_pay_me(struct action *a)
{
	pay(a, &a->session->member_id);
}

#define PAY_REASONS                                                                      \
	"pin_wrong locked not_allowed not_found nothing_owed no_funds busy stale "       \
	"second_needed large limit try_later"

const struct action_kind actions_officer[] = {
	{ { .name = "member.pick",
	    .args = "person",
	    .gives = "member_id person_name person_number",
	    .reasons = "not_found not_locked not_allowed try_later" },
	  run_pick },
	{ { .name = "member.unlock",
	    .args = "member_id",
	    .gives = "tries_left",
	    .reasons = "pin_wrong locked not_allowed own_work stale not_found try_later",
	    .changes = true,
	    .secret = true },
	  run_unlock },
	{ { .name = "owed.list",
	    .args = "skip",
	    .gives = "member_id person_name phone amount",
	    .reasons = "not_allowed not_found try_later" },
	  run_owed },
	{ { .name = "owed.pay",
	    .args = "member_id",
	    .gives = "amount payment_code tries_left",
	    .reasons = PAY_REASONS,
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_pay },
	{ { .name = "owed.pay_me",
	    .args = "",
	    .gives = "amount payment_code tries_left",
	    .reasons = PAY_REASONS,
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_pay_me },
	{ { .name = NULL }, NULL },
};
