/*
 * day - calendar days as integers since 1970-01-01; no time zones inside.
 *
 * Pure.  Proleptic Gregorian, years 1..9999.
 */
#ifndef PAYMENTS_CORE_DAY_H
#define PAYMENTS_CORE_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date {
	int year, month, day; /* month and day from 1 */
};

#define DAY_TEXT_SIZE 11 /* "2026-11-23" and the NUL */

int32_t day_of(const struct date *d); /* of a valid date */
struct date day_date(int32_t day);
char *day_text(int32_t day, char out[DAY_TEXT_SIZE]);  /* returns out */
bool day_parse(const char *s, size_t n, int32_t *out); /* "2026-11-23" only */
int32_t day_add_months(int32_t seed, int months);      /* 31 Jan + 1 = 28 or 29 Feb */

#endif
