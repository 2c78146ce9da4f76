/* Which carrier an SMS goes by, and what carriers are sent and answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/carriers.h"
#include "gateway/channel/http_sms.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static const struct uuid id = { { 0x0f, 0x8f, 0xad, 0x5b, 0xd9, 0xcb, 0x46, 0x9f, 0xa1,
	                          0x65, 0x70, 0x86, 0x77, 0x28, 0x95, 0x0e } };
#define ID "0f8fad5b-d9cb-469f-a165-70867728950e"

static void
the_cheapest_that_reaches_the_number(void **state)
{
	static const struct carrier_route routes[] = {
		{ .numbers = "", .cost = 30 },
		{ .numbers = "25571 25575", .cost = 10 },
		{ .numbers = "255", .cost = 10 },
		{ .numbers = "255712", .cost = 20 },
		{ .numbers = "255", .cost = 10 },
	};

	static const struct {
		const char *digits;
		uint32_t without;
		int best;
	} rows[] = {
		{ "255712000100", 0, 1 },      /* cost, then the longer prefix */
		{ "255680000912", 0, 2 },      /* cost, then the earlier       */
		{ "255712000100", 1 << 1, 2 }, /* it is down                   */
		{ "255712000100", 0x16, 3 },   /* all the cheap ones are       */
		{ "254710000112", 0, 0 },      /* no prefix: everywhere        */
		{ "255712000100", 0x1f, CARRIER_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(carrier_pick(routes, 5, rows[i].digits, rows[i].without),
		                 rows[i].best);
}

static void
three_failures_close_a_route_and_one_sms_opens_it(void **state)
{
	struct carrier_route r = { .numbers = "" };

	(void)state;
	for (int i = 0; i < 2; i++)
		carrier_note(&r.health, SMS_AGAIN, 1000, 3, 500);
	assert_true(carrier_is_well(&r, 1000, 3));
	carrier_note(&r.health, SMS_REFUSED, 1000, 3, 500); /* an answer like any */
	for (int i = 0; i < 3; i++)
		carrier_note(&r.health, SMS_AGAIN, 1000, 3, 500);
	assert_false(carrier_is_well(&r, 1499, 3));
	assert_true(carrier_is_well(&r, 1500, 3));
	r.health.probing = true; /* one is on its way */
	assert_false(carrier_is_well(&r, 1500, 3));
	carrier_note(&r.health, SMS_AGAIN, 1600, 3, 500);
	assert_false(carrier_is_well(&r, 2099, 3));
	carrier_note(&r.health, SMS_TAKEN, 2200, 3, 500);
	assert_true(carrier_is_well(&r, 2200, 3));
}

static void
kannel_gets_headers_and_its_report_names_our_id(void **state)
{
	static struct settings_carrier row = { .name = "kannel",
		                               .kind = "kannel",
		                               .url = "http://k:13013/cgi-bin/sendsms",
		                               .user = "adit",
		                               .secret = "s3cret",
		                               .sender = "MINE",
		                               .in_secret = "path" };
	static struct http_sms_request rq;
	struct carrier_sms sms = { "255712000100", "Habari & karibu", &id };

	(void)state;
	assert_true(http_sms_write(&row, "https://adit.example", &sms, &rq));
	assert_string_equal(rq.url, row.url);
	assert_string_equal(rq.body, "Habari & karibu");
	assert_null(strstr(rq.url, "s3cret"));
	assert_string_equal(rq.line[rq.lines - 1],
	                    "X-Kannel-DLR-Url: https://adit.example/sms/kannel/path/dlr?"
	                    "id=" ID "&type=%d&reason=%A");
	sms.reference = NULL; /* nobody waits for the report */
	assert_true(http_sms_write(&row, "https://adit.example", &sms, &rq));
	for (unsigned i = 0; i < rq.lines; i++)
		assert_null(strstr(rq.line[i], "DLR"));
}

static void
templates(void **state)
{
	static const struct {
		const char *url, *method, *type, *body;
		const char *wants_url, *wants_body;
	} rows[] = {
		{ "http://x/send?to={{to}}&m={{text}}", "GET", "", "",
		  "http://x/send?to=%2B255712000100&m=a%20%22b%22%20%3C%26%3E", "" },
		{ "http://x/send", "POST", "application/json",
		  "{\"to\":\"{{to_no_plus}}\",\"m\":\"{{text}}\",\"id\":\"{{id}}\"}",
		  "http://x/send",
		  "{\"to\":\"255712000100\",\"m\":\"a \\\"b\\\" <&>\",\"id\":\"" ID
		  "\"}" },
		{ "http://x/send", "POST", "text/xml", "<m f=\"{{from}}\">{{text}}</m>",
		  "http://x/send", "<m f=\"MINE\">a &quot;b&quot; &lt;&amp;&gt;</m>" },
		{ "http://x/send", "POST", "application/x-www-form-urlencoded",
		  "t={{text}}&x={{other}}", "http://x/send",
		  "t=a%20%22b%22%20%3C%26%3E&x={{other}}" },
	};
	static struct http_sms_request rq;
	struct carrier_sms sms = { "255712000100", "a \"b\" <&>", &id };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct settings_carrier row = { .name = "own",
			                        .kind = "template",
			                        .sender = "MINE",
			                        .secret = "s3cret",
			                        .authorization = "Bearer {{secret}}" };
		snprintf(row.url, sizeof row.url, "%s", rows[i].url);
		snprintf(row.method, sizeof row.method, "%s", rows[i].method);
		snprintf(row.content_type, sizeof row.content_type, "%s", rows[i].type);
		snprintf(row.body, sizeof row.body, "%s", rows[i].body);
		assert_true(http_sms_write(&row, "", &sms, &rq));
		assert_string_equal(rq.url, rows[i].wants_url);
		assert_string_equal(rq.body, rows[i].wants_body);
		assert_string_equal(rq.line[0], "Authorization: Bearer s3cret");
	}
}

static void
answers(void **state)
{
	static const struct {
		const char *kind, *expects, *id_field;
		int status;
		const char *body;
		enum sms_fate fate;
		bool surely_not;
		const char *carrier_id, *reason;
	} rows[] = {
		{ "kannel", "", "", 202, "0: Accepted for delivery", SMS_TAKEN, false,
		  "k:" ID, "" },
		{ "kannel", "", "", 202, "3: Queued for later delivery", SMS_TAKEN, false,
		  "k:" ID, "" },
		{ "kannel", "", "", 403, "Authorization failed", SMS_AGAIN, true, "",
		  "credentials_refused" },
		{ "kannel", "", "", 403,
		  "Number(s) has/have been denied by white- and/or black-lists.",
		  SMS_REFUSED, true, "", "number_denied" },
		{ "kannel", "", "", 400, "Empty text not allowed, rejected", SMS_REFUSED,
		  true, "", "refused" },
		{ "kannel", "", "", 400, "Sender missing and no global set, rejected",
		  SMS_AGAIN, true, "", "http_status" },
		{ "kannel", "", "", 404, "", SMS_AGAIN, true, "", "http_status" },
		{ "kannel", "", "", 503, "Temporal failure, try again later.", SMS_AGAIN,
		  true, "", "busy" },
		{ "infobip", "", "", 200,
		  "{\"messages\":[{\"to\":\"255712000100\",\"messageId\":\"m-1\","
		  "\"status\":{\"groupId\":1,\"groupName\":\"PENDING\","
		  "\"name\":\"PENDING_ACCEPTED\"}}]}",
		  SMS_TAKEN, false, "k:m-1", "" },
		{ "infobip", "", "", 200,
		  "{\"messages\":[{\"status\":{\"groupName\":\"REJECTED\","
		  "\"name\":\"REJECTED_NOT_ENOUGH_CREDITS\"}}]}",
		  SMS_AGAIN, true, "", "REJECTED_NOT_ENOUGH_CREDITS" },
		{ "infobip", "", "", 200,
		  "{\"messages\":[{\"status\":{\"groupName\":\"REJECTED\","
		  "\"name\":\"REJECTED_DESTINATION\"}}]}",
		  SMS_REFUSED, true, "", "REJECTED_DESTINATION" },
		{ "infobip", "", "", 200, "oops", SMS_AGAIN, false, "", "unreadable" },
		{ "infobip", "", "", 401, "", SMS_AGAIN, true, "",
		  "credentials_refused" },
		{ "template", "queued", "", 200, "it is queued", SMS_TAKEN, false,
		  "k:" ID, "" },
		{ "template", "queued", "", 200, "no credit", SMS_AGAIN, true, "",
		  "answer_without_word" },
		{ "template", "", "msgid", 201, "{\"msgid\":\"77\"}", SMS_TAKEN, false,
		  "k:77", "" },
		{ "template", "", "", 500, "", SMS_AGAIN, false, "", "http_status" },
		{ "template", "", "", 400, "", SMS_AGAIN, true, "", "http_status" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct settings_carrier row = { .name = "k" };
		struct http_sms_answer a;

		snprintf(row.kind, sizeof row.kind, "%s", rows[i].kind);
		snprintf(row.expects, sizeof row.expects, "%s", rows[i].expects);
		snprintf(row.id_field, sizeof row.id_field, "%s", rows[i].id_field);
		http_sms_read(&row, rows[i].status, rows[i].body, strlen(rows[i].body),
		              ID, &a);
		if (a.fate != rows[i].fate || a.surely_not != rows[i].surely_not ||
		    strcmp(a.carrier_id, rows[i].carrier_id) != 0 ||
		    strcmp(a.reason, rows[i].reason) != 0)
			fail_msg("row %zu: %d %d %s %s", i, (int)a.fate, a.surely_not,
			         a.carrier_id, a.reason);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cheapest_that_reaches_the_number),
		cmocka_unit_test(three_failures_close_a_route_and_one_sms_opens_it),
		cmocka_unit_test(kannel_gets_headers_and_its_report_names_our_id),
		cmocka_unit_test(templates),
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
