#include "ussd/core/sms_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct sms_keyword KEYWORDS[] = {
	{ "STOP", SMS_STOP, "" },
	{ "ACHA", SMS_STOP, "" },
	{ "ARRÊT", SMS_STOP, "" },
	{ "START", SMS_START, "" },
	{ "HELP", SMS_HELP, "" },
	{ "MSAADA", SMS_HELP, "" },
	{ "AIDE", SMS_HELP, "" },
	{ "BALANCE", SMS_BALANCE, "" },
	{ "SALIO", SMS_BALANCE, "" },
	{ "SOLDE", SMS_BALANCE, "" },
	{ "PRICE", SMS_PRICE, "" },
	{ "BEI", SMS_PRICE, "" },
	{ "PRIX", SMS_PRICE, "" },
	{ "RECEIPT", SMS_RECEIPT, "" },
	{ "RISITI", SMS_RECEIPT, "" },
	{ "REÇU", SMS_RECEIPT, "" },
	{ "LOAN", SMS_LOAN, "" },
	{ "MKOPO", SMS_LOAN, "" },
	{ "PRÊT", SMS_LOAN, "" },
	{ "PAY", SMS_PAY, "" },
	{ "LIPA", SMS_PAY, "" },
	{ "SALES", SMS_SALES, "" },
	{ "REGISTER", SMS_REGISTER, "" },
	{ "LANGUAGE", SMS_LANGUAGE, "" },
	{ "LUGHA", SMS_LANGUAGE, "" },
	{ "FRANÇAIS", SMS_LANGUAGE, "fr" },
	{ "KISWAHILI", SMS_LANGUAGE, "sw" },
	{ "YES", SMS_CONFIRM, "" },
	{ "NDIYO", SMS_CONFIRM, "" },
	{ "OUI", SMS_CONFIRM, "" },
	{ "CONFIRM", SMS_CONFIRM, "" },
	{ "BEI", SMS_TOPIC, "price" },
	{ "PRIX", SMS_TOPIC, "price" },
	{ "LOAN", SMS_TOPIC, "loan" },
	{ "MKOPO", SMS_TOPIC, "loan" },
	{ "PRÊT", SMS_TOPIC, "loan" },
	{ "REMINDERS", SMS_TOPIC, "loan" },
	{ "VIKUMBUSHO", SMS_TOPIC, "loan" },
};

struct read_case {
	const char *text;
	enum sms_kind want;
	const char *argument;
};

static const struct read_case CASES[] = {
	/* a one-time code, however it is typed */
	{ "YES 483920", SMS_CONFIRM, "483920" },
	{ "yes,483920.", SMS_CONFIRM, "483920" },
	{ "483920 Oui", SMS_CONFIRM, "483920" },
	{ "NDIO 483 920", SMS_CONFIRM, "483920" },
	{ "Ndiyo 4 8 3 9 2 0", SMS_CONFIRM, "483920" },
	{ "confrim 483920 please", SMS_CONFIRM, "483920" },
	{ "YES483920", SMS_CONFIRM, "483920" },
	{ "ndiyo000001", SMS_CONFIRM, "000001" },
	{ "YES 48392O", SMS_CONFIRM, "483920" },
	{ "YES l83920", SMS_CONFIRM, "183920" },
	{ "YES \u0664\u0668\u0663\u0669\u0662\u0660", SMS_CONFIRM, "483920" },
	{ "yes", SMS_CONFIRM, "" },
	{ "Ndiyo tafadhali", SMS_CONFIRM, "" },
	{ "YES 48392012", SMS_CONFIRM, "" },
	{ "yes, I come tomorrow", SMS_UNKNOWN, "" },
	{ "yes the pump is 1234567 shillings", SMS_UNKNOWN, "" },
	/* what is no code might be a PIN, and a code alone is no answer */
	{ "YES 4839", SMS_PIN, "" },
	{ "YES 48392", SMS_PIN, "" },
	{ "YES 483920 4839", SMS_PIN, "" },
	{ "483920", SMS_PIN, "" },
	{ "YES pin 483920", SMS_PIN, "" },
	{ "YESPIN483920", SMS_PIN, "" },
	{ "PAY483920", SMS_PIN, "" },
	{ "BALANCE 483920", SMS_PIN, "" },
	{ "STOP", SMS_STOP, "" },
	{ " stop. ", SMS_STOP, "" },
	{ "Arrêt!", SMS_STOP, "" },
	{ "arret", SMS_STOP, "" },
	{ "please stop this", SMS_UNKNOWN, "" },
	{ "31 stop", SMS_UNKNOWN, "" },
	{ "STOPP", SMS_UNKNOWN, "" },
	{ "START", SMS_START, "" },
	/* STOP of one topic, whose word may be a command of its own */
	{ "STOP BEI", SMS_STOP, "price" },
	{ "stop, bei!", SMS_STOP, "price" },
	{ "ACHA mkopo tafadhali", SMS_STOP, "loan" },
	{ "Arrêt prêt", SMS_STOP, "loan" },
	{ "START LOAN", SMS_START, "loan" },
	{ "STOP LOAN loan", SMS_STOP, "loan" },
	{ "STOP loan reminders", SMS_STOP, "loan" },
	{ "STOP LOANS", SMS_STOP, "loan" }, /* one edit */
	{ "STOP MKPOO", SMS_STOP, "loan" },
	{ "START VIKUMBUSHA", SMS_START, "loan" },
	{ "BEI", SMS_PRICE, "" },
	{ "LOAN", SMS_LOAN, "" },
	{ "VIKUMBUSHO", SMS_UNKNOWN, "" }, /* only behind STOP */
	/* nobody is unsubscribed by a sentence, and nobody is left without an answer */
	{ "STOP it", SMS_STOP_WHAT, "" },
	{ "STOP BEJ", SMS_STOP_WHAT, "" }, /* short words forgive nothing */
	{ "STOP MXXPO", SMS_STOP_WHAT, "" },
	{ "STOP SALIO", SMS_STOP_WHAT, "" }, /* a command, no topic */
	{ "STOP STOP", SMS_STOP_WHAT, "" },
	{ "STOP BEI MKOPO", SMS_STOP_WHAT, "" }, /* which? */
	{ "STOP my loan", SMS_STOP_WHAT, "" },
	{ "stop loan i paid it", SMS_STOP_WHAT, "" },
	{ "start work at pit 3 tomorrow please", SMS_STOP_WHAT, "" },
	{ "STOPP BEI", SMS_UNKNOWN, "" },
	{ "BEI STOP", SMS_PRICE, "" },
	{ "please STOP LOAN", SMS_UNKNOWN, "" },
	{ "STOP 4821", SMS_PIN, "" },
	{ "STOP LOAN 4821", SMS_PIN, "" },
	{ "help", SMS_HELP, "" },
	{ "HALP", SMS_UNKNOWN, "" },
	{ "Aide", SMS_HELP, "" },
	{ "salio", SMS_BALANCE, "" },
	{ "SALO", SMS_BALANCE, "" },
	{ "SAILO", SMS_BALANCE, "" },
	{ "SALIOO", SMS_BALANCE, "" },
	{ "SAXIO yangu", SMS_BALANCE, "" },
	{ "SXXIO", SMS_UNKNOWN, "" },
	{ "BEI", SMS_PRICE, "" },
	{ "BEJ", SMS_UNKNOWN, "" }, /* short keywords forgive nothing */
	{ "price", SMS_PRICE, "" },
	{ "PRIXE", SMS_PRICE, "" },
	{ "receipt k7m2-q9xa", SMS_RECEIPT, "K7M2Q9XA" },
	{ "Reçu K7M2 Q9XA", SMS_RECEIPT, "K7M2Q9XA" },
	{ "RISITI", SMS_RECEIPT, "" },
	{ "RECEIPT 4821-9035", SMS_RECEIPT, "48219035" },
	{ "RECEIPT 4821", SMS_PIN, "" },
	{ "my pin is 4821", SMS_PIN, "" },
	{ "4821", SMS_PIN, "" },
	{ "BALANCE 482193", SMS_PIN, "" },
	{ "call 255712000100", SMS_UNKNOWN, "" },
	{ "in 24 days", SMS_UNKNOWN, "" },
	{ "", SMS_UNKNOWN, "" },
	{ "!!! ???", SMS_UNKNOWN, "" },
	{ "\xc3", SMS_UNKNOWN, "" },
	{ "\xff\xfe\x80 stop", SMS_STOP, "" },
	{ "RECEIPT ABCDEFGHJKMNPQRSTUVWXYZ23456789", SMS_RECEIPT,
	  "ABCDEFGHJKMNPQRSTUVWXYZ2" },
	{ "Lugha kiswahili", SMS_LANGUAGE, "sw" },
	{ "language: FR", SMS_LANGUAGE, "fr" },
	{ "LANGUAGE francias", SMS_LANGUAGE, "fr" },
	{ "français", SMS_LANGUAGE, "fr" },
	{ "LANGUAGE klingon", SMS_LANGUAGE, "" },
	{ "REGISTER", SMS_REGISTER, "" },
	{ "sales", SMS_SALES, "" },
	{ "mon prêt", SMS_UNKNOWN, "" },
	/* PINs in every disguise */
	{ "my pin4821", SMS_PIN, "" },
	{ "PW4821", SMS_PIN, "" },
	{ "balance 4 8 2 1", SMS_PIN, "" },
	{ "BALANCE \u0664\u0668\u0662\u0661", SMS_PIN, "" },
	{ "salio.7391", SMS_PIN, "" },
	{ "LOAN 50000 4821", SMS_PIN, "" },
	{ "LOAN 50000 pin4821", SMS_PIN, "" },
	{ "PAY pin 5000", SMS_PIN, "" },
	{ "LIPA 4821 siri", SMS_PIN, "" },
	{ "4821 LOAN 50k 2580", SMS_PIN, "" },
	{ "loan 1 2 3 4", SMS_PIN, "" },
	{ "RECEIPT 4 8 2 1", SMS_PIN, "" },
	{ "7 days, 31 grams", SMS_UNKNOWN, "" },
	/* a letter that begins nearly like a command is for a person */
	{ "Price", SMS_PRICE, "" },
	{ "Pride goes before the fall", SMS_UNKNOWN, "" },
	{ "Price of gold today please, thank you", SMS_PRICE, "" },
	/* a phone number in groups is none */
	{ "call 0712 000 300 please", SMS_UNKNOWN, "" },
	{ "call 07 12 00 03 00", SMS_UNKNOWN, "" },
	{ "call 0712 000 300 4821", SMS_PIN, "" },
	{ "0712 4821", SMS_PIN, "" },
};

/* Amounts as people write them. */
static const struct {
	const char *text;
	enum sms_kind kind;
	int64_t amount;
} AMOUNTS[] = {
	{ "LOAN", SMS_LOAN, 0 },
	{ "LOAN 50000", SMS_LOAN, 50000 },
	{ "loan 50,000", SMS_LOAN, 50000 },
	{ "LOAN 50.000", SMS_LOAN, 50000 },
	{ "LOAN 50 000", SMS_LOAN, 50000 },
	{ "Mkopo 50k", SMS_LOAN, 50000 },
	{ "Mkopo 50 K tafadhali", SMS_LOAN, 50000 },
	{ "PRET 1,5m", SMS_LOAN, 1500000 },
	{ "LOAN 1.500.000", SMS_LOAN, 1500000 },
	{ "LOAN TZS50000", SMS_LOAN, 50000 },
	{ "LOAN TZS 50,000/= please", SMS_LOAN, 50000 },
	{ "LOAN 50000TSH", SMS_LOAN, 50000 },
	{ "LOAN 50000.00", SMS_LOAN, 50000 },
	{ "LOAN 5OOOO", SMS_LOAN, 50000 },
	{ "LOAN l0000", SMS_LOAN, 0 }, /* a word that begins with a letter is one */
	{ "LOAN \u0665\u0660\u0660\u0660\u0660", SMS_LOAN, 50000 },
	{ "LOAN \uff15\uff10\uff10\uff10\uff10", SMS_LOAN, 50000 },
	{ "50000 LOAN", SMS_LOAN, 50000 },
	{ "LOAN 4 weeks 50000", SMS_LOAN, 50000 },
	{ "LAON 50000", SMS_LOAN, 50000 },
	{ "LOAN: 50000!", SMS_LOAN, 50000 },
	{ "PAY 13,125", SMS_PAY, 13125 },
	{ "PAY 13125 TZS", SMS_PAY, 0 }, /* might be a PIN: not repeated */
	{ "PAY 13125TZS", SMS_PAY, 13125 },
	{ "PAY 2580", SMS_PAY, 0 },
	{ "PAY 5000", SMS_PAY, 5000 },
	{ "LIPA 1234567", SMS_PAY, 1234567 },
	{ "PAY 12.5", SMS_PAY, 0 },
	{ "PAY 999999999999999", SMS_PAY, 0 },
	{ "PAY 999999999999k", SMS_PAY, 0 },
	{ "PAY -500", SMS_PAY, 500 },
	{ "PAY 0", SMS_PAY, 0 },
};

static void
amounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof AMOUNTS / sizeof *AMOUNTS; i++) {
		struct sms_command got;

		sms_command_read(KEYWORDS, sizeof KEYWORDS / sizeof *KEYWORDS,
		                 AMOUNTS[i].text, strlen(AMOUNTS[i].text), &got);
		if (got.kind != AMOUNTS[i].kind || got.amount != AMOUNTS[i].amount)
			fail_msg("\"%s\": got %s %lld", AMOUNTS[i].text,
			         sms_kind_name(got.kind), (long long)got.amount);
	}
}

static void
reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		const struct read_case *c = &CASES[i];
		struct sms_command got;

		sms_command_read(KEYWORDS, sizeof KEYWORDS / sizeof *KEYWORDS, c->text,
		                 strlen(c->text), &got);
		if (got.kind != c->want || strcmp(got.argument, c->argument) != 0)
			fail_msg("\"%s\": got %s \"%s\"", c->text,
			         sms_kind_name(got.kind), got.argument);
	}
}

static void
two_kinds_at_one_letter_are_neither(void **state)
{
	static const struct sms_keyword both[] = { { "PRIX", SMS_PRICE, "" },
		                                   { "PRIS", SMS_RECEIPT, "" } };
	struct sms_command got;

	(void)state;
	sms_command_read(both, 2, "PRIK", 4, &got);
	assert_int_equal(got.kind, SMS_UNKNOWN);
}

static void
names(void **state)
{
	(void)state;
	assert_int_equal(sms_kind_by_name("receipt"), SMS_RECEIPT);
	assert_int_equal(sms_kind_by_name("pin"), SMS_UNKNOWN);
	assert_int_equal(sms_kind_by_name("nothing"), SMS_UNKNOWN);
	assert_int_equal(sms_kind_by_name("language.sw"), SMS_LANGUAGE);
	assert_int_equal(sms_kind_by_name("stop.sw"), SMS_UNKNOWN);
	assert_int_equal(sms_kind_by_name("stop_what"), SMS_UNKNOWN);
	assert_int_equal(sms_kind_by_name("topic"), SMS_UNKNOWN);
	assert_int_equal(sms_kind_by_name("topic.loan"), SMS_TOPIC);
	assert_string_equal(sms_value_of_name("topic.loan"), "loan");
	assert_string_equal(sms_value_of_name("language.sw"), "sw");
	assert_string_equal(sms_value_of_name("stop"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(amounts),
		cmocka_unit_test(two_kinds_at_one_letter_are_neither),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
