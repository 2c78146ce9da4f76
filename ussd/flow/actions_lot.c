#include "payments/flow/lots.h"
#include "payments/flow/members.h"
#include "ussd/flow/action.h"

#include <stdio.h>
#include <string.h>

/* ---- seller.find: the miner at the table ---- */

static void
on_seller(void *arg, const struct payments_answer *answer, const struct member_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
	} else if (list->count != 1) {
		action_done(a, MENU_FAIL, "not_found");
	} else {
		action_set_text(a, "seller", list->at[0].number);
		action_set_text(a, "seller_name", list->at[0].name);
		action_set_number(a, "value", 0);
		action_set_number(a, "offer", 0);
		action_set_number(a, "fineness", 1000);
		action_set_text(a, "method", lot_method_name(METHOD_VALUER));
		action_done(a, MENU_OK, "");
	}
}

static void
run_seller(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_members(a->env, &who, action_text(a, "seller"), 0, on_seller, a);
}

/* ---- lot.record ---- */

/* Up to 24 it is karat, else parts of a thousand. */
static int32_t
fineness_of(int64_t purity)
{
	return purity <= 24 ? (int32_t)((purity * 2000 + 24) / 48) : (int32_t)purity;
}

static enum lot_method
method_of(const char *name)
{
	for (int m = 0; m < LOT_METHODS; m++)
		if (strcmp(lot_method_name((enum lot_method)m), name) == 0)
			return (enum lot_method)m;
	return METHOD_TOUCHSTONE;
}

/* As the table of minerals has it: what a number alone means. */
static const char *
usual_unit(const char *mineral)
{
	if (strcmp(mineral, "gold") == 0)
		return "g";
	return strcmp(mineral, "stones") == 0 ? "ct" : "kg";
}

/* The weight as said, and in milligrams where the unit is a built-in one: the
 * cooperative's own measures are known when the lot is stored. */
static void
run_weigh(struct action *a)
{
	const char *mineral = action_text(a, "mineral");
	struct weight_text w;
	const struct unit *u;
	char said[UNIT_AMOUNT_SIZE + UNIT_CODE_SIZE];
	int64_t mg = 0;

	if (weight_read(action_text(a, "weight"), &w, NULL) < 0) {
		action_done(a, MENU_FAIL, "bad_unit");
		return;
	}
	if (w.unit[0] == '\0')
		snprintf(w.unit, sizeof w.unit, "%s", usual_unit(mineral));
	u = unit_find(w.unit);
	if (u == NULL || weight_mg(w.amount, u, &mg, NULL) < 0)
		mg = 0;
	snprintf(said, sizeof said, "%s %s", w.amount, w.unit);
	action_set_text(a, "weighed", said);
	action_set_number(a, "gross", mg);
	action_done(a, MENU_OK, "");
}

static void
run_fineness(struct action *a)
{
	action_set_number(a, "fineness", fineness_of(action_number(a, "purity")));
	action_done(a, MENU_OK, "");
}

static void
on_recorded(void *arg, const struct payments_answer *answer, const struct lot_view *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_text(a, "lot_code", l->code);
		action_set_number(a, "gross_value", l->quote.gross_value);
		action_set_number(a, "payout", l->quote.payout);
	}
	action_answer(a, answer);
}

static void
run_record(struct action *a)
{
	struct lot_ask ask = {
		.who = action_who(a),
		.seller = action_text(a, "seller"),
		.mineral = action_text(a, "mineral"),
		.weight = action_text(a, "weighed"),
		.value = action_number(a, "value"),
		.offer_permille = (int32_t)action_number(a, "offer"),
		.fineness = (int32_t)action_number(a, "fineness"),
		.method = method_of(action_text(a, "method")),
		.site = "",
		.tag = "",
		.key = a->key,
	};

	a->op = payments_lot_record(a->env, &ask, on_recorded, a);
}

const struct action_kind actions_lot[] = {
	{ { .name = "seller.find",
	    .args = "seller",
	    .gives = "seller seller_name value offer fineness method",
	    .reasons = "not_allowed not_found try_later" },
	  run_seller },
	{ { .name = "lot.weigh",
	    .args = "mineral weight",
	    .gives = "weighed gross",
	    .reasons = "bad_unit" },
	  run_weigh },
	{ { .name = "lot.fineness",
	    .args = "purity",
	    .gives = "fineness",
	    .reasons = "bad_input" },
	  run_fineness },
	{ { .name = "lot.record",
	    .args = "seller mineral weighed fineness method value offer",
	    .gives = "lot_code gross_value payout",
	    .reasons =
	        "not_allowed own_work not_found bad_input bad_unit no_price stale_price "
	        "no_rate stale_rate stale try_later",
	    .changes = true },
	  run_record },
	{ { .name = NULL }, NULL },
};
