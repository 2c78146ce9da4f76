/* settings_xmltcp - who brings USSD by XML over TCP: `xmltcp = ( { ... }, ... )`. */
#include "config/settings_table.h"

#define PLACE(field) SETTING_IN(struct settings_xmltcp, field)

const struct setting settings_xmltcp_table[] = {
	{ "name", SET_TEXT, PLACE(name), 0, 0, "mtn-ng", NEEDED,
	  "letters, digits and '-'; stands in the log and in the metrics" },
	{ "host", SET_TEXT, PLACE(host), 0, 0, "127.0.0.1", NEEDED,
	  "name or address of the operator's USSD gateway" },
	{ "port", SET_INT, PLACE(port), 1, 65535, "7000", RESTART, "its port" },
	{ "tls", SET_BOOL, PLACE(tls), 0, 0, "false", RESTART,
	  "TLS 1.2 or later, its certificate checked" },
	{ "ca_file", SET_TEXT, PLACE(ca_file), 0, 0, "", RESTART,
	  "certificates it is checked against; empty for the system's" },
	{ "user", SET_TEXT, PLACE(user), 0, 0, "adit", NEEDED, "our account there" },
	{ "password_file", SET_SECRET, PLACE(password), 0, 0, "", RESTART,
	  "file with its password" },
	{ "application", SET_TEXT, PLACE(application), 0, 0, "", RESTART,
	  "applicationId, as the operator says" },
	{ "country", SET_TEXT, PLACE(country), 0, 0, "", RESTART,
	  "whose national numbers it sends, as NG; empty: only international" },
	{ "service_code", SET_TEXT, PLACE(service_code), 0, 0, "", RESTART,
	  "the code people dial there, if it is another than ussd.service_code; what "
	  "they dial behind it answers menus" },
	{ "connect", SET_MS, PLACE(connect_ms), 100, S(60), "10s", RESTART,
	  "time to connect, and again to be signed in" },
	{ "enquire", SET_MS, PLACE(enquire_ms), 100, S(600), "30s", RESTART,
	  "how often the peer is asked whether it lives" },
	{ "response", SET_MS, PLACE(response_ms), 100, S(60), "20s", RESTART,
	  "silence after that question, until the link is made anew" },
	{ "repeat", SET_MS, PLACE(repeat_ms), 0, S(10), "1s", RESTART,
	  "the same input that soon again is the same hop sent twice" },
	{ "goodbye", SET_TEXT, PLACE(goodbye), 0, 0, "Session ended", RESTART,
	  "the answer to a notice that the member left; empty: none" },
	{ NULL, SET_TEXT, 0, 0, 0, 0, NULL, RESTART, NULL },
};
