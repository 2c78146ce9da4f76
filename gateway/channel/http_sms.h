/*
 * http_sms - an SMS out by somebody's HTTP: Kannel, Infobip, or any other by template.
 *
 * Kannel's credentials go in headers and not in the URL, which would stand in its log.
 * A template has {{to}} {{to_no_plus}} {{from}} {{text}} {{id}}: escaped as the URL, or
 * as the body's content type wants it.
 */
#ifndef GATEWAY_CHANNEL_HTTP_SMS_H
#define GATEWAY_CHANNEL_HTTP_SMS_H

#include "config/settings.h"
#include "gateway/channel/carrier.h"
#include "gateway/channel/escape.h"
#include "lib/buf.h"
#include "lib/http_client.h"

struct http_sms {
	const struct settings *settings; /* for http.public_url */
	const struct settings_carrier *row;
	struct http_client *http;
};

/* Both borrowed, as *h is by the carrier. */
void http_sms_carrier(struct http_sms *h, struct carrier *out);

/* ---- pure ---- */

#define HTTP_SMS_URL_MAX   1600
#define HTTP_SMS_BODY_MAX  6000
#define HTTP_SMS_LINE_MAX  512
#define HTTP_SMS_LINES_MAX 9
#define HTTP_SMS_ID_MAX    96

/* A request as it will be sent.  Holds a secret. */
struct http_sms_request {
	const char *method;
	char url[HTTP_SMS_URL_MAX], body[HTTP_SMS_BODY_MAX];
	size_t body_len;
	char line[HTTP_SMS_LINES_MAX][HTTP_SMS_LINE_MAX];
	unsigned lines;
};

/* public_url: how the carrier reaches us with its reports.  False: it does not fit. */
bool http_sms_write(const struct settings_carrier *row, const char *public_url,
                    const struct carrier_sms *sms, struct http_sms_request *out);

struct http_sms_answer {
	enum sms_fate fate;
	bool surely_not, of_this_one;
	char carrier_id[HTTP_SMS_ID_MAX];
	char reason[48];
};

/* id: what we called it, "" if it has none. */
void http_sms_read(const struct settings_carrier *row, int status, const char *body,
                   size_t n, const char *id, struct http_sms_answer *out);

/* Appends the template with its fields filled in; unknown {{names}} stay. */
void http_sms_template(struct buf *b, const char *text, enum escape how,
                       const struct settings_carrier *row, const struct carrier_sms *sms);

#endif
