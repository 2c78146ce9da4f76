#include "payments/core/receipt.h"

#include "payments/core/money.h"

#include <sodium.h>
#include <string.h>

/* The signs of ids_code: 31, a prime, so that a weighted sum finds every single wrong
 * sign and every swap. */
static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

#define SIGNS        31u
#define CODE_SIGNS   7u
#define CODE_CHECKED 8u

static void
line(struct buf *out, const char *name, const char *value)
{
	buf_puts(out, name);
	buf_puts(out, ": ");
	/* a line break inside a value would make two lines of it */
	for (; *value != '\0'; value++)
		buf_putc(out, (unsigned char)*value < ' ' ? ' ' : *value);
	buf_putc(out, '\n');
}

static void
number(struct buf *out, const char *name, int64_t value)
{
	buf_printf(out, "%s: %lld\n", name, (long long)value);
}

static void
money(struct buf *out, const char *name, int64_t value, const struct receipt_facts *f)
{
	buf_printf(out, "%s: ", name);
	money_text(out, value, f->exponent);
	buf_printf(out, " %s\n", f->currency);
}

/* A lot that was valued whole has a price for its own weight. */
static void
price(struct buf *out, const struct receipt_facts *f)
{
	const struct price_quote *q = f->quote;

	if (strcmp(f->mineral, "gold") == 0) {
		money(out, "price_fine_gram", q->fine_gram, f);
		return;
	}
	money(out, q->price_mg == q->gross_mg ? "valued_lot" : "price", q->fine_gram, f);
	number(out, "price_is_for_mg", q->price_mg);
}

static void
dollars(struct buf *out, int64_t micro)
{
	buf_printf(out, "%lld.%06lld USD", (long long)(micro / 1000000),
	           (long long)(micro % 1000000));
}

/* "levy: royalty, 600 bp of gross_value, ", "charge: smelter, 0.600000 USD a kg, " */
static void
basis(struct buf *out, const struct levy *l, const struct receipt_facts *f)
{
	buf_printf(out, "%s: %s, ",
	           l->base == LEVY_PREMIUM   ? "premium"
	           : levy_is_charge(l->base) ? levy_base_name(l->base)
	                                     : "levy",
	           l->code);
	if (l->rate_bp > 0)
		buf_printf(out, "%u bp of %s_value, ", l->rate_bp,
		           levy_base_name(l->base));
	if (l->ref_micro > 0) {
		buf_puts(out, "at ");
		dollars(out, l->ref_micro);
		buf_puts(out, " a kg of content, ");
	}
	if (l->rate_bp > 0 && (l->per_kg > 0 || l->usd_micro > 0))
		buf_puts(out, "less ");
	if (l->per_kg > 0) {
		money_text(out, l->per_kg, f->exponent);
		buf_puts(out, " a kg, ");
	}
	if (l->usd_micro > 0) {
		dollars(out, l->usd_micro);
		buf_puts(out, " a kg, ");
	}
}

static void
levy(struct buf *out, const struct levy_line *l, const struct receipt_facts *f)
{
	basis(out, &l->levy, f);
	money_text(out, l->amount, f->exponent);
	buf_printf(out, " %s, %s\n", f->currency, l->levy.payee);
}

void
receipt_lines(struct buf *out, const struct receipt_facts *f)
{
	const struct price_quote *q = f->quote;

	line(out, "code", f->code);
	line(out, "cooperative", f->cooperative);
	line(out, "site", f->site);
	line(out, "made", f->made_local);
	line(out, "seller", f->seller);
	line(out, "mineral", f->mineral);
	line(out, "method", f->method);
	line(out, "tag", f->tag);
	if (f->amount[0] != '\0')
		buf_printf(out, "weighed: %s %s\n", f->amount, f->unit);
	number(out, "gross_mg", q->gross_mg);
	number(out, "fineness_permille", q->fineness);
	number(out, "fine_mg", q->fine_mg);
	line(out, "price_source", f->price_source);
	price(out, f);
	if (q->dollar > 0) {
		buf_puts(out, "dollar: ");
		money_text(out, q->dollar, f->exponent);
		buf_printf(out, " %s, %s\n", f->currency, f->dollar);
	}
	money(out, "world_value", q->world_value, f);
	number(out, "paid_permille", q->paid_permille);
	if (q->above_world)
		line(out, "above_world_value", "yes");
	for (uint32_t i = 0; i < q->levy_count; i++)
		if (levy_is_charge(q->levies[i].levy.base))
			levy(out, &q->levies[i], f);
	money(out, "gross_value", q->gross_value, f);
	for (uint32_t i = 0; i < q->levy_count; i++)
		if (!levy_is_charge(q->levies[i].levy.base))
			levy(out, &q->levies[i], f);
	money(out, "net", q->net, f);
	number(out, "net_permille_of_world", price_world_share(q));
	if (q->loan_share > 0) {
		line(out, "loan", f->loan);
		money(out, "loan_share", q->loan_share, f);
	}
	money(out, "payout", q->payout, f);
}

void
receipt_hash(const char *text, size_t n, uint8_t out[32])
{
	crypto_hash_sha256(out, (const unsigned char *)text, n);
}

static unsigned
value(char c)
{
	const char *at = c == '\0' ? NULL : strchr(signs, c);

	return at == NULL ? SIGNS : (unsigned)(at - signs);
}

/* Weights 1..8 are all different and not 0 modulo 31; the check sign makes the sum 0. */
static unsigned
weighted(const char *code, unsigned n)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += (i + 1) * value(code[i]);
	return sum % SIGNS;
}

void
receipt_code(const char random[8], char out[RECEIPT_CODE_SIZE])
{
	unsigned sum = weighted(random, CODE_SIGNS);

	memcpy(out, random, CODE_SIGNS);
	for (unsigned v = 0; v < SIGNS; v++)
		if ((sum + CODE_CHECKED * v) % SIGNS == 0)
			out[CODE_SIGNS] = signs[v];
	out[CODE_CHECKED] = '\0';
}

bool
receipt_code_read(const char *s, char out[RECEIPT_CODE_SIZE])
{
	unsigned n = 0;

	for (; *s != '\0'; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;

		if (c == ' ' || c == '-')
			continue;
		if (n == CODE_CHECKED || value(c) == SIGNS)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n == CODE_CHECKED && weighted(out, n) == 0;
}
