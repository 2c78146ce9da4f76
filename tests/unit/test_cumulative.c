#include "ussd/core/cumulative.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t KEY[CUMULATIVE_KEY] = { 7, 1, 2 };

struct split_case {
	const char *name;
	const char *last;
	const char *text;
	enum cumulative want;
	const char *input;
};

static const struct split_case CASES[] = {
	{ "first answer", "", "1", CUMULATIVE_NEW, "1" },
	{ "second answer", "1", "1*2", CUMULATIVE_NEW, "2" },
	{ "a star typed first", "", "*", CUMULATIVE_NEW, "*" },
	{ "stars typed later", "1", "1****", CUMULATIVE_NEW, "***" },
	{ "star inside an answer", "1*50", "1*50*4*4", CUMULATIVE_NEW, "4*4" },
	{ "an empty answer", "1", "1*", CUMULATIVE_NEW, "" },
	{ "after an empty answer", "1*", "1**3", CUMULATIVE_NEW, "3" },
	{ "the same again", "1*2", "1*2", CUMULATIVE_REPEAT, "" },
	{ "begin again", "1*2", "", CUMULATIVE_REPEAT, "" },
	{ "begin twice", "", "", CUMULATIVE_REPEAT, "" },
	{ "late copy of an earlier hop", "1*2*3", "1*2", CUMULATIVE_REPEAT, "" },
	{ "another text", "1*2", "9*2*1", CUMULATIVE_RESTART, "" },
	{ "glued without a star", "1*2", "1*23", CUMULATIVE_RESTART, "" },
};

static void
splits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		const struct split_case *c = &CASES[i];
		struct cumulative_last last = {
			.len = (uint32_t)strlen(c->last),
			.hash = cumulative_hash(KEY, "s1", c->last, strlen(c->last)),
		};
		struct cumulative_text text = { c->text, strlen(c->text) }, input;
		enum cumulative got = cumulative_split(KEY, "s1", &last, &text, &input);

		if (got != c->want || input.len != strlen(c->input) ||
		    memcmp(input.at, c->input, input.len) != 0)
			fail_msg("%s: got %d \"%.*s\"", c->name, (int)got, (int)input.len,
			         input.at);
	}
}

static void
hash_is_bound_to_key_and_session(void **state)
{
	static const uint8_t other[CUMULATIVE_KEY] = { 8 };

	(void)state;
	assert_true(cumulative_hash(KEY, "a", "1*2", 3) !=
	            cumulative_hash(other, "a", "1*2", 3));
	assert_true(cumulative_hash(KEY, "a", "1*2", 3) !=
	            cumulative_hash(KEY, "b", "1*2", 3));
	assert_true(cumulative_hash(KEY, "a", "1*2", 3) ==
	            cumulative_hash(KEY, "a", "1*2xyz", 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits),
		cmocka_unit_test(hash_is_bound_to_key_and_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
