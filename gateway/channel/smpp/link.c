#include "gateway/channel/smpp/link.h"

#include "gateway/channel/smpp/status.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "lib/wakeup.h"

#include <stdlib.h>
#include <string.h>

struct smpp_link {
	struct loop *loop;
	struct smpp_link_options o;
	struct smpp_link_port port;
	struct smpp_session session;
	struct stream *stream;
	struct wakeup wake;
	enum smpp_where told; /* to the log   */
	loop_cb *drained;
	void *drained_arg;
};

static void work(void *link);

static int64_t
now(const struct smpp_link *l)
{
	return loop_clock(l->loop)->mono_ms;
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
work(void *link)
{
	struct smpp_link *l = link;
	struct smpp_action a;

	while (smpp_session_next(&l->session, now(l), &a)) {
		tell_change(l);
		perform(l, &a);
	}
	tell_change(l);
	wakeup_at(&l->wake, smpp_session_wake(&l->session));
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
	l->wake = (struct wakeup){ .loop = loop, .cb = work, .arg = l };
	l->o = *o;
	l->port = *port;
	smpp_session_init(&l->session, &o->session, now(l));
	wakeup_soon(&l->wake);
	return l;
}

void
smpp_link_free(struct smpp_link *l)
{
	if (l == NULL)
		return;
	wakeup_stop(&l->wake);
	stream_close(&l->stream, false);
	free(l);
}

void
smpp_link_send(struct smpp_link *l, struct smpp_send *send)
{
	smpp_session_send(&l->session, send);
	wakeup_soon(&l->wake);
}

void
smpp_link_reply(struct smpp_link *l, const struct smpp_token *token, uint32_t status)
{
	smpp_session_reply(&l->session, token, status);
	wakeup_soon(&l->wake);
}

bool
smpp_link_called(struct smpp_link *l, int fd)
{
	struct stream_port port = { on_opened, on_came, on_closed, l };

	if (!smpp_session_called(&l->session, now(l)))
		return false;
	stream_close(&l->stream, true);
	l->stream = stream_take(l->loop, fd, &port);
	wakeup_soon(&l->wake);
	return true;
}

void
smpp_link_drain(struct smpp_link *l, loop_cb *cb, void *arg)
{
	l->drained = cb;
	l->drained_arg = arg;
	smpp_session_drain(&l->session);
	wakeup_soon(&l->wake);
}

void
smpp_link_pause(struct smpp_link *l, bool paused)
{
	smpp_session_pause(&l->session, paused);
	wakeup_soon(&l->wake);
}

const struct smpp_session *
smpp_link_session(const struct smpp_link *l)
{
	return &l->session;
}
