/* Digits dialled behind the service code, *384*77*1*2#, by a carrier that repeats all
 * that was typed: they open a menu's screen and never do anything. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define MARY      "255712000500"
#define ASHA      "255712000900" /* no member */
#define TREASURER "255754000200"

static struct dialog_bed bed;

static int
open_bed(void **state)
{
	const char *const numbers[] = { NEEMA, MARY, ASHA, TREASURER };

	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed.settings.ussd.per_minute = 1000;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		bed_forget(&bed, numbers[i]);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	bed_join(&bed, MARY, "2", "Mary Banda", "6047");
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* Nothing is left open to be asked about. */
static void
dial(struct phone *p, const char *number, const char *behind)
{
	bed_forget(&bed, number);
	phone_init(p, &bed, number);
	phone_dial_deep(p, behind);
}

/* ---- what Redis remembers ---- */

struct record {
	const char *secret;
	bool found;
	unsigned waiting;
};

static void
on_record(void *arg, const struct redis_reply *r)
{
	struct record *rec = arg;

	assert_false(r->is_nil);
	rec->found = memmem(r->text, r->len, rec->secret, strlen(rec->secret)) != NULL;
	rec->waiting = 0;
}

static bool
redis_knows(const char *number, const char *secret)
{
	struct record rec = { secret, false, 1 };
	char key[32];

	snprintf(key, sizeof key, "s:{%s}", number);
	redis_get(bed.redis, key, on_record, &rec);
	dialog_bed_wait(&bed, &rec.waiting);
	return rec.found;
}

/* ---- stories ---- */

static void
it_opens_the_screen_it_names(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, NEEMA, "5*1");
	phone_shows(&p, "The cooperative owes you");
	phone_ended(&p, false);
	phone_type(&p, "0"); /* back as if typed */
	phone_shows(&p, "1 Balance");
	phone_type(&p, "3");
	phone_shows(&p, "2 Kiswahili");
	dial(&p, MARY, "5");
	phone_shows(&p, "1 Salio"); /* in her language */
}

static void
the_same_dial_again_gets_the_first_reply(void **state)
{
	struct dialog_counts before, after;
	struct phone p;
	char first[700];

	(void)state;
	dial(&p, NEEMA, "5*1");
	memcpy(first, p.screen, sizeof first);
	dialog_read_counts(bed.dialog, &before);
	phone_again(&p);
	assert_string_equal(p.screen, first);
	dialog_read_counts(bed.dialog, &after);
	assert_int_equal(after.dialled, before.dialled);
	assert_int_equal(after.repeats, before.repeats + 1);
}

static void
an_amount_is_typed(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, NEEMA, "1*50000*1*1*7391");
	phone_shows(&p, "How much?");
	assert_int_equal(bed_number(&bed, "select count(*) from loans"), 0);
	phone_type(&p, "50000");
	phone_shows(&p, "You get 50,000 TZS");
}

static void
a_pin_is_neither_taken_nor_kept(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, NEEMA, "5*2*7391*2580*2580");
	phone_shows(&p, "Your PIN of today");
	assert_false(redis_knows(NEEMA, "7391"));
	assert_false(redis_knows(NEEMA, "2580"));
	assert_true(redis_knows(NEEMA, "PIN of today")); /* the look itself finds */
	phone_type(&p, "7391");
	phone_shows(&p, "Your new PIN");
	dial(&p, NEEMA, "7391");
	phone_shows(&p, "Type one of");
	assert_false(redis_knows(NEEMA, "7391"));
}

/* The treasurer's path to an approval, and one too far. */
static void
a_yes_is_said_to_a_screen_she_saw(void **state)
{
	const char *const ask[] = { "50000", "1", "1", "7391", NULL };
	const char *const approve[] = { "1", "1", BED_TREASURER_PIN, NULL };
	struct phone p;

	(void)state;
	dial(&p, NEEMA, "1");
	phone_walk(&p, ask);
	phone_shows(&p, "The treasurer decides");
	dial(&p, TREASURER, "1*1*1*1*" BED_TREASURER_PIN);
	phone_shows(&p, "1 Idhinisha");
	phone_shows(&p, "Neema Juma");
	assert_int_equal(
	    bed_number(&bed, "select count(*) from loans where state = 'requested'"), 1);
	assert_int_equal(bed_number(&bed, "select count(*) from payments"), 0);
	phone_walk(&p, approve);
	phone_ended(&p, true);
	assert_int_equal(bed_pay(&bed, "loan_out", PAY_PAID), 5000000);
	/* what is asked before a wallet is asked */
	dial(&p, NEEMA, "1*4*1*1*1");
	phone_shows(&p, "Pay 52,500 TZS from the wallet of +255712000100?");
	phone_ended(&p, false);
	assert_int_equal(bed_number(&bed, "select count(*) from payments"), 1);
	phone_type(&p, "1");
	phone_shows(&p, "Your wallet will ask");
	assert_int_equal(bed_number(&bed, "select count(*) from payments"), 2);
}

static void
the_language_stays_as_it_is(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, NEEMA, "5*3*2");
	phone_shows(&p, "Language?");
	assert_int_equal(
	    bed_number(&bed, "select count(*) from members where name = 'Neema Juma' "
	                     "and language = 'en'"),
	    1);
}

static void
a_wrong_choice_is_shown_as_if_typed(void **state)
{
	struct phone p;
	char typed[700];

	(void)state;
	dial(&p, NEEMA, "");
	phone_type(&p, "9");
	memcpy(typed, p.screen, sizeof typed);
	dial(&p, NEEMA, "9*5*1");
	assert_string_equal(p.screen, typed);
	phone_type(&p, "5");
	phone_shows(&p, "1 Balance");
}

static void
what_was_left_open_is_asked_about_first(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, MARY, "1");
	phone_shows(&p, "Kiasi gani");
	phone_dial_deep(&p, "2*5");
	phone_shows(&p, "1 Endelea");
	phone_type(&p, "2"); /* and what was dialled is forgotten */
	phone_shows(&p, "1 Mkopo");
	phone_type(&p, "1");
	phone_dial_deep(&p, "1*1");
	phone_shows(&p, "1 Endelea");
	phone_type(&p, "1");
	phone_shows(&p, "Kiasi gani");
}

static void
who_is_no_member_begins_at_the_beginning(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, ASHA, "2*1");
	phone_shows(&p, "Your language?");
	phone_type(&p, "2");
	phone_shows(&p, "MGODI");
}

/* Then the next hop looks like a deep dial, and is as good as one. */
static void
a_session_that_redis_lost(void **state)
{
	struct phone p;

	(void)state;
	dial(&p, NEEMA, "");
	phone_type(&p, "5");
	bed_forget(&bed, NEEMA);
	phone_type(&p, "1");
	phone_shows(&p, "The cooperative owes you");
	phone_type(&p, "0");
	phone_shows(&p, "1 Balance");
}

/* Each answer costs what it costs when typed. */
static void
answers_are_counted(void **state)
{
	struct phone p;

	(void)state;
	bed.settings.ussd.per_minute = 3;
	dial(&p, NEEMA, "5*0*5*0*5");
	phone_shows(&p, "1 Balance");
	phone_type(&p, "1");
	phone_ended(&p, true);
	phone_shows(&p, "takes too long");
	bed.settings.ussd.per_minute = 1000;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_opens_the_screen_it_names),
		cmocka_unit_test(the_same_dial_again_gets_the_first_reply),
		cmocka_unit_test(an_amount_is_typed),
		cmocka_unit_test(a_pin_is_neither_taken_nor_kept),
		cmocka_unit_test(a_yes_is_said_to_a_screen_she_saw),
		cmocka_unit_test(the_language_stays_as_it_is),
		cmocka_unit_test(a_wrong_choice_is_shown_as_if_typed),
		cmocka_unit_test(what_was_left_open_is_asked_about_first),
		cmocka_unit_test(who_is_no_member_begins_at_the_beginning),
		cmocka_unit_test(a_session_that_redis_lost),
		cmocka_unit_test(answers_are_counted),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
