/* PAY by SMS confirmed by a one-time code: good once, for what was asked, from where it
 * was told; and nowhere to be read but in that SMS. */
#include "gateway/sms_text.h"
#include "lib/onetime.h"
#include "payments/flow/expire.h"
#include "payments/flow/prompt_size.h"
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA       "255712000100"
#define NEEMA_OTHER "255712000199"
#define TREASURER   "255754000200"
#define STRANGER    "255799999999"

static struct dialog_bed bed;
static struct phone p; /* the latest walk's */
static unsigned sms_count;

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
	const char *const borrow[] = { "1", "50000", "1", "1", "7391", NULL };
	const char *const approve[] = { "1", "1", "1", "1", BED_TREASURER_PIN, NULL };

	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed.settings.sms.codes = true;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, NEEMA_OTHER);
	bed_forget(&bed, TREASURER);
	bed_forget(&bed, STRANGER);
	bed_join(&bed, NEEMA, "1", "Neema Juma", "7391");
	walk(NEEMA, borrow);
	walk(TREASURER, approve);
	return bed_pay(&bed, "loan_out", PAY_PAID) > 0 ? 0 : -1;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* The newest SMS to the number: "TEMPLATE VALUES". */
static const char *
newest(const char *number)
{
	static char answer[500];
	char sql[300];

	snprintf(sql, sizeof sql,
	         "select template || ' ' || text_values::text from messages where "
	         "msisdn = '%s' order by created_ms desc, message_id desc limit 1",
	         number);
	bed_text(&bed, sql, answer, sizeof answer);
	return answer;
}

static const char *
says(const char *from, const char *text)
{
	char id[24];

	bed_forget(&bed, from); /* twenty an hour */
	snprintf(id, sizeof id, "c%u", ++sms_count);
	bed_sms(&bed, from, id, text);
	return newest(from);
}

static void
answers(const char *text, const char *template, const char *value)
{
	const char *got = says(NEEMA, text);
	size_t n = strlen(template);

	if (strncmp(got, template, n) != 0 || got[n] != ' ' ||
	    (value != NULL && strstr(got, value) == NULL))
		fail_msg("answered by %s, not %s %s", got, template, value);
}

/* The code of the newest SMS that tells one, as the phone shows it. */
static void
told(char code[ONETIME_DIGITS + 1])
{
	static struct menu_out shown;
	static char values[500];
	struct sms_text_facts about = { .service = "*384*77#",
		                        .code_key = bed.settings.pin.pepper };
	struct message m = { .language = "en",
		             .template = "sms.pay_code",
		             .values = values,
		             .country = "TZ",
		             .currency = "TZS",
		             .exponent = 2 };
	const char *at;

	bed_text(&bed,
	         "select text_values::text from messages where template = 'sms.pay_code' "
	         "order by created_ms desc, message_id desc limit 1",
	         values, sizeof values);
	assert_true(sms_text(bed.menus.program, &m, &about, &shown));
	at = strstr(shown.text, "send YES ");
	assert_non_null(at);
	memcpy(code, at + 9, ONETIME_DIGITS);
	code[ONETIME_DIGITS] = '\0';
	assert_int_equal(strspn(code, "0123456789"), ONETIME_DIGITS);
}

static const char *
yes(const char *code)
{
	static char text[24];

	snprintf(text, sizeof text, "YES %s", code);
	return text;
}

/* Another than that one. */
static const char *
yes_but(const char *code)
{
	char other[ONETIME_DIGITS + 1];

	memcpy(other, code, sizeof other);
	other[0] = other[0] == '9' ? '0' : (char)(other[0] + 1);
	return yes(other);
}

static int64_t
pulls(void)
{
	return bed_number(&bed, "select count(*) from payments where direction = 'in'");
}

static void
the_right_code_asks_the_wallet_once(void **state)
{
	char code[ONETIME_DIGITS + 1], sql[300];
	int64_t before = pulls();

	(void)state;
	answers("PAY 5000", "sms.pay_code", "\"amount\": \"500000\"");
	told(code);
	assert_int_equal(pulls(), before);
	snprintf(sql, sizeof sql,
	         "select (select count(*) from messages where text_values::text like "
	         "'%%%s%%') + (select count(*) from sms_codes where sms_codes::text like "
	         "'%%%s%%' and hash::text not like '%%%s%%')",
	         code, code, code);
	assert_int_equal(bed_number(&bed, sql), 0);
	bed_forget(&bed, NEEMA);
	for (int i = 0; i < 3; i++) /* the carrier brings it again */
		bed_sms(&bed, NEEMA, "yes", yes(code));
	assert_non_null(strstr(newest(NEEMA), "sms.code_paying"));
	assert_int_equal(pulls(), before + 1);
	assert_int_equal(bed_number(&bed, "select count(*) from messages where template "
	                                  "= 'sms.code_paying'"),
	                 1);
	answers(yes(code), "sms.code_none", NULL);
	assert_int_equal(pulls(), before + 1);
	assert_int_equal(bed_pay(&bed, "repay_in", PAY_PAID), 500000);
	assert_non_null(strstr(newest(NEEMA), "loan.repaid"));
}

static void
three_tries_and_no_more(void **state)
{
	char code[ONETIME_DIGITS + 1];
	int64_t before = pulls();

	(void)state;
	answers("LIPA 4000", "sms.pay_code", NULL);
	told(code);
	answers("YES", "sms.code_which", NULL);
	answers(yes_but(code), "sms.code_wrong", "\"tries\": \"2\"");
	bed_sms(&bed, NEEMA, "wrong", yes_but(code));
	bed_sms(&bed, NEEMA, "wrong", yes_but(code)); /* once */
	assert_non_null(strstr(newest(NEEMA), "\"tries\": \"1\""));
	answers(yes_but(code), "sms.code_spent", NULL);
	answers(yes(code), "sms.code_none", NULL);
	assert_int_equal(pulls(), before);
}

static void
only_the_newest_and_only_in_time(void **state)
{
	char first[ONETIME_DIGITS + 1], second[ONETIME_DIGITS + 1];
	int64_t before = pulls();

	(void)state;
	answers("PAY 3000", "sms.pay_code", NULL);
	told(first);
	answers("PAY 2000", "sms.pay_code", NULL);
	told(second);
	if (strcmp(first, second) != 0)
		answers(yes(first), "sms.code_wrong", NULL);
	assert_int_equal(bed_number(&bed,
	                            "with u as (update sms_codes set expires_ms = 1 "
	                            "where state = 'open' returning 1) "
	                            "select count(*) from u"),
	                 1);
	answers(yes(second), "sms.code_late", NULL);
	assert_int_equal(pulls(), before);
}

/* She has a second number; the code is good where it was told. */
static void
only_from_the_number_it_was_told(void **state)
{
	char code[ONETIME_DIGITS + 1];
	int64_t before = pulls();

	(void)state;
	assert_int_equal(bed_number(&bed, "with u as (insert into member_numbers select "
	                                  "cooperative_id, '" NEEMA_OTHER
	                                  "', member_id, added_ms "
	                                  "from member_numbers where msisdn = '" NEEMA
	                                  "' returning 1) "
	                                  "select count(*) from u"),
	                 1);
	answers("PAY 2000", "sms.pay_code", NULL);
	told(code);
	assert_non_null(strstr(says(NEEMA_OTHER, yes(code)), "sms.code_none"));
	bed_forget(&bed, STRANGER);
	bed_sms(&bed, STRANGER, "stranger", yes(code));
	assert_int_equal(pulls(), before);
	answers(yes(code), "sms.code_paying", "\"amount\": \"200000\"");
	assert_int_equal(pulls(), before + 1);
	assert_int_equal(bed_pay(&bed, "repay_in", PAY_FAILED), 200000);
}

/* What the menu would judge is judged when she says yes, not when she asked. */
static void
what_she_owes_then_counts(void **state)
{
	const char *const repay[] = { "1", "1", "40000", "1", NULL };
	char code[ONETIME_DIGITS + 1];
	int64_t before;

	(void)state;
	answers("PAY 45000", "sms.pay_code", NULL);
	told(code);
	walk(NEEMA, repay);
	before = pulls();
	/* that prompt is still on her phone */
	answers(yes(code), "sms.code_busy", NULL);
	assert_int_equal(bed_pay(&bed, "repay_in", PAY_PAID), 4000000);
	answers("PAY 7000", "sms.pay_code", NULL);
	told(code);
	answers("PAY 45000", "sms.pay_owed", NULL);
	assert_int_equal(bed_number(&bed, "with u as (update sms_codes set amount = "
	                                  "amount + 1 where state = 'open' returning 1) "
	                                  "select count(*) from u"),
	                 1);
	answers(yes(code), "sms.code_wrong", NULL); /* it is good for 7,000 alone */
	assert_int_equal(pulls(), before);
}

/* On the phone and by SMS: in words, and nothing is asked for. */
static void
what_her_network_is_not_asked_for(void **state)
{
	const char *const repay[] = { "1", "1", "1000", "1", NULL };
	const char *const save[] = { "5", "4", "1", "90000", "1", NULL };
	char code[ONETIME_DIGITS + 1];
	int64_t before = pulls(), end = bed.clock.mono_ms + 10000;

	(void)state;
	bed_number(&bed, "with u as (insert into prompt_limits values ('mtn', 'TZS', "
	                 "'2020-01-01', 200000, 8000000, 'test') returning 1) "
	                 "select count(*) from u");
	bed.env.prompt_sizes = prompt_sizes_new(&bed.env, 3600000);
	while (prompt_sizes_find(bed.env.prompt_sizes, "mtn", "TZS").least == 0) {
		loop_turn(bed.loop, 20);
		assert_true(bed.clock.mono_ms < end);
	}
	walk(NEEMA, repay);
	phone_shows(&p, "Your network pays 2,000 TZS or more at once.");
	phone_shows(&p, "How much do you pay now?");
	walk(NEEMA, save);
	phone_shows(&p, "Your network pays 80,000 TZS at most at once.");
	answers("PAY 1000", "sms.pay_code", NULL);
	told(code);
	answers(yes(code), "sms.pay_least", "\"bound\": \"200000\"");
	assert_int_equal(pulls(), before);
	prompt_sizes_free(bed.env.prompt_sizes);
	bed.env.prompt_sizes = NULL;
}

static void
without_the_setting_only_ussd_does(void **state)
{
	char code[ONETIME_DIGITS + 1];
	int64_t before = pulls();

	(void)state;
	answers("PAY 1000", "sms.pay_code", NULL);
	told(code);
	bed.settings.sms.codes = false;
	answers(yes(code), "sms.code_none", NULL);
	answers("PAY 1000", "sms.pay", NULL);
	bed.settings.sms.codes = true;
	answers("LOAN 50k", "sms.loan_has", NULL); /* and never by a code */
	assert_int_equal(pulls(), before);
}

static void
old_codes_are_forgotten(void **state)
{
	static const char ended[] =
	    "select count(*) from sms_codes where state <> 'open'";
	const int64_t end = bed.clock.mono_ms + 10000;
	struct expire *e;

	(void)state;
	assert_true(bed_number(&bed,
	                       "with u as (update sms_codes set made_ms = made_ms - age, "
	                       "expires_ms = expires_ms - age, ended_ms = ended_ms - age "
	                       "from (values (91 * 86400000::bigint)) v(age) "
	                       "where state <> 'open' returning 1) "
	                       "select count(*) from u") > 3);
	e = expire_start(&bed.env, 10);
	while (bed_number(&bed, ended) > 0 && bed.clock.mono_ms < end)
		loop_turn(bed.loop, 10);
	expire_stop(&e);
	assert_int_equal(bed_number(&bed, ended), 0);
	assert_int_equal(bed_number(&bed, "select count(*) from sms_codes"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_right_code_asks_the_wallet_once),
		cmocka_unit_test(three_tries_and_no_more),
		cmocka_unit_test(only_the_newest_and_only_in_time),
		cmocka_unit_test(only_from_the_number_it_was_told),
		cmocka_unit_test(what_she_owes_then_counts),
		cmocka_unit_test(what_her_network_is_not_asked_for),
		cmocka_unit_test(without_the_setting_only_ussd_does),
		cmocka_unit_test(old_codes_are_forgotten),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
