#include "payments/flow/groups.h"
#include "payments/flow/loan_plan.h"
#include "payments/flow/loans.h"
#include "ussd/flow/action.h"

#include <stdio.h>
#include <string.h>

#define BP_PER_PERMILLE 10
#define TERMS           "principal fee total instalment weeks last_due apr unit "
#define BOUNDS          "minimum limit weeks_min weeks_max ways ways_text choices unit "

/* The word a menu asks for: "weeks", "months", or "parts" of any other length. */
static void
show_unit(struct action *a, unsigned every, enum every_unit unit)
{
	const char *word = "parts";

	if (every == 1 && unit == EVERY_WEEKS)
		word = "weeks";
	else if (every == 1 && unit == EVERY_MONTHS)
		word = "months";
	action_set_text(a, "unit", word);
}

static void
show_terms(struct action *a, const struct loan_terms *t)
{
	action_set_number(a, "principal", t->principal);
	action_set_number(a, "fee", t->fee);
	action_set_number(a, "total", t->total);
	action_set_number(a, "instalment", t->instalment);
	action_set_number(a, "weeks", t->instalments);
	action_set_number(a, "last_due", t->last_due_day);
	action_set_number(a, "apr", t->apr_bp / BP_PER_PERMILLE);
	show_unit(a, t->every, t->every_unit);
}

static void
show_loan(struct action *a, const struct loan_view *l)
{
	action_set_text(a, "loan_code", l->code);
	show_terms(a, &l->terms);
	action_set_text(a, "asset_name", l->asset.name);
	action_set_number(a, "leased", l->asset.code[0] != '\0');
	action_set_number(a, "deposit", l->deposit);
	action_set_number(a, "owed", l->owed);
	action_set_number(a, "past_due", l->past_due);
	action_set_number(a, "next_due", l->next_due);
	action_set_number(a, "next_due_day", l->next_due_day);
	action_set_number(a, "grouped", l->in_group);
}

/* ---- loan.status: ok live, pending approval, paying, deposit, fetch or group ---- */

static const char *
waits_for(const struct loan_view *l)
{
	if (l->state == LOAN_READY)
		return "fetch";
	if (l->state != LOAN_APPROVED)
		return "approval";
	return l->asset.code[0] == '\0' ? "paying" : "deposit";
}

/* What is late follows from the day: a live loan is looked at as it stands now. */
static void
on_live(void *arg, const struct payments_answer *answer, const struct loan_plan *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK) {
		action_set_number(a, "owed", p->owed);
		action_set_number(a, "past_due", p->past_due);
		action_set_number(a, "next_due", p->next_amount);
		action_set_number(a, "next_due_day", p->next_day);
	}
	action_answer(a, answer);
}

/* Without a loan of hers: a group may have asked her. */
static void
on_invited(void *arg, const struct payments_answer *answer, const struct group_view *g)
{
	struct action *a = arg;
	struct who who = action_who(a);
	bool asked = false;

	a->op = NULL;
	if (answer->outcome == OUTCOME_OK && g->state == GROUP_FORMING)
		for (unsigned i = 0; i < g->count; i++)
			asked |= uuid_equal(&g->part[i].member_id, &who.member_id) &&
			         uuid_is_nil(&g->part[i].loan_id);
	action_done(a, asked ? MENU_PENDING : MENU_FAIL, asked ? "group" : "no_loan");
}

static void
on_status(void *arg, const struct payments_answer *answer, const struct loan_view *l)
{
	struct action *a = arg;

	struct who who = action_who(a);

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL && strcmp(answer->reason, "no_loan") == 0) {
		a->op = payments_group_mine(a->env, &who, on_invited, a);
		return;
	}
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	show_loan(a, l);
	if (l->state == LOAN_LIVE) {
		a->op = payments_loan_plan(a->env, &who, 0, on_live, a);
	} else
		action_done(a, MENU_PENDING, waits_for(l));
}

static void
run_status(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_loan_status(a->env, &who, on_status, a);
}

/* ---- loan.products: what she may ask for, in her language ---- */

static void
on_products(void *arg, const struct payments_answer *answer,
            const struct product_list *list)
{
	struct action *a = arg;
	unsigned count = 0;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	for (unsigned i = 0; i < list->count && count < MENU_ROWS; i++) {
		const struct product *p = &list->at[i];

		if (!product_on_menu(p))
			continue;
		if (count++ == 0)
			action_set_text(a, "product", p->code);
		action_row(a);
		action_row_text(a, "product", p->code);
		action_row_text(a, "product_name", product_name(p, a->session->language));
	}
	action_set_number(a, "products", count);
	action_done(a, count == 0 ? MENU_FAIL : MENU_OK, count == 0 ? "no_product" : "");
}

static void
run_products(struct action *a)
{
	a->op = payments_products(a->env, action_who(a).cooperative_id, on_products, a);
}

/* ---- loan.limits, loan.offer: what may be asked for, and what it would cost ---- */

/* In how many parts it may be paid back: "4, 8, 12", or any number of them. */
static void
show_ways(struct action *a, const struct loan_offer *o)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof text);
	for (unsigned i = 0; i < o->choices; i++)
		buf_printf(&b, i == 0 ? "%u" : ", %u", (unsigned)o->choice[i]);
	action_set_text(a, "ways_text", text);
	action_set_number(a, "choices", o->choices);
	action_set_number(a, "ways",
	                  o->choices > 0 ? o->choices : o->terms_max - o->terms_min + 1);
	show_unit(a, o->every, o->every_unit);
}

static void
on_offer(void *arg, const struct payments_answer *answer, const struct loan_offer *o)
{
	struct action *a = arg;

	a->op = NULL;
	action_set_number(a, "minimum", o->minimum);
	action_set_number(a, "limit", o->limit);
	action_set_number(a, "weeks_min", o->terms_min);
	action_set_number(a, "weeks_max", o->terms_max);
	show_ways(a, o);
	if (answer->outcome != OUTCOME_FAIL && o->terms.principal > 0) {
		show_terms(a, &o->terms);
		action_set_number(a, "cashout", o->cashout);
		action_set_number(a, "sent", o->terms.principal + o->cashout);
	}
	action_answer(a, answer);
}

static void
run_offer(struct action *a)
{
	struct offer_ask ask = {
		.who = action_who(a),
		.product = action_text(a, "product"),
		.amount = action_number(a, "amount"),
		.terms = (unsigned)action_number(a, "weeks"),
	};

	a->op = payments_loan_offer(a->env, &ask, on_offer, a);
}

/* ---- loan.why: the limit line by line ---- */

static void
on_why(void *arg, const struct payments_answer *answer, const struct loan_offer *o)
{
	struct action *a = arg;

	a->op = NULL;
	action_set_number(a, "limit", o->limit);
	action_set_number(a, "why_first", o->why.first);
	action_set_number(a, "why_closed", o->borrower.loans_closed);
	action_set_number(a, "why_loans", o->why.loans);
	action_set_number(a, "why_share", o->rule.sales_permille);
	action_set_number(a, "why_weeks", o->rule.sales_weeks);
	action_set_number(a, "why_sales", o->why.sales);
	action_set_number(a, "why_late", o->borrower.late);
	action_set_number(a, "why_less", -o->why.late);
	action_set_number(a, "why_cut", o->why.cut);
	if (answer->outcome == OUTCOME_FAIL && strcmp(answer->reason, "limit") == 0)
		action_done(a, MENU_OK,
		            ""); /* a limit too small to use has its reasons, too */
	else
		action_answer(a, answer);
}

static void
run_why(struct action *a)
{
	struct offer_ask ask = { .who = action_who(a),
		                 .product = action_text(a, "product") };

	a->op = payments_loan_offer(a->env, &ask, on_why, a);
}

/* ---- loan.request ---- */

static void
on_loan(void *arg, const struct payments_answer *answer, const struct loan_view *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		show_loan(a, l);
	action_answer(a, answer);
}

static void
run_request(struct action *a)
{
	struct loan_ask ask = {
		.who = action_who(a),
		.product = action_text(a, "product"),
		.amount = action_number(a, "amount"),
		.terms = (unsigned)action_number(a, "weeks"),
		.pin = a->call->secret,
		.key = a->key,
	};

	a->op = payments_loan_request(a->env, &ask, on_loan, a);
}

/* ---- loan.repay ---- */

static void
on_repay(void *arg, const struct payments_answer *answer, const struct repayment *r)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		action_set_text(a, "payment_code", r->code);
	action_answer(a, answer);
}

static void
run_repay(struct action *a)
{
	struct repay_ask ask = {
		.who = action_who(a),
		.amount = action_number(a, "amount"),
		.key = a->key,
	};

	a->op = payments_repay(a->env, &ask, on_repay, a);
}

const struct action_kind actions_loan[] = {
	{ { .name = "loan.status",
	    .args = "",
	    .gives = "loan_code " TERMS "asset_name leased deposit owed past_due "
	             "next_due next_due_day grouped",
	    .reasons = "no_loan not_found try_later" },
	  run_status },
	{ { .name = "loan.products",
	    .args = "",
	    .gives = "products product product_name",
	    .reasons = "no_product not_found try_later" },
	  run_products },
	{ { .name = "loan.limits",
	    .args = "product",
	    .gives = BOUNDS,
	    .reasons =
	        "limit minimum has_loan no_product bad_input not_found try_later" },
	  run_offer },
	{ { .name = "loan.why",
	    .args = "product",
	    .gives = "limit why_first why_closed why_loans why_share why_weeks why_sales "
	             "why_late why_less why_cut",
	    .reasons = "has_loan no_product not_found try_later" },
	  run_why },
	{ { .name = "loan.offer",
	    .args = "product amount weeks",
	    .gives = TERMS BOUNDS "cashout sent",
	    .reasons =
	        "limit minimum has_loan no_product bad_input not_found try_later" },
	  run_offer },
	{ { .name = "loan.request",
	    .args = "product amount weeks",
	    .gives = "loan_code " TERMS "asset_name leased deposit owed past_due "
	             "next_due next_due_day grouped tries_left",
	    .reasons = "limit minimum has_loan no_product bad_input pin_wrong locked "
	               "stale not_found try_later",
	    .changes = true,
	    .secret = true },
	  run_request },
	{ { .name = "loan.repay",
	    .args = "amount",
	    .gives = "payment_code bound",
	    .reasons = "no_loan bad_input busy under_least over_most not_found "
	               "try_later",
	    .changes = true,
	    .money = true },
	  run_repay },
	{ { .name = NULL }, NULL },
};
