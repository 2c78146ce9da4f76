/* adit providers - who pays a number, and what each word of a provider means: from the
 * very tables that decide. */
#include "gateway/cli/cli.h"
#include "gateway/cli/rail.h"
#include "gateway/cli/tariff.h"
#include "payments/flow/route.h"
#include "payments/provider/provider.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit providers route NUMBER [--currency TZS] [--config FILE] [--json]\n"
    "       adit providers list [--config FILE] [--json]\n"
    "       adit providers pause|resume NAME --by WHO --note WHY [--config FILE]\n"
    "       adit providers tariffs [--config FILE] [--json]\n"
    "       adit providers tariff NAME out|in CURRENCY --from DAY --by WHO --note WHY "
    "BAND...\n"
    "       adit providers doc\n\n"
    "route: which provider of the settings reaches the number; nobody's numbers go to "
    "the\n"
    "cooperative's own provider (status 1).\n"
    "list: each entry of the settings, paused or not, and what waits for it.\n"
    "pause: nothing new goes to it, from any gateway; what went is asked about as "
    "ever, so\n"
    "it has drained when nothing is under way.  Who and why is kept.\n"
    "tariff: what NAME charges us from that day on (UTC), in minor units; each BAND is\n"
    "UPTO:FIXED:RATE_BP[:LEAST[:MOST]], any for no bound.  It is booked with each "
    "payment.\n"
    "doc: docs/providers.md, each provider's codes and what they mean for the money.\n\n"
    "  adit providers route 255682000100\n";

static const char *
fate(enum verdict_kind k)
{
	static const char *const names[] = {
		[VERDICT_UNKNOWN] = "unknown, ask",
		[VERDICT_ACCEPTED] = "taken, ask later",
		[VERDICT_PENDING] = "pending, ask later",
		[VERDICT_PAID] = "paid",
		[VERDICT_FAILED] = "failed",
		[VERDICT_DUPLICATE] = "sent before, ask",
		[VERDICT_NOT_FOUND] = "not found, ask later",
		[VERDICT_AUTH] = "new token, again",
		[VERDICT_DOWN] = "not taken, again later",
		[VERDICT_ASKED] = "asked, the answer is posted",
		[VERDICT_FOLLOW] = "answered elsewhere",
	};

	return names[k];
}

static void
print_provider(const struct provider *p)
{
	struct provider_word w;

	printf("\n## %s\n\n| call | code | as answer to a submit | as reason of a failed "
	       "enquiry | reason |\n| --- | --- | --- | --- | --- |\n",
	       p->name);
	for (size_t i = 0; p->word(i, &w); i++)
		printf("| %s | `%s` | %s | %s | %s |\n", w.call, w.code,
		       fate(w.on_submit), fate(w.on_query),
		       w.reason == REASON_NONE ? "" : pay_reason_name(w.reason));
}

static int
print_doc(void)
{
	const struct provider *p;

	puts("# Providers\n\nPrinted by `adit providers doc` from the tables that decide "
	     "(`payments/provider/mtn_word.c`,\nthe `*_code.c` beside it, "
	     "`orange_answer.c`); "
	     "change those and print it anew.\n\nA code decides, not the HTTP status.  "
	     "A code that is not here, no answer, or one that cannot be read\nsays "
	     "nothing "
	     "sure: the payment is unknown and is asked about, under the same reference, "
	     "until it is\nknown.  \"Sent before\" is never a failure and never a "
	     "success. "
	     " Money is booked as paid only when an\nenquiry says so.");
	for (size_t i = 0; (p = provider_at(i)) != NULL; i++)
		print_provider(p);
	puts("\n## Reasons in words\n\n| reason | English | Swahili | French |\n"
	     "| --- | --- | --- | --- |");
	for (unsigned r = REASON_NONE + 1; r < PAY_REASONS; r++) {
		enum pay_reason why = (enum pay_reason)r;

		printf("| %s | %s | %s | %s |\n", pay_reason_name(why),
		       pay_reason_words(why, "en"), pay_reason_words(why, "sw"),
		       pay_reason_words(why, "fr"));
	}
	return CLI_OK;
}

static int
print_route(const struct settings *s, const char *number, const char *currency, bool json)
{
	const struct settings_provider *p;
	size_t n = strlen(number);

	if (n < 8 || n > 15 || strspn(number, "0123456789") != n) {
		fprintf(stderr,
		        "adit providers: NUMBER is \"%s\", must be 8 to 15 digits with "
		        "the country code\n",
		        number);
		return CLI_USAGE;
	}
	p = route_find(s, number, currency);
	if (json)
		printf("{\"number\":\"%s\",\"provider\":%s%s%s}\n", number,
		       p == NULL ? "" : "\"", p == NULL ? "null" : p->name,
		       p == NULL ? "" : "\"");
	else
		printf("%s: %s\n", number,
		       p == NULL ? "the cooperative's own provider" : p->name);
	return p == NULL ? CLI_WRONG : CLI_OK;
}

int
cli_providers(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	if (argc == 2 && strcmp(argv[1], "doc") == 0)
		return print_doc();
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *currency = cli_value(&argc, argv, "--currency");
	struct cli_pause pause = { .by = cli_value(&argc, argv, "--by"),
		                   .note = cli_value(&argc, argv, "--note") };
	const char *what = cli_word(&argc, argv);
	const char *number = cli_word(&argc, argv);
	if (s != NULL && what != NULL && strcmp(what, "tariff") == 0) {
		struct cli_tariff t = { .name = number,
			                .by = pause.by,
			                .note = pause.note };

		t.direction = cli_word(&argc, argv);
		t.currency = cli_word(&argc, argv);
		t.from = cli_value(&argc, argv, "--from");
		while (t.count < CLI_BANDS_MAX &&
		       (t.bands[t.count] = cli_word(&argc, argv)) != NULL)
			t.count++;
		return cli_done(argc, argv) ? cli_tariff(s, &t) : CLI_USAGE;
	}
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "tariffs") == 0 && number == NULL)
		return cli_tariffs(s, json);
	if (what != NULL && strcmp(what, "list") == 0 && number == NULL)
		return cli_rail_list(s, json);
	if (what != NULL && (strcmp(what, "pause") == 0 || strcmp(what, "resume") == 0)) {
		pause.pause = what[0] == 'p';
		pause.name = number;
		return cli_rail_pause(s, &pause);
	}
	if (what == NULL || strcmp(what, "route") != 0 || number == NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	return print_route(s, number, currency == NULL ? "TZS" : currency, json);
}
