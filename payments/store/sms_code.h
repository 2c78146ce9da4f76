/*
 * sms_code - one-time codes that confirm what was asked for by SMS, as rows.
 */
#ifndef PAYMENTS_STORE_SMS_CODE_H
#define PAYMENTS_STORE_SMS_CODE_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/onetime.h"
#include "lib/pg.h"

#define SMS_CODE_TRIES 3

struct sms_code {
	struct uuid code_id, member_id;
	char msisdn[16];
	char action[8]; /* "pay" */
	int64_t amount; /* minor units */
	int64_t made_ms, expires_ms;
};

/* Body of effect "sms_code_new"; ends the one that was open. */
void sms_code_new_body(struct buf *out, const struct sms_code *code,
                       const uint8_t hash[ONETIME_HASH]);

/* $1 cooperative, $2 member, $3 the SMS that tries: the code it tried before, else the
 * open one.  Rows for sms_code_read. */
extern const struct pg_statement sms_code_of_member;
/* $1 cooperative, $2 code, $3 msisdn, $4 hash, $5 the SMS, $6 now: verdict (right, wrong,
 * spent, late, none), tries left. */
extern const struct pg_statement sms_code_try;
/* $1 what ended before, $2 how many of each cooperative at most: how many it forgot. */
extern const struct pg_statement sms_codes_forget;

bool sms_code_read(const struct pg_reply *r, struct sms_code *out); /* false: no row */

#endif
