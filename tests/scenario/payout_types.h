/*
 * payout_types - what the scripted world of test_payout.c is made of; see payout_world.h.
 */
#ifndef TESTS_SCENARIO_PAYOUT_TYPES_H
#define TESTS_SCENARIO_PAYOUT_TYPES_H

#include "config/settings.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/log.h"
#include "payments/flow/purpose.h"
#include "payments/flow/rails.h"
#include "payments/store/payment.h"
#include "tests/scenario/payout_row.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYMENT_ID "01900000-0000-7000-8000-000000000001"
#define REFERENCE  "11111111-0000-4000-8000-000000000001"
#define START_MS   INT64_C(1700000000000)
#define MINUTE_MS  INT64_C(60000)

enum spoil { /* what happens to one answer of the provider */
	     SPOIL_NOTHING,
	     SPOIL_HTML,      /* 200 and a page of HTML; it did what was asked   */
	     SPOIL_TRUNCATED, /* half of the JSON; it did                        */
	     SPOIL_500,       /* a bare 500; it did                              */
	     SPOIL_500_NOT,   /* a bare 500; it did not                          */
	     SPOIL_STRANGE,   /* a word that nobody knows, with 400; it did not  */
	     SPOIL_AUTH,      /* 401: the token has expired; it did not          */
	     SPOIL_BUSY,      /* 429; it did not                                 */
	     SPOIL_DOWN,      /* 503 SERVICE_UNAVAILABLE; it did not             */
	     SPOILS
};

struct nature { /* of the provider, for this payment */
	const char *about;
	const char *refuses; /* code of a refused submit, NULL: takes it */
	int pending;         /* queries until it decides                 */
	bool fails;          /* decides FAILED                           */
	int hidden;          /* queries that do not find it              */
	int down;            /* submits refused with 503 first           */
	const char *amount;  /* the echo; NULL: ours                     */
	enum pay_state end;  /* what must come of it                     */
	enum pay_direction direction;
};

struct world {
	struct clock clock;
	struct loop *loop;
	struct ids ids;
	struct settings settings;
	struct flow_env env;
	struct rails *rails;
	struct nature nature;

	struct payout_row row;

	struct { /* of the provider */
		bool taken, decided, paid;
		int queries, downs;
		unsigned submits;
		bool other_reference;
	} book;

	unsigned answers; /* of the provider so far */
	unsigned spoil_at;
	enum spoil spoil;
	bool lies; /* the provider says the opposite of what it said */
};

#endif
