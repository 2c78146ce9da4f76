/*
 * paybill - money that somebody sent to a pay bill or a till, as Safaricom tells it
 * (C2B).
 *
 *   POST /paybill/NAME/SECRET/COOPERATIVE/validate   may it be taken?  Answered at once.
 *   POST /paybill/NAME/SECRET/COOPERATIVE/confirm    it was taken
 *
 * NAME is the entry of the settings, SECRET callback.secret_file.  BillRefNumber says
 * whose it is (arrive.h); money of nobody is taken, too, and stands in the list of the
 * unmatched.  A till has no BillRefNumber: the number that sent it says whose it is, if
 * it is told in clear. What a prompt of ours brought is told here once more: it is that
 * payment, and only makes its question come sooner.
 */
#ifndef GATEWAY_WEBHOOK_PAYBILL_H
#define GATEWAY_WEBHOOK_PAYBILL_H

#include "config/settings.h"
#include "gateway/webhook/callback.h"
#include "gateway/webhook/received.h"

#define PAYBILL_BODY_MAX 4096

struct paybill {
	const struct settings *settings;
	struct flow_env *env;
	callback_hint *hint;
	void *arg;

	struct {
		uint64_t taken, refused, prompted;
	} count;
};

void paybill_handle(void *paybill, struct http_exchange *x); /* "/paybill/" and more */

struct paybill_path {
	const struct settings_provider *entry;
	char cooperative[16];
	bool confirms;
};

/* The pure parts.  False if the path is no such thing; compares in constant time. */
bool paybill_path(const struct settings *s, const char *rest, struct paybill_path *out);
bool paybill_is_till(const struct settings_provider *entry);
/* NULL, or the ResultCode it is refused with; exponent: of the entry's currency. */
const char *paybill_read(const char *body, size_t n,
                         const struct settings_provider *entry, unsigned exponent,
                         struct received_money *out);

#endif
