#include "gateway/channel/xmltcp/link.h"

#include "lib/arena.h"
#include "lib/framed.h"
#include "lib/log.h"
#include "ussd/flow/dialog.h"

#include <stdlib.h>
#include <string.h>

struct xmltcp_link {
	struct framed framed;
	struct xmltcp_deps deps;
	const struct settings_xmltcp *settings;
	struct xmltcp_session session;
	struct stream_tls *tls;
	enum xmltcp_where told;      /* to the log */
	struct xmltcp_packet packet; /* the one being taken */
};

static int64_t
now(const struct xmltcp_link *l)
{
	return framed_now(&l->framed);
}

/* ---- hops ---- */

struct screen {
	struct xmltcp_link *link;
	uint64_t token; /* 0: a notice, nobody reads a screen */
};

static void
say(struct xmltcp_link *l, struct buf *b)
{
	if (!buf_ok(b))
		log_error(l->settings->name, "packet_too_long", "bytes=%zu", b->len);
	else if (b->len > 0)
		framed_write(&l->framed, b->at, b->len);
	explicit_bzero(b->at, b->len);
}

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct screen *s = arg;
	char room[XMLTCP_WRITTEN_MAX];
	struct buf b;

	if (s->token != 0) {
		buf_init(&b, room, sizeof room);
		xmltcp_session_answer(&s->link->session, s->token, reply->text,
		                      reply->end, &b);
		say(s->link, &b);
		framed_poke(&s->link->framed); /* a drain may have waited for it */
	}
	free(s);
}

static void
take_hop(struct xmltcp_link *l, struct xmltcp_arrival *a)
{
	char masked[MSISDN_MAX + 1];
	struct screen *s = xzalloc(sizeof *s);

	s->link = l;
	s->token = a->token;
	log_debug(a->hop.session, "hop", "channel=%s number=%s", l->settings->name,
	          msisdn_mask(a->hop.msisdn.digits, masked));
	hop_memory_name(l->deps.memory, &a->hop, now(l), l->settings->repeat_ms);
	dialog_hop(l->deps.dialog, &a->hop, on_screen, s);
}

/* ---- the connection ---- */

static void
on_opened(void *arg)
{
	struct xmltcp_link *l = arg;

	xmltcp_session_connected(&l->session, now(l));
}

static void
on_lost(void *arg, const char *why)
{
	struct xmltcp_link *l = arg;

	xmltcp_session_lost(&l->session, why, now(l));
}

static void
on_came(void *arg, const uint8_t *bytes, size_t n)
{
	struct xmltcp_link *l = arg;
	struct xmltcp_packet *p = &l->packet;
	enum xmltcp_fault fault = xmltcp_read(bytes, n, p);
	char room[XMLTCP_WRITTEN_MAX];
	struct xmltcp_arrival a;
	enum xmltcp_taken taken;
	struct buf b;

	buf_init(&b, room, sizeof room);
	taken = xmltcp_session_take(&l->session, p, fault, now(l), &a, &b);
	if (fault != XMLTCP_READ)
		log_warn(l->settings->name, "xmltcp_fault", "bytes=%zu what=%s", n,
		         xmltcp_fault_name(fault));
	else if (a.why != NULL)
		log_warn(l->settings->name,
		         p->type == XMLTCP_USSD_ERROR ? "xmltcp_error" : "hop_refused",
		         "session=%s why=\"%s\"", p->session, a.why);
	say(l, &b);
	if (taken != XMLTCP_NOTHING)
		take_hop(l, &a);
	xmltcp_wipe(p);
}

static void
connect_to_them(struct xmltcp_link *l)
{
	struct stream_options o = { .host = l->settings->host,
		                    .port = (unsigned)l->settings->port,
		                    .tls = l->tls };

	framed_connect(&l->framed, &o);
}

/* ---- work ---- */

static void
perform(struct xmltcp_link *l, const struct xmltcp_action *a)
{
	switch (a->act) {
	case XMLTCP_ACT_CONNECT:
		connect_to_them(l);
		break;
	case XMLTCP_ACT_CLOSE:
		framed_close(&l->framed);
		break;
	case XMLTCP_ACT_WRITE:
		framed_write(&l->framed, a->bytes, a->len);
		break;
	case XMLTCP_ACT_ALARM:
		log_error(l->settings->name, "xmltcp_sign_in_refused", "code=%s why=%s",
		          l->session.refusal, xmltcp_error_name(l->session.refusal));
		break;
	}
}

static void
tell_change(struct xmltcp_link *l)
{
	const struct xmltcp_session *s = &l->session;
	const char *name = l->settings->name;

	if (s->where == l->told)
		return;
	l->told = s->where;
	if (s->where == XMLTCP_UP)
		log_info(name, "xmltcp_up", "host=%s", l->settings->host);
	else if (s->where == XMLTCP_DOWN)
		log_warn(name, "xmltcp_down", "why=\"%s\" again_ms=%lld", s->why,
		         (long long)(s->until_ms - now(l)));
	else
		log_debug(name, "xmltcp", "state=%s", xmltcp_where_name(s->where));
}

static int64_t
work(void *link)
{
	struct xmltcp_link *l = link;
	struct xmltcp_action a;

	while (xmltcp_session_next(&l->session, now(l), &a)) {
		tell_change(l);
		perform(l, &a);
	}
	tell_change(l);
	if (l->session.where == XMLTCP_ENDED)
		framed_over(&l->framed);
	return xmltcp_session_wake(&l->session);
}

/* ---- what is asked ---- */

const char *
xmltcp_link_fault(const struct settings *settings, unsigned i)
{
	const struct settings_xmltcp *e = &settings->xmltcp[i];

	for (unsigned k = 0; k < settings->smpp_count; k++) {
		if (strcmp(settings->smpp[k].name, e->name) == 0)
			return "an entry of smpp has the same name";
	}
	if (e->country[0] != '\0' && msisdn_country(e->country) == NULL)
		return "country is none whose numbers are known";
	return NULL;
}

struct xmltcp_link *
xmltcp_link_new(const struct xmltcp_deps *deps, const struct settings_xmltcp *settings,
                struct err *err)
{
	struct xmltcp_session_options o = {
		.name = settings->name,
		.user = settings->user,
		.password = settings->password,
		.application = settings->application,
		.country = settings->country,
		.service_code = settings->service_code[0] != '\0' ? settings->service_code
		                                                  : deps->service_code,
		.goodbye = settings->goodbye,
		.connect_ms = settings->connect_ms,
		.enquire_ms = settings->enquire_ms,
		.response_ms = settings->response_ms,
		.seed = ids_u64(deps->ids),
	};
	struct xmltcp_link *l = xzalloc(sizeof *l);
	struct framed_port framed = { .length = xmltcp_length,
		                      .most = XMLTCP_PACKET_MAX,
		                      .no_length = "no packet has that length",
		                      .opened = on_opened,
		                      .came = on_came,
		                      .lost = on_lost,
		                      .work = work,
		                      .arg = l };

	l->deps = *deps;
	l->settings = settings;
	if (settings->tls) {
		l->tls = stream_tls_new(settings->ca_file, err);
		if (l->tls == NULL) {
			free(l);
			return NULL;
		}
	}
	framed_start(&l->framed, deps->loop, &framed);
	xmltcp_session_init(&l->session, &o, now(l));
	return l;
}

void
xmltcp_link_free(struct xmltcp_link *l)
{
	if (l == NULL)
		return;
	framed_stop(&l->framed);
	stream_tls_free(l->tls);
	free(l);
}

void
xmltcp_link_drain(struct xmltcp_link *l, loop_cb *cb, void *arg)
{
	xmltcp_session_drain(&l->session);
	framed_drain(&l->framed, cb, arg);
}

void
xmltcp_link_pause(struct xmltcp_link *l, bool paused)
{
	xmltcp_session_pause(&l->session, paused);
}

const struct xmltcp_session *
xmltcp_link_session(const struct xmltcp_link *l)
{
	return &l->session;
}

const char *
xmltcp_link_name(const struct xmltcp_link *l)
{
	return l->settings->name;
}
