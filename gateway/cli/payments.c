#include "payments/flow/payments.h"
#include "gateway/cli/attention.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/resolve.h"
#include "lib/json.h"
#include "lib/msisdn.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit payments list [--config FILE] [--json]\n"
    "       adit payments attention [--config FILE] [--json]\n"
    "       adit payments seen CODE [--note TEXT] [--config FILE]\n"
    "       adit payments resume CODE [--config FILE]\n"
    "       adit payments settled CODE --by EARLIER [--config FILE]\n"
    "       adit payments resolve CODE paid|failed --by WHO --evidence REF --note WHY\n"
    "       adit payments confirm|withdraw CODE --by WHO [--config FILE]\n"
    "       adit payments proposals [--config FILE] [--json]\n\n"
    "list: every payment as this side believes it to be, oldest first.\n"
    "attention: every payment that needs a person, why, and what to do; status 1 if "
    "there\n"
    "is any.  seen: a person has dealt with one that is over.  resume, settled: about "
    "one\n"
    "that was stopped, because an earlier payment of the same money may have been paid\n"
    "after all: pay it, or count it as paid by the earlier one.\n"
    "resolve: how a payment ended whose provider does not tell, with the provider's "
    "reference\n"
    "or the line of its statement; it counts when another person confirms.\n"
    "Amounts are in minor units.  --json prints one object a line; `reference` is what "
    "the\n"
    "provider knows it by.\n\n"
    "  adit payments list --json | jq -r 'select(.state==\"unknown\") | .code'\n";

struct listing {
	struct cli_world *w;
	struct uuid after;
	bool json, more, failed;
};

static void
print_json(const struct payment_line *p)
{
	char text[1024], id[UUID_TEXT_SIZE];
	struct buf b;
	struct json_writer j;

	buf_init(&b, text, sizeof(text));
	jw_init(&j, &b);
	jw_object(&j, NULL);
	jw_i64(&j, "cooperative_id", p->cooperative_id);
	jw_text(&j, "payment_id", uuid_text(&p->payment_id, id));
	jw_text(&j, "reference", uuid_text(&p->reference, id));
	jw_text(&j, "direction", p->direction);
	jw_text(&j, "provider", p->provider);
	jw_text(&j, "purpose", p->purpose);
	jw_text(&j, "number", p->msisdn);
	jw_i64(&j, "amount", p->amount);
	jw_text(&j, "currency", p->currency);
	jw_text(&j, "code", p->code);
	jw_text(&j, "state", p->state);
	jw_text(&j, "reason", p->reason);
	jw_text(&j, "provider_txn", p->provider_txn);
	jw_i64(&j, "created_ms", p->created_ms);
	jw_end_object(&j);
	puts(text);
}

static void
print_row(const struct payment_line *p)
{
	char masked[MSISDN_MAX + 1];

	printf("%-8s %-3s %-8s %-9s %15s %14lld %-3s %-8s %s\n", p->code, p->direction,
	       p->provider, p->purpose, msisdn_mask(p->msisdn, masked),
	       (long long)p->amount, p->currency, p->state, p->reason);
}

static void
on_page(void *arg, const struct payments_answer *a, const struct payment_page *page)
{
	struct listing *l = arg;

	l->w->answered = true;
	l->more = false;
	if (a->outcome == OUTCOME_FAIL) {
		l->failed = true;
		cli_complain("payments", a);
		return;
	}
	for (unsigned i = 0; i < page->count; i++) {
		if (l->json)
			print_json(&page->at[i]);
		else
			print_row(&page->at[i]);
		l->after = page->at[i].payment_id;
	}
	l->more = page->more && page->count > 0;
}

int
cli_payments(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	struct listing l = { .json = cli_flag(&argc, argv, "--json") };
	const char *note = cli_value(&argc, argv, "--note");
	const char *by = cli_value(&argc, argv, "--by");
	const char *what = cli_word(&argc, argv);
	const char *code = cli_word(&argc, argv);
	struct cli_resolution r = { .verb = what,
		                    .code = code,
		                    .outcome = cli_word(&argc, argv),
		                    .by = by,
		                    .evidence = cli_value(&argc, argv, "--evidence"),
		                    .note = note };
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && cli_is_resolution(what) &&
	    (r.outcome != NULL) == (strcmp(what, "resolve") == 0))
		return cli_resolve(s, &r, l.json);
	if (what != NULL && strcmp(what, "attention") == 0 && code == NULL)
		return cli_attention(s, l.json);
	if (what != NULL && cli_is_decision(what) && code != NULL &&
	    (by != NULL) == (strcmp(what, "settled") == 0))
		return cli_decide(
		    s, &(struct cli_decision){
		           what, code, by != NULL ? by : (note == NULL ? "" : note) });
	if (what == NULL || strcmp(what, "list") != 0 || code != NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	l.w = cli_open(s, CLI_READS);
	do {
		payments_page(&l.w->env, 0, &l.after, on_page, &l);
		cli_await(l.w);
	} while (l.more);
	cli_close(l.w);
	return l.failed ? CLI_WRONG : CLI_OK;
}
