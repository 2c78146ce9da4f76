/*
 * smpp_carrier - one operator reached by SMPP: its binds, our SMS to it, and all that
 * comes from it: receipts, SMS of people, USSD hops.
 *
 *   outbox --SMS--> parts --> a bind by the number's hash --> answers --> one answer
 *   deliver_sm --> a receipt? --> report
 *              --> USSD?      --> dialog --> submit_sm, before all SMS
 *              --> an SMS     --> joined --> sms_dialog --> deliver_sm_resp
 *   push --> dialog --> submit_sm that opens a session --> her first answer, or nothing
 *
 * A number keeps to one bind, so order is kept for each; where that bind is down and has
 * nothing of the number's waiting, another takes over.  A message the peer brings again
 * over a new connection, because our answer was lost, is known again and has the same id.
 */
#ifndef GATEWAY_CHANNEL_SMPP_CARRIER_H
#define GATEWAY_CHANNEL_SMPP_CARRIER_H

#include "config/settings.h"
#include "gateway/channel/carrier.h"
#include "gateway/channel/smpp/link.h"
#include "lib/err.h"
#include "lib/ids.h"
#include "lib/loop.h"
#include "payments/flow/outbox.h"
#include "ussd/flow/dialog.h"

struct smpp_carrier;
struct sms_dialog;

/* As outbox_report. */
typedef bool smpp_report_take(void *arg, const char *carrier_id, enum report_state state,
                              const char *reason, report_cb *cb, void *cb_arg);

struct smpp_deps {
	struct loop *loop;
	struct ids *ids;
	struct dialog *dialog;
	struct sms_dialog *sms_dialog;
	const char *service_code; /* of operators that name none of their own */
	smpp_report_take *report; /* final states only */
	void *report_arg;
};

/* Borrows both; begins to connect at once.  NULL with *err set: a setting is wrong. */
struct smpp_carrier *smpp_carrier_new(const struct smpp_deps *deps,
                                      const struct settings_smpp *settings,
                                      struct err *err);
/* What is wrong with the settings; NULL if nothing. */
const char *smpp_carrier_fault(const struct settings_smpp *settings);
/* Unbinds; cb(arg) when all binds have ended.  SMS that come later are SMS_AGAIN. */
void smpp_carrier_drain(struct smpp_carrier *c, loop_cb *cb, void *arg);
/* SMS under way are told SMS_AGAIN first.  NULL is fine. */
void smpp_carrier_free(struct smpp_carrier *c);
void smpp_carrier_pause(struct smpp_carrier *c, bool paused);

/* struct carrier's send and is_up.  An SMS of more than one part has a carrier_id of all
 * their ids, by spaces. */
void smpp_carrier_send(void *carrier, const struct carrier_sms *sms, carrier_cb *cb,
                       void *arg);
bool smpp_carrier_is_up(const void *carrier);

/* ---- sessions that we open (push.c) ---- */

enum smpp_push_end {
	SMPP_PUSH_ANSWERED, /* she typed: the dialog goes on with her                 */
	SMPP_PUSH_NOT,      /* nothing was opened, or she closed it                   */
	SMPP_PUSH_UNKNOWN,  /* no answer in push_wait: she may have seen it           */
	SMPP_PUSH_STOPPED,  /* all is being freed                                     */
};

typedef void smpp_push_cb(void *arg, enum smpp_push_end how, const char *why);

/* Does it open sessions, and is a bind there to open one?  numbers are those of the
 * settings. */
bool smpp_carrier_can_push(const struct smpp_carrier *c);
const char *smpp_carrier_numbers(const struct smpp_carrier *c);
/* Channel and session of *what are ours to fill.  Calls cb exactly once, within
 * push_wait, never from inside. */
void smpp_carrier_push(struct smpp_carrier *c, const struct dialog_push *what,
                       smpp_push_cb *cb, void *arg);
/* Nobody waits for answers any more: those under way end so, later ones SMPP_PUSH_NOT. */
void smpp_carrier_push_end(struct smpp_carrier *c, enum smpp_push_end how);

/* ---- to look at ---- */

const char *smpp_carrier_name(const struct smpp_carrier *c);
unsigned smpp_carrier_links(const struct smpp_carrier *c);
const struct smpp_session *smpp_carrier_session(const struct smpp_carrier *c, unsigned i);

struct smpp_carrier_counts {
	uint64_t sms_in, receipts, hops, screens_lost, unreadable;
	uint64_t left; /* people's SMS in parts that never came whole      */
	uint64_t pushes, pushes_answered, pushes_refused, pushes_silent;
	uint64_t promised, reported; /* final receipts: of parts taken; that have come */
	bool paused;
};

void smpp_carrier_read_counts(const struct smpp_carrier *c,
                              struct smpp_carrier_counts *out);

#endif
