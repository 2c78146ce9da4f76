#include "gateway/cli/cli.h"
#include "gateway/receipt_page.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit receipts check CODE [--config FILE] [--json]\n\n"
    "Is this receipt ours and unaltered?  Exit status 1 if not.\n\n"
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

int
cli_receipts(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	struct check c = { .json = cli_flag(&argc, argv, "--json") };
	const char *what = cli_word(&argc, argv);
	const char *code = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what == NULL || strcmp(what, "check") != 0 || code == NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	c.w = cli_open(s, CLI_READS);
	payments_receipt(&c.w->env, code, on_receipt, &c);
	cli_await(c.w);
	cli_close(c.w);
	return c.valid ? CLI_OK : CLI_WRONG;
}
