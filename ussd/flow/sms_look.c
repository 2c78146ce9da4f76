/* What an inbound SMS asks for, looked up. */
#include "ussd/flow/sms_flow.h"

#include "payments/core/day.h"
#include "payments/core/money.h"
#include "payments/flow/news.h"
#include "payments/flow/prices.h"
#include "payments/flow/receipts.h"
#include "payments/flow/unread.h"

#include <stdio.h>
#include <string.h>

static void
on_balance(void *arg, const struct payments_answer *a, const struct home *h)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_fail(f, &a->err);
		return;
	}
	jw_text(&f->writer, "name", f->member.name);
	sms_value(f, "balance", h->member_balance);
	sms_value(f, "owed", h->owed);
	sms_value(f, "limit", h->loan_limit);
	sms_reply_with(f, "sms.balance");
}

static void
on_price(void *arg, const struct payments_answer *a, const struct price_view *p)
{
	struct sms_flow *f = arg;
	int64_t paid_gram = 0;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_fail(f, &a->err);
		return;
	}
	if (p->fine_gram == 0 || p->stale ||
	    money_part(p->fine_gram, p->paid_permille, 1000, &paid_gram, NULL) != 0) {
		sms_reply_with(f, "sms.no_price");
		return;
	}
	jw_text(&f->writer, "cooperative", f->member.cooperative_name);
	sms_value(f, "price", p->fine_gram);
	sms_value(f, "paid", p->paid_permille);
	sms_value(f, "paid_gram", paid_gram);
	sms_reply_with(f, "sms.price");
}

static void
on_receipt(void *arg, const struct payments_answer *a, const struct receipt_view *r)
{
	struct sms_flow *f = arg;
	char day[DAY_TEXT_SIZE] = "";

	f->op = NULL;
	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "try_later") == 0) {
		sms_fail(f, &a->err);
		return;
	}
	if (a->outcome == OUTCOME_FAIL || !r->intact) {
		jw_text(&f->writer, "receipt", f->command.argument);
		sms_reply_with(f, a->outcome == OUTCOME_FAIL ? "sms.no_receipt"
		                                             : "sms.bad_receipt");
		return;
	}
	snprintf(day, sizeof day, "%.10s", r->made_local);
	snprintf(f->currency, sizeof f->currency, "%s", r->currency);
	f->exponent = r->exponent;
	jw_text(&f->writer, "receipt", r->code);
	jw_text(&f->writer, "site", r->site);
	jw_text(&f->writer, "made", day);
	sms_value(f, "number", r->number);
	sms_value(f, "weight", r->quote.gross_mg);
	sms_value(f, "fineness", r->quote.fineness);
	sms_value(f, "value", r->quote.gross_value);
	sms_reply_with(f, "sms.receipt");
}

/* ---- the last sales ---- */

static void
on_sales(void *arg, const struct payments_answer *a, const struct receipt_list *list)
{
	static const char *const templates[] = { "sms.sales_none", "sms.sales_one",
		                                 "sms.sales_two", "sms.sales_three" };
	struct sms_flow *f = arg;
	unsigned n;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_fail(f, &a->err);
		return;
	}
	n = list->count < 3 ? list->count : 3;
	for (unsigned i = 0; i < n; i++) {
		char name[12], day[DAY_TEXT_SIZE];

		snprintf(name, sizeof name, "code%u", i + 1);
		jw_text(&f->writer, name, list->at[i].code);
		snprintf(name, sizeof name, "made%u", i + 1);
		jw_text(&f->writer, name, day_text(list->at[i].made_day, day));
		snprintf(name, sizeof name, "net%u", i + 1);
		sms_value(f, name, list->at[i].net);
	}
	sms_reply_with(f, templates[n]);
}

/* ---- settings ---- */

static const char *
news_template(const struct sms_command *command)
{
	static const struct {
		const char *stop, *start;
	} said[TOPICS] = {
		[TOPIC_NONE] = { "sms.stop", "sms.start" },
		[TOPIC_LOAN] = { "sms.stop_loan", "sms.start_loan" },
		[TOPIC_GROUP] = { "sms.stop_group", "sms.start_group" },
	};
	enum topic topic = topic_by_name(command->argument);

	return command->kind == SMS_STOP ? said[topic].stop : said[topic].start;
}

static void
on_news(void *arg, const struct payments_answer *a)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK)
		sms_fail(f, &a->err);
	else
		sms_reply_with(f, news_template(&f->command));
}

static void
on_language(void *arg, const struct payments_answer *a)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		sms_fail(f, &a->err);
		return;
	}
	snprintf(f->member.language, sizeof f->member.language, "%.3s",
	         f->command.argument);
	sms_reply_with(f, "sms.language");
}

static void
set_language(struct sms_flow *f, const struct who *who)
{
	if (f->command.argument[0] == '\0')
		sms_reply_with(f, "sms.language_which");
	else
		f->op = payments_language_set(f->dialog->deps.env, who,
		                              f->command.argument, on_language, f);
}

/* ---- what only a person can read ---- */

static void
on_unread(void *arg, const struct payments_answer *a)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK)
		sms_fail(f, &a->err);
	else
		sms_reply_with(f, f->command.kind == SMS_STOP_WHAT ? "sms.stop_what"
		                                                   : "sms.unread");
}

static void
keep_unread(struct sms_flow *f, const struct who *who)
{
	struct unread_ask ask = { .who = *who,
		                  .channel = f->channel,
		                  .sms_id = f->sms_id,
		                  .msisdn = f->from.digits,
		                  .body = f->text };

	if (f->text[0] == '\0')
		sms_reply_with(f, "sms.help");
	else
		f->op = payments_unread_add(f->dialog->deps.env, &ask, on_unread, f);
}

/* ---- which of them ---- */

/* A topic that the menu files name and nobody sends is none: that is not all news. */
static void
set_news(struct sms_flow *f)
{
	enum topic topic = topic_by_name(f->command.argument);

	if (topic == TOPIC_NONE && f->command.argument[0] != '\0')
		sms_reply_with(f, "sms.stop_what");
	else
		f->op = payments_news_set(f->dialog->deps.env, f->from.digits, topic,
		                          f->command.kind == SMS_START, on_news, f);
}

static void
look_for_member(struct sms_flow *f)
{
	struct flow_env *env = f->dialog->deps.env;
	struct who who = sms_who(f);

	switch (f->command.kind) {
	case SMS_STOP:
	case SMS_START:
		set_news(f);
		break;
	case SMS_BALANCE:
		f->op = payments_home(env, &who, on_balance, f);
		break;
	case SMS_PRICE:
		f->op = payments_price(env, &who, "gold", on_price, f);
		break;
	case SMS_LOAN:
		sms_loan(f);
		break;
	case SMS_PAY:
		sms_pay(f);
		break;
	case SMS_CONFIRM:
		sms_confirm(f);
		break;
	case SMS_SALES:
		f->op = payments_receipts(env, &who, 0, on_sales, f);
		break;
	case SMS_LANGUAGE:
		set_language(f, &who);
		break;
	case SMS_UNKNOWN:
	case SMS_STOP_WHAT:
		keep_unread(f, &who);
		break;
	case SMS_REGISTER:
		jw_text(&f->writer, "name", f->member.name);
		jw_text(&f->writer, "cooperative", f->member.cooperative_name);
		sms_reply_with(f, "sms.member");
		break;
	case SMS_HELP:
	case SMS_RECEIPT:
	case SMS_TOPIC:
	case SMS_PIN:
	case SMS_KINDS:
		sms_reply_with(f, "sms.help");
		break;
	}
}

void
sms_look(struct sms_flow *f)
{
	if (f->command.kind == SMS_PIN)
		sms_reply_with(f, "sms.pin");
	else if (f->command.kind == SMS_RECEIPT && f->command.argument[0] == '\0')
		sms_reply_with(f, "sms.receipt_code");
	else if (f->command.kind == SMS_RECEIPT)
		f->op = payments_receipt(f->dialog->deps.env, f->command.argument,
		                         on_receipt, f);
	else if (!f->is_member)
		sms_reply_with(f, "sms.stranger");
	else
		look_for_member(f);
}
