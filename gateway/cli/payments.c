#include "gateway/cli/attention.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/refunds.h"
#include "gateway/cli/ruling.h"
#include "lib/json.h"
#include "lib/msisdn.h"
#include "payments/flow/funds.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit payments list [--config FILE] [--json]\n"
    "       adit payments attention [--config FILE] [--json]\n"
    "       adit payments seen CODE [--note TEXT] [--config FILE]\n"
    "       adit payments resume CODE [--config FILE]\n"
    "       adit payments settled CODE --by EARLIER [--config FILE]\n"
    "       adit payments release CODE [--by WHO --note WHY] [--config FILE]\n"
    "       adit payments refuse CODE --by WHO --note WHY [--config FILE]\n"
    "       adit payments resolve CODE paid|failed --by WHO --evidence WHAT --note WHY\n"
    "       adit payments resolve CODE paid|failed --by OTHER --confirm\n"
    "       adit payments refund CODE --by WHO --note WHY [--config FILE]\n"
    "       adit payments refund CODE --by WHO --confirm|--withdraw [--config FILE]\n"
    "       adit payments refunds [--config FILE] [--json]\n\n"
    "list: every payment as this side believes it to be, oldest first.\n"
    "attention: every payment that needs a person, why, and what to do; status 1 if "
    "there\n"
    "is any.  seen: a person has dealt with one that is over.  resume, settled: about "
    "one\n"
    "that was stopped, because an earlier payment of the same money may have been paid\n"
    "after all: pay it, or count it as paid by the earlier one.\n"
    "release, refuse: a large payout that waits because the wallet is in another name: "
    "both\n"
    "names (without --by), let it go, or end it.  resolve: a payment whose outcome the\n"
    "provider has not said for half an hour, by two officers; the evidence is the "
    "provider's\n"
    "transaction id or a line of its statement.  WHO is a number of member or phone.\n"
    "refund: what was collected, or came unasked, goes back to who paid it.  One "
    "officer\n"
    "(member number or phone number) asks, another confirms; the gateway then takes "
    "back\n"
    "what it had paid and sends it.  What cannot be sent stays owed.  refunds: the "
    "list.\n"
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

static int
list_all(struct settings *s, struct listing *l)
{
	l->w = cli_open(s, CLI_READS);
	do {
		payments_page(&l->w->env, 0, &l->after, on_page, l);
		cli_await(l->w);
	} while (l->more);
	cli_close(l->w);
	return l->failed ? CLI_WRONG : CLI_OK;
}

static bool
is(const char *what, const char *verb)
{
	return what != NULL && strcmp(what, verb) == 0;
}

/* The verbs that name no payment. */
static int
run_list(struct settings *s, const char *what, struct listing *l)
{
	if (is(what, "attention"))
		return cli_attention(s, l->json);
	if (is(what, "refunds"))
		return cli_refunds(s, l->json);
	if (is(what, "list"))
		return list_all(s, l);
	fputs(help, stderr);
	return CLI_USAGE;
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
	const char *evidence = cli_value(&argc, argv, "--evidence");
	bool confirm = cli_flag(&argc, argv, "--confirm");
	bool withdraw = cli_flag(&argc, argv, "--withdraw");
	const char *what = cli_word(&argc, argv);
	const char *code = cli_word(&argc, argv);
	const char *outcome = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && code != NULL && cli_is_ruling(what))
		return cli_rule(s, &(struct cli_ruling){ .verb = what,
		                                         .code = code,
		                                         .outcome = outcome,
		                                         .by = by,
		                                         .note = note,
		                                         .evidence = evidence,
		                                         .confirm = confirm });
	if (is(what, "refund") && code != NULL)
		return cli_refund(s, &(struct cli_refund){ .code = code,
		                                           .by = by,
		                                           .note = note,
		                                           .confirm = confirm,
		                                           .withdraw = withdraw });
	if (outcome != NULL || evidence != NULL || confirm || withdraw) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	if (code == NULL)
		return run_list(s, what, &l);
	if (what != NULL && cli_is_decision(what) && code != NULL &&
	    (by != NULL) == is(what, "settled"))
		return cli_decide(
		    s, &(struct cli_decision){
		           what, code, by != NULL ? by : (note == NULL ? "" : note) });
	fputs(help, stderr);
	return CLI_USAGE;
}
