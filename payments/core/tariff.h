/*
 * tariff - what a provider charges us for one payment.
 *
 * Pure.  Amounts in minor units of the currency; rates in basis points (1 bp = 0.01 %). A
 * tariff is a table of bands by provider, direction and currency, each in force from a
 * moment on until a newer table of the same key.  Within a table the first band whose
 * upper bound is not under the amount counts: fixed + rate, at least and at most.  The
 * rate is rounded half to even, once.
 */
#ifndef PAYMENTS_CORE_TARIFF_H
#define PAYMENTS_CORE_TARIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TARIFF_RATE_MAX 10000

struct tariff_band {
	char provider[16]; /* entry of the settings */
	bool in;           /* collections; else payouts */
	char currency[4];
	int64_t from_ms;
	int64_t upto; /* the last amount of the band; INT64_MAX: no bound */
	int64_t fixed;
	int32_t rate_bp;     /* 0..TARIFF_RATE_MAX */
	int64_t least, most; /* most INT64_MAX: no bound */
};

struct tariff_for {
	const char *provider, *currency;
	bool in;
	int64_t amount; /* > 0 */
	int64_t at_ms;
};

/* NULL: no tariff covers it.  Of one key, bands stand by from_ms and upto. */
const struct tariff_band *tariff_find(const struct tariff_band *bands, size_t n,
                                      const struct tariff_for *what);
/* 0 for NULL; never more than INT64_MAX. */
int64_t tariff_fee(const struct tariff_band *band, int64_t amount);

#endif
