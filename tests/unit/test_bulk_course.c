/* What is done with a bulk after each answer: it is made under one reference, approved as
 * often as need be, and refused only while nobody can have approved it. */
#include "payments/flow/bulk_course.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1700000000000)

static const struct course_time at_now = { .now_ms = NOW, .permille = 1000 };

static struct bulk
bulk_in(enum bulk_state s)
{
	struct bulk b = { .state = s, .lines = 5 };

	if (s == BULK_MADE || s == BULK_APPROVING || s == BULK_APPROVED)
		memcpy(b.their_id, "B7", 3);
	return b;
}

static struct gsma_batch_told
told(enum gsma_batch_state s, const char *their_id)
{
	struct gsma_batch_told t = { .state = s, .completed = -1, .rejected = -1 };

	snprintf(t.their_id, sizeof t.their_id, "%s", their_id);
	return t;
}

/* Each answer at each step: where it is then, and whether it is called again at once. */
static void
every_answer(void **state)
{
	static const struct {
		enum bulk_state from;
		enum bulk_ask ask;
		enum gsma_batch_state said;
		const char *their_id;
		enum bulk_state to;
		bool at_once;
	} row[] = {
		{ BULK_SENT, BULK_CREATE, BATCH_CREATED, "B7", BULK_MADE, true },
		{ BULK_SENT, BULK_CREATE, BATCH_UNDER_WAY, "B7", BULK_MADE, true },
		{ BULK_SENT, BULK_CREATE, BATCH_UNDER_WAY, "", BULK_SENT, false },
		{ BULK_SENT, BULK_CREATE, BATCH_APPROVED, "B7", BULK_APPROVED, true },
		{ BULK_SENT, BULK_CREATE, BATCH_COMPLETED, "B7", BULK_APPROVED, true },
		{ BULK_SENT, BULK_CREATE, BATCH_CREATED, "", BULK_SENT, false },
		{ BULK_SENT, BULK_CREATE, BATCH_DUPLICATE, "", BULK_SENT, true },
		{ BULK_SENT, BULK_CREATE, BATCH_REFUSED, "", BULK_REFUSED, false },
		{ BULK_SENT, BULK_CREATE, BATCH_DOWN, "", BULK_NEW, false },
		{ BULK_SENT, BULK_CREATE, BATCH_AUTH, "", BULK_NEW, false },
		{ BULK_SENT, BULK_CREATE, BATCH_UNKNOWN, "", BULK_SENT, false },
		{ BULK_SENT, BULK_CREATE, BATCH_NOT_FOUND, "", BULK_SENT, false },

		{ BULK_SENT, BULK_QUERY, BATCH_UNDER_WAY, "B7", BULK_MADE, true },
		{ BULK_SENT, BULK_QUERY, BATCH_UNDER_WAY, "", BULK_SENT, false },
		{ BULK_SENT, BULK_QUERY, BATCH_CREATED, "B7", BULK_MADE, true },
		{ BULK_SENT, BULK_QUERY, BATCH_NOT_FOUND, "", BULK_SENT, false },
		{ BULK_SENT, BULK_QUERY, BATCH_REFUSED, "", BULK_SENT, false },
		{ BULK_SENT, BULK_QUERY, BATCH_DOWN, "", BULK_SENT, false },
		{ BULK_SENT, BULK_QUERY, BATCH_UNKNOWN, "", BULK_SENT, false },
		{ BULK_SENT, BULK_QUERY, BATCH_AUTH, "", BULK_SENT, false },

		{ BULK_APPROVING, BULK_APPROVE, BATCH_APPROVED, "", BULK_APPROVED,
		  false },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_COMPLETED, "", BULK_APPROVED,
		  true },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_DOWN, "", BULK_MADE, false },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_AUTH, "", BULK_MADE, false },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_UNKNOWN, "", BULK_APPROVING,
		  false },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_REFUSED, "", BULK_APPROVING,
		  false },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_NOT_FOUND, "", BULK_APPROVING,
		  false },

		{ BULK_APPROVING, BULK_QUERY, BATCH_CREATED, "B7", BULK_MADE, false },
		{ BULK_APPROVING, BULK_QUERY, BATCH_APPROVED, "B7", BULK_APPROVED,
		  false },
		{ BULK_APPROVING, BULK_QUERY, BATCH_COMPLETED, "B7", BULK_APPROVED,
		  true },
		{ BULK_APPROVING, BULK_QUERY, BATCH_DOWN, "", BULK_APPROVING, false },
		{ BULK_APPROVING, BULK_QUERY, BATCH_REFUSED, "", BULK_APPROVING, false },
		{ BULK_APPROVING, BULK_QUERY, BATCH_NOT_FOUND, "", BULK_APPROVING,
		  false },

		{ BULK_APPROVED, BULK_QUERY, BATCH_CREATED, "B7", BULK_APPROVED, false },
		{ BULK_APPROVED, BULK_QUERY, BATCH_APPROVED, "B7", BULK_APPROVED, false },
		{ BULK_APPROVED, BULK_QUERY, BATCH_COMPLETED, "B7", BULK_APPROVED,
		  false },
		{ BULK_APPROVED, BULK_QUERY, BATCH_REFUSED, "", BULK_APPROVED, false },
		{ BULK_APPROVED, BULK_QUERY, BATCH_NOT_FOUND, "", BULK_APPROVED, false },
		{ BULK_APPROVED, BULK_QUERY, BATCH_UNKNOWN, "", BULK_APPROVED, false },
		{ BULK_APPROVED, BULK_QUERY, BATCH_AUTH, "", BULK_APPROVED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct bulk b = bulk_in(row[i].from);
		struct gsma_batch_told t = told(row[i].said, row[i].their_id);
		struct bulk_course c;

		bulk_after(&b, row[i].ask, &t, &at_now, &c);
		if (c.b.state != row[i].to)
			fail_msg("row %zu: %s", i, bulk_state_name(c.b.state));
		if (c.b.state != BULK_REFUSED && (c.next_ms == NOW) != row[i].at_once)
			fail_msg("row %zu: after %lld", i, (long long)(c.next_ms - NOW));
		/* a fresh token that is refused is our account */
		assert_string_equal(c.b.attention,
		                    row[i].said == BATCH_AUTH ? "setup" : "");
	}
}

/* Shut out says nothing of what is there: neither found nor missing. */
static void
shut_out_counts_for_nothing(void **state)
{
	struct bulk b = bulk_in(BULK_SENT);
	struct gsma_batch_told missing = told(BATCH_NOT_FOUND, "");
	struct gsma_batch_told shut = told(BATCH_AUTH, "");
	struct bulk_course c;

	(void)state;
	bulk_after(&b, BULK_QUERY, &missing, &at_now, &c);
	assert_int_equal(c.b.misses, 1);
	b = c.b;
	bulk_after(&b, BULK_QUERY, &shut, &at_now, &c);
	assert_int_equal(c.b.misses, 1);
	assert_string_equal(c.b.attention, "setup");
	b = c.b;
	bulk_after(&b, BULK_QUERY, &missing, &at_now, &c);
	assert_int_equal(c.b.misses, 2);
	assert_string_equal(c.b.attention, "");
}

/* A refusal counts only if nothing before it can have been taken. */
static void
refused_after_a_lost_answer(void **state)
{
	struct bulk b = bulk_in(BULK_SENT);
	struct gsma_batch_told t = told(BATCH_UNKNOWN, "");
	struct course_time time = at_now;
	struct bulk_course c;

	(void)state;
	bulk_after(&b, BULK_CREATE, &t, &time, &c);
	assert_true(c.b.maybe_made);
	t = told(BATCH_REFUSED, "");
	b = c.b;
	bulk_after(&b, BULK_CREATE, &t, &time, &c); /* the next call */
	assert_int_equal(c.b.state, BULK_SENT);
	assert_true(c.b.refused);
	t = told(BATCH_NOT_FOUND, "");
	for (int i = 0; i < 2; i++) {
		b = c.b;
		time.now_ms += 40000;
		bulk_after(&b, BULK_QUERY, &t, &time, &c);
		assert_int_equal(c.b.state, BULK_SENT);
	}
	b = c.b;
	time.now_ms += 40000;
	bulk_after(&b, BULK_QUERY, &t, &time, &c);
	assert_int_equal(c.b.state, BULK_REFUSED);
}

/* Not found long enough: made again, under the same reference; found in between: not. */
static void
not_found(void **state)
{
	struct bulk b = bulk_in(BULK_SENT);
	struct gsma_batch_told t = told(BATCH_NOT_FOUND, "");
	struct gsma_batch_told unread = told(BATCH_UNKNOWN, "");
	struct course_time time = at_now;
	struct bulk_course c = { .b = b };

	(void)state;
	for (int i = 0; i < 4; i++) {
		b = c.b;
		time.now_ms += 40000;
		bulk_after(&b, BULK_QUERY, i == 1 ? &unread : &t, &time, &c);
		assert_int_equal(c.b.state, BULK_SENT);
		assert_int_equal(c.b.misses, i == 0 ? 1 : i - 1);
	}
	b = c.b;
	time.now_ms += 40000;
	bulk_after(&b, BULK_QUERY, &t, &time, &c);
	assert_int_equal(c.b.state, BULK_NEW);
	assert_true(c.b.maybe_made);
	/* what cannot be taken now may have been taken before */
	b = c.b;
	b.state = BULK_SENT;
	t = told(BATCH_DOWN, "");
	bulk_after(&b, BULK_CREATE, &t, &time, &c);
	assert_int_equal(c.b.state, BULK_SENT);
}

static void
lists_are_read_when_there_is_something_new(void **state)
{
	static const struct {
		enum gsma_batch_state said;
		int64_t completed, rejected, ended;
		bool reads;
	} row[] = {
		{ BATCH_APPROVED, 0, 0, 0, false }, { BATCH_APPROVED, 1, 1, 1, true },
		{ BATCH_APPROVED, 1, 1, 2, false }, { BATCH_APPROVED, -1, 0, 0, true },
		{ BATCH_COMPLETED, 3, 2, 5, true }, { BATCH_COMPLETED, -1, -1, 0, true },
		{ BATCH_UNKNOWN, 5, 5, 0, false },  { BATCH_CREATED, 0, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct bulk b = bulk_in(BULK_APPROVED);
		struct gsma_batch_told t = told(row[i].said, "");
		struct bulk_course c;

		b.ended = row[i].ended;
		t.completed = row[i].completed;
		t.rejected = row[i].rejected;
		bulk_after(&b, BULK_QUERY, &t, &at_now, &c);
		assert_int_equal(c.reads_lists, row[i].reads);
	}
}

/* Each way of never getting on is told to a person, and called as the ladder says. */
static void
a_person_is_told(void **state)
{
	static const struct {
		enum bulk_state from;
		enum bulk_ask ask;
		enum gsma_batch_state said;
		const char *code, *why;
		int after;
	} row[] = {
		{ BULK_SENT, BULK_CREATE, BATCH_DOWN, "clientAuthorisationError", "setup",
		  5 },
		{ BULK_APPROVING, BULK_APPROVE, BATCH_DOWN, "clientAuthorisationError",
		  "setup", 5 },
		{ BULK_SENT, BULK_QUERY, BATCH_UNKNOWN, "", "open", 114 },
		{ BULK_APPROVING, BULK_QUERY, BATCH_UNKNOWN, "", "open", 114 },
		{ BULK_APPROVED, BULK_QUERY, BATCH_APPROVED, "", "open", 114 },
		{ BULK_APPROVED, BULK_QUERY, BATCH_COMPLETED, "", "open", 20 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct gsma_batch_told t = told(row[i].said, "");
		struct bulk_course c = { .b = bulk_in(row[i].from) };
		int n = 0;

		snprintf(t.code, sizeof t.code, "%s", row[i].code);
		do {
			struct bulk b = c.b;

			b.state = row[i].from;
			bulk_after(&b, row[i].ask, &t, &at_now, &c);
			assert_true(c.next_ms > NOW);
		} while (++n < 1000 && c.b.attention[0] == '\0');
		assert_string_equal(c.b.attention, row[i].why);
		assert_in_range(n, row[i].after - 2, row[i].after + 2);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer),
		cmocka_unit_test(shut_out_counts_for_nothing),
		cmocka_unit_test(refused_after_a_lost_answer),
		cmocka_unit_test(not_found),
		cmocka_unit_test(lists_are_read_when_there_is_something_new),
		cmocka_unit_test(a_person_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
