/* settings_ussd_http - who brings USSD over HTTP: `ussd_http = ( { ... }, ... )`. */
#include "config/settings_table.h"

#define PLACE(field) SETTING_IN(struct settings_ussd_http, field)

#define TEXT(field, help)                                                                \
	{                                                                                \
#field, SET_TEXT, PLACE(field), 0, 0, "", false, false, help             \
	}

const struct setting settings_ussd_http_table[] = {
	{ "name", SET_TEXT, PLACE(name), 0, 0, "aggregator", false, true,
	  "letters, digits and '-'; part of our URL, /ussd/NAME" },
	TEXT(dialect, "con, advanta, safaricom, flares, infobip, hubtel, nalo, arkesel, "
	              "beem, hollatags, dmark, cellulant, truroute, vodacom, imimobile, "
	              "xmlrpc, orange, sendexa, paytota, lafricamobile, mtech, restcomm, "
	              "ideamart; empty: that of the name, or all of it is written below"),
	{ "networks", SET_NETWORKS, PLACE(networks), 0, 0, "127.0.0.0/8 ::1/128", RESTART,
	  "networks it calls from" },
	{ "secret_file", SET_SECRET, PLACE(secret), 0, 0, "", RESTART,
	  "part of our URL, /ussd/NAME/SECRET; empty for none" },
	{ "certificate", SET_PEER, PLACE(certificate), 0, 0, "", RESTART,
	  "certificate it must show at https.listen, as at.certificate; empty: none" },
	{ "auth", SET_WORD, PLACE(auth), 0, 0, "none|basic|fields|hmac|rsa", RESTART,
	  "what a request proves itself by: user and password in the header or in "
	  "fields, "
	  "or a signature of the body" },
	TEXT(user, "of basic and fields, and of a posted screen"),
	{ "password_file", SET_SECRET, PLACE(password), 0, 0, "", RESTART,
	  "of basic and fields, and of a posted screen" },
	{ "key_file", SET_SECRET, PLACE(key), 0, 0, "", RESTART,
	  "hmac: the key; rsa: their public key, one line of base64" },
	{ "signature", SET_TEXT, PLACE(signature), 0, 0, "Signature", RESTART,
	  "header with the signature: SHA-256, in base64 or hexadecimal" },
	TEXT(country,
	     "whose national numbers it sends, as TZ; empty: only international"),
	TEXT(service_code,
	     "the code people dial there, if it is another than ussd.service_code; what "
	     "they dial behind it answers menus"),
	{ "repeat", SET_MS, PLACE(repeat_ms), 0, 10000, "1s", RESTART,
	  "the same input that soon again is the same hop sent twice, where hops have no "
	  "id" },
	TEXT(method, "what follows changes the dialect, \"none\" empties a part: GET, "
	             "POST, PUT, by '|'"),
	TEXT(body, "form, json, xml, xmlrpc"),
	TEXT(path, "behind our URL, as \"session/{session}/{kind}\""),
	TEXT(session, "field of the session's id, or \"header:NAME\"; of fields by '|' "
	              "the first counts that "
	              "is there; \"a.b\" in JSON, \"a@b\" for an XML attribute"),
	TEXT(msisdn, "field of the phone number"),
	TEXT(code, "field of the service code"),
	TEXT(input, "field of what was typed"),
	TEXT(network, "field of the network"),
	TEXT(hop_id,
	     "field that is another for each hop, and the same for one sent twice"),
	TEXT(kind, "field that tells a begin from the rest; \"<>\": an XML element does"),
	TEXT(begin, "its words for a begin, by '|'"),
	TEXT(go_on, "for an answer"),
	TEXT(end, "for a session that is over"),
	TEXT(abort, "for one that the member left"),
	TEXT(timeout, "for one that she let lapse"),
	TEXT(abort_if, "field that is only there when she left"),
	TEXT(starts, "without kind: a begin has no input (empty), the code (code), or is "
	             "known by its id (session)"),
	TEXT(typed,
	     "last: the last input; all: all so far; code: the same behind the code"),
	TEXT(type, "content type of the answer; texts are escaped for it"),
	TEXT(reply, "the answer, with {{text}} {{more}} {{session}} {{msisdn}} {{code}} "
	            "{{url}} {{user}} {{password}} {{=FIELD}}"),
	TEXT(reply_end,
	     "the answer that ends a session, if it differs by more than {{more}}"),
	TEXT(reply_over, "the answer to a notice that it is over"),
	TEXT(more, "what {{more}} says when it goes on"),
	TEXT(stop, "what it says at the end"),
	TEXT(header, "headers of the answer, by '|', as \"Freeflow: {{more}}\""),
	TEXT(newline,
	     "what stands between the lines of a screen, as \"<br/>\"; empty: a newline"),
	TEXT(forbidden, "characters a screen may not have"),
	TEXT(user_field, "field of the user, with auth = \"fields\""),
	TEXT(password_field, "field of the password"),
	TEXT(send_url,
	     "where screens are posted to, for those that do not take them as an "
	     "answer; they then get reply_over at once"),
	TEXT(expects, "what their answer to a posted screen holds if it was taken"),
	{ NULL, SET_TEXT, 0, 0, 0, 0, NULL, RESTART, NULL },
};
