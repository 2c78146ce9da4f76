/* settings_carriers - who carries SMS: `carriers = ( { ... }, ... )`. */
#include "config/settings_table.h"

#define PLACE(field) SETTING_IN(struct settings_carrier, field)

const struct setting settings_carriers_table[] = {
	{ "name", SET_TEXT, PLACE(name), 0, 0, "kannel", NEEDED,
	  "letters, digits and '-'; part of our URLs /sms/NAME and /sms/NAME/dlr" },
	{ "kind", SET_WORD, PLACE(kind), 0, 0, "kannel|infobip|template|at|smpp", RESTART,
	  "how it is spoken to; at and smpp only say here when those are used, smpp by "
	  "the name of the operator" },
	{ "numbers", SET_TEXT, PLACE(numbers), 0, 0, "", RESTART,
	  "first digits of the numbers it reaches, with country code, by spaces; empty "
	  "for all" },
	{ "cost", SET_INT, PLACE(cost), 0, 1000000, "10", RESTART,
	  "of one SMS, in any unit: the cheapest that is well carries it" },
	{ "url", SET_URL, PLACE(url), 0, 0, "", RESTART,
	  "where SMS are sent; of a template with {{to}} {{to_no_plus}} {{from}} "
	  "{{text}} "
	  "{{id}} {{user}} {{secret}}" },
	{ "method", SET_WORD, PLACE(method), 0, 0, "POST|GET", RESTART,
	  "template: how it is sent; GET has no body" },
	{ "content_type", SET_TEXT, PLACE(content_type), 0, 0,
	  "application/x-www-form-urlencoded", RESTART,
	  "template: of the body, whose fields are escaped for it" },
	{ "body", SET_TEXT, PLACE(body), 0, 0, "", RESTART,
	  "template: with the same fields as the URL" },
	{ "authorization", SET_TEXT, PLACE(authorization), 0, 0, "", RESTART,
	  "template: header of that name, as \"Bearer {{secret}}\"" },
	{ "expects", SET_TEXT, PLACE(expects), 0, 0, "", RESTART,
	  "template: an answer without this word is no success" },
	{ "id_field", SET_TEXT, PLACE(id_field), 0, 0, "", RESTART,
	  "template: field of a JSON answer that holds its id; empty: ours is used" },
	{ "user", SET_TEXT, PLACE(user), 0, 0, "", RESTART, "our account there" },
	{ "secret_file", SET_SECRET, PLACE(secret), 0, 0, "", RESTART,
	  "file with its password or key" },
	{ "sender", SET_TEXT, PLACE(sender), 0, 0, "", RESTART,
	  "sender name or short code of our SMS" },
	{ "deadline", SET_MS, PLACE(deadline_ms), 100, 50000, "10s", RESTART,
	  "of one call" },
	{ "in_secret_file", SET_SECRET, PLACE(in_secret), 0, 0, "", RESTART,
	  "part of our URLs, /sms/NAME/SECRET; empty for none" },
	{ "networks", SET_NETWORKS, PLACE(networks), 0, 0, "127.0.0.0/8 ::1/128", RESTART,
	  "networks SMS and delivery reports may come from" },
	{ "certificate", SET_PEER, PLACE(certificate), 0, 0, "", RESTART,
	  "certificate it must show at https.listen, as at.certificate; empty: none" },
	{ "report_url", SET_URL, PLACE(report_url), 0, 0, "", RESTART,
	  "how it reaches us with reports; empty: http.public_url" },
	{ NULL, SET_TEXT, 0, 0, 0, 0, NULL, RESTART, NULL },
};
