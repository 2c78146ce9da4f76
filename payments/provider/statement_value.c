/* Amounts and times as statements write them. */
#include "payments/core/day.h"
#include "payments/provider/statement.h"

#include <string.h>

#define DIGITS_MAX 16

/* ---- amounts --------------------------------------------------------------------------
 */

static const char *const separators[] = {
	",", ".", " ", "'", "\xc2\xa0", "\xe2\x80\xaf"
};

/* The length of the grouping sign that stands here, 0 if none does. */
static size_t
separator(const char *text, char decimal)
{
	for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
		size_t n = strlen(separators[i]);

		if (separators[i][0] != decimal && strncmp(text, separators[i], n) == 0)
			return n;
	}
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits in groups of three, or without groups.  What comes behind, or NULL. */
static const char *
whole_part(const char *text, char decimal, int64_t *v)
{
	const char *sign = NULL;
	size_t sign_len = 0;
	unsigned digits = 0, group = 0;

	for (;; text++) {
		size_t gap = separator(text, decimal);

		if (is_digit(*text)) {
			*v = *v * 10 + (*text - '0');
			if (++digits > DIGITS_MAX || (++group > 3 && sign != NULL))
				return NULL;
		} else if (gap > 0 && group > 0 && is_digit(text[gap])) {
			if (group > 3 ||
			    (sign != NULL && (group != 3 || gap != sign_len ||
			                      strncmp(text, sign, gap) != 0)))
				return NULL;
			sign = text;
			sign_len = gap;
			text += gap - 1;
			group = 0;
		} else {
			return digits == 0 || (sign != NULL && group != 3) ? NULL : text;
		}
	}
}

bool
statement_amount(const char *text, char decimal, unsigned exponent, int64_t *out)
{
	bool negative = *text == '-';
	int64_t v = 0;

	if (*text == '-' || *text == '+')
		text++;
	if (exponent > 4 || (text = whole_part(text, decimal, &v)) == NULL ||
	    v > INT64_MAX / 100000)
		return false;
	if (*text == decimal && is_digit(text[1]))
		text++;
	else if (*text != '\0')
		return false;
	for (unsigned i = 0; i < exponent; i++)
		v = v * 10 + (is_digit(*text) ? *text++ - '0' : 0);
	if (text[strspn(text, "0")] != '\0')
		return false;
	*out = negative ? -v : v;
	return true;
}

/* ---- times ----------------------------------------------------------------------------
 */

/* Exactly n digits (or 1 to n if loose); what comes behind, or NULL. */
static const char *
digits(const char *text, unsigned n, bool loose, int *out)
{
	unsigned i = 0;

	*out = 0;
	while (i < n && is_digit(text[i]))
		*out = *out * 10 + (text[i++] - '0');
	return i == n || (loose && i > 0) ? text + i : NULL;
}

static const char *
one_of(const char *text, const char *signs)
{
	return text != NULL && *text != '\0' && strchr(signs, *text) != NULL ? text + 1
	                                                                     : NULL;
}

/* The year first if four digits stand there, whatever is usual. */
static const char *
read_date(const char *text, bool year_first, struct date *d)
{
	bool compact = strspn(text, "0123456789") == 14;

	if (compact) {
		(void)digits(text, 4, false, &d->year);
		(void)digits(text + 4, 2, false, &d->month);
		(void)digits(text + 6, 2, false, &d->day);
		return text + 8;
	}
	if (year_first || strspn(text, "0123456789") == 4) {
		if ((text = digits(text, 4, false, &d->year)) == NULL ||
		    (text = one_of(text, "-/.")) == NULL ||
		    (text = digits(text, 2, true, &d->month)) == NULL ||
		    (text = one_of(text, "-/.")) == NULL)
			return NULL;
		return digits(text, 2, true, &d->day);
	}
	if ((text = digits(text, 2, true, &d->day)) == NULL ||
	    (text = one_of(text, "-/.")) == NULL ||
	    (text = digits(text, 2, true, &d->month)) == NULL ||
	    (text = one_of(text, "-/.")) == NULL)
		return NULL;
	return digits(text, 4, false, &d->year);
}

static bool
is_date(const struct date *d, int32_t *day)
{
	struct date back;

	if (d->year < 2000 || d->year > 2999 || d->month < 1 || d->month > 12 ||
	    d->day < 1 || d->day > 31)
		return false;
	*day = day_of(d);
	back = day_date(*day);
	return back.month == d->month && back.day == d->day;
}

/* Hours, minutes, perhaps seconds and their fraction; perhaps AM or PM. */
static const char *
read_clock(const char *text, int64_t *seconds)
{
	int hour, minute, second = 0;
	bool colons = strspn(text, "0123456789") <= 2;

	if ((text = digits(text, 2, colons, &hour)) == NULL ||
	    (colons && (text = one_of(text, ":")) == NULL) ||
	    (text = digits(text, 2, false, &minute)) == NULL)
		return NULL;
	if (!colons || *text == ':') {
		if ((text = digits(text + (colons ? 1 : 0), 2, false, &second)) == NULL)
			return NULL;
		if (*text == '.' && is_digit(text[1]))
			text += 1 + strspn(text + 1, "0123456789");
	}
	if (*text == ' ' && (text[1] == 'A' || text[1] == 'P') && text[2] == 'M') {
		if (hour < 1 || hour > 12)
			return NULL;
		hour = hour % 12 + (text[1] == 'P' ? 12 : 0);
		text += 3;
	}
	if (hour > 23 || minute > 59 || second > 59)
		return NULL;
	*seconds = (int64_t)hour * 3600 + minute * 60 + second;
	return text;
}

/* "", "Z", "+03:00", "+0300". */
static bool
read_zone(const char *text, int64_t *offset_s, bool *zoned)
{
	int hours, minutes, sign = *text == '-' ? -1 : 1;

	*offset_s = 0;
	*zoned = *text != '\0';
	if (*text == '\0' || strcmp(text, "Z") == 0)
		return true;
	if ((*text != '+' && *text != '-') ||
	    (text = digits(text + 1, 2, false, &hours)) == NULL)
		return false;
	if (*text == ':')
		text++;
	if ((text = digits(text, 2, false, &minutes)) == NULL || *text != '\0' ||
	    hours > 14 || minutes > 59)
		return false;
	*offset_s = sign * ((int64_t)hours * 3600 + minutes * 60);
	return true;
}

bool
statement_time(const char *text, bool year_first, int64_t *wall_s, bool *zoned)
{
	struct date d = { 0 };
	int64_t seconds, offset;
	int32_t day;

	text = read_date(text, year_first, &d);
	if (text == NULL || !is_date(&d, &day))
		return false;
	if (*text == ' ' || *text == 'T')
		text++;
	else if (!is_digit(*text))
		return false;
	text = read_clock(text, &seconds);
	if (text == NULL || !read_zone(text, &offset, zoned))
		return false;
	*wall_s = (int64_t)day * 86400 + seconds - offset;
	return true;
}
