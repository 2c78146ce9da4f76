/* Africa's Talking: what comes in, who may send it, and where a callback belongs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/at_gate.h"
#include "gateway/channel/at_read.h"
#include "gateway/webhook/callback.h"
#include "payments/flow/posted.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define COMMON "sessionId=AT1&phoneNumber=%2B255712000100&serviceCode=%2A384%2A77%23"

static void
hops(void **state)
{
	static const struct {
		const char *body;
		const char *wrong; /* NULL: read */
		enum hop_kind kind;
		const char *input;
	} rows[] = {
		{ COMMON "&networkCode=63902&text=", NULL, HOP_BEGIN, "" },
		{ COMMON "&text=1", NULL, HOP_CONTINUE, "1" },
		{ COMMON "&text=1*50000*1*2580", NULL, HOP_CONTINUE, "1*50000*1*2580" },
		{ COMMON "&text=a+b%2Bc", NULL, HOP_CONTINUE, "a b+c" },
		/* a plus sign nobody encoded */
		{ "sessionId=AT1&phoneNumber=+255712000100&serviceCode=1&text=", NULL,
		  HOP_BEGIN, "" },
		{ COMMON, "missing", HOP_BEGIN, "" },
		{ "", "missing", HOP_BEGIN, "" },
		{ "phoneNumber=%2B255712000100&serviceCode=1&text=", "missing", HOP_BEGIN,
		  "" },
		{ "sessionId=&phoneNumber=%2B255712000100&serviceCode=1&text=",
		  "printable", HOP_BEGIN, "" },
		{ "sessionId=a%0Ab&phoneNumber=%2B255712000100&serviceCode=1&text=",
		  "printable", HOP_BEGIN, "" },
		{ "sessionId=AT1&phoneNumber=hello&serviceCode=1&text=",
		  "international number", HOP_BEGIN, "" },
		{ COMMON "&text=%zz", "wrongly encoded", HOP_BEGIN, "" },
		{ COMMON "&text=%00", "wrongly encoded", HOP_BEGIN, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct at_hop h;
		const char *wrong = at_ussd_parse(rows[i].body, strlen(rows[i].body), &h);
		if (rows[i].wrong != NULL) {
			if (wrong == NULL || strstr(wrong, rows[i].wrong) == NULL)
				fail_msg("%s: %s", rows[i].body, wrong);
			continue;
		}
		if (wrong != NULL)
			fail_msg("%s: %s", rows[i].body, wrong);
		assert_int_equal(h.hop.kind, rows[i].kind);
		assert_string_equal(h.hop.input, rows[i].input);
		assert_string_equal(h.hop.msisdn.digits, "255712000100");
		assert_true(h.hop.cumulative);
		at_hop_wipe(&h);
		assert_string_equal(h.text, "");
	}
}

static void
the_notice_never_carries_what_was_typed(void **state)
{
	static const char body[] = COMMON "&status=Success&input=1*2580&cost=KES+0.10";
	static const char left[] = COMMON "&status=Incomplete";
	struct hop h;

	(void)state;
	assert_null(at_ussd_parse_event(body, sizeof(body) - 1, &h));
	assert_int_equal(h.kind, HOP_END);
	assert_int_equal(h.input_len, 0);
	assert_null(at_ussd_parse_event(left, sizeof(left) - 1, &h));
	assert_int_equal(h.kind, HOP_ABORT);
	assert_non_null(at_ussd_parse_event(COMMON, sizeof(COMMON) - 1, &h));
}

static void
sms_and_reports(void **state)
{
	static const char sms[] = "id=m1&from=%2B255712000100&to=384&text=BALANCE";
	static const char report[] =
	    "id=ATXid_1&status=Failed&failureReason=UserInBlackList";
	struct at_sms_in in;
	struct sms_report r;

	(void)state;
	assert_null(at_sms_parse(sms, sizeof(sms) - 1, &in));
	assert_string_equal(in.in.text, "BALANCE");
	assert_string_equal(in.in.from.digits, "255712000100");
	assert_non_null(at_sms_parse("from=%2B255712000100&text=x", 27, &in));
	assert_null(at_sms_parse_report(report, sizeof(report) - 1, &r));
	assert_int_equal(r.fate, AT_LOST);
	assert_string_equal(r.reason, "UserInBlackList");
	assert_null(at_sms_parse_report("id=1&status=Success", 19, &r));
	assert_int_equal(r.fate, AT_DELIVERED);
	assert_null(at_sms_parse_report("id=1&status=Whatever", 20, &r));
	assert_int_equal(r.fate, AT_ON_ITS_WAY);
	assert_non_null(at_sms_parse_report("status=Success", 14, &r));
}

static void
paths(void **state)
{
	static const struct {
		const char *secret, *rest, *tail;
	} rows[] = {
		{ "", "", "" },
		{ "", "/events", "events" },
		{ "", "/", NULL },
		{ "", "x", NULL },
		{ "abc", "", NULL },
		{ "abc", "/abc", "" },
		{ "abc", "/abc/events", "events" },
		{ "abc", "/abcd", NULL },
		{ "abc", "/ab", NULL },
		{ "abc", "/events", NULL },
		{ "abc", "abc", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *tail = at_path_tail(rows[i].secret, rows[i].rest);
		if (rows[i].tail == NULL
		        ? tail != NULL
		        : tail == NULL || strcmp(tail, rows[i].tail) != 0)
			fail_msg("%s %s: %s", rows[i].secret, rows[i].rest, tail);
	}
}

static void
callbacks(void **state)
{
	static const char id[] = "0f8fad5b-d9cb-469f-a165-70867728950e";
	static struct settings s;
	struct callback_path p;
	struct uuid question;
	char rest[128];

	(void)state;
	s.provider_count = 2;
	memcpy(s.providers[0].name, "mtn", 4);
	memcpy(s.providers[1].name, "airtel-ug", 10);
	memcpy(s.providers[1].codec, "airtel", 7);
	snprintf(rest, sizeof(rest), "mtn/%s", id);
	assert_true(callback_path(&s, rest, &p));
	assert_string_equal(p.provider->name, "mtn");
	assert_false(uuid_is_nil(&p.reference));
	memcpy(s.callback.secret, "abc", 4);
	assert_false(callback_path(&s, rest, &p));
	snprintf(rest, sizeof(rest), "mtn/abc/%s", id);
	assert_true(callback_path(&s, rest, &p));
	memcpy(s.callback.secret, "abd", 4);
	assert_false(callback_path(&s, rest, &p));
	s.callback.secret[0] = '\0';
	assert_false(callback_path(&s, rest, &p));
	assert_true(callback_path(&s, "mtn", &p));
	assert_true(uuid_is_nil(&p.reference));
	/* an entry speaks the wire it says, under its own name */
	assert_true(callback_path(&s, "airtel-ug", &p));
	assert_string_equal(p.name, "airtel-ug");
	assert_string_equal(p.provider->name, "airtel");
	assert_false(callback_path(&s, "airtel", &p));
	assert_false(callback_path(&s, "nobody", &p));
	assert_false(callback_path(&s, "mtn/not-an-id", &p));
	/* a question's word, where the provider posts answers, and nowhere else */
	memcpy(s.callback.secret, "abc", 4);
	memcpy(s.providers[1].codec, "daraja", 7);
	assert_true(uuid_parse(id, 36, &question));
	posted_question_url("airtel-ug/abc", "abc", &question, rest, sizeof rest);
	assert_true(callback_path(&s, rest, &p));
	assert_true(p.question && p.answers == 0 && uuid_equal(&p.reference, &question));
	posted_url("airtel-ug/abc", "abc", &question, 2, rest, sizeof rest);
	assert_true(callback_path(&s, rest, &p));
	assert_true(!p.question && p.answers == 2);
	posted_question_url("mtn/abc", "abc", &question, rest, sizeof rest);
	assert_false(callback_path(&s, rest, &p));
	s.callback.secret[0] = '\0';
	assert_false(callback_path(&s, "", &p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hops),
		cmocka_unit_test(the_notice_never_carries_what_was_typed),
		cmocka_unit_test(sms_and_reports),
		cmocka_unit_test(paths),
		cmocka_unit_test(callbacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
