/* What was typed for a question, as a value. */
#include "ussd/core/gsm7.h"
#include "ussd/core/menu_program.h"

#include <string.h>

#define INPUT_MAX  64 /* bytes looked at of a number, a date or a phone number */
#define NUMBER_MAX INT64_C(999999999999)

struct decimal { /* digits before and behind the point */
	int64_t whole;
	unsigned digits;
	char fraction[4];
	unsigned fraction_digits;
	int64_t times; /* k: 1000, m: 1000000 */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 32);
	return c;
}

/* Lower case without blanks; false if it is too long or holds other alphabets. */
static bool
squeeze(const char *s, size_t n, char out[INPUT_MAX + 1])
{
	size_t len = 0;

	for (; n > 0; s++, n--) {
		if (*s == ' ' || *s == '\'' || *s == '_')
			continue;
		if (*s <= ' ' || *s > '~' || len == INPUT_MAX)
			return false;
		out[len++] = lower(*s);
	}
	out[len] = '\0';
	return len > 0;
}

/* Three digits, and no fourth. */
static bool
is_group(const char *s)
{
	return is_digit(s[0]) && is_digit(s[1]) && is_digit(s[2]) && !is_digit(s[3]);
}

/* The digits before the fraction.  A comma or point is a group sign when three digits
 * stand behind it and grouping is usual for the type. */
static const char *
read_whole(const char *s, bool groups, struct decimal *d)
{
	for (; d->digits <= 12; s++) {
		if (is_digit(*s)) {
			d->whole = d->whole * 10 + (*s - '0');
			d->digits++;
		} else if ((*s != '.' && *s != ',') || !groups || d->digits == 0 ||
		           !is_group(s + 1)) {
			break;
		}
	}
	return s;
}

static bool
read_decimal(const char *s, bool groups, struct decimal *d)
{
	*d = (struct decimal){ .times = 1 };
	s = read_whole(s, groups, d);
	if (*s == '.' || *s == ',') {
		for (s++; is_digit(*s) && d->fraction_digits < 3; s++)
			d->fraction[d->fraction_digits++] = *s;
		if (d->fraction_digits == 0)
			return false;
	}
	if (*s == 'k' || *s == 'm') {
		d->times = *s == 'k' ? 1000 : 1000000;
		s++;
	}
	return *s == '\0' && d->digits <= 12 && d->digits + d->fraction_digits > 0;
}

/* The number times 10^exponent; false if that is not whole or too large. */
static bool
scale(const struct decimal *d, unsigned exponent, int64_t *out)
{
	int64_t v, one = 100;
	unsigned shift = 3;

	if (d->whole * d->times > NUMBER_MAX)
		return false;
	v = d->whole * 1000;
	for (unsigned i = 0; i < d->fraction_digits; i++, one /= 10)
		v += one * (d->fraction[i] - '0');
	v *= d->times;
	for (; shift < exponent; shift++)
		v *= 10;
	for (; shift > exponent; shift--) {
		if (v % 10 != 0)
			return false;
		v /= 10;
	}
	*out = v;
	return true;
}

/* Drops a word behind the number: "g", "%", "tzs". */
static void
drop_unit(char *s, const char *unit)
{
	size_t n = strlen(s), u = strlen(unit);

	if (u > 0 && n > u && memcmp(s + n - u, unit, u) == 0)
		s[n - u] = '\0';
}

static void
drop_currency(char *s, const char *currency)
{
	char unit[8] = "";
	size_t n = strnlen(currency, sizeof unit - 1);

	for (size_t i = 0; i < n; i++)
		unit[i] = lower(currency[i]);
	drop_unit(s, unit);
	if (n > 0 && strncmp(s, unit, n) == 0)
		memmove(s, s + n, strlen(s + n) + 1);
	drop_unit(s, "/=");
	drop_unit(s, "/-");
}

static bool
read_number(const struct menu_scope *scope, enum menu_type type, char *s, int64_t *out)
{
	unsigned exponent = type == TYPE_GRAMS ? 3 : type == TYPE_PERCENT ? 1 : 0;
	struct decimal d;

	if (type == TYPE_MONEY) {
		drop_currency(s, scope->facts->currency == NULL ? ""
		                                                : scope->facts->currency);
		exponent = scope->facts->exponent;
	}
	drop_unit(s, type == TYPE_GRAMS ? "g" : type == TYPE_PERCENT ? "%" : "");
	if (!read_decimal(s, type == TYPE_MONEY || type == TYPE_COUNT, &d))
		return false;
	if (type != TYPE_MONEY && d.times != 1)
		return false;
	return scale(&d, exponent, out);
}

/* Day, month and year by their signs, or without signs by their places.  Returns how many
 * there are, 0 if something else stands between them. */
static unsigned
split_date(const char *s, unsigned part[3])
{
	unsigned p = 0, digits = 0;

	for (; *s != '\0'; s++) {
		bool sign = *s == '.' || *s == '/' || *s == '-';

		if (sign ? digits == 0 || p == 2 : !is_digit(*s) || digits == 4)
			return 0;
		if (sign || (p < 2 && digits == 2)) {
			p++;
			digits = 0;
		}
		if (sign)
			continue;
		part[p] = part[p] * 10 + (unsigned)(*s - '0');
		digits++;
	}
	return digits > 0 ? p + 1 : p;
}

/* 23.11.2026, 23/11/26, 23-11, 23112026 */
static bool
read_date(const char *s, int32_t today, int64_t *out)
{
	unsigned part[3] = { 0 };
	unsigned parts = split_date(s, part);
	struct civil c = { .day = part[0], .month = part[1], .year = part[2] };
	int32_t day;

	if (parts < 2)
		return false;
	if (parts == 2)
		c.year = civil_from_day(today).year;
	else if (c.year < 100)
		c.year += 2000;
	if (!day_from_civil(&c, &day))
		return false;
	*out = day;
	return true;
}

static bool
read_phone(const struct menu_scope *scope, const char *s, struct menu_value *v)
{
	struct msisdn number;

	if (!msisdn_parse(s, strlen(s), scope->facts->country, &number))
		return false;
	menu_value_text(v, "", number.digits);
	return true;
}

/* "m1", "m-0001" or a phone number */
static bool
read_member(const struct menu_scope *scope, const char *s, struct menu_value *v)
{
	char text[16] = "M-";
	size_t n;

	if (*s != 'm')
		return read_phone(scope, s, v);
	s += s[1] == '-' ? 2 : 1;
	n = strspn(s, "0123456789");
	if (n == 0 || n > 8 || s[n] != '\0')
		return false;
	memset(text + 2, '0', 8);
	memcpy(text + 2 + (n < 4 ? 4 - n : 0), s, n);
	text[2 + (n < 4 ? 4 : n)] = '\0';
	menu_value_text(v, "", text);
	return true;
}

static enum menu_answer
read_text(const char *s, size_t n, unsigned size, struct menu_value *v)
{
	const char *at = s;
	size_t left = n, letters = 0;
	char text[MENU_VALUE_BYTES + 1];

	while (left > 0) {
		uint32_t c = utf8_take(&at, &left);

		if (c < ' ' || c == UINT32_MAX || c == 0x7f)
			return ANSWER_BAD;
		letters++;
	}
	if (letters == 0)
		return ANSWER_BAD;
	if (letters > size || n > MENU_VALUE_BYTES)
		return ANSWER_LONG;
	memcpy(text, s, n);
	text[n] = '\0';
	menu_value_text(v, "", text);
	return ANSWER_GOOD;
}

/* A bound in the unit of the type; false if it is open or not known. */
static bool
bound_of(const struct menu_scope *scope, const struct menu_bound *b, enum menu_type type,
         int64_t *out)
{
	const struct menu_value *v;
	int64_t milli = b->milli;

	if (!b->given)
		return false;
	if (b->var != NULL) {
		v = menu_find_value(scope, b->name);
		if (v == NULL)
			return false;
		*out = v->number;
		return true;
	}
	*out = type == TYPE_GRAMS     ? milli
	       : type == TYPE_PERCENT ? milli / 100
	                              : milli / 1000;
	if (type == TYPE_MONEY) {
		*out = milli;
		for (unsigned e = 3; e > scope->facts->exponent; e--)
			*out /= 10;
	}
	return true;
}

static enum menu_answer
within(const struct menu_scope *scope, const struct menu_ask *ask, int64_t n,
       struct menu_value bounds[2])
{
	int64_t low = 0, high = 0;
	bool has_low = bound_of(scope, &ask->low, ask->type, &low);
	bool has_high = bound_of(scope, &ask->high, ask->type, &high);

	menu_value_number(&bounds[0], "low", low);
	menu_value_number(&bounds[1], "high", high);
	if (has_high && n > high)
		return ANSWER_HIGH;
	if (has_low && n < low)
		return ANSWER_LOW;
	if (n <= 0 && !has_low && (ask->type == TYPE_MONEY || ask->type == TYPE_GRAMS))
		return ANSWER_BAD;
	return ANSWER_GOOD;
}

enum menu_answer
menu_read_input(const struct menu_scope *scope, const struct menu_ask *ask,
                const char *input, size_t len, struct menu_value *value,
                struct menu_value bounds[2])
{
	char s[INPUT_MAX + 1];
	bool good;

	memset(value, 0, sizeof *value);
	memset(bounds, 0, 2 * sizeof *bounds);
	if (ask->type == TYPE_TEXT)
		return read_text(input, len, ask->size, value);
	if (!squeeze(input, len, s))
		return ANSWER_BAD;
	if (ask->type == TYPE_PHONE)
		return read_phone(scope, s, value) ? ANSWER_GOOD : ANSWER_BAD;
	if (ask->type == TYPE_MEMBER)
		return read_member(scope, s, value) ? ANSWER_GOOD : ANSWER_BAD;
	value->kind = MENU_NUMBER;
	good = ask->type == TYPE_DATE ? read_date(s, scope->facts->today, &value->number)
	                              : read_number(scope, ask->type, s, &value->number);
	return good ? within(scope, ask, value->number, bounds) : ANSWER_BAD;
}
