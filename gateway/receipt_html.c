/* receipt_html - the page: the verdict first, then what, how much, what was taken off. */
#include "gateway/receipt_page.h"

#include <stdio.h>
#include <string.h>

static void
put_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '<':
			buf_puts(b, "&lt;");
			break;
		case '>':
			buf_puts(b, "&gt;");
			break;
		case '&':
			buf_puts(b, "&amp;");
			break;
		case '"':
			buf_puts(b, "&quot;");
			break;
		case '\'':
			buf_puts(b, "&#39;");
			break;
		default:
			buf_putc(b, *s);
		}
	}
}

/* Decimal with `places` decimals, thousands apart. */
static void
put_decimal(struct buf *b, int64_t v, unsigned places)
{
	char digits[24];
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	size_t n = 0;

	while (n <= places || u > 0) {
		digits[n++] = (char)('0' + u % 10);
		u /= 10;
	}
	if (v < 0)
		buf_puts(b, "-");
	while (n > 0) {
		n--;
		buf_putc(b, digits[n]);
		if (n == places && n > 0)
			buf_putc(b, '.');
		else if (n > places && (n - places) % 3 == 0)
			buf_puts(b, "&#8239;");
	}
}

static void
put_money(struct buf *b, const struct receipt_view *r, int64_t minor)
{
	put_decimal(b, minor, r->exponent);
	buf_putc(b, ' ');
	put_escaped(b, r->currency);
}

static void
open_page(struct buf *b, const char *title)
{
	buf_puts(b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width\">\n"
	            "<meta name=\"robots\" content=\"noindex\">\n"
	            "<link rel=\"stylesheet\" href=\"/adit.css\"><title>");
	put_escaped(b, title);
	buf_puts(b, "</title></head>\n<body><main>\n");
}

static void
close_page(struct buf *b)
{
	buf_puts(b, "</main></body></html>\n");
}

static void
row_text(struct buf *b, const char *label, const char *value)
{
	buf_printf(b, "<tr><th scope=\"row\">%s</th><td>", label);
	put_escaped(b, value);
	buf_puts(b, "</td></tr>\n");
}

static void
row_grams(struct buf *b, const char *label, int64_t mg)
{
	buf_printf(b, "<tr><th scope=\"row\">%s</th><td>", label);
	put_decimal(b, mg, 3);
	buf_puts(b, " g</td></tr>\n");
}

static void
row_money(struct buf *b, const struct receipt_view *r, const char *label, int64_t minor)
{
	buf_puts(b, "<tr><th scope=\"row\">");
	put_escaped(b, label);
	buf_puts(b, "</th><td class=\"n\">");
	put_money(b, r, minor);
	buf_puts(b, "</td></tr>\n");
}

static void
put_weight(struct buf *b, const struct receipt_view *r)
{
	const struct price_quote *q = &r->quote;

	buf_puts(b, "<h2>What was sold</h2>\n<table>\n");
	row_text(b, "Mineral", r->mineral);
	if (r->typed_amount[0] != '\0') {
		char typed[UNIT_AMOUNT_SIZE + UNIT_CODE_SIZE];

		snprintf(typed, sizeof(typed), "%s %s", r->typed_amount, r->typed_unit);
		row_text(b, "Weighed", typed);
	}
	row_grams(b, "Weight", q->gross_mg);
	buf_puts(b, "<tr><th scope=\"row\">Purity</th><td>");
	put_decimal(b, q->fineness, 1);
	buf_puts(b, " %, by ");
	put_escaped(b, lot_method_name(r->method));
	buf_puts(b, "</td></tr>\n");
	row_grams(b, "Pure weight", q->fine_mg);
	if (r->tag[0] != '\0')
		row_text(b, "Tag", r->tag);
	buf_puts(b, "</table>\n");
}

static const char *
price_label(const struct receipt_view *r)
{
	if (strcmp(r->mineral, "stones") == 0)
		return "Value agreed for the lot";
	return r->quote.price_mg == 1000 ? "World price of a pure gram"
	                                 : "World price of a pure kilogram";
}

/* The buyer's charges come before the value, what others take after it. */
static void
put_deductions(struct buf *b, const struct receipt_view *r, bool charges)
{
	const struct price_quote *q = &r->quote;

	for (uint32_t i = 0; i < q->levy_count && i < LEVIES_MAX; i++) {
		char label[96];
		const struct levy_line *l = &q->levies[i];

		if (l->levy.base == LEVY_PREMIUM ||
		    levy_is_charge(l->levy.base) != charges)
			continue;
		if (l->levy.rate_bp == 0)
			snprintf(label, sizeof(label), "- %s (%s, a kg)", l->levy.code,
			         l->levy.payee);
		else
			snprintf(label, sizeof(label), "- %s (%s, %u.%02u %%)",
			         l->levy.code, l->levy.payee, l->levy.rate_bp / 100,
			         l->levy.rate_bp % 100);
		row_money(b, r, label, -l->amount);
	}
}

static void
put_price(struct buf *b, const struct receipt_view *r)
{
	const struct price_quote *q = &r->quote;

	buf_puts(b, "<h2>Price</h2>\n<table>\n");
	row_money(b, r, price_label(r), q->fine_gram);
	row_text(b, "Source", r->price_source);
	if (q->dollar > 0) {
		row_money(b, r, "A dollar", q->dollar);
		row_text(b, "Its source", r->dollar_source);
	}
	row_money(b, r, "World value", q->world_value);
	buf_puts(b, "<tr><th scope=\"row\">Paid of world value</th><td>");
	put_decimal(b, q->paid_permille, 1);
	buf_puts(b, " %</td></tr>\n");
	put_deductions(b, r, true);
	row_money(b, r, "Value", q->gross_value);
	put_deductions(b, r, false);
	row_money(b, r, "Net", q->net);
	buf_puts(b, "<tr><th scope=\"row\">Net of world value</th><td>");
	put_decimal(b, price_world_share(q), 1);
	buf_puts(b, q->above_world ? " %, above the world value</td></tr>\n"
	                           : " %</td></tr>\n");
	if (q->loan_share != 0)
		row_money(b, r, "- to the loan", -q->loan_share);
	if (q->premiums_total != 0)
		row_money(b, r, "On top, to the miners' premium fund", q->premiums_total);
	row_money(b, r, "Paid out", q->payout);
	buf_puts(b, "</table>\n");
}

static void
put_chain(struct buf *b, const struct receipt_view *r)
{
	char number[64];

	snprintf(number, sizeof(number), "%s / %lld", r->site, (long long)r->number);
	buf_puts(b, "<h2>Record</h2>\n<table>\n");
	row_text(b, "Cooperative", r->cooperative);
	row_text(b, "Number", number);
	row_text(b, "Made", r->made_local);
	row_text(b, "Seller", r->seller_number);
	if (r->payment_code[0] != '\0')
		row_text(b, "Payment", r->payment_code);
	buf_puts(b, "</table>\n<details><summary>Hashes</summary>\n<p>This receipt<br>"
	            "<code>");
	put_escaped(b, r->hash);
	buf_puts(b, "</code></p>\n<p>The one before it<br><code>");
	put_escaped(b, r->previous_hash);
	buf_puts(b, "</code></p>\n<p>SHA-256 of this text gives the first:</p>\n<pre>");
	put_escaped(b, r->text);
	buf_puts(b, "</pre></details>\n");
}

void
receipt_html(struct buf *b, const struct receipt_view *r)
{
	char title[32];

	snprintf(title, sizeof(title), "Receipt %s", r->code);
	open_page(b, title);
	if (!r->intact)
		buf_puts(b, "<p class=\"bad\"><b>Altered.</b> Its record does not match "
		            "its hash. Do not rely on it.</p>\n");
	else if (r->paid)
		buf_puts(b, "<p class=\"ok\"><b>Valid.</b> The money reached the "
		            "seller.</p>\n");
	else
		buf_puts(b, "<p class=\"ok\"><b>Valid.</b> The payment to the seller is "
		            "not confirmed yet.</p>\n");
	buf_puts(b, "<h1>");
	put_escaped(b, title);
	buf_puts(b, "</h1>\n");
	put_weight(b, r);
	put_price(b, r);
	put_chain(b, r);
	close_page(b);
}

void
receipt_html_unknown(struct buf *b, const char *code, bool mistyped)
{
	open_page(b, "Unknown receipt");
	buf_puts(b, "<p class=\"bad\"><b>Unknown.</b> There is no receipt ");
	put_escaped(b, code);
	buf_puts(b, ".</p>\n<p>");
	if (mistyped)
		buf_puts(b, "The code holds a typing mistake: its last sign does not fit "
		            "the others. ");
	buf_puts(b, "Read the code on the receipt again. Letters may be small or large; "
	            "the signs 0, O, 1, I and L are never used. If it is still "
	            "unknown, ask the cooperative that gave it: the paper or message may "
	            "not be theirs.</p>\n");
	close_page(b);
}

void
receipt_html_notice(struct buf *b, const char *title, const char *text)
{
	open_page(b, title);
	buf_puts(b, "<p class=\"bad\"><b>");
	put_escaped(b, title);
	buf_puts(b, ".</b> ");
	put_escaped(b, text);
	buf_puts(b, "</p>\n");
	close_page(b);
}
