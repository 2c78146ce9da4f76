#include "payments/flow/lease.h"
#include "payments/flow/loans.h"

#include "ussd/flow/action.h"

#define BP_PER_PERMILLE 10
#define SHOWN           20 /* bytes of a name in a row: no screen shows more */

static void
show_asset_row(struct action *a, const struct asset *s)
{
	action_row(a);
	action_row_uuid(a, "asset", &s->asset_id);
	action_row_text(a, "asset_code", s->code);
	action_row_cut(a, "asset_name", s->name, SHOWN);
	action_row_number(a, "price", s->cost);
	action_row_cut(a, "lessee", s->lessee, SHOWN);
	action_row_cut(a, "serial", s->serial, SHOWN);
}

static void
on_assets(void *arg, const struct payments_answer *answer, const struct asset_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	for (unsigned i = 0; answer->outcome == OUTCOME_OK && i < list->count; i++)
		show_asset_row(a, &list->at[i]);
	action_total(a, list->count, list->total);
	action_answer(a, answer);
}

static void
run_free(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_assets(a->env, &who, true, action_skip(a), on_assets, a);
}

static void
run_all(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_assets(a->env, &who, false, action_skip(a), on_assets, a);
}

/* ---- lease.offer, lease.request ---- */

static void
show_loan(struct action *a, const struct loan_view *l)
{
	action_set_uuid(a, "loan", &l->loan_id);
	action_set_text(a, "loan_code", l->code);
	action_set_text(a, "asset_name", l->asset.name);
	action_set_text(a, "borrower", l->member_name);
	action_set_text(a, "payment_code", l->payment_code);
	action_set_number(a, "price", l->asset.cost);
	action_set_number(a, "owed", l->owed > 0 ? l->owed : 0);
	action_set_number(a, "first_due", l->terms.first_due_day);
}

static void
on_offer(void *arg, const struct payments_answer *answer, const struct loan_offer *o)
{
	struct action *a = arg;

	a->op = NULL;
	action_set_number(a, "limit", o->limit);
	action_set_number(a, "weeks_min", o->terms_min);
	action_set_number(a, "weeks_max", o->terms_max);
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_text(a, "asset_name", o->asset.name);
		action_set_number(a, "price", o->asset.cost);
		action_set_number(a, "deposit", o->lease.deposit);
		action_set_number(a, "buyout", o->lease.buyout);
		action_set_number(a, "weeks", o->terms.instalments);
		action_set_number(a, "instalment", o->terms.instalment);
		action_set_number(a, "fee", o->terms.fee);
		action_set_number(a, "all", o->lease.deposit + o->terms.total);
		action_set_number(a, "apr", o->terms.apr_bp / BP_PER_PERMILLE);
		action_set_number(a, "first_due", o->terms.first_due_day);
		action_set_number(a, "last_due", o->terms.last_due_day);
	}
	action_answer(a, answer);
}

static void
run_offer(struct action *a)
{
	struct who who = action_who(a);
	struct uuid id;

	if (action_uuid(a, "asset", &id))
		a->op = payments_lease_offer(
		    a->env, &who, &id, (unsigned)action_number(a, "weeks"), on_offer, a);
	else
		action_done(a, MENU_FAIL, "gone");
}

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
		.terms = (unsigned)action_number(a, "weeks"),
		.pin = a->call->secret,
		.key = a->key,
	};

	if (action_uuid(a, "asset", &ask.asset_id))
		a->op = payments_loan_request(a->env, &ask, on_loan, a);
	else
		action_done(a, MENU_FAIL, "gone");
}

/* ---- the lessee's own ---- */

static void
run_deposit(struct action *a)
{
	struct lease_ask ask = { .who = action_who(a), .key = a->key };

	a->op = payments_lease_deposit(a->env, &ask, on_loan, a);
}

static void
run_give_up(struct action *a)
{
	struct lease_ask ask = { .who = action_who(a), .key = a->key };

	a->op = payments_lease_give_up(a->env, &ask, on_loan, a);
}

/* ---- at the table ---- */

static void
on_leases(void *arg, const struct payments_answer *answer, const struct loan_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	for (unsigned i = 0; answer->outcome == OUTCOME_OK && i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "loan", &list->at[i].loan_id);
		action_row_cut(a, "borrower", list->at[i].member_name, SHOWN);
		action_row_cut(a, "asset_name", list->at[i].asset.name, SHOWN);
		action_row_number(a, "price", list->at[i].asset.cost);
	}
	action_total(a, list->count, list->total);
	action_answer(a, answer);
}

static void
run_ready(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_leases(a->env, &who, false, action_skip(a), on_leases, a);
}

static void
run_out(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_leases(a->env, &who, true, action_skip(a), on_leases, a);
}

typedef struct payments_op *lease_call(struct flow_env *env, const struct lease_ask *ask,
                                       loan_cb *cb, void *arg);

static void
by_officer(struct action *a, lease_call *call)
{
	struct lease_ask ask = { .who = action_who(a),
		                 .value = action_number(a, "value"),
		                 .pin = a->call->secret,
		                 .key = a->key };

	if (action_uuid(a, "loan", &ask.loan_id))
		a->op = call(a->env, &ask, on_loan, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_hand_over(struct action *a)
{
	by_officer(a, payments_lease_hand_over);
}

static void
run_return(struct action *a)
{
	by_officer(a, payments_lease_return);
}

static void
on_asset(void *arg, const struct payments_answer *answer, const struct asset *s)
{
	struct action *a = arg;

	a->op = NULL;
	action_set_text(a, "asset_code", s->code);
	action_answer(a, answer);
}

static void
run_add(struct action *a)
{
	struct asset_ask ask = { .who = action_who(a),
		                 .name = action_text(a, "asset_name"),
		                 .serial = action_text(a, "serial"),
		                 .cost = action_number(a, "price"),
		                 .pin = a->call->secret,
		                 .key = a->key };

	a->op = payments_asset_new(a->env, &ask, on_asset, a);
}

#define LEASE "loan loan_code asset_name borrower payment_code price owed first_due "
#define BY_OFFICER                                                                       \
	"pin_wrong locked not_allowed own_work not_found stale bad_input try_later"

const struct action_kind actions_lease[] = {
	{ { .name = "lease.list",
	    .args = "skip",
	    .gives = "asset asset_code asset_name price lessee serial",
	    .reasons = "not_found try_later" },
	  run_free },
	{ { .name = "equipment.list",
	    .args = "skip",
	    .gives = "asset asset_code asset_name price lessee serial",
	    .reasons = "not_found try_later" },
	  run_all },
	{ { .name = "lease.offer",
	    .args = "asset weeks",
	    .gives = "limit weeks_min weeks_max asset_name price deposit buyout weeks "
	             "instalment fee all apr first_due last_due bound",
	    .reasons = "gone limit minimum has_loan no_product bad_input under_least "
	               "over_most not_found try_later" },
	  run_offer },
	{ { .name = "lease.request",
	    .args = "asset weeks",
	    .gives = "tries_left bound " LEASE,
	    .reasons = "gone limit minimum has_loan no_product bad_input under_least "
	               "over_most pin_wrong locked stale not_found try_later",
	    .changes = true,
	    .secret = true },
	  run_request },
	{ { .name = "lease.deposit",
	    .args = "",
	    .gives = "bound " LEASE,
	    .reasons = "no_loan busy under_least over_most stale not_found try_later",
	    .changes = true,
	    .money = true },
	  run_deposit },
	{ { .name = "lease.give_up",
	    .args = "",
	    .gives = LEASE,
	    .reasons = "no_loan busy stale not_found try_later",
	    .changes = true },
	  run_give_up },
	{ { .name = "leases.ready",
	    .args = "skip",
	    .gives = "loan borrower asset_name price",
	    .reasons = "not_found try_later" },
	  run_ready },
	{ { .name = "leases.out",
	    .args = "skip",
	    .gives = "loan borrower asset_name price",
	    .reasons = "not_found try_later" },
	  run_out },
	{ { .name = "lease.hand_over",
	    .args = "loan",
	    .gives = "tries_left " LEASE,
	    .reasons = BY_OFFICER,
	    .changes = true,
	    .secret = true },
	  run_hand_over },
	{ { .name = "lease.return",
	    .args = "loan value",
	    .gives = "tries_left " LEASE,
	    .reasons = BY_OFFICER,
	    .changes = true,
	    .secret = true },
	  run_return },
	{ { .name = "equipment.add",
	    .args = "asset_name serial price",
	    .gives = "tries_left asset_code",
	    .reasons = "no_product " BY_OFFICER,
	    .changes = true,
	    .secret = true },
	  run_add },
	{ { .name = NULL }, NULL },
};
