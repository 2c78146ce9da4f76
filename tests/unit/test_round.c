/* A round: each row once, never more at once than it may, over when all have landed. */
#include "payments/flow/round.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS_MAX 50

/* The handles are never looked into: any address will do. */
static char handle[ROWS_MAX];

static struct run {
	struct round round;
	unsigned rows, asked, first; /* of all; already read; on this page */
	unsigned begun[ROWS_MAX], flying, most, over;
	unsigned flight[ROUND_AT_ONCE]; /* those in the air */
} run;

static struct pg_op *
ask(void *arg)
{
	(void)arg;
	assert_int_equal(run.flying, 0);
	assert_int_equal(run.over, 0);
	return (struct pg_op *)(void *)&handle[0];
}

static struct payments_op *
begin(void *arg, unsigned row, unsigned flight)
{
	(void)arg;
	run.begun[run.first + row]++;
	run.flight[run.flying++] = flight;
	run.most = run.flying > run.most ? run.flying : run.most;
	return (struct payments_op *)(void *)&handle[run.first + row];
}

static void
over(void *arg)
{
	(void)arg;
	run.over++;
}

/* One lands: of those in the air, that which `seed` says. */
static void
land(unsigned seed)
{
	unsigned i = seed % run.flying, flight = run.flight[i];

	run.flight[i] = run.flight[--run.flying];
	round_landed(&run.round, flight);
}

static void
each_row_is_begun_once(void **state)
{
	static const struct {
		unsigned rows, page, at_once, most;
	} rows[] = {
		{ 0, 5, 2, 0 },  { 1, 5, 2, 1 },     { 4, 5, 8, 4 },
		{ 5, 5, 2, 2 }, /* the full page: one more question, which finds none */
		{ 13, 5, 3, 3 }, { 50, 10, 64, 10 }, { 50, 50, 64, 50 },
		{ 9, 1, 1, 1 },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned seed = (unsigned)i, questions = 0;

		run = (struct run){ .rows = rows[i].rows };
		run.round.port =
		    (struct round_port){ rows[i].page, rows[i].at_once, ask, begin, over,
			                 NULL };
		round_begin(&run.round);
		while (run.over == 0) {
			if (run.flying > 0) {
				land(seed += 7);
			} else {
				unsigned left = run.rows - run.asked;
				unsigned n = left < rows[i].page ? left : rows[i].page;

				assert_non_null(run.round.ask);
				run.first = run.asked;
				run.asked += n;
				questions++;
				round_read(&run.round, n);
			}
		}
		assert_int_equal(run.over, 1);
		assert_int_equal(run.most, rows[i].most);
		assert_int_equal(questions, rows[i].rows / rows[i].page + 1);
		for (unsigned k = 0; k < ROWS_MAX; k++)
			assert_int_equal(run.begun[k], k < rows[i].rows);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_begun_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
