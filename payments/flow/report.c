/*
 * report - see report.h.  What arrives while a statement is under way is told by the next
 * one, all of it together.  One statement at a time: two that meet the same messages in
 * another order would wait for each other.
 */
#include "payments/flow/report.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/store/message.h"

#include <stdlib.h>
#include <string.h>

#define REF       "outbox"
#define OPEN_MAX  4096
#define TELL_MOST 64
#define KEPT_MS   (60 * 60 * INT64_C(1000))

struct report {
	char carrier_id[128];
	char reason[48];
	bool delivered;
	bool alone; /* told with others, that was refused */
	report_cb *cb;
	void *arg;
	struct report *next;
};

struct reports {
	struct flow_env *env;
	struct report *waiting, **end; /* oldest first */
	struct report *told;           /* by the statement under way */
	struct pg_op *tell;
	unsigned count; /* waiting and told */
	struct pg_op *match;
	bool has_kept; /* or may have: true until a match says otherwise */
	uint64_t delivered, undelivered, unmatched;
};

static void enter_tell(struct reports *reports);
static void on_told(void *arg, const struct pg_reply *reply);
static void on_match(void *arg, const struct pg_reply *reply);

struct reports *
reports_new(struct flow_env *env)
{
	struct reports *r = xzalloc(sizeof *r);

	r->env = env;
	r->end = &r->waiting;
	r->has_kept = true; /* maybe by a process before us */
	return r;
}

static void
end_one(struct report *r, bool kept)
{
	if (r->cb != NULL)
		r->cb(r->arg, kept);
	free(r);
}

static void
give_back_all(struct report *r)
{
	while (r != NULL) {
		struct report *next = r->next;

		end_one(r, false);
		r = next;
	}
}

void
reports_free(struct reports *r)
{
	if (r == NULL)
		return;
	pg_cancel(&r->tell);
	pg_cancel(&r->match);
	give_back_all(r->waiting);
	give_back_all(r->told);
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

static void
push(struct reports *reports, struct report *r)
{
	r->next = NULL;
	*reports->end = r;
	reports->end = &r->next;
}

bool
reports_take(struct reports *reports, const char *carrier_id, bool delivered,
             const char *reason, report_cb *cb, void *arg)
{
	struct report *r;

	if (reports->count >= OPEN_MAX)
		return false;
	r = xzalloc(sizeof *r);
	r->delivered = delivered;
	r->cb = cb;
	r->arg = arg;
	copy_plain(r->carrier_id, sizeof r->carrier_id, carrier_id);
	copy_plain(r->reason, sizeof r->reason, reason);
	push(reports, r);
	reports->count++;
	enter_tell(reports);
	return true;
}

static int64_t
wall(const struct reports *r)
{
	return loop_clock(r->env->loop)->wall_ms;
}

/* ---- TELL
 * ---------------------------------------------------------------------------------- */

/* Takes the oldest off the line, as many as go together. */
static void
gather(struct reports *reports)
{
	struct report **at = &reports->told;
	size_t n = 0;

	while (reports->waiting != NULL && n < TELL_MOST) {
		struct report *r = reports->waiting;

		if (n > 0 && (r->alone || reports->told->alone))
			break;
		reports->waiting = r->next;
		*at = r;
		at = &r->next;
		n++;
	}
	*at = NULL;
	if (reports->waiting == NULL)
		reports->end = &reports->waiting;
}

static void
enter_tell(struct reports *reports)
{
	const char *id[TELL_MOST], *state[TELL_MOST], *reason[TELL_MOST];
	struct pg_args *a;
	size_t n = 0;

	if (reports->tell != NULL || reports->waiting == NULL)
		return;
	gather(reports);
	for (const struct report *r = reports->told; r != NULL; r = r->next, n++) {
		id[n] = r->carrier_id;
		state[n] = r->delivered ? "delivered" : "failed";
		reason[n] = r->reason;
	}
	a = pg_args_new();
	pg_text_array(a, id, n);
	pg_text_array(a, state, n);
	pg_text_array(a, reason, n);
	pg_i64(a, wall(reports));
	reports->tell =
	    pg_call(reports->env->pg, &messages_reported, a,
	            reports->env->settings->pg.statement_ms, on_told, reports);
}

static void
note(struct reports *reports, const struct report *r, bool found)
{
	if (!found) {
		reports->unmatched++;
		reports->has_kept = true; /* only now: a match before did not see it */
	} else if (r->delivered) {
		reports->delivered++;
	} else {
		reports->undelivered++;
	}
}

/* Those that wait would all wait in vain, and the carriers for our answer. */
static void
put_off_waiting(struct reports *reports)
{
	struct report *r = reports->waiting;

	reports->waiting = NULL;
	reports->end = &reports->waiting;
	for (const struct report *each = r; each != NULL; each = each->next)
		reports->count--;
	give_back_all(r);
}

static void
on_told(void *arg, const struct pg_reply *reply)
{
	struct reports *reports = arg;
	struct report *r = reports->told, *next;
	bool failed = reply->err.code != ERR_NONE;
	/* PostgreSQL refused it: one may have spoilt it for the others */
	bool one_by_one = failed && reply->err.fate == FATE_NOT &&
	                  reply->sqlstate[0] != '\0' && r->next != NULL;

	reports->tell = NULL;
	reports->told = NULL;
	for (int row = 0; r != NULL; r = next, row++) {
		next = r->next;
		if (one_by_one) {
			r->alone = true;
			push(reports, r);
			continue;
		}
		if (failed)
			log_warn(REF, "report_put_off",
			         "carrier_id=%s why=%s message=\"%s\"", r->carrier_id,
			         err_name(reply->err.code), reply->message);
		else
			note(reports, r, reply_bool(reply, row, 0));
		reports->count--;
		end_one(r, !failed);
	}
	if (pg_ready(reports->env->pg) == 0)
		put_off_waiting(reports);
	enter_tell(reports);
}

/* ---- what was kept
 * ------------------------------------------------------------------------- */

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
