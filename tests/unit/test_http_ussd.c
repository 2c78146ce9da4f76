/* USSD over HTTP: what aggregators send in each dialect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/hop_memory.h"
#include "gateway/channel/http_ussd.h"
#include "tests/unit/http_ussd_bodies.h"

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
	/* they may name the code that many share, and our own is longer */
	{ "advanta", "GET", "",
	  "SESSIONID=s1&USSDCODE=*384%23&MSISDN=255712000100&INPUT=*384*77%23", "", NULL,
	  HOP_BEGIN, "", "s1", "*384#" },
	{ "advanta", "GET", "",
	  "SESSIONID=s1&USSDCODE=*384*77*9%23&MSISDN=255712000100&INPUT=*384*77*9*1%23",
	  "", NULL, HOP_CONTINUE, "1", "s1", "*384*77*9#" },
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
	  "SessionID=s1&MSISDN=255712000100&MSC=x&input=384*77*5*1&userid=u&password=p",
	  "", NULL, HOP_BEGIN, "5*1", "s1", "*384*77#" },
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
	{ "hubtel", "POST", "", "", HUBTEL("initiation", "*384*77*1*2#", "1"), NULL,
	  HOP_BEGIN, "1*2", "s1", "384*77" },
	{ "hubtel", "POST", "", "", HUBTEL("initiation", "*385*1*2#", "1"), NULL,
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
	{ "nalo", "POST", "", "", NALO("*384*77*5*1#", "true"), NULL, HOP_BEGIN, "5*1",
	  "s1", "*384*77#" },
	{ "nalo", "POST", "", "", NALO("*384*771#", "true"), NULL, HOP_BEGIN, "", "s1",
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
	  "request=*384*77*1*2%23&msisdn=255712000100&ussdSessionId=s1", "", NULL,
	  HOP_BEGIN, "1*2", "s1", "*384*77#" },
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
	{ "orange", "GET", "", "", "", NULL, HOP_BEGIN, "", "s1", "*384*77#" },
	{ "orange", "GET", "", "response=1", "", NULL, HOP_CONTINUE, "1", "s1",
	  "*384*77#" },
	{ "xmlrpc", "POST", "", "", XMLRPC("1", "true"), NULL, HOP_CONTINUE, "1", "s1",
	  "384" },
	{ "sendexa", "POST", "", "", SENDEXA("new", "null"), NULL, HOP_BEGIN, "", "s1",
	  "*123#" },
	{ "sendexa", "POST", "", "", SENDEXA("continue", "\"1\""), NULL, HOP_CONTINUE,
	  "1", "s1", "*123#" },
	{ "sendexa", "POST", "", "", SENDEXA("paused", "\"1\""), "does not say",
	  HOP_BEGIN, "", "", "" },
	{ "paytota", "POST", "", "", PAYTOTA("START", "1"), NULL, HOP_BEGIN, "", "s1",
	  "165" },
	{ "paytota", "POST", "", "", PAYTOTA("CONTINUE", "1"), NULL, HOP_CONTINUE, "1",
	  "s1", "165" },
	{ "paytota", "POST", "", "", PAYTOTA("END", "2580"), NULL, HOP_END, "", "s1",
	  "165" },
	/* without an id of the session the number is one */
	{ "lafricamobile", "GET", "", "msisdn=255712000100", "", NULL, HOP_BEGIN, "",
	  "255712000100", "*384*77#" },
	{ "lafricamobile", "GET", "", "msisdn=255712000100&sessionid=s1&response=1", "",
	  NULL, HOP_CONTINUE, "1", "s1", "*384*77#" },
	{ "mtech", "POST", "", "",
	  MTECH("<mobile_number>255712000100</mobile_number><page_id>0</page_id>"
	        "<data>x</data><gate>g</gate>"),
	  NULL, HOP_BEGIN, "", "s1", "*384*77#" },
	{ "mtech", "POST", "", "", MTECH("<page_id>255712000100</page_id><data>1</data>"),
	  NULL, HOP_CONTINUE, "1", "s1", "*384*77#" },
	{ "mtech", "POST", "", "", /* page 0 amid a session: nobody knows whose it is */
	  MTECH("<page_id>0</page_id><data>1</data>"), "is not one", HOP_BEGIN, "", "",
	  "" },
	{ "mtech", "POST", "", "", MTECH("<status>1</status>"), NULL, HOP_ABORT, "", "s1",
	  "*384*77#" },
	{ "restcomm", "POST", "", "", DIALLED(ISDN("msisdn")), NULL, HOP_BEGIN, "", "12",
	  "*384*77#" },
	{ "restcomm", "POST", "", "",
	  DIALOG(
	      "type=\"Begin\"",
	      ISDN("originationReference") "<processUnstructuredSSRequest_Request "
	                                   "invokeId=\"0\" "
	                                   "dataCodingScheme=\"15\" string=\"*519#\"/>"),
	  NULL, HOP_BEGIN, "", "12", "*384*77#" },
	{ "restcomm", "POST", "", "", TYPED("1&#10;2"), NULL, HOP_CONTINUE, "1\n2", "12",
	  "*384*77#" },
	{ "restcomm", "POST", "", "",
	  DIALOG("type=\"Continue\"",
	         "<unstructuredSSRequest_Response invokeId=\"1\" string=\"1\"/>"),
	  "phone number is missing", HOP_BEGIN, "", "", "" },
	{ "restcomm", "POST", "", "",
	  DIALOG("type=\"Unknown\" mapUserAbortChoice=\"isUserSpecificReason\"",
	         "<errComponents/>"),
	  NULL, HOP_ABORT, "", "12", "*384*77#" },
	{ "restcomm", "POST", "", "",
	  DIALOG("type=\"Unknown\" dialogTimedOut=\"true\"", "<errComponents/>"), NULL,
	  HOP_ABORT, "", "12", "*384*77#" },
	{ "restcomm", "POST", "", "",
	  DIALOG("type=\"End\"", "<errComponents><invokeId value=\"1\"/><errorComponent "
	                         "type=\"MAPErrorMessageAbsentSubscriberSM\" "
	                         "errorCode=\"6\"/></errComponents>"),
	  NULL, HOP_ABORT, "", "12", "*384*77#" },
	{ "ideamart", "POST", "", "", IDEAMART("mo-init", "#345#", "tel:255712000100"),
	  NULL, HOP_BEGIN, "", "s1", "*384*77#" },
	{ "ideamart", "POST", "", "", IDEAMART("mo-cont", "1", "tel: +255712000100"),
	  NULL, HOP_CONTINUE, "1", "s1", "*384*77#" },
	{ "ideamart", "POST", "", "", IDEAMART("mo-init", "1", "tel:5C74B588F97"),
	  "is not one", HOP_BEGIN, "", "", "" }, /* masked: nobody can be paid */
	{ "restcomm", "POST", "", "", DIALOG("type=\"Continue\"", ""), "does not say",
	  HOP_BEGIN, "", "", "" },
};

/* As Orange's browser sends them; the other dialects ask for none. */
static const char *
header_of(const void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "User-MSISDN") == 0      ? NUMBER
	       : strcmp(name, "User-SessionId") == 0 ? "s1"
	                                             : NULL;
}

static struct http_ussd_request
request_of(const struct request_case *c)
{
	return (struct http_ussd_request){ .method = c->method,
		                           .path = c->path,
		                           .query = c->query,
		                           .body = c->body,
		                           .n = strlen(c->body),
		                           .country = "",
		                           .code = "*384*77#",
		                           .header = header_of };
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
		cmocka_unit_test(the_same_hop_twice_has_one_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
