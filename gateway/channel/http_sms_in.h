/*
 * http_sms_in - SMS of people, and delivery reports, over HTTP from the carriers of the
 * settings.
 *
 *   /sms/NAME[/SECRET]       an SMS: from (or sender), text, and an id if there is one
 *   /sms/NAME[/SECRET]/dlr   what became of one of ours
 *   /sms/NAME[/SECRET]/stopped   who told the carrier to send no more: from
 *
 * kannel    get-url = ".../sms/NAME/SECRET?from=%p&text=%b&id=%I&time=%T&coding=%c" with
 *           max-messages = 0 and omit-empty = true: our answer goes out by itself
 * infobip   JSON, several in one body
 * template  fields of a query or a form; reports also as .../dlr/sent, /delivered,
 *           /failed?id=
 */
#ifndef GATEWAY_CHANNEL_HTTP_SMS_IN_H
#define GATEWAY_CHANNEL_HTTP_SMS_IN_H

#include "config/settings.h"
#include "gateway/channel/at_sms.h"
#include "lib/http_server.h"
#include "lib/ids.h"

#include <stdint.h>

#define HTTP_SMS_IN_BODY_MAX 32768
#define HTTP_SMS_IN_MANY     16 /* in one body */

struct http_sms_post {
	const char *query, *body, *tail; /* tail: behind "dlr/" */
	size_t n;
};

/* ---- pure: NULL, or what is wrong in words for the sender ---- */

/* One SMS, the i-th of the body.  *more: there is another.  Without an id of theirs
 * sms_id is "", and `when` what tells it from the same words another time ("" unsaid). */
const char *http_sms_in_read(const struct settings_carrier *row,
                             const struct http_sms_post *post, unsigned i,
                             struct at_sms_in *out, char when[40], bool *more);
const char *http_sms_stopped_read(const struct http_sms_post *post, struct msisdn *from);
const char *http_sms_report_read(const struct settings_carrier *row,
                                 const struct http_sms_post *post, unsigned i,
                                 struct sms_report *out, bool *more);

/* ---- on the server ---- */

struct sms_dialog;
struct flow_env;

struct http_sms_in_counts {
	uint64_t received, reports, refused;
};

struct http_sms_in {
	const struct settings *settings;
	struct sms_dialog *dialog;
	struct flow_env *env;
	struct ids *ids;
	sms_report_take *report;
	void *report_arg;
	struct http_sms_in_counts counts[SETTINGS_CARRIERS_MAX]; /* as in the settings */
};

void http_sms_in_handle(void *http_sms_in, struct http_exchange *x); /* "/sms/" "*" */

#endif
