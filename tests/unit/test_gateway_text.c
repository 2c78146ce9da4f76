/* What the carrier's answer to an SMS means, which messages are asked on her phone first,
 * and that the receipt page escapes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/at_send.h"
#include "gateway/receipt_page.h"
#include "gateway/sms_push.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define RECIPIENT(fields) "{\"SMSMessageData\":{\"Recipients\":[{" fields "}]}}"

static void
the_recipients_status_decides(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum at_sent what;
		const char *word; /* carrier id if taken, else reason */
	} rows[] = {
		{ 201,
		  RECIPIENT("\"statusCode\":101,\"status\":\"Success\",\"messageId\":"
		            "\"ATX1\""),
		  AT_TAKEN, "ATX1" },
		{ 201, RECIPIENT("\"statusCode\":403,\"status\":\"InvalidPhoneNumber\""),
		  AT_REFUSED, "InvalidPhoneNumber" },
		{ 201, RECIPIENT("\"statusCode\":406,\"status\":\"UserInBlacklist\""),
		  AT_REFUSED, "UserInBlacklist" },
		{ 201, RECIPIENT("\"statusCode\":405,\"status\":\"InsufficientBalance\""),
		  AT_AGAIN, "InsufficientBalance" },
		{ 201, RECIPIENT("\"status\":\"Success\""), AT_AGAIN, "unreadable" },
		{ 201,
		  "{\"SMSMessageData\":{\"Message\":\"InvalidSenderId\",\"Recipients\":[]"
		  "}"
		  "}",
		  AT_AGAIN, "InvalidSenderId" },
		{ 201, "<html>", AT_AGAIN, "unreadable" },
		{ 401, "no", AT_AGAIN, "api_key_refused" },
		{ 500, "", AT_AGAIN, "http_status" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct at_sent_answer a;
		at_read_sent(rows[i].status, rows[i].body, strlen(rows[i].body), &a);
		assert_int_equal(a.what, rows[i].what);
		assert_string_equal(a.what == AT_TAKEN ? a.carrier_id : a.reason,
		                    rows[i].word);
	}
}

static void
what_is_asked_on_her_phone(void **state)
{
	static const struct {
		const char *template, *values, *msisdn;
		int attempts;
		const char *screen; /* NULL: an SMS */
	} rows[] = {
		{ "lot.quoted", "{\"lot\":\"0190\"}", "255712000100", 1, "sell.pushed" },
		{ "group.asked", "{}", "255712000100", 1, "group.pushed" },
		/* it may have been shown before: never twice */
		{ "lot.quoted", "{\"lot\":\"0190\"}", "255712000100", 2, NULL },
		{ "lot.quoted", "{\"code\":\"ABC234\"}", "255712000100", 1, NULL },
		{ "lot.quoted", NULL, "255712000100", 1, NULL },
		{ "lot.quoted", "{\"lot\":\"0190\"}", "12", 1, NULL },
		{ "sale.receipt", "{\"lot\":\"0190\"}", "255712000100", 1, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message m = { .values = rows[i].values,
			             .attempts = rows[i].attempts };
		struct dialog_push what;
		bool asks;

		snprintf(m.msisdn, sizeof m.msisdn, "%s", rows[i].msisdn);
		snprintf(m.template, sizeof m.template, "%s", rows[i].template);
		asks = sms_push_read(&m, &what);
		assert_int_equal(asks, rows[i].screen != NULL);
		if (!asks)
			continue;
		assert_string_equal(what.screen, rows[i].screen);
		assert_string_equal(what.msisdn.digits, rows[i].msisdn);
	}
}

static void
the_page_escapes_what_people_wrote(void **state)
{
	static struct receipt_view r;
	static char page[24576];
	struct buf b;

	(void)state;
	snprintf(r.code, sizeof(r.code), "CDYE8QKZ");
	snprintf(r.cooperative, sizeof(r.cooperative), "<script>alert('x')</script>");
	snprintf(r.tag, sizeof(r.tag), "\"&");
	snprintf(r.currency, sizeof(r.currency), "TZS");
	r.exponent = 2;
	r.quote.payout = 123456789;
	buf_init(&b, page, sizeof(page));
	receipt_html(&b, &r);
	assert_true(buf_ok(&b));
	assert_null(strstr(page, "<script>"));
	assert_non_null(strstr(page, "&lt;script&gt;alert(&#39;x&#39;)"));
	assert_non_null(strstr(page, "&quot;&amp;"));
	assert_non_null(strstr(page, "Altered."));
	assert_non_null(strstr(page, "1&#8239;234&#8239;567.89 TZS"));
	r.intact = true;
	buf_clear(&b);
	receipt_html(&b, &r);
	assert_non_null(strstr(page, "Valid."));
	assert_non_null(strstr(page, "not confirmed yet"));
	buf_clear(&b);
	receipt_html_unknown(&b, "<b>", true);
	assert_null(strstr(page, "<b>."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_recipients_status_decides),
		cmocka_unit_test(what_is_asked_on_her_phone),
		cmocka_unit_test(the_page_escapes_what_people_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
