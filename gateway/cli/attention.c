#include "gateway/cli/attention.h"
#include "lib/json.h"
#include "lib/msisdn.h"
#include "payments/store/payment.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 60000

static const struct advice {
	const char *why, *means, *action;
} advice[] = {
	{ "open", "the provider has not said what became of it",
	  "Ask the provider about the reference. Do not pay it again: it is asked about "
	  "by "
	  "itself and ends when the provider answers. If it never does, two officers "
	  "with "
	  "its statement: adit payments resolve CODE" },
	{ "setup", "the provider refuses our account",
	  "Check user, keys and subscription of the provider in the settings and send "
	  "SIGHUP. It is sent again by itself." },
	{ "amount", "the provider names another amount",
	  "Compare with the provider's statement and have the provider correct it. It is "
	  "asked about by itself until both agree." },
	{ "contradiction", "it ended one way, and the provider now says the other",
	  "Compare with the provider's statement and settle the difference with the "
	  "member "
	  "or the provider; then: adit payments seen CODE --note TEXT" },
	{ "stopped", "an earlier payment of this money may have been paid after all",
	  "Ask the provider about the earlier one, listed as contradiction. If it paid: "
	  "adit "
	  "payments settled CODE --by EARLIER. If it did not: adit payments resume "
	  "CODE" },
	{ "by_hand", "settled by hand, and not yet in the books",
	  "See that a gateway runs: adit ctl ready" },
	{ "by_hand_no", "ended by hand, and not yet in the books",
	  "See that a gateway runs: adit ctl ready" },
	{ "float_low", "what we hold at the provider is less",
	  "Fill our account there (adit providers ask NAME balance shows it). It then "
	  "goes "
	  "by "
	  "itself." },
	{ "name", "the wallet is in another name than the member's",
	  "See both names: adit payments release CODE. Ask the member. Then an officer "
	  "who "
	  "did not approve it: adit payments release (or refuse) CODE --by WHO --note "
	  "WHY" },
	{ "payee", "paid, to a wallet in another name than the member's",
	  "Compare both names and ask the member whether it came. If it did not, have "
	  "the "
	  "provider take it back. Then: adit payments seen CODE --note TEXT" },
	{ "books", "the provider has decided, the books refuse to write it down",
	  "Run adit ledger check and look for the code in the log. It is tried again by "
	  "itself." },
	{ "waiting", "due and not handed over for more than an hour",
	  "See that a gateway runs and that the provider answers: adit ctl ready" },
	{ "wallet", "the wallet took nothing on several days",
	  "Ask the member to make room in the wallet, or set its tier: adit wallet tier. "
	  "It "
	  "is tried again every day, seven times in a row." },
	{ "unplanned", "the wallet takes nothing for weeks; nothing is on its way",
	  "Set the tier of the wallet if the provider knows its holder better (adit "
	  "wallet "
	  "tier), then have it paid from the phone; or pay it in cash." },
	{ "owed", "the payout failed; what it left owed is not on its way",
	  "Ask the member whether the wallet works. Then the member, an officer or the "
	  "treasurer has it paid from the phone, or two officers: adit batch again "
	  "CODE." },
};

enum {
	C_CODE,
	C_WHY,
	C_SAID,
	C_STATE,
	C_DIRECTION,
	C_PROVIDER,
	C_PURPOSE,
	C_MEMBER,
	C_MSISDN,
	C_AMOUNT,
	C_CURRENCY,
	C_REFERENCE,
	C_SINCE
};

struct listing {
	struct cli_world *w;
	bool json, failed;
	int count;
};

static const struct advice *
advice_about(const char *why)
{
	static const struct advice unknown = { "", "marked for a person",
		                               "Look for the code in the log." };

	for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++)
		if (strcmp(advice[i].why, why) == 0)
			return &advice[i];
	return &unknown;
}

static void
print_json(const struct pg_reply *r, int row)
{
	static const struct {
		const char *name;
		int column;
	} texts[] = {
		{ "code", C_CODE },           { "why", C_WHY },
		{ "said", C_SAID },           { "state", C_STATE },
		{ "direction", C_DIRECTION }, { "provider", C_PROVIDER },
		{ "purpose", C_PURPOSE },     { "member", C_MEMBER },
		{ "number", C_MSISDN },       { "currency", C_CURRENCY },
		{ "reference", C_REFERENCE },
	};
	const struct advice *a = advice_about(reply_text(r, row, C_WHY));
	char text[2048];
	struct buf b;
	struct json_writer w;

	buf_init(&b, text, sizeof(text));
	jw_init(&w, &b);
	jw_object(&w, NULL);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		jw_text(&w, texts[i].name, reply_text(r, row, texts[i].column));
	jw_i64(&w, "amount", reply_i64(r, row, C_AMOUNT));
	jw_i64(&w, "since_ms", reply_i64(r, row, C_SINCE));
	jw_text(&w, "means", a->means);
	jw_text(&w, "do", a->action);
	jw_end_object(&w);
	puts(text);
}

static void
print_text(const struct pg_reply *r, int row, int64_t now_ms)
{
	const struct advice *a = advice_about(reply_text(r, row, C_WHY));
	char masked[MSISDN_MAX + 1];

	printf("%-8s %-3s %s %s %s, member %s %s, %s %s, for %lld h\n",
	       reply_text(r, row, C_CODE), reply_text(r, row, C_DIRECTION),
	       reply_text(r, row, C_PROVIDER), reply_text(r, row, C_PURPOSE),
	       reply_text(r, row, C_STATE), reply_text(r, row, C_MEMBER),
	       msisdn_mask(reply_text(r, row, C_MSISDN), masked),
	       reply_text(r, row, C_AMOUNT), reply_text(r, row, C_CURRENCY),
	       (long long)((now_ms - reply_i64(r, row, C_SINCE)) / 3600000));
	printf("    why: %s: %s%s%s%s\n", reply_text(r, row, C_WHY), a->means,
	       reply_text(r, row, C_SAID)[0] != '\0' ? " (" : "",
	       reply_text(r, row, C_SAID),
	       reply_text(r, row, C_SAID)[0] != '\0' ? ")" : "");
	printf("    ref: %s\n    do:  %s\n", reply_text(r, row, C_REFERENCE), a->action);
}

static void
say(struct listing *l, const struct pg_reply *r)
{
	l->failed = true;
	fprintf(stderr, "adit payments: the database says: %s\n",
	        r->message[0] != '\0' ? r->message : r->err.what);
}

static void
on_rows(void *arg, const struct pg_reply *r)
{
	struct listing *l = arg;
	int64_t now_ms = loop_clock(l->w->loop)->wall_ms;

	l->w->answered = true;
	if (r->err.code != ERR_NONE) {
		say(l, r);
		return;
	}
	l->count = r->rows;
	for (int row = 0; row < r->rows; row++) {
		if (l->json)
			print_json(r, row);
		else
			print_text(r, row, now_ms);
	}
}

int
cli_attention(struct settings *s, bool json)
{
	struct listing l = { .w = cli_open(s, CLI_READS), .json = json };
	struct pg_args *a = pg_args_new();

	pg_i32(a, 0);
	pg_i64(a, loop_clock(l.w->loop)->wall_ms);
	pg_call(l.w->env.pg, &payments_attention, a, ASK_MS, on_rows, &l);
	cli_await(l.w);
	cli_close(l.w);
	if (!l.failed && !json && l.count == 0)
		puts("nothing needs a person");
	return l.failed || l.count > 0 ? CLI_WRONG : CLI_OK;
}

static const struct verb {
	const char *name;
	const struct pg_statement *st;
	const char *no;
} verbs[] = {
	{ "seen", &payment_seen, "is no payment that is over and marked for a person" },
	{ "resume", &payment_resume, "is no payment that was stopped" },
	{ "settled", &payment_settled,
	  "is no stopped payment, or the other one is no contradiction of the same "
	  "member "
	  "and amount" },
};

static const struct verb *
verb_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

bool
cli_is_decision(const char *verb)
{
	return verb_by_name(verb) != NULL;
}

static void
on_decided(void *arg, const struct pg_reply *r)
{
	struct listing *l = arg;

	l->w->answered = true;
	if (r->err.code != ERR_NONE)
		say(l, r);
	else
		l->count = reply_bool(r, 0, 0) ? 1 : 0;
}

int
cli_decide(struct settings *s, const struct cli_decision *d)
{
	const struct verb *verb = verb_by_name(d->verb);
	if (verb == NULL)
		return CLI_USAGE;
	struct listing l = { .w = cli_open(s, CLI_READS) };
	struct pg_args *a = pg_args_new();

	pg_text(a, d->code);
	pg_i64(a, loop_clock(l.w->loop)->wall_ms);
	if (verb->st != &payment_resume)
		pg_text(a, d->extra);
	pg_call(l.w->env.pg, verb->st, a, ASK_MS, on_decided, &l);
	cli_await(l.w);
	cli_close(l.w);
	if (!l.failed && l.count == 0)
		fprintf(stderr, "adit payments %s: %s %s\n", verb->name, d->code,
		        verb->no);
	return l.count > 0 ? CLI_OK : CLI_WRONG;
}
