#include "ussd/core/sms_words.h"

#include "ussd/core/gsm7.h"

#include <sodium.h>
#include <string.h>

#define DIGITS_MAX 12
#define VALUE_MAX  INT64_C(999999999999)

/* The zeros of the scripts whose digits are taken; the other nine follow each. */
static const uint32_t zeros[] = {
	0x0660, /* Arabic-Indic   */
	0x06f0, /* Persian, Urdu  */
	0x07c0, /* N'Ko           */
	0x0966, /* Devanagari     */
	0x09e6, /* Bengali        */
	0xff10, /* full width     */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- words ---- */

struct builder {
	struct sms_words *out;
	bool in_word;
	char parted_by; /* since the last word */
};

static void
add_sign(struct builder *b, char c)
{
	struct sms_word *w =
	    b->out->count < SMS_WORDS_MAX ? &b->out->at[b->out->count] : NULL;

	if (!b->in_word && w != NULL)
		w->before = b->parted_by == '\0' ? ' ' : b->parted_by;
	b->in_word = true;
	b->parted_by = '\0';
	if (w == NULL)
		return;
	if (w->length < SMS_WORD_MAX)
		w->text[w->length] = c;
	if (w->length < UINT16_MAX)
		w->length++;
}

/* One sign between words stays known: several are a blank. */
static void
end_word(struct builder *b, char c)
{
	if (b->in_word)
		b->out->count++;
	b->in_word = false;
	b->parted_by = (char)(b->parted_by == '\0' && (c == '.' || c == ',') ? c : ' ');
}

static void
add_plain(struct builder *b, char c)
{
	if (c >= 'a' && c <= 'z')
		add_sign(b, (char)(c - 'a' + 'A'));
	else if ((c >= 'A' && c <= 'Z') || is_digit(c))
		add_sign(b, c);
	else
		end_word(b, c);
}

static void
add_letter(struct builder *b, uint32_t c)
{
	const char *instead;

	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
		if (c >= zeros[i] && c < zeros[i] + 10) {
			add_sign(b, (char)('0' + (c - zeros[i])));
			return;
		}
	}
	if (c < 0x80) {
		add_plain(b, (char)c);
		return;
	}
	instead = gsm7_stand_in(c);
	if (instead == NULL)
		end_word(b, ' ');
	for (; instead != NULL && *instead != '\0'; instead++)
		add_plain(b, *instead);
}

void
sms_words_read(const char *text, size_t n, struct sms_words *out)
{
	struct builder b = { .out = out };

	memset(out, 0, sizeof *out);
	while (n > 0)
		add_letter(&b, utf8_take(&text, &n));
	end_word(&b, ' ');
}

void
sms_words_wipe(struct sms_words *words)
{
	sodium_memzero(words, sizeof *words);
}

/* ---- numbers ---- */

/* The digit that a sign is inside a number; -1 if none. */
static int
digit_of(char c)
{
	return is_digit(c) ? c - '0' : c == 'O' ? 0 : c == 'L' ? 1 : -1;
}

static size_t
count_digits(const char *s)
{
	size_t n = 0;

	while (digit_of(s[n]) >= 0)
		n++;
	return n;
}

static void
add_digits(struct sms_number *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out->value = out->value * 10 + digit_of(s[i]);
	out->digits += (unsigned)n;
}

/* A word by its place; an empty one behind the last. */
static const struct sms_word *
word_at(const struct sms_words *words, size_t i)
{
	static const struct sms_word none = { "", 0, ' ' };

	return i < words->count && i < SMS_WORDS_MAX ? &words->at[i] : &none;
}

/* Does the word hold n digits and then at most a unit? */
static const char *
rest_of_digits(const struct sms_word *w, size_t n)
{
	if (w->length == 0 || w->length > SMS_WORD_MAX || !is_digit(w->text[0]) ||
	    count_digits(w->text) != n)
		return NULL;
	return w->text + n;
}

/* Behind the digits: nothing, a currency, or K and M for thousands and millions. */
static bool
take_unit(const char *unit, int64_t *times)
{
	size_t n = strlen(unit);

	*times = strcmp(unit, "K") == 0 ? 1000 : strcmp(unit, "M") == 0 ? 1000000 : 1;
	if (*times > 1)
		return true;
	for (size_t i = 0; i < n; i++)
		if (unit[i] < 'A' || unit[i] > 'Z')
			return false;
	return n <= 4;
}

/* "1.5K": a fraction counts only in front of a unit that makes it whole; else it must be
 * zero ("50000.00"). */
static bool
take_fraction(const struct sms_words *words, size_t i, struct sms_number *out)
{
	const struct sms_word *w = word_at(words, i + out->words);
	size_t n = count_digits(w->text);
	const char *unit = n > 0 && n <= 2 ? rest_of_digits(w, n) : NULL;
	int64_t times, part = 0;

	if (unit == NULL || w->before == ' ')
		return true;
	if (!take_unit(unit, &times))
		return false;
	for (size_t k = 0; k < n; k++)
		part = part * 10 + digit_of(w->text[k]);
	if (times == 1 && part > 0)
		return false;
	out->value = out->value * times + part * (times / (n == 1 ? 10 : 100));
	out->words++;
	out->is_bare = false;
	return true;
}

/* Groups of three behind a first of at most three. */
static const char *
take_groups(const struct sms_words *words, size_t i, struct sms_number *out)
{
	const char *unit = "";

	while (out->digits + 3 <= DIGITS_MAX && *unit == '\0') {
		const char *rest = rest_of_digits(word_at(words, i + out->words), 3);
		int64_t times;

		if (rest == NULL || !take_unit(rest, &times))
			break;
		add_digits(out, rest - 3, 3);
		out->words++;
		out->is_bare = false;
		unit = rest;
	}
	return unit;
}

/* "12.5": the 5 is no number of its own. */
static bool
is_fraction(const struct sms_words *words, size_t i)
{
	const struct sms_word *w = word_at(words, i);
	const struct sms_word *before = i > 0 ? word_at(words, i - 1) : NULL;
	size_t n = before == NULL ? 0 : strlen(before->text);

	return w->before != ' ' && n > 0 && is_digit(before->text[n - 1]);
}

bool
sms_number_read(const struct sms_words *words, size_t i, struct sms_number *out)
{
	const struct sms_word *w = word_at(words, i);
	const char *s = w->text, *unit;
	size_t letters = 0, n;
	int64_t times;

	*out = (struct sms_number){ .words = 1, .is_bare = true };
	while (s[letters] >= 'A' && s[letters] <= 'Z')
		letters++;
	n = count_digits(s + letters);
	if (is_fraction(words, i) || letters > 3 || !is_digit(s[letters]) ||
	    n > DIGITS_MAX || w->length > SMS_WORD_MAX)
		return false;
	add_digits(out, s + letters, n);
	unit = s + letters + n;
	if (!take_unit(unit, &times))
		return false;
	out->is_bare = letters == 0 && *unit == '\0';
	if (*unit == '\0' && n <= 3)
		unit = take_groups(words, i, out);
	if (!take_unit(unit, &times))
		return false;
	if (*unit == '\0' && !take_fraction(words, i, out))
		return false;
	/* "50 K": the unit as a word of its own */
	if (*unit == '\0' && out->words == 1 &&
	    take_unit(word_at(words, i + 1)->text, &times) && times > 1) {
		out->words++;
		out->is_bare = false;
	}
	out->value *= times;
	return out->value <= VALUE_MAX;
}
