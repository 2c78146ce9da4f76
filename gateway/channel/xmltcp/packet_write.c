/* A packet of ours. */
#include "gateway/channel/xmltcp/packet.h"

#include "lib/utf8.h"
#include "ussd/core/gsm7.h"

#include <string.h>

/* Latin-1, with a character reference for the rest. */
static void
put_character(struct buf *out, uint32_t c)
{
	if (c == '&')
		buf_puts(out, "&amp;");
	else if (c == '<')
		buf_puts(out, "&lt;");
	else if (c == '>')
		buf_puts(out, "&gt;");
	else if (c == '\n' || (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff))
		buf_putc(out, (char)c);
	else if (c > 0xff && c != UINT32_MAX)
		buf_printf(out, "&#%u;", (unsigned)c);
}

static void
put_field(struct buf *out, const char *name, const char *text)
{
	size_t n = strlen(text);

	buf_printf(out, "<%s>", name);
	while (n > 0)
		put_character(out, utf8_take(&text, &n));
	buf_printf(out, "</%s>", name);
}

static void
put_screen(struct buf *out, const char *text)
{
	char folded[HOP_INPUT_MAX * 2];
	struct buf b;

	buf_init(&b, folded, sizeof folded);
	gsm7_fold(&b, text, strlen(text));
	if (!buf_ok(&b))
		out->failed = true;
	put_field(out, "userdata", folded);
}

/* phase 2 is a session of questions and answers, dcs 15 the phones' alphabet. */
static void
put_response(struct buf *out, const struct xmltcp_packet *p)
{
	put_field(out, "requestId", p->request);
	put_field(out, "msisdn", p->msisdn);
	put_field(out, "starCode", p->star_code);
	put_field(out, "clientId", p->client);
	put_field(out, "phase", "2");
	put_field(out, "msgtype", p->message_type);
	put_field(out, "dcs", "15");
	put_screen(out, p->text);
	put_field(out, "EndofSession", p->end);
	put_field(out, "delvrpt", "0");
}

static void
put_body(struct buf *out, const struct xmltcp_packet *p)
{
	switch (p->type) {
	case XMLTCP_USSD_RESPONSE:
		put_response(out, p);
		break;
	case XMLTCP_USSD_ERROR:
		put_field(out, "requestId", p->request);
		put_field(out, "errorCode", p->error);
		break;
	case XMLTCP_AUTH_REQUEST:
		put_field(out, "requestId", p->request);
		put_field(out, "userName", p->user);
		put_field(out, "passWord", p->password);
		put_field(out, "applicationId", p->application);
		break;
	case XMLTCP_ENQ_REQUEST:
	case XMLTCP_ENQ_RESPONSE:
		put_field(out, "requestId", p->request);
		put_field(out, "enqCmd",
		          p->type == XMLTCP_ENQ_REQUEST ? "ENQUIRELINK"
		                                        : "ENQUIRELINKRSP");
		break;
	case XMLTCP_OTHER: /* theirs to send */
	case XMLTCP_USSD_REQUEST:
	case XMLTCP_AUTH_RESPONSE:
	case XMLTCP_AUTH_ERROR:
	case XMLTCP_TYPES:
		out->failed = true;
		break;
	}
}

void
xmltcp_write(const struct xmltcp_packet *p, struct buf *out)
{
	static const char *const roots[XMLTCP_TYPES] = {
		[XMLTCP_USSD_RESPONSE] = "USSDResponse",
		[XMLTCP_USSD_ERROR] = "USSDError",
		[XMLTCP_AUTH_REQUEST] = "AUTHRequest",
		[XMLTCP_ENQ_REQUEST] = "ENQRequest",
		[XMLTCP_ENQ_RESPONSE] = "ENQResponse",
	};
	const char *root = p->type < XMLTCP_TYPES ? roots[p->type] : NULL;
	char head[XMLTCP_HEADER + 1] = "";
	size_t began = out->len;
	struct buf length;

	buf_put(out, head, XMLTCP_HEADER);
	buf_printf(out, "<%s>", root == NULL ? "" : root);
	put_body(out, p);
	buf_printf(out, "</%s>", root == NULL ? "" : root);
	if (!buf_ok(out))
		return;
	memcpy(head, p->session, strlen(p->session));
	buf_init(&length, head + XMLTCP_HEADER / 2, XMLTCP_HEADER / 2 + 1);
	buf_put_i64(&length, (int64_t)(out->len - began));
	memcpy(out->at + began, head, XMLTCP_HEADER);
}
