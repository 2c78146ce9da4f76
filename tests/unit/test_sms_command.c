#include "ussd/core/sms_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct sms_keyword KEYWORDS[] = {
	{ "STOP", SMS_STOP },     { "ACHA", SMS_STOP },       { "ARRÊT", SMS_STOP },
	{ "START", SMS_START },   { "HELP", SMS_HELP },       { "MSAADA", SMS_HELP },
	{ "AIDE", SMS_HELP },     { "BALANCE", SMS_BALANCE }, { "SALIO", SMS_BALANCE },
	{ "SOLDE", SMS_BALANCE }, { "PRICE", SMS_PRICE },     { "BEI", SMS_PRICE },
	{ "PRIX", SMS_PRICE },    { "RECEIPT", SMS_RECEIPT }, { "RISITI", SMS_RECEIPT },
	{ "REÇU", SMS_RECEIPT },
};

struct read_case {
	const char *text;
	enum sms_kind want;
	const char *argument;
};

static const struct read_case CASES[] = {
	{ "STOP", SMS_STOP, "" },
	{ " stop. ", SMS_STOP, "" },
	{ "Arrêt!", SMS_STOP, "" },
	{ "arret", SMS_STOP, "" },
	{ "please stop this", SMS_UNKNOWN, "" },
	{ "stop it", SMS_UNKNOWN, "" },
	{ "STOPP", SMS_UNKNOWN, "" },
	{ "START", SMS_START, "" },
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
};

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
	static const struct sms_keyword both[] = { { "PRIX", SMS_PRICE },
		                                   { "PRIS", SMS_RECEIPT } };
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
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(two_kinds_at_one_letter_are_neither),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
