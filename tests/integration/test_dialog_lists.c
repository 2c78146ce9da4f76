/* A list on a phone has no end at ten rows, and is still there on the way back. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define TREASURER "255754000200"
#define SALES     12

static struct dialog_bed bed;
static struct phone p;

static void
walk(const char *number, const char *const *answers)
{
	phone_init(&p, &bed, number);
	phone_fresh(&p);
	phone_walk(&p, answers);
}

static void
sale(void)
{
	const char *const record[] = {
		"2", "0712000100", "1", "1", "22", "3", "1", NULL
	};
	const char *const sell[] = { "2", "1", "1", "1", "1", "7391", NULL };

	walk(TREASURER, record);
	walk(NEEMA, sell);
	phone_shows(&p, "Sold.");
	assert_true(bed_pay(&bed, "sale_out", PAY_PAID) > 0);
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
	for (int i = 0; i < SALES; i++)
		sale();
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* The code of the n-th newest receipt, from 0. */
static const char *
receipt_code(int n)
{
	static char code[16];
	char sql[100];

	snprintf(sql, sizeof sql,
	         "select code from receipts order by number desc offset %d limit 1", n);
	bed_text(&bed, sql, code, sizeof code);
	return code;
}

static void
open_receipts(void)
{
	const char *const mine[] = { "4", "1", NULL };

	walk(NEEMA, mine);
}

static void
every_receipt_is_reached(void **state)
{
	int page = 0;

	(void)state;
	open_receipts();
	for (int i = 0; i < SALES; i++) {
		while (strstr(p.screen, receipt_code(i)) == NULL) {
			assert_true(++page < SALES);
			phone_shows(&p, "98 More");
			phone_type(&p, "98");
		}
	}
	phone_shows_not(&p, "98 More");
}

static void
the_way_back_leads_to_the_same_rows(void **state)
{
	(void)state;
	open_receipts();
	while (strstr(p.screen, receipt_code(10)) == NULL)
		phone_type(&p, "98");
	phone_type(&p, "2");
	phone_shows(&p, receipt_code(11));
	phone_type(&p, "1");
	phone_shows(&p, "Levies ");
	phone_shows(&p, "You get ");
	phone_type(&p, "0");
	phone_type(&p, "0");
	phone_shows(&p, receipt_code(11));
	phone_type(&p, "0"); /* the ten before, from their first */
	phone_shows(&p, receipt_code(0));
	phone_type(&p, "0");
	phone_shows(&p, "2 Check code");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_receipt_is_reached),
		cmocka_unit_test(the_way_back_leads_to_the_same_rows),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
