#include "gateway/channel/xmltcp/session.h"

#include "lib/chance.h"

#include <sodium.h>
#include <string.h>

#define FAULTS_MAX 10 /* in a row: it does not speak what we speak */

#define WRONG_PASSWORD "001"
#define NO_DIALOGS     "200"
#define UNKNOWN_ERROR  "207"
#define INVALID        "208"
#define NOT_RUNNING    "211"

/* ---- start and end ---- */

void
xmltcp_session_init(struct xmltcp_session *s, const struct xmltcp_session_options *o,
                    int64_t now_ms)
{
	memset(s, 0, sizeof *s);
	s->o = *o;
	s->chance = o->seed | 1;
	s->why = "";
	s->until_ms = now_ms;
}

static void
go_down(struct xmltcp_session *s, const char *why, int64_t now_ms)
{
	s->count.losses += s->where == XMLTCP_UP;
	s->count.late += s->in_hand;
	s->why = why;
	s->in_hand = 0;
	memset(s->back, 0, sizeof s->back);
	s->opened = s->is_asked = false;
	s->faults = 0;
	if (s->drains) {
		s->where = XMLTCP_ENDED;
		return;
	}
	s->where = XMLTCP_DOWN;
	s->until_ms = redial_when(&s->redial, &s->chance, now_ms);
}

/* We end the connection. */
static void
drop(struct xmltcp_session *s, const char *why, int64_t now_ms)
{
	go_down(s, why, now_ms);
	s->to_close = true;
}

void
xmltcp_session_connected(struct xmltcp_session *s, int64_t now_ms)
{
	if (s->where != XMLTCP_CONNECTING)
		return;
	s->where = XMLTCP_SIGNING_IN;
	s->opened = true;
	s->until_ms = now_ms + s->o.connect_ms;
}

void
xmltcp_session_lost(struct xmltcp_session *s, const char *why, int64_t now_ms)
{
	if (s->where != XMLTCP_DOWN && s->where != XMLTCP_ENDED)
		go_down(s, why, now_ms);
}

void
xmltcp_session_drain(struct xmltcp_session *s)
{
	s->drains = true;
	if (s->where != XMLTCP_UP) {
		s->to_close = s->where != XMLTCP_DOWN && s->where != XMLTCP_ENDED;
		s->where = XMLTCP_ENDED;
	}
}

void
xmltcp_session_pause(struct xmltcp_session *s, bool paused)
{
	s->paused = paused;
}

/* ---- hops in hand ---- */

static void
name_way_back(struct xmltcp_back *b, const struct xmltcp_packet *p)
{
	memcpy(b->session, p->session, sizeof b->session);
	memcpy(b->request, p->request, sizeof b->request);
	memcpy(b->msisdn, p->msisdn, sizeof b->msisdn);
	memcpy(b->star_code, p->star_code, sizeof b->star_code);
	memcpy(b->client, p->client, sizeof b->client);
}

static struct xmltcp_back *
keep_way_back(struct xmltcp_session *s, const struct xmltcp_packet *p)
{
	for (unsigned i = 0; i < XMLTCP_IN_HAND_MAX; i++) {
		struct xmltcp_back *b = &s->back[i];

		if (b->token != 0)
			continue;
		b->token = ++s->tokens;
		b->over = false;
		name_way_back(b, p);
		s->in_hand++;
		return b;
	}
	return NULL;
}

static bool
is_in_hand(const struct xmltcp_session *s, const struct xmltcp_packet *p)
{
	for (unsigned i = 0; i < XMLTCP_IN_HAND_MAX; i++) {
		const struct xmltcp_back *b = &s->back[i];

		if (b->token != 0 && !b->over && strcmp(b->session, p->session) == 0 &&
		    strcmp(b->request, p->request) == 0)
			return true;
	}
	return false;
}

static void
end_hops_of(struct xmltcp_session *s, const char *session)
{
	for (unsigned i = 0; i < XMLTCP_IN_HAND_MAX; i++) {
		if (s->back[i].token != 0 && strcmp(s->back[i].session, session) == 0)
			s->back[i].over = true;
	}
}

static void
say_screen(const struct xmltcp_back *b, const char *screen, bool is_last, struct buf *say)
{
	struct xmltcp_packet p = { .type = XMLTCP_USSD_RESPONSE };
	struct buf text;

	memcpy(p.session, b->session, sizeof p.session);
	memcpy(p.request, b->request, sizeof p.request);
	memcpy(p.msisdn, b->msisdn, sizeof p.msisdn);
	memcpy(p.star_code, b->star_code, sizeof p.star_code);
	memcpy(p.client, b->client, sizeof p.client);
	p.message_type[0] = is_last ? '6' : '2';
	p.end[0] = is_last ? '1' : '0';
	buf_init(&text, p.text, sizeof p.text);
	buf_puts(&text, screen);
	xmltcp_write(&p, say);
	xmltcp_wipe(&p);
}

void
xmltcp_session_answer(struct xmltcp_session *s, uint64_t token, const char *screen,
                      bool is_last, struct buf *say)
{
	for (unsigned i = 0; i < XMLTCP_IN_HAND_MAX; i++) {
		struct xmltcp_back *b = &s->back[i];

		if (b->token != token)
			continue;
		if (b->over)
			s->count.late++;
		else
			say_screen(b, screen, is_last, say);
		memset(b, 0, sizeof *b);
		s->in_hand--;
		return;
	}
}

/* ---- what the peer says ---- */

static void
say_error(const struct xmltcp_packet *p, const char *code, struct buf *say)
{
	struct xmltcp_packet e = { .type = XMLTCP_USSD_ERROR };

	memcpy(e.session, p->session, sizeof e.session);
	memcpy(e.request, p->request, sizeof e.request);
	if (e.session[0] == '\0')
		e.session[0] = '0';
	if (e.request[0] == '\0')
		e.request[0] = '0';
	memcpy(e.error, code, strlen(code));
	xmltcp_write(&e, say);
}

static enum xmltcp_taken
refuse(struct xmltcp_session *s, const struct xmltcp_packet *p, const char *code,
       struct xmltcp_arrival *out, struct buf *say)
{
	s->count.refused++;
	out->why = xmltcp_error_name(code);
	say_error(p, code, say);
	return XMLTCP_NOTHING;
}

static enum xmltcp_taken
take_notice(struct xmltcp_session *s, const struct xmltcp_packet *p, struct buf *say)
{
	struct xmltcp_back b = { .token = 1 };

	s->count.notices++;
	end_hops_of(s, p->session);
	name_way_back(&b, p);
	if (s->o.goodbye[0] != '\0')
		say_screen(&b, s->o.goodbye, true, say);
	return XMLTCP_NOTICE;
}

static enum xmltcp_taken
take_request(struct xmltcp_session *s, const struct xmltcp_packet *p,
             struct xmltcp_arrival *out, struct buf *say)
{
	struct xmltcp_back *back;

	if (s->where != XMLTCP_UP)
		return refuse(s, p, UNKNOWN_ERROR, out, say);
	out->why = xmltcp_hop(p, s->o.name, s->o.country, s->o.service_code, &out->hop);
	if (out->why != NULL) {
		s->count.refused++;
		say_error(p, INVALID, say);
		return XMLTCP_NOTHING;
	}
	if (out->hop.kind == HOP_ABORT)
		return take_notice(s, p, say);
	if (is_in_hand(s, p)) { /* sent again before we answered: one answer will do */
		s->count.repeats++;
		return XMLTCP_NOTHING;
	}
	if (s->drains || (s->paused && out->hop.kind == HOP_BEGIN))
		return refuse(s, p, NOT_RUNNING, out, say);
	back = keep_way_back(s, p);
	if (back == NULL)
		return refuse(s, p, NO_DIALOGS, out, say);
	s->count.hops++;
	out->token = back->token;
	return XMLTCP_HOP;
}

static void
take_auth_error(struct xmltcp_session *s, const struct xmltcp_packet *p, int64_t now_ms)
{
	if (s->where != XMLTCP_SIGNING_IN)
		return;
	s->count.refused_logins++;
	memcpy(s->refusal, p->error, sizeof s->refusal);
	if (strcmp(p->error, WRONG_PASSWORD) == 0) {
		redial_refused(&s->redial);
		s->alarm = true;
	}
	drop(s, "sign-in refused", now_ms);
}

static void
take_auth(struct xmltcp_session *s, int64_t now_ms)
{
	if (s->where != XMLTCP_SIGNING_IN || s->opened)
		return;
	s->where = XMLTCP_UP;
	redial_up(&s->redial, now_ms);
	s->asked_ms = now_ms - s->o.enquire_ms; /* the first question leaves at once */
	s->count.logins++;
}

/* An error is never answered by an error: both sides might go on for ever. */
static enum xmltcp_taken
take_fault(struct xmltcp_session *s, const struct xmltcp_packet *p, int64_t now_ms,
           struct buf *say)
{
	s->count.faults++;
	if (++s->faults >= FAULTS_MAX)
		drop(s, "nothing it says can be read", now_ms);
	else if (p->type != XMLTCP_USSD_ERROR && p->type != XMLTCP_AUTH_ERROR)
		say_error(p, INVALID, say);
	return XMLTCP_NOTHING;
}

enum xmltcp_taken
xmltcp_session_take(struct xmltcp_session *s, const struct xmltcp_packet *p,
                    enum xmltcp_fault fault, int64_t now_ms, struct xmltcp_arrival *out,
                    struct buf *say)
{
	struct xmltcp_packet answer = { .type = XMLTCP_ENQ_RESPONSE };

	memset(out, 0, sizeof *out);
	if (s->where != XMLTCP_SIGNING_IN && s->where != XMLTCP_UP)
		return XMLTCP_NOTHING;
	s->is_asked = false; /* whatever it says: it lives */
	if (fault != XMLTCP_READ)
		return take_fault(s, p, now_ms, say);
	s->faults = 0;
	switch (p->type) {
	case XMLTCP_USSD_REQUEST:
		return take_request(s, p, out, say);
	case XMLTCP_ENQ_REQUEST:
		memcpy(answer.session, p->session, sizeof answer.session);
		memcpy(answer.request, p->request, sizeof answer.request);
		xmltcp_write(&answer, say);
		break;
	case XMLTCP_AUTH_RESPONSE:
		take_auth(s, now_ms);
		break;
	case XMLTCP_AUTH_ERROR:
		take_auth_error(s, p, now_ms);
		break;
	case XMLTCP_USSD_ERROR: /* of a session that is over then */
		s->count.errors++;
		out->why = xmltcp_error_name(p->error);
		end_hops_of(s, p->session);
		break;
	case XMLTCP_USSD_RESPONSE: /* comes when we answer a session that is over */
		s->count.strays++;
		break;
	case XMLTCP_AUTH_REQUEST: /* ours to ask */
		say_error(p, INVALID, say);
		break;
	case XMLTCP_ENQ_RESPONSE:
	case XMLTCP_OTHER:
	case XMLTCP_TYPES:
		break;
	}
	return XMLTCP_NOTHING;
}

/* ---- what to do ---- */

static bool
write_own(struct xmltcp_session *s, struct xmltcp_packet *p, struct xmltcp_action *out)
{
	struct buf b, number;

	buf_init(&number, p->request, sizeof p->request);
	buf_put_i64(&number,
	            (int64_t)(chance_next(&s->chance) % 9000000000u) + 1000000000);
	memcpy(p->session, p->request, 11);
	buf_init(&b, s->scratch, sizeof s->scratch);
	xmltcp_write(p, &b);
	out->act = XMLTCP_ACT_WRITE;
	out->bytes = b.at;
	out->len = b.len;
	return buf_ok(&b);
}

static bool
write_sign_in(struct xmltcp_session *s, struct xmltcp_action *out)
{
	struct xmltcp_packet p = { .type = XMLTCP_AUTH_REQUEST,
		                   .user = s->o.user,
		                   .password = s->o.password,
		                   .application = s->o.application };

	s->opened = false;
	return write_own(s, &p, out);
}

static bool
write_enquiry(struct xmltcp_session *s, int64_t now_ms, struct xmltcp_action *out)
{
	struct xmltcp_packet p = { .type = XMLTCP_ENQ_REQUEST };

	s->is_asked = true;
	s->asked_ms = now_ms;
	return write_own(s, &p, out);
}

/* Time has passed: what is late, what is over. */
static void
look_at_clock(struct xmltcp_session *s, int64_t now_ms)
{
	if (s->where == XMLTCP_CONNECTING && now_ms >= s->until_ms)
		drop(s, "no connection in time", now_ms);
	else if (s->where == XMLTCP_SIGNING_IN && now_ms >= s->until_ms)
		drop(s, "no answer to the sign-in", now_ms);
	else if (s->where == XMLTCP_UP && s->is_asked &&
	         now_ms - s->asked_ms >= s->o.response_ms)
		drop(s, "the peer is silent", now_ms);
	else if (s->where == XMLTCP_UP && s->drains && s->in_hand == 0)
		drop(s, "drained", now_ms);
}

static bool
next_by_state(struct xmltcp_session *s, int64_t now_ms, struct xmltcp_action *out)
{
	if (s->where == XMLTCP_DOWN && now_ms >= s->until_ms) {
		s->where = XMLTCP_CONNECTING;
		s->until_ms = now_ms + s->o.connect_ms;
		out->act = XMLTCP_ACT_CONNECT;
		return true;
	}
	if (s->where == XMLTCP_SIGNING_IN && s->opened)
		return write_sign_in(s, out);
	if (s->where == XMLTCP_UP && !s->is_asked &&
	    now_ms - s->asked_ms >= s->o.enquire_ms)
		return write_enquiry(s, now_ms, out);
	return false;
}

bool
xmltcp_session_next(struct xmltcp_session *s, int64_t now_ms, struct xmltcp_action *out)
{
	memset(out, 0, sizeof *out);
	sodium_memzero(s->scratch, sizeof s->scratch); /* it held the password */
	look_at_clock(s, now_ms);
	if (s->alarm) {
		s->alarm = false;
		out->act = XMLTCP_ACT_ALARM;
		return true;
	}
	if (s->to_close) {
		s->to_close = false;
		out->act = XMLTCP_ACT_CLOSE;
		return true;
	}
	return next_by_state(s, now_ms, out);
}

int64_t
xmltcp_session_wake(const struct xmltcp_session *s)
{
	switch (s->where) {
	case XMLTCP_UP:
		return s->asked_ms + (s->is_asked ? s->o.response_ms : s->o.enquire_ms);
	case XMLTCP_DOWN:
	case XMLTCP_CONNECTING:
	case XMLTCP_SIGNING_IN:
		return s->until_ms;
	case XMLTCP_ENDED:
		break;
	}
	return INT64_MAX;
}

const char *
xmltcp_where_name(enum xmltcp_where where)
{
	static const char *const names[] = {
		[XMLTCP_DOWN] = "down",
		[XMLTCP_CONNECTING] = "connecting",
		[XMLTCP_SIGNING_IN] = "signing_in",
		[XMLTCP_UP] = "up",
		[XMLTCP_ENDED] = "ended",
	};

	return names[where];
}
