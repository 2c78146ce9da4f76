#include "ussd/flow/action.h"

#include "payments/core/money.h"
#include "payments/flow/funds.h"
#include "payments/flow/prices.h"

/* ---- price.look ---- */

static void
show_price(struct action *a, const struct price_view *p)
{
	int64_t paid_gram = 0;

	if (money_part(p->fine_gram, p->paid_permille, 1000, &paid_gram, NULL) != 0)
		paid_gram = 0;
	action_set_text(a, "mineral", p->mineral);
	action_set_number(a, "fine_gram", p->fine_gram);
	action_set_number(a, "paid_gram", paid_gram);
	action_set_number(a, "paid", p->paid_permille);
	action_set_text(a, "set_by", p->set_by);
	action_set_number(a, "waiting", p->waiting_fine_gram);
	action_set_text(a, "waiting_by", p->waiting_by);
	action_set_uuid(a, "price", &p->waiting_id);
}

static void
on_price(void *arg, const struct payments_answer *answer, const struct price_view *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL)
		show_price(a, p);
	action_answer(a, answer);
}

static void
on_look(void *arg, const struct payments_answer *answer, const struct price_view *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	show_price(a, p);
	if (p->fine_gram == 0)
		action_done(a, MENU_FAIL, "no_price");
	else
		action_done(a, p->stale ? MENU_FAIL : MENU_OK,
		            p->stale ? "stale_price" : "");
}

static void
run_look(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_price(a->env, &who, action_text(a, "mineral"), on_look, a);
}

/* ---- price.waiting: one that the second officer must confirm ---- */

static void
on_waiting(void *arg, const struct payments_answer *answer, const struct price_view *p)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	show_price(a, p);
	if (uuid_is_nil(&p->waiting_id))
		action_done(a, MENU_FAIL, "not_found");
	else if (p->waiting_own)
		action_done(a, MENU_FAIL, "own_work");
	else
		action_done(a, MENU_OK, "");
}

static void
run_waiting(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_price(a->env, &who, "", on_waiting, a);
}

/* ---- price.set, price.confirm ---- */

static void
run_set(struct action *a)
{
	struct price_ask ask = {
		.who = action_who(a),
		.mineral = action_text(a, "mineral"),
		.fine_gram = action_number(a, "amount"),
		.source = "board",
		.pin = a->call->secret,
		.key = a->key,
	};

	a->op = payments_price_set(a->env, &ask, on_price, a);
}

/* Thousandths of a dollar, as the type for decimals has them; tenths of cents are cut. */
static void
run_set_usd(struct action *a)
{
	struct price_ask ask = {
		.who = action_who(a),
		.mineral = action_text(a, "mineral"),
		.usd_cents = action_number(a, "dollars") / 10,
		.source = "world price",
		.pin = a->call->secret,
		.key = a->key,
	};

	a->op = payments_price_set(a->env, &ask, on_price, a);
}

static void
on_confirmed(void *arg, const struct payments_answer *answer, const struct price_view *p)
{
	struct action *a = arg;

	if (answer->outcome == OUTCOME_OK)
		a->session->prices = 0;
	on_price(a, answer, p);
}

static void
run_confirm(struct action *a)
{
	struct decide_ask ask = {
		.who = action_who(a),
		.approve = true,
		.pin = a->call->secret,
		.key = a->key,
	};

	if (action_uuid(a, "price", &ask.id))
		a->op = payments_price_confirm(a->env, &ask, on_confirmed, a);
	else
		action_done(a, MENU_FAIL, "not_found");
}

/* ---- float.look ---- */

static void
on_float(void *arg, const struct payments_answer *answer, const struct float_view *f)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_text(a, "provider", f->provider);
		action_set_number(a, "balance", f->balance);
		action_set_number(a, "held", f->held);
		action_set_number(a, "available", f->available);
		action_set_number(a, "payouts", f->payouts_open);
	}
	action_answer(a, answer);
}

static void
run_float(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_float(a->env, &who, on_float, a);
}

#define PRICE "mineral fine_gram paid_gram paid set_by waiting waiting_by price "

const struct action_kind actions_price[] = {
	{ { .name = "price.look",
	    .args = "mineral",
	    .gives = PRICE,
	    .reasons = "no_price stale_price not_found try_later" },
	  run_look },
	{ { .name = "price.waiting",
	    .args = "",
	    .gives = PRICE,
	    .reasons = "own_work not_found try_later" },
	  run_waiting },
	{ { .name = "price.set",
	    .args = "mineral amount",
	    .gives = PRICE "tries_left",
	    .reasons = "not_allowed bad_input pin_wrong locked not_found stale try_later",
	    .changes = true,
	    .secret = true },
	  run_set },
	{ { .name = "price.set_usd",
	    .args = "mineral dollars",
	    .gives = PRICE "tries_left",
	    .reasons = "not_allowed bad_input no_rate pin_wrong locked not_found stale "
	               "try_later",
	    .changes = true,
	    .secret = true },
	  run_set_usd },
	{ { .name = "price.confirm",
	    .args = "price",
	    .gives = PRICE "tries_left",
	    .reasons = "not_allowed own_work not_found stale pin_wrong locked try_later",
	    .changes = true,
	    .secret = true },
	  run_confirm },
	{ { .name = "float.look",
	    .args = "",
	    .gives = "provider balance held available payouts",
	    .reasons = "not_allowed not_found try_later" },
	  run_float },
	{ { .name = NULL }, NULL },
};
