/* Her own loan on a phone: what comes next, the schedule, and paying it off. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define TREASURER "255754000200"

static struct dialog_bed bed;
static struct phone p;

static void
walk(const char *number, const char *const *answers)
{
	phone_init(&p, &bed, number);
	phone_fresh(&p);
	phone_walk(&p, answers);
}

/* She borrows 50,000 and owes 52,500 in four weeks. */
static int
open_bed(void **state)
{
	const char *const approve[] = { "1", "1", "1", "1", BED_TREASURER_PIN, NULL };
	const char *const ask[] = { "1", "50000", "1", "1", "7391", NULL };

	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, TREASURER);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	walk(NEEMA, ask);
	phone_shows(&p, "The treasurer decides");
	walk(TREASURER, approve);
	assert_int_equal(bed_pay(&bed, "loan_out", PAY_PAID), 5000000);
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
what_comes_next(void **state)
{
	const char *const due[] = { "1", "2", NULL };

	(void)state;
	walk(NEEMA, due);
	phone_shows(&p, "Next 13,125 TZS on ");
	phone_shows_not(&p, "Late");
	phone_shows(&p, "1 Pay 13,125 TZS");
	phone_type(&p, "1");
	phone_type(&p, "1");
	phone_shows(&p, "Your wallet will ask");
	assert_int_equal(bed_pay(&bed, "repay_in", PAY_PAID), 1312500);
}

static void
the_schedule(void **state)
{
	const char *const schedule[] = { "1", "3", NULL };

	(void)state;
	walk(NEEMA, schedule);
	phone_shows(&p, " 13,125 TZS +\n2 "); /* the first is paid */
	phone_shows(&p, "\n4 ");
	phone_type(&p, "1");
	phone_shows(&p, "Payment 1 of 4");
	phone_shows(&p, "Paid");
	phone_type(&p, "0");
	phone_type(&p, "4");
	phone_shows(&p, "Payment 4 of 4");
	phone_shows(&p, "Left 13,125 TZS");
}

static void
she_pays_it_off(void **state)
{
	const char *const off[] = { "1", "4", NULL };

	(void)state;
	walk(NEEMA, off);
	phone_shows(&p, "To end your loan today: 39,375 TZS");
	phone_type(&p, "1");
	phone_shows(&p, "Pay 39,375 TZS from the wallet of +255712000100?");
	phone_type(&p, "1");
	phone_shows(&p, "Your wallet will ask");
	phone_ended(&p, true);
	assert_int_equal(bed_pay(&bed, "repay_in", PAY_PAID), 3937500);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from loans where state = 'closed'"), 1);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "You can take up to");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_next),
		cmocka_unit_test(the_schedule),
		cmocka_unit_test(she_pays_it_off),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
