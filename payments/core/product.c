#include "payments/core/product.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MONEY_MAX INT64_C(1000000000000000)
#define BP_MAX    10000
#define WHOLE     1000 /* permille */

static const char *const kind_names[PRODUCT_KINDS] = {
	[PRODUCT_WORKING] = "working",
	[PRODUCT_LEASE] = "lease",
	[PRODUCT_GROUP] = "group",
	[PRODUCT_EMERGENCY] = "emergency",
};

static const char *const languages[PRODUCT_LANGUAGES] = { "en", "sw", "fr" };

const char *
product_kind_name(enum product_kind k)
{
	return kind_names[k];
}

const char *
product_name(const struct product *p, const char *language)
{
	for (unsigned i = 0; i < PRODUCT_LANGUAGES; i++)
		if (strcmp(language, languages[i]) == 0 && p->names[i][0] != '\0')
			return p->names[i];
	return p->names[PRODUCT_EN];
}

bool
product_on_menu(const struct product *p)
{
	return p->active && p->on_phone &&
	       (p->kind == PRODUCT_WORKING || p->kind == PRODUCT_EMERGENCY);
}

/* One part of the document; the first fault stays. */
struct part {
	const struct json *in;
	const char *path; /* "terms." */
	struct diag *fault;
	bool failed;
};

static void __attribute__((format(printf, 3, 4)))
fail(struct part *p, const char *field, const char *fmt, ...)
{
	char why[200];
	va_list args;

	if (p->failed)
		return;
	p->failed = true;
	va_start(args, fmt);
	vsnprintf(why, sizeof why, fmt, args);
	va_end(args);
	*p->fault = (struct diag){ 0 };
	snprintf(p->fault->text, sizeof p->fault->text, "%s%s: %s", p->path, field, why);
}

static void
number(struct part *p, const char *field, int64_t low, int64_t high, int64_t *out)
{
	const struct json *v = json_get(p->in, field);
	int64_t n;

	if (json_absent(v))
		return;
	if (!json_i64(v, &n) || n < low || n > high)
		fail(p, field, "give a whole number from %lld to %lld", (long long)low,
		     (long long)high);
	else
		*out = n;
}

static void
count(struct part *p, const char *field, int64_t low, int64_t high, uint32_t *out)
{
	int64_t n = *out;

	number(p, field, low, high, &n);
	*out = (uint32_t)n;
}

static void
flag(struct part *p, const char *field, bool *out)
{
	const struct json *v = json_get(p->in, field);

	if (!json_absent(v) && !json_bool(v, out))
		fail(p, field, "give true or false");
}

static void
text(struct part *p, const char *field, char *out, size_t cap)
{
	const struct json *v = json_get(p->in, field);

	if (json_absent(v))
		return;
	if (json_text(v) == NULL || strlen(json_text(v)) >= cap)
		fail(p, field, "give a text of at most %zu bytes", cap - 1);
	else
		snprintf(out, cap, "%s", json_text(v));
}

/* A group of fields that may be left out as a whole. */
static struct part
inner(struct part *p, const char *field, const char *path)
{
	const struct json *v = json_get(p->in, field);

	if (!json_absent(v) && !json_is_object(v))
		fail(p, field, "give a group of fields");
	return (struct part){ v, path, p->fault, p->failed };
}

static void
outer(struct part *p, const struct part *in)
{
	p->failed = in->failed;
}

static void
read_kind(struct part *p, struct product *out)
{
	const char *name = json_get_text(p->in, "kind");

	for (unsigned k = 0; name != NULL && k < PRODUCT_KINDS; k++)
		if (strcmp(name, kind_names[k]) == 0) {
			out->kind = (enum product_kind)k;
			return;
		}
	fail(p, "kind", "give one of working, lease, group, emergency");
}

static void
read_names(struct part *p, struct product *out)
{
	struct part names = inner(p, "names", "names.");

	for (unsigned i = 0; i < PRODUCT_LANGUAGES; i++)
		text(&names, languages[i], out->names[i], PRODUCT_NAME_SIZE);
	outer(p, &names);
}

/* With a choice the bounds are its own; without bounds there is but the usual number. */
static void
read_terms(struct part *p, struct loan_product *out)
{
	struct part terms = inner(p, "terms", "terms.");
	const struct json *choice = json_get(terms.in, "choice");
	size_t n = json_count(choice);
	uint32_t low = 0, high = 0;

	if (!json_absent(choice) && (!json_is_array(choice) || n > TERM_CHOICES_MAX))
		fail(&terms, "choice", "give a list of at most %d numbers",
		     TERM_CHOICES_MAX);
	for (size_t i = 0; i < n && !terms.failed; i++) {
		int64_t one = 0;

		if (!json_i64(json_at(choice, i), &one) || one < 1 ||
		    one > INSTALMENTS_MAX || (uint32_t)one <= high)
			fail(&terms, "choice", "give numbers from 1 to %d, each larger",
			     INSTALMENTS_MAX);
		high = (uint32_t)one;
		low = i == 0 ? high : low;
		out->choice[out->choices++] = high;
	}
	out->terms_usual = low == 0 ? 1 : low;
	count(&terms, "usual", 1, INSTALMENTS_MAX, &out->terms_usual);
	out->terms_min = low == 0 ? out->terms_usual : low;
	out->terms_max = high == 0 ? out->terms_usual : high;
	count(&terms, "min", 1, INSTALMENTS_MAX, &out->terms_min);
	count(&terms, "max", 1, INSTALMENTS_MAX, &out->terms_max);
	outer(p, &terms);
}

static void
read_limit(struct part *p, struct loan_product *out)
{
	struct part limit = inner(p, "limit", "limit.");

	out->limit = limit_rule_usual(out->amount_max);
	number(&limit, "first", 0, MONEY_MAX, &out->limit.first);
	number(&limit, "per_loan", 0, MONEY_MAX, &out->limit.per_loan);
	count(&limit, "sales_permille", 0, 10 * WHOLE, &out->limit.sales_permille);
	count(&limit, "sales_weeks", 0, 99, &out->limit.sales_weeks);
	number(&limit, "per_late", 0, MONEY_MAX, &out->limit.per_late);
	outer(p, &limit);
}

static void
read_kinds_own(struct part *p, struct product *out)
{
	struct part lease = inner(p, "lease", "lease."), group;

	count(&lease, "deposit_bp", 0, BP_MAX - 1, &out->deposit_bp);
	count(&lease, "buyout_bp", 0, BP_MAX, &out->buyout_bp);
	outer(p, &lease);
	group = inner(p, "group", "group.");
	count(&group, "min", 0, GROUP_MEMBERS_MAX, &out->group_min);
	count(&group, "max", 0, GROUP_MEMBERS_MAX, &out->group_max);
	count(&group, "guarantee_bp", 0, BP_MAX, &out->guarantee_bp);
	outer(p, &group);
}

/* Charge by charge first, so that a fault names the one it is in. */
static void
read_contract(struct part *p, struct contract *out)
{
	const struct json *in = json_get(p->in, "contract");
	const struct json *list = json_get(in, "charges");
	struct charge charge;
	struct diag why;

	if (!json_is_object(in)) {
		fail(p, "contract", "is missing: give a group of fields");
		return;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		if (charge_read(json_at(list, i), &charge, &why) < 0) {
			char path[40];

			snprintf(path, sizeof path, "contract.charges[%zu]", i);
			fail(p, path, "%s", why.text);
		}
	}
	if (contract_read(in, out, &why) < 0)
		fail(p, "contract", "%s", why.text);
}

int
product_read(const struct json *in, struct product *out, struct diag *fault)
{
	struct part p = { in, "", fault, false };
	struct loan_product *t = &out->terms;

	*out = (struct product){ .active = true, .on_phone = true, .position = 1 };
	if (!json_is_object(in))
		fail(&p, "product", "give a group of fields");
	text(&p, "code", out->code, sizeof out->code);
	read_kind(&p, out);
	flag(&p, "active", &out->active);
	flag(&p, "phone", &out->on_phone);
	count(&p, "position", 1, 1000, &out->position);
	read_names(&p, out);
	text(&p, "currency", out->currency, sizeof out->currency);
	number(&p, "amount_min", 1, MONEY_MAX, &t->amount_min);
	number(&p, "amount_max", 1, MONEY_MAX, &t->amount_max);
	number(&p, "second_above", 0, MONEY_MAX, &t->second_above);
	read_terms(&p, t);
	count(&p, "first_due_days", 0, 366, &t->first_due_days);
	count(&p, "sale_share_permille", 0, WHOLE, &t->sale_share_permille);
	count(&p, "floor_permille", 0, WHOLE, &t->floor_permille);
	read_limit(&p, t);
	read_kinds_own(&p, out);
	read_contract(&p, &t->contract);
	return p.failed ? -1 : 0;
}

static void
write_terms(struct json_writer *w, const struct loan_product *t)
{
	jw_object(w, "terms");
	jw_i64(w, "min", t->terms_min);
	jw_i64(w, "usual", t->terms_usual);
	jw_i64(w, "max", t->terms_max);
	jw_array(w, "choice");
	for (uint32_t i = 0; i < t->choices; i++)
		jw_i64(w, NULL, t->choice[i]);
	jw_end_array(w);
	jw_end_object(w);
	jw_i64(w, "first_due_days", t->first_due_days);
	jw_i64(w, "sale_share_permille", t->sale_share_permille);
	jw_i64(w, "floor_permille", t->floor_permille);
	jw_object(w, "limit");
	jw_i64(w, "first", t->limit.first);
	jw_i64(w, "per_loan", t->limit.per_loan);
	jw_i64(w, "sales_permille", t->limit.sales_permille);
	jw_i64(w, "sales_weeks", t->limit.sales_weeks);
	jw_i64(w, "per_late", t->limit.per_late);
	jw_end_object(w);
}

void
product_write(struct json_writer *w, const struct product *p)
{
	jw_text(w, "code", p->code);
	jw_text(w, "kind", kind_names[p->kind]);
	jw_bool(w, "active", p->active);
	jw_bool(w, "phone", p->on_phone);
	jw_i64(w, "position", p->position);
	jw_object(w, "names");
	for (unsigned i = 0; i < PRODUCT_LANGUAGES; i++)
		jw_text(w, languages[i], p->names[i]);
	jw_end_object(w);
	jw_text(w, "currency", p->currency);
	jw_i64(w, "amount_min", p->terms.amount_min);
	jw_i64(w, "amount_max", p->terms.amount_max);
	jw_i64(w, "second_above", p->terms.second_above);
	write_terms(w, &p->terms);
	jw_object(w, "lease");
	jw_i64(w, "deposit_bp", p->deposit_bp);
	jw_i64(w, "buyout_bp", p->buyout_bp);
	jw_end_object(w);
	jw_object(w, "group");
	jw_i64(w, "min", p->group_min);
	jw_i64(w, "max", p->group_max);
	jw_i64(w, "guarantee_bp", p->guarantee_bp);
	jw_end_object(w);
	jw_object(w, "contract");
	contract_write(w, &p->terms.contract);
	jw_end_object(w);
}

static bool
is_code(const char *code)
{
	for (const char *c = code; *c != '\0'; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && *c != '_')
			return false;
	return code[0] != '\0';
}

static void
check_names(struct part *p, const struct product *product)
{
	if (!is_code(product->code))
		fail(p, "code", "give small letters, digits and _");
	if (strlen(product->currency) != 3)
		fail(p, "currency", "give three letters, such as TZS");
	if (product->names[PRODUCT_EN][0] == '\0')
		fail(p, "names.en", "is missing");
	for (unsigned i = 0; i < PRODUCT_LANGUAGES; i++)
		if (buf_utf8_count(product->names[i]) > PRODUCT_NAME_MAX)
			fail(p,
			     (const char *const[]){ "names.en", "names.sw",
			                            "names.fr" }[i],
			     "is over %d characters: it stands beside a digit",
			     PRODUCT_NAME_MAX);
}

static void
check_bounds(struct part *p, const struct loan_product *t)
{
	if (t->amount_min <= 0)
		fail(p, "amount_min", "is missing");
	if (t->amount_max < t->amount_min)
		fail(p, "amount_max", "is under amount_min");
	if (t->terms_min > t->terms_usual || t->terms_usual > t->terms_max)
		fail(p, "terms.usual", "must be from min to max");
	if (!loan_term_fits(t, t->terms_usual))
		fail(p, "terms.usual", "is not one of choice");
	if (t->sale_share_permille + t->floor_permille > WHOLE)
		fail(p, "floor_permille", "with sale_share_permille is over 1000");
}

static void
check_kind(struct part *p, const struct product *product)
{
	bool lease = product->kind == PRODUCT_LEASE;
	bool group = product->kind == PRODUCT_GROUP;

	if (!lease && (product->deposit_bp != 0 || product->buyout_bp != 0))
		fail(p, "lease", "only a product of kind lease has it");
	if (!group && (product->group_min != 0 || product->group_max != 0 ||
	               product->guarantee_bp != 0))
		fail(p, "group", "only a product of kind group has it");
	if ((lease || group) && product->terms.contract.cashout != CASHOUT_NONE)
		fail(p, "contract.cashout", "only a member's own loan has it");
	if (group && product->group_min < 2)
		fail(p, "group.min", "a group has two members at least");
	if (group && product->group_max < product->group_min)
		fail(p, "group.max", "is under group.min");
}

/* The field of a contract that a product leaves to the loan. */
static const char *
not_a_products(const struct contract *c)
{
	if (c->principal != 0)
		return "contract.principal";
	if (c->cashout_amount != 0)
		return "contract.cashout_amount";
	if (c->start != 0)
		return "contract.start";
	if (c->first_due != 0)
		return "contract.first_due";
	if (c->periods != 0)
		return "contract.periods";
	return c->tranche_count != 0 ? "contract.tranches" : NULL;
}

/* A loan of each size and length at the bounds, on some day. */
static void
try_loans(struct part *p, const struct loan_product *t, struct schedule *work)
{
	const int64_t amounts[] = { t->amount_min, t->amount_max };
	const uint32_t terms[] = { t->terms_min, t->terms_usual, t->terms_max };
	struct contract c;
	struct loan_terms out;
	struct diag why;
	struct err err = { .what = "" };

	for (size_t i = 0; i < 6 && !p->failed; i++) {
		if (loan_contract(t, amounts[i / 3], terms[i % 3], 20000, &c, &err) < 0)
			fail(p, "terms", "%s", err.what);
		else if (contract_check(&c, &why) < 0)
			fail(p, "contract", "%s", why.text);
		else if (loan_terms(&c, work, &out, &err) < 0)
			fail(p, "contract", "%lld in %u instalments: %s",
			     (long long)amounts[i / 3], (unsigned)terms[i % 3], err.what);
	}
}

int
product_check(const struct product *product, struct schedule *work, struct diag *fault)
{
	struct part p = { NULL, "", fault, false };
	const char *field = not_a_products(&product->terms.contract);

	check_names(&p, product);
	check_bounds(&p, &product->terms);
	check_kind(&p, product);
	if (field != NULL)
		fail(&p, field, "is the loan's own, not a product's");
	if (!p.failed)
		try_loans(&p, &product->terms, work);
	return p.failed ? -1 : 0;
}
