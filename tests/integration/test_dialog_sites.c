/* Two officers' phones: where a member works, days without payments for a site, and other
 * dates for one loan; hers shows what comes of it. */
#include "payments/core/day.h"
#include "payments/flow/moratorium_run.h"
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define TREASURER "255754000200"
#define OFFICER   "255754000300"

static struct dialog_bed bed;
static struct phone p;
static char code[16];

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
	bed_forget(&bed, OFFICER);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	walk(NEEMA, ask);
	walk(TREASURER, approve);
	assert_int_equal(bed_pay(&bed, "loan_out", PAY_PAID), 5000000);
	bed_text(&bed, "select code from loans", code, sizeof code);
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* The first payment's day and so many after it, as people type it. */
static const char *
day_after_first(int days, char *out, size_t cap)
{
	int32_t day = (int32_t)bed_number(&bed, "select min(due_day) from loan_rows");
	struct date d = day_date(day + days);

	snprintf(out, cap, "%d.%d.%d", d.day, d.month, d.year);
	return out;
}

static int64_t
days_to_first(void)
{
	return bed_number(&bed, "select r.due_day - e.day from loan_rows r "
	                        "join loan_events e using (cooperative_id, loan_id) "
	                        "where r.row = 1 and e.kind = 'disburse'");
}

static void
where_she_works(void **state)
{
	const char *const site[] = { "7", "5", "1", "0712000100", NULL };

	(void)state;
	walk(OFFICER, site);
	phone_shows(&p, "Neema Juma\nSasa: GEITA-1\n");
	phone_shows(&p, "1 GEITA-1 Geita pit 1");
	phone_type(&p, "1");
	phone_type(&p, BED_OFFICER_PIN);
	phone_shows(&p, "GEITA-1 kuanzia sasa");
	phone_ended(&p, true);
	assert_int_equal(bed_number(&bed, "select count(*) from members m join sites s "
	                                  "using (cooperative_id, site_id) "
	                                  "where m.name = 'Neema Juma'"),
	                 1);
}

static void
on_run(void *arg, const struct err *err, const struct moratorium_counts *c)
{
	assert_int_equal(err->code, ERR_NONE);
	assert_int_equal(c->told, 1);
	(*(unsigned *)arg)--;
}

static void
no_payments_for_a_site(void **state)
{
	const char *const ask[] = { "7", "5", "2", "1", NULL };
	const char *const waiting[] = { "7", "5", "3", "1", NULL };
	const char *const due[] = { "1", "2", NULL };
	unsigned running = 1;
	char day[16];

	(void)state;
	walk(OFFICER, ask);
	phone_type(&p, day_after_first(-1, day, sizeof day));
	phone_type(&p, day_after_first(6, day, sizeof day));
	phone_type(&p, "1");
	phone_shows(&p, "GEITA-1: hakuna malipo kuanzia");
	phone_type(&p, "1");
	phone_type(&p, BED_OFFICER_PIN);
	phone_shows(&p, "Imeombwa");
	phone_ended(&p, true);
	walk(OFFICER, waiting); /* nobody agrees with themselves */
	phone_shows_not(&p, "1 Kubali");
	phone_shows(&p, "3 ");
	walk(TREASURER, waiting);
	phone_shows(&p, "1 Kubali");
	phone_type(&p, "1");
	phone_type(&p, BED_TREASURER_PIN);
	phone_shows(&p, "Imetangazwa");
	phone_ended(&p, true);
	moratorium_run_start(&bed.env, 0, loop_clock(bed.loop)->wall_ms, on_run,
	                     &running);
	dialog_bed_wait(&bed, &running);
	assert_int_equal(days_to_first(), 14);
	walk(NEEMA, due);
	phone_shows(&p, "Next 13,125 TZS on ");
	phone_shows_not(&p, "Late");
}

static void
other_dates_for_one_loan(void **state)
{
	const char *const ask[] = { "7", "6", code, "1", "2", "2", NULL };
	const char *const agree[] = { "7", "6", code, NULL };

	(void)state;
	walk(OFFICER, ask);
	phone_shows(&p, "13,125 TZS");
	phone_type(&p, "1");
	phone_type(&p, BED_OFFICER_PIN);
	phone_shows(&p, "Imeombwa");
	assert_int_equal(days_to_first(), 14);
	walk(TREASURER, agree);
	phone_shows(&p, "Neema Juma, ombi:");
	phone_type(&p, "1");
	phone_type(&p, BED_TREASURER_PIN);
	phone_shows(&p, "Tayari. Neema Juma");
	phone_ended(&p, true);
	assert_int_equal(days_to_first(), 28);
	assert_int_equal(bed_number(&bed, "select count(*) from messages where template "
	                                  "in ('loan.holiday', 'loan.dates')"),
	                 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_she_works),
		cmocka_unit_test(no_payments_for_a_site),
		cmocka_unit_test(other_dates_for_one_loan),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
