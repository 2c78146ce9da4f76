/* What a carrier answered to an SMS. */
#include "gateway/channel/http_sms.h"

#include "lib/json.h"

#include <string.h>

static void
say(struct http_sms_answer *out, enum sms_fate fate, bool surely_not, const char *reason)
{
	out->fate = fate;
	out->surely_not = surely_not;
	snprintf(out->reason, sizeof out->reason, "%s", reason);
}

/* Ids of different carriers never meet: each stands behind its carrier's name. */
static void
take(struct http_sms_answer *out, const struct settings_carrier *row, const char *id)
{
	out->fate = SMS_TAKEN;
	if (*id != '\0')
		snprintf(out->carrier_id, sizeof out->carrier_id, "%s:%.70s", row->name,
		         id);
}

static bool
holds(const char *body, size_t n, const char *word)
{
	return memmem(body, n, word, strlen(word)) != NULL;
}

/* 202 "0: Accepted for delivery" or "3: Queued for later delivery"; 503 try again.  What
 * it says of this number or this text is final; of our account or our sender it is ours
 * to mend. */
static void
read_kannel(const struct settings_carrier *row, int status, const char *body, size_t n,
            const char *id, struct http_sms_answer *out)
{
	if (status == 202)
		take(out, row, id);
	else if (status == 403 && holds(body, n, "denied"))
		say(out, SMS_REFUSED, true, "number_denied");
	else if (status == 403)
		say(out, SMS_AGAIN, true, "credentials_refused");
	else if (status == 400 && !holds(body, n, "Sender"))
		say(out, SMS_REFUSED, true, "refused");
	else
		say(out, SMS_AGAIN, true, status == 503 ? "busy" : "http_status");
}

static bool
is_about_the_number(const char *name)
{
	return strstr(name, "DESTINATION") != NULL || strstr(name, "NOT_ALLOWED") != NULL;
}

static void
read_infobip(const struct settings_carrier *row, int status, const char *body, size_t n,
             struct http_sms_answer *out)
{
	struct err err;

	if (status != 200) {
		say(out, SMS_AGAIN, status < 500,
		    status == 401 ? "credentials_refused" : "http_status");
		return;
	}
	struct json *doc = json_parse(body, n, &err);
	const struct json *one = json_at(json_get(doc, "messages"), 0);
	const struct json *told = json_get(one, "status");
	const char *group = json_get_text(told, "groupName");
	const char *name = json_get_text(told, "name");
	const char *id = json_get_text(one, "messageId");

	if (group == NULL)
		say(out, SMS_AGAIN, false, "unreadable");
	else if (strcmp(group, "PENDING") == 0 || strcmp(group, "DELIVERED") == 0)
		take(out, row, id == NULL ? "" : id);
	else if (strcmp(group, "UNDELIVERABLE") == 0 ||
	         (name != NULL && is_about_the_number(name)))
		say(out, SMS_REFUSED, true, name == NULL ? group : name);
	else /* credit, sender, route: ours to mend */
		say(out, SMS_AGAIN, true, name == NULL ? group : name);
	json_free(doc);
}

static void
read_template(const struct settings_carrier *row, int status, const char *body, size_t n,
              const char *id, struct http_sms_answer *out)
{
	struct err err;

	if (status < 200 || status > 299) {
		say(out, SMS_AGAIN, (status >= 400 && status < 500) || status == 503,
		    "http_status");
		/* how others say that a number or a text is wrong */
		out->of_this_one = status == 400 || status == 422;
		return;
	}
	if (row->expects[0] != '\0' && !holds(body, n, row->expects)) {
		say(out, SMS_AGAIN, true, "answer_without_word");
		return;
	}
	struct json *doc = row->id_field[0] == '\0' ? NULL : json_parse(body, n, &err);
	const char *theirs = json_get_text(doc, row->id_field);
	take(out, row, theirs == NULL ? id : theirs);
	json_free(doc);
}

void
http_sms_read(const struct settings_carrier *row, int status, const char *body, size_t n,
              const char *id, struct http_sms_answer *out)
{
	memset(out, 0, sizeof *out);
	if (strcmp(row->kind, "kannel") == 0)
		read_kannel(row, status, body, n, id, out);
	else if (strcmp(row->kind, "infobip") == 0)
		read_infobip(row, status, body, n, out);
	else
		read_template(row, status, body, n, id, out);
}
