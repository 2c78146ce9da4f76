/* Equipment and cash at the till, dialled: recorded, asked for, handed over, paid for at
 * the table, and money that nobody knew. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

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

static int
open_bed(void **state)
{
	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, TREASURER);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
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
recorded_and_asked_for(void **state)
{
	const char *const add[] = { "6", "4", "Water pump", "SN-77", "600000", NULL };
	const char *const ask[] = { "6", "1", NULL };

	(void)state;
	walk(TREASURER, add);
	phone_type(&p, "1");
	phone_type(&p, BED_TREASURER_PIN);
	phone_ended(&p, true);
	assert_int_equal(bed_number(&bed, "select cost from assets where state = 'free'"),
	                 60000000);
	walk(NEEMA, ask);
	phone_shows(&p, "Water pump 600,000 TZS\nDeposit 60,000 TZS\nThen 6 payments");
	phone_type(&p, "2");
	phone_type(&p, "5");
	phone_shows(&p, "Then 5 payments");
	phone_type(&p, "1");
	phone_type(&p, "1");
	phone_type(&p, "7391");
	phone_shows(&p, "Asked: Water pump");
	phone_ended(&p, true);
}

static void
deposit_and_hand_over(void **state)
{
	const char *const approve[] = { "1", "1", "1", "1", BED_TREASURER_PIN, NULL };
	const char *const give[] = { "6", "1", "1", "1", "0000", NULL };

	(void)state;
	walk(TREASURER, approve);
	phone_ended(&p, true);
	walk(NEEMA, (const char *const[]){ "1", NULL });
	phone_shows(&p, "The deposit of 60,000 TZS is not here yet");
	assert_int_equal(bed_pay(&bed, "deposit_in", PAY_PAID), 6000000);
	walk(NEEMA, (const char *const[]){ "1", NULL });
	phone_shows(&p, "Fetch it at the cooperative");
	walk(TREASURER, give); /* a wrong PIN first */
	phone_type(&p, BED_TREASURER_PIN);
	phone_ended(&p, true);
	assert_int_equal(bed_number(&bed,
	                            "select count(*) from loans where state = 'live' "
	                            "and principal = 54000000"),
	                 1);
}

static void
cash_at_the_till(void **state)
{
	char number[16];
	const char *const cash[] = { "4", "1", number, "20000", NULL };

	(void)state;
	bed_text(&bed, "select number from members where name = 'Neema Juma'", number,
	         sizeof number);
	walk(TREASURER, cash);
	phone_shows(&p, "20,000 TZS taslimu kwa M-");
	phone_type(&p, "1");
	phone_type(&p, BED_TREASURER_PIN);
	phone_shows(&p, "20,000 TZS");
	phone_ended(&p, true);
	assert_int_equal(bed_number(&bed, "select sum(balance) from accounts a join "
	                                  "account_kinds k on k.kind = a.kind "
	                                  "where k.name = 'till'"),
	                 2000000);
	assert_int_equal(bed_number(&bed, "select principal_paid + fee_paid from loans"),
	                 2000000);
	assert_int_equal(bed_number(&bed, "select count(*) from book_faults()"), 0);
}

/* Taken back at the table for what it is worth. */
static void
taken_back(void **state)
{
	const char *const back[] = {
		"6", "2", "1", "400000", "1", BED_TREASURER_PIN, NULL
	};

	(void)state;
	walk(TREASURER, back);
	phone_ended(&p, true);
	assert_int_equal(bed_number(&bed, "select cost from assets where state = 'free'"),
	                 40000000);
	walk(NEEMA, (const char *const[]){ "1", "2", NULL });
	phone_shows(&p, "Next ");
	assert_int_equal(bed_number(&bed, "select count(*) from book_faults()"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_and_asked_for),
		cmocka_unit_test(deposit_and_hand_over),
		cmocka_unit_test(cash_at_the_till),
		cmocka_unit_test(taken_back),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
