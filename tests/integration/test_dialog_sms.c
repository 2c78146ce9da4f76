/* By SMS: what is asked about money is echoed and done on USSD alone; what is no command
 * goes to a person; a PIN goes nowhere. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA     "255712000100"
#define TREASURER "255754000200"
#define STRANGER  "255799999999"

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
	bed_forget(&bed, STRANGER);
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

/* Sends one and says which template answered, and with what. */
static const char *
ask(const char *text)
{
	static unsigned count;
	static char answer[400];
	char id[24];

	bed_forget(&bed, NEEMA); /* twenty an hour */
	snprintf(id, sizeof id, "m%u", ++count);
	bed_sms(&bed, NEEMA, id, text);
	bed_text(&bed,
	         "select template || ' ' || language || ' ' || text_values::text from "
	         "messages where msisdn = '" NEEMA "' order by created_ms desc, "
	         "message_id desc limit 1",
	         answer, sizeof answer);
	return answer;
}

static void
answers(const char *text, const char *template, const char *value)
{
	const char *got = ask(text);
	size_t n = strlen(template);

	if (strncmp(got, template, n) != 0 || got[n] != ' ' ||
	    (value != NULL && strstr(got, value) == NULL))
		fail_msg("\"%s\" was answered by %s", text, got);
}

static int64_t
moves(void)
{
	return bed_number(&bed, "select (select count(*) from payments) + "
	                        "(select count(*) from loans)");
}

static void
a_loan_is_echoed_and_nothing_moves(void **state)
{
	int64_t before = moves();

	(void)state;
	answers("LOAN 50k", "sms.loan_cost", "\"total\": \"5250000\"");
	answers("mkopo 50,000 tafadhali", "sms.loan_cost", "\"amount\": \"5000000\"");
	answers("LOAN 100", "sms.loan", NULL); /* less than is lent: no cost to tell */
	answers("PRÊT 900 000 000", "sms.loan_limit", NULL);
	answers("LOAN", "sms.loan_limit", "limit");
	answers("PAY 5000", "sms.pay_none", NULL);
	assert_int_equal(moves(), before);
}

/* Who dials goes on from the SMS: to the terms, the confirmation and the PIN. */
static void
who_dials_goes_on_from_the_sms(void **state)
{
	int64_t before = moves();

	(void)state;
	bed_forget(&bed, NEEMA);
	answers("LOAN 50k", "sms.loan_cost", NULL);
	phone_init(&p, &bed, NEEMA);
	phone_dial(&p);
	phone_shows(&p, "1 Continue");
	phone_type(&p, "1");
	phone_shows(&p, "Asked by SMS: a loan of 50,000 TZS.");
	assert_int_equal(moves(), before);
	phone_type(&p, "1");
	phone_shows(&p, "You get 50,000 TZS");
	/* what stands open is not touched by a later SMS */
	bed_sms(&bed, NEEMA, "later", "LOAN 60k");
	phone_type(&p, "1");
	phone_shows(&p, "Loan 50,000 TZS");
	phone_type(&p, "1");
	phone_type(&p, "7391");
	phone_shows(&p, "Asked: 50,000 TZS");
	assert_int_equal(moves(), before + 1);
}

static void
what_she_owes_is_paid_on_ussd(void **state)
{
	const char *const approve[] = { "1", "1", "1", "1", BED_TREASURER_PIN, NULL };
	int64_t before;

	(void)state;
	walk(TREASURER, approve);
	assert_true(bed_pay(&bed, "loan_out", PAY_PAID) > 0);
	before = moves();
	answers("LOAN 10k", "sms.loan_has", NULL);
	answers("LIPA 5.000", "sms.pay", "\"amount\": \"500000\"");
	answers("PAY", "sms.pay_owed", "\"owed\": ");
	answers("PAY 60 000", "sms.pay_owed", NULL); /* more than is owed */
	/* as long as a PIN, and not round: not said back */
	answers("PAY 2580", "sms.pay_owed", NULL);
	assert_null(strstr(ask("PAY 2580"), "2580"));
	answers("PAY 5000", "sms.pay", NULL);
	phone_init(&p, &bed, NEEMA);
	phone_dial(&p);
	phone_type(&p, "1");
	phone_shows(&p, "Pay 5,000 TZS from the wallet of +" NEEMA "?");
	assert_int_equal(moves(), before);
	phone_type(&p, "2");
	assert_int_equal(moves(), before);
}

static void
her_sales_are_listed(void **state)
{
	const char *const record[] = {
		"2", "0712000100", "1", "1", "22", "3", "1", NULL
	};
	const char *const sell[] = { "2", "1", "1", "1", "1", "7391", NULL };
	char code[16];

	(void)state;
	answers("SALES", "sms.sales_none", NULL);
	walk(TREASURER, record);
	walk(NEEMA, sell);
	phone_shows(&p, "Sold.");
	bed_text(&bed, "select code from receipts", code, sizeof code);
	answers("mauzo", "sms.sales_one", code);
}

static void
the_language_changes_and_comes_back(void **state)
{
	(void)state;
	answers("LANGUAGE", "sms.language_which en", NULL);
	answers("LANGUAGE kiswahili", "sms.language sw", NULL);
	answers("salio", "sms.balance sw", NULL);
	answers("lugha FR", "sms.language fr", NULL);
	answers("ENGLISH", "sms.language en", NULL);
	answers("JOIN", "sms.member", NULL);
}

static void
what_is_no_command_goes_to_a_person(void **state)
{
	char body[80];

	(void)state;
	answers("The pump is broken, send Jean\n\x01 tomorrow 0712 000 300", "sms.unread",
	        NULL);
	bed_text(&bed, "select body from unread_messages", body, sizeof body);
	assert_string_equal(body,
	                    "The pump is broken, send Jean   tomorrow 0712 000 300");
	/* delivered again: once in the list */
	bed_sms(&bed, NEEMA, "again", "hello there");
	bed_sms(&bed, NEEMA, "again", "hello there");
	assert_int_equal(bed_number(&bed, "select count(*) from unread_messages"), 2);
	/* a command is none of a person's business, nor what strangers write */
	answers("BALANCE", "sms.balance", NULL);
	bed_sms(&bed, STRANGER, "s", "buy gold cheap");
	assert_int_equal(bed_number(&bed, "select count(*) from unread_messages"), 2);
	assert_int_equal(bed_number(&bed,
	                            "select count(*) from unread_messages where "
	                            "unread_seen('MGODI', number, 'treasurer', 1) = ''"),
	                 2);
	assert_int_equal(bed_number(&bed, "select count(*) from unread_messages where "
	                                  "seen_ms is null"),
	                 0);
}

static void
a_pin_goes_nowhere(void **state)
{
	static const char *const texts[] = {
		"my pin is 7391",  "LOAN 50000 7391", "pin7391",
		"BALANCE 7 3 9 1", "PAY 7391 PIN",    "7391",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		answers(texts[i], "sms.pin", "{}");
	assert_int_equal(bed_number(&bed, "select (select count(*) from messages where "
	                                  "text_values::text like '%7391%') + "
	                                  "(select count(*) from unread_messages where "
	                                  "body like '%7391%')"),
	                 0);
}

/* Reminders, an invitation and a receipt are due: which of them goes out. */
static void
sends(const char *wanted)
{
	char got[120];

	assert_int_equal(
	    bed_number(&bed, "with old as (update messages set state = 'failed', "
	                     "next_try_ms = null where next_try_ms is not null) "
	                     "select count(*) from (values ('loan.due', 'loan'), "
	                     "('group.asked', 'group'), ('sale.paid', null)) "
	                     "as v(template, topic), members m, effect_message_new("
	                     "m.cooperative_id, jsonb_build_array(jsonb_build_object("
	                     "'message_id', gen_random_uuid(), 'member_id', m.member_id, "
	                     "'msisdn', '" NEEMA "', 'language', 'en', 'template', "
	                     "v.template, 'topic', v.topic))) "
	                     "where m.name = 'Neema Juma'"),
	    3);
	bed_text(
	    &bed,
	    "select string_agg(template, ' ' order by template) from cooperatives c, "
	    "messages_claim(c.cooperative_id, gen_random_uuid(), 100000000000000, "
	    "100000000060000, 100) where c.code = 'MGODI'",
	    got, sizeof got);
	assert_string_equal(got, wanted);
}

/* Each line: what she sends, what is answered, what she gets from then on. */
static void
stop_of_one_topic(void **state)
{
	static const struct {
		const char *text, *template, *gets;
	} story[] = {
		{ "STOP LOAN", "sms.stop_loan", "group.asked sale.paid" },
		{ "acha mkopo", "sms.stop_loan", "group.asked sale.paid" },
		{ "STOP it", "sms.stop_what", "group.asked sale.paid" },
		{ "ARRET GROUPE", "sms.stop_group", "sale.paid" },
		{ "START LOANS", "sms.start_loan", "loan.due sale.paid" },
		{ "START", "sms.start", "group.asked loan.due sale.paid" },
		{ "STOP", "sms.stop", "sale.paid" },
		{ "STOP GROUP", "sms.stop_group", "sale.paid" },
		{ "ANZA MKOPO", "sms.start_loan", "loan.due sale.paid" },
		{ "STOP LOAN", "sms.stop_loan", "sale.paid" },
		{ "START GROUP", "sms.start_group", "group.asked sale.paid" },
		{ "START", "sms.start", "group.asked loan.due sale.paid" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof story / sizeof *story; i++) {
		answers(story[i].text, story[i].template, NULL);
		sends(story[i].gets);
	}
	/* what was no topic is read by a person too */
	assert_int_equal(bed_number(&bed, "select count(*) from unread_messages where "
	                                  "body = 'STOP it'"),
	                 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loan_is_echoed_and_nothing_moves),
		cmocka_unit_test(who_dials_goes_on_from_the_sms),
		cmocka_unit_test(what_she_owes_is_paid_on_ussd),
		cmocka_unit_test(her_sales_are_listed),
		cmocka_unit_test(the_language_changes_and_comes_back),
		cmocka_unit_test(what_is_no_command_goes_to_a_person),
		cmocka_unit_test(stop_of_one_topic),
		cmocka_unit_test(a_pin_goes_nowhere),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
