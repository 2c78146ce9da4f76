#include "payments/flow/lots.h"
#include "ussd/flow/action.h"

#include <stdio.h>
#include <string.h>

static void
show_lot(struct action *a, const struct lot_view *l)
{
	const struct price_quote *q = &l->quote;

	action_set_uuid(a, "lot", &l->lot_id);
	action_set_text(a, "lot_code", l->code);
	action_set_text(a, "method", lot_method_name(l->method));
	char weighed[UNIT_AMOUNT_SIZE + UNIT_CODE_SIZE];

	snprintf(weighed, sizeof weighed, "%s %s", l->typed_amount, l->typed_unit);
	action_set_text(a, "mineral", l->mineral);
	action_set_text(a, "weighed", weighed);
	action_set_number(a, "other_unit",
	                  l->typed_unit[0] != '\0' && strcmp(l->typed_unit, "g") != 0);
	action_set_text(a, "seller_name", l->seller_name);
	action_set_text(a, "recorder", l->recorded_by);
	action_set_number(a, "closed", l->state != LOT_QUOTED);
	action_set_number(a, "board", l->board_permille);
	action_set_number(a, "above", q->above_world);
	action_set_number(a, "share", price_world_share(q));
	action_set_number(a, "gross", q->gross_mg);
	action_set_number(a, "fineness", q->fineness);
	action_set_number(a, "fine", q->fine_mg);
	action_set_number(a, "fine_gram", q->fine_gram);
	action_set_number(a, "paid", q->paid_permille);
	action_set_number(a, "gross_value", q->gross_value);
	action_set_number(a, "charges", q->charges_total);
	action_set_number(a, "levies", q->levies_total);
	action_set_number(a, "loan_share", q->loan_share);
	action_set_number(a, "payout", q->payout);
	action_set_text(a, "receipt_code", l->receipt_code);
}

/* Each deduction is a row: what it is called and what it takes. */
static void
list_levies(struct action *a, const struct price_quote *q)
{
	for (uint32_t i = 0; i < q->levy_count; i++) {
		char rate[24];

		if (q->levies[i].levy.base == LEVY_PREMIUM) /* on top, to the fund */
			snprintf(rate, sizeof rate, "+ %s", q->levies[i].levy.code);
		else if (q->levies[i].levy.rate_bp == 0)
			snprintf(rate, sizeof rate, "%s /kg", q->levies[i].levy.code);
		else
			snprintf(rate, sizeof rate, "%s %u.%02u%%",
			         q->levies[i].levy.code, q->levies[i].levy.rate_bp / 100,
			         q->levies[i].levy.rate_bp % 100);
		action_row(a);
		action_row_text(a, "levy", rate);
		action_row_number(a, "levy_amount", q->levies[i].amount);
	}
}

/* ---- lots.list: quotes that wait for this miner ---- */

static void
on_lots(void *arg, const struct payments_answer *answer, const struct lot_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	a->session->lots = list->total;
	for (unsigned i = 0; i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "lot", &list->at[i].lot_id);
		action_row_number(a, "gross", list->at[i].quote.gross_mg);
		action_row_number(a, "payout", list->at[i].quote.payout);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_lots(a->env, &who, action_skip(a), on_lots, a);
}

/* ---- lot.open, lot.levies ---- */

static void
on_lot(void *arg, const struct payments_answer *answer, const struct lot_view *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		show_lot(a, l);
	action_answer(a, answer);
}

static void
on_levies(void *arg, const struct payments_answer *answer, const struct lot_view *l)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		list_levies(a, &l->quote);
	action_answer(a, answer);
}

static void
look(struct action *a, lot_cb *cb)
{
	struct who who = action_who(a);
	struct uuid id;

	if (action_uuid(a, "lot", &id))
		a->op = payments_lot(a->env, &who, &id, cb, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_open(struct action *a)
{
	look(a, on_lot);
}

static void
run_levies(struct action *a)
{
	look(a, on_levies);
}

/* ---- lots.second, lot.second: off the board, a second officer decides ---- */

static void
on_second_lots(void *arg, const struct payments_answer *answer,
               const struct lot_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	for (unsigned i = 0; i < list->count; i++) {
		action_row(a);
		action_row_uuid(a, "lot", &list->at[i].lot_id);
		action_row_text(a, "lot_code", list->at[i].code);
		action_row_number(a, "paid", list->at[i].quote.paid_permille);
		action_row_number(a, "gross_value", list->at[i].quote.gross_value);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_second_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_lots_second(a->env, &who, action_skip(a), on_second_lots, a);
}

static void
decide_second(struct action *a, bool agree)
{
	struct decide_ask ask = {
		.who = action_who(a),
		.approve = agree,
		.pin = a->call->secret,
		.key = a->key,
	};

	if (action_uuid(a, "lot", &ask.id))
		a->op = payments_lot_second(a->env, &ask, on_lot, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_second(struct action *a)
{
	decide_second(a, true);
}

static void
run_second_refuse(struct action *a)
{
	decide_second(a, false);
}

/* ---- lot.consent, lot.refuse ---- */

static void
on_decided(void *arg, const struct payments_answer *answer, const struct lot_view *l)
{
	struct action *a = arg;

	if (answer->outcome != OUTCOME_FAIL && a->session->lots > 0)
		a->session->lots--;
	on_lot(a, answer, l);
}

static struct consent_ask
consent(const struct action *a)
{
	return (struct consent_ask){
		.who = action_who(a),
		.pin = a->call->secret,
		.key = a->key,
	};
}

static void
run_consent(struct action *a)
{
	struct consent_ask ask = consent(a);

	if (action_uuid(a, "lot", &ask.lot_id))
		a->op = payments_lot_consent(a->env, &ask, on_decided, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

static void
run_refuse(struct action *a)
{
	struct consent_ask ask = consent(a);

	if (action_uuid(a, "lot", &ask.lot_id))
		a->op = payments_lot_refuse(a->env, &ask, on_decided, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

#define SECOND "pin_wrong locked not_allowed own_work not_found stale try_later"

#define LOT                                                                              \
	"lot lot_code closed method gross fineness fine fine_gram paid gross_value "     \
	"charges "                                                                       \
	"levies "                                                                        \
	"loan_share payout receipt_code mineral weighed other_unit seller_name "         \
	"recorder board above share "

const struct action_kind actions_sale[] = {
	{ { .name = "lots.list",
	    .args = "skip",
	    .gives = "lot gross payout",
	    .reasons = "not_found try_later" },
	  run_list },
	{ { .name = "lot.open",
	    .args = "lot",
	    .gives = LOT,
	    .reasons = "not_found try_later" },
	  run_open },
	{ { .name = "lot.levies",
	    .args = "lot",
	    .gives = "levy levy_amount",
	    .reasons = "not_found try_later" },
	  run_levies },
	{ { .name = "lots.second",
	    .args = "skip",
	    .gives = "lot lot_code paid gross_value",
	    .reasons = "not_allowed not_found try_later" },
	  run_second_list },
	{ { .name = "lot.second",
	    .args = "lot",
	    .gives = LOT "tries_left",
	    .reasons = SECOND,
	    .changes = true,
	    .secret = true },
	  run_second },
	{ { .name = "lot.second_refuse",
	    .args = "lot",
	    .gives = LOT "tries_left",
	    .reasons = SECOND,
	    .changes = true,
	    .secret = true },
	  run_second_refuse },
	{ { .name = "lot.consent",
	    .args = "lot",
	    .gives = LOT "tries_left",
	    .reasons = "pin_wrong locked not_found stale expired no_funds try_later",
	    .changes = true,
	    .money = true,
	    .secret = true },
	  run_consent },
	{ { .name = "lot.refuse",
	    .args = "lot",
	    .gives = LOT,
	    .reasons = "not_found stale expired try_later",
	    .changes = true },
	  run_refuse },
	{ { .name = NULL }, NULL },
};
