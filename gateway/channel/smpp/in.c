/*
 * smpp_in - what a peer delivers: a receipt, a USSD hop, or somebody's SMS.
 *
 * Its text may hold a PIN: it is wiped here and never logged.
 */
#include "gateway/channel/smpp/carrier_parts.h"
#include "gateway/channel/smpp/status.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "ussd/core/sms_command.h"
#include "ussd/flow/dialog.h"
#include "ussd/flow/sms_dialog.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERMANENT UINT32_C(0x65) /* ESME_RX_P_APPN: do not bring it again */
#define AGAIN_MS  120000         /* how long a message can come again     */
#define DIAL_MS   2000           /* a second begin so soon is the first   */

struct arrival {
	struct smpp_carrier *carrier;
	struct smpp_link *link;
	struct smpp_token token;
	const struct smpp_pdu *pdu;
	const uint8_t *text; /* as it came */
	size_t len;
	uint64_t id; /* ours; the same for one that comes again */
};

static void
answer(const struct arrival *a, uint32_t status)
{
	smpp_link_reply(a->link, &a->token, status);
}

/* ---- known again ---- */

static void
mark_part(crypto_generichash_state *h, const void *bytes, size_t n)
{
	uint8_t len[2] = { (uint8_t)(n >> 8), (uint8_t)n };

	crypto_generichash_update(h, len, sizeof len);
	crypto_generichash_update(h, bytes, n);
}

static uint64_t
mark_of(const struct arrival *a)
{
	const struct smpp_pdu *p = a->pdu;
	crypto_generichash_state h;
	uint64_t mark[2];

	crypto_generichash_init(&h, a->carrier->key, sizeof a->carrier->key, sizeof mark);
	mark_part(&h, p->source.digits, strlen(p->source.digits));
	mark_part(&h, p->dest.digits, strlen(p->dest.digits));
	mark_part(&h, a->text, a->len);
	for (unsigned i = 0; i < p->tlv_count; i++)
		mark_part(&h, p->tlvs[i].value, p->tlvs[i].length);
	crypto_generichash_final(&h, (unsigned char *)mark, sizeof mark);
	return mark[0] | 1;
}

static struct smpp_recent *
recall(const struct arrival *a, uint64_t mark, int64_t now_ms)
{
	for (unsigned i = 0; i < SMPP_RECENT; i++) {
		struct smpp_recent *r = &a->carrier->recent[i];
		if (r->mark != mark || now_ms - r->at_ms >= AGAIN_MS)
			continue;
		if (r->refused || smpp_link_session(r->link)->epoch != r->epoch)
			return r;
	}
	return NULL;
}

uint64_t
smpp_in_fresh_id(struct smpp_carrier *c)
{
	uint64_t fresh = (uint64_t)loop_clock(c->deps.loop)->wall_ms * 1000;

	c->last_id = fresh > c->last_id ? fresh : c->last_id + 1;
	return c->last_id;
}

/* A message comes a second time because our answer asked for it, or was lost with the
 * connection it came by.  The same words while that one lives are new. */
static uint64_t
identify(const struct arrival *a)
{
	const struct clock *clock = loop_clock(a->carrier->deps.loop);
	struct smpp_carrier *c = a->carrier;
	uint64_t mark = mark_of(a);
	struct smpp_recent *r = recall(a, mark, clock->mono_ms);

	if (r == NULL) {
		r = &c->recent[c->recent_at];
		c->recent_at = (c->recent_at + 1) % SMPP_RECENT;
		r->id = smpp_in_fresh_id(c);
		r->mark = mark;
	} else {
		log_info(c->settings->name, "smpp_again", "id=%llu",
		         (unsigned long long)r->id);
	}
	r->link = a->link;
	r->epoch = a->token.epoch;
	r->at_ms = clock->mono_ms;
	r->refused = false;
	return r->id;
}

static void
ask_again(struct smpp_carrier *c, uint64_t id)
{
	for (unsigned i = 0; i < SMPP_RECENT; i++) {
		if (c->recent[i].id == id)
			c->recent[i].refused = true;
	}
}

/* ---- USSD ---- */

struct screen {
	struct smpp_carrier *carrier;
	struct smpp_link *link;
	struct smpp_ussd_back back;
	bool is_open; /* a hop that wants an answer */
};

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct screen *s = arg;

	if (s->is_open)
		smpp_out_screen(s->carrier, s->link, &s->back, reply->text, reply->end);
	free(s);
}

struct smpp_live *
smpp_in_live(struct smpp_carrier *c, const char *session, bool begins)
{
	uint32_t h = 2166136261u;
	struct smpp_live *set, *oldest;

	for (const char *s = session; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	set = oldest = c->live[h % SMPP_LIVE_SETS];
	for (unsigned i = 0; i < SMPP_LIVE_EACH; i++) {
		if (strcmp(set[i].session, session) == 0)
			return &set[i];
		if (set[i].at_ms < oldest->at_ms)
			oldest = &set[i];
	}
	if (!begins)
		return NULL;
	memcpy(oldest->session, session, sizeof oldest->session);
	return oldest;
}

static void
name_dial(const struct arrival *a, struct hop *hop)
{
	int64_t now = loop_clock(a->carrier->deps.loop)->mono_ms;
	bool begins = hop->kind == HOP_BEGIN;
	struct smpp_live *live = smpp_in_live(a->carrier, hop->session, false);
	/* Carriers bring a begin twice. */
	bool again =
	    begins && live != NULL && live->only_dialled && now - live->at_ms < DIAL_MS;
	size_t n = strlen(hop->session);

	if (begins && live == NULL)
		live = smpp_in_live(a->carrier, hop->session, true);
	if (live != NULL && begins && !again)
		live->dial = a->id;
	if (live != NULL) {
		live->at_ms = now;
		live->only_dialled = begins;
		snprintf(hop->session + n, sizeof hop->session - n, "/%llx",
		         (unsigned long long)live->dial);
	}
	snprintf(hop->hop_id, sizeof hop->hop_id, "%llx",
	         (unsigned long long)(again ? live->dial : a->id));
}

static uint16_t
tlv_number(const struct smpp_tlv *t)
{
	if (t == NULL || t->length != 2)
		return 0;
	return (uint16_t)(t->value[0] << 8 | t->value[1]);
}

static void
read_ussd(const struct arrival *a, struct smpp_ussd_in *out)
{
	const struct smpp_tlv *op = smpp_tlv_find(a->pdu, SMPP_TAG_USSD_SERVICE_OP);
	const struct smpp_tlv *info = smpp_tlv_find(a->pdu, SMPP_TAG_ITS_SESSION_INFO);
	const struct smpp_tlv *ref =
	    smpp_tlv_find(a->pdu, SMPP_TAG_USER_MESSAGE_REFERENCE);
	const char *own = a->carrier->settings->service_code;

	*out = (struct smpp_ussd_in){
		.bind = a->carrier->settings->name,
		.op = op != NULL && op->length == 1 ? op->value[0] : SMPP_OP_NONE,
		.has_info = info != NULL && info->length == 2,
		.info = tlv_number(info),
		.has_reference = ref != NULL && ref->length == 2,
		.reference = tlv_number(ref),
		.service_type = a->pdu->service_type,
		.service_code = own[0] != '\0' ? own : a->carrier->deps.service_code,
		.source = a->pdu->source.digits,
		.destination = a->pdu->dest.digits,
	};
}

static void
take_hop(const struct arrival *a, struct smpp_ussd_in *in, const char *text, size_t n)
{
	struct smpp_carrier *c = a->carrier;
	struct screen *s = xzalloc(sizeof *s);
	enum smpp_ussd_read read;
	struct hop hop;
	const char *why;

	in->text = text;
	in->text_len = n;
	s->carrier = c;
	s->link = a->link;
	read = smpp_ussd_read(c->ussd, in, &hop, &s->back, &why);
	if (read != SMPP_USSD_HOP) {
		if (read == SMPP_USSD_WRONG) {
			c->count.unreadable++;
			log_warn(c->settings->name, "hop_refused", "why=\"%s\"", why);
		}
		answer(a, read == SMPP_USSD_WRONG ? PERMANENT : SMPP_OK);
		free(s);
		return;
	}
	c->count.hops++;
	name_dial(a, &hop);
	s->is_open = hop_is_answered(hop.kind);
	answer(a, SMPP_OK);
	smpp_push_heard(c, &hop);
	dialog_hop(c->deps.dialog, &hop, on_screen, s);
}

/* ---- SMS ---- */

struct reading {
	struct arrival a; /* without the PDU */
};

static void
on_read(void *arg, const struct err *err)
{
	struct reading *r = arg;

	if (err->code != ERR_NONE)
		ask_again(r->a.carrier, r->a.id);
	answer(&r->a, err->code == ERR_NONE ? SMPP_OK : SMPP_TEMPORARY);
	free(r);
}

static void
take_sms(const struct arrival *a, const char *text, size_t n)
{
	struct smpp_carrier *c = a->carrier;
	const char *from = a->pdu->source.digits;
	struct sms_in in = { .channel = "smpp", .text = text, .text_len = n };
	char masked[MSISDN_MAX + 1];
	struct reading *r;

	if (!msisdn_parse(from, strlen(from), NULL, &in.from)) { /* a sender's name */
		log_info(c->settings->name, "sms_of_no_number", "ton=%u",
		         a->pdu->source.ton);
		answer(a, SMPP_OK);
		return;
	}
	snprintf(in.sms_id, sizeof in.sms_id, "%s/%llx", c->settings->name,
	         (unsigned long long)a->id);
	c->count.sms_in++;
	log_info(in.sms_id, "sms_in", "channel=smpp number=%s",
	         msisdn_mask(in.from.digits, masked));
	r = xzalloc(sizeof *r);
	r->a = *a;
	r->a.pdu = NULL;
	r->a.text = NULL;
	sms_dialog_receive(c->deps.sms_dialog, &in, on_read, r);
}

static void
tell_left(struct smpp_carrier *c, const struct smpp_left *left)
{
	if (left->why == NULL)
		return;
	c->count.left++;
	log_warn(c->settings->name, "sms_left", "parts=%u of=%u why=\"%s\"", left->have,
	         left->total, left->why);
}

/* Texts whose parts did not all come are given up in time, whether or not anything
 * comes. */
static void
give_up_late(struct smpp_carrier *c)
{
	int64_t now = loop_clock(c->deps.loop)->mono_ms;
	struct smpp_left left;

	while (smpp_join_expire(&c->join, now, &left))
		tell_left(c, &left);
}

static void on_join_late(void *arg);

static void
watch_joins(struct smpp_carrier *c)
{
	int64_t now = loop_clock(c->deps.loop)->mono_ms;
	int64_t at = smpp_join_next_ms(&c->join);

	timer_cancel(&c->join_late);
	if (at != INT64_MAX)
		c->join_late =
		    timer_start(c->deps.loop, at > now ? at - now : 0, on_join_late, c);
}

static void
on_join_late(void *arg)
{
	struct smpp_carrier *c = arg;

	c->join_late = NULL;
	give_up_late(c);
	watch_joins(c);
}

static void
join_piece(const struct arrival *a, const struct smpp_piece *piece)
{
	struct smpp_carrier *c = a->carrier;
	struct smpp_came came = { a->pdu->source.digits, a->pdu->dest.digits, piece };
	int64_t now = loop_clock(c->deps.loop)->mono_ms;
	char text[SMS_TEXT_MAX + 1];
	struct smpp_left left;
	enum smpp_joined joined;
	struct buf b;

	give_up_late(c);
	memset(&left, 0, sizeof left);
	buf_init(&b, text, sizeof text);
	joined = smpp_join_add(&c->join, &came, now, &b, &left);
	tell_left(c, &left);
	watch_joins(c);
	if (joined == SMPP_JOIN_WHOLE) {
		take_sms(a, b.at, b.len);
	} else {
		c->count.unreadable += joined == SMPP_JOIN_REFUSED;
		answer(a, joined == SMPP_JOIN_REFUSED ? PERMANENT : SMPP_OK);
	}
	explicit_bzero(text, sizeof text);
}

/* ---- which of them ---- */

static void
read_text(const struct arrival *a, struct smpp_body *out)
{
	const struct smpp_tlv *ref = smpp_tlv_find(a->pdu, SMPP_TAG_SAR_MSG_REF_NUM);
	const struct smpp_tlv *of = smpp_tlv_find(a->pdu, SMPP_TAG_SAR_TOTAL_SEGMENTS);
	const struct smpp_tlv *number =
	    smpp_tlv_find(a->pdu, SMPP_TAG_SAR_SEGMENT_SEQNUM);

	*out = (struct smpp_body){
		.bytes = a->text,
		.len = a->len,
		.data_coding = a->pdu->data_coding,
		.esm_class = a->pdu->esm_class,
		.has_sar = ref != NULL && ref->length == 2 && of != NULL &&
		           of->length == 1 && number != NULL && number->length == 1,
	};
	if (out->has_sar) {
		out->sar_reference = tlv_number(ref);
		out->sar_total = of->value[0];
		out->sar_number = number->value[0];
	}
}

static void
take_text(const struct arrival *a)
{
	struct smpp_carrier *c = a->carrier;
	struct smpp_ussd_in ussd;
	struct smpp_piece piece;
	struct smpp_body body;
	struct err err;
	char text[HOP_INPUT_MAX + 1];
	uint8_t septets[SMPP_SHORT_MAX * 8 / 7 + 1];
	struct buf b;

	read_text(a, &body);
	if (smpp_text_read(&c->style, &body, &piece, &err) != 0) {
		c->count.unreadable++;
		log_warn(c->settings->name, "sms_refused", "why=\"%s\"", err.what);
		answer(a, PERMANENT);
		return;
	}
	read_ussd(a, &ussd);
	if (c->ussd == NULL || !smpp_is_ussd(c->ussd, &ussd)) {
		join_piece(a, &piece);
		return;
	}
	if (c->settings->ussd_packed &&
	    !smpp_piece_unpack(&piece, septets, sizeof septets))
		piece.len = 0; /* more than any screen: nothing we know how to read */
	buf_init(&b, text, sizeof text);
	smpp_text_utf8(piece.alphabet, piece.nation, piece.bytes, piece.len, &b);
	take_hop(a, &ussd, b.at, b.len);
	explicit_bzero(text, sizeof text);
	explicit_bzero(septets, sizeof septets);
}

void
smpp_in_message(void *carrier, struct smpp_link *link, const struct smpp_pdu *pdu,
                const struct smpp_token *token)
{
	struct arrival a = {
		.carrier = carrier, .link = link, .token = *token, .pdu = pdu
	};

	if (smpp_in_receipt(carrier, link, pdu, token))
		return;
	a.text = smpp_pdu_text(pdu, &a.len);
	a.id = identify(&a);
	take_text(&a);
}
