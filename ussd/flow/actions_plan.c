#include "payments/flow/loan_plan.h"
#include "ussd/flow/action.h"

/* What is wanted first: what is late, else what comes next. */
static void
show_due(struct action *a, const struct loan_plan *p)
{
	action_set_text(a, "loan_code", p->loan.code);
	action_set_number(a, "owed", p->owed);
	action_set_number(a, "past_due", p->past_due);
	action_set_number(a, "late_days", p->late_days);
	action_set_number(a, "penalty", p->penalty);
	action_set_number(a, "next_due", p->next_amount);
	action_set_number(a, "next_due_day", p->next_day);
	action_set_number(a, "amount", p->past_due > 0 ? p->past_due : p->next_amount);
}

static void
on_due(void *arg, const struct payments_answer *answer, const struct loan_plan *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK)
		show_due(a, p);
	action_answer(a, answer);
}

static void
run_due(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_loan_plan(a->env, &who, 0, on_due, a);
}

/* ---- loan.schedule ---- */

/* A sign says the same in every language: the screen explains it. */
static const char *
mark(const struct plan_row *row)
{
	if (row->left == 0)
		return "+";
	return row->late_days > 0 ? "!" : "";
}

static void
on_schedule(void *arg, const struct payments_answer *answer, const struct loan_plan *p)
{
	struct action *a = arg;

	a->op = NULL;
	for (unsigned i = 0; answer->outcome == OUTCOME_OK && i < p->count; i++) {
		action_row(a);
		action_row_number(a, "row", p->at[i].nr);
		action_row_number(a, "row_day", p->at[i].due);
		action_row_number(a, "row_amount", p->at[i].amount);
		action_row_number(a, "row_left", p->at[i].left);
		action_row_number(a, "row_late", p->at[i].late_days);
		action_row_text(a, "mark", mark(&p->at[i]));
	}
	action_set_number(a, "rows", p->total);
	action_total(a, p->count, p->total);
	action_answer(a, answer);
}

static void
run_schedule(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_loan_plan(a->env, &who, action_skip(a), on_schedule, a);
}

/* ---- loan.pay_off ---- */

static void
on_pay_off(void *arg, const struct payments_answer *answer, const struct loan_plan *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK) {
		action_set_number(a, "amount", p->pay_off);
		action_set_number(a, "off_principal", p->pay_off_part[PART_PRINCIPAL]);
		action_set_number(a, "off_charges",
		                  p->pay_off_part[PART_INTEREST] +
		                      p->pay_off_part[PART_FEE]);
		action_set_number(a, "off_penalty", p->pay_off_part[PART_PENALTY]);
	}
	action_answer(a, answer);
}

static void
run_pay_off(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_loan_plan(a->env, &who, 0, on_pay_off, a);
}

#define REASONS "no_loan not_found try_later"

const struct action_kind actions_plan[] = {
	{ { .name = "loan.due",
	    .args = "",
	    .gives = "loan_code owed past_due late_days penalty next_due next_due_day "
	             "amount",
	    .reasons = REASONS },
	  run_due },
	{ { .name = "loan.schedule",
	    .args = "skip",
	    .gives = "row row_day row_amount row_left row_late mark rows",
	    .reasons = REASONS },
	  run_schedule },
	{ { .name = "loan.pay_off",
	    .args = "",
	    .gives = "amount off_principal off_charges off_penalty",
	    .reasons = REASONS },
	  run_pay_off },
	{ { .name = NULL }, NULL },
};
