#include "payments/flow/report.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/store/message.h"

#include <stdlib.h>
#include <string.h>

#define REF      "outbox"
#define OPEN_MAX 256
#define KEPT_MS  (60 * 60 * INT64_C(1000))

struct report {
	struct reports *owner;
	char carrier_id[128];
	char reason[48];
	bool delivered, kept;
	struct pg_op *pg;
	struct report *next;
};

struct reports {
	struct flow_env *env;
	struct report *open;
	unsigned count;
	struct pg_op *match;
	bool has_kept; /* or may have: true until a match says otherwise */
	uint64_t delivered, undelivered, unmatched;
};

static void enter_find(struct report *r);
static void on_find(void *arg, const struct pg_reply *reply);
static void enter_tell(struct report *r, int32_t cooperative_id, const struct uuid *id);
static void enter_keep(struct report *r);
static void on_written(void *arg, const struct pg_reply *reply);
static void on_match(void *arg, const struct pg_reply *reply);

struct reports *
reports_new(struct flow_env *env)
{
	struct reports *r = xzalloc(sizeof *r);

	r->env = env;
	r->has_kept = true; /* maybe by a process before us */
	return r;
}

static void
forget(struct report *r)
{
	struct report **at = &r->owner->open;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->owner->count--;
	pg_cancel(&r->pg);
	free(r);
}

void
reports_free(struct reports *r)
{
	if (r == NULL)
		return;
	while (r->open != NULL)
		forget(r->open);
	pg_cancel(&r->match);
	free(r);
}

static void
copy_plain(char *out, size_t cap, const char *text)
{
	size_t n = 0;

	for (; text != NULL && text[n] != '\0' && n + 1 < cap; n++)
		out[n] = text[n] >= ' ' && text[n] < 0x7f ? text[n] : '?';
	out[n] = '\0';
}

void
reports_take(struct reports *reports, const char *carrier_id, bool delivered,
             const char *reason)
{
	struct report *r;

	if (carrier_id == NULL || carrier_id[0] == '\0' || reports->count >= OPEN_MAX) {
		log_warn(REF, "report_dropped", "open=%u", reports->count);
		return;
	}
	r = xzalloc(sizeof *r);
	r->owner = reports;
	r->delivered = delivered;
	copy_plain(r->carrier_id, sizeof r->carrier_id, carrier_id);
	copy_plain(r->reason, sizeof r->reason, reason);
	r->next = reports->open;
	reports->open = r;
	reports->count++;
	enter_find(r);
}

static int64_t
wall(const struct reports *r)
{
	return loop_clock(r->env->loop)->wall_ms;
}

static struct pg_op *
call(struct report *r, const struct pg_statement *st, struct pg_args *a, pg_cb *cb)
{
	const struct flow_env *env = r->owner->env;

	return pg_call(env->pg, st, a, env->settings->pg.statement_ms, cb, r);
}

static const char *
state_of(const struct report *r)
{
	return r->delivered ? "delivered" : "failed";
}

static void
enter_find(struct report *r)
{
	struct pg_args *a = pg_args_new();

	pg_text(a, r->carrier_id);
	r->pg = call(r, &message_by_carrier, a, on_find);
}

static void
on_find(void *arg, const struct pg_reply *reply)
{
	struct report *r = arg;

	r->pg = NULL;
	if (reply->err.code != ERR_NONE) {
		log_warn(REF, "report_lost", "carrier_id=%s why=%s", r->carrier_id,
		         err_name(reply->err.code));
		forget(r);
	} else if (reply->rows == 0) {
		enter_keep(r);
	} else {
		struct uuid id = reply_uuid(reply, 0, 1);

		enter_tell(r, (int32_t)reply_i64(reply, 0, 0), &id);
	}
}

static void
enter_tell(struct report *r, int32_t cooperative_id, const struct uuid *id)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, cooperative_id);
	pg_uuid(a, id);
	pg_text(a, r->carrier_id);
	pg_text(a, state_of(r));
	pg_text(a, r->reason);
	pg_i64(a, wall(r->owner));
	if (r->delivered)
		r->owner->delivered++;
	else
		r->owner->undelivered++;
	r->pg = call(r, &message_report, a, on_written);
}

static void
enter_keep(struct report *r)
{
	struct pg_args *a = pg_args_new();

	pg_text(a, r->carrier_id);
	pg_text(a, state_of(r));
	pg_text(a, r->reason);
	pg_i64(a, wall(r->owner));
	r->owner->unmatched++;
	r->kept = true;
	r->pg = call(r, &message_report_keep, a, on_written);
}

static void
on_written(void *arg, const struct pg_reply *reply)
{
	struct report *r = arg;

	r->pg = NULL;
	if (reply->err.code != ERR_NONE)
		log_warn(REF, "report_lost", "carrier_id=%s why=%s message=\"%s\"",
		         r->carrier_id, err_name(reply->err.code), reply->message);
	else if (r->kept) /* only now: a match that ran before did not see it */
		r->owner->has_kept = true;
	forget(r);
}

void
reports_match(struct reports *r)
{
	struct pg_args *a;

	if (r->match != NULL || !r->has_kept)
		return;
	r->has_kept = false;
	a = pg_args_new();
	pg_i64(a, wall(r));
	pg_i64(a, wall(r) - KEPT_MS);
	r->match = pg_call(r->env->pg, &message_reports_match, a,
	                   r->env->settings->pg.statement_ms, on_match, r);
}

static void
on_match(void *arg, const struct pg_reply *reply)
{
	struct reports *r = arg;

	r->match = NULL;
	if (reply->err.code != ERR_NONE ||
	    (reply->rows > 0 && reply_i64(reply, 0, 1) > 0))
		r->has_kept = true; /* some are, or may be, still nobody's */
}

bool
reports_have_room(const struct reports *r)
{
	return r->count < OPEN_MAX;
}

void
reports_read_counts(const struct reports *r, uint64_t *delivered, uint64_t *undelivered,
                    uint64_t *unmatched)
{
	*delivered = r->delivered;
	*undelivered = r->undelivered;
	*unmatched = r->unmatched;
}
