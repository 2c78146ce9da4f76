/*
 * received - somebody sent money to the cooperative's number, and the one who watches
 * that number tells us.
 *
 * POST /received/SECRET with one JSON object:
 *   {"cooperative":"MGODI", "provider":"mtn", "id":"3KX0772", "amount_minor":1500000,
 *    "currency":"TZS", "number":"255712000100", "reference":"K7M2Q9"}
 * id is the provider's number of the payment: told again it is the same money.  number
 * and reference may be missing.  200 {"code":"...","matched":true} once it is in the
 * books; 400 says what is wrong, 409 that this id came before with another amount; 503:
 * tell it again.  There is no such page without callback.secret_file: whoever can call
 * here can pay loans with words.
 */
#ifndef GATEWAY_WEBHOOK_RECEIVED_H
#define GATEWAY_WEBHOOK_RECEIVED_H

#include "config/settings.h"
#include "lib/http_server.h"
#include "payments/flow/env.h"

#include <stddef.h>
#include <stdint.h>

#define RECEIVED_BODY_MAX 4096

struct received {
	const struct settings *settings;
	struct flow_env *env;

	struct {
		uint64_t taken, refused;
	} count;
};

void received_handle(void *received, struct http_exchange *x);

struct received_money {
	char cooperative[16], provider[16], id[64], number[16], reference[40],
	    currency[4];
	int64_t amount;
};

/* The pure part: NULL, or what is wrong. */
const char *received_read(const char *body, size_t n, struct received_money *out);

#endif
