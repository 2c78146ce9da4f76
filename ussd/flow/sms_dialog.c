/*
 * sms_dialog - one inbound SMS from its sender to its answer.
 *
 *   COUNT --too many--> END
 *     `--> WHO --> LOOK --> LEAVE --> REPLY --> END
 *          (a member, or not)  (an outbox row for a member, else straight to the port)
 *
 * LEAVE keeps what was asked about money for when the member dials.
 *
 * COUNT bounds what a stranger can make us spend; without Redis only members are
 * answered.
 */
#include "ussd/flow/sms_dialog.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "lib/redis.h"
#include "ussd/core/gsm7.h"
#include "ussd/core/menu.h"
#include "ussd/flow/sms_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYWORDS_MAX 96
#define VALUES_MAX   12
#define HOUR_MS      3600000
#define PER_HOUR     20

static void go(struct sms_flow *f, enum sms_state to);

void
sms_reply_with(struct sms_flow *f, const char *template)
{
	f->template = template;
	jw_end_object(&f->writer);
	go(f, f->leave_at != NULL ? ST_LEAVE : ST_REPLY);
}

void
sms_reply(struct sms_flow *f)
{
	go(f, ST_REPLY);
}

struct who
sms_who(const struct sms_flow *f)
{
	return (struct who){ f->member.cooperative_id, f->member.member_id };
}

struct uuid
sms_key(const struct sms_flow *f)
{
	char key[HOP_SESSION_SIZE + 32];
	int n = snprintf(key, sizeof key, "sms/%s/%s", f->channel, f->sms_id);

	return uuid_from_name(key, (size_t)n);
}

void
sms_value(struct sms_flow *f, const char *name, int64_t v)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)v);
	jw_text(&f->writer, name, text);
}

void
sms_fail(struct sms_flow *f, const struct err *err)
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
		sms_fail(f, &a->err);
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

/* ---- reply ---- */

static void
on_written(void *arg, const struct payments_answer *a)
{
	struct sms_flow *f = arg;

	f->op = NULL;
	if (a->outcome == OUTCOME_FAIL)
		sms_fail(f, &a->err);
	else
		go(f, ST_END);
}

static void
write_row(struct sms_flow *f)
{
	struct notify_ask ask = {
		.cooperative_id = f->member.cooperative_id,
		.member_id = f->member.member_id,
		.country = f->member.country,
		.currency = f->member.currency,
		.exponent = f->member.exponent,
		.msisdn = f->from.digits,
		.language = f->member.language,
		.template = f->template,
		.values = f->json,
		.key = sms_key(f),
	};

	f->op = payments_notify(f->dialog->deps.env, &ask, on_written, f);
}

/* The same, with the code that it tells. */
static void
write_code(struct sms_flow *f)
{
	struct code_ask ask = {
		.who = sms_who(f),
		.msisdn = f->from.digits,
		.action = "pay",
		.amount = f->leave_amount,
		.language = f->member.language,
		.template = f->template,
		.values = f->json,
		.key = sms_key(f),
	};

	memcpy(ask.seed, f->code_seed, sizeof ask.seed);
	f->op = payments_code_send(f->dialog->deps.env, &ask, on_written, f);
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
	if (f->has_code)
		write_code(f);
	else if (f->is_member)
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
	explicit_bzero(f, sizeof *f); /* what was typed, and a code */
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
		[ST_LOOK] = { "look", sms_look },
		[ST_LEAVE] = { "leave", sms_leave },
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

/* What is no command, for a person: without control characters and broken letters, cut at
 * a whole one.  What might hold a PIN is SMS_PIN and never comes here. */
static void
keep_text(struct sms_flow *f, const struct sms_in *in)
{
	const char *s = in->text;
	size_t n = in->text_len;
	struct buf b;

	buf_init(&b, f->text, sizeof f->text);
	while (n > 0 && b.len + 4 < sizeof f->text) {
		uint32_t c = utf8_take(&s, &n);

		if (b.len > 0 || c > ' ')
			utf8_put(&b, c < ' ' || c == 0x7f ? ' '
			             : c == UINT32_MAX    ? '?'
			                                  : c);
	}
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
	/* Of a text that is a command only the command is kept. */
	read_command(d->deps.menu, in, &f->command);
	if (f->command.kind == SMS_UNKNOWN || f->command.kind == SMS_STOP_WHAT)
		keep_text(f, in);
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
