/* SMS over HTTP in: what carriers post, and what became of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/http_sms_in.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static struct settings_carrier
carrier(const char *kind)
{
	struct settings_carrier row = { .name = "k" };

	snprintf(row.kind, sizeof row.kind, "%s", kind);
	return row;
}

static struct http_sms_post
post(const char *query, const char *body, const char *tail)
{
	return (struct http_sms_post){ query, body, tail, strlen(body) };
}

static void
sms_of_people(void **state)
{
	static const struct {
		const char *kind, *query, *body;
		const char *wrong, *id, *text, *when;
	} rows[] = {
		{ "kannel", "from=%2B255712000100&text=HELP&id=7&time=99&coding=0", "",
		  NULL, "7", "HELP", "99" },
		{ "kannel", "from=+255712000100&text=a+b%2Bc&id=&time=99", "", NULL, "",
		  "a b+c", "99" },
		/* UTF-16, with its zeros; an emoji is a question mark for each half */
		{ "kannel", "from=255712000100&text=%00B%00%E9%d8%3d%de%00&coding=2", "",
		  NULL, "", "B\xc3\xa9??", "" },
		{ "kannel", "from=255712000100&text=%00B%00&coding=2", "", "encoded", "",
		  "", "" },
		{ "kannel", "from=255712000100&id=a%20b&text=x", "", "id is wrong", "",
		  "", "" },
		{ "kannel", "from=hello&text=x", "", "international", "", "", "" },
		{ "kannel", "text=x", "", "from is missing", "", "", "" },
		{ "kannel", "from=255712000100", "", "text is missing", "", "", "" },
		{ "template", "", "sender=255712000100&message=BAL&message_id=m1&date=d",
		  NULL, "m1", "BAL", "d" },
		{ "template", "", "MessageSid=SM1&From=%2B255712000100&To=%2B1&Body=BAL",
		  NULL, "SM1", "BAL", "" },
		{ "infobip", "",
		  "{\"results\":[{\"messageId\":\"m1\",\"from\":\"255712000100\","
		  "\"text\":\"BAL\"}]}",
		  NULL, "m1", "BAL", "" },
		{ "infobip", "", "{\"results\":[]}", "messageId", "", "", "" },
		{ "infobip", "", "{", "messageId", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct settings_carrier row = carrier(rows[i].kind);
		struct http_sms_post p = post(rows[i].query, rows[i].body, "");
		struct at_sms_in sms;
		char when[40];
		bool more;
		const char *wrong = http_sms_in_read(&row, &p, 0, &sms, when, &more);

		if ((wrong == NULL) != (rows[i].wrong == NULL) ||
		    (wrong != NULL && strstr(wrong, rows[i].wrong) == NULL))
			fail_msg("row %zu: %s", i, wrong);
		assert_false(more);
		if (wrong != NULL)
			continue;
		assert_string_equal(sms.in.sms_id, rows[i].id);
		assert_string_equal(sms.in.text, rows[i].text);
		assert_string_equal(when, rows[i].when);
		assert_string_equal(sms.in.from.digits, "255712000100");
	}
}

static void
what_became_of_ours(void **state)
{
	static const struct {
		const char *kind, *query, *body, *tail;
		bool wrong;
		enum at_fate fate;
		const char *id, *reason;
	} rows[] = {
		{ "kannel", "id=m1&type=1&reason=", "", "", false, AT_DELIVERED, "k:m1",
		  "" },
		{ "kannel", "id=m1&type=2&reason=ABSENT", "", "", false, AT_LOST, "k:m1",
		  "ABSENT" },
		{ "kannel", "id=m1&type=16&reason=NACK/11", "", "", false, AT_LOST,
		  "k:m1", "NACK/11" },
		{ "kannel", "id=m1&type=8", "", "", false, AT_ON_ITS_WAY, "k:m1", "" },
		{ "kannel", "type=1", "", "", true, AT_LOST, "", "" },
		{ "kannel", "id=m1", "", "", true, AT_LOST, "", "" },
		{ "template", "", "id=m1", "delivered", false, AT_DELIVERED, "k:m1", "" },
		{ "template", "id=m1", "", "sent", false, AT_ON_ITS_WAY, "k:m1", "" },
		{ "template", "id=m1&status=Expired", "", "", false, AT_LOST, "k:m1",
		  "" },
		{ "template", "", "MessageSid=SM1&MessageStatus=delivered", "", false,
		  AT_DELIVERED, "k:SM1", "" },
		{ "template", "",
		  "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003", "", false,
		  AT_LOST, "k:SM1", "30003" },
		{ "infobip", "",
		  "{\"results\":[{\"messageId\":\"m1\",\"status\":{\"groupName\":"
		  "\"UNDELIVERABLE\",\"name\":\"UNDELIVERABLE_NOT_DELIVERED\"}}]}",
		  "", false, AT_LOST, "k:m1", "UNDELIVERABLE_NOT_DELIVERED" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct settings_carrier row = carrier(rows[i].kind);
		struct http_sms_post p = post(rows[i].query, rows[i].body, rows[i].tail);
		struct sms_report r;
		bool more;
		const char *wrong = http_sms_report_read(&row, &p, 0, &r, &more);

		if ((wrong != NULL) != rows[i].wrong)
			fail_msg("row %zu: %s", i, wrong);
		if (wrong != NULL)
			continue;
		assert_int_equal(r.fate, rows[i].fate);
		assert_string_equal(r.carrier_id, rows[i].id);
		assert_string_equal(r.reason, rows[i].reason);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sms_of_people),
		cmocka_unit_test(what_became_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
