#include "gateway/channel/smpp/ussd.h"

#include "ussd/core/dial.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SERVICE_TYPE "USSD"
#define END_BIT      1

static const struct smpp_ussd_preset PRESETS[] = {
	/* both TLVs as the standard has them, the session's echoed */
	{ "generic", SMPP_SESSION_INFO, SMPP_CODE_TEXT, SMPP_OP_USSR_REQ,
	  SMPP_OP_PSSR_RESP, false, -1, true, NULL },
	{ "generic_dest", SMPP_SESSION_INFO, SMPP_CODE_DESTINATION, SMPP_OP_USSR_REQ,
	  SMPP_OP_PSSR_RESP, false, -1, true, NULL },
	/* 6D: the end is a bit, and the operation stays "ask" */
	{ "sixdee", SMPP_SESSION_INFO_15, SMPP_CODE_TEXT, SMPP_OP_USSR_REQ,
	  SMPP_OP_USSR_REQ, true, SMPP_OP_RELEASE, false, NULL },
	{ "sixdee_dest", SMPP_SESSION_INFO_15, SMPP_CODE_DESTINATION, SMPP_OP_USSR_REQ,
	  SMPP_OP_USSR_REQ, true, SMPP_OP_RELEASE, false, NULL },
	{ "mica", SMPP_SESSION_REFERENCE, SMPP_CODE_TEXT, SMPP_OP_USSR_REQ,
	  SMPP_OP_PSSR_RESP, false, SMPP_OP_RELEASE, false, NULL },
	/* as users of Huawei's found it: the phone is the session */
	{ "huawei", SMPP_SESSION_NONE, SMPP_CODE_TEXT, SMPP_OP_USSR_REQ,
	  SMPP_OP_PSSR_RESP, false, SMPP_OP_RELEASE, false, NULL },
	{ "plain", SMPP_SESSION_NONE, SMPP_CODE_TEXT, SMPP_OP_USSR_REQ, SMPP_OP_PSSR_RESP,
	  false, -1, false, NULL },
};

const struct smpp_ussd_preset *
smpp_ussd_preset_at(size_t i)
{
	return i < sizeof PRESETS / sizeof *PRESETS ? &PRESETS[i] : NULL;
}

const struct smpp_ussd_preset *
smpp_ussd_preset(const char *name)
{
	for (size_t i = 0; i < sizeof PRESETS / sizeof *PRESETS; i++)
		if (strcmp(PRESETS[i].name, name) == 0)
			return &PRESETS[i];
	return NULL;
}

static int
index_of(const char *const *words, int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

bool
smpp_ussd_resolve(const char *name, const struct smpp_ussd_but *but,
                  struct smpp_ussd_preset *out)
{
	static const char *const sessions[] = { "info", "info_15", "reference", "none" };
	static const char *const codes[] = { "text", "destination" };
	const struct smpp_ussd_preset *base = smpp_ussd_preset(name);
	int session = index_of(sessions, 4, but->session), code;

	if (base == NULL)
		return false;
	code = index_of(codes, 2, but->code);
	*out = *base;
	if (session >= 0)
		out->session = (enum smpp_session_in)session;
	if (code >= 0)
		out->code = (enum smpp_code_in)code;
	if (but->end_bit[0] != '\0')
		out->end_bit = strcmp(but->end_bit, "yes") == 0;
	if (but->ask >= 0)
		out->ask = (uint8_t)but->ask;
	if (but->end >= 0)
		out->end = (uint8_t)but->end;
	if (but->release >= 0)
		out->release = but->release == 0 ? -1 : but->release;
	if (but->service_type[0] != '\0')
		out->service_type = but->service_type;
	return !out->end_bit || out->session == SMPP_SESSION_INFO ||
	       out->session == SMPP_SESSION_INFO_15;
}

static const char *
service_type(const struct smpp_ussd_preset *p)
{
	return p->service_type == NULL ? SERVICE_TYPE : p->service_type;
}

bool
smpp_is_ussd(const struct smpp_ussd_preset *preset, const struct smpp_ussd_in *in)
{
	return in->op != SMPP_OP_NONE ||
	       strcasecmp(in->service_type, service_type(preset)) == 0;
}

/* ---- in ---- */

static bool
copy_word(char *out, size_t size, const char *s)
{
	size_t n = strnlen(s, size);

	out[0] = '\0';
	if (n == size)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return false;
	memcpy(out, s, n + 1);
	return true;
}

/* The session's name.  NULL, or what is wrong.  The step in its_session_info names no
 * hop: there are gateways that never count it, and their second answer would look like
 * the first again. */
static const char *
name_session(const struct smpp_ussd_preset *p, const struct smpp_ussd_in *in,
             struct hop *hop)
{
	char number[8] = "";
	int n;

	if (p->end_bit && !in->has_info)
		return "the TLV its_session_info is missing, and with it the way to end";
	if (p->session == SMPP_SESSION_REFERENCE && in->has_reference)
		snprintf(number, sizeof number, "/%u", in->reference);
	else if (p->session == SMPP_SESSION_INFO_15)
		snprintf(number, sizeof number, "/%u", in->info >> 1);
	else if (p->session == SMPP_SESSION_INFO && in->has_info)
		snprintf(number, sizeof number, "/%u", in->info >> 8);
	n = snprintf(hop->session, sizeof hop->session, "%s/%s%s", in->bind,
	             hop->msisdn.digits, number);
	return n < 0 || n >= (int)sizeof hop->session ? "the bind's name is too long"
	                                              : NULL;
}

/* The operation as a kind of hop.  Without an operation it is a begin if it looks like a
 * code, else an answer: some gateways leave it out. */
static enum smpp_ussd_read
judge(const struct smpp_ussd_preset *p, const struct smpp_ussd_in *in,
      enum hop_kind *kind)
{
	bool has_end_bit = in->has_info && p->session <= SMPP_SESSION_INFO_15 &&
	                   (in->info & END_BIT) != 0;

	if (p->release >= 0 && in->op == p->release) {
		*kind = HOP_ABORT;
		return SMPP_USSD_HOP;
	}
	switch (in->op) {
	case SMPP_OP_PSSD_IND:
	case SMPP_OP_PSSR_IND:
		*kind = HOP_BEGIN;
		return SMPP_USSD_HOP;
	case SMPP_OP_USSR_CONF:
		*kind = has_end_bit ? HOP_ABORT : HOP_CONTINUE;
		return SMPP_USSD_HOP;
	case SMPP_OP_USSN_CONF:
		*kind = HOP_ABORT;
		return has_end_bit ? SMPP_USSD_HOP : SMPP_USSD_NOTHING;
	case SMPP_OP_PSSD_RESP:
	case SMPP_OP_PSSR_RESP: /* the network closed what it had opened */
		*kind = HOP_END;
		return SMPP_USSD_HOP;
	case SMPP_OP_NONE:
		*kind = in->text_len > 0 && in->text[0] == '*' ? HOP_BEGIN : HOP_CONTINUE;
		return SMPP_USSD_HOP;
	default:
		return SMPP_USSD_WRONG;
	}
}

/* What was dialled: the code of ours, and what stands behind it.  Another code stays
 * whole. */
static bool
take_dialled(const char *dialled, size_t n, const char *service_code, struct hop *hop)
{
	struct dial_text rest;
	char text[HOP_CODE_SIZE];

	if (dial_behind(service_code, dialled, n, &rest)) {
		if (rest.len > 0) {
			hop->input = rest.at;
			hop->input_len = n - (size_t)(rest.at - dialled);
		}
		return copy_word(hop->code, sizeof hop->code, service_code);
	}
	if (n >= sizeof text)
		return false;
	memcpy(text, dialled, n);
	text[n] = '\0';
	return copy_word(hop->code, sizeof hop->code, text);
}

static bool
take_code(const struct smpp_ussd_preset *p, const struct smpp_ussd_in *in,
          struct hop *hop)
{
	bool is_begin = hop->kind == HOP_BEGIN;
	bool is_dialled = in->text_len > 0 && (in->text[0] == '*' || in->text[0] == '#');

	if (is_begin && (is_dialled || p->code == SMPP_CODE_TEXT))
		return take_dialled(in->text, in->text_len, in->service_code, hop);
	if (is_begin && in->text_len == 0)
		return take_dialled(in->destination, strlen(in->destination),
		                    in->service_code, hop);
	/* an answer, or what was dialled behind the code and comes without it */
	hop->input = in->text;
	hop->input_len = in->text_len;
	return copy_word(hop->code, sizeof hop->code, in->destination);
}

static void
keep_way_back(const struct smpp_ussd_preset *p, const struct smpp_ussd_in *in,
              struct smpp_ussd_back *back)
{
	back->preset = p;
	back->has_info = in->has_info && p->session <= SMPP_SESSION_INFO_15;
	back->info = back->has_info ? in->info : 0;
	back->has_reference = in->has_reference && p->session == SMPP_SESSION_REFERENCE;
	back->reference = back->has_reference ? in->reference : 0;
}

enum smpp_ussd_read
smpp_ussd_read(const struct smpp_ussd_preset *preset, const struct smpp_ussd_in *in,
               struct hop *hop, struct smpp_ussd_back *back, const char **why)
{
	enum smpp_ussd_read read;

	memset(hop, 0, sizeof *hop);
	memset(back, 0, sizeof *back);
	hop->channel = "smpp";
	hop->input = "";
	keep_way_back(preset, in, back);
	if (!msisdn_parse(in->source, strlen(in->source), NULL, &hop->msisdn) ||
	    !copy_word(back->phone, sizeof back->phone, in->source) ||
	    !copy_word(back->number, sizeof back->number, in->destination)) {
		*why = "the source or the destination is no number";
		return SMPP_USSD_WRONG;
	}
	*why = name_session(preset, in, hop);
	if (*why != NULL)
		return SMPP_USSD_WRONG;
	read = judge(preset, in, &hop->kind);
	if (read != SMPP_USSD_HOP) {
		*why = "an operation that is ours to send, or a vendor's own";
		return read;
	}
	if (in->text_len > HOP_INPUT_MAX || !take_code(preset, in, hop)) {
		*why = "the text is too long, or no code";
		return SMPP_USSD_WRONG;
	}
	return SMPP_USSD_HOP;
}

/* ---- out ---- */

void
smpp_ussd_answer(const struct smpp_ussd_back *back, bool is_last,
                 struct smpp_ussd_out *out)
{
	const struct smpp_ussd_preset *p = back->preset;
	bool with_bit = is_last && p->end_bit;

	*out = (struct smpp_ussd_out){
		.service_type = service_type(p),
		.op = is_last ? p->end : p->ask,
		.has_info = back->has_info,
		.info = (uint16_t)(back->info | (with_bit ? END_BIT : 0)),
		.has_reference = back->has_reference,
		.reference = back->reference,
		.phone = back->phone,
		.number = back->number,
	};
}

bool
smpp_ussd_push(const struct smpp_ussd_preset *preset, uint16_t number, bool asks,
               struct smpp_ussd_out *out)
{
	*out = (struct smpp_ussd_out){ .service_type = service_type(preset) };
	if (!preset->can_push)
		return false;
	out->op = asks ? SMPP_OP_USSR_REQ : SMPP_OP_USSN_REQ;
	out->has_info = true;
	out->info = (uint16_t)(preset->session == SMPP_SESSION_INFO_15 ? number << 1
	                                                               : number << 8);
	return true;
}
