#include "payments/flow/loans.h"
#include "ussd/flow/action.h"

static void
show_approval(struct action *a, const struct loan_view *l)
{
	action_set_uuid(a, "loan", &l->loan_id);
	action_set_text(a, "loan_code", l->code);
	action_set_text(a, "borrower", l->member_name);
	action_set_text(a, "phone", l->msisdn);
	action_set_number(a, "principal", l->terms.principal);
	action_set_number(a, "total", l->terms.total);
	action_set_text(a, "asset_name", l->asset.name);
	action_set_number(a, "leased", l->asset.code[0] != '\0');
	action_set_number(a, "deposit", l->deposit);
	action_set_number(a, "weeks", l->terms.instalments);
	action_set_number(a, "sales", l->sales_90d);
	action_set_number(a, "loans_before", l->loans_before);
}

/* ---- approvals.list ---- */

static void
on_list(void *arg, const struct payments_answer *answer, const struct loan_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	a->session->approvals = list->total;
	for (unsigned i = 0; i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "loan", &list->at[i].loan_id);
		action_row_text(a, "borrower", list->at[i].member_name);
		action_row_number(a, "principal", list->at[i].terms.principal);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_approvals(a->env, &who, action_skip(a), on_list, a);
}

/* ---- approval.open ---- */

static void
on_loan(void *arg, const struct payments_answer *answer, const struct loan_view *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		show_approval(a, l);
	action_answer(a, answer);
}

static void
run_open(struct action *a)
{
	struct who who = action_who(a);
	struct uuid id;

	if (action_uuid(a, "loan", &id))
		a->op = payments_approval(a->env, &who, &id, on_loan, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

/* ---- approval.approve, approval.refuse ---- */

static void
on_decided(void *arg, const struct payments_answer *answer, const struct loan_view *l)
{
	struct action *a = arg;

	if (answer->outcome != OUTCOME_FAIL && a->session->approvals > 0)
		a->session->approvals--;
	on_loan(a, answer, l);
}

static void
decide(struct action *a, bool approve)
{
	struct decide_ask ask = {
		.who = action_who(a),
		.approve = approve,
		.pin = a->call->secret,
		.key = a->key,
	};

	if (action_uuid(a, "loan", &ask.id))
		a->op = payments_approval_decide(a->env, &ask, on_decided, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_approve(struct action *a)
{
	decide(a, true);
}

static void
run_refuse(struct action *a)
{
	decide(a, false);
}

#define SEEN                                                                             \
	"loan_code borrower phone principal total weeks sales loans_before asset_name "  \
	"leased deposit "
#define REASONS "not_allowed own_work not_found stale no_funds pin_wrong locked try_later"

const struct action_kind actions_approval[] = {
	{ { .name = "approvals.list",
	    .args = "skip",
	    .gives = "loan borrower principal",
	    .reasons = "not_allowed not_found try_later" },
	  run_list },
	{ { .name = "approval.open",
	    .args = "loan",
	    .gives = "loan " SEEN,
	    .reasons = "not_allowed not_found try_later" },
	  run_open },
	{ { .name = "approval.approve",
	    .args = "loan",
	    .gives = "loan tries_left bound " SEEN,
	    .reasons = REASONS " limit under_least over_most",
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_approve },
	{ { .name = "approval.refuse",
	    .args = "loan",
	    .gives = "loan tries_left " SEEN,
	    .reasons = REASONS,
	    .changes = true,
	    .secret = true },
	  run_refuse },
	{ { .name = NULL }, NULL },
};
