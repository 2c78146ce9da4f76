/*
 * at_send - an SMS out through Africa's Talking's bulk API.
 *
 * The per-recipient status decides, not the HTTP status.  Every call carries our
 * reference as Idempotency-Key, so one sent twice is one to a carrier that honours it.
 */
#ifndef GATEWAY_CHANNEL_AT_SEND_H
#define GATEWAY_CHANNEL_AT_SEND_H

#include "config/settings.h"
#include "lib/http_client.h"
#include "lib/ids.h"

#include <stdint.h>

enum at_sent {
	AT_TAKEN,   /* the carrier has it; a delivery report will follow            */
	AT_REFUSED, /* never for this number: final                                 */
	AT_AGAIN,   /* not now, or nobody knows: send it again under the same id    */
};

struct at_sent_answer {
	enum at_sent what;
	char carrier_id[96]; /* "" unless taken */
	char reason[48];     /* the carrier's word, or ours; "" if taken */
	bool surely_not;     /* AT_AGAIN, and the carrier does not have it */
};

struct at_send {
	const struct settings *settings;
	struct http_client *http;

	struct {
		uint64_t taken, refused, again;
	} count;
};

struct at_send_op;

typedef void at_send_cb(void *arg, const struct at_sent_answer *answer);

/* digits without the plus; reference may be NULL.  Keeps the five promises of loop.h. */
struct at_send_op *at_send_text(struct at_send *at, const char *digits, const char *text,
                                const struct uuid *reference, at_send_cb *cb, void *arg);
void at_send_cancel(struct at_send_op **op);

/* The pure part. */
void at_read_sent(int status, const char *body, size_t n, struct at_sent_answer *out);

#endif
