/* adit providers - who pays a number, and what each word of a provider means: from the
 * very tables that decide. */
#include "gateway/cli/ask.h"
#include "gateway/cli/bill.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/rail.h"
#include "gateway/cli/tariffs.h"
#include "payments/flow/route.h"
#include "payments/provider/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: adit providers route NUMBER [--currency TZS] [--config FILE] [--json]\n"
    "       adit providers list [--config FILE] [--json]\n"
    "       adit providers pause|resume NAME --by WHO --note WHY [--config FILE]\n"
    "       adit providers ask NAME balance|service|name|active|carrier [NUMBER] [--in]\n"
    "                          [--config FILE] [--json]\n"
    "       adit providers register NAME --cooperative SITE [--version 1|2] [--cancels]\n"
    "                      [--nominated NUMBER] [--config FILE]\n"
    "       adit providers pull NAME --cooperative SITE [--hours 48] [--dry] [--url "
    "URL]\n"
    "                      [--config FILE]\n"
    "       adit providers prefer COOPERATIVE [NAME...] --by WHO --note WHY\n"
    "       adit providers tariffs [--config FILE] [--json]\n"
    "       adit providers tariff NAME out|in|cashout --from DAY [--up-to N] [--fixed "
    "N]\n"
    "           [--percent P] [--most N] --by WHO --note SOURCE [--config FILE]\n"
    "       adit providers doc\n\n"
    "route: which provider of the settings reaches the number; nobody's numbers go to "
    "the\n"
    "cooperative's own provider (status 1).\n"
    "list: each entry of the settings, paused or not, and what waits for it.\n"
    "pause: nothing new goes to it, from any gateway; what went is asked about as "
    "ever, so\n"
    "it has drained when nothing is under way.  Who and why is kept.\n"
    "register: tells Safaricom (daraja) the pay bill's pages under http.public_url; with "
    "a\n"
    "number nominated, that we shall pull, too.\n"
    "pull: what came to the pay bill while nobody listened, 48 hours back at most, goes "
    "to\n"
    "the running gateway; what it knows already stays as it is.\n"
    "prefer: which of those that reach a number a cooperative likes best, in that "
    "order.\n"
    "tariffs, tariff: what a provider charges for a payout (out) and a collection (in),\n"
    "booked with each from DAY on, and what its wallets pay for cash (cashout); one "
    "band\n"
    "a call, in minor units, the last without --up-to.\n"
    "ask: what the provider itself says, over the network: what our account there "
    "holds,\n"
    "whose wallet a number is.  --in: of the product that takes money.  Daraja posts "
    "its\n"
    "answer: a running gateway hears it.\n"
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

/* What `adit providers ask` may ask it. */
static void
print_questions(const struct provider *p)
{
	static const char *const topics[PROVIDER_TOPICS] = {
		[TOPIC_ACTIVE] = "active",   [TOPIC_NAME] = "name",
		[TOPIC_BALANCE] = "balance", [TOPIC_SERVICE] = "service",
		[TOPIC_CARRIER] = "carrier",
	};
	const char *before = "\nIt may be asked for: ";

	for (unsigned t = 0; t < PROVIDER_TOPICS; t++) {
		if ((p->topics & 1u << t) == 0)
			continue;
		printf("%s%s", before, topics[t]);
		before = ", ";
	}
	if (p->topics != 0)
		puts(p->ask_result == NULL ? "."
		                           : "; the answer is posted to callback_url, "
		                             "and is not known without.");
	if (p->gives_all_back)
		puts("\nIt gives back all of a collection, or nothing.");
	else if (p->gives_back)
		puts("\nIt gives back a collection, or a part of it.");
}

static void
print_provider(const struct provider *p)
{
	struct provider_word w;

	printf("\n## %s\n", p->name);
	print_questions(p);
	printf("\n| call | code | as answer to a submit | as reason of a failed "
	       "enquiry | reason |\n| --- | --- | --- | --- | --- |\n");
	for (size_t i = 0; p->word(i, &w); i++)
		printf("| %s | `%s` | %s | %s | %s |\n", w.call, w.code,
		       fate(w.on_submit), fate(w.on_query),
		       w.reason == REASON_NONE ? "" : pay_reason_name(w.reason));
	puts("\n| status that an enquiry tells | means | reason |\n| --- | --- | --- |");
	for (const struct provider_state *st = p->states; st->word != NULL; st++)
		printf("| `%s` | %s | %s |\n", st->word, fate(st->kind),
		       st->reason == REASON_NONE ? "" : pay_reason_name(st->reason));
}

static int
print_doc(void)
{
	const struct provider *p;

	puts("# Providers\n\nPrinted by `adit providers doc` from the tables that decide "
	     "(`payments/provider/mtn_word.c`,\nthe `*_code.c` and `*_answer.c` beside "
	     "it); "
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
	struct flow_env env = { .settings = s };
	struct route_ask ask = { .msisdn = number, .currency = currency };
	struct route_candidate all[SETTINGS_PROVIDERS_MAX];
	const struct settings_provider *p;
	size_t n = strlen(number);

	if (n < 8 || n > 15 || strspn(number, "0123456789") != n) {
		fprintf(stderr,
		        "adit providers: NUMBER is \"%s\", must be 8 to 15 digits with "
		        "the country code\n",
		        number);
		return CLI_USAGE;
	}
	p = route_candidates(&env, &ask, all) > 0 ? all[0].provider : NULL;
	if (json)
		printf("{\"number\":\"%s\",\"provider\":%s%s%s}\n", number,
		       p == NULL ? "" : "\"", p == NULL ? "null" : p->name,
		       p == NULL ? "" : "\"");
	else
		printf("%s: %s\n", number,
		       p == NULL ? "the cooperative's own provider" : p->name);
	return p == NULL ? CLI_WRONG : CLI_OK;
}

/* Two verbs with options of their own. */
static int
run_bill(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	const char *version = cli_value(&argc, argv, "--version");
	const char *hours = cli_value(&argc, argv, "--hours");
	struct cli_bill ask = {
		.cooperative = cli_value(&argc, argv, "--cooperative"),
		.nominated = cli_value(&argc, argv, "--nominated"),
		.gateway = cli_value(&argc, argv, "--url"),
		.cancels = cli_flag(&argc, argv, "--cancels"),
		.dry = cli_flag(&argc, argv, "--dry"),
		.version = version != NULL && strcmp(version, "1") == 0 ? 1 : 2,
		.hours = hours == NULL ? 48 : strtol(hours, NULL, 10),
	};
	const char *what = cli_word(&argc, argv);

	ask.name = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (ask.hours < 1 || ask.hours > 48) {
		fputs("adit providers: --hours: 1 to 48\n", stderr);
		return CLI_USAGE;
	}
	return strcmp(what, "pull") == 0 ? cli_bill_pull(s, &ask)
	                                 : cli_bill_register(s, &ask);
}

/* ---- one function a verb; argv[1] is its name -----------------------------------------
 */

static int
wrong_usage(void)
{
	fputs(help, stderr);
	return CLI_USAGE;
}

static int
run_doc(int argc, char **argv)
{
	(void)argv;
	return argc == 2 ? print_doc() : wrong_usage();
}

static int
run_route(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *currency = cli_value(&argc, argv, "--currency");
	const char *number = (cli_word(&argc, argv), cli_word(&argc, argv));

	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	return number == NULL
	           ? wrong_usage()
	           : print_route(s, number, currency == NULL ? "TZS" : currency, json);
}

static int
run_list(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);

	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	return strcmp(what, "list") == 0 ? cli_rail_list(s, json)
	                                 : cli_tariff_list(s, json);
}

static int
run_pause(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	struct cli_pause ask = { .by = cli_value(&argc, argv, "--by"),
		                 .note = cli_value(&argc, argv, "--note") };

	ask.pause = strcmp(cli_word(&argc, argv), "pause") == 0;
	ask.name = cli_word(&argc, argv);
	return s == NULL || !cli_done(argc, argv) ? CLI_USAGE : cli_rail_pause(s, &ask);
}

static int
run_prefer(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	struct cli_prefer ask = { .by = cli_value(&argc, argv, "--by"),
		                  .note = cli_value(&argc, argv, "--note") };

	cli_word(&argc, argv);
	ask.cooperative = cli_word(&argc, argv);
	while (ask.count < SETTINGS_PROVIDERS_MAX &&
	       (ask.names[ask.count] = cli_word(&argc, argv)) != NULL)
		ask.count++;
	return s == NULL || !cli_done(argc, argv) ? CLI_USAGE : cli_rail_prefer(s, &ask);
}

static int
run_tariff(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	struct cli_tariff tariff = { .by = cli_value(&argc, argv, "--by"),
		                     .note = cli_value(&argc, argv, "--note") };

	cli_tariff_options(&tariff, &argc, argv);
	cli_word(&argc, argv);
	tariff.name = cli_word(&argc, argv);
	tariff.direction = cli_word(&argc, argv);
	return s == NULL || !cli_done(argc, argv) ? CLI_USAGE
	                                          : cli_tariff_add(s, &tariff);
}

static int
run_ask(int argc, char **argv)
{
	struct settings *s = cli_settings(&argc, argv);
	struct cli_ask ask = { .in = cli_flag(&argc, argv, "--in"),
		               .json = cli_flag(&argc, argv, "--json") };

	cli_word(&argc, argv);
	ask.name = cli_word(&argc, argv);
	ask.topic = cli_word(&argc, argv);
	ask.number = cli_word(&argc, argv);
	return s == NULL || !cli_done(argc, argv) ? CLI_USAGE : cli_ask(s, &ask);
}

int
cli_providers(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} verbs[] = {
		{ "route", run_route },   { "list", run_list },
		{ "pause", run_pause },   { "resume", run_pause },
		{ "prefer", run_prefer }, { "tariffs", run_list },
		{ "tariff", run_tariff }, { "ask", run_ask },
		{ "register", run_bill }, { "pull", run_bill },
		{ "doc", run_doc },
	};

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc, argv);
	return wrong_usage();
}
