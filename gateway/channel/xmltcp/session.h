/*
 * xmltcp_session - one link of XML over TCP: a machine that is told what happens and says
 * what to do.
 *
 *   DOWN --its time--> CONNECTING --up--> SIGNING_IN --AUTHResponse--> UP --drained--.
 *     ^                    |                  |                         |            |
 *     `----- back-off -----'--- refused ------'--- lost, silent --------'   ENDED <--'
 *
 * Whoever holds it (xmltcp_link) tells it of the connection and of each packet, and asks
 * xmltcp_session_next until nothing is left to do, and again at xmltcp_session_wake.  It
 * answers enquiries and faults itself, asks whether the peer still lives, and never signs
 * in in a hot loop: a wrong password waits for minutes and raises an alarm.
 *
 * A hop is in hand until it is answered.  Where the network ends a session while its hop
 * is in hand, the late screen is dropped: sent, it would answer the notice, which has
 * the hop's own requestId.
 *
 * Pure: time is a parameter (monotonic ms), chance a seed; no allocation.
 */
#ifndef GATEWAY_CHANNEL_XMLTCP_SESSION_H
#define GATEWAY_CHANNEL_XMLTCP_SESSION_H

#include "gateway/channel/xmltcp/packet.h"
#include "lib/redial.h"

#include <stdbool.h>

#define XMLTCP_IN_HAND_MAX 256 /* hops of theirs that we have not answered yet */

struct xmltcp_session_options {
	const char *name; /* hops' channel; all texts are borrowed */
	const char *user, *password, *application, *country;
	const char *service_code; /* what people dial to reach us, "*384*77#" */
	const char *goodbye; /* the answer to a notice that a session is over; "" none */
	int64_t connect_ms;  /* to connect, and again to be signed in     */
	int64_t enquire_ms;  /* between our questions whether it lives    */
	int64_t response_ms; /* for its answer                            */
	uint64_t seed;
};

enum xmltcp_where {
	XMLTCP_DOWN,
	XMLTCP_CONNECTING,
	XMLTCP_SIGNING_IN,
	XMLTCP_UP,
	XMLTCP_ENDED,
};

/* How a hop is answered. */
struct xmltcp_back {
	uint64_t token; /* 0: the place is free */
	bool over;      /* the network ended the session meanwhile */
	char session[XMLTCP_SESSION_SIZE];
	char request[36], msisdn[24], star_code[24], client[36];
};

struct xmltcp_session {
	struct xmltcp_session_options o;
	enum xmltcp_where where;
	const char *why;  /* of the last loss: static text */
	int64_t until_ms; /* DOWN: connect then; else: what is awaited is late then */
	int64_t asked_ms; /* our last enquiry */
	bool is_asked;    /* it has no answer yet */
	struct redial redial;
	unsigned faults; /* in a row */
	uint64_t chance, tokens;
	unsigned in_hand;
	bool opened; /* connected; the AUTHRequest has not left yet */
	bool paused; /* by a person: no new sessions                */
	bool drains; /* on its way to the end                       */
	bool to_close, alarm;
	char refusal[8]; /* errorCode of the last AUTHError */
	struct xmltcp_back back[XMLTCP_IN_HAND_MAX];
	char scratch[2048]; /* a packet of our own, written */

	struct {
		uint64_t logins, refused_logins, losses;
		uint64_t hops, notices, repeats, refused, late;
		uint64_t faults, errors, strays; /* theirs: unreadable, USSDError,
		                                  * answers to what was over already */
	} count;
};

void xmltcp_session_init(struct xmltcp_session *s, const struct xmltcp_session_options *o,
                         int64_t now_ms);

/* ---- what happened ---- */

void xmltcp_session_connected(struct xmltcp_session *s, int64_t now_ms);
/* The connection is gone, or was never made; why is static text. */
void xmltcp_session_lost(struct xmltcp_session *s, const char *why, int64_t now_ms);

enum xmltcp_taken {
	XMLTCP_NOTHING,
	XMLTCP_HOP,    /* for the dialog; xmltcp_session_answer must follow, once   */
	XMLTCP_NOTICE, /* for the dialog too: a session is over; no answer is awaited */
};

struct xmltcp_arrival {
	uint64_t token;
	struct hop hop;  /* its input points into the packet */
	const char *why; /* of what was refused; else NULL */
};

/* One packet, as xmltcp_read left it.  What is to be sent at once is added to `say`. */
enum xmltcp_taken xmltcp_session_take(struct xmltcp_session *s,
                                      const struct xmltcp_packet *p,
                                      enum xmltcp_fault fault, int64_t now_ms,
                                      struct xmltcp_arrival *out, struct buf *say);
/* The screen for a hop, added to `say`; nothing if its session or connection is gone. */
void xmltcp_session_answer(struct xmltcp_session *s, uint64_t token, const char *screen,
                           bool is_last, struct buf *say);
/* Every hop is refused; what is in hand is awaited; then it ends. */
void xmltcp_session_drain(struct xmltcp_session *s);
/* Paused, new sessions are refused and those that are open go on. */
void xmltcp_session_pause(struct xmltcp_session *s, bool paused);

/* ---- what to do ---- */

enum xmltcp_act {
	XMLTCP_ACT_CONNECT,
	XMLTCP_ACT_CLOSE, /* after what was written has left; may repeat what is done */
	XMLTCP_ACT_WRITE, /* bytes */
	XMLTCP_ACT_ALARM, /* s->refusal: a person has to look */
};

struct xmltcp_action {
	enum xmltcp_act act;
	const char *bytes; /* until the session is touched again */
	size_t len;
};

/* The next thing to do, taken as done; false: nothing now. */
bool xmltcp_session_next(struct xmltcp_session *s, int64_t now_ms,
                         struct xmltcp_action *out);
/* When to ask again at the latest; INT64_MAX: when something happens. */
int64_t xmltcp_session_wake(const struct xmltcp_session *s);

const char *xmltcp_where_name(enum xmltcp_where where); /* "signing_in" */

#endif
