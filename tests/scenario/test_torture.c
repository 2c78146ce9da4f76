/*
 * Every provider's wire, every flow, in virtual time: each answer lost, late, twice, of
 * no use or refused, a death after each call, callbacks that lie, and the whole ladder
 * where nobody ever says.  Afterwards: told once, our books are the simulator's, and what
 * is not over is in a person's list.
 */
#include "tests/scenario/sim_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum flow { FLOW_OUT, FLOW_IN, FLOW_BACK, FLOWS };

static const char *const flow_names[] = { "payout", "collection", "refund" };

#define SHILLINGS .currency = "TZS", .scale = 2, .amount = 1000000

static const struct wire wires[] = {
	{ SHILLINGS, .codec = "mtn", .number = "2557120001" },
	{ SHILLINGS, .codec = "airtel", .number = "2556800001", .country = "TZ",
	  .version = 2, .names_it = 1u << FLOW_BACK },
	{ .codec = "daraja",
	  .number = "2547100001",
	  .country = "KE",
	  .party = "600999",
	  .currency = "KES",
	  .amount = 500000,
	  .names_it = 1u << FLOW_IN | 1u << FLOW_BACK },
	{ SHILLINGS, .codec = "vodacom", .number = "2557540001", .party = "000000",
	  .market = "vodacomTZN" },
	{ SHILLINGS, .codec = "gsma", .number = "2557120001", .party = "400100" },
	{ SHILLINGS, .codec = "pawapay", .number = "2556800001", .market = "AIRTEL_TZA" },
	{ .codec = "orange",
	  .number = "2557120001",
	  .party = "786258731",
	  .currency = "TZS",
	  .amount = 1000000,
	  .pays_only = true,
	  .knows_no_key = true,
	  .is_mute = true,
	  .names_it = 1u << FLOW_OUT },
};

#define WIRES (sizeof wires / sizeof *wires)

static const struct nature natures[] = {
	{ .about = "paid", .ending = "00", .chaos = "off", .end = PAY_PAID },
	{ .about = "paid, callbacks twice and lying",
	  .ending = "00",
	  .chaos = "dup=100,contradict=100,noid=100,post=100,flip=100",
	  .end = PAY_PAID },
	{ .about = "fails", .ending = "05", .chaos = "off", .end = PAY_FAILED },
	{ .about = "not found at first",
	  .ending = "00",
	  .chaos = "notfound=100",
	  .end = PAY_PAID },
	{ .about = "our account is empty",
	  .ending = "00",
	  .chaos = "off",
	  .end = PAY_FAILED,
	  .poor = true },
	{ .about = "our account is filled later",
	  .ending = "00",
	  .chaos = "off",
	  .end = PAY_PAID,
	  .float_low = true },
	{ .about = "another's wallet, let go",
	  .ending = "00",
	  .chaos = "off",
	  .end = PAY_PAID,
	  .other_name = true,
	  .decides = "release" },
	{ .about = "another's wallet, refused",
	  .ending = "00",
	  .chaos = "off",
	  .end = PAY_FAILED,
	  .other_name = true,
	  .decides = "by_hand_no" },
};

/* Their ladders last long: a death at some calls, no spoilt answers. */
static const struct nature endless[] = {
	{ .about = "never heard of again",
	  .ending = "08",
	  .chaos = "off",
	  .end = PAY_UNKNOWN },
	{ .about = "never heard of, ruled paid",
	  .ending = "08",
	  .chaos = "off",
	  .end = PAY_PAID,
	  .decides = "by_hand" },
	{ .about = "never heard of, ruled failed",
	  .ending = "08",
	  .chaos = "off",
	  .end = PAY_FAILED,
	  .decides = "by_hand_no" },
	{ .about = "late", .ending = "09", .chaos = "off", .end = PAY_PAID },
	{ .about = "fails, and is paid after all",
	  .ending = "14",
	  .chaos = "off",
	  .end = PAY_FAILED },
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool
fits(const struct wire *w, enum flow f, const struct nature *n)
{
	unsigned topics = provider_by_name(w->codec)->topics;

	if (w->pays_only && f != FLOW_OUT)
		return false;
	if (w->is_mute && strcmp(n->ending, "14") == 0) /* who should tell us? */
		return false;
	if (n->other_name)
		return f == FLOW_OUT && (topics & 1u << TOPIC_NAME) != 0;
	if (n->float_low)
		return f != FLOW_IN && (topics & 1u << TOPIC_BALANCE) != 0;
	if (n->poor)
		return f != FLOW_IN;
	/* a number that cannot pay has brought nothing to be given back */
	return f != FLOW_BACK || strcmp(n->ending, "00") == 0;
}

/* ---- people
 * ------------------------------------------------------------------------------- */

static bool
is_decided(const struct world *w)
{
	return strncmp(w->row.p.attention, "by_hand", 7) == 0 || w->row.released;
}

static void
decide(struct world *w)
{
	struct payout_row *r = &w->row;

	if (strcmp(w->nature->decides, "release") == 0) {
		r->released = true;
		r->p.attention[0] = '\0';
	} else {
		COPY(r->p.attention, w->nature->decides);
	}
	r->next_ms = w->clock.wall_ms;
}

static void
people(struct world *w)
{
	struct payout_row *r = &w->row;
	bool named = strcmp(r->p.attention, "name") == 0;
	bool long_ago = !w->nature->other_name &&
	                (r->p.ladder_step >= 20 || strcmp(r->p.attention, "open") == 0);

	if (w->nature->float_low && w->clock.wall_ms >= w->began_ms + 2 * MINUTE_MS)
		w->sim.o.float_minor = 100000000000;
	if (w->nature->decides != NULL && !row_is_over(r) && r->claim[0] == '\0' &&
	    (named || long_ago) && !is_decided(w))
		decide(w);
}

/* ---- a run
 * -------------------------------------------------------------------------------- */

static void
run_until(struct world *w, int64_t until)
{
	while (w->clock.wall_ms < until) {
		loop_turn(w->loop, MINUTE_MS);
		people(w);
	}
}

static bool
is_left(const struct world *w)
{
	return strcmp(w->row.p.attention, "open") == 0 && w->nature->decides == NULL;
}

/* Until it is over or a person's, thirty hours at most, and then until nothing more is
 * posted. */
static void
world_run(struct world *w)
{
	int64_t until = w->clock.wall_ms + 30 * HOUR_MS;
	bool recants = strcmp(w->nature->ending, "14") == 0;

	while (!row_is_over(&w->row) && !is_left(w) && w->clock.wall_ms < until) {
		loop_turn(w->loop, MINUTE_MS);
		people(w);
	}
	run_until(w, w->clock.wall_ms + (recants ? 12 : 3) * MINUTE_MS);
}

/* Ready to be sent; what is to be given back has been collected. */
static void
flow_start(struct world *w, const struct wire *wire, enum flow f, const struct nature *n)
{
	struct payment collected;

	world_start(w, wire, n);
	if (f == FLOW_BACK) {
		chaos_set(&w->sim.chaos, "off", &(const char *){ NULL });
		payment_start(w, PAY_IN, n->ending);
		world_run(w);
		assert_int_equal(w->row.p.state, PAY_PAID);
		collected = w->row.p;
		chaos_set(&w->sim.chaos, n->chaos, &(const char *){ NULL });
		payment_start(w, PAY_OUT, n->ending);
		w->row.p.back_reference = collected.reference;
		w->row.p.back_amount = collected.amount;
		/* what a prompt's status does not tell comes with the pay bill's word */
		COPY(w->row.p.back_txn, collected.provider_txn[0] != '\0'
		                            ? collected.provider_txn
		                            : book_first(w->sim.book)->txn);
	} else {
		payment_start(w, f == FLOW_IN ? PAY_IN : PAY_OUT, n->ending);
	}
	rails_nudge(w->rails, 1);
}

/* NULL if both sides agree, and what is not over is in somebody's list. */
static const char *
world_fault(const struct world *w)
{
	const struct payment *p = &w->row.p;
	int64_t paid = 0;

	for (const struct entry *e = book_first(w->sim.book); e != NULL; e = e->next)
		paid += e->state == ENTRY_PAID && e->out == (p->direction == PAY_OUT);
	if (paid > 1)
		return "paid twice";
	if (!row_is_over(&w->row) && w->nature->decides != NULL)
		return "not over, though people decided";
	if (!row_is_over(&w->row))
		return w->row.books.times != 0   ? "told before the end"
		       : p->attention[0] == '\0' ? "not over, and nobody knows"
		                                 : NULL;
	if (w->row.books.times != 1 || w->row.books.state != p->state)
		return "told more or less than once";
	if (strcmp(p->attention, "contradiction") == 0 && w->row.contradicted)
		return script_problem();
	if (is_decided(w) && !w->row.released)
		return "a ruling is still open";
	if ((p->state == PAY_PAID) != (paid == 1) &&
	    (w->nature->decides == NULL || w->nature->other_name))
		return "the two books disagree";
	if (w->row.next_ms != 0 || w->row.claim[0] != '\0')
		return "over, but still in the queue";
	return script_problem();
}

struct tally {
	unsigned runs, left; /* left to a person */
};

static void
complain(struct world *w, enum flow f, const char *what, unsigned k, struct tally *t)
{
	const char *fault = world_fault(w);

	t->runs++;
	t->left += !row_is_over(&w->row);
	if (fault == NULL)
		return;
	print_error("%s %s, %s: %s %u (%d): %s; state %s, attention %s, told %d\n%s\n",
	            w->wire->codec, flow_names[f], w->nature->about, what, k,
	            (int)w->spoil, fault, pay_state_name(w->row.p.state),
	            w->row.p.attention, w->row.books.times, script_trace());
	fail();
}

/* Calls made, and answers of the provider, in a run that nobody disturbs. */
static unsigned
undisturbed(const struct wire *wire, enum flow f, const struct nature *n,
            unsigned *answers)
{
	struct tally t = { 0 };
	struct world w;
	size_t before;
	unsigned calls;

	flow_start(&w, wire, f, n);
	before = script_calls();
	while (!row_is_over(&w.row) && !is_left(&w)) {
		loop_turn(w.loop, MINUTE_MS);
		people(&w);
		assert_true(w.clock.wall_ms < w.began_ms + 30 * HOUR_MS);
	}
	calls = (unsigned)(script_calls() - before);
	*answers = w.answers;
	world_run(&w);
	complain(&w, f, "undisturbed", 0, &t);
	if (n->end == PAY_UNKNOWN ? t.left != 1 : w.row.p.state != n->end)
		fail_msg("%s %s, %s: %s, not %s\n%s", wire->codec, flow_names[f],
		         n->about, pay_state_name(w.row.p.state), pay_state_name(n->end),
		         script_trace());
	world_end(&w);
	return calls;
}

/* ---- the tables
 * --------------------------------------------------------------------------- */

#define ANSWERS_MAX 9
#define CALLS_MAX   30

/* make torture: each of them; else, of all natures but the first, every third. */
static bool
skips(const struct nature *n, unsigned k)
{
	return n != natures && k % 3 != (unsigned)(n - natures) % 3 &&
	       getenv("TORTURE_ALL") == NULL;
}

/* Not there: it pays a call that comes twice a second time. */
static bool
befalls(const struct wire *w, unsigned s)
{
	return s != SPOIL_NOTHING && (s != SPOIL_TWICE || !w->knows_no_key);
}

typedef void each(const struct wire *wire, enum flow f, const struct nature *n,
                  struct tally *t);

/* Where their name of it comes in an answer that may be lost, a person finds out. */
static bool
may_be_left(const struct wire *w, enum flow f)
{
	return (w->names_it & 1u << f) != 0;
}

static void
for_all(const struct nature *list, size_t count, each *one)
{
	for (size_t i = 0; i < WIRES; i++)
		for (enum flow f = 0; f < FLOWS; f++) {
			struct tally t = { 0 };

			for (size_t k = 0; k < count; k++)
				if (fits(&wires[i], f, &list[k]))
					one(&wires[i], f, &list[k], &t);
			if (list == natures && !may_be_left(&wires[i], f))
				assert_int_equal(t.left, 0);
			if (t.runs > 0)
				print_message("%s %s: %u runs, %u left to a person\n",
				              wires[i].codec, flow_names[f], t.runs,
				              t.left);
		}
}

static void
spoil_each(const struct wire *wire, enum flow f, const struct nature *n, struct tally *t)
{
	unsigned answers;

	undisturbed(wire, f, n, &answers);
	answers = answers > ANSWERS_MAX ? ANSWERS_MAX : answers;
	for (unsigned k = SPOILS; k < (answers + 1) * SPOILS; k++) {
		struct world w;

		if (!befalls(wire, k % SPOILS) || skips(n, k))
			continue;
		flow_start(&w, wire, f, n);
		w.spoil_at = k / SPOILS;
		w.spoil = (enum spoil)(k % SPOILS);
		world_run(&w);
		complain(&w, f, "answer", w.spoil_at, t);
		world_end(&w);
	}
}

static void
die_at(const struct wire *wire, enum flow f, const struct nature *n, unsigned k,
       struct tally *t)
{
	struct world w;
	size_t before;

	flow_start(&w, wire, f, n);
	before = script_calls();
	while (script_calls() < before + k) {
		loop_turn(w.loop, MINUTE_MS);
		people(&w);
	}
	world_restart(&w);
	world_run(&w);
	complain(&w, f, "death after call", k, t);
	world_end(&w);
}

static void
die_at_each(const struct wire *wire, enum flow f, const struct nature *n, struct tally *t)
{
	unsigned answers, calls = undisturbed(wire, f, n, &answers);

	calls = calls > CALLS_MAX ? CALLS_MAX : calls;
	for (unsigned k = 1; k <= calls; k++)
		if (!skips(n, k))
			die_at(wire, f, n, k, t);
}

static void
die_now_and_then(const struct wire *wire, enum flow f, const struct nature *n,
                 struct tally *t)
{
	static const unsigned at[] = { 3, 5, 40 };
	unsigned answers, calls = undisturbed(wire, f, n, &answers);

	for (size_t i = 0; i < COUNT(at) && at[i] <= calls; i++)
		die_at(wire, f, n, at[i], t);
}

static void
test_each_answer_spoiled(void **state)
{
	(void)state;
	for_all(natures, COUNT(natures), spoil_each);
}

static void
test_a_death_after_each_call(void **state)
{
	(void)state;
	for_all(natures, COUNT(natures), die_at_each);
}

static void
test_the_whole_ladder(void **state)
{
	(void)state;
	for_all(endless, COUNT(endless), die_now_and_then);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_answer_spoiled),
		cmocka_unit_test(test_a_death_after_each_call),
		cmocka_unit_test(test_the_whole_ladder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
