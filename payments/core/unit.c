#include "payments/core/unit.h"

#include <string.h>
#include <strings.h>

#define TONNE_MG INT64_C(1000000000)

static const struct unit units[] = {
	{ "mg", 1, 1, 1, false },
	{ "g", 1000, 1, 1, false },
	{ "kg", 1000000, 1, 1, false },
	{ "tonne", TONNE_MG, 1, 1, false },
	{ "ct", 200, 1, 1, false },
	{ "ctpoint", 2, 1, 1, false },
	{ "point", 100, 1, 1, false },
	{ "grain", 6479891, 100000, 1, false },
	{ "dwt", 155517384, 100000, 1, false },
	{ "ozt", 311034768, 10000, 1, false },
	{ "lb", 45359237, 100, 1, false },
	{ "tola", 116638038, 10000, 1, false },
	{ "tolagl", 11400, 1, 1, false },
	{ "pound", 7750, 1, 1, false },
	{ "blade", 775, 1, 1, true },
	{ "kopo", 300000, 1, 1, true },
};

/* What people type, in the languages spoken. */
static const char *const others[][2] = {
	{ "gram", "g" },          { "grams", "g" },     { "gramme", "g" },
	{ "grammes", "g" },       { "gramu", "g" },     { "gr", "g" },
	{ "kilo", "kg" },         { "kilos", "kg" },    { "t", "tonne" },
	{ "tonnes", "tonne" },    { "tani", "tonne" },  { "carat", "ct" },
	{ "carats", "ct" },       { "cts", "ct" },      { "karati", "ct" },
	{ "points", "point" },    { "pt", "point" },    { "grains", "grain" },
	{ "pennyweight", "dwt" }, { "oz", "ozt" },      { "ounce", "ozt" },
	{ "once", "ozt" },        { "wakia", "ozt" },   { "tolas", "tola" },
	{ "pounds", "pound" },    { "livre", "pound" }, { "blades", "blade" },
	{ "kopos", "kopo" },
};

const struct unit *
unit_at(size_t i)
{
	return i < sizeof units / sizeof units[0] ? &units[i] : NULL;
}

const struct unit *
unit_find(const char *name)
{
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcasecmp(name, others[i][0]) == 0)
			name = others[i][1];
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcasecmp(name, units[i].code) == 0)
			return &units[i];
	return NULL;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

int
unit_check(const struct unit *u, struct err *err)
{
	size_t n = strnlen(u->code, UNIT_CODE_SIZE);
	struct exact mg = exact_of(u->mg_num, u->mg_den);

	if (n == 0 || n == UNIT_CODE_SIZE || !letter(u->code[0]))
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "unit: 1 to 11 letters and digits, a letter first");
	for (size_t i = 0; i < n; i++)
		if (!letter(u->code[i]) && !digit(u->code[i]))
			return err_set(
			    err, ERR_RANGE, FATE_NOT,
			    "unit: 1 to 11 letters and digits, a letter first");
	if (!exact_over_zero(mg) || exact_above(mg, exact_of(TONNE_MG, 1)))
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "unit: weighs more than nothing, at most a tonne");
	if (u->version < 1)
		return err_set(err, ERR_RANGE, FATE_NOT, "unit: versions begin at 1");
	return 0;
}

static const char *
spaces(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

int
weight_read(const char *text, struct weight_text *out, struct err *err)
{
	const char *p = spaces(text);
	struct exact n;
	size_t at = 0;

	*out = (struct weight_text){ { 0 }, { 0 } };
	for (; digit(*p) || *p == '.' || *p == ','; p++) {
		if (at == sizeof out->amount - 1)
			return err_set(err, ERR_SYNTAX, FATE_NOT, "weight: too long");
		out->amount[at++] = *p == ',' ? '.' : *p;
	}
	if (!exact_parse(out->amount, &n))
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "weight: write a number, such as 2.5");
	p = spaces(p);
	for (at = 0; letter(*p) || (at > 0 && digit(*p)); p++) {
		if (at == sizeof out->unit - 1)
			return err_set(err, ERR_SYNTAX, FATE_NOT, "weight: unknown unit");
		out->unit[at++] = lower(*p);
	}
	if (*spaces(p) != '\0')
		return err_set(err, ERR_SYNTAX, FATE_NOT, "weight: unknown unit");
	return 0;
}

int
weight_mg(const char *amount, const struct unit *u, int64_t *mg, struct err *err)
{
	struct exact n;

	if (!exact_parse(amount, &n))
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "weight: write a number, such as 2.5");
	if (unit_check(u, err) < 0)
		return -1;
	if (u->rough)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "weight: this unit must be calibrated first");
	if (exact_round(exact_times(n, exact_of(u->mg_num, u->mg_den)), mg, err) < 0)
		return -1;
	if (*mg < 1)
		return err_set(err, ERR_RANGE, FATE_NOT, "weight: under a milligram");
	return 0;
}
