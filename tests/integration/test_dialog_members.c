/* Phones of officers: a locked PIN is opened again, what stayed owed is paid again. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define TREASURER "255754000200"
#define OFFICER   "255754000300"

static struct dialog_bed bed;
static struct phone p;

static int
open_bed(void **state)
{
	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, TREASURER);
	bed_forget(&bed, OFFICER);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	/* here one officer may send again whatever stayed owed: test_owed.c has two */
	bed_number(&bed,
	           "with x as (update loan_products set second_above = 1000000000000 "
	           "returning 1) select count(*) from x");
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

static void
dial(const char *number)
{
	phone_init(&p, &bed, number);
	phone_fresh(&p);
}

static void
walk(const char *number, const char *const *answers)
{
	dial(number);
	phone_walk(&p, answers);
}

/* ---- of two cooperatives ---- */

static void
the_oldest_active_membership_answers(void **state)
{
	static const char second[] =
	    "with c as (insert into cooperatives (cooperative_id, code, name, country, "
	    "currency, timezone) values (77, 'SEVEN', 'Seventh', 'TZ', 'TZS', "
	    "'Africa/Nairobi') returning *), "
	    "m as (insert into members (cooperative_id, member_id, number, name, "
	    "language, roles, state, joined_ms) select 77, gen_random_uuid(), 'S-1', "
	    "'Neema of Seven', 'en', 1, 'active', 1 from c returning *), "
	    "n as (insert into member_numbers (cooperative_id, member_id, msisdn, "
	    "added_ms) select 77, member_id, '" NEEMA "', 1 from m returning 1) "
	    "select count(*) from n";

	(void)state;
	bed_number(&bed, second);
	dial(NEEMA);
	phone_shows(&p, "Neema of Seven");
	bed_number(&bed, "with x as (update members set state = 'closed' where "
	                 "cooperative_id = 77 returning 1) select count(*) from x");
	dial(NEEMA);
	phone_shows(&p, "Neema Juma");
}

/* ---- a locked PIN ---- */

static void
an_officer_unlocks(void **state)
{
	const char *const lock[] = { "5", "2", "1111", "2222", "3333", NULL };
	const char *const change[] = { "5", "2", "7391", NULL };
	const char *const whose[] = { "7", "1", "0712000100", NULL };

	(void)state;
	walk(OFFICER, whose);
	phone_shows(&p, "haijafungwa"); /* not locked: nothing to open */
	phone_ended(&p, false);
	walk(NEEMA, lock);
	phone_shows(&p, "PIN is locked");
	walk(NEEMA, change);
	phone_shows(&p, "PIN is locked");

	walk(OFFICER, whose);
	phone_shows(&p, "Neema Juma");
	phone_type(&p, "1");
	phone_type(&p, "5555");
	phone_shows(&p, "PIN si sahihi");
	phone_type(&p, BED_OFFICER_PIN);
	phone_shows(&p, "Imefunguliwa");
	phone_ended(&p, true);
	walk(NEEMA, change);
	phone_shows(&p, "Your new PIN");
	assert_int_equal(bed_number(&bed, "select count(*) from audit "
	                                  "where action = 'member.unlock'"),
	                 1);
}

static void
miners_and_unknown_numbers(void **state)
{
	const char *const miner[] = { "7", NULL };
	const char *const unknown[] = { "7", "1", "M-0999", NULL };

	(void)state;
	walk(NEEMA, miner);
	phone_shows(&p, "Type one of the numbers");
	walk(TREASURER, unknown);
	phone_shows(&p, "Hakuna mwanachama");
}

/* ---- what stayed owed ---- */

/* A sale whose payout fails. */
static void
unpaid_sale(const char *grams)
{
	const char *const record[] = {
		"2", "0712000100", "1", grams, "22", "3", "1", NULL
	};
	const char *const sell[] = { "2", "1", "1", "1", "1", "7391", NULL };

	walk(TREASURER, record);
	phone_ended(&p, true);
	walk(NEEMA, sell);
	phone_shows(&p, "Sold.");
	assert_true(bed_pay(&bed, "sale_out", PAY_FAILED) > 0);
}

static void
the_treasurer_pays_what_is_owed(void **state)
{
	const char *const list[] = { "7", "2", NULL };

	(void)state;
	walk(TREASURER, list);
	phone_shows(&p, "Hakuna anayedai chama");
	unpaid_sale("2");
	walk(TREASURER, list);
	phone_shows(&p, "1 Neema Juma ");
	phone_type(&p, "1");
	phone_shows(&p, "+255712000100");
	phone_type(&p, "1");
	phone_type(&p, BED_TREASURER_PIN);
	phone_shows(&p, "ziko njiani");
	phone_ended(&p, true);
	phone_again(&p);
	phone_shows(&p, "ziko njiani");
	assert_int_equal(bed_number(&bed, "select count(*) from payments "
	                                  "where purpose = 'owed_out'"),
	                 1);
	walk(TREASURER, list); /* all of it is on its way */
	phone_shows(&p, "Hakuna anayedai chama");
	assert_true(bed_pay(&bed, "owed_out", PAY_PAID) > 0);
}

static void
she_asks_for_it_herself(void **state)
{
	const char *const ask[] = { "5", "1", "1", "1", "7391", NULL };

	(void)state;
	unpaid_sale("3");
	walk(NEEMA, ask);
	phone_shows(&p, "on its way to you");
	phone_ended(&p, true);
	assert_true(bed_pay(&bed, "owed_out", PAY_PAID) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_active_membership_answers),
		cmocka_unit_test(an_officer_unlocks),
		cmocka_unit_test(miners_and_unknown_numbers),
		cmocka_unit_test(the_treasurer_pays_what_is_owed),
		cmocka_unit_test(she_asks_for_it_herself),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
