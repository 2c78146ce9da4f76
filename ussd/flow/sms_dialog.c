/*
 * sms_dialog - one inbound SMS from its sender to its answer.
 *
 *   COUNT --too many--> END
 *     `--> WHO --> LOOK --> REPLY --> END
 *          (a member, or not)  (an outbox row for a member, else straight to the port)
 *
 * COUNT bounds what a stranger can make us spend; without Redis only members are
 * answered.
 */
#include "ussd/flow/sms_dialog.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/redis.h"
#include "payments/core/day.h"
#include "payments/core/money.h"
#include "payments/flow/payments.h"
#include "ussd/core/menu.h"
#include "ussd/core/sms_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYWORDS_MAX 64
#define VALUES_MAX   12
#define HOUR_MS      3600000
#define PER_HOUR     20

enum sms_state { ST_COUNT, ST_WHO, ST_LOOK, ST_REPLY, ST_END, ST_STATES };

struct sms_flow {
	struct sms_dialog *dialog;
	struct sms_flow *prev, *next;
	enum sms_state state;
	const char *channel;
	char sms_id[HOP_SESSION_SIZE];
	struct msisdn from;
	struct sms_command command;
	bool counted; /* Redis told how many */
	bool is_member;
	struct member member;
	const char *template;
	char currency[4]; /* of the amounts in values */
	unsigned exponent;
	char json[700];
	struct buf values;
	struct json_writer writer;
	struct err err;
	struct redis_op *redis; /* in flight, or NULL */
	struct payments_op *op;
	struct timer *turn;
	sms_dialog_cb *cb;
	void *arg;
};

struct sms_dialog {
	struct sms_dialog_deps deps;
	struct sms_flow *first;
};

static void go(struct sms_flow *f, enum sms_state to);

static void
reply_with(struct sms_flow *f, const char *template)
{
	f->template = template;
	jw_end_object(&f->writer);
	go(f, ST_REPLY);
}

static void
value_number(struct sms_flow *f, const char *name, int64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)v);
	jw_text(&f->writer, name, text);
}

/* The carrier delivers again what was not read. */
static void
fail(struct sms_flow *f, const struct err *err)
{
	f->err = *err;
	if (f->err.code == ERR_NONE)
		(void)err_set(&f->err, ERR_CONNECT, FATE_NOT, "the books are away");
	go(f, ST_END);
}

/* ---- count ---- */

static void
on_count(void *arg, const struct redis_reply *r)
{
	struct sms_flow *f = arg;

	f->redis = NULL;
	f->counted = r->err.code == ERR_NONE;
	if (f->counted && r->integer > PER_HOUR) {
		log_warn(f->sms_id, "sms_too_many", "count=%lld", (long long)r->integer);
		go(f, ST_END);
		return;
	}
	go(f, ST_WHO);
}

static void
enter_count(struct sms_flow *f)
{
	char key[32];

	snprintf(key, sizeof key, "m:{%s}", f->from.digits);
	f->redis = redis_count(f->dialog->deps.redis, key, HOUR_MS, on_count, f);
}

/* ---- who ---- */

static void
on_who(void *arg, const struct payments_answer *a, const struct member *m)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "not_found") != 0) {
		fail(f, &a->err);
		return;
	}
	f->is_member = a->outcome == OUTCOME_OK && m->state == MEMBER_ACTIVE;
	if (f->is_member) {
		f->member = *m;
		snprintf(f->currency, sizeof f->currency, "%s", m->currency);
		f->exponent = m->exponent;
	}
	go(f, ST_LOOK);
}

static void
enter_who(struct sms_flow *f)
{
	f->op = payments_member_find(f->dialog->deps.env, f->from.digits, 0, on_who, f);
}

/* ---- look ---- */

static struct who
who_of(const struct sms_flow *f)
{
	return (struct who){ f->member.cooperative_id, f->member.member_id };
}

static void
on_balance(void *arg, const struct payments_answer *a, const struct home *h)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		fail(f, &a->err);
		return;
	}
	jw_text(&f->writer, "name", f->member.name);
	value_number(f, "balance", h->member_balance);
	value_number(f, "owed", h->owed);
	value_number(f, "limit", h->loan_limit);
	reply_with(f, "sms.balance");
}

static void
on_price(void *arg, const struct payments_answer *a, const struct price_view *p)
{
	struct sms_flow *f = arg;
	int64_t paid_gram = 0;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		fail(f, &a->err);
		return;
	}
	if (p->fine_gram == 0 || p->stale ||
	    money_part(p->fine_gram, p->paid_permille, 1000, &paid_gram, NULL) != 0) {
		reply_with(f, "sms.no_price");
		return;
	}
	jw_text(&f->writer, "cooperative", f->member.cooperative_name);
	value_number(f, "price", p->fine_gram);
	value_number(f, "paid", p->paid_permille);
	value_number(f, "paid_gram", paid_gram);
	reply_with(f, "sms.price");
}

static void
on_receipt(void *arg, const struct payments_answer *a, const struct receipt_view *r)
{
	struct sms_flow *f = arg;
	char day[DAY_TEXT_SIZE] = "";

	f->op = NULL;
	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "try_later") == 0) {
		fail(f, &a->err);
		return;
	}
	if (a->outcome == OUTCOME_FAIL || !r->intact) {
		jw_text(&f->writer, "receipt", f->command.argument);
		reply_with(f, a->outcome == OUTCOME_FAIL ? "sms.no_receipt"
		                                         : "sms.bad_receipt");
		return;
	}
	snprintf(day, sizeof day, "%.10s", r->made_local);
	snprintf(f->currency, sizeof f->currency, "%s", r->currency);
	f->exponent = r->exponent;
	jw_text(&f->writer, "receipt", r->code);
	jw_text(&f->writer, "site", r->site);
	jw_text(&f->writer, "made", day);
	value_number(f, "number", r->number);
	value_number(f, "weight", r->quote.gross_mg);
	value_number(f, "fineness", r->quote.fineness);
	value_number(f, "value", r->quote.gross_value);
	reply_with(f, "sms.receipt");
}

static void
on_news(void *arg, const struct payments_answer *a)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome != OUTCOME_OK)
		fail(f, &a->err);
	else
		reply_with(f, f->command.kind == SMS_STOP ? "sms.stop" : "sms.start");
}

static void
look_for_member(struct sms_flow *f)
{
	struct flow_env *env = f->dialog->deps.env;
	struct who who = who_of(f);

	switch (f->command.kind) {
	case SMS_STOP:
	case SMS_START:
		f->op = payments_news_set(env, f->from.digits,
		                          f->command.kind == SMS_START, on_news, f);
		break;
	case SMS_BALANCE:
		f->op = payments_home(env, &who, on_balance, f);
		break;
	case SMS_PRICE:
		f->op = payments_price(env, &who, "gold", on_price, f);
		break;
	case SMS_HELP:
	case SMS_UNKNOWN:
	case SMS_RECEIPT:
	case SMS_PIN:
	case SMS_LOAN:
	case SMS_PAY:
	case SMS_SALES:
	case SMS_LANGUAGE:
	case SMS_REGISTER:
	case SMS_KINDS:
		reply_with(f, "sms.help");
		break;
	}
}

static void
enter_look(struct sms_flow *f)
{
	if (f->command.kind == SMS_PIN)
		reply_with(f, "sms.pin");
	else if (f->command.kind == SMS_RECEIPT && f->command.argument[0] == '\0')
		reply_with(f, "sms.receipt_code");
	else if (f->command.kind == SMS_RECEIPT)
		f->op = payments_receipt(f->dialog->deps.env, f->command.argument,
		                         on_receipt, f);
	else if (!f->is_member)
		reply_with(f, "sms.stranger");
	else
		look_for_member(f);
}

/* ---- reply ---- */

static void
on_written(void *arg, const struct payments_answer *a)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome == OUTCOME_FAIL)
		fail(f, &a->err);
	else
		go(f, ST_END);
}

static void
write_row(struct sms_flow *f)
{
	struct notify_ask ask = {
		.cooperative_id = f->member.cooperative_id,
		.member_id = f->member.member_id,
		.msisdn = f->from.digits,
		.language = f->member.language,
		.template = f->template,
		.values = f->json,
	};
	char key[HOP_SESSION_SIZE + 32];
	int n = snprintf(key, sizeof key, "sms/%s/%s", f->channel, f->sms_id);

	ask.key = uuid_from_name(key, (size_t)n);
	f->op = payments_notify(f->dialog->deps.env, &ask, on_written, f);
}

static void
send_now(struct sms_flow *f)
{
	const struct sms_dialog_deps *deps = &f->dialog->deps;
	const struct settings *st = deps->env->settings;
	struct menu_value value[VALUES_MAX];
	struct menu_facts facts = { .value = value,
		                    .currency = f->currency,
		                    .exponent = f->exponent };
	struct menu_out out;

	facts.count = menu_values_json(f->json, f->values.len, value, VALUES_MAX - 1);
	menu_value_text(&value[facts.count++], "service", st->ussd.service_code);
	if (deps->send != NULL && f->counted &&
	    menu_text(deps->menu, f->template, &facts,
	              menu_language(deps->menu, st->ussd.language), &out))
		deps->send(deps->send_arg, &f->from, out.text);
	go(f, ST_END);
}

static void
enter_reply(struct sms_flow *f)
{
	log_info(f->sms_id, "sms_read", "channel=%s command=%s reply=%s", f->channel,
	         sms_kind_name(f->command.kind), f->template);
	if (f->is_member)
		write_row(f);
	else
		send_now(f);
}

/* ---- end ---- */

static void
destroy(struct sms_flow *f)
{
	if (f->prev != NULL)
		f->prev->next = f->next;
	else
		f->dialog->first = f->next;
	if (f->next != NULL)
		f->next->prev = f->prev;
	redis_cancel(&f->redis);
	payments_cancel(&f->op);
	timer_cancel(&f->turn);
	free(f);
}

static void
enter_end(struct sms_flow *f)
{
	sms_dialog_cb *cb = f->cb;
	void *arg = f->arg;
	struct err err = f->err;

	destroy(f);
	cb(arg, &err);
}

static void
go(struct sms_flow *f, enum sms_state to)
{
	static const struct {
		const char *name;
		void (*enter)(struct sms_flow *f);
	} steps[ST_STATES] = {
		[ST_COUNT] = { "count", enter_count },
		[ST_WHO] = { "who", enter_who },
		[ST_LOOK] = { "look", enter_look },
		[ST_REPLY] = { "reply", enter_reply },
		[ST_END] = { "end", enter_end },
	};

	log_debug(f->sms_id, "sms_dialog", "from=%s to=%s", steps[f->state].name,
	          steps[to].name);
	f->state = to;
	steps[to].enter(f);
}

/* ---- the door ---- */

static void
read_command(const struct menu_program *menu, const struct sms_in *in,
             struct sms_command *out)
{
	struct sms_keyword keyword[KEYWORDS_MAX];
	size_t n = 0, all = menu_keywords(menu);

	for (size_t i = 0; i < all && n < KEYWORDS_MAX; i++) {
		const char *command;

		keyword[n].word = menu_keyword(menu, i, &command);
		keyword[n].value = sms_value_of_name(command);
		keyword[n++].kind = sms_kind_by_name(command);
	}
	sms_command_read(keyword, n, in->text, in->text_len, out);
}

static void
on_turn(void *arg)
{
	struct sms_flow *f = arg;

	f->turn = NULL;
	go(f, ST_COUNT);
}

void
sms_dialog_receive(struct sms_dialog *d, const struct sms_in *in, sms_dialog_cb *cb,
                   void *arg)
{
	struct sms_flow *f = xzalloc(sizeof *f);

	f->dialog = d;
	f->channel = in->channel;
	memcpy(f->sms_id, in->sms_id, sizeof f->sms_id);
	f->from = in->from;
	f->cb = cb;
	f->arg = arg;
	f->err = err_none();
	/* Only the command is kept of the text. */
	read_command(d->deps.menu, in, &f->command);
	buf_init(&f->values, f->json, sizeof f->json);
	jw_init(&f->writer, &f->values);
	jw_object(&f->writer, NULL);
	f->next = d->first;
	if (d->first != NULL)
		d->first->prev = f;
	d->first = f;
	f->turn = timer_start(d->deps.env->loop, 0, on_turn, f);
}

struct sms_dialog *
sms_dialog_new(const struct sms_dialog_deps *deps)
{
	struct sms_dialog *d = xzalloc(sizeof *d);

	d->deps = *deps;
	return d;
}

void
sms_dialog_free(struct sms_dialog *d)
{
	for (struct sms_flow *f = d->first, *next; f != NULL; f = next) {
		next = f->next;
		(void)err_set(&f->err, ERR_SHUTDOWN, FATE_NOT, "stopping");
		enter_end(f);
	}
	free(d);
}

void
sms_dialog_set_menu(struct sms_dialog *d, const struct menu_program *menu)
{
	d->deps.menu = menu;
}
