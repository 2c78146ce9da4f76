/*
 * smpp_session - one bind: a machine that is told what happens and says what to do.
 *
 *   DOWN --its time--> CONNECTING --up--> BINDING --ok--> BOUND --drained--> UNBINDING
 *     ^                    |                 |               |                   |
 *     `----- back-off -----'--- refused -----'--- lost ------'       ENDED <-----'
 *
 * A bind that is called (outbind) never connects: DOWN --they connect--> CALLED --outbind
 * that shows their name and password--> BINDING, on that connection.
 *
 * Whoever holds it (smpp_link) tells it of the connection, of each PDU, and of what is to
 * be sent; then asks smpp_session_next until nothing is left to do, and again at
 * smpp_session_wake.  It answers the peer's questions itself, asks whether the peer still
 * lives, pauses as the window says, and never binds in a hot loop: after a refusal that
 * only a person can mend it waits for minutes and raises an alarm.
 *
 * Pure: time is a parameter (monotonic ms), chance a seed; no allocation.
 */
#ifndef GATEWAY_CHANNEL_SMPP_SESSION_H
#define GATEWAY_CHANNEL_SMPP_SESSION_H

#include "gateway/channel/smpp/pdu.h"
#include "gateway/channel/smpp/window.h"
#include "lib/redial.h"

#define SMPP_REPLIES_MAX 320 /* all in hand at once, and more */
#define SMPP_IN_HAND_MAX 256 /* messages of the peer that we have not answered yet */

enum smpp_mode { SMPP_TRANSCEIVER, SMPP_TRANSMITTER, SMPP_RECEIVER };

struct smpp_session_options {
	enum smpp_mode mode;
	const char *system_id, *password, *system_type, *range; /* borrowed */
	uint8_t interface_version, ton, npi;
	struct smpp_window_options window;
	int64_t bind_ms;    /* to connect, and again to be bound        */
	int64_t enquire_ms; /* silence after which the peer is asked    */
	uint64_t seed;
	bool called; /* the peer connects, and says outbind with these; borrowed */
	const char *their_id, *their_password;
};

enum smpp_where {
	SMPP_DOWN,
	SMPP_CONNECTING,
	SMPP_CALLED,
	SMPP_BINDING,
	SMPP_BOUND,
	SMPP_UNBINDING,
	SMPP_ENDED,
};

struct smpp_reply {
	uint32_t command, status, sequence;
};

/* A message of the peer that waits for our answer. */
struct smpp_token {
	uint32_t epoch; /* which connection it came by */
	uint32_t command, sequence;
};

struct smpp_session {
	struct smpp_session_options o;
	struct smpp_window window;
	enum smpp_where where;
	const char *why; /* of the last loss: static text */
	uint32_t epoch;  /* of connections */
	uint32_t sequence;
	uint32_t bind_sequence, enquire_sequence; /* 0: none open */
	int64_t until_ms; /* DOWN: connect then; else: what is awaited is late then */
	int64_t heard_ms; /* the peer's last PDU */
	int64_t enquired_ms;
	struct redial redial;
	uint64_t chance;
	unsigned in_hand;
	bool opened; /* connected; the bind request has not left yet      */
	bool paused; /* by a person: nothing new is sent                  */
	bool drains; /* on its way to the end                             */
	bool leaves; /* the peer unbound: close once it has our answer    */
	bool to_close, alarm;
	uint32_t bind_status; /* of the last answer to a bind */

	unsigned reply_count, reply_first;
	struct smpp_reply replies[SMPP_REPLIES_MAX];
	uint8_t scratch[192]; /* a PDU of our own, written */

	struct {
		uint64_t binds, refused_binds, losses, received, busy, nacks, faults;
	} count;
};

void smpp_session_init(struct smpp_session *s, const struct smpp_session_options *o,
                       int64_t now_ms);

/* ---- what happens ---- */

void smpp_session_connected(struct smpp_session *s, int64_t now_ms);
/* The peer has connected.  False: this bind is not called, or not free. */
bool smpp_session_called(struct smpp_session *s, int64_t now_ms);
/* The connection is gone, or was never made; why is static text. */
void smpp_session_lost(struct smpp_session *s, const char *why, int64_t now_ms);
/* One PDU, as smpp_pdu_read left it.  True: it is a message for us (deliver_sm or
 * data_sm); smpp_session_reply must follow, once, with this token. */
bool smpp_session_take(struct smpp_session *s, const struct smpp_pdu *pdu,
                       enum smpp_fault fault, int64_t now_ms, struct smpp_token *token);
/* Our answer to a message.  Dropped if its connection is gone: the peer brings it again.
 */
void smpp_session_reply(struct smpp_session *s, const struct smpp_token *token,
                        uint32_t status);
void smpp_session_send(struct smpp_session *s, struct smpp_send *send);
/* No new sends; what is under way is awaited; then unbinds and ends. */
void smpp_session_drain(struct smpp_session *s);
void smpp_session_pause(struct smpp_session *s, bool paused);

/* ---- what to do ---- */

enum smpp_act {
	SMPP_ACT_CONNECT,
	SMPP_ACT_CLOSE,    /* after what was written has left; may repeat what is done */
	SMPP_ACT_WRITE,    /* bytes                                                    */
	SMPP_ACT_FINISHED, /* send                                                     */
	SMPP_ACT_ALARM,    /* s->bind_status: a person has to look                     */
};

struct smpp_action {
	enum smpp_act act;
	const uint8_t *bytes; /* until the session is touched again */
	size_t len;
	struct smpp_send *send;
};

/* The next thing to do, taken as done; false: nothing now. */
bool smpp_session_next(struct smpp_session *s, int64_t now_ms, struct smpp_action *out);
/* When to ask again at the latest; INT64_MAX: when something happens. */
int64_t smpp_session_wake(const struct smpp_session *s);

const char *smpp_where_name(enum smpp_where where); /* "bound" */
const char *smpp_mode_name(enum smpp_mode mode);    /* "transceiver" */

#endif
