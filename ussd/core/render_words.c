#include "ussd/core/render.h"

#include <stddef.h>

struct words { /* a text that is being put together, word by word */
	struct buf *out;
	bool begun;
};

static void
say(struct words *w, const char *word)
{
	if (w->begun)
		buf_putc(w->out, ' ');
	buf_puts(w->out, word);
	w->begun = true;
}

/* ---- English ------------------------------------------------------------------- */

static void
below_1000_en(struct words *w, unsigned n)
{
	static const char *const small[] = {
		"",        "one",     "two",       "three",    "four",
		"five",    "six",     "seven",     "eight",    "nine",
		"ten",     "eleven",  "twelve",    "thirteen", "fourteen",
		"fifteen", "sixteen", "seventeen", "eighteen", "nineteen"
	};
	static const char *const tens[] = { "",       "",      "twenty", "thirty",
		                            "forty",  "fifty", "sixty",  "seventy",
		                            "eighty", "ninety" };

	if (n >= 100) {
		say(w, small[n / 100]);
		say(w, "hundred");
		n %= 100;
	}
	if (n >= 20) {
		say(w, tens[n / 10]);
		n %= 10;
	}
	if (n > 0)
		say(w, small[n]);
}

static void
words_en(struct words *w, uint64_t n)
{
	static const struct {
		uint64_t one;
		const char *name;
	} scale[] = { { 1000000000, "billion" },
		      { 1000000, "million" },
		      { 1000, "thousand" } };

	if (n == 0)
		say(w, "zero");
	for (unsigned i = 0; i < sizeof scale / sizeof *scale; i++) {
		if (n < scale[i].one)
			continue;
		below_1000_en(w, (unsigned)(n / scale[i].one));
		say(w, scale[i].name);
		n %= scale[i].one;
	}
	below_1000_en(w, (unsigned)n);
}

/* ---- Swahili: the scale word stands before its number, "na" joins the last one ----- */

static const char *const sw_ones[] = { "",     "moja", "mbili", "tatu", "nne",
	                               "tano", "sita", "saba",  "nane", "tisa" };

static void
below_1000_sw(struct words *w, unsigned n)
{
	static const char *const tens[] = { "",           "kumi",     "ishirini",
		                            "thelathini", "arobaini", "hamsini",
		                            "sitini",     "sabini",   "themanini",
		                            "tisini" };

	if (n >= 100) {
		say(w, "mia");
		say(w, sw_ones[n / 100]);
		n %= 100;
		if (n > 0 && (n < 10 || n % 10 == 0))
			say(w, "na");
	}
	if (n >= 10) {
		say(w, tens[n / 10]);
		n %= 10;
		if (n > 0)
			say(w, "na");
	}
	if (n > 0)
		say(w, sw_ones[n]);
}

static void
words_sw(struct words *w, uint64_t n)
{
	static const struct {
		uint64_t one;
		const char *name;
	} scale[] = { { 1000000000, "bilioni" },
		      { 1000000, "milioni" },
		      { 1000, "elfu" } };

	bool above = false;

	if (n == 0)
		say(w, "sifuri");
	for (unsigned i = 0; i < sizeof scale / sizeof *scale; i++) {
		if (n < scale[i].one)
			continue;
		say(w, scale[i].name);
		below_1000_sw(w, (unsigned)(n / scale[i].one));
		n %= scale[i].one;
		above = true;
	}
	if (n == 0)
		return;
	if (above)
		say(w, "na");
	below_1000_sw(w, (unsigned)n);
}

/* ---- French: "cent" and "vingt" take an s only at the very end of their number --- */

static void
below_100_fr(struct words *w, unsigned n, bool last)
{
	static const char *const small[] = {
		"",       "un",    "deux",     "trois",    "quatre",
		"cinq",   "six",   "sept",     "huit",     "neuf",
		"dix",    "onze",  "douze",    "treize",   "quatorze",
		"quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"
	};
	static const char *const tens[] = {
		"",          "",         "vingt",    "trente",       "quarante",
		"cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"
	};
	unsigned ten = n / 10, rest = n % 10;

	if (n < 20) {
		if (n > 0)
			say(w, small[n]);
		return;
	}
	if (ten == 7 || ten == 9)
		rest += 10;
	say(w, n == 80 && last ? "quatre-vingts" : tens[ten]);
	if (rest == 0)
		return;
	if ((rest == 1 && ten < 8) || n == 71) {
		say(w, "et");
		say(w, small[rest]);
		return;
	}
	buf_putc(w->out, '-');
	buf_puts(w->out, small[rest]);
}

static void
below_1000_fr(struct words *w, unsigned n, bool last)
{
	unsigned hundreds = n / 100;

	if (hundreds > 1)
		below_100_fr(w, hundreds, false);
	if (hundreds > 0)
		say(w, hundreds > 1 && n % 100 == 0 && last ? "cents" : "cent");
	below_100_fr(w, n % 100, last);
}

static void
words_fr(struct words *w, uint64_t n)
{
	static const struct {
		uint64_t one;
		const char *name, *several;
	} scale[] = { { 1000000000, "milliard", "milliards" },
		      { 1000000, "million", "millions" } };

	if (n == 0)
		say(w, "zéro");
	for (unsigned i = 0; i < sizeof scale / sizeof *scale; i++) {
		if (n < scale[i].one)
			continue;
		below_1000_fr(w, (unsigned)(n / scale[i].one), true);
		say(w, n / scale[i].one > 1 ? scale[i].several : scale[i].name);
		n %= scale[i].one;
	}
	if (n >= 1000) {
		if (n >= 2000)
			below_1000_fr(w, (unsigned)(n / 1000), false);
		say(w, "mille");
		n %= 1000;
	}
	below_1000_fr(w, (unsigned)n, true);
}

void
render_words(struct buf *out, int64_t n, enum render_style style)
{
	struct words w = { .out = out };

	if (n < 0 || n > INT64_C(999999999999))
		return;
	switch (style) {
	case STYLE_EN:
		words_en(&w, (uint64_t)n);
		break;
	case STYLE_SW:
		words_sw(&w, (uint64_t)n);
		break;
	case STYLE_FR:
		words_fr(&w, (uint64_t)n);
		break;
	case STYLE_PLAIN:
		break;
	}
}
