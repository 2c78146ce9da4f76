/* The inbox beside a plain string: whatever is put, taken and kept, the bytes agree. */
#include "lib/inbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
what_is_left_is_kept_and_the_rest_borrowed(void **state)
{
	struct inbox in = { 0 };
	char bytes[] = "abcdef";

	(void)state;
	inbox_put(&in, bytes, 6);
	assert_ptr_equal(in.at, bytes);
	inbox_take(&in, 2);
	inbox_keep(&in);
	memset(bytes, 'x', 6);
	assert_memory_equal(in.at, "cdef", 4);
	inbox_put(&in, bytes, 2);
	assert_int_equal(in.len, 6);
	assert_memory_equal(in.at, "cdefxx", 6);
	inbox_take(&in, 6);
	inbox_keep(&in);
	assert_null(in.kept); /* nobody waits: no memory */
	inbox_put(&in, bytes, 1);
	assert_ptr_equal(in.at, bytes);
	inbox_free(&in);
	assert_int_equal(in.len, 0);
}

#define ROUNDS 20000
#define MOST   300

static void
any_course_gives_the_bytes_in_order(void **state)
{
	static char model[ROUNDS * MOST], piece[MOST];
	size_t put = 0, taken = 0;
	struct inbox in = { 0 };
	unsigned seed = 7;

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t n = (size_t)rand_r(&seed) % MOST;

		for (size_t k = 0; k < n; k++)
			piece[k] = model[put + k] = (char)rand_r(&seed);
		inbox_put(&in, piece, n);
		put += n;
		n = in.len == 0 ? 0 : (size_t)rand_r(&seed) % (in.len + 1);
		inbox_take(&in, rand_r(&seed) % 8 == 0 ? in.len : n);
		taken = put - in.len;
		inbox_keep(&in);
		memset(piece, '!', sizeof piece);
		assert_memory_equal(in.at, model + taken, in.len);
	}
	inbox_free(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_is_kept_and_the_rest_borrowed),
		cmocka_unit_test(any_course_gives_the_bytes_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
