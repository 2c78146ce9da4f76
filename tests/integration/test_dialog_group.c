/* A group loan, dialled: an officer forms it, two members agree and save, two officers
 * decide, and one pays for both. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define BARAKA    "255712000101"
#define TREASURER "255754000200"
#define OFFICER   "255754000300"

static struct dialog_bed bed;
static struct phone p;

static void
walk(const char *number, const char *const *answers)
{
	phone_init(&p, &bed, number);
	phone_fresh(&p);
	phone_walk(&p, answers);
}

/* Groups of two to four; the terms of working capital. */
static int
open_bed(void **state)
{
	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, BARAKA);
	bed_forget(&bed, TREASURER);
	bed_forget(&bed, OFFICER);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	bed_join(&bed, BARAKA, "1", "Baraka", "8264");
	bed_number(&bed,
	           "insert into loan_products (cooperative_id, product_id, name, active, "
	           "amount_min, amount_max, weeks_min, weeks_usual, weeks_max, fee_bp, "
	           "first_due_days, second_above, sale_share_permille, floor_permille, "
	           "code, kind, position, on_phone, group_min, group_max, guarantee_bp, "
	           "contract) select cooperative_id, gen_random_uuid(), 'Group loan', "
	           "true, 1000000, 10000000, 4, 4, 12, 0, 7, 0, 200, 500, 'group', "
	           "'group', 3, false, 2, 4, 1000, contract from loan_products "
	           "where code = 'working' returning 1");
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
formed_by_the_treasurer(void **state)
{
	const char *const form[] = { "7", "4",          "1",     "Tumaini", "4",
		                     "1", "0712000100", "50000", "1",       NULL };

	(void)state;
	walk(TREASURER, form);
	phone_type(&p, "0799999999");
	phone_type(&p, "50000");
	phone_type(&p, "0712000101"); /* the first was nobody's number */
	phone_type(&p, "5000");       /* under the least */
	phone_type(&p, "40000");
	phone_shows(&p, "Tumaini");
	phone_shows(&p, "90,000 TZS");
	assert_int_equal(bed_number(&bed, "select count(*) from loan_group_parts"), 2);
	assert_int_equal(
	    bed_number(&bed,
	               "select count(*) from messages where template = 'group.asked'"),
	    2);
}

static void
both_agree_and_save(void **state)
{
	const char *const save[] = { "5", "4", "1", "8000", "1", NULL };

	(void)state;
	walk(NEEMA, (const char *const[]){ "1", NULL });
	phone_shows(&p, "Group Tumaini\nYou get 50,000 TZS");
	phone_type(&p, "1");
	phone_shows(&p, "You answer for 1 others. 5,000 TZS of your savings");
	phone_shows(&p, "Save 5,000 TZS first.");
	phone_type(&p, "1");
	phone_type(&p, "0000");
	phone_shows(&p, "Wrong PIN");
	phone_type(&p, "7391");
	phone_shows(&p, "You agreed.");
	phone_ended(&p, true);
	walk(NEEMA, (const char *const[]){ "1", NULL });
	phone_shows(&p, "waits for approval");
	walk(NEEMA, save);
	phone_shows(&p, "Your wallet will ask for its own PIN");
	assert_int_equal(bed_pay(&bed, "save_in", PAY_PAID), 800000);
	walk(NEEMA, (const char *const[]){ "5", "4", NULL });
	phone_shows(&p, "Your savings: 8,000 TZS");
	walk(BARAKA, (const char *const[]){ "1", "1", "1", "8264", NULL });
	phone_shows(&p, "You agreed.");
	walk(BARAKA, (const char *const[]){ "5", "4", "1", "4000", "1", NULL });
	assert_int_equal(bed_pay(&bed, "save_in", PAY_PAID), 400000);
}

static void
two_officers_decide(void **state)
{
	const char *const look[] = { "7", "4", "2", "1", NULL };

	(void)state;
	walk(TREASURER, look);
	phone_shows(&p, "Tumaini\n");
	phone_shows(&p, "90,000 TZS");
	phone_type(&p, "3");
	phone_type(&p, "1");
	phone_type(&p, BED_TREASURER_PIN);
	phone_ended(&p, true);
	walk(OFFICER, look);
	phone_type(&p, "1");
	phone_shows(&p, "Neema Juma 50,000 +"); /* agreed */
	walk(OFFICER, look);
	phone_type(&p, "3");
	phone_type(&p, "1");
	phone_type(&p, BED_OFFICER_PIN);
	phone_ended(&p, true);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from loans where state = 'approved'"), 2);
	assert_int_equal(bed_number(&bed, "select sum(guarantee) from loan_group_parts"),
	                 900000);
	bed_pay(&bed, "loan_out", PAY_PAID);
	bed_pay(&bed, "loan_out", PAY_PAID);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from loans where state = 'live'"), 2);
}

static void
one_pays_for_both(void **state)
{
	const char *const out[] = { "5", "4", "2", "3000", "1", "7391", NULL };

	(void)state;
	walk(NEEMA, (const char *const[]){ "1", NULL });
	phone_shows(&p, "5 Group");
	phone_type(&p, "5");
	phone_shows(&p, "Group Tumaini\nAll owe 94,500 TZS\nHeld of your savings 5,000");
	phone_type(&p, "1");
	phone_shows(&p, "1 Neema Juma 52,500");
	phone_type(&p, "0");
	phone_type(&p, "2");
	phone_type(&p, "60000");
	phone_shows(&p, "Pay 60,000 TZS for the group");
	phone_type(&p, "1");
	phone_shows(&p, "Your wallet will ask for its own PIN");
	assert_int_equal(bed_pay(&bed, "group_in", PAY_PAID), 6000000);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from loans where state = 'closed'"), 1);
	walk(NEEMA, out); /* 5,000 of 8,000 are held to the end */
	phone_shows(&p, "3,000 TZS is taken out of your savings");
	phone_type(&p, "1");
	phone_shows(&p, "The cooperative owes you 3,000 TZS");
	assert_int_equal(bed_number(&bed, "select count(*) from book_faults()"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formed_by_the_treasurer),
		cmocka_unit_test(both_agree_and_save),
		cmocka_unit_test(two_officers_decide),
		cmocka_unit_test(one_pays_for_both),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
