#include "gateway/channel/smpp/link.h"

#include "gateway/channel/smpp/status.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

struct smpp_link {
	struct loop *loop;
	struct smpp_link_options o;
	struct smpp_link_port port;
	struct smpp_session session;
	struct stream *stream;
	struct timer *timer;
	int64_t due_ms;       /* of the timer */
	enum smpp_where told; /* to the log   */
	loop_cb *drained;
	void *drained_arg;
};

static void work(struct smpp_link *l);

static int64_t
now(const struct smpp_link *l)
{
	return loop_clock(l->loop)->mono_ms;
}

/* ---- when to work ---- */

static void
on_timer(void *arg)
{
	struct smpp_link *l = arg;

	l->timer = NULL;
	work(l);
}

static void
work_at(struct smpp_link *l, int64_t due_ms)
{
	int64_t wait = due_ms - now(l);

	if (l->timer != NULL && l->due_ms == due_ms)
		return;
	timer_cancel(&l->timer);
	if (due_ms == INT64_MAX)
		return;
	l->due_ms = due_ms;
	l->timer = timer_start(l->loop, wait > 0 ? wait : 0, on_timer, l);
}

static void
work_soon(struct smpp_link *l)
{
	if (l->timer == NULL || l->due_ms > now(l))
		work_at(l, now(l));
}

/* ---- the connection ---- */

static void
on_opened(void *arg)
{
	struct smpp_link *l = arg;

	smpp_session_connected(&l->session, now(l));
	work(l);
}

static void
on_closed(void *arg, const char *why)
{
	struct smpp_link *l = arg;

	l->stream = NULL;
	smpp_session_lost(&l->session, why, now(l));
	work(l);
}

static void
take(struct smpp_link *l, const uint8_t *bytes, size_t n)
{
	struct smpp_token token;
	struct smpp_pdu pdu;
	enum smpp_fault fault = smpp_pdu_read(bytes, n, &pdu);

	if (fault != SMPP_READ)
		log_warn(l->o.name, "smpp_fault", "command=0x%x what=%s", pdu.command,
		         smpp_fault_name(fault));
	if (smpp_session_take(&l->session, &pdu, fault, now(l), &token))
		l->port.message(l->port.arg, l, &pdu, &token);
	explicit_bzero(&pdu, sizeof pdu); /* people send PINs */
	work(l);
}

static size_t
on_came(void *arg, const uint8_t *bytes, size_t n)
{
	struct smpp_link *l = arg;
	const struct stream *stream = l->stream;
	size_t used = 0;

	while (l->stream == stream) {
		int32_t length = smpp_pdu_length(bytes + used, n - used);

		if (length < 0) { /* nobody knows where the next PDU begins */
			stream_close(&l->stream, false);
			smpp_session_lost(&l->session, "no PDU has that length", now(l));
			work(l);
			break;
		}
		if (length == 0 || (size_t)length > n - used)
			break;
		take(l, bytes + used, (size_t)length);
		used += (size_t)length;
	}
	return used;
}

static void
connect_stream(struct smpp_link *l)
{
	struct stream_port port = { on_opened, on_came, on_closed, l };

	stream_close(&l->stream, true);
	l->stream = stream_open(l->loop, &l->o.stream, &port);
}

/* ---- work ---- */

static void
perform(struct smpp_link *l, const struct smpp_action *a)
{
	switch (a->act) {
	case SMPP_ACT_CONNECT:
		connect_stream(l);
		break;
	case SMPP_ACT_CLOSE:
		stream_close(&l->stream, true);
		break;
	case SMPP_ACT_WRITE:
		if (l->stream != NULL)
			stream_write(l->stream, a->bytes, a->len);
		break;
	case SMPP_ACT_FINISHED:
		l->port.finished(l->port.arg, a->send);
		break;
	case SMPP_ACT_ALARM:
		log_error(l->o.name, "smpp_bind_refused", "status=0x%x why=%s",
		          l->session.bind_status,
		          smpp_status_name(l->session.bind_status));
		break;
	}
}

static void
tell_change(struct smpp_link *l)
{
	const struct smpp_session *s = &l->session;

	if (s->where == l->told)
		return;
	l->told = s->where;
	if (s->where == SMPP_BOUND)
		log_info(l->o.name, "smpp_bound", "mode=%s", smpp_mode_name(s->o.mode));
	else if (s->where == SMPP_DOWN && s->o.called)
		log_warn(l->o.name, "smpp_down", "why=\"%s\" again=\"when called\"",
		         s->why);
	else if (s->where == SMPP_DOWN)
		log_warn(l->o.name, "smpp_down", "why=\"%s\" again_ms=%lld", s->why,
		         (long long)(s->until_ms - now(l)));
	else
		log_debug(l->o.name, "smpp", "state=%s", smpp_where_name(s->where));
}

static void
work(struct smpp_link *l)
{
	struct smpp_action a;

	while (smpp_session_next(&l->session, now(l), &a)) {
		tell_change(l);
		perform(l, &a);
	}
	tell_change(l);
	work_at(l, smpp_session_wake(&l->session));
	if (l->session.where == SMPP_ENDED && l->drained != NULL) {
		loop_cb *cb = l->drained;

		l->drained = NULL;
		loop_next_turn(l->loop, cb, l->drained_arg);
	}
}

/* ---- what is asked ---- */

struct smpp_link *
smpp_link_new(struct loop *loop, const struct smpp_link_options *o,
              const struct smpp_link_port *port)
{
	struct smpp_link *l = xzalloc(sizeof *l);

	l->loop = loop;
	l->o = *o;
	l->port = *port;
	smpp_session_init(&l->session, &o->session, now(l));
	work_soon(l);
	return l;
}

void
smpp_link_free(struct smpp_link *l)
{
	if (l == NULL)
		return;
	timer_cancel(&l->timer);
	stream_close(&l->stream, false);
	free(l);
}

void
smpp_link_send(struct smpp_link *l, struct smpp_send *send)
{
	smpp_session_send(&l->session, send);
	work_soon(l);
}

void
smpp_link_reply(struct smpp_link *l, const struct smpp_token *token, uint32_t status)
{
	smpp_session_reply(&l->session, token, status);
	work_soon(l);
}

bool
smpp_link_called(struct smpp_link *l, int fd)
{
	struct stream_port port = { on_opened, on_came, on_closed, l };

	if (!smpp_session_called(&l->session, now(l)))
		return false;
	stream_close(&l->stream, true);
	l->stream = stream_take(l->loop, fd, &port);
	work_soon(l);
	return true;
}

void
smpp_link_drain(struct smpp_link *l, loop_cb *cb, void *arg)
{
	l->drained = cb;
	l->drained_arg = arg;
	smpp_session_drain(&l->session);
	work_soon(l);
}

void
smpp_link_pause(struct smpp_link *l, bool paused)
{
	smpp_session_pause(&l->session, paused);
	work_soon(l);
}

const struct smpp_session *
smpp_link_session(const struct smpp_link *l)
{
	return &l->session;
}
