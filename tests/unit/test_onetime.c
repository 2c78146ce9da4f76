/* One-time codes: six digits of the seed and the key, and a check of all they are for. */
#include "lib/onetime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t KEY[ONETIME_KEY] = { 1, 2, 3 };
static const uint8_t OTHER[ONETIME_KEY] = { 1, 2, 4 };

static void
the_same_seed_and_key_make_the_same_code(void **state)
{
	uint8_t seed[ONETIME_SEED] = { 7 };
	char code[ONETIME_DIGITS + 1], again[ONETIME_DIGITS + 1];
	unsigned same = 0, above = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		seed[1] = (uint8_t)i;
		seed[2] = (uint8_t)(i >> 8);
		onetime_code(KEY, seed, code);
		onetime_code(KEY, seed, again);
		assert_string_equal(code, again);
		assert_int_equal(strspn(code, "0123456789"), ONETIME_DIGITS);
		onetime_code(OTHER, seed, again);
		same += strcmp(code, again) == 0;
		above += code[0] >= '5';
	}
	assert_true(same < 5);
	assert_in_range(above, 400, 600); /* leading zeros are as likely as others */
}

static void
a_check_holds_all_that_the_code_is_for(void **state)
{
	static const struct {
		const uint8_t *key;
		const char *code, *about;
	} others[] = {
		{ OTHER, "123456", "1/id/255712000100/pay/5000" },
		{ KEY, "123457", "1/id/255712000100/pay/5000" },
		{ KEY, "123456", "1/id/255712000100/pay/50000" },
		{ KEY, "123456", "1/id/255712000101/pay/5000" },
		{ KEY, "12345", "61/id/255712000100/pay/5000" },
	};

	uint8_t first[ONETIME_HASH], second[ONETIME_HASH];

	(void)state;
	onetime_hash(KEY, "123456", "1/id/255712000100/pay/5000", first);
	onetime_hash(KEY, "123456", "1/id/255712000100/pay/5000", second);
	assert_memory_equal(first, second, sizeof first);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		onetime_hash(others[i].key, others[i].code, others[i].about, second);
		assert_memory_not_equal(first, second, sizeof first);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_and_key_make_the_same_code),
		cmocka_unit_test(a_check_holds_all_that_the_code_is_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
