/*
 * adit bench - payments by the hundred, made as people make them: members register, ask
 * and repay, the treasurer approves.  What tests/e2e/kill_proof lives on.
 *
 *   loans:  BEGIN --registered--> CONFIRM --> ASK --> APPROVE --second--> AGREE --> next
 *   repay:  FIND --> REPAY --> next
 *
 * Several walkers take one member after the other.  Officers' PINs are tried one at a
 * time, as a try is counted before it is known to be right.
 */
#include "gateway/cli/cli.h"
#include "lib/arena.h"
#include "payments/flow/loans.h"
#include "payments/flow/members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WALKERS   16
#define AT_ONCE   2 /* PINs of one officer: a third under way would lock */
#define MINER_PIN "4711"
#define COUNT_MAX 100000

static const char help[] =
    "usage: adit bench loans --count N [--amount MINOR] [--endings 00,05,...]\n"
    "       adit bench repay --count N [--amount MINOR] [--endings 00,05,...]\n"
    "                        [--country TZ|KE] [--treasurer-pin PIN] [--officer-pin PIN] "
    "[--config "
    "FILE]\n\n"
    "Makes payments in the cooperative that `adit seed` made: N members who borrow and "
    "are to "
    "be\n"
    "paid, or who pay back.  Their numbers end as told, in turn.\n\n"
    "  adit bench loans --count 250 --amount 1000000 --endings 00,02,10\n";

static const struct ground { /* what `adit seed` made */
	const char *country, *cooperative, *treasurer, *officer, *prefix;
} grounds[] = {
	{ "TZ", "MGODI", "255754000200", "255754000300", "255713" },
	{ "KE", "MIGORI", "254708000200", "254708000300", "254710" },
};

struct bench;

struct walker {
	struct bench *b;
	unsigned index; /* of the member */
	struct who who;
	struct uuid loan_id;
	char msisdn[16];
};

struct bench {
	struct cli_world *w;
	const struct ground *at;
	bool repays;
	unsigned count, next, walking;
	unsigned made, refused; /* payments */
	int64_t amount;
	const char *endings;
	struct who treasurer, officer;
	const char *treasurer_pin, *officer_pin;
	struct walker walker[WALKERS];
	struct walker *in_line[WALKERS]; /* for the officers */
	unsigned line, served;           /* who wait; who do not any more */
};

static void next_member(struct walker *k);
static void on_begun(void *arg, const struct payments_answer *a, const struct member *m);
static void on_confirmed(void *arg, const struct payments_answer *a,
                         const struct member *m);
static void on_asked(void *arg, const struct payments_answer *a,
                     const struct loan_view *l);
static void serve_line(struct bench *b);
static void on_approved(void *arg, const struct payments_answer *a,
                        const struct loan_view *l);
static void on_agreed(void *arg, const struct payments_answer *a,
                      const struct loan_view *l);
static void on_found(void *arg, const struct payments_answer *a, const struct member *m);
static void on_repaid(void *arg, const struct payments_answer *a,
                      const struct repayment *r);

static struct uuid
key_of(const struct walker *k, const char *what)
{
	char name[64];
	int n = snprintf(name, sizeof name, "bench/%s/%s", what, k->msisdn);

	return uuid_from_name(name, (size_t)n);
}

static void
name_number(struct walker *k)
{
	size_t all = (strlen(k->b->endings) + 1) / 3;
	const char *ending = k->b->endings + k->index % (all == 0 ? 1 : all) * 3;

	if (k->index < 10000)
		snprintf(k->msisdn, sizeof k->msisdn, "%s%04u%.2s", k->b->at->prefix,
		         k->index % 100000, ending);
	else /* a range of its own, as long */
		snprintf(k->msisdn, sizeof k->msisdn, "%.4s6%05u%.2s", k->b->at->prefix,
		         k->index % 100000, ending);
}

static void
refused(struct walker *k, const char *step, const struct payments_answer *a)
{
	fprintf(stderr, "adit bench: member %u, %s: %s %s\n", k->index, step, a->reason,
	        a->err.what == NULL ? "" : a->err.what);
	k->b->refused++;
	next_member(k);
}

static void
next_member(struct walker *k)
{
	struct bench *b = k->b;
	struct register_ask ask = { b->at->cooperative, "Bench Miner", "en", k->msisdn,
		                    MINER_PIN };

	if (b->next == b->count) {
		b->w->answered = --b->walking == 0;
		return;
	}
	k->index = b->next++;
	name_number(k);
	if (b->repays)
		payments_member_find(&b->w->env, k->msisdn, 0, on_found, k);
	else
		payments_register_begin(&b->w->env, &ask, on_begun, k);
}

/* ---- loans
 * ------------------------------------------------------------------------------ */

static void
on_begun(void *arg, const struct payments_answer *a, const struct member *m)
{
	struct walker *k = arg;

	if (a->outcome == OUTCOME_FAIL) {
		refused(k, "register", a);
		return;
	}
	k->who = (struct who){ m->cooperative_id, m->member_id };
	payments_register_confirm(&k->b->w->env, &k->who, MINER_PIN, on_confirmed, k);
}

static void
on_confirmed(void *arg, const struct payments_answer *a, const struct member *m)
{
	struct walker *k = arg;
	struct loan_ask ask = { .who = k->who,
		                .amount = k->b->amount,
		                .terms = 8,
		                .pin = MINER_PIN,
		                .key = key_of(k, "ask") };

	(void)m;
	if (a->outcome == OUTCOME_FAIL)
		refused(k, "confirm", a);
	else
		payments_loan_request(&k->b->w->env, &ask, on_asked, k);
}

static void
on_asked(void *arg, const struct payments_answer *a, const struct loan_view *l)
{
	struct walker *k = arg;
	struct bench *b = k->b;

	if (a->outcome == OUTCOME_FAIL) {
		refused(k, "loan", a);
		return;
	}
	k->loan_id = l->loan_id;
	b->in_line[b->line++] = k;
	serve_line(b);
}

static void
decide(struct walker *k, bool is_officer, loan_cb *cb)
{
	const struct bench *b = k->b;
	struct decide_ask ask = { .who = is_officer ? b->officer : b->treasurer,
		                  .id = k->loan_id,
		                  .approve = true,
		                  .pin = is_officer ? b->officer_pin : b->treasurer_pin,
		                  .key = key_of(k, is_officer ? "agree" : "approve") };

	payments_approval_decide(&b->w->env, &ask, cb, k);
}

static void
serve_line(struct bench *b)
{
	struct walker *k;

	if (b->line == 0 || b->served == AT_ONCE)
		return;
	b->served++;
	b->line--;
	k = b->in_line[0];
	memmove(b->in_line, b->in_line + 1,
	        b->line * sizeof b->in_line[0]); /* NOLINT(bugprone-sizeof-expression): an
	                                            array of pointers */
	decide(k, false, on_approved);
}

static void
leave_line(struct walker *k, const char *step, const struct payments_answer *a)
{
	struct bench *b = k->b;

	b->served--;
	if (a->outcome == OUTCOME_FAIL) {
		refused(k, step, a);
	} else {
		b->made++;
		next_member(k);
	}
	serve_line(b);
}

static void
on_approved(void *arg, const struct payments_answer *a, const struct loan_view *l)
{
	struct walker *k = arg;

	(void)l;
	if (a->outcome == OUTCOME_PENDING && strcmp(a->reason, "second_needed") == 0)
		decide(k, true, on_agreed);
	else
		leave_line(k, "approve", a);
}

static void
on_agreed(void *arg, const struct payments_answer *a, const struct loan_view *l)
{
	(void)l;
	leave_line(arg, "agree", a);
}

/* ---- repay
 * ------------------------------------------------------------------------------ */

static void
on_found(void *arg, const struct payments_answer *a, const struct member *m)
{
	struct walker *k = arg;
	struct repay_ask ask = { .amount = k->b->amount, .key = key_of(k, "repay") };

	if (a->outcome == OUTCOME_FAIL) {
		refused(k, "find", a);
		return;
	}
	ask.who = (struct who){ m->cooperative_id, m->member_id };
	payments_repay(&k->b->w->env, &ask, on_repaid, k);
}

static void
on_repaid(void *arg, const struct payments_answer *a, const struct repayment *r)
{
	struct walker *k = arg;

	(void)r;
	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "no_loan") == 0) {
		next_member(k); /* whose pay-out failed owes nothing */
	} else if (a->outcome == OUTCOME_FAIL) {
		refused(k, "repay", a);
	} else {
		k->b->made++;
		next_member(k);
	}
}

/* ---- the verb
 * ----------------------------------------------------------------------------- */

struct finding {
	struct cli_world *w;
	struct who *out;
	bool ok;
};

static void
on_officer(void *arg, const struct payments_answer *a, const struct member *m)
{
	struct finding *f = arg;

	f->ok = a->outcome != OUTCOME_FAIL;
	if (f->ok)
		*f->out = (struct who){ m->cooperative_id, m->member_id };
	else
		cli_complain("bench", a);
	f->w->answered = true;
}

static bool
find_officer(struct bench *b, const char *msisdn, struct who *out)
{
	struct finding f = { .w = b->w, .out = out };

	payments_member_find(&b->w->env, msisdn, 0, on_officer, &f);
	cli_await(b->w);
	return f.ok;
}

static void
walk(struct bench *b)
{
	b->walking = b->count < WALKERS ? b->count : WALKERS;
	if (b->walking == 0)
		return;
	for (unsigned i = 0, n = b->walking; i < n; i++) {
		b->walker[i].b = b;
		next_member(&b->walker[i]);
	}
	cli_await(b->w);
}

int
cli_bench(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	const char *count = cli_value(&argc, argv, "--count");
	const char *amount = cli_value(&argc, argv, "--amount");
	const char *endings = cli_value(&argc, argv, "--endings");
	const char *country = cli_value(&argc, argv, "--country");
	const char *treasurer = cli_value(&argc, argv, "--treasurer-pin");
	const char *officer = cli_value(&argc, argv, "--officer-pin");
	const char *what = cli_word(&argc, argv);
	struct bench b = {
		.repays = what != NULL && strcmp(what, "repay") == 0,
		.count = count == NULL ? 0 : (unsigned)strtoul(count, NULL, 10),
		.amount = amount == NULL ? 1000000 : strtoll(amount, NULL, 10),
		.at = &grounds[country != NULL && strcmp(country, "KE") == 0],
		.endings = endings == NULL ? "00" : endings,
		.treasurer_pin = treasurer == NULL ? "2580" : treasurer,
		.officer_pin = officer == NULL ? "1470" : officer,
	};

	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what == NULL || (!b.repays && strcmp(what, "loans") != 0) ||
	    b.count > COUNT_MAX) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	b.w = cli_open(s, CLI_WRITES);
	if (find_officer(&b, b.at->treasurer, &b.treasurer) &&
	    find_officer(&b, b.at->officer, &b.officer))
		walk(&b);
	cli_close(b.w);
	printf("{\"made\":%u,\"refused\":%u}\n", b.made, b.refused);
	return b.made > 0 && b.refused == 0 ? CLI_OK : CLI_WRONG;
}
