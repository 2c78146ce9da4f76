#include "gateway/channel/at_read.h"

#include "lib/http_server.h"

#include <string.h>

static const char *
take(const char *body, size_t n, const char *name, char *out, size_t cap)
{
	long len = form_get(body, n, name, out, cap);

	return len == -1 ? "a field is missing: sessionId, phoneNumber, serviceCode and "
	                   "text are needed"
	       : len == -2 ? "a field is too long or wrongly encoded"
	                   : NULL;
}

static const char *
take_number(const char *body, size_t n, struct msisdn *out)
{
	char text[32];
	const char *wrong = take(body, n, "phoneNumber", text, sizeof(text));

	if (wrong != NULL)
		return wrong;
	/* An unencoded plus reads as a space. */
	const char *digits = text + strspn(text, " ");
	if (!msisdn_parse(digits, strlen(digits), NULL, out))
		return "phoneNumber is no international number: +255712345678";
	return NULL;
}

/* The session id goes into keys and log lines: printable, no spaces. */
static bool
plain(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s <= ' ' || *s > '~')
			return false;
	}
	return true;
}

/* The same, and not empty. */
static bool
word(const char *s)
{
	return *s != '\0' && plain(s);
}

static const char *
take_common(const char *body, size_t n, struct hop *out)
{
	const char *wrong;

	memset(out, 0, sizeof(*out));
	out->channel = "at";
	out->cumulative = true;
	out->input = "";
	wrong = take(body, n, "sessionId", out->session, sizeof(out->session));
	if (wrong == NULL)
		wrong = take_number(body, n, &out->msisdn);
	if (wrong == NULL)
		wrong = take(body, n, "serviceCode", out->code, sizeof(out->code));
	if (wrong != NULL)
		return wrong;
	if (out->session[0] == '\0' || !plain(out->session) || !plain(out->code))
		return "sessionId and serviceCode are printable, without spaces";
	if (form_get(body, n, "networkCode", out->network, sizeof(out->network)) < 0 ||
	    !plain(out->network))
		memset(out->network, 0, sizeof(out->network));
	return NULL;
}

const char *
at_ussd_parse(const char *body, size_t n, struct at_hop *out)
{
	const char *wrong = take_common(body, n, &out->hop);

	if (wrong != NULL)
		return wrong;
	wrong = take(body, n, "text", out->text, sizeof(out->text));
	if (wrong != NULL)
		return wrong;
	out->hop.input = out->text;
	out->hop.input_len = strlen(out->text);
	out->hop.kind = out->hop.input_len == 0 ? HOP_BEGIN : HOP_CONTINUE;
	return NULL;
}

const char *
at_ussd_parse_event(const char *body, size_t n, struct hop *out)
{
	char status[24];
	const char *wrong = take_common(body, n, out);

	if (wrong != NULL)
		return wrong;
	if (form_get(body, n, "status", status, sizeof(status)) < 0)
		return "a field is missing: status";
	out->kind = strcmp(status, "Success") == 0 ? HOP_END : HOP_ABORT;
	return NULL;
}

void
at_hop_wipe(struct at_hop *h)
{
	explicit_bzero(h->text, sizeof(h->text));
	h->hop.input = "";
	h->hop.input_len = 0;
}

const char *
at_sms_parse(const char *body, size_t n, struct at_sms_in *out)
{
	char from[32];
	long len;

	memset(out, 0, sizeof(*out));
	out->in.channel = "at";
	if (form_get(body, n, "id", out->in.sms_id, sizeof(out->in.sms_id)) < 1 ||
	    !word(out->in.sms_id))
		return "the field id is missing or wrong";
	if (form_get(body, n, "from", from, sizeof(from)) < 1)
		return "the field from is missing";
	const char *digits = from + strspn(from, " ");
	if (!msisdn_parse(digits, strlen(digits), NULL, &out->in.from))
		return "from is no international number: +255712345678";
	len = form_get(body, n, "text", out->text, sizeof(out->text));
	if (len < 0)
		return "the field text is missing or too long";
	out->in.text = out->text;
	out->in.text_len = (size_t)len;
	return NULL;
}

static enum at_fate
fate_of(const char *status)
{
	static const struct {
		const char *name;
		enum at_fate fate;
	} rows[] = {
		{ "Sent", AT_ON_ITS_WAY },     { "Submitted", AT_ON_ITS_WAY },
		{ "Buffered", AT_ON_ITS_WAY }, { "Success", AT_DELIVERED },
		{ "Failed", AT_LOST },         { "Rejected", AT_LOST },
		{ "Expired", AT_LOST },        { "AbsentSubscriber", AT_LOST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, status) == 0)
			return rows[i].fate;
	}
	return AT_ON_ITS_WAY; /* a word we do not know decides nothing */
}

const char *
at_sms_parse_report(const char *body, size_t n, struct sms_report *out)
{
	memset(out, 0, sizeof(*out));
	if (form_get(body, n, "id", out->carrier_id, sizeof(out->carrier_id)) < 1 ||
	    !word(out->carrier_id))
		return "the field id is missing or wrong";
	if (form_get(body, n, "status", out->status, sizeof(out->status)) < 1 ||
	    !word(out->status))
		return "the field status is missing or wrong";
	if (form_get(body, n, "failureReason", out->reason, sizeof(out->reason)) < 0 ||
	    !word(out->reason))
		out->reason[0] = '\0';
	out->fate = fate_of(out->status);
	return NULL;
}
