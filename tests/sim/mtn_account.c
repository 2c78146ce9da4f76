/* MTN: balances and what is known of an account holder. */
#include "lib/json.h"
#include "tests/sim/book.h"
#include "tests/sim/phone.h"
#include "tests/sim/script.h"
#include "tests/sim/sim.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

void
mtn_balance(void *arg, struct http_exchange *x)
{
	const struct product *p = arg;
	const struct sim *s = p->sim;
	int64_t v = p->out ? s->o.float_minor : 0;
	const char *hosts;
	char text[120], currency[4];
	const char *asked = http_path_rest(x);

	if (!mtn_admit(p, x, &hosts))
		return;
	snprintf(currency, sizeof currency, "%s",
	         asked[0] != '\0' ? asked : s->o.currencies);
	if (!list_has(s->o.currencies, currency)) {
		answer_error(x, 500, "INVALID_CURRENCY", "Currency not supported.");
		return;
	}
	v += (p->out ? -1 : 1) * book_paid(s->book, p->out);
	snprintf(text, sizeof text,
	         "{\"availableBalance\":\"%" PRId64 ".%02d\",\"currency\":\"%s\"}",
	         v / 100, (int)(v % 100), currency);
	answer_json(x, 200, text);
}

static void
answer_who(struct http_exchange *x, const char *number)
{
	const char *given, *family;
	char text[300];
	struct json_writer w;
	struct buf b;

	phone_holder(number, &given, &family);
	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "given_name", given);
	jw_text(&w, "family_name", family);
	jw_text(&w, "birthdate", "1990-01-01");
	jw_text(&w, "locale", "sw_TZ");
	jw_text(&w, "gender", "");
	jw_text(&w, "status", "ACTIVE");
	jw_end_object(&w);
	answer_json(x, 200, text);
}

/* .../accountholder/{msisdn|email|party_code}/{id}/{active|basicuserinfo} */
void
mtn_holder(void *arg, struct http_exchange *x)
{
	const struct product *p = arg;
	const char *rest = http_path_rest(x), *id = strchr(rest, '/'), *what, *hosts,
	           *code;
	char number[64];
	int status = 200;

	if (!mtn_admit(p, x, &hosts))
		return;
	what = id == NULL ? NULL : strchr(id + 1, '/');
	if (what == NULL || strncasecmp(rest, "msisdn/", 7) != 0) {
		answer_error(x, 404, "RESOURCE_NOT_FOUND",
		             "Requested resource was not found.");
		return;
	}
	snprintf(number, sizeof number, "%.*s", (int)(what - id - 1), id + 1);
	code = holder_fault(number, &status);
	if (code != NULL && code[0] != '\0')
		answer_error(x, status, code,
		             "The account holder cannot be asked about.");
	else if (strcmp(what, "/active") == 0)
		answer_json(x, 200,
		            code == NULL ? "{\"result\":true}" : "{\"result\":false}");
	else if (strcmp(what, "/basicuserinfo") == 0 && code == NULL)
		answer_who(x, number);
	else
		answer_error(x, 404, "RESOURCE_NOT_FOUND",
		             "Requested resource was not found.");
}
