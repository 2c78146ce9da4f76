#include "payments/core/batch_line.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define FIELDS    4
#define FIELD_MAX 256

struct fields {
	size_t count;
	char at[FIELDS][FIELD_MAX + 1];
};

/* From *at on; false: too long, or a quote that does not end. */
static bool
read_field(const char *text, size_t n, size_t *at, char *out)
{
	size_t i = *at, len = 0;
	bool quoted = i < n && text[i] == '"';

	for (i += quoted ? 1 : 0; i < n; i++) {
		if (quoted && text[i] == '"') {
			if (i + 1 < n && text[i + 1] == '"') {
				i++;
			} else {
				quoted = false;
				continue;
			}
		} else if (!quoted && text[i] == ',') {
			break;
		}
		if (len == FIELD_MAX)
			return false;
		out[len++] = text[i];
	}
	while (len > 0 && (out[len - 1] == ' ' || out[len - 1] == '\r'))
		len--;
	out[len] = '\0';
	*at = i;
	return !quoted;
}

static bool
read_fields(const char *text, size_t n, struct fields *out)
{
	size_t at = 0;

	out->count = 0;
	for (;;) {
		while (at < n && text[at] == ' ')
			at++;
		if (out->count == FIELDS ||
		    !read_field(text, n, &at, out->at[out->count]))
			return false;
		out->count++;
		if (at >= n)
			return true;
		at++; /* the comma */
	}
}

static bool
is_digits(const char *text)
{
	return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static bool
read_number(const char *text, char out[16])
{
	size_t n;

	text += text[0] == '+' ? 1 : 0;
	n = strlen(text);
	if (!is_digits(text) || n < 8 || n > 15 || text[0] == '0')
		return false;
	memcpy(out, text, n + 1);
	return true;
}

/* Twelve digits of units, and no more decimals than the currency has. */
static bool
read_amount(const char *text, unsigned exponent, int64_t *out)
{
	size_t units = strspn(text, "0123456789"), decimals = 0;
	int64_t v = 0;

	if (units == 0 || units > 12)
		return false;
	for (size_t i = 0; i < units; i++)
		v = v * 10 + (text[i] - '0');
	text += units;
	if (*text == '.') {
		text++;
		decimals = strspn(text, "0123456789");
		if (decimals == 0 || decimals > exponent)
			return false;
	}
	if (text[decimals] != '\0')
		return false;
	for (size_t i = 0; i < exponent; i++)
		v = v * 10 + (i < decimals ? text[i] - '0' : 0);
	*out = v;
	return v > 0;
}

/* Bytes of the sign that begins with c; 0: none that can be written does. */
static size_t
sign_bytes(unsigned char c)
{
	if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xc2) || c > 0xf4)
		return 0;
	if (c < 0x80)
		return 1;
	if (c < 0xe0)
		return 2;
	return c < 0xf0 ? 3 : 4;
}

/* Signs of UTF-8; -1: it is not, or one cannot be written. */
static int
count_signs(const char *text)
{
	int count = 0;

	while (*text != '\0') {
		size_t n = sign_bytes((unsigned char)*text);

		if (n == 0)
			return -1;
		for (size_t i = 1; i < n; i++)
			if (((unsigned char)text[i] & 0xc0) != 0x80)
				return -1;
		text += n;
		count++;
	}
	return count;
}

static bool
is_headings(const struct fields *f)
{
	return strcasecmp(f->at[0], "number") == 0 && f->count > 1 &&
	       strcasecmp(f->at[1], "amount") == 0;
}

static enum batch_word
read_member(const char *text, struct batch_line *out)
{
	size_t len = strlen(text);

	if (len >= sizeof out->member || count_signs(text) != (int)len)
		return BATCH_MEMBER;
	memcpy(out->member, text, len + 1);
	return BATCH_ROW;
}

static enum batch_word
read_payee(const char *text, struct batch_line *out)
{
	int signs = count_signs(text);

	if (signs < 2 || signs > BATCH_NOTE_MAX)
		return BATCH_NAME;
	memcpy(out->payee, text, strlen(text) + 1);
	return BATCH_ROW;
}

enum batch_word
batch_line_read(const char *text, size_t n, enum batch_form form, unsigned exponent,
                struct batch_line *out)
{
	bool wages = form == BATCH_WAGES;
	struct batch_line line = { .amount = 0 };
	enum batch_word last = BATCH_ROW;
	struct fields f;
	int signs;

	if (memchr(text, '\0', n) != NULL || !read_fields(text, n, &f))
		return wages ? BATCH_WAGE_FIELDS : BATCH_FIELDS;
	if ((f.count == 1 && f.at[0][0] == '\0') || is_headings(&f))
		return BATCH_NOTHING;
	if (f.count < (wages ? 4 : 3))
		return wages ? BATCH_WAGE_FIELDS : BATCH_FIELDS;
	if (!read_number(f.at[0], line.msisdn))
		return BATCH_NUMBER;
	if (!read_amount(f.at[1], exponent, &line.amount))
		return BATCH_AMOUNT;
	signs = count_signs(f.at[2]);
	if (signs < 1 || signs > BATCH_NOTE_MAX)
		return BATCH_NOTE;
	memcpy(line.note, f.at[2], strlen(f.at[2]) + 1);
	if (f.count == FIELDS)
		last = wages ? read_payee(f.at[3], &line) : read_member(f.at[3], &line);
	if (last == BATCH_ROW)
		*out = line;
	return last;
}

const char *
batch_word_text(enum batch_word w)
{
	static const char *const words[] = {
		[BATCH_ROW] = "",
		[BATCH_NOTHING] = "",
		[BATCH_NUMBER] =
		    "the number must be 8 to 15 digits with the country code",
		[BATCH_AMOUNT] = "the amount must be in units, above 0, no more decimals",
		[BATCH_NOTE] = "the note must have 1 to 60 signs",
		[BATCH_MEMBER] = "the member must be a number of a member",
		[BATCH_NAME] = "the name must have 2 to 60 signs",
		[BATCH_FIELDS] = "write number,amount,note or number,amount,note,member",
		[BATCH_WAGE_FIELDS] = "write number,amount,note,name",
	};

	return w < BATCH_WORDS ? words[w] : "";
}
