/*
 * at_ussd - Africa's Talking USSD: form fields in, "CON ..." or "END ..." out.
 *
 * POST /ussd/at         sessionId phoneNumber networkCode serviceCode text
 * POST /ussd/at/events  the notice that a session is over; its `input` repeats all that
 *                       was typed, so it is not even decoded
 *
 * `text` is cumulative and repeats the PIN on every later hop: it goes to the dialog and
 * nowhere else.
 */
#ifndef GATEWAY_CHANNEL_AT_USSD_H
#define GATEWAY_CHANNEL_AT_USSD_H

#include "config/settings.h"
#include "gateway/channel/at_read.h"
#include "lib/http_server.h"

#include <stdint.h>

struct dialog;

struct at_ussd {
	const struct settings *settings;
	struct dialog *dialog;

	struct {
		uint64_t hops, refused, gone;
	} count;
};

void at_ussd_handle(void *at_ussd, struct http_exchange *x); /* POST /ussd/at* */

#endif
