/*
 * Thousands of random operations against a model: posts, holds, captures whole and
 * partial, voids, expiries, duplicates, conflicts, refusals, from waves of many at once,
 * with connections cut, writers restarted and taken over in between.
 *
 * A wave of one is predicted exactly.  In a wave of many the order in which the writer
 * met them is its own affair: then the model takes its answers and checks that they fit
 * together, and that the books say the same.  SEED=n repeats a run.
 */
#include "tests/integration/ledger_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ACCOUNTS   8
#define PAST_MAX   20000
#define HOLDS_MAX  4000
#define WAVE_MAX   80
#define OPERATIONS 4000

struct model_account {
	struct account_ref ref;
	int64_t balance, pending_debit, pending_credit;
};

struct model_hold {
	struct ledger_leg leg;
	enum leg_kind resolved; /* LEG_POST: open */
	unsigned debit, credit;
};

struct asked {           /* one submission: what was asked and what came back */
	unsigned number; /* of the key */
	uint32_t legs;
	struct ledger_leg leg[2];
	unsigned side[2][2]; /* model accounts: debit, credit */
	unsigned hold[2];    /* model hold a leg resolves or makes */
	struct settle_answer answer;
	int again_of; /* index into past, or -1 */
	bool changed; /* other content under an old key */
};

static struct ledger_bed bed;
static struct model_account accounts[ACCOUNTS];
static struct model_hold holds[HOLDS_MAX];
static struct asked past[PAST_MAX];
static unsigned hold_count, past_count, key_count;
static struct ids chance;

static uint64_t
below(uint64_t n)
{
	return ids_u64(&chance) % n;
}

static int
open_bed(void **state)
{
	static const enum account_kind kinds[ACCOUNTS] = { ACC_EQUITY, ACC_FLOAT,
		                                           ACC_MEMBER, ACC_MEMBER,
		                                           ACC_LOAN,   ACC_LOAN,
		                                           ACC_TILL,   ACC_LEVY };

	const char *given = getenv("SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20261123;
	(void)state;

	print_message("SEED=%llu\n", (unsigned long long)seed);
	ids_init_seeded(&chance, seed);
	for (unsigned i = 0; i < ACCOUNTS; i++) {
		accounts[i].ref = (struct account_ref){ .kind = kinds[i], .unit = "TZS" };
		accounts[i].ref.owner.b[0] = (uint8_t)(i + 1);
	}
	return ledger_bed_open(&bed);
}

static int
close_bed(void **state)
{
	(void)state;
	ledger_bed_close(&bed);
	return 0;
}

/* ---- asking --------------------------------------------------------------------------
 */

static void
random_post(struct asked *a, uint32_t i)
{
	unsigned d = (unsigned)below(ACCOUNTS), c = (unsigned)below(ACCOUNTS - 1);

	c += c >= d;
	if (below(4) == 0) { /* money comes in often enough to be spent */
		d = 1;
		c = 0;
	}
	a->leg[i] = bed_post(&bed, accounts[d].ref, accounts[c].ref,
	                     1 + (int64_t)below(below(10) == 0 ? 1000000 : 500));
	a->side[i][0] = d;
	a->side[i][1] = c;
	if (below(3) == 0 && hold_count < HOLDS_MAX) {
		a->leg[i].kind = LEG_HOLD;
		a->hold[i] = hold_count;
		holds[hold_count++] =
		    (struct model_hold){ a->leg[i], LEG_VOID /* not there yet */, d, c };
	}
}

static void
random_resolution(struct asked *a, uint32_t i)
{
	unsigned at = (unsigned)below(hold_count);
	const struct model_hold *h = &holds[at];
	enum leg_kind kind = (enum leg_kind)(LEG_CAPTURE + below(3));
	int64_t amount = h->leg.amount;

	if (kind == LEG_CAPTURE && below(3) == 0)
		amount =
		    1 + (int64_t)below((uint64_t)amount + 2); /* also a little too much */
	a->leg[i] = bed_resolve(&bed, &h->leg, kind, amount);
	a->side[i][0] = h->debit;
	a->side[i][1] = h->credit;
	a->hold[i] = at;
}

static void
random_operation(struct asked *a, bool may_resolve)
{
	*a = (struct asked){ .number = key_count++, .again_of = -1 };
	a->legs = 1 + (uint32_t)below(2);
	for (uint32_t i = 0; i < a->legs; i++) {
		bool twice = i == 1 && a->leg[0].kind >= LEG_CAPTURE;

		if (may_resolve && hold_count > 0 && !twice && below(3) == 0)
			random_resolution(a, i);
		else
			random_post(a, i);
	}
}

static void
ask_again(struct asked *a)
{
	unsigned at = (unsigned)below(past_count);

	*a = past[at];
	a->again_of = past[at].again_of >= 0 ? past[at].again_of : (int)at;
	*a = past[a->again_of];
	a->again_of = past[at].again_of >= 0 ? past[at].again_of : (int)at;
	a->changed = below(3) == 0;
	if (a->changed)
		a->leg[0].amount += 1;
}

/* ---- the model
 * ------------------------------------------------------------------------- */

static bool
rule_holds(const struct model_account *m)
{
	switch (account_rule(m->ref.kind)) {
	case RULE_ASSET:
		return m->balance - m->pending_credit >= 0;
	case RULE_DEBT:
		return m->balance + m->pending_debit <= 0;
	case RULE_NONE:
		break;
	}
	return true;
}

static void
apply(const struct asked *a, struct model_account *m)
{
	for (uint32_t i = 0; i < a->legs; i++) {
		const struct ledger_leg *l = &a->leg[i];
		struct model_account *d = &m[a->side[i][0]], *c = &m[a->side[i][1]];

		if (l->kind == LEG_HOLD) {
			d->pending_debit += l->amount;
			c->pending_credit += l->amount;
			continue;
		}
		if (l->kind >= LEG_CAPTURE) {
			d->pending_debit -= holds[a->hold[i]].leg.amount;
			c->pending_credit -= holds[a->hold[i]].leg.amount;
		}
		if (l->kind == LEG_POST || l->kind == LEG_CAPTURE) {
			d->balance += l->amount;
			c->balance -= l->amount;
		}
	}
}

static bool made[HOLDS_MAX]; /* holds whose operation was done */

static enum op_result
resolution_allowed(const struct asked *a, uint32_t i)
{
	const struct model_hold *h = &holds[a->hold[i]];

	if (!made[a->hold[i]])
		return OP_NO_HOLD;
	if (h->resolved == LEG_CAPTURE)
		return OP_ALREADY_CAPTURED;
	if (h->resolved == LEG_VOID)
		return OP_ALREADY_VOIDED;
	if (h->resolved == LEG_EXPIRE)
		return OP_ALREADY_EXPIRED;
	return a->leg[i].amount > h->leg.amount ? OP_OVER_HOLD : OP_DONE;
}

static enum op_result
predict(const struct asked *a)
{
	struct model_account after[ACCOUNTS];

	for (uint32_t i = 0; i < a->legs; i++) {
		enum op_result r = OP_DONE;

		if (a->leg[i].kind >= LEG_CAPTURE)
			r = resolution_allowed(a, i);
		if (r != OP_DONE)
			return r;
	}
	memcpy(after, accounts, sizeof after);
	apply(a, after);
	for (unsigned i = 0; i < ACCOUNTS; i++) {
		if (!rule_holds(&after[i]))
			return OP_NO_FUNDS;
	}
	return OP_DONE;
}

static void
take_in(struct asked *a)
{
	if (a->answer.result == OP_DONE) {
		apply(a, accounts);
		for (uint32_t i = 0; i < a->legs; i++) {
			if (a->leg[i].kind == LEG_HOLD) {
				made[a->hold[i]] = true;
				holds[a->hold[i]].resolved = LEG_POST;
			} else if (a->leg[i].kind >= LEG_CAPTURE) {
				assert_int_equal(holds[a->hold[i]].resolved, LEG_POST);
				holds[a->hold[i]].resolved = a->leg[i].kind;
			}
		}
	}
	if (past_count < PAST_MAX)
		past[past_count++] = *a;
}

static void
check_again(const struct asked *a, bool trouble)
{
	const struct asked *first = &past[a->again_of];

	if (a->changed) {
		assert_int_equal(a->answer.result, OP_CONFLICT);
		return;
	}
	assert_int_equal(a->answer.result, first->answer.result);
	if (!trouble) /* whose the first answer was cannot be told after a lost batch */
		assert_true(a->answer.repeated);
}

static void
compare_books(void)
{
	for (unsigned i = 0; i < ACCOUNTS; i++) {
		assert_true(rule_holds(&accounts[i]));
		assert_int_equal(bed_balance(&bed, &accounts[i].ref),
		                 accounts[i].balance);
	}
	assert_int_equal(bed_faults(&bed), 0);
}

/* ---- waves
 * ------------------------------------------------------------------------------- */

static void
one_exactly(void)
{
	struct asked a;
	enum op_result expected;

	if (past_count > 0 && below(5) == 0) {
		ask_again(&a);
		bed_submit(&bed, "random", a.number, a.leg, a.legs, &a.answer);
		bed_wait(&bed);
		check_again(&a, false);
		return;
	}
	random_operation(&a, true);
	expected = predict(&a);
	bed_submit(&bed, "random", a.number, a.leg, a.legs, &a.answer);
	bed_wait(&bed);
	assert_int_equal(a.answer.err.code, ERR_NONE);
	assert_int_equal(a.answer.result, expected);
	take_in(&a);
}

static void
disturb(void)
{
	switch (below(6)) {
	case 0:
		bed_terminate_backends(&bed);
		break;
	case 1:
		bed_bump_epoch(&bed);
		break;
	default:
		break;
	}
}

static unsigned
many_at_once(void)
{
	static struct asked wave[WAVE_MAX];
	unsigned n = 2 + (unsigned)below(WAVE_MAX - 2);
	bool trouble = below(12) == 0;

	for (unsigned i = 0; i < n; i++) {
		if (past_count > 0 && below(6) == 0)
			ask_again(&wave[i]);
		else
			random_operation(&wave[i], true);
		bed_submit(&bed, "random", wave[i].number, wave[i].leg, wave[i].legs,
		           &wave[i].answer);
		if (below(10) == 0)
			loop_turn(bed.loop, 0);
		if (trouble && i == n / 2)
			disturb();
	}
	bed_wait(&bed);
	/* holds first: the writer may have met a capture after the hold it was asked
	 * before */
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(wave[i].answer.err.code, ERR_NONE);
		if (wave[i].again_of >= 0)
			check_again(&wave[i], trouble);
		else
			take_in(&wave[i]);
	}
	return n;
}

static void
agree_on(unsigned operations)
{
	unsigned done = 0, waves = 0;

	while (done < operations) {
		if (below(3) > 0) {
			one_exactly();
			done++;
		} else {
			done += many_at_once();
		}
		if (++waves % 40 == 0)
			compare_books();
		if (waves % 150 == 0)
			ledger_bed_restart(&bed);
	}
	compare_books();
	print_message("%u operations, %u holds, %u keys\n", done, hold_count, key_count);
}

static void
the_writer_and_the_model_agree(void **state)
{
	(void)state;
	agree_on(OPERATIONS);
}

/* Balances are forgotten all the time, loads and small batches overlap. */
static void
they_agree_when_little_is_remembered(void **state)
{
	(void)state;
	bed.options.cache_accounts = ACCOUNTS;
	bed.options.batch_max = 7;
	ledger_bed_restart(&bed);
	agree_on(OPERATIONS / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_writer_and_the_model_agree),
		cmocka_unit_test(they_agree_when_little_is_remembered),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
