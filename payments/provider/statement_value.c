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

/* Digits that were read, and the sign between their groups. */
struct groups {
	unsigned digits, group; /* in all, and of the group under way */
	const char *sign;       /* NULL before the second group       */
	size_t sign_len;
};

/* A grouping sign may stand here: after three digits, or one to three at the beginning;
 * the same as before. */
static bool
may_part(const struct groups *g, const char *sign, size_t len)
{
	if (g->sign == NULL)
		return g->group >= 1 && g->group <= 3;
	return g->group == 3 && len == g->sign_len && strncmp(g->sign, sign, len) == 0;
}

/* Digits in groups of three, or without groups.  What comes behind, or NULL. */
static const char *
whole_part(const char *text, char decimal, int64_t *v)
{
	struct groups g = { 0 };

	for (;; text++) {
		size_t gap = separator(text, decimal);

		if (is_digit(*text)) {
			*v = *v * 10 + (*text - '0');
			g.group++;
			if (++g.digits > DIGITS_MAX || (g.group > 3 && g.sign != NULL))
				return NULL;
			continue;
		}
		if (gap == 0 || !is_digit(text[gap]))
			return g.digits == 0 || (g.sign != NULL && g.group != 3) ? NULL
			                                                         : text;
		if (!may_part(&g, text, gap))
			return NULL;
		g.sign = text;
		g.sign_len = gap;
		g.group = 0;
		text += gap - 1;
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

/* " AM" or " PM" if it stands here; NULL if the hour does not suit it. */
static const char *
read_half(const char *text, int *hour)
{
	if (text[0] != ' ' || (text[1] != 'A' && text[1] != 'P') || text[2] != 'M')
		return text;
	if (*hour < 1 || *hour > 12)
		return NULL;
	*hour = *hour % 12 + (text[1] == 'P' ? 12 : 0);
	return text + 3;
}

/* ":33" or ":33.123" if it stands here, "33" after a compact time. */
static const char *
read_seconds(const char *text, bool colons, int *second)
{
	if (colons && *text != ':')
		return text;
	text = digits(text + (colons ? 1 : 0), 2, false, second);
	if (text != NULL && *text == '.' && is_digit(text[1]))
		text += 1 + strspn(text + 1, "0123456789");
	return text;
}

/* Hours, minutes, perhaps seconds and their fraction; perhaps AM or PM. */
static const char *
read_clock(const char *text, int64_t *seconds)
{
	int hour, minute, second = 0;
	bool colons = strspn(text, "0123456789") <= 2;

	if ((text = digits(text, 2, colons, &hour)) == NULL ||
	    (colons && (text = one_of(text, ":")) == NULL) ||
	    (text = digits(text, 2, false, &minute)) == NULL ||
	    (text = read_seconds(text, colons, &second)) == NULL ||
	    (text = read_half(text, &hour)) == NULL)
		return NULL;
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
