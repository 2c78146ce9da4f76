/*
 * sms_routes - the carriers of the settings, made: `carriers`, each `smpp`, and Africa's
 * Talking where nobody else is named.
 */
#ifndef GATEWAY_SMS_ROUTES_H
#define GATEWAY_SMS_ROUTES_H

#include "config/settings.h"
#include "gateway/channel/at_send.h"
#include "gateway/channel/carriers.h"
#include "gateway/channel/http_sms.h"
#include "gateway/channel/smpp/carrier.h"

struct sms_routes {
	struct carriers *carriers;
	struct http_sms http[SETTINGS_CARRIERS_MAX]; /* of the kinds that are HTTP */
};

struct sms_routes_deps {
	struct loop *loop;
	const struct settings *settings;
	struct http_client *http;
	struct at_send *at;
	struct smpp_carrier *const *smpp; /* as in the settings */
	unsigned smpp_count;
};

/* Borrows all of it.  The carriers stay until sms_routes_end, which comes after the HTTP
 * client and the binds have ended: they answer late. */
void sms_routes_start(struct sms_routes *r, const struct sms_routes_deps *deps);
void sms_routes_end(struct sms_routes *r);

#endif
