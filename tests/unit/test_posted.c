/* Where providers post their answers: only who was asked knows the address. */
#include "payments/flow/posted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECRET "0123456789abcdef"
#define PREFIX "https://adit.example/callback/daraja/" SECRET

static const struct uuid reference = { .b = { 1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12,
	                                      13, 14, 15, 16 } };
static const struct uuid other = { .b = { 9, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13,
	                                  14, 15, 16 } };

static void
a_hint_has_no_word(void **state)
{
	char url[256], slashed[sizeof url];

	(void)state;
	posted_url(PREFIX, SECRET, &reference, 0, url, sizeof url);
	assert_string_equal(url, PREFIX "/01020304-0506-4708-890a-0b0c0d0e0f10");
	/* the settings end a prefix with a slash: no empty step in the path */
	memcpy(slashed, url, sizeof url);
	posted_url(PREFIX "/", SECRET, &reference, 0, slashed, sizeof slashed);
	assert_string_equal(slashed, url);
	posted_url("", SECRET, &reference, 0, url, sizeof url);
	assert_string_equal(url, "");
}

static void
a_word_is_of_one_payment_and_one_attempt(void **state)
{
	char url[256], word[POSTED_WORD_SIZE];
	const char *at;

	(void)state;
	posted_url(PREFIX, SECRET, &reference, 3, url, sizeof url);
	at = strrchr(url, '/') + 1;
	assert_int_equal(posted_attempt(SECRET, &reference, at), 3);
	assert_int_equal(posted_attempt(SECRET, &other, at), 0);
	assert_int_equal(posted_attempt("fedcba9876543210", &reference, at), 0);

	memcpy(word, at, strlen(at) + 1);
	word[0] = '4'; /* another attempt */
	assert_int_equal(posted_attempt(SECRET, &reference, word), 0);
	memcpy(word, at, strlen(at) + 1);
	word[strlen(word) - 1] = '\0';
	assert_int_equal(posted_attempt(SECRET, &reference, word), 0);
}

static void
what_is_no_word(void **state)
{
	static const char *const words[] = {
		"",
		"-",
		"0",
		"3-",
		"x",
		"-3-00",
		"03-00",
		"99999999999999999999-00",
		"3-00000000000000000000000000000000",
		"3-000000000000000000000000000000000000000000"
		"0000000000000000"
	};

	(void)state;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		assert_int_equal(posted_attempt(SECRET, &reference, words[i]), 0);
}

/* The word of a question is none of a payment, and the other way round. */
static void
a_question_has_its_own_word(void **state)
{
	char url[256], word[POSTED_WORD_SIZE];
	const char *at;

	(void)state;
	posted_question_url(PREFIX, SECRET, &reference, url, sizeof url);
	assert_memory_equal(url, PREFIX "/01020304-0506-4708-890a-0b0c0d0e0f10/",
	                    strlen(PREFIX) + 38);
	at = strrchr(url, '/') + 1;
	assert_true(posted_is_question(SECRET, &reference, at));
	assert_int_equal(posted_attempt(SECRET, &reference, at), 0);
	assert_false(posted_is_question(SECRET, &other, at));
	assert_false(posted_is_question("fedcba9876543210", &reference, at));
	assert_false(posted_is_question("", &reference, at));
	memcpy(word, at, strlen(at) + 1);
	word[strlen(word) - 1] ^= 1;
	assert_false(posted_is_question(SECRET, &reference, word));
	word[0] = '\0';
	assert_false(posted_is_question(SECRET, &reference, word));
	posted_url(PREFIX, SECRET, &reference, 1, url, sizeof url);
	assert_false(posted_is_question(SECRET, &reference, strrchr(url, '/') + 1));
	posted_question_url(PREFIX, "", &reference, url, sizeof url);
	assert_string_equal(url, "");
	posted_question_url("", SECRET, &reference, url, sizeof url);
	assert_string_equal(url, "");
	posted_question_url(PREFIX, SECRET, &reference, url, 60);
	assert_string_equal(url, "");
}

/* Without a secret anybody could make the word: no address, and no answer is believed. */
static void
without_a_secret_nothing_can_be_posted(void **state)
{
	char url[256];

	(void)state;
	posted_url(PREFIX, "", &reference, 1, url, sizeof url);
	assert_string_equal(url, "");
	posted_url(PREFIX, SECRET, &reference, 1, url, sizeof url);
	assert_int_equal(posted_attempt("", &reference, strrchr(url, '/') + 1), 0);
	posted_url(PREFIX, SECRET, &reference, 1, url, 60);
	assert_string_equal(url, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hint_has_no_word),
		cmocka_unit_test(a_word_is_of_one_payment_and_one_attempt),
		cmocka_unit_test(what_is_no_word),
		cmocka_unit_test(a_question_has_its_own_word),
		cmocka_unit_test(without_a_secret_nothing_can_be_posted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
