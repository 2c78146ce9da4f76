#include "payments/core/day.h"

#include <stdio.h>

#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_SHIFT  719468 /* 0000-03-01 to 1970-01-01 */

int32_t
day_of(const struct date *d)
{
	/* years start in March, so that the odd day of a leap year comes last */
	int year = d->month > 2 ? d->year : d->year - 1;
	int era = (year >= 0 ? year : year - 399) / 400;
	int of_era = year - era * 400;
	int month = d->month > 2 ? d->month - 3 : d->month + 9;
	int of_year = (153 * month + 2) / 5 + d->day - 1;

	return era * DAYS_PER_ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       EPOCH_SHIFT;
}

struct date
day_date(int32_t day)
{
	int z = day + EPOCH_SHIFT;
	int era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	int of_era = z - era * DAYS_PER_ERA;
	int year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / (DAYS_PER_ERA - 1)) / 365;
	int of_year = of_era - (365 * year + year / 4 - year / 100);
	int month = (5 * of_year + 2) / 153;
	struct date d;

	d.day = of_year - (153 * month + 2) / 5 + 1;
	d.month = month < 10 ? month + 3 : month - 9;
	d.year = year + era * 400 + (d.month <= 2 ? 1 : 0);
	return d;
}

char *
day_text(int32_t day, char out[DAY_TEXT_SIZE])
{
	struct date d = day_date(day);

	if (d.year < 1 || d.year > 9999)
		d = (struct date){ 1, 1, 1 };
	snprintf(out, DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)d.year % 10000u,
	         (unsigned)d.month % 100u, (unsigned)d.day % 100u);
	return out;
}

static bool
leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_length(int year, int month)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return length[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

static bool
digits(const char *s, size_t n, int *out)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		value = value * 10 + (s[i] - '0');
	}
	*out = value;
	return true;
}

bool
day_parse(const char *s, size_t n, int32_t *out)
{
	struct date d;

	if (n != DAY_TEXT_SIZE - 1 || s[4] != '-' || s[7] != '-')
		return false;
	if (!digits(s, 4, &d.year) || !digits(s + 5, 2, &d.month) ||
	    !digits(s + 8, 2, &d.day))
		return false;
	if (d.year < 1 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > month_length(d.year, d.month))
		return false;
	*out = day_of(&d);
	return true;
}

int32_t
day_add_months(int32_t seed, int months)
{
	struct date d = day_date(seed);
	int count = d.year * 12 + d.month - 1 + months;
	int last;

	d.year = count / 12;
	d.month = count % 12 + 1;
	last = month_length(d.year, d.month);
	if (d.day > last)
		d.day = last;
	return day_of(&d);
}
