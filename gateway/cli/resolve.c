#include "gateway/cli/resolve.h"

#include "payments/core/ladder.h"
#include "payments/store/payment.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS       10000
#define OPEN_MS      (30 * 60 * INT64_C(1000)) /* before that the provider may well tell */
#define EVIDENCE_MIN 3
#define EVIDENCE_MAX 60
#define TEXT_MAX     200

static const struct cli_column columns[] = {
	{ .name = "code", .width = 8 },
	{ .name = "outcome", .width = 7 },
	{ .name = "evidence", .width = 24 },
	{ .name = "proposed_by", .width = 16 },
	{ .name = "note", .width = 30 },
	{ .name = "proposed_ms", .number = true },
	{ .name = NULL },
};

static const struct saying {
	const char *reason, *means;
} sayings[] = {
	{ "no_payment", "there is no such payment" },
	{ "not_open", "its outcome is known, or it was never sent" },
	{ "too_early",
	  "it was sent less than 30 minutes ago: the provider is still asked" },
	{ "proposed_before",
	  "somebody proposed an outcome already: confirm or withdraw it" },
	{ "evidence_of_another", "that reference is the one of another payment" },
	{ "not_proposed", "nobody proposed an outcome" },
	{ "own_work", "who proposed it cannot confirm it" },
};

struct asking {
	struct cli_world *w;
	const struct cli_resolution *r;
	bool failed;
};

static void
on_answer(void *arg, const struct pg_reply *r)
{
	struct asking *a = arg;
	const char *reason;

	a->w->answered = true;
	if (r->err.code != ERR_NONE) {
		a->failed = true;
		fprintf(stderr, "adit payments: the database says: %s\n", r->message);
		return;
	}
	reason = reply_text(r, 0, 0);
	a->failed = reason[0] != '\0';
	for (size_t i = 0; a->failed && i < sizeof sayings / sizeof sayings[0]; i++)
		if (strcmp(sayings[i].reason, reason) == 0)
			fprintf(stderr, "adit payments %s: %s: %s\n", a->r->verb,
			        a->r->code, sayings[i].means);
}

bool
cli_is_resolution(const char *verb)
{
	return strcmp(verb, "resolve") == 0 || strcmp(verb, "confirm") == 0 ||
	       strcmp(verb, "withdraw") == 0 || strcmp(verb, "proposals") == 0;
}

static bool
is_text(const char *s, size_t least, size_t most)
{
	size_t n = s == NULL ? 0 : strlen(s);

	return n >= least && n <= most;
}

static const char *
what_is_missing(const struct cli_resolution *r)
{
	if (!is_text(r->code, 1, 12))
		return "CODE of the payment is needed";
	if (!is_text(r->by, 1, TEXT_MAX))
		return "--by WHO is needed";
	if (strcmp(r->verb, "resolve") != 0)
		return NULL;
	if (r->outcome == NULL ||
	    (strcmp(r->outcome, "paid") != 0 && strcmp(r->outcome, "failed") != 0))
		return "behind CODE stands paid or failed";
	if (!is_text(r->evidence, EVIDENCE_MIN, EVIDENCE_MAX))
		return "--evidence is needed: the provider's reference, or file and line "
		       "of its "
		       "statement (3 to 60 signs)";
	if (!is_text(r->note, 1, TEXT_MAX))
		return "--note WHY is needed";
	return NULL;
}

static int
list(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };

	rows.w = cli_open(s, CLI_READS);
	cli_rows(&rows, &payment_proposals, pg_args_new());
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

int
cli_resolve(struct settings *s, const struct cli_resolution *r, bool json)
{
	struct asking a = { .r = r };
	struct pg_args *args;
	const char *missing;
	int64_t now;

	if (strcmp(r->verb, "proposals") == 0)
		return list(s, json);
	missing = what_is_missing(r);
	if (missing != NULL) {
		fprintf(stderr, "adit payments %s: %s\n", r->verb, missing);
		return CLI_USAGE;
	}
	a.w = cli_open(s, CLI_READS);
	now = loop_clock(a.w->loop)->wall_ms;
	args = pg_args_new();
	pg_text(args, r->code);
	if (strcmp(r->verb, "resolve") == 0) {
		pg_text(args, r->outcome);
		pg_text(args, r->evidence);
		pg_text(args, r->note);
		pg_text(args, r->by);
		pg_i64(args, now);
		pg_i64(args, ladder_scale(OPEN_MS, s->payments.ladder_permille));
	} else {
		pg_bool(args, strcmp(r->verb, "confirm") == 0);
		pg_text(args, r->by);
		pg_i64(args, now);
	}
	pg_call(a.w->env.pg,
	        strcmp(r->verb, "resolve") == 0 ? &payment_propose : &payment_confirm,
	        args, ASK_MS, on_answer, &a);
	cli_await(a.w);
	cli_close(a.w);
	return a.failed ? CLI_WRONG : CLI_OK;
}
