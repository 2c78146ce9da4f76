/* pinhash with real workers and cheap settings. */
#include "lib/pinhash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct clock now;
static struct loop *loop;
static const struct pinhash_options cheap = {
	.pepper = { 1, 2, 3 }, .threads = 2, .memory_bytes = 8192, .passes = 1
};

struct seen {
	int times;
	bool ok, done, needs_rehash;
	char text[PINHASH_TEXT_MAX + 1];
};

static void
on_hash(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct seen *s = arg;

	s->times++;
	s->ok = ok;
	s->done = text != NULL;
	s->needs_rehash = needs_rehash;
	snprintf(s->text, sizeof s->text, "%s", text ? text : "");
}

static void
wait_seen(struct seen *s)
{
	int64_t until = loop_clock(loop)->mono_ms + 5000;

	assert_int_equal(s->times, 0); /* never from inside the call */
	while (s->times == 0 && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 50);
	assert_int_equal(s->times, 1);
}

static int
set_up(void **state)
{
	(void)state;
	clock_init(&now);
	loop = loop_new(&now);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static struct seen
check(struct pinhash *p, const char *secret, const char *text)
{
	struct seen s = { 0 };

	pinhash_check(p, secret, text, on_hash, &s);
	wait_seen(&s);
	return s;
}

static void
only_the_right_secret_and_pepper_match(void **state)
{
	struct pinhash_options peppered = cheap, stronger = cheap;
	struct pinhash *p = pinhash_new(loop, &cheap), *other, *today;
	struct seen made = { 0 }, again = { 0 }, s;
	(void)state;

	pinhash_make(p, "4821", on_hash, &made);
	wait_seen(&made);
	assert_true(made.ok);
	assert_ptr_equal(strstr(made.text, "$argon2id$"), made.text);
	assert_null(strstr(made.text, "4821"));
	pinhash_make(p, "4821", on_hash, &again);
	wait_seen(&again);
	assert_string_not_equal(made.text, again.text); /* salted */
	assert_true(check(p, "4821", made.text).ok);
	s = check(p, "4822", made.text);
	assert_false(s.ok);
	assert_true(s.done); /* a wrong secret, not a failure of ours */
	assert_false(check(p, "", made.text).ok);
	assert_false(check(p, "4821", "not a hash").ok);
	assert_false(check(p, "4821", "").ok);
	peppered.pepper[0] = 9;
	other = pinhash_new(loop, &peppered);
	assert_false(check(other, "4821", made.text).ok);
	stronger.passes = 2;
	today = pinhash_new(loop, &stronger);
	s = check(today, "4821", made.text);
	assert_true(s.ok && s.needs_rehash);
	assert_false(check(p, "4821", made.text).needs_rehash);
	pinhash_free(p);
	pinhash_free(other);
	pinhash_free(today);
}

static void
secrets_of_absurd_length_are_wrong_not_fatal(void **state)
{
	struct pinhash *p = pinhash_new(loop, &cheap);
	char secret[200], text[400];
	(void)state;

	memset(secret, '1', sizeof secret - 1);
	secret[sizeof secret - 1] = '\0';
	memset(text, '$', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_false(check(p, secret, "x").ok);
	assert_false(check(p, "1", text).ok);
	pinhash_free(p);
}

static void
cancelled_hashes_stay_silent(void **state)
{
	struct pinhash *p = pinhash_new(loop, &cheap);
	struct seen s[20] = { 0 };
	(void)state;

	for (int i = 0; i < 20; i++) {
		struct pinhash_op *op = pinhash_make(p, "4821", on_hash, &s[i]);

		if (i % 2)
			pinhash_cancel(&op);
	}
	wait_seen(&s[18]);
	for (int i = 0; i < 200 && s[16].times == 0; i++)
		loop_turn(loop, 50);
	for (int i = 1; i < 20; i += 2)
		assert_int_equal(s[i].times, 0);
	pinhash_cancel(NULL);
	pinhash_free(p);
}

static void
stopping_says_nothing_about_the_secret(void **state)
{
	struct pinhash_options one = cheap;
	struct seen s[50] = { 0 };
	struct pinhash *p;
	int undone = 0;
	(void)state;

	one.threads = 1;
	one.memory_bytes = 4u << 20;
	p = pinhash_new(loop, &one);
	for (int i = 0; i < 50; i++)
		pinhash_check(p, "4821", "$argon2id$v=19$m=4096,t=1,p=1$AAAA$AAAA",
		              on_hash, &s[i]);
	for (int i = 0; i < 50; i++)
		pinhash_make(p, "4821", on_hash, &s[i]);
	pinhash_free(p);
	for (int i = 0; i < 50; i++) {
		assert_int_equal(s[i].times, 2);
		undone += !s[i].done;
	}
	assert_true(undone > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_right_secret_and_pepper_match),
		cmocka_unit_test(secrets_of_absurd_length_are_wrong_not_fatal),
		cmocka_unit_test(cancelled_hashes_stay_silent),
		cmocka_unit_test(stopping_says_nothing_about_the_secret),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
