#include "payments/flow/group_pay.h"
#include "payments/flow/groups.h"
#include "payments/flow/guarantee.h"
#include "payments/flow/loans.h"
#include "ussd/flow/action.h"

#include <string.h>

static const struct group_part *
mine(const struct action *a, const struct group_view *g)
{
	struct who who = action_who(a);

	for (unsigned i = 0; i < g->count; i++)
		if (uuid_equal(&g->part[i].member_id, &who.member_id))
			return &g->part[i];
	return NULL;
}

static void
show_mine(struct action *a, const struct group_view *g)
{
	const struct group_part *p = mine(a, g);
	int64_t wants = p == NULL ? 0 : group_guarantee(g->guarantee_bp, p->amount);

	action_set_number(a, "guarantee",
	                  p != NULL && p->guarantee > 0 ? p->guarantee : wants);
	action_set_number(a, "savings", p == NULL ? 0 : p->savings);
	action_set_number(a, "missing",
	                  p == NULL || p->savings >= wants ? 0 : wants - p->savings);
}

static const char *
state_word(const struct group_view *g)
{
	static const char *const words[GROUP_STATES] = { "forming", "seen", "running",
		                                         "closed", "refused" };

	return words[g->state];
}

static void
show_group(struct action *a, const struct group_view *g)
{
	int64_t sum = 0, owed = 0, late = 0;

	for (unsigned i = 0; i < g->count; i++) {
		sum += g->part[i].amount;
		owed += g->part[i].owed;
		late += g->part[i].past_due;
	}
	action_set_uuid(a, "group", &g->group_id);
	action_set_text(a, "group_name", g->name);
	action_set_text(a, "group_state", state_word(g));
	action_set_number(a, "members", g->count);
	action_set_number(a, "others", g->count == 0 ? 0 : g->count - 1);
	action_set_number(a, "agreed", g->agreed);
	action_set_number(a, "complete",
	                  g->agreed == g->count && g->count >= g->members_min);
	action_set_number(a, "sum", sum);
	action_set_number(a, "group_owed", owed);
	action_set_number(a, "group_late", late);
	show_mine(a, g);
}

static void
on_group(void *arg, const struct payments_answer *answer, const struct group_view *g)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		show_group(a, g);
	action_answer(a, answer);
}

/* ---- forming: group.terms, group.new, group.add ---- */

static void
on_products(void *arg, const struct payments_answer *answer,
            const struct product_list *list)
{
	struct action *a = arg;
	const struct product *p = NULL;

	a->op = NULL;
	for (unsigned i = 0; answer->outcome == OUTCOME_OK && i < list->count; i++)
		if (p == NULL && list->at[i].kind == PRODUCT_GROUP && list->at[i].active)
			p = &list->at[i];
	if (p == NULL) {
		action_done(a, MENU_FAIL,
		            answer->outcome == OUTCOME_FAIL ? "try_later" : "no_product");
		return;
	}
	action_set_number(a, "minimum", p->terms.amount_min);
	action_set_number(a, "limit", p->terms.amount_max);
	action_set_number(a, "weeks_min", p->terms.terms_min);
	action_set_number(a, "weeks_max", p->terms.terms_max);
	action_set_number(a, "weeks_usual", p->terms.terms_usual);
	action_set_number(a, "members_min", p->group_min);
	action_set_number(a, "members_max", p->group_max);
	action_done(a, MENU_OK, "");
}

static void
run_terms(struct action *a)
{
	a->op = payments_products(a->env, action_who(a).cooperative_id, on_products, a);
}

static void
run_new(struct action *a)
{
	struct group_open_ask ask = { .who = action_who(a),
		                      .name = action_text(a, "new_name"),
		                      .terms = (unsigned)action_number(a, "weeks"),
		                      .key = a->key };

	a->op = payments_group_open(a->env, &ask, on_group, a);
}

static void
run_add(struct action *a)
{
	struct group_add_ask ask = { .who = action_who(a),
		                     .member = action_text(a, "person"),
		                     .amount = action_number(a, "amount"),
		                     .key = a->key };

	if (action_uuid(a, "group", &ask.group_id))
		a->op = payments_group_add(a->env, &ask, on_group, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

/* ---- looking: group.mine, group.open, group.parts, groups.list ---- */

static void
run_mine(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_group_mine(a->env, &who, on_group, a);
}

static void
open_with(struct action *a, group_cb *cb)
{
	struct who who = action_who(a);
	struct uuid id;

	if (action_uuid(a, "group", &id))
		a->op = payments_group(a->env, &who, &id, cb, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_open(struct action *a)
{
	open_with(a, on_group);
}

/* "+" agreed or paid back, "!" late, "?" has not agreed. */
static const char *
mark(const struct group_part *p)
{
	if (uuid_is_nil(&p->loan_id))
		return "?";
	if (p->past_due > 0)
		return "!";
	return strcmp(p->loan_state, "live") == 0 ? "" : "+";
}

static void
on_parts(void *arg, const struct payments_answer *answer, const struct group_view *g)
{
	struct action *a = arg;
	unsigned skip = action_skip(a), n = 0;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	for (unsigned i = skip; i < g->count && n < MENU_ROWS; i++, n++) {
		const struct group_part *p = &g->part[i];

		action_row(a);
		action_row_cut(a, "part_name", p->name, 16);
		action_row_number(a, "part_amount",
		                  strcmp(p->loan_state, "live") == 0 ? p->owed
		                                                     : p->amount);
		action_row_text(a, "mark", mark(p));
		action_row_text(a, "part_code",
		                p->loan_code[0] == '\0' ? "-" : p->loan_code);
	}
	action_total(a, n, g->count);
	action_done(a, MENU_OK, "");
}

static void
run_parts(struct action *a)
{
	open_with(a, on_parts);
}

static void
on_list(void *arg, const struct payments_answer *answer, const struct group_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	for (unsigned i = 0; i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "group", &list->at[i].group_id);
		action_row_cut(a, "group_name", list->at[i].name, 16);
		action_row_number(a, "agreed", list->at[i].agreed);
		action_row_number(a, "members", list->at[i].count);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_groups(a->env, &who, action_skip(a), on_list, a);
}

/* ---- agreeing: group.offer, group.agree ---- */

static void
on_offer(void *arg, const struct payments_answer *answer, const struct loan_offer *o)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_number(a, "principal", o->terms.principal);
		action_set_number(a, "fee", o->terms.fee);
		action_set_number(a, "total", o->terms.total);
		action_set_number(a, "instalment", o->terms.instalment);
		action_set_number(a, "weeks", o->terms.instalments);
		action_set_number(a, "last_due", o->terms.last_due_day);
		action_set_number(a, "apr", o->terms.apr_bp / 10);
	}
	action_set_number(a, "limit", o->limit);
	action_answer(a, answer);
}

static void
run_offer(struct action *a)
{
	struct offer_ask ask = { .who = action_who(a) };

	if (action_uuid(a, "group", &ask.group_id))
		a->op = payments_loan_offer(a->env, &ask, on_offer, a);
	else
		action_done(a, MENU_FAIL, "gone");
}

static void
on_agreed(void *arg, const struct payments_answer *answer, const struct loan_view *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		action_set_text(a, "loan_code", l->code);
	action_answer(a, answer);
}

static void
run_agree(struct action *a)
{
	struct loan_ask ask = { .who = action_who(a),
		                .pin = a->call->secret,
		                .key = a->key };

	if (action_uuid(a, "group", &ask.group_id))
		a->op = payments_loan_request(a->env, &ask, on_agreed, a);
	else
		action_done(a, MENU_FAIL, "gone");
}

/* ---- deciding and paying ---- */

static void
decide(struct action *a, bool approve)
{
	struct decide_ask ask = { .who = action_who(a),
		                  .approve = approve,
		                  .pin = a->call->secret,
		                  .key = a->key };

	if (action_uuid(a, "group", &ask.id))
		a->op = payments_group_decide(a->env, &ask, on_group, a);
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

static void
on_paying(void *arg, const struct payments_answer *answer, const struct group_payment *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		action_set_text(a, "payment_code", p->code);
	action_answer(a, answer);
}

static void
run_pay(struct action *a)
{
	struct group_pay_ask ask = { .who = action_who(a),
		                     .amount = action_number(a, "amount"),
		                     .key = a->key };

	if (action_uuid(a, "group", &ask.group_id))
		a->op = payments_group_pay(a->env, &ask, on_paying, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

/* ---- the guarantee ---- */

static void
on_late(void *arg, const struct payments_answer *answer, const struct late_part *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_uuid(a, "loan", &p->loan.loan_id);
		action_set_text(a, "borrower", p->loan.member_name);
		action_set_number(a, "past_due", p->past_due);
		action_set_number(a, "late_days", p->late_days);
		action_set_number(a, "guarantee", p->held);
		action_set_number(a, "pays", p->pays);
		action_set_number(a, "asked", p->asked);
	}
	action_answer(a, answer);
}

static void
run_late(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_late_part(a->env, &who, action_text(a, "loan_code"), on_late, a);
}

static void
run_call(struct action *a)
{
	struct guarantee_ask ask = { .who = action_who(a),
		                     .pin = a->call->secret,
		                     .key = a->key };

	if (action_uuid(a, "loan", &ask.loan_id))
		a->op = payments_guarantee_call(a->env, &ask, on_late, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

#define GROUP                                                                            \
	"group group_name group_state members others agreed complete sum group_owed "    \
	"group_late guarantee savings missing "
#define LATE "loan borrower past_due late_days guarantee pays asked "

const struct action_kind actions_group[] = {
	{ { .name = "group.terms",
	    .args = "",
	    .gives =
	        "minimum limit weeks_min weeks_max weeks_usual members_min members_max",
	    .reasons = "no_product try_later" },
	  run_terms },
	{ { .name = "group.new",
	    .args = "new_name weeks",
	    .gives = GROUP,
	    .reasons = "not_allowed no_product bad_input not_found try_later",
	    .changes = true },
	  run_new },
	{ { .name = "group.add",
	    .args = "group person amount",
	    .gives = GROUP,
	    .reasons =
	        "not_allowed not_found stale full minimum limit no_product try_later",
	    .changes = true },
	  run_add },
	{ { .name = "group.mine",
	    .args = "",
	    .gives = GROUP,
	    .reasons = "not_found try_later" },
	  run_mine },
	{ { .name = "group.open",
	    .args = "group",
	    .gives = GROUP,
	    .reasons = "not_allowed not_found try_later" },
	  run_open },
	{ { .name = "group.parts",
	    .args = "group skip",
	    .gives = "part_name part_amount mark part_code",
	    .reasons = "not_allowed not_found try_later" },
	  run_parts },
	{ { .name = "groups.list",
	    .args = "skip",
	    .gives = "group group_name agreed members",
	    .reasons = "try_later" },
	  run_list },
	{ { .name = "group.offer",
	    .args = "group",
	    .gives = "principal fee total instalment weeks last_due apr limit",
	    .reasons = "gone has_loan limit minimum no_product bad_input try_later" },
	  run_offer },
	{ { .name = "group.agree",
	    .args = "group",
	    .gives = "loan_code tries_left",
	    .reasons =
	        "pin_wrong locked gone has_loan limit minimum no_product bad_input "
	        "stale not_found try_later",
	    .changes = true,
	    .secret = true },
	  run_agree },
	{ { .name = "group.approve",
	    .args = "group",
	    .gives = GROUP "tries_left",
	    .reasons = "pin_wrong locked not_allowed own_work not_found stale savings "
	               "no_funds limit second_needed try_later",
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_approve },
	{ { .name = "group.refuse",
	    .args = "group",
	    .gives = GROUP "tries_left",
	    .reasons = "pin_wrong locked not_allowed own_work not_found stale try_later",
	    .changes = true,
	    .secret = true },
	  run_refuse },
	{ { .name = "group.pay",
	    .args = "group amount",
	    .gives = "payment_code bound",
	    .reasons = "no_loan bad_input busy under_least over_most not_found stale "
	               "try_later",
	    .changes = true,
	    .money = true },
	  run_pay },
	{ { .name = "guarantee.look",
	    .args = "loan_code",
	    .gives = LATE,
	    .reasons = "not_allowed not_found not_late nothing_held try_later" },
	  run_late },
	{ { .name = "guarantee.call",
	    .args = "loan",
	    .gives = LATE "tries_left",
	    .reasons =
	        "pin_wrong locked not_allowed own_work stale second_needed try_later",
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_call },
	{ { .name = NULL }, NULL },
};
