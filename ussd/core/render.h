/*
 * render - values as people read them: money, weight, days, numbers in words.
 *
 * Pure.  Everything written is in the GSM 03.38 alphabet.
 * Units: money in minor units, weight in milligrams, days since 1970-01-01.
 */
#ifndef USSD_CORE_RENDER_H
#define USSD_CORE_RENDER_H

#include "lib/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum render_style { STYLE_PLAIN, STYLE_EN, STYLE_SW, STYLE_FR };

/* The style of a language code: "sw", "sw_TZ". */
enum render_style render_style(const char *language);

/* "1,250"; French groups with a blank. */
void render_count(struct buf *out, int64_t n, enum render_style style);
/* "50,000 TZS"; hundredths only where there are some: "12.50 TZS".  currency may be "".
 */
void render_money(struct buf *out, int64_t minor, unsigned exponent, const char *currency,
                  enum render_style style);
/* "12.345 g", "12.5 g", "12 g". */
void render_grams(struct buf *out, int64_t mg, enum render_style style);
/* "91.5%" from permille. */
void render_percent(struct buf *out, int64_t permille, enum render_style style);
/* "23 Nov 2026"; short: "23 Nov". */
void render_day(struct buf *out, int64_t day, bool with_year, enum render_style style);
/* "fifty thousand", "elfu hamsini", "cinquante mille".  Whole units only; nothing for
 * numbers below 0 or over 999,999,999,999, and in a style without words. */
void render_words(struct buf *out, int64_t n, enum render_style style);

struct civil {
	int64_t year;
	unsigned month, day; /* from 1 */
};

struct civil civil_from_day(int64_t day);
/* False for a date that does not exist or lies outside 1900..2199. */
bool day_from_civil(const struct civil *c, int32_t *day);

#endif
