/* Who asks Daraja in the tests of its codec, and what for. */
#ifndef TESTS_UNIT_DARAJA_BED_H
#define TESTS_UNIT_DARAJA_BED_H

#include "payments/provider/provider.h"
#include "tests/unit/provider_key.h"

#include <stdio.h>

#define REFERENCE "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"

static const struct provider_token token = { .text = "tok" };

static inline struct provider_account
account(void)
{
	struct provider_account a = { .name = "daraja",
		                      .base_url = "http://daraja.example",
		                      .user = "consumer",
		                      .key = "secret",
		                      .currency = "KES",
		                      .party = "174379",
		                      .passkey = "bfb279",
		                      .initiator = "testapi",
		                      .pin = "Safaricom#1" };

	snprintf(a.public_key, sizeof a.public_key, "%s", public_key);
	return a;
}

static inline struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = { .direction = direction,
		                    .msisdn = "254708374149",
		                    .amount_minor = 150000,
		                    .exponent = 2,
		                    .currency = "KES",
		                    .note = "Loan GH2N8Z, it's paid",
		                    .result_url = "https://coop.example/callback/x/y",
		                    .wall_ms = INT64_C(1577269800000) };

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

#endif
