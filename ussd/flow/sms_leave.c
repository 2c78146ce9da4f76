/*
 * What was asked for by SMS is left as an open conversation, so that whoever dials goes
 * on from there: confirms, and types the PIN.  A conversation that stands open already is
 * not touched.  Redis may forget it: then the member finds the way by the menu.
 */
#include "ussd/flow/sms_flow.h"

#include "config/settings.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/redis.h"
#include "payments/flow/env.h"
#include "ussd/core/menu.h"
#include "ussd/core/session.h"

#include <stdio.h>
#include <string.h>

static int64_t
wall(const struct sms_flow *f)
{
	return loop_clock(f->dialog->deps.env->loop)->wall_ms;
}

/* Stands at the screen, with the amount as if it had been typed. */
static size_t
stand_at_screen(const struct sms_flow *f, uint8_t *out, size_t cap)
{
	const struct menu_program *menu = f->dialog->deps.menu;
	struct menu_facts facts = { .currency = f->currency, .exponent = f->exponent };
	struct menu_state state;
	struct menu_out shown;

	memset(&state, 0, sizeof state);
	menu_start(menu, &state, f->leave_at, &facts, 0, &shown);
	if (!menu_set_number(&state, "amount", f->leave_amount))
		return 0;
	return menu_state_encode(&state, out, cap);
}

static size_t
make_session(const struct sms_flow *f, const struct session *old, uint8_t *out)
{
	struct session s = { .mode = SESSION_OPEN,
		             .carrier = "sms",
		             .program = menu_version(f->dialog->deps.menu),
		             .minute = old->minute,
		             .hops = old->hops };

	s.started_ms = s.touched_ms = wall(f);
	s.dialog = ids_uuid7(f->dialog->deps.env->ids, s.started_ms);
	snprintf(s.language, sizeof s.language, "%s", f->member.language);
	s.menu_len = stand_at_screen(f, s.menu, sizeof s.menu);
	return s.menu_len == 0 ? 0 : session_encode(&s, out);
}

static void
on_left(void *arg, const struct redis_reply *r)
{
	struct sms_flow *f = arg;

	f->redis = NULL;
	if (r->err.code != ERR_NONE)
		log_warn(f->sms_id, "sms_not_left", "err=%s", err_name(r->err.code));
	sms_reply(f);
}

static void
on_session(void *arg, const struct redis_reply *r)
{
	struct sms_flow *f = arg;
	const struct settings *st = f->dialog->deps.env->settings;
	struct session old;
	uint8_t bytes[SESSION_MAX];
	char key[SESSION_KEY_SIZE];
	size_t n;

	f->redis = NULL;
	if (r->is_nil || !session_decode((const uint8_t *)r->text, r->len, &old))
		memset(&old, 0, sizeof old);
	else if (old.mode == SESSION_OPEN && strcmp(old.carrier, "sms") != 0) {
		sms_reply(f);
		return;
	}
	n = r->err.code == ERR_NONE ? make_session(f, &old, bytes) : 0;
	if (n == 0) {
		sms_reply(f);
		return;
	}
	session_key(&f->from, key);
	f->redis =
	    redis_set(f->dialog->deps.redis, key, bytes, n, st->ussd.ttl_ms, on_left, f);
}

void
sms_leave(struct sms_flow *f)
{
	char key[SESSION_KEY_SIZE];

	if (!f->counted || !menu_has_screen(f->dialog->deps.menu, f->leave_at)) {
		sms_reply(f);
		return;
	}
	session_key(&f->from, key);
	f->redis = redis_get(f->dialog->deps.redis, key, on_session, f);
}
