/* Any octets as an SMS: one command or none, and what is none holds no PIN that could be
 * kept for a person to read. */
#include "ussd/core/sms_command.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sms_keyword KEYWORDS[] = {
	{ "STOP", SMS_STOP, "" },
	{ "BALANCE", SMS_BALANCE, "" },
	{ "RECEIPT", SMS_RECEIPT, "" },
	{ "PRÊT", SMS_LOAN, "" },
	{ "LIPA", SMS_PAY, "" },
	{ "LANGUAGE", SMS_LANGUAGE, "" },
	{ "FRANÇAIS", SMS_LANGUAGE, "fr" },
	{ "NDIYO", SMS_CONFIRM, "" },
	{ "PRÊT", SMS_TOPIC, "loan" },
	{ "BEI", SMS_TOPIC, "price" },
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sms_command got;

	sms_command_read(KEYWORDS, sizeof KEYWORDS / sizeof *KEYWORDS, (const char *)data,
	                 size, &got);
	if (strnlen(got.argument, sizeof got.argument) == sizeof got.argument ||
	    got.amount < 0 || got.kind >= SMS_KINDS)
		abort();
	if (got.kind == SMS_PIN && (got.argument[0] != '\0' || got.amount != 0))
		abort();
	if (got.kind == SMS_CONFIRM && got.argument[0] != '\0' &&
	    (strlen(got.argument) != 6 || strspn(got.argument, "0123456789") != 6))
		abort();
	if (got.kind == SMS_TOPIC ||
	    (got.kind == SMS_STOP_WHAT && got.argument[0] != '\0'))
		abort();
	if (got.kind == SMS_STOP && got.argument[0] != '\0' &&
	    strcmp(got.argument, "loan") != 0 && strcmp(got.argument, "price") != 0)
		abort();
	if ((got.kind == SMS_UNKNOWN || got.kind == SMS_STOP_WHAT) &&
	    size <= SMS_TEXT_MAX && sms_looks_like_pin((const char *)data, size))
		abort();
	return 0;
}
