/*
 * smpp_link - one bind of one operator on a real connection: smpp_session with a stream
 * below it and a clock beside it.
 *
 * It connects by itself, for ever, at the session's pace; one that is called waits for a
 * connection of the peer's.  Callbacks never come from
 * inside a call.
 */
#ifndef GATEWAY_CHANNEL_SMPP_LINK_H
#define GATEWAY_CHANNEL_SMPP_LINK_H

#include "gateway/channel/smpp/session.h"
#include "lib/loop.h"
#include "lib/stream.h"

struct smpp_link;

struct smpp_link_port {
	/* A deliver_sm or data_sm; smpp_link_reply must follow, once.  *pdu dies when the
	 * callback returns. */
	void (*message)(void *arg, struct smpp_link *link, const struct smpp_pdu *pdu,
	                const struct smpp_token *token);
	/* What became of a send, which is the caller's again. */
	void (*finished)(void *arg, struct smpp_send *send);
	void *arg;
};

struct smpp_link_options {
	const char *name; /* for the log; all texts are borrowed */
	struct smpp_session_options session;
	struct stream_options stream;
};

struct smpp_link *smpp_link_new(struct loop *loop, const struct smpp_link_options *o,
                                const struct smpp_link_port *port);
/* Sends that are not finished are forgotten; they are the caller's to free. */
void smpp_link_free(struct smpp_link *link);
void smpp_link_send(struct smpp_link *link, struct smpp_send *send);
void smpp_link_reply(struct smpp_link *link, const struct smpp_token *token,
                     uint32_t status);
/* The peer has connected to us.  True: fd is the link's now; false: it is not called, or
 * not free. */
bool smpp_link_called(struct smpp_link *link, int fd);
/* Unbinds once what is under way is answered; cb(arg) then. */
void smpp_link_drain(struct smpp_link *link, loop_cb *cb, void *arg);
void smpp_link_pause(struct smpp_link *link, bool paused);
/* To look at. */
const struct smpp_session *smpp_link_session(const struct smpp_link *link);

#endif
