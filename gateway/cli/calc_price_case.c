/* Inputs of a price case, checked and echoed, and its results. */
#include "gateway/cli/calc_price.h"

#include <stdio.h>
#include <string.h>

#define PERCENT_DIGITS 6

void
price_wrong(struct price_case *c, const char *field, const char *why)
{
	if (!c->failed)
		calc_fault(c->fault, "%s: %s", field, why);
	c->failed = true;
}

bool
price_number(const struct json *v, struct exact *out)
{
	int64_t whole;

	if (json_text(v) != NULL)
		return exact_parse(json_text(v), out);
	if (!json_i64(v, &whole) || whole < 0)
		return false;
	*out = exact_of(whole, 1);
	return true;
}

struct exact
price_input(struct price_case *c, const char *field)
{
	const struct json *v = json_get(c->in, field);
	struct exact n = exact_of(1, 1);
	char text[EXACT_TEXT_SIZE];

	if (json_absent(v))
		price_wrong(c, field, "is missing");
	else if (!price_number(v, &n))
		price_wrong(c, field,
		            "give a decimal of at most 18 digits, such as \"4.37\"");
	else if (json_text(v) != NULL)
		jw_text(c->out, field, json_text(v));
	else if (exact_text(n, 0, text))
		jw_text(c->out, field, text);
	return c->failed ? exact_of(1, 1) : n;
}

struct exact
price_input_over_zero(struct price_case *c, const char *field)
{
	struct exact n = price_input(c, field);

	if (exact_over_zero(n))
		return n;
	price_wrong(c, field, "must be over zero");
	return exact_of(1, 1);
}

struct exact
price_input_up_to(struct price_case *c, const char *field, int64_t most)
{
	struct exact n = price_input(c, field);
	char why[40];

	if (!exact_above(n, exact_of(most, 1)))
		return n;
	snprintf(why, sizeof why, "is at most %lld", (long long)most);
	price_wrong(c, field, why);
	return exact_of(1, 1);
}

struct exact
price_input_or(struct price_case *c, const char *field, struct exact fallback)
{
	if (json_absent(json_get(c->in, field)))
		return fallback;
	return price_input_over_zero(c, field);
}

static bool
named(struct price_case *c, const char *field)
{
	for (unsigned i = 0; i < c->rounded; i++)
		if (strcmp(c->money[i].name, field) == 0)
			return true;
	return false;
}

static void
keep(struct price_case *c, const char *field, struct exact value)
{
	if (named(c, field)) {
		price_wrong(c, field, "is the name of two results: change it");
	} else if (c->rounded == PRICE_ROUNDED_MAX) {
		price_wrong(c, field, "is one result too many");
	} else {
		snprintf(c->money[c->rounded].name, sizeof c->money[0].name, "%s", field);
		c->money[c->rounded++].value = value;
	}
}

static bool
read_deduction(struct price_case *c, const struct json *pair, struct deductions *d)
{
	const char *field = "deductions_of_gross";
	const char *name = json_text(json_at(pair, 0));
	struct exact *rate = &d->rate[d->count];
	char text[EXACT_TEXT_SIZE];

	if (name == NULL || json_count(pair) != 2 ||
	    !price_number(json_at(pair, 1), rate))
		price_wrong(c, field, "give pairs [name, rate], the rate as \"0.06\"");
	else if (name[0] == '\0' || strlen(name) > PRICE_NAME_MAX)
		price_wrong(c, field, "names have 1 to 40 bytes");
	else if (exact_above(*rate, exact_of(1, 1)))
		price_wrong(c, field, "a rate is at most 1");
	if (c->failed)
		return false;
	d->count++;
	jw_array(c->out, NULL);
	jw_text(c->out, NULL, name);
	if (json_text(json_at(pair, 1)) != NULL)
		jw_text(c->out, NULL, json_text(json_at(pair, 1)));
	else if (exact_text(*rate, 0, text))
		jw_text(c->out, NULL, text);
	jw_end_array(c->out);
	return true;
}

void
price_read_deductions(struct price_case *c, struct deductions *d)
{
	const char *field = "deductions_of_gross";
	const struct json *list = json_get(c->in, field);

	d->count = 0;
	if (!json_absent(list) && !json_is_array(list))
		price_wrong(c, field, "give pairs [name, rate]");
	if (json_count(list) > DEDUCTIONS_MAX)
		price_wrong(c, field, "give at most 16");
	jw_array(c->out, field);
	for (size_t i = 0; i < json_count(list) && !c->failed; i++)
		if (!read_deduction(c, json_at(list, i), d))
			break;
	jw_end_array(c->out);
}

void
price_put(struct price_case *c, const char *field, struct exact value, unsigned digits)
{
	char text[EXACT_TEXT_SIZE];

	if (exact_text(value, digits, text))
		jw_text(c->out, field, text);
	else
		price_wrong(c, field, "the numbers are too large to compute exactly");
}

void
price_put_exact(struct price_case *c, const char *field, struct exact value)
{
	price_put(c, field, value, PRICE_EXACT_DIGITS);
}

void
price_put_money(struct price_case *c, const char *field, struct exact value)
{
	price_put_exact(c, field, value);
	keep(c, field, value);
}

void
price_put_deductions(struct price_case *c, const struct deductions *d)
{
	const struct json *list = json_get(c->in, "deductions_of_gross");

	jw_object(c->out, "deduction_local");
	for (unsigned i = 0; i < d->count; i++)
		price_put_money(c, json_text(json_at(json_at(list, i), 0)), d->amount[i]);
	jw_end_object(c->out);
}

void
price_check(struct price_case *c, const struct value_chain *v, const char *grade,
            const char *taken)
{
	switch (value_fault(v)) {
	case VALUE_TOO_WIDE:
		price_wrong(c, "net", "the numbers are too large to compute");
		break;
	case VALUE_TOO_POOR:
		price_wrong(c, grade, "the charges exceed what the lot is worth");
		break;
	case VALUE_OVERTAKEN:
		price_wrong(c, taken, "take more than the gross value");
		break;
	case VALUE_IN_ORDER:
		break;
	}
}

void
price_put_share(struct price_case *c, const struct value_chain *v)
{
	price_put(c, "net_pct_of_world", v->pct_of_world, PERCENT_DIGITS);
	jw_bool(c->out, "above_world", v->above_world);
}
