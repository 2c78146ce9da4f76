#include "ussd/flow/action.h"

#include "payments/core/day.h"
#include "payments/flow/receipts.h"

#include <string.h>

/* ---- receipts.list ---- */

static void
on_list(void *arg, const struct payments_answer *answer, const struct receipt_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	for (unsigned i = 0; i < list->count; i++) {
		action_row(a);
		action_row_text(a, "code", list->at[i].code);
		action_row_number(a, "made", list->at[i].made_day);
		action_row_number(a, "net", list->at[i].net);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_receipts(a->env, &who, action_skip(a), on_list, a);
}

/* ---- receipt.open: anybody's, by its code ---- */

static void
on_receipt(void *arg, const struct payments_answer *answer, const struct receipt_view *r)
{
	struct action *a = arg;
	int32_t made = 0;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	if (!day_parse(r->made_local, strcspn(r->made_local, " "), &made))
		made = 0;
	action_set_text(a, "code", r->code);
	action_set_text(a, "site", r->site);
	action_set_number(a, "number", r->number);
	action_set_number(a, "made", made);
	action_set_number(a, "gross", r->quote.gross_mg);
	action_set_number(a, "fineness", r->quote.fineness);
	action_set_number(a, "gross_value", r->quote.gross_value);
	action_set_number(a, "levies", r->quote.levies_total);
	action_set_number(a, "loan_share", r->quote.loan_share);
	action_set_number(a, "payout", r->quote.payout);
	action_set_number(a, "arrived", r->paid);
	action_done(a, r->intact ? MENU_OK : MENU_FAIL, r->intact ? "" : "broken");
}

static void
run_open(struct action *a)
{
	a->op = payments_receipt(a->env, action_text(a, "code"), on_receipt, a);
}

const struct action_kind actions_receipt[] = {
	{ { .name = "receipts.list",
	    .args = "skip",
	    .gives = "code made net",
	    .reasons = "not_found try_later" },
	  run_list },
	{ { .name = "receipt.open",
	    .args = "code",
	    .gives = "code site number made gross fineness gross_value levies "
	             "loan_share payout arrived",
	    .reasons = "bad_input not_found broken try_later" },
	  run_open },
	{ { .name = NULL }, NULL },
};
