/*
 * schedule_parts - what the kinds of schedule share: days, rates, roundings.
 *
 * Pure.  Only payments/core/schedule*.c, account*.c, moratorium.c and apr.c include it.
 */
#ifndef PAYMENTS_CORE_SCHEDULE_PARTS_H
#define PAYMENTS_CORE_SCHEDULE_PARTS_H

#include "payments/core/decimal.h"
#include "payments/core/schedule.h"

/* The k-th due day after `seed`, month ends returning to the day of month wanted. */
int32_t period_after(const struct contract *c, int32_t seed, uint32_t k);
unsigned days_of_year(int year); /* 365 or 366 */
/* Of the contract's convention; ACTUAL: of the year of `day`. */
unsigned year_length(const struct contract *c, int32_t day);
struct decimal rate_of_year(const struct contract *c); /* 12 % = 0.12 */
/* How much interest one period of the contract bears by the calendar's names alone:
 * a month a twelfth of the year's rate, a week a 52nd, a day by the year's length. */
struct decimal rate_of_period(const struct contract *c);
/* The equal payment of so many rows, unrounded; rate: of one row. */
struct decimal schedule_annuity(struct decimal balance, struct decimal rate,
                                uint32_t rows);
/* Of the days [from, until) within row k, by the conventions of PROGRESSIVE. */
struct decimal progressive_factor(const struct contract *c, const struct schedule *s,
                                  uint32_t k, int32_t from, int32_t until);
int64_t money_unit(const struct contract *c); /* minor units amounts are rounded to */
int money_pct(int64_t amount, int64_t pct, int64_t *out, struct err *err) MUST_CHECK;

/* Days and numbers of all rows; amounts zero. */
int schedule_days(const struct contract *c, struct schedule *s,
                  struct err *err) MUST_CHECK;
int schedule_cumulative(const struct contract *c, struct schedule *s,
                        struct err *err) MUST_CHECK;
int schedule_progressive(const struct contract *c, struct schedule *s,
                         struct err *err) MUST_CHECK;

#endif
