/* session_write - the PDUs a session writes of its own accord, into its scratch; for
 * session.c only.  False: it does not fit. */
#ifndef GATEWAY_CHANNEL_SMPP_SESSION_WRITE_H
#define GATEWAY_CHANNEL_SMPP_SESSION_WRITE_H

#include "gateway/channel/smpp/session.h"

uint32_t smpp_next_sequence(struct smpp_session *s);
/* A header alone: an answer, enquire_link, unbind. */
bool smpp_write_bare(struct smpp_session *s, const struct smpp_reply *r,
                     struct smpp_action *out);
/* The bind request of its mode. */
bool smpp_write_bind(struct smpp_session *s, struct smpp_action *out);

#endif
