/*
 * xmltcp_link - an operator's USSD gateway by XML over TCP, on a real connection:
 * xmltcp_session with a stream below it, a clock beside it and the dialog behind it.
 *
 *   USSDRequest --> hop --> dialog --> USSDResponse
 *
 * It connects by itself, for ever, at the session's pace.  What was typed goes to the
 * dialog and nowhere else: it is wiped here and never logged.
 */
#ifndef GATEWAY_CHANNEL_XMLTCP_LINK_H
#define GATEWAY_CHANNEL_XMLTCP_LINK_H

#include "config/settings.h"
#include "gateway/channel/hop_memory.h"
#include "gateway/channel/xmltcp/session.h"
#include "lib/err.h"
#include "lib/ids.h"
#include "lib/loop.h"

struct xmltcp_link;
struct dialog;

struct xmltcp_deps {
	struct loop *loop;
	struct ids *ids;
	struct dialog *dialog;
	const char *service_code;  /* of entries that name none of their own */
	struct hop_memory *memory; /* the network's second copy of a hop is known by it */
};

/* Borrows what deps points to, and settings; begins to connect at once.  NULL with *err
 * set: a setting is wrong. */
struct xmltcp_link *xmltcp_link_new(const struct xmltcp_deps *deps,
                                    const struct settings_xmltcp *settings,
                                    struct err *err);
/* What is wrong with the i-th entry; NULL if nothing. */
const char *xmltcp_link_fault(const struct settings *settings, unsigned i);
/* After the dialog, which answers what is under way.  NULL is fine. */
void xmltcp_link_free(struct xmltcp_link *link);
/* Ends once what is in hand is answered; cb(arg) then. */
void xmltcp_link_drain(struct xmltcp_link *link, loop_cb *cb, void *arg);
void xmltcp_link_pause(struct xmltcp_link *link, bool paused);
/* To look at. */
const struct xmltcp_session *xmltcp_link_session(const struct xmltcp_link *link);
const char *xmltcp_link_name(const struct xmltcp_link *link);

#endif
