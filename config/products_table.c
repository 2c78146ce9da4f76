#include "config/products_table.h"

#include <stdio.h>
#include <string.h>

#define TEXT    FIELD_TEXT, "expects text in quotes"
#define NUMBER  FIELD_NUMBER, "expects a number without quotes"
#define PERCENT FIELD_PERCENT, "expects a percentage in quotes, such as \"2.5\""
#define FLAG    FIELD_FLAG, "expects true or false"
#define MONEY   FIELD_MONEY, "expects an amount in the product's currency: \"500,000 TZS\""
#define NUMBERS FIELD_NUMBERS, "expects a list of numbers: [ 4, 8, 12 ]"
#define TEXTS   FIELD_TEXTS, "expects a list of texts: [ \"MGODI\" ]"
#define GROUP   FIELD_GROUP, "expects a group: { ... }"
#define GROUPS  FIELD_GROUPS, "expects a list of groups: ( { ... }, ... )"

#define MINOR 100 /* of a unit: all currencies here have two decimals */

const struct product_field product_fields[] = {
	{ "code", TEXT },
	{ "kind", TEXT },
	{ "names", GROUP },
	{ "names.en", TEXT },
	{ "names.sw", TEXT },
	{ "names.fr", TEXT },
	{ "cooperatives", TEXTS },
	{ "active", FLAG },
	{ "phone", FLAG },
	{ "position", NUMBER },
	{ "currency", TEXT },
	{ "amount_min", MONEY },
	{ "amount_max", MONEY },
	{ "second_above", MONEY },
	{ "terms", GROUP },
	{ "terms.min", NUMBER },
	{ "terms.usual", NUMBER },
	{ "terms.max", NUMBER },
	{ "terms.choice", NUMBERS },
	{ "first_due_days", NUMBER },
	{ "sale_share_permille", NUMBER },
	{ "floor_permille", NUMBER },
	{ "limit", GROUP },
	{ "limit.first", MONEY },
	{ "limit.per_loan", MONEY },
	{ "limit.sales_permille", NUMBER },
	{ "limit.sales_weeks", NUMBER },
	{ "limit.per_late", MONEY },
	{ "lease", GROUP },
	{ "lease.deposit_bp", NUMBER },
	{ "lease.buyout_bp", NUMBER },
	{ "group", GROUP },
	{ "group.min", NUMBER },
	{ "group.max", NUMBER },
	{ "group.guarantee_bp", NUMBER },
	{ "contract", GROUP },
	{ "contract.every", NUMBER },
	{ "contract.every_unit", TEXT },
	{ "contract.rate_pct", PERCENT },
	{ "contract.rate_per", TEXT },
	{ "contract.interest_type", TEXT },
	{ "contract.interest_calc_period", TEXT },
	{ "contract.amortization", TEXT },
	{ "contract.schedule", TEXT },
	{ "contract.days_in_year", TEXT },
	{ "contract.days_in_month", TEXT },
	{ "contract.seed_day", NUMBER },
	{ "contract.grace_principal", NUMBER },
	{ "contract.grace_interest", NUMBER },
	{ "contract.interest_free", NUMBER },
	{ "contract.fixed_principal_pct_per_instalment", PERCENT },
	{ "contract.down_payment_pct", PERCENT },
	{ "contract.currency_digits", NUMBER },
	{ "contract.currency_multiple", MONEY },
	{ "contract.installment_multiple", MONEY },
	{ "contract.strategy", TEXT },
	{ "contract.order", GROUPS },
	{ "contract.order[].timing", TEXT },
	{ "contract.order[].part", TEXT },
	{ "contract.order_vertical", FLAG },
	{ "contract.surplus", TEXT },
	{ "contract.recalculate", FLAG },
	{ "contract.in_duplum_pct", PERCENT },
	{ "contract.cashout", TEXT },
	{ "contract.charges", GROUPS },
	{ "contract.charges[].code", TEXT },
	{ "contract.charges[].time", TEXT },
	{ "contract.charges[].base", TEXT },
	{ "contract.charges[].penalty", FLAG },
	{ "contract.charges[].amount", MONEY },
	{ "contract.charges[].pct", PERCENT },
	{ "contract.charges[].grace_days", NUMBER },
	{ NULL, FIELD_TEXT, NULL },
};

const struct product_field *
product_field(const char *path)
{
	char plain[PRODUCT_PATH_SIZE];
	size_t n = 0;

	for (bool inside = false; *path != '\0' && n + 1 < sizeof plain; path++) {
		if (*path == ']')
			inside = false;
		if (!inside)
			plain[n++] = *path;
		if (*path == '[')
			inside = true;
	}
	plain[n] = '\0';
	for (const struct product_field *f = product_fields; f->path != NULL; f++)
		if (strcmp(f->path, plain) == 0)
			return f;
	return NULL;
}

bool
product_money_read(const char *text, const char *currency, int64_t *minor)
{
	int64_t n = 0, scale = 0;
	const char *p = text;

	for (; (*p >= '0' && *p <= '9') || *p == ','; p++) {
		if (n > INT64_C(10000000000000))
			return false;
		n = *p == ',' ? n : n * 10 + (*p - '0');
	}
	if (p == text || *text == ',')
		return false;
	n *= MINOR;
	if (*p == '.')
		for (p++, scale = MINOR; *p >= '0' && *p <= '9' && scale > 1; p++) {
			scale /= 10;
			n += (*p - '0') * scale;
		}
	while (*p == ' ')
		p++;
	*minor = n;
	return currency[0] != '\0' && strcmp(p, currency) == 0;
}

char *
product_money_text(int64_t minor, const char *currency, char out[PRODUCT_MONEY_SIZE])
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%lld", (long long)(minor / MINOR));
	int at = 0;

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	if (minor % MINOR != 0)
		at += snprintf(out + at, (size_t)(PRODUCT_MONEY_SIZE - at), ".%02d",
		               (int)(minor % MINOR));
	snprintf(out + at, (size_t)(PRODUCT_MONEY_SIZE - at), " %s", currency);
	return out;
}
