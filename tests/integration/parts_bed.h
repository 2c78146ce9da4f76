/*
 * parts_bed - a story_bed with one miner, wallet limits, days that pass, and rails that
 * hand over what is due, one payment at a time.
 */
#ifndef TESTS_INTEGRATION_PARTS_BED_H
#define TESTS_INTEGRATION_PARTS_BED_H

#include "payments/flow/parts.h"
#include "payments/flow/pay_owed.h"
#include "tests/integration/story_bed.h"

#define HUNDRED INT64_C(10000000) /* 100,000 TZS in minor units */

int parts_open(void **state);
/* Limits of the provider, from today on: over those of the country. */
void parts_limits(int64_t per_payment, int64_t per_day);
void parts_next_day(void);
/* What the rails would hand over now: one payment at most, marked as sent. */
bool parts_send(struct payment *out);
void parts_end_as(struct payment p, enum pay_state to, enum pay_reason reason);
/* Sends what is due and has it paid; what it was, or 0. */
int64_t parts_pay(void);
void parts_on_payout(void *arg, const struct payments_answer *a,
                     const struct owed_payout *p);
int64_t parts_owed(void);
int64_t parts_held(void);
int64_t parts_told(const char *template);
int64_t parts_value(const char *template, const char *name);
int64_t parts_paid_out(void);
/* A sale of so many milligrams; what is to be paid out. */
int64_t parts_sell(int64_t mg);

#endif
