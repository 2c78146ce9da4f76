/* What an import says when it ends. */
#include "gateway/cli/statement.h"

#include "lib/json.h"
#include "payments/core/money.h"

#include <stdio.h>

static void
print_json(const struct cli_statement_ask *ask, const struct statement_counts *n,
           const char *holder, bool before)
{
	char text[1024];
	struct buf b;
	struct json_writer w;

	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "provider", ask->account.provider);
	jw_text(&w, "holder", holder);
	jw_bool(&w, "dry_run", ask->dry_run);
	jw_bool(&w, "before", before);
	jw_i64(&w, "rows", (int64_t)n->rows);
	jw_i64(&w, "passed_over", (int64_t)n->nothing);
	jw_i64(&w, "wrong", (int64_t)n->faults);
	jw_i64(&w, "added", (int64_t)n->added);
	jw_i64(&w, "repeated", (int64_t)n->repeated);
	jw_i64(&w, "changed", (int64_t)n->changed);
	jw_i64(&w, "late", (int64_t)n->late);
	jw_i64(&w, "conflicts", (int64_t)n->conflicts);
	jw_i64(&w, "paid_in", n->paid_in);
	jw_i64(&w, "withdrawn", n->withdrawn);
	jw_i64(&w, "fees", n->fees);
	jw_end_object(&w);
	puts(text);
}

static void
print_money(const char *what, int64_t minor, const struct statement_account *a)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof text);
	money_text(&b, minor, a->exponent);
	printf("  %-10s %18s %s\n", what, text, a->currency);
}

void
cli_statement_counted(const struct cli_statement_ask *ask,
                      const struct statement_counts *n, const char *holder,
                      const struct statement_account *account, bool before)
{
	unsigned long long left_out = n->late + n->conflicts;

	if (ask->json) {
		print_json(ask, n, holder, before);
		return;
	}
	if (ask->dry_run)
		printf("%llu rows understood; nothing was written\n",
		       (unsigned long long)n->rows);
	else if (before)
		puts("this file was imported before; nothing to do");
	else
		printf(
		    "%llu rows: %llu new, %llu were here before, %llu are decided now, "
		    "%llu left out\n",
		    (unsigned long long)n->rows, (unsigned long long)n->added,
		    (unsigned long long)n->repeated, (unsigned long long)n->changed,
		    left_out);
	if (n->nothing > 0)
		printf("%llu rows moved nothing and have no date: passed over\n",
		       (unsigned long long)n->nothing);
	print_money("paid in", n->paid_in, account);
	print_money("withdrawn", n->withdrawn, account);
	print_money("fees", n->fees, account);
}
