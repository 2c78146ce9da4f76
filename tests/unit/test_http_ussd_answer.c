/* USSD over HTTP: what goes back to aggregators, and entries that change a dialect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/http_ussd.h"
#include "lib/buf.h"
#include "tests/unit/http_ussd_bodies.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define NUMBER "255712000100"

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
		{ "orange", "", USSD_LAST,
		  "<?xml version=\"1.0\" "
		  "encoding=\"UTF-8\"?>\n<html><head><title></title>"
		  "</head><body><p>1 &quot;A&quot; &amp; "
		  "&lt;B&gt;|<br/>2</p></body></html>",
		  "" },
		{ "orange", "", USSD_MORE,
		  "<?xml version=\"1.0\" "
		  "encoding=\"UTF-8\"?>\n<html><head><title></title>"
		  "</head><body><p>1 &quot;A&quot; &amp; &lt;B&gt;|<br/>2</p>"
		  "<form action=\"http://us\" method=\"get\"><input type=\"text\" "
		  "name=\"response\"/></form></body></html>",
		  "" },
		{ "imimobile", "", USSD_MORE, "1 \"A\" & <B>|\n2", "X-USSD-SESSION: 1" },
		{ "ideamart", IDEAMART("mo-cont", "1", "tel:255712000100"), USSD_LAST,
		  "{\"applicationId\":\"\",\"password\":\"\",\"version\":\"1.0\","
		  "\"message\":\"1 \\\"A\\\" & <B>|\\n2\",\"sessionId\":\"s1\","
		  "\"ussdOperation\":\"mt-fin\",\"destinationAddress\":"
		  "\"tel:255712000100\"}",
		  "" },
		{ "sendexa", "", USSD_LAST,
		  "{\"message\":\"1 \\\"A\\\" & <B>|\\n2\",\"shouldClose\":true}", "" },
		{ "paytota", PAYTOTA("START", "1"), USSD_MORE,
		  "{\"msisdn\":\"255712000100\",\"sessionid\":\"s1\",\"state\":"
		  "\"CONTINUE\","
		  "\"message\":\"1 \\\"A\\\" & <B>|\\n2\"}",
		  "" },
		{ "mtech", "", USSD_MORE,
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?><page version=\"2.0\">"
		  "<session_id>s1</session_id><div>1 &quot;A&quot; &amp; &lt;B&gt;|<br/>2"
		  "</div><navigation><link accesskey=\"*\" pageId=\"255712000100\"/>"
		  "</navigation></page>",
		  "" },
		{ "mtech", "", USSD_OVER,
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?><page version=\"2.0\">"
		  "<session_id>s1</session_id></page>",
		  "" },
		{ "restcomm", DIALLED(ISDN("msisdn")), USSD_MORE,
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dialog "
		  "mapMessagesSize=\"1\" userObject=\"255712000100 3\">"
		  "<unstructuredSSRequest_Request dataCodingScheme=\"15\" string=\"1 "
		  "&quot;A&quot; &amp; &lt;B&gt;|&#10;2\"/></dialog>",
		  "" },
		/* the invoke id of the begin, out of userObject, not of the last hop */
		{ "restcomm", TYPED("1"), USSD_LAST,
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dialog "
		  "mapMessagesSize=\"1\" prearrangedEnd=\"false\">"
		  "<processUnstructuredSSRequest_Response invokeId=\"3\" "
		  "dataCodingScheme=\"15\" string=\"1 &quot;A&quot; &amp; "
		  "&lt;B&gt;|&#10;2\"/></dialog>",
		  "" },
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

static void
a_screen_says_how_it_is_coded(void **state)
{
	static const struct {
		const char *text, *dcs;
	} rows[] = {
		{ "1 Mkopo\n2 Uza", "15" },
		{ "d\u00e9j\u00e0, 5 \u20ac [1]", "15" },
		{ "pr\u00eat", "72" }, /* no circumflex in the phones' alphabet */
	};

	struct http_ussd_row row = *http_ussd_row("restcomm");

	(void)state;
	row.reply = "{{dcs}}";
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct http_ussd_screen s = { rows[i].text, USSD_MORE,   "s1", NUMBER,
			                      "384",        "http://us", "" };
		char body[64], head[64];
		struct buf b, h;

		buf_init(&b, body, sizeof body);
		buf_init(&h, head, sizeof head);
		http_ussd_write(&row, &s, &b, &h);
		assert_string_equal(body, rows[i].dcs);
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
	row.reply = "{{=text}}{{=text#1}}{{=none|text}}{{=sid}}";
	buf_init(&kept, text, sizeof text);
	http_ussd_keep(&row, &rq, &kept);
	assert_string_equal(text, "=sid=7\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_dialect_is_answered),
		cmocka_unit_test(a_screen_says_how_it_is_coded),
		cmocka_unit_test(an_entry_changes_its_dialect_or_is_one),
		cmocka_unit_test(the_input_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
