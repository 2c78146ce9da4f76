#include "gateway/cli/cli.h"
#include "gateway/receipt_page.h"
#include "payments/store/overview.h"

#include <stdio.h>
#include <string.h>

static const char help[] = "usage: adit receipts check CODE [--config FILE] [--json]\n"
                           "       adit receipts verify [--config FILE] [--json]\n\n"
                           "check: is this receipt ours and unaltered?  verify: "
                           "recomputes every hash and number\n"
                           "of every site's chain and prints each break.  Exit status 1 "
                           "if something is wrong.\n\n"
                           "  adit receipts check 7GK3-M9QT\n"
                           "  adit receipts check 7GK3-M9QT --json | jq .payout\n";

struct check {
	struct cli_world *w;
	bool json, valid;
};

static void
print_plain(const struct receipt_view *r)
{
	printf("%s  %s\n%s, number %lld of %s, %s\n%s\nhash %s\nprevious %s\n", r->code,
	       r->intact ? "valid" : "ALTERED", r->cooperative, (long long)r->number,
	       r->site, r->made_local, r->text, r->hash, r->previous_hash);
}

static void
on_receipt(void *arg, const struct payments_answer *a, const struct receipt_view *r)
{
	struct check *c = arg;
	char text[16384];
	struct buf b;

	c->w->answered = true;
	if (a->outcome == OUTCOME_FAIL) {
		cli_complain("receipts", a);
		return;
	}
	c->valid = r->intact;
	if (!c->json) {
		print_plain(r);
		return;
	}
	buf_init(&b, text, sizeof(text));
	receipt_json(&b, r);
	fputs(text, stdout);
}

static int
check_one(struct settings *s, const char *code, bool json)
{
	struct check c = { .w = cli_open(s, CLI_READS), .json = json };

	payments_receipt(&c.w->env, code, on_receipt, &c);
	cli_await(c.w);
	cli_close(c.w);
	return c.valid ? CLI_OK : CLI_WRONG;
}

static void
on_count(void *arg, const struct pg_reply *r)
{
	struct cli_world *w = arg;

	w->answered = true;
	fprintf(stderr, "%lld receipts looked at\n", (long long)reply_i64(r, 0, 0));
}

static int
verify_all(struct settings *s, bool json)
{
	static const struct cli_column columns[] = {
		{ "cooperative_id", true, 4 }, { "site", false, 12 },
		{ "number", true, 8 },         { "code", false, 10 },
		{ "what", false, 30 },         { NULL, false, 0 },
	};
	struct cli_rows rows = {
		.w = cli_open(s, CLI_READS),
		.columns = columns,
		.json = json,
	};

	cli_rows(&rows, &overview_receipt_breaks, NULL);
	if (!rows.failed) {
		pg_call(rows.w->env.pg, &overview_receipts, NULL, 60000, on_count,
		        rows.w);
		cli_await(rows.w);
	}
	cli_close(rows.w);
	return rows.failed || rows.count > 0 ? CLI_WRONG : CLI_OK;
}

int
cli_receipts(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);
	const char *code = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "check") == 0 && code != NULL)
		return check_one(s, code, json);
	if (what != NULL && strcmp(what, "verify") == 0 && code == NULL)
		return verify_all(s, json);
	fputs(help, stderr);
	return CLI_USAGE;
}
