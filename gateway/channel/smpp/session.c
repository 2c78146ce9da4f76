#include "gateway/channel/smpp/session.h"

#include "gateway/channel/smpp/session_write.h"
#include "gateway/channel/smpp/status.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define UNBIND_MS 3000

/* ---- start and end ---- */

void
smpp_session_init(struct smpp_session *s, const struct smpp_session_options *o,
                  int64_t now_ms)
{
	memset(s, 0, sizeof *s);
	s->o = *o;
	s->chance = o->seed | 1;
	s->why = "";
	s->until_ms = o->called ? INT64_MAX : now_ms;
	smpp_window_init(&s->window, &o->window, o->seed ^ 0x9e3779b97f4a7c15u);
}

static void
go_down(struct smpp_session *s, const char *why, int64_t now_ms)
{
	s->count.losses += s->where == SMPP_BOUND;
	s->why = why;
	s->epoch++;
	s->reply_count = 0;
	s->in_hand = 0;
	s->enquire_sequence = s->bind_sequence = 0;
	s->opened = s->leaves = false;
	smpp_window_lose(&s->window);
	if (s->drains) {
		s->where = SMPP_ENDED;
		return;
	}
	s->where = SMPP_DOWN;
	s->until_ms =
	    s->o.called ? INT64_MAX : redial_when(&s->redial, &s->chance, now_ms);
}

static bool
is_up(const struct smpp_session *s)
{
	return s->where == SMPP_BINDING || s->where == SMPP_BOUND ||
	       s->where == SMPP_UNBINDING;
}

/* We end the connection. */
static void
drop(struct smpp_session *s, const char *why, int64_t now_ms)
{
	go_down(s, why, now_ms);
	s->to_close = true;
}

void
smpp_session_connected(struct smpp_session *s, int64_t now_ms)
{
	if (s->where != SMPP_CONNECTING)
		return;
	s->where = SMPP_BINDING;
	s->opened = true;
	s->heard_ms = now_ms;
	s->until_ms = now_ms + s->o.bind_ms;
}

bool
smpp_session_called(struct smpp_session *s, int64_t now_ms)
{
	if (!s->o.called || s->where != SMPP_DOWN || s->to_close)
		return false;
	s->where = SMPP_CALLED;
	s->until_ms = now_ms + s->o.bind_ms;
	return true;
}

void
smpp_session_lost(struct smpp_session *s, const char *why, int64_t now_ms)
{
	if (s->where != SMPP_DOWN && s->where != SMPP_ENDED)
		go_down(s, why, now_ms);
}

void
smpp_session_drain(struct smpp_session *s)
{
	s->drains = true;
	smpp_window_empty(&s->window);
	if (s->where == SMPP_DOWN || s->where == SMPP_CONNECTING ||
	    s->where == SMPP_CALLED) {
		s->to_close = s->where != SMPP_DOWN;
		s->where = SMPP_ENDED;
	}
}

void
smpp_session_pause(struct smpp_session *s, bool paused)
{
	s->paused = paused;
}

void
smpp_session_send(struct smpp_session *s, struct smpp_send *send)
{
	smpp_window_add(&s->window, send);
	if (s->drains)
		smpp_window_empty(&s->window);
}

/* ---- what the peer says ---- */

static void
reply(struct smpp_session *s, uint32_t command, uint32_t status, uint32_t sequence)
{
	unsigned at = (s->reply_first + s->reply_count) % SMPP_REPLIES_MAX;

	if (s->reply_count == SMPP_REPLIES_MAX)
		return; /* nobody asked us what to do for so long: the peer asks again */
	s->replies[at] = (struct smpp_reply){ command, status, sequence };
	s->reply_count++;
}

void
smpp_session_reply(struct smpp_session *s, const struct smpp_token *token,
                   uint32_t status)
{
	if (token->epoch != s->epoch || !is_up(s))
		return;
	s->in_hand--;
	reply(s, token->command | SMPP_RESPONSE, status, token->sequence);
}

static void
take_bound(struct smpp_session *s, const struct smpp_pdu *p, int64_t now_ms)
{
	s->bind_sequence = 0;
	s->bind_status = p->status;
	if (p->status == SMPP_OK) {
		s->where = SMPP_BOUND;
		redial_up(&s->redial, now_ms);
		s->count.binds++;
		return;
	}
	s->count.refused_binds++;
	if (smpp_status_stops_bind(p->status)) {
		redial_refused(&s->redial);
		s->alarm = true;
	}
	drop(s, "bind refused", now_ms);
}

static void
take_answer(struct smpp_session *s, const struct smpp_pdu *p, int64_t now_ms)
{
	struct smpp_window_answer a = { p->sequence, p->status, p->message_id };

	smpp_window_answer(&s->window, &a, now_ms);
	if (p->status == SMPP_WRONG_BIND_STATE && s->where == SMPP_BOUND)
		drop(s, "the peer says we are not bound", now_ms);
}

static void
take_response(struct smpp_session *s, const struct smpp_pdu *p, int64_t now_ms)
{
	const struct smpp_tlv *t = smpp_tlv_find(p, SMPP_TAG_CONGESTION_STATE);

	if (t != NULL && t->length == 1)
		smpp_window_congestion(&s->window, t->value[0], now_ms);
	if (s->bind_sequence != 0 && p->sequence == s->bind_sequence &&
	    s->where == SMPP_BINDING) {
		if (p->command == SMPP_GENERIC_NACK && p->status == SMPP_OK)
			drop(s, "bind refused", now_ms);
		else
			take_bound(s, p, now_ms);
		return;
	}
	switch (p->command) {
	case SMPP_UNBIND | SMPP_RESPONSE:
		if (s->where == SMPP_UNBINDING)
			drop(s, "unbound", now_ms);
		return;
	case SMPP_GENERIC_NACK:
		s->count.nacks++;
		take_answer(s, p, now_ms);
		return;
	case SMPP_SUBMIT_SM | SMPP_RESPONSE:
	case SMPP_DATA_SM | SMPP_RESPONSE:
		take_answer(s, p, now_ms);
		return;
	default: /* enquire_link_resp: that something came is its message */
		return;
	}
}

static bool
take_message(struct smpp_session *s, const struct smpp_pdu *p, struct smpp_token *token)
{
	uint32_t answer = p->command | SMPP_RESPONSE;

	if (s->where == SMPP_BINDING) {
		reply(s, answer, SMPP_WRONG_BIND_STATE, p->sequence);
		return false;
	}
	if (s->in_hand >= SMPP_IN_HAND_MAX) {
		s->count.busy++;
		reply(s, answer, SMPP_TEMPORARY, p->sequence);
		return false;
	}
	s->count.received++;
	s->in_hand++;
	*token = (struct smpp_token){ s->epoch, p->command, p->sequence };
	return true;
}

static bool
take_request(struct smpp_session *s, const struct smpp_pdu *p, struct smpp_token *token)
{
	switch (p->command) {
	case SMPP_DELIVER_SM:
	case SMPP_DATA_SM:
		return take_message(s, p, token);
	case SMPP_ENQUIRE_LINK:
		reply(s, p->command | SMPP_RESPONSE, SMPP_OK, p->sequence);
		return false;
	case SMPP_UNBIND:
		reply(s, p->command | SMPP_RESPONSE, SMPP_OK, p->sequence);
		s->leaves = true;
		return false;
	case SMPP_ALERT: /* has no answer */
		return false;
	default: /* what only a client asks */
		reply(s, SMPP_GENERIC_NACK, SMPP_INVALID_COMMAND, p->sequence);
		return false;
	}
}

/* The first thing a caller says. */
static void
take_outbind(struct smpp_session *s, const struct smpp_pdu *p, enum smpp_fault fault,
             int64_t now_ms)
{
	char password[sizeof p->password] = { 0 };
	bool is_them;

	snprintf(password, sizeof password, "%s", s->o.their_password);
	is_them = fault == SMPP_READ && p->command == SMPP_OUTBIND &&
	          strcmp(p->system_id, s->o.their_id) == 0 &&
	          sodium_memcmp(p->password, password, sizeof password) == 0;
	explicit_bzero(password, sizeof password);
	if (!is_them) {
		s->count.refused_binds++;
		drop(s, "an outbind that is not theirs", now_ms);
		return;
	}
	s->where = SMPP_CONNECTING;
	smpp_session_connected(s, now_ms);
}

bool
smpp_session_take(struct smpp_session *s, const struct smpp_pdu *p, enum smpp_fault fault,
                  int64_t now_ms, struct smpp_token *token)
{
	bool is_response = (p->command & SMPP_RESPONSE) != 0;

	if (s->where == SMPP_CALLED)
		take_outbind(s, p, fault, now_ms);
	if (!is_up(s) || p->command == SMPP_OUTBIND)
		return false;
	s->heard_ms = now_ms;
	s->enquire_sequence = 0;
	if (fault == SMPP_READ && is_response) {
		take_response(s, p, now_ms);
		return false;
	}
	if (fault == SMPP_READ)
		return take_request(s, p, token);
	s->count.faults++;
	if (fault == SMPP_FAULT_COMMAND && is_response)
		return false; /* an answer to what we never asked */
	reply(s,
	      fault == SMPP_FAULT_COMMAND ? SMPP_GENERIC_NACK
	                                  : p->command | SMPP_RESPONSE,
	      smpp_fault_status(fault), p->sequence);
	return false;
}

/* ---- what to do ---- */

static bool
write_enquiry(struct smpp_session *s, int64_t now_ms, struct smpp_action *out)
{
	struct smpp_reply r = { SMPP_ENQUIRE_LINK, 0, smpp_next_sequence(s) };

	s->enquire_sequence = r.sequence;
	s->enquired_ms = now_ms;
	return smpp_write_bare(s, &r, out);
}

static bool
write_unbind(struct smpp_session *s, int64_t now_ms, struct smpp_action *out)
{
	struct smpp_reply r = { SMPP_UNBIND, 0, smpp_next_sequence(s) };

	s->where = SMPP_UNBINDING;
	s->until_ms = now_ms + UNBIND_MS;
	return smpp_write_bare(s, &r, out);
}

/* Time has passed: what is late, what is over. */
static void
look_at_clock(struct smpp_session *s, int64_t now_ms)
{
	bool overdue = smpp_window_expire(&s->window, now_ms);

	if (s->leaves && s->reply_count == 0)
		drop(s, "the peer unbound", now_ms);
	else if (s->where == SMPP_CONNECTING && now_ms >= s->until_ms)
		drop(s, "no connection in time", now_ms);
	else if (s->where == SMPP_CALLED && now_ms >= s->until_ms)
		drop(s, "no outbind in time", now_ms);
	else if (s->where == SMPP_BINDING && now_ms >= s->until_ms)
		drop(s, "no answer to the bind", now_ms);
	else if (s->where == SMPP_UNBINDING && now_ms >= s->until_ms)
		drop(s, "unbound", now_ms);
	else if (s->where == SMPP_BOUND && s->enquire_sequence != 0 &&
	         now_ms - s->enquired_ms >= s->o.window.response_ms)
		drop(s, "the peer is silent", now_ms);
	else if (overdue) /* is it still there?  Asked at once */
		s->heard_ms = INT64_MIN / 2;
}

static bool
may_send(const struct smpp_session *s)
{
	return s->where == SMPP_BOUND && !s->paused && !s->leaves &&
	       s->o.mode != SMPP_RECEIVER;
}

static bool
next_bound(struct smpp_session *s, int64_t now_ms, struct smpp_action *out)
{
	if (s->enquire_sequence == 0 && now_ms - s->heard_ms >= s->o.enquire_ms)
		return write_enquiry(s, now_ms, out);
	if (may_send(s)) {
		uint32_t before = s->sequence;

		out->send = smpp_window_pick(&s->window, smpp_next_sequence(s), now_ms);
		if (out->send != NULL) {
			out->act = SMPP_ACT_WRITE;
			out->bytes = out->send->bytes;
			out->len = out->send->len;
			return true;
		}
		s->sequence = before;
	}
	if (s->drains && s->window.in_flight == 0 && s->in_hand == 0)
		return write_unbind(s, now_ms, out);
	return false;
}

static bool
next_by_state(struct smpp_session *s, int64_t now_ms, struct smpp_action *out)
{
	if (s->where == SMPP_DOWN && now_ms >= s->until_ms) {
		s->where = SMPP_CONNECTING;
		s->until_ms = now_ms + s->o.bind_ms;
		out->act = SMPP_ACT_CONNECT;
		return true;
	}
	if (s->where == SMPP_BINDING && s->opened)
		return smpp_write_bind(s, out);
	return s->where == SMPP_BOUND && next_bound(s, now_ms, out);
}

bool
smpp_session_next(struct smpp_session *s, int64_t now_ms, struct smpp_action *out)
{
	memset(out, 0, sizeof *out);
	look_at_clock(s, now_ms);
	if (s->reply_count > 0) {
		struct smpp_reply r = s->replies[s->reply_first];

		s->reply_first = (s->reply_first + 1) % SMPP_REPLIES_MAX;
		s->reply_count--;
		return smpp_write_bare(s, &r, out);
	}
	out->send = smpp_window_finished(&s->window);
	if (out->send != NULL) {
		out->act = SMPP_ACT_FINISHED;
		return true;
	}
	if (s->alarm) {
		s->alarm = false;
		out->act = SMPP_ACT_ALARM;
		return true;
	}
	if (s->to_close) {
		s->to_close = false;
		out->act = SMPP_ACT_CLOSE;
		return true;
	}
	return next_by_state(s, now_ms, out);
}

int64_t
smpp_session_wake(const struct smpp_session *s)
{
	int64_t wake = smpp_window_wake(&s->window, may_send(s));
	int64_t at = INT64_MAX;

	if (s->where == SMPP_BOUND)
		at = s->enquire_sequence != 0 ? s->enquired_ms + s->o.window.response_ms
		                              : s->heard_ms + s->o.enquire_ms;
	else if (s->where != SMPP_ENDED)
		at = s->until_ms;
	return at < wake ? at : wake;
}

const char *
smpp_where_name(enum smpp_where where)
{
	static const char *const names[] = {
		[SMPP_DOWN] = "down",           [SMPP_CONNECTING] = "connecting",
		[SMPP_BINDING] = "binding",     [SMPP_BOUND] = "bound",
		[SMPP_UNBINDING] = "unbinding", [SMPP_ENDED] = "ended",
		[SMPP_CALLED] = "called",
	};

	return names[where];
}

const char *
smpp_mode_name(enum smpp_mode mode)
{
	static const char *const names[] = {
		[SMPP_TRANSCEIVER] = "transceiver",
		[SMPP_TRANSMITTER] = "transmitter",
		[SMPP_RECEIVER] = "receiver",
	};

	return names[mode];
}
