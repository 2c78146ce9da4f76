/* course: what follows from what was heard.  One row, one rule. */
#include "payments/flow/course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOW     INT64_C(1700000000000)
#define MINUTES (60 * INT64_C(1000))
#define NO      PAY_STATES /* nothing is settled */

static const struct course_time at = { .now_ms = NOW, .permille = 1000 };

static struct payment
payment(enum pay_direction d, enum pay_state s)
{
	return (struct payment){
		.direction = d,
		.state = s,
		.amount = 5000,
		.attempts = 1,
		.created_ms = NOW - 1 * MINUTES,
		.sent_ms = NOW,
	};
}

static struct verdict
verdict(enum verdict_kind k, enum pay_reason r)
{
	return (struct verdict){ .kind = k, .reason = r, .amount_minor = -1 };
}

struct row {
	const char *about;
	enum pay_direction direction;
	enum pay_state was;
	bool maybe_before;
	enum verdict_kind heard;
	enum pay_reason why;
	enum pay_state settled; /* NO: written as `becomes` */
	enum pay_state becomes;
	bool maybe_after;
	int64_t next_in_ms;
};

#define OUT   PAY_OUT
#define IN    PAY_IN
#define SENT  PAY_SENT
#define ACC   PAY_ACCEPTED
#define UNK   PAY_UNKNOWN
#define FIRST 10000 /* the ladder's first two waits */
#define NEXT  20000

static const struct row submits[] = {
	{ "taken", OUT, SENT, false, VERDICT_ACCEPTED, 0, NO, ACC, true, FIRST },
	{ "lost or unreadable", OUT, SENT, false, VERDICT_UNKNOWN, 0, NO, UNK, true,
	  FIRST },
	{ "seen before: ask at once", OUT, SENT, false, VERDICT_DUPLICATE, 0, NO, UNK,
	  true, 0 },
	{ "refused at the first call", OUT, SENT, false, VERDICT_FAILED, REASON_LIMIT,
	  PAY_FAILED, 0, false, 0 },
	{ "refused after a lost call: ask", OUT, SENT, true, VERDICT_FAILED, REASON_LIMIT,
	  NO, UNK, true, FIRST },
	{ "never reached: again", OUT, SENT, false, VERDICT_DOWN, 0, NO, PAY_CREATED,
	  false, FIRST },
	{ "never reached after a lost call: ask", OUT, SENT, true, VERDICT_DOWN, 0, NO,
	  UNK, true, FIRST },
	{ "not let in: again", OUT, SENT, false, VERDICT_AUTH, 0, NO, PAY_CREATED, false,
	  FIRST },
	{ "an answer to another question", OUT, SENT, false, VERDICT_PAID, 0, NO, UNK,
	  true, FIRST },
	{ "a pull, taken", IN, SENT, false, VERDICT_ACCEPTED, 0, NO, ACC, true, FIRST },
	{ "a pull, refused", IN, SENT, false, VERDICT_FAILED, REASON_NO_FUNDS, PAY_FAILED,
	  0, false, 0 },
};

static const struct row queries[] = {
	{ "paid", OUT, ACC, true, VERDICT_PAID, 0, PAY_PAID, 0, true, 0 },
	{ "paid though unknown", OUT, UNK, true, VERDICT_PAID, 0, PAY_PAID, 0, true, 0 },
	{ "failed", IN, ACC, true, VERDICT_FAILED, REASON_WRONG_PIN, PAY_FAILED, 0, true,
	  0 },
	{ "pending", OUT, UNK, true, VERDICT_PENDING, 0, NO, ACC, true, NEXT },
	{ "unreadable keeps accepted", OUT, ACC, true, VERDICT_UNKNOWN, 0, NO, ACC, true,
	  NEXT },
	{ "down says nothing", OUT, UNK, true, VERDICT_DOWN, 0, NO, UNK, true, NEXT },
	{ "a gateway died in between", OUT, SENT, false, VERDICT_UNKNOWN, 0, NO, UNK,
	  true, NEXT },
	{ "not found once", OUT, SENT, false, VERDICT_NOT_FOUND, 0, NO, UNK, true, NEXT },
	{ "settled, the same", OUT, PAY_PAID, true, VERDICT_PAID, 0, NO, PAY_PAID, true,
	  -1 },
	{ "settled, no answer", OUT, PAY_PAID, true, VERDICT_UNKNOWN, 0, NO, PAY_PAID,
	  true, NEXT },
	{ "settled, the opposite", OUT, PAY_PAID, true, VERDICT_FAILED, 0, NO, PAY_PAID,
	  true, -1 },
	{ "settled failed, the opposite", OUT, PAY_FAILED, true, VERDICT_PAID, 0, NO,
	  PAY_FAILED, true, -1 },
};

typedef void judging(const struct payment *p, const struct verdict *v,
                     const struct course_time *t, struct course *out);

static void
check_rows(const struct row *rows, size_t n, judging *judge)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		struct payment p = payment(r->direction, r->was);
		struct verdict v = verdict(r->heard, r->why);
		struct course c;

		p.maybe_taken = r->maybe_before;
		judge(&p, &v, &at, &c);
		print_message("%s\n", r->about);
		assert_int_equal(c.settle, r->settled != NO);
		if (c.settle) {
			assert_int_equal(c.to, r->settled);
			assert_int_equal(c.why.reason, r->why);
			continue;
		}
		assert_int_equal(c.p.state, r->becomes);
		assert_int_equal(c.p.maybe_taken, r->maybe_after);
		assert_int_equal(c.next_try_ms,
		                 r->next_in_ms < 0 ? 0 : NOW + r->next_in_ms);
	}
}

static void
test_submits(void **state)
{
	(void)state;
	check_rows(submits, sizeof submits / sizeof *submits, course_after_submit);
}

static void
test_queries(void **state)
{
	(void)state;
	check_rows(queries, sizeof queries / sizeof *queries, course_after_query);
}

/* Asks until something other than "not found" follows; how long that took. */
static int64_t
miss(struct course *c, const struct payment *p)
{
	struct verdict v = verdict(VERDICT_NOT_FOUND, REASON_NONE);
	struct course_time t = at;

	c->p = *p;
	for (int i = 0; i < 100; i++) {
		struct payment before = c->p;

		course_after_query(&before, &v, &t, c);
		if (c->settle || c->p.state == PAY_CREATED)
			return t.now_ms - NOW;
		t.now_ms = c->next_try_ms;
	}
	return -1;
}

static void
test_not_found_is_sent_again_after_a_minute(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_UNKNOWN);
	struct course c;
	int64_t took = miss(&c, &p);

	(void)state;
	assert_in_range(took, 60000, 90000);
	assert_false(c.settle);
	assert_int_equal(c.p.state, PAY_CREATED);
	assert_true(c.p.maybe_taken); /* a refusal of that call will not be final */
	assert_string_equal(c.kind, "resend");
	assert_string_equal(c.p.attention, "");
}

/* The provider never saw the reference of one that went in a bulk. */
static void
test_not_found_says_nothing_of_a_line_of_a_bulk(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_ACCEPTED);
	struct course c;

	(void)state;
	p.in_bulk = true;
	assert_int_equal(miss(&c, &p), -1);
	assert_int_equal(c.p.state, PAY_ACCEPTED);
	p.state = PAY_UNKNOWN;
	memcpy(p.reason, "other", 6); /* nor does it make a refusal final */
	assert_int_equal(miss(&c, &p), -1);
	assert_int_equal(c.p.state, PAY_UNKNOWN);
}

/* Every call comes to nothing: the ladder begins anew each time, so calls are counted. */
static void
test_sent_again_and_again_a_person_is_told(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_UNKNOWN);
	struct course c;

	(void)state;
	p.attempts = 4;
	miss(&c, &p);
	assert_string_equal(c.p.attention, "");
	p.attempts = 5;
	miss(&c, &p);
	assert_string_equal(c.kind, "resend");
	assert_string_equal(c.p.attention, "open");
}

static void
test_not_found_after_a_refusal_has_failed(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_UNKNOWN);
	struct course c;

	(void)state;
	memcpy(p.reason, "limit", 6);
	miss(&c, &p);
	assert_true(c.settle);
	assert_int_equal(c.to, PAY_FAILED);
	assert_int_equal(c.why.reason, REASON_LIMIT);
}

static void
test_an_old_pull_is_not_sent_again(void **state)
{
	struct payment p = payment(PAY_IN, PAY_UNKNOWN);
	struct course c;
	int64_t took;

	(void)state;
	p.created_ms = NOW - PULL_STALE_MS;
	took = miss(&c, &p);
	assert_true(took >= PULL_STALE_MS);
	assert_true(c.settle);
	assert_int_equal(c.to, PAY_FAILED);
	assert_int_equal(c.why.reason, REASON_PROVIDER_DOWN);
}

/* Or it would begin its ladder for ever, and nobody could settle it. */
static void
test_a_reference_seen_before_is_no_new_beginning(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_SENT);
	struct verdict seen = verdict(VERDICT_DUPLICATE, REASON_NONE);
	struct verdict taken = verdict(VERDICT_ACCEPTED, REASON_NONE);
	struct course c;

	(void)state;
	p.ladder_step = 12;
	course_after_submit(&p, &seen, &at, &c);
	assert_int_equal(c.p.ladder_step, 12);
	course_after_submit(&p, &taken, &at, &c);
	assert_int_equal(c.p.ladder_step, 0);
}

/* A gateway died after it had sent what had waited for the float: were the mark kept,
 * nobody would be told when the ladder ends. */
static void
test_what_was_sent_waits_for_no_float(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_SENT);
	struct verdict pending = verdict(VERDICT_PENDING, REASON_NONE);
	struct course c;

	(void)state;
	memcpy(p.attention, "float_low", sizeof "float_low");
	course_after_query(&p, &pending, &at, &c);
	assert_string_equal(c.p.attention, "");
	p.ladder_step = 113;
	course_after_query(&p, &pending, &at, &c);
	assert_string_equal(c.p.attention, "open");
}

static void
test_a_found_one_is_missing_no_more(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_UNKNOWN);
	struct verdict pending = verdict(VERDICT_PENDING, REASON_NONE);
	struct verdict asked = verdict(VERDICT_ASKED, REASON_NONE);
	struct course c;

	(void)state;
	p.misses = 2;
	p.missing_ms = NOW - 59000;
	course_after_query(&p, &asked, &at, &c); /* says nothing yet */
	assert_int_equal(c.p.misses, 2);
	assert_int_equal(c.p.missing_ms, NOW - 59000);
	course_after_query(&p, &pending, &at, &c);
	assert_int_equal(c.p.misses, 0);
	assert_int_equal(c.p.missing_ms, 0);
}

static void
test_another_amount_is_no_answer(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_ACCEPTED);
	struct verdict v = verdict(VERDICT_PAID, REASON_NONE);
	struct course c;

	(void)state;
	v.amount_minor = 500000;
	course_after_query(&p, &v, &at, &c);
	assert_false(c.settle);
	assert_int_equal(c.p.state, PAY_ACCEPTED);
	assert_string_equal(c.p.attention, "amount");
	v.amount_minor = 5000;
	course_after_query(&p, &v, &at, &c);
	assert_true(c.settle);
}

static void
test_contradictions_are_listed(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_PAID);
	struct verdict v = verdict(VERDICT_FAILED, REASON_OTHER);
	struct course c;

	(void)state;
	course_after_query(&p, &v, &at, &c);
	assert_string_equal(c.kind, "contradiction");
	assert_string_equal(c.p.attention, "contradiction");
	assert_int_equal(c.p.state, PAY_PAID);
}

static void
test_a_day_without_an_end_needs_a_person(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_ACCEPTED);
	struct verdict v = verdict(VERDICT_PENDING, REASON_NONE);
	struct course c;

	(void)state;
	p.ladder_step = 112;
	course_after_query(&p, &v, &at, &c);
	assert_string_equal(c.p.attention, "");
	p.ladder_step = 113;
	course_after_query(&p, &v, &at, &c);
	assert_string_equal(c.p.attention, "open");
}

static void
test_books_that_cannot_write(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_SENT);
	struct verdict v = verdict(VERDICT_FAILED, REASON_LIMIT);
	struct course c, after;

	(void)state;
	course_after_submit(&p, &v, &at, &c);
	assert_true(c.settle);
	course_after_books(&c, false, &at, &after);
	assert_false(after.settle);
	assert_int_equal(after.p.state, PAY_UNKNOWN);
	assert_string_equal(after.p.reason,
	                    "limit"); /* found by the next query's misses */
	assert_string_equal(after.p.attention, "");
	assert_true(after.next_try_ms > NOW);
	course_after_books(&c, true, &at, &after);
	assert_string_equal(after.p.attention, "books");
}

static void
test_stale_pulls(void **state)
{
	struct payment p = payment(PAY_IN, PAY_CREATED);
	struct course c;

	(void)state;
	assert_false(course_is_stale(&p, NOW));
	p.created_ms = NOW - PULL_STALE_MS;
	assert_true(course_is_stale(&p, NOW));
	course_stale(&p, &at, &c);
	assert_true(c.settle);
	assert_int_equal(c.to, PAY_FAILED);
	p.maybe_taken = true;
	course_stale(&p, &at, &c);
	assert_false(c.settle);
	assert_int_equal(c.p.state, PAY_UNKNOWN);
	p.direction = PAY_OUT;
	assert_false(course_is_stale(&p, NOW));
}

static void
test_settled_by_hand(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_CREATED);
	struct course c, after;

	(void)state;
	assert_false(course_by_hand(&p, &at, &c));
	memcpy(p.attention, "stopped", sizeof "stopped");
	assert_false(course_by_hand(&p, &at, &c));
	memcpy(p.attention, "by_hand", sizeof "by_hand");
	assert_true(course_by_hand(&p, &at, &c));
	assert_true(c.settle);
	assert_int_equal(c.to, PAY_PAID);
	/* books that cannot write it now must not have it sent */
	course_after_books(&c, true, &at, &after);
	assert_string_equal(after.p.attention, "by_hand");
	assert_true(course_by_hand(&after.p, &at, &c));
	/* or the other way, and what is over stays as it is */
	p.state = PAY_UNKNOWN;
	memcpy(p.attention, "by_hand_no", sizeof "by_hand_no");
	assert_true(course_by_hand(&p, &at, &c));
	assert_int_equal(c.to, PAY_FAILED);
	course_after_books(&c, true, &at, &after);
	assert_string_equal(after.p.attention, "by_hand_no");
	p.state = PAY_PAID;
	assert_false(course_by_hand(&p, &at, &c));
}

/* A question that cannot be put tells nothing for ever: a person hears of it soon. */
static void
what_cannot_be_asked_is_told(void **state)
{
	struct payment p = payment(PAY_OUT, PAY_UNKNOWN);
	struct verdict v = verdict(VERDICT_UNKNOWN, REASON_OUR_SETUP);
	struct course c;

	(void)state;
	memcpy(v.code, COURSE_CANNOT_ASK, sizeof COURSE_CANNOT_ASK);
	for (int n = 1; n <= 5; n++) {
		assert_string_equal(p.attention, "");
		course_after_query(&p, &v, &at, &c);
		p = c.p;
	}
	assert_int_equal(p.state, PAY_UNKNOWN);
	assert_string_equal(p.attention, "open");
	assert_true(c.next_try_ms > NOW); /* a callback may still bring its name */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_submits),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_not_found_is_sent_again_after_a_minute),
		cmocka_unit_test(test_not_found_says_nothing_of_a_line_of_a_bulk),
		cmocka_unit_test(test_sent_again_and_again_a_person_is_told),
		cmocka_unit_test(test_not_found_after_a_refusal_has_failed),
		cmocka_unit_test(test_an_old_pull_is_not_sent_again),
		cmocka_unit_test(test_a_reference_seen_before_is_no_new_beginning),
		cmocka_unit_test(test_what_was_sent_waits_for_no_float),
		cmocka_unit_test(test_a_found_one_is_missing_no_more),
		cmocka_unit_test(test_another_amount_is_no_answer),
		cmocka_unit_test(test_contradictions_are_listed),
		cmocka_unit_test(test_a_day_without_an_end_needs_a_person),
		cmocka_unit_test(test_books_that_cannot_write),
		cmocka_unit_test(test_stale_pulls),
		cmocka_unit_test(test_settled_by_hand),
		cmocka_unit_test(what_cannot_be_asked_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
