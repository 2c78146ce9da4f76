/*
 * at_sms - Africa's Talking SMS in: messages of people, and delivery reports.
 *
 * POST /sms/at      id from to text date     an SMS somebody sent us
 * POST /sms/at/dlr  id status phoneNumber    what became of one of ours
 * (with at.secret_file: /sms/at/SECRET and /sms/at/SECRET/dlr)
 */
#ifndef GATEWAY_CHANNEL_AT_SMS_H
#define GATEWAY_CHANNEL_AT_SMS_H

#include "config/settings.h"
#include "gateway/channel/at_read.h"
#include "lib/http_server.h"
#include "payments/flow/outbox.h"

#include <stdint.h>

/* What became of an SMS for good.  False: it cannot be kept now, and has to come again.
 * True: cb(cb_arg, ...) says whether it was, once, never from inside this call. */
typedef bool sms_report_take(void *arg, const struct sms_report *report, report_cb *cb,
                             void *cb_arg);

struct sms_dialog;

struct at_sms {
	const struct settings *settings;
	struct sms_dialog *dialog;
	sms_report_take *report;
	void *report_arg;

	struct {
		uint64_t received, reports, refused;
	} count;
};

void at_sms_handle(void *at_sms, struct http_exchange *x); /* POST "/sms/at" and more */

#endif
