/*
 * msisdn - phone numbers as E.164 digits without the plus: "255712345678".
 *
 * Pure.  A national form is completed from a country row; rows live in msisdn.c and cover
 * the countries of the product's table.  A prefix never decides the operator: numbers are
 * ported.
 */
#ifndef LIB_MSISDN_H
#define LIB_MSISDN_H

#include <stdbool.h>
#include <stddef.h>

#define MSISDN_MAX 15 /* digits */

struct msisdn {
	char digits[MSISDN_MAX + 1];
};

struct msisdn_country {
	const char *iso;        /* "TZ"                                          */
	const char *cc;         /* "255"                                         */
	const char *trunk;      /* "0", or "" where there is none                */
	unsigned char national; /* digits after cc (10 in CI, which keeps its 0) */
	const char *mobile;     /* first national digits that are mobile         */
	const char *second;     /* and the digits behind them; NULL: any         */
};

const struct msisdn_country *msisdn_country(const char *iso); /* NULL if unknown */

/* Reads +255 712..., 00255..., 0712... (with home's trunk prefix) or bare digits.  home
 * may be NULL: then only international forms are read. */
bool msisdn_parse(const char *s, size_t n, const struct msisdn_country *home,
                  struct msisdn *out);
/* "25571****678": enough to recognise, not enough to call.  Returns out. */
char *msisdn_mask(const char *digits, char out[MSISDN_MAX + 1]);

#endif
