#include "gateway/cli/ruling.h"

#include "payments/store/payment.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 60000

static const struct {
	const char *why, *words;
} reasons[] = {
	{ "no_payment", "is no payment that this can be said of" },
	{ "not_officer",
	  "--by names no active treasurer or second officer: give a number "
	  "of member or phone" },
	{ "own_payment", "nobody decides about their own payment" },
	{ "same_person", "somebody else must say this: not who decided it before" },
	{ "no_note", "--note WHY is needed" },
	{ "no_evidence", "--evidence is needed: the provider's transaction id or a line "
	                 "of its statement" },
	{ "too_early", "the provider is still being asked every few minutes: wait until "
	               "half an hour has passed" },
	{ "decided", "is decided already" },
	{ "not_proposed", "nobody has said yet what became of it" },
	{ "other_outcome", "the first officer said the opposite" },
	{ "busy", "is being asked about just now: say it again" },
};

struct deciding {
	struct cli_world *w;
	const struct cli_ruling *r;
	bool done;
};

bool
cli_is_ruling(const char *verb)
{
	return strcmp(verb, "release") == 0 || strcmp(verb, "refuse") == 0 ||
	       strcmp(verb, "resolve") == 0;
}

static const char *
words(const char *why)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(reasons[i].why, why) == 0)
			return reasons[i].words;
	return why;
}

static bool
broken(const struct pg_reply *reply)
{
	if (reply->err.code == ERR_NONE && reply->rows > 0)
		return false;
	fprintf(stderr, "adit payments: the database says: %s\n",
	        reply->message[0] != '\0' ? reply->message : reply->err.what);
	return true;
}

static void
on_decided(void *arg, const struct pg_reply *reply)
{
	struct deciding *d = arg;
	const char *why;

	d->w->answered = true;
	if (broken(reply))
		return;
	why = reply_text(reply, 0, 0);
	d->done = why[0] == '\0';
	if (!d->done)
		fprintf(stderr, "adit payments %s: %s: %s\n", d->r->verb, d->r->code,
		        words(why));
	else if (strcmp(d->r->verb, "resolve") == 0 && !d->r->confirm)
		printf("%s: noted; another officer must say the same with --confirm\n",
		       d->r->code);
	else
		printf("%s: a gateway does it now\n", d->r->code);
}

static void
on_names(void *arg, const struct pg_reply *reply)
{
	struct deciding *d = arg;

	d->w->answered = true;
	if (reply->err.code == ERR_NONE && reply->rows == 0) {
		fprintf(stderr, "adit payments release: %s: %s\n", d->r->code,
		        words("no_payment"));
		return;
	}
	if (broken(reply))
		return;
	d->done = true;
	printf("payee: %s\nwallet: %s\n", reply_text(reply, 0, 0),
	       reply_text(reply, 0, 1));
}

static const char *
text_or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

static const struct pg_statement *
put_args(const struct cli_ruling *r, struct pg_args *a, int64_t now_ms)
{
	pg_text(a, r->code);
	if (strcmp(r->verb, "resolve") != 0) {
		pg_bool(a, strcmp(r->verb, "release") == 0);
		pg_text(a, r->by);
		pg_text(a, text_or_empty(r->note));
		pg_i64(a, now_ms);
		return &payment_release;
	}
	pg_text(a, r->outcome);
	pg_text(a, r->by);
	if (!r->confirm) {
		pg_text(a, text_or_empty(r->evidence));
		pg_text(a, text_or_empty(r->note));
	}
	pg_i64(a, now_ms);
	return r->confirm ? &payment_confirm : &payment_propose;
}

int
cli_rule(struct settings *s, const struct cli_ruling *r)
{
	bool resolves = strcmp(r->verb, "resolve") == 0;
	bool shows = strcmp(r->verb, "release") == 0 && r->by == NULL;
	struct deciding d = { .r = r };
	const struct pg_statement *st = &payment_names;
	struct pg_args *a;

	if (resolves != (r->outcome != NULL) ||
	    (resolves && strcmp(r->outcome, "paid") != 0 &&
	     strcmp(r->outcome, "failed") != 0) ||
	    (!shows && r->by == NULL)) {
		fputs("adit payments: see adit payments --help\n", stderr);
		return CLI_USAGE;
	}
	d.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	if (shows)
		pg_text(a, r->code);
	else
		st = put_args(r, a, loop_clock(d.w->loop)->wall_ms);
	pg_call(d.w->env.pg, st, a, ASK_MS, shows ? on_names : on_decided, &d);
	cli_await(d.w);
	cli_close(d.w);
	return d.done ? CLI_OK : CLI_WRONG;
}
