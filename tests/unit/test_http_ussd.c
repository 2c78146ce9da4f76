/* USSD over HTTP: for each dialect what aggregators send, and what goes back to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/hop_memory.h"
#include "gateway/channel/http_ussd.h"
#include "lib/buf.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define NUMBER "255712000100"

/* ---- requests ---- */

struct request_case {
	const char *dialect, *method, *path, *query, *body;
	const char *wrong; /* NULL: read */
	enum hop_kind kind;
	const char *input;
	const char *session, *code;
};

#define NALO(input, begins)                                                              \
	"{\"USERID\":\"u\",\"MSISDN\":\"255712000100\",\"USERDATA\":\"" input            \
	"\",\"MSGTYPE\":" begins ",\"NETWORK\":\"MTN\",\"SESSIONID\":\"s1\"}"
#define ARKESEL(input, begins)                                                           \
	"{\"sessionID\":\"s1\",\"userID\":\"u\",\"newSession\":" begins                  \
	",\"msisdn\":\"255712000100\",\"userData\":\"" input "\",\"network\":\"MTN\"}"
#define HUBTEL(type, input, sequence)                                                    \
	"{\"Type\":\"" type "\",\"Message\":\"" input                                    \
	"\",\"ServiceCode\":\"384*77\",\"Operator\":\"vodafone\",\"ClientState\":\"\","  \
	"\"Mobile\":\"255712000100\",\"SessionId\":\"s1\",\"Sequence\":" sequence "}"
#define BEEM(command, input)                                                             \
	"{\"session_id\":\"s1\",\"msisdn\":\"255712000100\",\"operator\":\"vodacom\","   \
	"\"command\":\"" command                                                         \
	"\",\"payload\":{\"request_id\":0,\"response\":\"" input "\"}}"
#define TRUROUTE(type, input)                                                            \
	"<?xml version=\"1.0\"?><ussd><msisdn>+255712000100</msisdn>"                    \
	"<sessionid>s1</sessionid><type>" type "</type><msg>" input "</msg></ussd>"
#define MEMBER(name, value)                                                              \
	"<member><name>" name "</name><value><string>" value "</string></value></"       \
	                                                     "member>"
#define XMLRPC(input, response)                                                          \
	"<?xml version=\"1.0\"?><methodCall><methodName>handleUSSDRequest</methodName>"  \
	"<params><param><value><struct>" MEMBER("TransactionId", "s1") MEMBER(           \
	    "TransactionTime", "20260101T10:00:00") MEMBER("MSISDN", "255712000100")     \
	    MEMBER("USSDServiceCode", "384") MEMBER("USSDRequestString", input) MEMBER(  \
	        "response", response) "</struct></value></param></params></methodCall>"

static const struct request_case requests[] = {
	{ "con", "POST", "", "", "sessionId=s1&phoneNumber=%2B255712000100&text=", NULL,
	  HOP_BEGIN, "", "s1", "*384*77#" },
	{ "con", "POST", "", "",
	  "session_id=s1&mobile_number=255712000100&ussd_string=1*2", NULL, HOP_CONTINUE,
	  "1*2", "s1", "*384*77#" },
	{ "con", "PUT", "", "", "", "method", HOP_BEGIN, "", "", "" },
	{ "con", "GET", "", "sessionId=s1&text=1", "", "phone number is missing",
	  HOP_BEGIN, "", "", "" },
	{ "con", "GET", "", "sessionId=a%20b&phoneNumber=255712000100&text=1", "",
	  "not printable", HOP_BEGIN, "", "", "" },
	{ "con", "GET", "", "sessionId=s1&phoneNumber=hello&text=1", "", "is not one",
	  HOP_BEGIN, "", "", "" },
	{ "con", "GET", "", "sessionId=s1&phoneNumber=255712000100&text=%zz", "",
	  "wrongly encoded", HOP_BEGIN, "", "", "" },
	/* Advanta: the code stays ahead of what was typed */
	{ "advanta", "GET", "",
	  "SESSIONID=s1&USSDCODE=*415*33%23&MSISDN=255712000100&INPUT=*415*33%23", "",
	  NULL, HOP_BEGIN, "", "s1", "*415*33#" },
	{ "advanta", "GET", "",
	  "SESSIONID=s1&USSDCODE=*415*33%23&MSISDN=255712000100&INPUT=*415*33*1*25%23",
	  "", NULL, HOP_CONTINUE, "1*25", "s1", "*415*33#" },
	{ "advanta", "GET", "",
	  "SESSIONID=s1&USSDCODE=*415%23&MSISDN=255712000100&INPUT=", "", NULL, HOP_BEGIN,
	  "", "s1", "*415#" },
	{ "advanta", "GET", "", /* digits that only look like the code */
	  "SESSIONID=s1&USSDCODE=*415%23&MSISDN=255712000100&INPUT=4150", "", NULL,
	  HOP_CONTINUE, "4150", "s1", "*415#" },
	{ "safaricom", "GET", "",
	  "ORIG=255712000100&DEST=*384%23&SESSION_ID=s1&USSD_PARAMS=", "", NULL,
	  HOP_BEGIN, "", "s1", "*384#" },
	{ "safaricom", "GET", "",
	  "ORIG=255712000100&DEST=*384%23&SESSION_ID=s1&USSD_PARAMS=1***", "", NULL,
	  HOP_CONTINUE, "1***", "s1", "*384#" }, /* somebody types stars */
	/* Flares: the code comes without '*' and '#', and the notice in small letters */
	{ "flares", "GET", "",
	  "SessionID=s1&MSISDN=255712000100&MSC=x&input=38477&userid=u&password=p", "",
	  NULL, HOP_BEGIN, "", "s1", "*384*77#" },
	{ "flares", "GET", "",
	  "SessionID=s1&MSISDN=255712000100&MSC=x&input=384*77&userid=u&password=p", "",
	  NULL, HOP_BEGIN, "", "s1", "*384*77#" },
	{ "flares", "GET", "",
	  "SessionID=s1&MSISDN=255712000100&MSC=x&input=****&userid=u&password=p", "",
	  NULL, HOP_CONTINUE, "****", "s1", "*384*77#" },
	{ "flares", "GET", "",
	  "SessionID=s1&msisdn=255712000100&clean=clean-session&error=522", "", NULL,
	  HOP_ABORT, "", "s1", "*384*77#" },
	{ "flares", "GET", "", "SessionID=s9&clean=clean-session&error=522", "", NULL,
	  HOP_ABORT, "", "s9", "*384*77#" },
	/* Infobip: the path says what it is; the short code may be missing */
	{ "infobip", "POST", "session/s1/start", "",
	  "{\"msisdn\":\"255712000100\",\"text\":\"*384*77#\",\"shortCode\":\"384\"}",
	  NULL, HOP_BEGIN, "", "s1", "384" },
	{ "infobip", "PUT", "session/s1/response", "",
	  "{\"msisdn\":\"255712000100\",\"text\":\"1\"}", NULL, HOP_CONTINUE, "1", "s1",
	  "*384*77#" },
	{ "infobip", "PUT", "session/s1/end", "",
	  "{\"exitCode\":600,\"reason\":\"x\",\"text\":\"2580\"}", NULL, HOP_END, "",
	  "s1", "*384*77#" },
	{ "infobip", "PUT", "session/s1/other", "", "{\"msisdn\":\"255712000100\"}",
	  "does not say", HOP_BEGIN, "", "", "" },
	{ "infobip", "PUT", "", "", "{\"msisdn\":\"255712000100\"}", "session's id",
	  HOP_BEGIN, "", "", "" },
	{ "hubtel", "POST", "", "", HUBTEL("initiation", "*384*77#", "1"), NULL,
	  HOP_BEGIN, "", "s1", "384*77" },
	{ "hubtel", "POST", "", "", HUBTEL("Response", "1", "2"), NULL, HOP_CONTINUE, "1",
	  "s1", "384*77" },
	{ "hubtel", "POST", "", "", HUBTEL("Release", "2580", "3"), NULL, HOP_ABORT, "",
	  "s1", "384*77" },
	{ "hubtel", "POST", "", "", HUBTEL("Timeout", "2580", "3"), NULL, HOP_TIMEOUT, "",
	  "s1", "384*77" },
	{ "hubtel", "POST", "", "", "{\"Type\":", "session's id", HOP_BEGIN, "", "", "" },
	{ "nalo", "POST", "", "", NALO("*384*77#", "true"), NULL, HOP_BEGIN, "", "s1",
	  "*384*77#" },
	{ "nalo", "POST", "", "", NALO("1", "false"), NULL, HOP_CONTINUE, "1", "s1",
	  "*384*77#" },
	{ "arkesel", "POST", "", "", ARKESEL("*384*77#", "true"), NULL, HOP_BEGIN, "",
	  "s1", "*384*77#" },
	{ "arkesel", "POST", "", "", ARKESEL("1", "false"), NULL, HOP_CONTINUE, "1", "s1",
	  "*384*77#" },
	{ "beem", "POST", "", "", BEEM("initiate", ""), NULL, HOP_BEGIN, "", "s1",
	  "*384*77#" },
	{ "beem", "POST", "", "", BEEM("continue", "1"), NULL, HOP_CONTINUE, "1", "s1",
	  "*384*77#" },
	{ "hollatags", "GET", "",
	  "session_msisdn=255712000100&session_operation=begin&session_msg=*384%23&"
	  "session_id=s1&session_from=384&session_type=1&session_mno=MTN",
	  "", NULL, HOP_BEGIN, "", "s1", "384" },
	{ "hollatags", "GET", "",
	  "session_msisdn=255712000100&session_operation=end&session_msg=2580&"
	  "session_id=s1&session_from=384&session_type=4&session_mno=MTN",
	  "", NULL, HOP_END, "", "s1", "384" },
	{ "dmark", "GET", "",
	  "transactionId=s1&msisdn=255712000100&ussdServiceCode=384&"
	  "ussdRequestString=*384%23&response=false",
	  "", NULL, HOP_BEGIN, "", "s1", "384" },
	{ "dmark", "GET", "",
	  "transactionId=s1&msisdn=255712000100&ussdServiceCode=384&ussdRequestString=1&"
	  "response=true",
	  "", NULL, HOP_CONTINUE, "1", "s1", "384" },
	{ "cellulant", "GET", "",
	  "MSISDN=255712000100&sessionID=s1&opCode=BEG&INPUT=&ABORT=0", "", NULL,
	  HOP_BEGIN, "", "s1", "*384*77#" },
	{ "cellulant", "GET", "",
	  "MSISDN=255712000100&sessionID=s1&opCode=INP&INPUT=1&ABORT=0", "", NULL,
	  HOP_CONTINUE, "1", "s1", "*384*77#" },
	{ "cellulant", "GET", "",
	  "MSISDN=255712000100&sessionID=s1&opCode=ABO&INPUT=2580&ABORT=0", "", NULL,
	  HOP_ABORT, "", "s1", "*384*77#" },
	{ "cellulant", "GET", "",
	  "MSISDN=255712000100&sessionID=s1&opCode=INP&INPUT=2580&ABORT=1", "", NULL,
	  HOP_ABORT, "", "s1", "*384*77#" },
	{ "truroute", "POST", "", "", TRUROUTE("1", "*384#"), NULL, HOP_BEGIN, "", "s1",
	  "*384*77#" },
	{ "truroute", "POST", "", "", TRUROUTE("2", "a &amp; b"), NULL, HOP_CONTINUE,
	  "a & b", "s1", "*384*77#" },
	{ "truroute", "POST", "", "", TRUROUTE("3", ""), NULL, HOP_ABORT, "", "s1",
	  "*384*77#" },
	{ "truroute", "POST", "", "", TRUROUTE("4", ""), NULL, HOP_TIMEOUT, "", "s1",
	  "*384*77#" },
	{ "truroute", "POST", "", "", "<!DOCTYPE x>" TRUROUTE("2", "1"), "session's id",
	  HOP_BEGIN, "", "", "" },
	{ "vodacom", "GET", "",
	  "request=*384*77%23&msisdn=255712000100&ussdSessionId=s1&provider=web", "",
	  NULL, HOP_BEGIN, "", "s1", "*384*77#" },
	{ "vodacom", "GET", "",
	  "request=1&msisdn=255712000100&ussdSessionId=s1&provider=web", "", NULL,
	  HOP_CONTINUE, "1", "s1", "*384*77#" },
	{ "imimobile", "GET", "",
	  "msisdn=255712000100&msg=*384*77%23&code=x&tid=s1&dcs=no", "", NULL, HOP_BEGIN,
	  "", "s1", "*384*77#" },
	{ "imimobile", "GET", "", "msisdn=255712000100&msg=1&code=x&tid=s1&dcs=no", "",
	  NULL, HOP_CONTINUE, "1", "s1", "*384*77#" },
	{ "imimobile", "GET", "",
	  "msisdn=255712000100&msg=Map+Dialog+User+Abort+User+Reason&code=x&tid=s1", "",
	  NULL, HOP_ABORT, "", "s1", "*384*77#" },
	{ "xmlrpc", "POST", "", "", XMLRPC("*384#", "false"), NULL, HOP_BEGIN, "", "s1",
	  "384" },
	{ "xmlrpc", "POST", "", "", XMLRPC("1", "true"), NULL, HOP_CONTINUE, "1", "s1",
	  "384" },
};

static struct http_ussd_request
request_of(const struct request_case *c)
{
	return (struct http_ussd_request){ .method = c->method,
		                           .path = c->path,
		                           .query = c->query,
		                           .body = c->body,
		                           .n = strlen(c->body),
		                           .country = "",
		                           .code = "*384*77#" };
}

static void
every_dialect_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
		const struct request_case *c = &requests[i];
		struct http_ussd_request rq = request_of(c);
		struct http_ussd_hop h;
		const char *wrong = http_ussd_read(http_ussd_row(c->dialect), &rq, &h);

		if ((wrong == NULL) != (c->wrong == NULL) ||
		    (wrong != NULL && strstr(wrong, c->wrong) == NULL))
			fail_msg("%s %zu: %s", c->dialect, i, wrong);
		if (wrong != NULL)
			continue;
		if (h.hop.kind != c->kind || strcmp(h.hop.input, c->input) != 0 ||
		    strcmp(h.hop.session, c->session) != 0 ||
		    strcmp(h.hop.code, c->code) != 0)
			fail_msg("%s %zu: %d \"%s\" %s %s", c->dialect, i,
			         (int)h.hop.kind, h.hop.input, h.hop.session, h.hop.code);
		if (h.hop.kind == HOP_BEGIN || h.hop.kind == HOP_CONTINUE)
			assert_string_equal(h.hop.msisdn.digits, NUMBER);
		http_ussd_wipe(&h);
		assert_string_equal(h.text, "");
	}
}

static void
every_dialect_has_a_case(void **state)
{
	(void)state;
	for (const struct http_ussd_row *r = http_ussd_rows; r->name != NULL; r++) {
		bool found = false;

		for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
			found |= strcmp(requests[i].dialect, r->name) == 0;
		if (!found)
			fail_msg("%s has no case", r->name);
	}
}

/* ---- answers ---- */

static void
every_dialect_is_answered(void **state)
{
	static const struct {
		const char *dialect, *body;
		enum http_ussd_said said;
		const char *answer, *header;
	} rows[] = {
		{ "con", "", USSD_MORE, "CON 1 \"A\" & <B>|\n2", "" },
		{ "con", "", USSD_LAST, "END 1 \"A\" & <B>|\n2", "" },
		{ "con", "", USSD_OVER, "", "" },
		{ "flares", "", USSD_MORE, "1 \"A\" & <B>|\n2",
		  "Freeflow: FC|charge: N|amount: 0" },
		{ "flares", "", USSD_LAST, "1 \"A\" & <B>|\n2",
		  "Freeflow: FB|charge: N|amount: 0" },
		{ "infobip", "", USSD_LAST,
		  "{\"ussdMenu\":\"1 \\\"A\\\" & <B>|\\n2\",\"shouldClose\":true,"
		  "\"responseExitCode\":200,\"responseMessage\":\"\"}",
		  "" },
		{ "infobip", "", USSD_OVER,
		  "{\"responseExitCode\":200,\"responseMessage\":\"\"}", "" },
		{ "hubtel", HUBTEL("response", "1", "2"), USSD_MORE,
		  "{\"SessionId\":\"s1\",\"Type\":\"response\",\"Message\":"
		  "\"1 \\\"A\\\" & <B>|\\n2\",\"Label\":\"\",\"ClientState\":\"\","
		  "\"DataType\":\"input\",\"FieldType\":\"text\"}",
		  "" },
		{ "nalo", NALO("1", "false"), USSD_LAST,
		  "{\"USERID\":\"u\",\"MSISDN\":\"255712000100\",\"MSG\":"
		  "\"1 \\\"A\\\" & <B>|\\n2\",\"MSGTYPE\":false}",
		  "" },
		{ "arkesel", ARKESEL("1", "false"), USSD_MORE,
		  "{\"sessionID\":\"s1\",\"userID\":\"u\",\"msisdn\":\"255712000100\","
		  "\"message\":\"1 \\\"A\\\" & <B>|\\n2\",\"continueSession\":true}",
		  "" },
		{ "beem", BEEM("continue", "1"), USSD_LAST,
		  "{\"msisdn\":\"255712000100\",\"operator\":\"vodacom\",\"session_id\":"
		  "\"s1\",\"command\":\"terminate\",\"payload\":{\"request_id\":\"0\","
		  "\"request\":\"1 \\\"A\\\" & <B>|\\n2\"}}",
		  "" },
		{ "dmark", "", USSD_LAST,
		  "responseString=1%20%22A%22%20%26%20%3CB%3E%7C%0A2&action=end", "" },
		{ "cellulant", "", USSD_MORE, "1|1 \"A\" & <B> \n2|null|null|null|null",
		  "" },
		{ "cellulant", "", USSD_LAST, "1|1 \"A\" & <B> \n2|null|null|end|null",
		  "" },
		{ "truroute", "", USSD_LAST,
		  "<ussd><type>3</type><msg>1 &quot;A&quot; &amp; "
		  "&lt;B&gt;|\n2</msg></ussd>",
		  "" },
		{ "vodacom", "", USSD_LAST,
		  "<request><headertext>1 &quot;A&quot; &amp; &lt;B&gt;|\n2</headertext>"
		  "</request>",
		  "" },
		{ "imimobile", "", USSD_MORE, "1 \"A\" & <B>|\n2", "X-USSD-SESSION: 1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct http_ussd_row *row = http_ussd_row(rows[i].dialect);
		struct http_ussd_request rq = { .method = "POST",
			                        .path = "",
			                        .query = "",
			                        .body = rows[i].body,
			                        .n = strlen(rows[i].body),
			                        .country = "",
			                        .code = "" };
		char body[2048], head[256], kept_text[512];
		struct buf b, h, kept;

		buf_init(&b, body, sizeof body);
		buf_init(&h, head, sizeof head);
		buf_init(&kept, kept_text, sizeof kept_text);
		http_ussd_keep(row, &rq, &kept);
		struct http_ussd_screen s = {
			"1 \"A\" & <B>|\n2", rows[i].said, "s1", NUMBER, "384",
			"http://us",         kept_text
		};
		http_ussd_write(row, &s, &b, &h);
		assert_string_equal(body, rows[i].answer);
		assert_string_equal(head, rows[i].header);
	}
}

/* ---- entries ---- */

static void
an_entry_changes_its_dialect_or_is_one(void **state)
{
	static struct settings_ussd_http e;
	struct http_ussd_row row;

	(void)state;
	snprintf(e.name, sizeof e.name, "mine");
	assert_non_null(strstr(http_ussd_resolve(&e, &row), "needs a dialect"));
	snprintf(e.dialect, sizeof e.dialect, "nobodys");
	assert_non_null(strstr(http_ussd_resolve(&e, &row), "no such dialect"));
	snprintf(e.dialect, sizeof e.dialect, "con");
	snprintf(e.session, sizeof e.session, "sid");
	snprintf(e.network, sizeof e.network, "none");
	assert_null(http_ussd_resolve(&e, &row));
	assert_string_equal(row.name, "mine");
	assert_string_equal(row.session, "sid");
	assert_string_equal(row.network, "");
	assert_string_equal(row.more, "CON");
	e.dialect[0] = '\0'; /* by its name alone */
	snprintf(e.name, sizeof e.name, "beem");
	assert_null(http_ussd_resolve(&e, &row));
	assert_string_equal(row.kind, "command");
}

/* What was typed is never echoed, not even if a template asks for it. */
static void
the_input_is_not_kept(void **state)
{
	struct http_ussd_row row = *http_ussd_row("con");
	struct http_ussd_request rq = {
		.method = "GET", .path = "", .query = "text=2580&sid=7", .body = ""
	};
	char text[256];
	struct buf kept;

	(void)state;
	row.input = "other|text";
	row.reply = "{{=text}}{{=sid}}";
	buf_init(&kept, text, sizeof text);
	http_ussd_keep(&row, &rq, &kept);
	assert_string_equal(text, "=sid=7\n");
}

static void
the_same_hop_twice_has_one_id(void **state)
{
	static struct hop_memory m;
	struct hop a = {
		.channel = "nalo", .session = "s1", .input = "1", .input_len = 1
	};
	struct hop b = a, c = a, d = a, other = a;

	(void)state;
	hop_memory_name(&m, &a, 1000, 1000);
	hop_memory_name(&m, &b, 1999, 1000); /* the network, not she */
	assert_string_equal(a.hop_id, b.hop_id);
	hop_memory_name(&m, &c, 2000, 1000); /* she answers the next screen */
	assert_string_not_equal(a.hop_id, c.hop_id);
	d.input = "2";
	hop_memory_name(&m, &d, 2001, 1000);
	assert_string_not_equal(c.hop_id, d.hop_id);
	snprintf(other.hop_id, sizeof other.hop_id, "theirs");
	hop_memory_name(&m, &other, 2001, 1000);
	assert_string_equal(other.hop_id, "theirs");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dialect_is_read),
		cmocka_unit_test(every_dialect_has_a_case),
		cmocka_unit_test(every_dialect_is_answered),
		cmocka_unit_test(an_entry_changes_its_dialect_or_is_one),
		cmocka_unit_test(the_input_is_not_kept),
		cmocka_unit_test(the_same_hop_twice_has_one_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
