/*
 * dialog - one hop from the carrier to its screen.
 *
 *   WAIT --> LOAD --new dialog--> WHO --> STEP --wants an action--> DO --+
 *             |                            |  <--------------------------+
 *             |                            `--wants a screen--> SAVE --> ANSWER
 *             `--the same hop again, or Redis is away-----------------> ANSWER
 *
 * WAIT is for a second hop of a number whose first is still under way.  When the deadline
 * passes first, the answer goes out at once; an action that changes something goes on
 * without its caller, ends without touching the session, and tells by SMS.
 */
#include "ussd/flow/dialog_hop.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ACTIONS_PER_ANSWER 8 /* a menu that asks for more goes in circles */

static void go(struct dialog_flow *f, enum dialog_state to);

/* ---- the end of a flow ---- */

static void
start_waiting(struct dialog *d, const char *digits)
{
	for (struct dialog_flow *f = dialog_row(d, digits)->first; f != NULL;
	     f = f->next) {
		if (strcmp(f->hop.msisdn.digits, digits) != 0)
			continue;
		if (f->state == ST_WAIT && f->turn_timer == NULL)
			go(f, ST_LOAD);
		if (f->callers > 0)
			return;
	}
}

void
dialog_flow_free(struct dialog_flow *f)
{
	struct dialog *d = f->dialog;
	struct dialog_row *row = dialog_row(d, f->hop.msisdn.digits);

	*(f->prev != NULL ? &f->prev->next : &row->first) = f->next;
	*(f->next != NULL ? &f->next->prev : &row->last) = f->prev;
	timer_cancel(&f->turn_timer);
	timer_cancel(&f->late_timer);
	redis_cancel(&f->redis);
	payments_cancel(&f->action.op);
	d->counts.in_flight--;
	dialog_flow_give_back(d, f);
}

/* Tells whoever waits.  The flow lives on. */
void
dialog_flow_tell(struct dialog_flow *f)
{
	struct dialog_reply reply = { f->reply, f->reply_end };
	unsigned n = f->callers;

	timer_cancel(&f->late_timer);
	f->callers = 0;
	for (unsigned i = 0; i < n; i++)
		f->caller[i].cb(f->caller[i].arg, &reply);
}

static void
enter_answer(struct dialog_flow *f)
{
	struct dialog *d = f->dialog;
	char digits[MSISDN_MAX + 1], masked[MSISDN_MAX + 1];
	const struct clock *now = loop_clock(d->deps.env->loop);

	memcpy(digits, f->hop.msisdn.digits, sizeof digits);
	log_info(f->hop.session, "hop",
	         "channel=%s number=%s screen=%s end=%d actions=%u ms=%lld",
	         f->hop.channel, msisdn_mask(digits, masked),
	         menu_screen_name(d->deps.menu, &f->menu), f->reply_end, f->actions,
	         (long long)(now->mono_ms - f->began_ms));
	dialog_flow_tell(f);
	dialog_flow_free(f);
	start_waiting(d, digits);
}

static void
answer_with(struct dialog_flow *f, const char *text_name)
{
	dialog_say(f, text_name);
	go(f, ST_ANSWER);
}

/* ---- load ---- */

static bool
too_many(struct dialog_flow *f)
{
	struct session *s = &f->session;
	int64_t minute = loop_clock(f->dialog->deps.env->loop)->wall_ms / 60000;

	if (s->minute != minute)
		s->hops = 0;
	s->minute = minute;
	s->hops++;
	return s->hops > f->dialog->deps.env->settings->ussd.per_minute;
}

static void
judge(struct dialog_flow *f)
{
	const struct settings *st = f->dialog->deps.env->settings;
	struct turn_rules rules = {
		.now_ms = loop_clock(f->dialog->deps.env->loop)->wall_ms,
		.replay_ms = st->ussd.replay_ms,
	};

	memcpy(rules.key, f->dialog->key, sizeof rules.key);
	turn_judge(&rules, f->had_session ? &f->session : NULL, &f->hop, &f->turn);
}

/* Nothing to show, nothing to remember. */
static void
close_quietly(struct dialog_flow *f)
{
	f->reply_end = true;
	go(f, ST_ANSWER);
}

static void
replay(struct dialog_flow *f)
{
	f->dialog->counts.repeats++;
	text_copy(f->reply, sizeof f->reply, f->session.reply);
	f->reply_end = f->session.reply_end;
	go(f, ST_ANSWER);
}

static void
on_load(void *arg, const struct redis_reply *r)
{
	struct dialog_flow *f = arg;

	f->redis = NULL;
	if (r->err.code != ERR_NONE) {
		log_warn(f->hop.session, "no_session_store", "err=%s",
		         err_name(r->err.code));
		f->dialog->counts.errors++;
		answer_with(f, "dialog.down");
		return;
	}
	f->had_session =
	    !r->is_nil && session_decode((const uint8_t *)r->text, r->len, &f->session);
	if (!f->had_session)
		memset(&f->session, 0, sizeof f->session);
	judge(f);
	if (f->turn.kind == TURN_CLOSE) {
		close_quietly(f);
		return;
	}
	if (f->turn.kind == TURN_REPLAY) {
		replay(f);
		return;
	}
	if (too_many(f)) {
		answer_with(f, "dialog.slow");
		return;
	}
	if (f->turn.kind == TURN_BEGIN) {
		dialog_begin_session(f);
		go(f, ST_WHO);
		return;
	}
	if (!menu_state_decode(f->session.menu, f->session.menu_len, &f->menu))
		menu_state_clear(&f->menu);
	go(f, ST_STEP);
}

static void
enter_load(struct dialog_flow *f)
{
	char key[SESSION_KEY_SIZE];

	session_key(&f->hop.msisdn, key);
	f->redis = redis_get(f->dialog->deps.redis, key, on_load, f);
}

/* ---- who ---- */

static void
person(const struct dialog_flow *f, struct person *out)
{
	const struct flow_env *env = f->dialog->deps.env;

	person_of(&f->session, f->hop.msisdn.digits, env->settings->ussd.service_code,
	          loop_clock(env->loop)->wall_ms, out);
}

static void
prepare_action(struct dialog_flow *f, const struct action_kind *kind,
               action_done_cb *done)
{
	f->action = (struct action){
		.kind = kind,
		.env = f->dialog->deps.env,
		.session = &f->session,
		.msisdn = f->hop.msisdn.digits,
		.menu = &f->menu,
		.call = &f->call,
		.done = done,
		.arg = f,
	};
}

static void
on_who(void *arg)
{
	struct dialog_flow *f = arg;

	f->action.op = NULL;
	if (f->action.outcome == MENU_FAIL &&
	    strcmp(f->action.reason, "not_found") != 0) {
		log_warn(f->hop.session, "member_not_read", "reason=%s",
		         f->action.reason);
		f->dialog->counts.errors++;
		answer_with(f, "dialog.down");
		return;
	}
	go(f, ST_STEP);
}

static void
enter_who(struct dialog_flow *f)
{
	prepare_action(f, &action_look, on_who);
	action_look.run(&f->action);
}

/* ---- step ---- */

static void
after_menu(struct dialog_flow *f, const struct person *p)
{
	dialog_play(f, p);
	if (f->out.want == MENU_DO) {
		go(f, ST_DO);
		return;
	}
	text_copy(f->reply, sizeof f->reply, f->out.text);
	f->reply_end = f->out.want == MENU_FINISH;
	/* No session is opened to say a last word: she is not disturbed. */
	go(f, f->reply_end && f->hop.kind == HOP_PUSH ? ST_ANSWER : ST_SAVE);
}

static void
enter_step(struct dialog_flow *f)
{
	struct person p;

	person(f, &p);
	if (f->turn.kind == TURN_BEGIN) {
		if (!dialog_begin_menu(f, &p)) {
			close_quietly(f);
			return;
		}
	} else {
		menu_step(f->dialog->deps.menu, &f->menu,
		          (struct menu_input){ f->turn.input, f->turn.input_len },
		          &p.facts, dialog_language(f), &f->out);
	}
	sodium_memzero(f->input, sizeof f->input);
	after_menu(f, &p);
}

/* ---- do ---- */

static void
on_done(void *arg)
{
	struct dialog_flow *f = arg;
	struct menu_result result = { f->action.outcome, f->action.reason };
	struct person p;

	f->action.op = NULL;
	sodium_memzero(&f->call, sizeof f->call);
	log_info(f->hop.session, "action", "name=%s outcome=%s reason=%s",
	         f->action.kind->menu.name,
	         result.outcome == MENU_OK        ? "ok"
	         : result.outcome == MENU_PENDING ? "pending"
	                                          : "fail",
	         f->action.reason);
	if (f->action.kind->menu.changes) {
		f->change = (struct dialog_change){ .done = result.outcome != MENU_FAIL,
			                            .outcome = result.outcome,
			                            .key = f->action.key };
		memcpy(f->change.reason, f->action.reason, sizeof f->change.reason);
	}
	if (f->callers == 0) {
		dialog_tell_by_sms(f);
		dialog_flow_free(f);
		return;
	}
	f->actions++;
	f->since++;
	person(f, &p);
	menu_resume(f->dialog->deps.menu, &f->menu, &result, &p.facts, dialog_language(f),
	            &f->out);
	after_menu(f, &p);
}

/* Before she has seen any screen nothing is done for her, whatever she dialled: the menus
 * never ask for it (menu_takes_dial). */
static bool
is_rash(const struct dialog_flow *f, const struct action_kind *kind)
{
	return f->turn.kind == TURN_BEGIN && (kind->menu.changes || kind->menu.keeps);
}

static void
enter_do(struct dialog_flow *f)
{
	const struct action_kind *kind = action_by_name(f->out.action);
	char id[UUID_TEXT_SIZE], key[160];
	int n;

	if (kind == NULL || f->since == ACTIONS_PER_ANSWER || is_rash(f, kind)) {
		log_error(f->hop.session, "menu_wrong", "action=%s", f->out.action);
		sodium_memzero(&f->out, sizeof f->out);
		f->dialog->counts.errors++;
		answer_with(f, "dialog.slow");
		return;
	}
	prepare_action(f, kind, on_done);
	n = snprintf(key, sizeof key, "%s/%s/%u", uuid_text(&f->session.dialog, id),
	             f->out.screen, f->out.serial);
	f->action.key = uuid_from_name(key, (size_t)n);
	f->call = f->out;
	sodium_memzero(&f->out, sizeof f->out);
	action_run(&f->action);
}

/* ---- save ---- */

static void
on_save(void *arg, const struct redis_reply *r)
{
	struct dialog_flow *f = arg;

	f->redis = NULL;
	if (r->err.code != ERR_NONE) {
		log_warn(f->hop.session, "session_not_saved", "err=%s",
		         err_name(r->err.code));
		f->dialog->counts.errors++;
		/* The next hop would find an older screen. */
		if (!f->reply_end)
			dialog_give_up(f, "dialog.down");
	}
	go(f, ST_ANSWER);
}

/* False if the session does not fit its record: our bug. */
static bool
save(struct dialog_flow *f, redis_cb *cb)
{
	const struct settings *st = f->dialog->deps.env->settings;
	struct session *s = &f->session;
	uint8_t bytes[SESSION_MAX];
	char key[SESSION_KEY_SIZE];
	size_t n;

	s->mode = f->reply_end ? SESSION_ENDED : SESSION_OPEN;
	memcpy(s->carrier, f->hop.session, sizeof s->carrier);
	s->touched_ms = loop_clock(f->dialog->deps.env->loop)->wall_ms;
	s->program = menu_version(f->dialog->deps.menu);
	s->menu_len =
	    f->reply_end ? 0 : menu_state_encode(&f->menu, s->menu, sizeof s->menu);
	s->last = f->turn.last;
	s->hop = f->turn.hop;
	text_copy(s->reply, sizeof s->reply, f->reply);
	s->reply_end = f->reply_end;
	n = session_encode(s, bytes);
	if (n == 0 || (!f->reply_end && s->menu_len == 0)) {
		log_error(f->hop.session, "session_too_large", "menu=%zu", s->menu_len);
		return false;
	}
	session_key(&f->hop.msisdn, key);
	f->redis =
	    redis_set(f->dialog->deps.redis, key, bytes, n, st->ussd.ttl_ms, cb, f);
	return true;
}

static void
enter_save(struct dialog_flow *f)
{
	if (save(f, on_save))
		return;
	f->dialog->counts.errors++;
	dialog_give_up(f, "dialog.slow");
	go(f, ST_ANSWER);
}

/* ---- in time ---- */

static void
on_late_saved(void *arg, const struct redis_reply *r)
{
	struct dialog_flow *f = arg;

	(void)r;
	f->redis = NULL;
}

static void
on_late(void *arg)
{
	struct dialog_flow *f = arg;
	bool goes_on = f->state == ST_DO && f->action.kind->menu.changes;

	f->late_timer = NULL;
	f->dialog->counts.late++;
	log_warn(f->hop.session, "hop_late", "state=%d goes_on=%d", (int)f->state,
	         goes_on);
	if (!goes_on) {
		dialog_give_up(f, "dialog.slow");
		go(f, ST_ANSWER);
		return;
	}
	dialog_say(f, "dialog.late");
	if (!save(f, on_late_saved))
		f->dialog->counts.errors++;
	dialog_flow_tell(f);
	start_waiting(f->dialog, f->hop.msisdn.digits);
}

static void
on_turn(void *arg)
{
	struct dialog_flow *f = arg;

	f->turn_timer = NULL;
	if (!hop_is_answered(f->hop.kind)) {
		close_quietly(f);
		return;
	}
	go(f, ST_LOAD);
}

static void
go(struct dialog_flow *f, enum dialog_state to)
{
	static const struct {
		const char *name;
		void (*enter)(struct dialog_flow *f);
	} steps[ST_STATES] = {
		[ST_WAIT] = { "wait", NULL },
		[ST_LOAD] = { "load", enter_load },
		[ST_WHO] = { "who", enter_who },
		[ST_STEP] = { "step", enter_step },
		[ST_DO] = { "do", enter_do },
		[ST_SAVE] = { "save", enter_save },
		[ST_ANSWER] = { "answer", enter_answer },
	};

	log_debug(f->hop.session, "dialog", "from=%s to=%s", steps[f->state].name,
	          steps[to].name);
	f->state = to;
	steps[to].enter(f);
}

void
dialog_flow_start(struct dialog_flow *f, bool waits)
{
	struct loop *loop = f->dialog->deps.env->loop;

	if (!waits)
		f->turn_timer = timer_start(loop, 0, on_turn, f);
	if (hop_is_answered(f->hop.kind))
		f->late_timer = timer_start(
		    loop, f->dialog->deps.env->settings->ussd.hop_ms, on_late, f);
}
