#include "gateway/channel/xmltcp/packet.h"

#include "gateway/channel/xml_read.h"
#include "ussd/core/dial.h"

#include <sodium.h>
#include <string.h>

static const char *const type_names[XMLTCP_TYPES] = {
	[XMLTCP_OTHER] = "",
	[XMLTCP_USSD_REQUEST] = "USSDRequest",
	[XMLTCP_USSD_RESPONSE] = "USSDResponse",
	[XMLTCP_USSD_ERROR] = "USSDError",
	[XMLTCP_AUTH_REQUEST] = "AUTHRequest",
	[XMLTCP_AUTH_RESPONSE] = "AUTHResponse",
	[XMLTCP_AUTH_ERROR] = "AUTHError",
	[XMLTCP_ENQ_REQUEST] = "ENQRequest",
	[XMLTCP_ENQ_RESPONSE] = "ENQResponse",
};

/* ---- the headers ---- */

/* What stands before the filling, which is NULs, or blanks. */
static size_t
filled(const uint8_t *field)
{
	size_t n = XMLTCP_HEADER / 2;

	while (n > 0 && (field[n - 1] == '\0' || field[n - 1] == ' '))
		n--;
	return n;
}

int32_t
xmltcp_length(const uint8_t *bytes, size_t n)
{
	const uint8_t *field = bytes + XMLTCP_HEADER / 2;
	int32_t length = 0;
	size_t digits;

	if (n < XMLTCP_HEADER)
		return 0;
	digits = filled(field);
	for (size_t i = 0; i < digits; i++) {
		if (field[i] < '0' || field[i] > '9')
			return -1;
		length = length * 10 + (field[i] - '0');
		if (length > XMLTCP_PACKET_MAX)
			return -1;
	}
	return length <= XMLTCP_HEADER ? -1 : length;
}

static bool
read_session(const uint8_t *field, char out[XMLTCP_SESSION_SIZE])
{
	size_t n = filled(field);

	for (size_t i = 0; i < n; i++) {
		if (field[i] <= ' ' || field[i] > '~')
			return false;
	}
	memcpy(out, field, n);
	out[n] = '\0';
	return n > 0;
}

/* ---- the body ---- */

struct reading {
	struct xmltcp_packet *out;
	unsigned seen; /* a bit for each field */
	bool ok;
};

#define FIELD(name, field)                                                               \
	{                                                                                \
		name, offsetof(struct xmltcp_packet, field),                             \
		    sizeof(((struct xmltcp_packet *)NULL)->field)                        \
	}

static const struct {
	const char *name;
	size_t at, size;
} fields[] = {
	FIELD("requestId", request),    FIELD("msisdn", msisdn),
	FIELD("starCode", star_code),   FIELD("clientId", client),
	FIELD("msgtype", message_type), FIELD("EndofSession", end),
	FIELD("errorCode", error),      FIELD("userdata", text),
};

static void
trim(const char **text, size_t *n)
{
	while (*n > 0 && strchr(" \t\r\n", (*text)[*n - 1]) != NULL)
		--*n;
	while (*n > 0 && strchr(" \t\r\n", **text) != NULL) {
		++*text;
		--*n;
	}
}

static bool
take_field(void *arg, const char *name, const char *text)
{
	struct reading *r = arg;
	size_t n = strlen(text);

	for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		char *place = (char *)r->out + fields[i].at;

		if (strcmp(fields[i].name, name) != 0)
			continue;
		trim(&text, &n);
		r->ok = n < fields[i].size && (r->seen & 1u << i) == 0;
		r->seen |= 1u << i;
		if (!r->ok)
			return false;
		memcpy(place, text, n);
		place[n] = '\0';
		return true;
	}
	return true; /* phase, dcs, and what they may add */
}

/* Latin-1 without its NULs, as UTF-8.  out holds twice n. */
static size_t
to_utf8(const uint8_t *bytes, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] >= 0x80) {
			out[len++] = (char)(0xc0 | bytes[i] >> 6);
			out[len++] = (char)(0x80 | (bytes[i] & 0x3f));
		} else if (bytes[i] != '\0') {
			out[len++] = (char)bytes[i];
		}
	}
	return len;
}

static enum xmltcp_type
type_of(const char *root)
{
	for (unsigned i = XMLTCP_OTHER + 1; i < XMLTCP_TYPES; i++) {
		if (strcmp(type_names[i], root) == 0)
			return (enum xmltcp_type)i;
	}
	return XMLTCP_OTHER;
}

/* What may follow a requestId is no part of it. */
static void
cut_request(char *request)
{
	while (*request > ' ' && *request <= '~')
		request++;
	*request = '\0';
}

static enum xmltcp_fault
read_body(const char *xml, size_t n, struct xmltcp_packet *out)
{
	char room[XMLTCP_PACKET_MAX];
	struct reading r = { .out = out, .ok = true };
	struct xml_flat flat = {
		.room = room, .cap = sizeof room, .each = take_field, .arg = &r
	};
	bool read = xml_flat_read(xml, n, &flat);

	sodium_memzero(room, sizeof room);
	out->type = type_of(flat.root);
	cut_request(out->request);
	if (!r.ok)
		return XMLTCP_FAULT_FIELD;
	if (!read)
		return XMLTCP_FAULT_XML;
	if (out->type == XMLTCP_OTHER)
		return XMLTCP_FAULT_TYPE;
	if (out->type == XMLTCP_USSD_REQUEST &&
	    (out->request[0] == '\0' || out->msisdn[0] == '\0' ||
	     out->message_type[0] == '\0'))
		return XMLTCP_FAULT_FIELD;
	return XMLTCP_READ;
}

enum xmltcp_fault
xmltcp_read(const uint8_t *bytes, size_t n, struct xmltcp_packet *out)
{
	char xml[2 * XMLTCP_PACKET_MAX];
	enum xmltcp_fault fault;
	size_t len;

	memset(out, 0, sizeof *out);
	if (n <= XMLTCP_HEADER || n > XMLTCP_PACKET_MAX)
		return XMLTCP_FAULT_XML;
	if (!read_session(bytes, out->session))
		return XMLTCP_FAULT_HEADER;
	len = to_utf8(bytes + XMLTCP_HEADER, n - XMLTCP_HEADER, xml);
	fault = read_body(xml, len, out);
	sodium_memzero(xml, sizeof xml);
	return fault;
}

void
xmltcp_wipe(struct xmltcp_packet *p)
{
	sodium_memzero(p, sizeof *p);
}

/* ---- the hop ---- */

static bool
copy_word(char *out, size_t cap, const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n >= cap)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	}
	memcpy(out, text, n + 1);
	return true;
}

/* Whatever is neither a begin nor an answer ends the session; so does an answer that
 * does not say that it goes on. */
static enum hop_kind
kind_of(const struct xmltcp_packet *p)
{
	if (strcmp(p->message_type, "1") == 0)
		return HOP_BEGIN;
	if (strcmp(p->message_type, "4") == 0 && strcmp(p->end, "0") == 0)
		return HOP_CONTINUE;
	return HOP_ABORT;
}

/* What was dialled, where it is told: the code of ours and what stands behind it. Another
 * code stays whole.  False if it cannot be one. */
static bool
take_dialled(const char *text, const char *service_code, struct hop *out)
{
	struct dial_text rest;

	if (!dial_behind(service_code, text, strlen(text), &rest))
		return text[0] != '*' || copy_word(out->code, sizeof out->code, text);
	if (rest.len > 0) {
		out->input = rest.at;
		out->input_len = strlen(rest.at);
	}
	return copy_word(out->code, sizeof out->code, service_code);
}

const char *
xmltcp_hop(const struct xmltcp_packet *p, const char *channel, const char *country,
           const char *service_code, struct hop *out)
{
	const struct msisdn_country *home = msisdn_country(country);
	struct buf session, code;

	memset(out, 0, sizeof *out);
	out->channel = channel;
	out->input = "";
	out->kind = kind_of(p);
	buf_init(&session, out->session, sizeof out->session);
	buf_printf(&session, "%s/%s", channel, p->session);
	buf_init(&code, out->code, sizeof out->code);
	buf_printf(&code, "*%s#", p->star_code);
	if (!buf_ok(&session))
		return "the session's name is too long";
	if (!msisdn_parse(p->msisdn, strlen(p->msisdn), home, &out->msisdn))
		return "the phone number is not one";
	if (out->kind == HOP_CONTINUE) {
		out->input = p->text;
		out->input_len = strlen(p->text);
	} else if (out->kind == HOP_BEGIN && !take_dialled(p->text, service_code, out)) {
		return "the dialled code is too long, or not printable";
	}
	return NULL;
}

/* ---- names ---- */

const char *
xmltcp_fault_name(enum xmltcp_fault fault)
{
	static const char *const names[] = {
		[XMLTCP_READ] = "none",
		[XMLTCP_FAULT_HEADER] = "no_session",
		[XMLTCP_FAULT_XML] = "no_xml",
		[XMLTCP_FAULT_FIELD] = "field",
		[XMLTCP_FAULT_TYPE] = "unknown_type",
	};

	return names[fault];
}

const char *
xmltcp_error_name(const char *code)
{
	static const struct {
		const char *code, *name;
	} rows[] = {
		{ "001", "bad_password" },      { "002", "buffer_overflow" },
		{ "200", "no_free_dialogs" },   { "201", "bad_destination" },
		{ "202", "not_reachable" },     { "203", "timer_expired" },
		{ "204", "black_listed" },      { "205", "not_configured" },
		{ "206", "network_error" },     { "207", "unknown_error" },
		{ "208", "invalid_message" },   { "209", "left_by_subscriber" },
		{ "210", "incomplete_menu" },   { "211", "not_running" },
		{ "212", "no_answer_in_time" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].code, code) == 0)
			return rows[i].name;
	}
	return "unknown_code";
}
