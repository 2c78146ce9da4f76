/*
 * sms_dialog - an inbound SMS and its answer.
 *
 * STOP, HELP, BALANCE, PRICE and RECEIPT code, in every language of the menus.  The
 * answer is an SMS: an outbox row for a member (its id follows from the carrier's id of
 * the inbound SMS, so a repeated delivery answers once), else given straight to the
 * sender port.  Who sends an SMS is only a claim: LOAN and PAY say what it would cost,
 * and are confirmed on USSD.  With sms.codes YES and the code that we sent to that number
 * confirms PAY too, which asks the wallet; nothing else moves money.  The text is never
 * logged; it may hold a PIN.
 */
#ifndef USSD_FLOW_SMS_DIALOG_H
#define USSD_FLOW_SMS_DIALOG_H

#include "lib/err.h"
#include "lib/msisdn.h"
#include "ussd/core/hop.h"

#include <stddef.h>

struct sms_dialog;
struct flow_env;
struct menu_program;
struct redis;

struct sms_in {
	const char *channel;           /* static text: "at"           */
	char sms_id[HOP_SESSION_SIZE]; /* the carrier's id; not empty */
	struct msisdn from;
	const char *text; /* borrowed */
	size_t text_len;
};

/* Sends one SMS now to somebody who is no member; nobody waits for the outcome. */
typedef void sms_send_now(void *arg, const struct msisdn *to, const char *text);

struct sms_dialog_deps {
	struct flow_env *env;
	struct redis *redis;
	const struct menu_program *menu;
	sms_send_now *send; /* may be NULL: strangers get no answer */
	void *send_arg;
};

/* err ERR_NONE: read and answered (or answered before).  Else: deliver it again. */
typedef void sms_dialog_cb(void *arg, const struct err *err);

struct sms_dialog *sms_dialog_new(const struct sms_dialog_deps *deps);
void sms_dialog_free(struct sms_dialog *d); /* messages under way: ERR_SHUTDOWN first */
void sms_dialog_set_menu(struct sms_dialog *d, const struct menu_program *menu);
/* Keeps of the text only what it asks for.  Calls cb exactly once, never from inside this
 * call. */
void sms_dialog_receive(struct sms_dialog *d, const struct sms_in *in, sms_dialog_cb *cb,
                        void *arg);

#endif
