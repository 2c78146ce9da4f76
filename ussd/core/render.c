#include "ussd/core/render.h"

#include <string.h>

enum render_style
render_style(const char *language)
{
	static const struct {
		char code[3];
		enum render_style style;
	} known[] = { { "en", STYLE_EN }, { "sw", STYLE_SW }, { "fr", STYLE_FR } };

	for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
		if (strncmp(language, known[i].code, 2) != 0)
			continue;
		if (language[2] == '\0' || language[2] == '_' || language[2] == '-')
			return known[i].style;
	}
	return STYLE_PLAIN;
}

static char
group_sign(enum render_style style)
{
	return style == STYLE_FR ? ' ' : ',';
}

static char
decimal_sign(enum render_style style)
{
	return style == STYLE_FR ? ',' : '.';
}

static void
put_grouped(struct buf *out, uint64_t n, enum render_style style)
{
	char text[32];
	size_t at = sizeof text;
	unsigned digits = 0;

	do {
		if (digits > 0 && digits % 3 == 0)
			text[--at] = group_sign(style);
		text[--at] = (char)('0' + n % 10);
		n /= 10;
		digits++;
	} while (n > 0);
	buf_put(out, text + at, sizeof text - at);
}

/* digits of a fraction, without zeros at the end when trim is set */
static void
put_fraction(struct buf *out, uint64_t part, unsigned digits, bool trim,
             enum render_style style)
{
	char text[8];

	if (part == 0 || digits == 0 || digits > sizeof text)
		return;
	for (unsigned i = digits; i-- > 0; part /= 10)
		text[i] = (char)('0' + part % 10);
	while (trim && digits > 1 && text[digits - 1] == '0')
		digits--;
	buf_putc(out, decimal_sign(style));
	buf_put(out, text, digits);
}

static uint64_t
sign_away(struct buf *out, int64_t n)
{
	if (n >= 0)
		return (uint64_t)n;
	buf_putc(out, '-');
	return 0 - (uint64_t)n;
}

void
render_count(struct buf *out, int64_t n, enum render_style style)
{
	put_grouped(out, sign_away(out, n), style);
}

void
render_money(struct buf *out, int64_t minor, unsigned exponent, const char *currency,
             enum render_style style)
{
	uint64_t n = sign_away(out, minor), one = 1;

	for (unsigned i = 0; i < exponent && i < 4; i++)
		one *= 10;
	put_grouped(out, n / one, style);
	put_fraction(out, n % one, exponent, false, style);
	if (currency != NULL && *currency != '\0') {
		buf_putc(out, ' ');
		buf_puts(out, currency);
	}
}

void
render_grams(struct buf *out, int64_t mg, enum render_style style)
{
	uint64_t n = sign_away(out, mg);

	put_grouped(out, n / 1000, style);
	put_fraction(out, n % 1000, 3, true, style);
	buf_puts(out, " g");
}

void
render_percent(struct buf *out, int64_t permille, enum render_style style)
{
	uint64_t n = sign_away(out, permille);

	put_grouped(out, n / 10, style);
	put_fraction(out, n % 10, 1, true, style);
	buf_putc(out, '%');
}

/* Years are counted from March, so that the leap day is a year's last. */
struct civil
civil_from_day(int64_t day)
{
	int64_t shifted = day + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t in_era = shifted - era * 146097;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;
	struct civil c;

	c.day = (unsigned)(in_year - (153 * month + 2) / 5 + 1);
	c.month = (unsigned)(month < 10 ? month + 3 : month - 9);
	c.year = year + era * 400 + (c.month <= 2);
	return c;
}

bool
day_from_civil(const struct civil *c, int32_t *day)
{
	int64_t year, month, in_year;
	struct civil back;

	if (c->year < 1900 || c->year > 2199 || c->month < 1 || c->month > 12 ||
	    c->day < 1 || c->day > 31)
		return false;
	year = c->year - (c->month <= 2);
	month = c->month > 2 ? c->month - 3 : c->month + 9;
	in_year = (153 * month + 2) / 5 + c->day - 1;
	*day =
	    (int32_t)(year * 365 + year / 4 - year / 100 + year / 400 + in_year - 719468);
	back = civil_from_day(*day);
	return back.day == c->day && back.month == c->month;
}

void
render_day(struct buf *out, int64_t day, bool with_year, enum render_style style)
{
	static const char month[][12][4] = {
		[STYLE_EN] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		               "Sep", "Oct", "Nov", "Dec" },
		[STYLE_SW] = { "Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ago",
		               "Sep", "Okt", "Nov", "Des" },
		[STYLE_FR] = { "jan", "fev", "mar", "avr", "mai", "jun", "jul", "aou",
		               "sep", "oct", "nov", "dec" },
	};
	struct civil c;

	if (day < -100000 || day > 100000) {
		buf_putc(out, '?');
		return;
	}
	c = civil_from_day(day);
	buf_put_i64(out, c.day);
	if (style == STYLE_PLAIN) {
		buf_putc(out, '/');
		buf_put_i64(out, c.month);
	} else {
		buf_putc(out, ' ');
		buf_puts(out, month[style][c.month - 1]);
	}
	if (with_year) {
		buf_putc(out, style == STYLE_PLAIN ? '/' : ' ');
		buf_put_i64(out, c.year);
	}
}
