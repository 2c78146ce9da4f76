#include "gateway/channel/smpp/link.h"

#include "gateway/channel/smpp/status.h"
#include "lib/arena.h"
#include "lib/framed.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

struct smpp_link {
	struct framed framed;
	struct smpp_link_options o;
	struct smpp_link_port port;
	struct smpp_session session;
	enum smpp_where told; /* to the log   */
};

static int64_t
now(const struct smpp_link *l)
{
	return framed_now(&l->framed);
}

/* ---- the connection ---- */

static void
on_opened(void *arg)
{
	struct smpp_link *l = arg;

	smpp_session_connected(&l->session, now(l));
}

static void
on_lost(void *arg, const char *why)
{
	struct smpp_link *l = arg;

	smpp_session_lost(&l->session, why, now(l));
}

static void
on_came(void *arg, const uint8_t *bytes, size_t n)
{
	struct smpp_link *l = arg;
	struct smpp_token token;
	struct smpp_pdu pdu;
	enum smpp_fault fault = smpp_pdu_read(bytes, n, &pdu);

	if (fault != SMPP_READ)
		log_warn(l->o.name, "smpp_fault", "command=0x%x what=%s", pdu.command,
		         smpp_fault_name(fault));
	if (smpp_session_take(&l->session, &pdu, fault, now(l), &token))
		l->port.message(l->port.arg, l, &pdu, &token);
	explicit_bzero(&pdu, sizeof pdu); /* people send PINs */
}

/* ---- work ---- */

static void
perform(struct smpp_link *l, const struct smpp_action *a)
{
	switch (a->act) {
	case SMPP_ACT_CONNECT:
		framed_connect(&l->framed, &l->o.stream);
		break;
	case SMPP_ACT_CLOSE:
		framed_close(&l->framed);
		break;
	case SMPP_ACT_WRITE:
		framed_write(&l->framed, a->bytes, a->len);
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

static int64_t
work(void *link)
{
	struct smpp_link *l = link;
	struct smpp_action a;

	while (smpp_session_next(&l->session, now(l), &a)) {
		tell_change(l);
		perform(l, &a);
	}
	tell_change(l);
	if (l->session.where == SMPP_ENDED)
		framed_over(&l->framed);
	return smpp_session_wake(&l->session);
}

/* ---- what is asked ---- */

struct smpp_link *
smpp_link_new(struct loop *loop, const struct smpp_link_options *o,
              const struct smpp_link_port *port)
{
	struct smpp_link *l = xzalloc(sizeof *l);
	struct framed_port framed = { .length = smpp_pdu_length,
		                      .most = SMPP_PDU_MAX,
		                      .no_length = "no PDU has that length",
		                      .opened = on_opened,
		                      .came = on_came,
		                      .lost = on_lost,
		                      .work = work,
		                      .arg = l };

	l->o = *o;
	l->port = *port;
	framed_start(&l->framed, loop, &framed);
	smpp_session_init(&l->session, &o->session, now(l));
	return l;
}

void
smpp_link_free(struct smpp_link *l)
{
	if (l == NULL)
		return;
	framed_stop(&l->framed);
	free(l);
}

void
smpp_link_send(struct smpp_link *l, struct smpp_send *send)
{
	smpp_session_send(&l->session, send);
	framed_poke(&l->framed);
}

void
smpp_link_reply(struct smpp_link *l, const struct smpp_token *token, uint32_t status)
{
	smpp_session_reply(&l->session, token, status);
	framed_poke(&l->framed);
}

bool
smpp_link_called(struct smpp_link *l, int fd)
{
	if (!smpp_session_called(&l->session, now(l)))
		return false;
	framed_adopt(&l->framed, fd);
	framed_poke(&l->framed);
	return true;
}

void
smpp_link_drain(struct smpp_link *l, loop_cb *cb, void *arg)
{
	smpp_session_drain(&l->session);
	framed_drain(&l->framed, cb, arg);
}

void
smpp_link_pause(struct smpp_link *l, bool paused)
{
	smpp_session_pause(&l->session, paused);
	framed_poke(&l->framed);
}

const struct smpp_session *
smpp_link_session(const struct smpp_link *l)
{
	return &l->session;
}
