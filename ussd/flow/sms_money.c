/*
 * What would move money.
 *
 *   LOAN  home --may she?--> products --> what the first would cost --> told, done on
 * USSD PAY   home --does she owe it?--> told, done on USSD; with sms.codes also with a
 * code YES   the code --right--> home --does she still owe it?--> the wallet is asked
 *
 * A code confirms a collection and nothing else: the wallet asks for its own PIN there. A
 * loan binds her and pays money out, so it needs her PIN on USSD.
 */
#include "config/settings.h"
#include "payments/core/day.h"
#include "payments/core/product.h"
#include "payments/flow/env.h"
#include "payments/flow/loans.h"
#include "ussd/flow/sms_flow.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000

static const struct settings *
settings(const struct sms_flow *f)
{
	return f->dialog->deps.env->settings;
}

static bool
in_minor(const struct sms_flow *f, int64_t *out)
{
	*out = f->command.amount;
	for (unsigned i = 0; i < f->exponent; i++)
		if (*out > INT64_MAX / 100)
			return false;
		else
			*out *= 10;
	return *out > 0;
}

static void
leave_at(struct sms_flow *f, const char *screen, int64_t amount)
{
	f->leave_at = screen;
	f->leave_amount = amount;
}

/* ---- LOAN ---- */

static void
on_offer(void *arg, const struct payments_answer *a, const struct loan_offer *o)
{
	struct sms_flow *f = arg;
	char day[DAY_TEXT_SIZE];

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_reply_with(f, "sms.loan"); /* the menu says why, step by step */
		return;
	}
	sms_value(f, "fee", o->terms.fee);
	sms_value(f, "total", o->terms.total);
	jw_text(&f->writer, "last", day_text(o->terms.last_due_day, day));
	sms_reply_with(f, "sms.loan_cost");
}

static void
on_products(void *arg, const struct payments_answer *a, const struct product_list *list)
{
	struct sms_flow *f = arg;
	struct offer_ask ask = { .who = sms_who(f), .amount = f->leave_amount };
	unsigned i = 0;

	f->op = NULL;
	while (a->outcome == OUTCOME_OK && i < list->count &&
	       !product_on_menu(&list->at[i]))
		i++;
	if (a->outcome != OUTCOME_OK || i == list->count) {
		sms_reply_with(f, "sms.loan");
		return;
	}
	jw_text(&f->writer, "product", product_name(&list->at[i], f->member.language));
	snprintf(f->product, sizeof f->product, "%s", list->at[i].code);
	ask.product = f->product;
	f->op = payments_loan_offer(f->dialog->deps.env, &ask, on_offer, f);
}

static void
on_loan(void *arg, const struct payments_answer *a, const struct home *h)
{
	struct sms_flow *f = arg;
	int64_t amount;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_fail(f, &a->err);
		return;
	}
	sms_value(f, "limit", h->loan_limit);
	if (h->has_loan) {
		sms_reply_with(f, "sms.loan_has");
	} else if (h->loan_limit <= 0) {
		sms_reply_with(f, "sms.loan_none");
	} else if (!in_minor(f, &amount) || amount > h->loan_limit) {
		sms_reply_with(f, "sms.loan_limit");
	} else {
		sms_value(f, "amount", amount);
		leave_at(f, "loan.by_sms", amount);
		f->op = payments_products(f->dialog->deps.env, f->member.cooperative_id,
		                          on_products, f);
	}
}

void
sms_loan(struct sms_flow *f)
{
	struct who who = sms_who(f);

	f->op = payments_home(f->dialog->deps.env, &who, on_loan, f);
}

/* ---- PAY ---- */

static void
make_code(struct sms_flow *f)
{
	char hex[2 * ONETIME_SEED + 1];

	ids_bytes(f->dialog->deps.env->ids, f->code_seed, sizeof f->code_seed);
	f->has_code = true;
	jw_text(&f->writer, "seed",
	        sodium_bin2hex(hex, sizeof hex, f->code_seed, sizeof f->code_seed));
	sms_value(f, "minutes", settings(f)->sms.code_ms / MINUTE_MS);
	sodium_memzero(hex, sizeof hex);
}

/* Does she owe that much?  Else she is told so. */
static bool
owes(struct sms_flow *f, const struct home *h, int64_t amount)
{
	sms_value(f, "owed", h->owed);
	if (h->owed <= 0)
		sms_reply_with(f, "sms.pay_none");
	else if (amount <= 0 || amount > h->owed)
		sms_reply_with(f, "sms.pay_owed");
	else
		return true;
	return false;
}

static void
on_pay(void *arg, const struct payments_answer *a, const struct home *h)
{
	struct sms_flow *f = arg;
	int64_t amount;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_fail(f, &a->err);
		return;
	}
	if (!owes(f, h, in_minor(f, &amount) ? amount : 0))
		return;
	sms_value(f, "amount", amount);
	leave_at(f, "loan.repay_confirm", amount);
	if (settings(f)->sms.codes)
		make_code(f);
	sms_reply_with(f, f->has_code ? "sms.pay_code" : "sms.pay");
}

void
sms_pay(struct sms_flow *f)
{
	struct who who = sms_who(f);

	f->op = payments_home(f->dialog->deps.env, &who, on_pay, f);
}

/* ---- YES and the code ---- */

static void
on_repay(void *arg, const struct payments_answer *a, const struct repayment *r)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome == OUTCOME_PENDING && strcmp(a->reason, "paying") == 0) {
		sms_value(f, "amount", r->amount);
		jw_text(&f->writer, "payment", r->code);
		sms_reply_with(f, "sms.code_paying");
	} else if (strcmp(a->reason, "busy") == 0) {
		sms_reply_with(f, "sms.code_busy");
	} else if (strcmp(a->reason, "no_loan") == 0) {
		sms_reply_with(f, "sms.pay_none");
	} else if (strcmp(a->reason, "under_least") == 0) {
		sms_value(f, "bound", a->bound);
		sms_reply_with(f, "sms.pay_least");
	} else if (strcmp(a->reason, "over_most") == 0) {
		sms_value(f, "bound", a->bound);
		sms_reply_with(f, "sms.pay_most");
	} else if (a->outcome == OUTCOME_PENDING) {
		sms_reply_with(f, "dialog.unknown");
	} else {
		sms_fail(f, &a->err); /* delivered again, it has the same key */
	}
}

static void
on_still_owed(void *arg, const struct payments_answer *a, const struct home *h)
{
	struct sms_flow *f = arg;
	struct repay_ask ask = { .who = sms_who(f),
		                 .amount = f->confirmed.amount,
		                 .key = f->confirmed.code_id };

	f->op = NULL;
	if (a->outcome != OUTCOME_OK)
		sms_fail(f, &a->err);
	else if (owes(f, h, ask.amount))
		f->op = payments_repay(f->dialog->deps.env, &ask, on_repay, f);
}

static void
on_code(void *arg, const struct payments_answer *a, const struct code_answer *c)
{
	static const char *const replies[][2] = { { "wrong", "sms.code_wrong" },
		                                  { "spent", "sms.code_spent" },
		                                  { "late", "sms.code_late" },
		                                  { "none", "sms.code_none" } };
	struct sms_flow *f = arg;
	struct who who = sms_who(f);

	f->op = NULL;
	if (a->outcome == OUTCOME_OK && strcmp(c->action, "pay") == 0) {
		f->confirmed = *c;
		f->op = payments_home(f->dialog->deps.env, &who, on_still_owed, f);
		return;
	}
	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
		if (strcmp(a->reason, replies[i][0]) != 0)
			continue;
		sms_value(f, "tries", c->tries_left);
		sms_reply_with(f, replies[i][1]);
		return;
	}
	sms_fail(f, &a->err);
}

void
sms_confirm(struct sms_flow *f)
{
	struct code_try ask = { .who = sms_who(f),
		                .msisdn = f->from.digits,
		                .code = f->command.argument,
		                .sms = sms_key(f) };

	if (!settings(f)->sms.codes)
		sms_reply_with(f, "sms.code_none");
	else if (f->command.argument[0] == '\0')
		sms_reply_with(f, "sms.code_which");
	else
		f->op = payments_code_use(f->dialog->deps.env, &ask, on_code, f);
}
