/*
 * hop - one exchange of a USSD session, the same for every telecom dialect.
 *
 * A channel adapter fills it from its own wire format and gives it to ussd/flow/dialog.h.
 * The input may hold a PIN: the adapter neither logs nor stores it, and wipes its own
 * copy.
 */
#ifndef USSD_CORE_HOP_H
#define USSD_CORE_HOP_H

#include "lib/msisdn.h"

#include <stdbool.h>
#include <stddef.h>

#define HOP_SESSION_SIZE 80
#define HOP_CODE_SIZE    32
#define HOP_NETWORK_SIZE 16
#define HOP_INPUT_MAX    1600 /* bytes; longer ones are refused by the adapter */

enum hop_kind {
	HOP_BEGIN,    /* somebody dialled                                     */
	HOP_CONTINUE, /* somebody answered a screen                           */
	HOP_END,      /* the session is over, as we said or as they chose     */
	HOP_ABORT,    /* the member hung up on an open screen                 */
	HOP_TIMEOUT,  /* the member did not answer in time                    */
	HOP_PUSH,     /* we open the session on her phone: no carrier sends it */
};

/* Is it answered with a screen? */
static inline bool
hop_is_answered(enum hop_kind kind)
{
	return kind == HOP_BEGIN || kind == HOP_CONTINUE || kind == HOP_PUSH;
}

struct hop {
	const char *channel;            /* static text: "at"                      */
	char session[HOP_SESSION_SIZE]; /* the carrier's session id; not empty */
	struct msisdn msisdn;
	char code[HOP_CODE_SIZE];       /* dialled service code: "*384*77#"       */
	char network[HOP_NETWORK_SIZE]; /* the carrier's name for it, "" if unsaid */
	char hop_id[HOP_SESSION_SIZE];  /* the carrier's id of this hop, "" if none */
	enum hop_kind kind;
	/* Borrowed; NUL-terminated.  With cumulative all that was typed in this session
	 * so far, joined by '*' as the carrier does it, and what was dialled behind the
	 * service code counts as typed.  Else the new part only; of a begin what was
	 * dialled behind the code, "1*2" or "1*2#", mostly nothing. */
	const char *input;
	size_t input_len;
	bool cumulative;
};

#endif
