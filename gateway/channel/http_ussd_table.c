/*
 * The dialects of USSD over HTTP whose contracts are known, one row each.
 *
 * Fields that are not named are "", made so by ROW.
 */
#include "gateway/channel/http_ussd.h"

#include <string.h>

#define TEXT "text/plain; charset=utf-8"
#define JSON "application/json"
#define XML  "text/xml; charset=utf-8"

/* What most have. */
#define ROW(row_name)                                                                    \
	.name = (row_name), .method = "GET|POST", .body = "form", .path = "",            \
	.code = "", .network = "", .hop_id = "", .kind = "", .begin = "", .go_on = "",   \
	.end = "", .abort = "", .timeout = "", .abort_if = "", .starts = "",             \
	.typed = "last", .type = TEXT, .reply_end = "", .reply_over = "", .more = "",    \
	.stop = "", .header = "", .newline = "", .forbidden = "", .user_field = "",      \
	.password_field = "", .posts = false, .expects = "", .user = "", .password = ""

#define CON .reply = "{{more}} {{text}}", .more = "CON", .stop = "END"

#define MTECH(inner)                                                                     \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><page version=\"2.0\"><session_id>"   \
	"{{session}}</session_id>" inner "</page>"

#define MAP_INVOKE                                                                       \
	"{{=processUnstructuredSSRequest_Request@invokeId|dialog@userObject#2}}"

/* The rows name what ROW has named before: that is how they differ from it. */
#pragma GCC diagnostic push
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

const struct http_ussd_row http_ussd_rows[] = {
	/* as Africa's Talking, whose own adapter (at_ussd.h) has more */
	{ ROW("con"), .session = "sessionId|session_id|SESSIONID",
	  .msisdn = "phoneNumber|mobile_number|msisdn|MSISDN",
	  .code = "serviceCode|service_code|USSDCODE",
	  .input = "text|ussd_string|message|INPUT",
	  .network = "networkCode|network|NETWORK", .starts = "empty", .typed = "all",
	  CON },
	/* Advanta, Crossgate, Bonga, TechSavanna, MobileSasa: the input grows behind the
	 * code, "*415*33*1#" */
	{ ROW("advanta"), .session = "SESSIONID|session_id",
	  .msisdn = "MSISDN|mobile_number", .code = "USSDCODE|service_code",
	  .input = "INPUT|ussd_string|text|message", .network = "NETWORK|network",
	  .starts = "empty", .typed = "code", CON },
	{ ROW("safaricom"), .method = "GET", .session = "SESSION_ID", .msisdn = "ORIG",
	  .code = "DEST", .input = "USSD_PARAMS", .starts = "empty", .typed = "all",
	  CON },
	/* Comviva Flares, pull 1.5: Airtel */
	{ ROW("flares"), .method = "GET", .session = "SessionID|sessionID|sessionid",
	  .msisdn = "MSISDN|msisdn", .input = "input", .starts = "code",
	  .abort_if = "clean", .reply = "{{text}}",
	  .header = "Freeflow: {{more}}|charge: N|amount: 0", .more = "FC", .stop = "FB",
	  .user_field = "userid", .password_field = "password" },
	{ ROW("infobip"), .method = "POST|PUT", .body = "json",
	  .path = "session/{session}/{kind}", .session = "session", .msisdn = "msisdn",
	  .code = "shortCode", .input = "text", .network = "ussdGwId", .kind = "kind",
	  .begin = "start", .go_on = "response", .end = "end", .type = JSON,
	  .reply = "{\"ussdMenu\":\"{{text}}\",\"shouldClose\":{{more}},"
	           "\"responseExitCode\":200,\"responseMessage\":\"\"}",
	  .reply_over = "{\"responseExitCode\":200,\"responseMessage\":\"\"}",
	  .more = "false", .stop = "true" },
	{ ROW("hubtel"), .method = "POST", .body = "json", .session = "SessionId",
	  .msisdn = "Mobile", .code = "ServiceCode", .input = "Message",
	  .network = "Operator", .hop_id = "Sequence", .kind = "Type",
	  .begin = "initiation", .go_on = "response|addtocart", .abort = "release",
	  .timeout = "timeout", .type = JSON,
	  .reply = "{\"SessionId\":\"{{session}}\",\"Type\":\"{{more}}\","
	           "\"Message\":\"{{text}}\",\"Label\":\"\",\"ClientState\":\"\","
	           "\"DataType\":\"input\",\"FieldType\":\"text\"}",
	  .more = "response", .stop = "release" },
	{ ROW("nalo"), .method = "POST", .body = "json", .session = "SESSIONID",
	  .msisdn = "MSISDN", .input = "USERDATA", .network = "NETWORK",
	  .kind = "MSGTYPE", .begin = "true", .go_on = "false", .type = JSON,
	  .reply = "{\"USERID\":\"{{=USERID}}\",\"MSISDN\":\"{{=MSISDN}}\","
	           "\"MSG\":\"{{text}}\",\"MSGTYPE\":{{more}}}",
	  .more = "true", .stop = "false" },
	{ ROW("arkesel"), .method = "POST", .body = "json", .session = "sessionID",
	  .msisdn = "msisdn", .input = "userData", .network = "network",
	  .kind = "newSession", .begin = "true", .go_on = "false", .type = JSON,
	  .reply = "{\"sessionID\":\"{{session}}\",\"userID\":\"{{=userID}}\","
	           "\"msisdn\":\"{{=msisdn}}\",\"message\":\"{{text}}\","
	           "\"continueSession\":{{more}}}",
	  .more = "true", .stop = "false" },
	{ ROW("beem"), .method = "POST", .body = "json", .session = "session_id",
	  .msisdn = "msisdn", .input = "payload.response", .network = "operator",
	  .kind = "command", .begin = "initiate", .go_on = "continue",
	  .abort = "terminate", .type = JSON,
	  .reply =
	      "{\"msisdn\":\"{{=msisdn}}\",\"operator\":\"{{=operator}}\","
	      "\"session_id\":\"{{session}}\",\"command\":\"{{more}}\",\"payload\":{"
	      "\"request_id\":\"{{=payload.request_id}}\",\"request\":\"{{text}}\"}}",
	  .more = "continue", .stop = "terminate" },
	{ ROW("hollatags"), .method = "GET", .session = "session_id",
	  .msisdn = "session_msisdn", .code = "session_from", .input = "session_msg",
	  .network = "session_mno", .kind = "session_operation", .begin = "begin",
	  .go_on = "continue", .end = "end", .type = JSON,
	  .reply = "{\"session_operation\":\"{{more}}\",\"session_type\":"
	           "\"{{=session_type}}\",\"session_id\":\"{{session}}\","
	           "\"session_msg\":\"{{text}}\"}",
	  .more = "continue", .stop = "end" },
	/* the user's hanging up cannot be seen; first input is the code */
	{ ROW("dmark"), .method = "GET", .session = "transactionId", .msisdn = "msisdn",
	  .code = "ussdServiceCode", .input = "ussdRequestString", .kind = "response",
	  .begin = "false", .go_on = "true", .starts = "session",
	  .type = "application/x-www-form-urlencoded",
	  .reply = "responseString={{text}}&action={{more}}", .more = "request",
	  .stop = "end" },
	/* six values; the text cannot have the bar that parts them */
	{ ROW("cellulant"), .method = "GET", .session = "sessionID", .msisdn = "MSISDN",
	  .input = "INPUT", .kind = "opCode", .begin = "BEG", .abort = "ABO",
	  .go_on = "*", .abort_if = "ABORT", .starts = "session",
	  .reply = "1|{{text}}|null|null|{{more}}|null", .more = "null", .stop = "end",
	  .forbidden = "|" },
	{ ROW("truroute"), .method = "POST", .body = "xml", .session = "sessionid",
	  .msisdn = "msisdn", .input = "msg", .kind = "type", .begin = "1", .go_on = "2",
	  .abort = "3", .timeout = "4", .end = "10", .type = XML,
	  .reply = "<ussd><type>{{more}}</type><msg>{{text}}</msg></ussd>", .more = "2",
	  .stop = "3" },
	{ ROW("vodacom"), .method = "GET", .session = "ussdSessionId", .msisdn = "msisdn",
	  .input = "request", .network = "provider", .starts = "code", .type = XML,
	  .reply = "<request><headertext>{{text}}</headertext><options><option "
	           "command=\"1\" order=\"1\" callback=\"{{url}}\" display=\"false\"/>"
	           "</options></request>",
	  .reply_end = "<request><headertext>{{text}}</headertext></request>" },
	/* hanging up is a text of its own */
	{ ROW("imimobile"), .method = "GET", .session = "tid", .msisdn = "msisdn",
	  .input = "msg", .kind = "msg", .abort = "Map Dialog User Abort*",
	  .timeout = "Map Dialog Time*", .starts = "code", .type = "text/html",
	  .reply = "{{text}}", .header = "X-USSD-SESSION: {{more}}", .more = "1",
	  .stop = "0" },
	/* MTN Rwanda and its clones: handleUSSDRequest */
	{ ROW("xmlrpc"), .method = "POST", .body = "xmlrpc", .session = "TransactionId",
	  .msisdn = "MSISDN", .code = "USSDServiceCode", .input = "USSDRequestString",
	  .kind = "response", .begin = "false|0", .go_on = "true|1", .starts = "session",
	  .type = XML,
	  .reply =
	      "<?xml version=\"1.0\"?><methodResponse><params><param><value><struct>"
	      "<member><name>TransactionId</name><value><string>{{session}}</string>"
	      "</value></member>"
	      "<member><name>TransactionTime</name><value><string>"
	      "{{=TransactionTime}}</string></value></member>"
	      "<member><name>USSDResponseString</name><value><string>{{text}}</string>"
	      "</value></member>"
	      "<member><name>action</name><value><string>{{more}}</string></value>"
	      "</member></struct></value></param></params></methodResponse>",
	  .more = "request", .stop = "end" },
	/* My Store, #303#: a browser's page, the identity in headers.  A page without a
	 * form is the last. */
	{ ROW("orange"), .method = "GET", .session = "header:User-SessionId",
	  .msisdn = "header:User-MSISDN", .input = "response", .starts = "empty",
	  .type = "application/xhtml+xml; charset=utf-8",
	  .reply = "<?xml version=\"1.0\" "
	           "encoding=\"UTF-8\"?>\n<html><head><title></title></head>"
	           "<body><p>{{text}}</p><form action=\"{{url}}\" method=\"get\">"
	           "<input type=\"text\" name=\"response\"/></form></body></html>",
	  .reply_end = "<?xml version=\"1.0\" "
	               "encoding=\"UTF-8\"?>\n<html><head><title></title></head>"
	               "<body><p>{{text}}</p></body></html>",
	  .newline = "<br/>" },
	/* all from their pages; what it says when she hangs up goes to another URL */
	{ ROW("sendexa"), .method = "POST", .body = "json", .session = "sessionId",
	  .msisdn = "phone", .code = "serviceCode", .input = "input",
	  .network = "network", .kind = "type|event", .begin = "new", .go_on = "continue",
	  .end = "ussd.session.completed", .type = JSON,
	  .reply = "{\"message\":\"{{text}}\",\"shouldClose\":{{more}}}", .more = "false",
	  .stop = "true" },
	/* Signed: auth = "rsa".  Their page shows START alone as coming; that answers
	 * come as CONTINUE, with the last input only, and hanging up as END is a guess.
	 */
	{ ROW("paytota"), .method = "POST", .body = "json", .session = "sessionid",
	  .msisdn = "msisdn", .code = "shortcode", .input = "message",
	  .network = "mccmnc", .kind = "state", .begin = "START", .go_on = "CONTINUE",
	  .end = "END", .type = JSON,
	  .reply = "{\"msisdn\":\"{{=msisdn}}\",\"sessionid\":\"{{session}}\","
	           "\"state\":\"{{more}}\",\"message\":\"{{text}}\"}",
	  .more = "CONTINUE", .stop = "END" },
	/* LAfricaMobile.  Known: a GET with `msisdn`, answered by XML whose <a> are its
	 * options.  Not known: its root, how free text comes back, and whether there is a
	 * session's id; here the number is one, and a form brings `response`, as Orange.
	 */
	{ ROW("lafricamobile"), .method = "GET", .session = "sessionid|session|msisdn",
	  .msisdn = "msisdn", .input = "response", .starts = "empty", .type = XML,
	  .reply = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html><body><p>{{text}}"
	           "</p><form action=\"{{url}}\" method=\"get\"><input type=\"text\" "
	           "name=\"response\"/></form></body></html>",
	  .reply_end = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html><body><p>"
	               "{{text}}</p></body></html>",
	  .newline = "<br/>" },
	/* Mtech's pages.  Only a begin has the number; the link of the page brings it
	 * back as `page_id`.  A page may not have a newline anywhere. */
	{ ROW("mtech"), .method = "POST", .body = "xml", .session = "session_id",
	  .msisdn = "mobile_number|page_id", .input = "data", .kind = "mobile_number",
	  .begin = "*", .abort_if = "status", .starts = "session", .type = XML,
	  .reply = MTECH("<div>{{text}}</div><navigation><link accesskey=\"*\" "
	                 "pageId=\"{{msisdn}}\"/></navigation>"),
	  .reply_end = MTECH("<div>{{text}}</div>"), .reply_over = MTECH(""),
	  .newline = "<br/>" },
	/* Restcomm's USSD gateway: a MAP dialog as XML.  Only a begin has the number and
	 * the invoke id that the last answer must name; `userObject` brings both back. */
	{ ROW("restcomm"), .method = "POST", .body = "xml", .session = "dialog@localId",
	  .msisdn = "msisdn@number|dialog@userObject#1|originationReference@number",
	  .input = "unstructuredSSRequest_Response@string|"
	           "processUnstructuredSSRequest_Request@string|ussdString",
	  .network = "dialog@networkId", .kind = "<>",
	  .begin = "processUnstructuredSSRequest_Request",
	  .go_on = "unstructuredSSRequest_Response",
	  .abort_if = "dialog@mapUserAbortChoice|dialog@mapAbortProviderReason|"
	              "dialog@mapRefuseReason|errorComponent@type|"
	              "dialog@dialogTimedOut|dialog@invokeTimedOut",
	  .type = XML,
	  .reply = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dialog "
	           "mapMessagesSize=\"1\" userObject=\"{{msisdn}} " MAP_INVOKE "\">"
	           "<unstructuredSSRequest_Request dataCodingScheme=\"{{dcs}}\" "
	           "string=\"{{text}}\"/></dialog>",
	  .reply_end = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<dialog "
	               "mapMessagesSize=\"1\" prearrangedEnd=\"false\">"
	               "<processUnstructuredSSRequest_Response invokeId=\"" MAP_INVOKE
	               "\" dataCodingScheme=\"{{dcs}}\" string=\"{{text}}\"/></dialog>",
	  .newline = "&#10;" },
	/* IdeaMart: the screen is a POST of ours to its /ussd/send, with the application
	 * as `user`.  Numbers have to come as they are, not masked ("tel:5C74B5..").  How
	 * it tells that she hung up is not known. */
	{ ROW("ideamart"), .method = "POST", .body = "json", .session = "sessionId",
	  .msisdn = "sourceAddress", .input = "message", .kind = "ussdOperation",
	  .begin = "mo-init", .go_on = "mo-cont", .type = JSON, .posts = true,
	  .reply = "{\"applicationId\":\"{{user}}\",\"password\":\"{{password}}\","
	           "\"version\":\"1.0\",\"message\":\"{{text}}\",\"sessionId\":"
	           "\"{{session}}\",\"ussdOperation\":\"{{more}}\","
	           "\"destinationAddress\":\"{{=sourceAddress}}\"}",
	  .reply_over = "{\"statusCode\":\"S1000\",\"statusDetail\":\"Success\"}",
	  .more = "mt-cont", .stop = "mt-fin", .expects = "S1000" },
	{ .name = NULL },
};

#pragma GCC diagnostic pop

const struct http_ussd_row *
http_ussd_row(const char *name)
{
	for (const struct http_ussd_row *r = http_ussd_rows; r->name != NULL; r++) {
		if (strcmp(r->name, name) == 0)
			return r;
	}
	return NULL;
}

/* ---- an entry of the settings ---- */

#define SAME(field)                                                                      \
	{                                                                                \
		offsetof(struct http_ussd_row, field),                                   \
		    offsetof(struct settings_ussd_http, field)                           \
	}

const char *
http_ussd_resolve(const struct settings_ussd_http *entry, struct http_ussd_row *out)
{
	static const struct http_ussd_row bare = {
		ROW(""), .session = "", .msisdn = "", .input = "", .reply = "",
	};

	static const struct {
		size_t row, entry;
	} fields[] = {
		SAME(method),     SAME(body),           SAME(path),
		SAME(session),    SAME(msisdn),         SAME(code),
		SAME(input),      SAME(network),        SAME(hop_id),
		SAME(kind),       SAME(begin),          SAME(go_on),
		SAME(end),        SAME(abort),          SAME(timeout),
		SAME(abort_if),   SAME(starts),         SAME(typed),
		SAME(type),       SAME(reply),          SAME(reply_end),
		SAME(reply_over), SAME(more),           SAME(stop),
		SAME(header),     SAME(forbidden),      SAME(newline),
		SAME(user_field), SAME(password_field), SAME(expects),
		SAME(user),       SAME(password),
	};

	const char *from = entry->dialect[0] == '\0' ? entry->name : entry->dialect;
	const struct http_ussd_row *row = http_ussd_row(from);

	if (row == NULL && entry->dialect[0] != '\0')
		return "there is no such dialect";
	*out = row == NULL ? bare : *row;
	out->name = entry->name;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const char *text = (const char *)entry + fields[i].entry;

		if (*text != '\0')
			*(const char **)(void *)((char *)out + fields[i].row) =
			    strcmp(text, "none") == 0 ? "" : text;
	}
	out->posts |= entry->send_url[0] != '\0';
	if (out->session[0] == '\0' || out->msisdn[0] == '\0' || out->input[0] == '\0' ||
	    out->reply[0] == '\0')
		return "it needs a dialect, or session, msisdn, input and reply";
	if (out->kind[0] == '\0' && out->starts[0] == '\0')
		return "it needs kind and begin, or starts";
	return NULL;
}
