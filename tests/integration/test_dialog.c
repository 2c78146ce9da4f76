/* Whole conversations on phones: joining, a loan, a sale, and what goes wrong. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define JEAN      "255712000300"
#define MARY      "255712000500"
#define TREASURER "255754000200"
#define OFFICER   "255754000300"
#define STRANGER  "255799999999"

static struct dialog_bed bed;

static int
open_bed(void **state)
{
	static const char *const numbers[] = { NEEMA,     JEAN,    MARY,
		                               TREASURER, OFFICER, STRANGER };

	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		bed_forget(&bed, numbers[i]);
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* The newest SMS to a number: its template. */
static void
last_sms(const char *to, char *template, size_t cap)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select template from messages where msisdn = '%s' "
	         "order by created_ms desc, message_id desc limit 1",
	         to);
	bed_text(&bed, sql, template, cap);
}

/* Somewhere among her SMS: several of one operation have no order. */
static void
expect_some_sms(const char *to, const char *template)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select count(*) from messages where msisdn = '%s' and template = '%s'",
	         to, template);
	assert_true(bed_number(&bed, sql) > 0);
}

static void
expect_sms(const char *to, const char *template)
{
	char got[40];

	last_sms(to, got, sizeof got);
	assert_string_equal(got, template);
}

/* ---- joining ---- */

static void
a_stranger_becomes_a_member(void **state)
{
	struct phone p;

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_shows(&p, "2 Kiswahili");
	phone_type(&p, "2");
	phone_shows(&p, "chama");
	phone_type(&p, "NOSUCH");
	phone_shows(&p, "Hakuna chama");
	phone_type(&p, "mgodi");
	phone_shows(&p, "Jina");
	phone_type(&p, "Neema Juma");
	phone_shows(&p, "1 Ndiyo");
	phone_type(&p, "1");
	phone_shows(&p, "PIN");
	phone_type(&p, "1234");
	phone_shows(&p, "rahisi");
	phone_type(&p, "7391");
	phone_type(&p, "7392");
	phone_shows(&p, "hazifanani");
	phone_type(&p, "7391");
	phone_type(&p, "7391");
	phone_shows(&p, "Neema Juma");
	phone_shows(&p, "1 Mkopo");
	phone_ended(&p, false);
}

static void
home_speaks_each_members_language(void **state)
{
	struct phone p;

	(void)state;
	bed_join(&bed, JEAN, "3", "Jean Kabila", "5820");
	phone_init(&p, &bed, JEAN);
	phone_fresh(&p);
	phone_shows(&p, "Prix du jour");
	bed_join(&bed, MARY, "1", "Mary Banda", "6047");
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	phone_shows(&p, "Price today");
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_shows(&p, "Bei ya leo");
}

/* ---- a loan ---- */

static void
three_wrong_pins_lock(void **state)
{
	const char *const to_pin[] = { "1", "50000", "1", "1", NULL };
	struct phone p;

	(void)state;
	phone_init(&p, &bed, JEAN);
	phone_fresh(&p);
	phone_walk(&p, to_pin);
	phone_type(&p, "1111");
	phone_shows(&p, "2");
	phone_ended(&p, false);
	phone_type(&p, "2222");
	phone_type(&p, "3333");
	phone_ended(&p, true);
	phone_shows(&p, "bloqu");
	phone_fresh(&p);
	phone_walk(&p, to_pin);
	phone_type(&p, "5820");
	phone_shows(&p, "bloqu");
	assert_int_equal(bed_number(&bed, "select count(*) from loans"), 0);
}

static void
approve(const char *number, const char *pin, const char *amount)
{
	struct phone p;

	phone_init(&p, &bed, number);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, amount);
	phone_type(&p, "1");
	phone_shows(&p, amount);
	phone_type(&p, "1");
	phone_type(&p, "1");
	phone_shows(&p, "PIN");
	phone_type(&p, pin);
	phone_ended(&p, true);
}

static void
a_loan_is_asked_approved_and_paid(void **state)
{
	struct phone p;

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "Kiasi gani");
	phone_type(&p, "50 000");
	phone_shows(&p, "50,000");
	phone_type(&p, "1");
	phone_shows(&p, "Ndiyo, omba");
	phone_type(&p, "1");
	phone_type(&p, "7391");
	phone_ended(&p, true);
	phone_shows(&p, "SMS inakuja");
	expect_sms(TREASURER, "loan.asked");
	phone_again(&p);
	phone_shows(&p, "SMS inakuja");
	assert_int_equal(bed_number(&bed, "select count(*) from loans"), 1);

	approve(TREASURER, BED_TREASURER_PIN, "50,000");
	if (bed_number(&bed, "select count(*) from payments") == 0)
		approve(OFFICER, BED_OFFICER_PIN, "50,000");
	assert_int_equal(bed_pay(&bed, "loan_out", PAY_PAID), 5000000);
	expect_sms(NEEMA, "loan.paid");

	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "Deni");
	phone_shows(&p, "1 Lipa sasa");
}

static void
she_repays_a_part(void **state)
{
	struct phone p;

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_type(&p, "1");
	phone_shows(&p, "Unalipa kiasi gani");
	phone_type(&p, "10k");
	phone_shows(&p, "10,000");
	phone_type(&p, "1");
	phone_ended(&p, true);
	phone_shows(&p, "dakika 5");
	phone_again(&p);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from payments where direction = 'in'"), 1);
	assert_int_equal(bed_pay(&bed, "repay_in", PAY_PAID), 1000000);
	expect_sms(NEEMA, "loan.repaid");
}

/* ---- a sale ---- */

static void
the_price_is_set_by_one_and_confirmed_by_another(void **state)
{
	const char *const set[] = {
		"3", "2", "1", "150000", "1", BED_TREASURER_PIN, NULL
	};
	struct phone p;

	(void)state;
	phone_init(&p, &bed, TREASURER);
	phone_fresh(&p);
	phone_walk(&p, set);
	phone_ended(&p, true);
	phone_shows(&p, "150,000");
	phone_fresh(&p);
	phone_type(&p, "3");
	phone_type(&p, "3");
	phone_shows(&p, "Afisa mwingine");
	phone_init(&p, &bed, OFFICER);
	phone_fresh(&p);
	phone_type(&p, "3");
	phone_type(&p, "3");
	phone_shows(&p, "150,000");
	phone_type(&p, "1");
	phone_type(&p, BED_OFFICER_PIN);
	phone_ended(&p, true);
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "3");
	phone_shows(&p, "150,000");
}

static void
record_lot(const char *seller, const char *grams)
{
	const char *const answers[] = { "2", seller, "1", grams, "22", "3", NULL };
	struct phone p;

	phone_init(&p, &bed, TREASURER);
	phone_fresh(&p);
	phone_walk(&p, answers);
	phone_shows(&p, "91.7%");
	phone_type(&p, "1");
	phone_ended(&p, true);
	phone_shows(&p, "umeandikwa");
}

static void
a_lot_is_recorded_agreed_and_paid(void **state)
{
	char code[16];
	struct phone p;

	(void)state;
	/* a wallet that takes it all at once: one SMS about the money */
	assert_int_equal(bed_number(&bed, "with t as (update members set wallet_tier = 3 "
	                                  "returning 1) select min(1) from t"),
	                 1);
	record_lot("0712000100", "12.5");
	expect_sms(NEEMA, "lot.quoted");
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_shows(&p, "2");
	phone_type(&p, "2");
	phone_shows(&p, "12.5 g");
	phone_type(&p, "1");
	phone_shows(&p, "91.7%");
	phone_type(&p, "1");
	phone_shows(&p, "Unapata");
	phone_type(&p, "3");
	phone_shows(&p, "Tozo");
	phone_type(&p, "0");
	phone_type(&p, "1");
	phone_type(&p, "1");
	phone_shows(&p, "PIN");
	phone_type(&p, "7391");
	phone_ended(&p, true);
	phone_shows(&p, "Risiti");
	phone_again(&p);
	assert_int_equal(bed_number(&bed, "select count(*) from receipts"), 1);
	expect_some_sms(NEEMA, "sale.receipt"); /* beside it, what waits for tomorrow */
	assert_true(bed_pay(&bed, "sale_out", PAY_PAID) > 0);
	expect_sms(NEEMA, "sale.paid");

	bed_text(&bed, "select code from receipts", code, sizeof code);
	phone_fresh(&p);
	phone_type(&p, "4");
	phone_type(&p, "1");
	phone_shows(&p, code);
	phone_type(&p, "1");
	phone_shows(&p, "Ona fedha");
	phone_type(&p, "00");
	phone_type(&p, "4");
	phone_type(&p, "2");
	phone_type(&p, code);
	phone_shows(&p, "halali");
	phone_type(&p, "0");
	phone_type(&p, "XXXX");
	phone_shows(&p, "si msimbo");
}

static void
a_lot_can_be_refused(void **state)
{
	const char *const refuse[] = { "2", "1", "2", "1", NULL };
	struct phone p;

	(void)state;
	record_lot("0712000500", "3");
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	phone_walk(&p, refuse);
	phone_ended(&p, true);
	phone_shows(&p, "refused");
	assert_int_equal(bed_number(&bed, "select count(*) from receipts"), 1);
}

/* ---- her own things ---- */

static void
a_pin_is_changed(void **state)
{
	const char *const change[] = { "5", "2", "6047", "8264", "8264", NULL };
	struct phone p;

	(void)state;
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	phone_walk(&p, change);
	phone_ended(&p, true);
	phone_shows(&p, "changed");
}

static void
the_float_is_shown_to_officers_only(void **state)
{
	struct phone p;

	(void)state;
	phone_init(&p, &bed, TREASURER);
	phone_fresh(&p);
	phone_type(&p, "4");
	phone_shows(&p, "Fedha");
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	phone_shows_not(&p, "Float");
}

/* ---- SMS ---- */

static void
sms_commands_are_answered(void **state)
{
	static const struct {
		const char *text, *template;
	} rows[] = {
		{ "salio", "sms.balance" },       { "BEI", "sms.price" },
		{ "risiti", "sms.receipt_code" }, { "what?", "sms.unread" },
		{ "ACHA", "sms.stop" },           { "anza", "sms.start" },
		{ "salio 7391", "sms.pin" },
	};

	char code[16], text[40], id[24];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(id, sizeof id, "sms%zu", i);
		bed_sms(&bed, NEEMA, id, rows[i].text);
		expect_sms(NEEMA, rows[i].template);
	}
	bed_text(&bed, "select code from receipts", code, sizeof code);
	snprintf(text, sizeof text, "RISITI %s", code);
	bed_sms(&bed, NEEMA, "sms-r", text);
	expect_sms(NEEMA, "sms.receipt");
	bed_sms(&bed, STRANGER, "sms-s", text);
	assert_non_null(strstr(bed.sent, code));
	bed_sms(&bed, STRANGER, "sms-h", "hello");
	assert_non_null(strstr(bed.sent, "*384*77#"));
}

static void
an_sms_that_comes_twice_is_answered_once(void **state)
{
	static const char count[] =
	    "select count(*) from messages where template = 'sms.balance'";
	int64_t before;

	(void)state;
	bed_sms(&bed, NEEMA, "twice", "SALIO");
	before = bed_number(&bed, count);
	bed_sms(&bed, NEEMA, "twice", "SALIO");
	assert_int_equal(bed_number(&bed, count), before);
}

static void
no_secret_is_in_redis_or_the_books(void **state)
{
	(void)state;
	assert_int_equal(bed_number(&bed, "select count(*) from messages where "
	                                  "text_values::text like '%7391%'"),
	                 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stranger_becomes_a_member),
		cmocka_unit_test(home_speaks_each_members_language),
		cmocka_unit_test(three_wrong_pins_lock),
		cmocka_unit_test(a_loan_is_asked_approved_and_paid),
		cmocka_unit_test(she_repays_a_part),
		cmocka_unit_test(the_price_is_set_by_one_and_confirmed_by_another),
		cmocka_unit_test(a_lot_is_recorded_agreed_and_paid),
		cmocka_unit_test(a_lot_can_be_refused),
		cmocka_unit_test(a_pin_is_changed),
		cmocka_unit_test(the_float_is_shown_to_officers_only),
		cmocka_unit_test(sms_commands_are_answered),
		cmocka_unit_test(an_sms_that_comes_twice_is_answered_once),
		cmocka_unit_test(no_secret_is_in_redis_or_the_books),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
