/* smpp_out - our SMS and screens as submit_sm, and what became of them. */
#include "gateway/channel/smpp/carrier_parts.h"
#include "gateway/channel/smpp/status.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PDU_ROOM  4096  /* a payload of 16 parts, and the fields */
#define SCREEN_MS 10000 /* nobody looks at a screen that comes later */

/* One SMS under way, or one screen: owns its parts. */
struct smpp_parcel {
	struct smpp_carrier *carrier;
	struct smpp_parcel *next;
	carrier_cb *cb; /* NULL: a screen, or nobody waits any more */
	void *arg;
	char number[24];
	char ref[UUID_TEXT_SIZE];
	bool told; /* the answer was given: freed once its last part is finished */
	bool is_screen;
	unsigned count, open;
	struct timer *tell;
	const char *why; /* what could not be begun */
	enum sms_fate fate;
	struct smpp_send send[SMPP_PARTS_MAX];
};

/* ---- parcels ---- */

static struct smpp_parcel *
parcel_new(struct smpp_carrier *c, const char *number)
{
	struct smpp_parcel *p = xzalloc(sizeof *p);

	p->carrier = c;
	snprintf(p->number, sizeof p->number, "%s", number);
	p->next = c->parcels;
	c->parcels = p;
	c->messages++;
	return p;
}

static void
parcel_free(struct smpp_parcel *p)
{
	struct smpp_parcel **at = &p->carrier->parcels;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	timer_cancel(&p->tell);
	for (unsigned i = 0; i < p->count; i++) {
		if (p->send[i].bytes != NULL)
			explicit_bzero(p->send[i].bytes, p->send[i].len);
		free(p->send[i].bytes);
	}
	free(p);
}

/* Tells, and is gone. */
static void
parcel_end(struct smpp_parcel *p, const struct carrier_sent *sent)
{
	carrier_cb *cb = p->cb;
	void *arg = p->arg;

	parcel_free(p);
	if (cb != NULL)
		cb(arg, sent);
}

void
smpp_out_free(struct smpp_carrier *c)
{
	struct carrier_sent sent = { SMS_AGAIN, false, "", "stopping", false };

	while (c->parcels != NULL)
		parcel_end(c->parcels, &sent);
}

static void
on_tell(void *arg)
{
	struct smpp_parcel *p = arg;
	struct carrier_sent sent = { p->fate, true, "", p->why, false };

	p->tell = NULL;
	parcel_end(p, &sent);
}

/* It did not begin: told on the next turn. */
static void
parcel_refuse(struct smpp_parcel *p, enum sms_fate fate, const char *why)
{
	p->fate = fate;
	p->why = why;
	p->tell = timer_start(p->carrier->deps.loop, 0, on_tell, p);
}

static bool
add_part(struct smpp_parcel *p, const struct smpp_pdu *pdu, int64_t deadline_ms,
         bool urgent)
{
	struct smpp_send *s = &p->send[p->count];
	uint8_t room[PDU_ROOM];
	size_t n = smpp_pdu_write(pdu, room, sizeof room);

	if (n == 0)
		return false;
	s->bytes = xzalloc(n);
	memcpy(s->bytes, room, n);
	explicit_bzero(room, n);
	s->len = n;
	s->owner = p;
	s->number = p->number;
	s->message = p->carrier->messages;
	s->deadline_ms = deadline_ms;
	s->urgent = urgent;
	p->count++;
	return true;
}

/* ---- which bind ---- */

static uint32_t
hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

/* The number's own; another only if that is down and nothing waits there that could be
 * overtaken. */
static struct smpp_link *
choose_link(const struct smpp_carrier *c, const char *number)
{
	unsigned own = hash(number) % c->senders;
	const struct smpp_session *s = smpp_link_session(c->link[own]);

	if (s->where == SMPP_BOUND || s->window.queued > 0)
		return c->link[own];
	for (unsigned i = 1; i < c->senders; i++) {
		struct smpp_link *other = c->link[(own + i) % c->senders];

		if (smpp_link_session(other)->where == SMPP_BOUND)
			return other;
	}
	return c->link[own];
}

static void
parcel_go(struct smpp_parcel *p, struct smpp_link *link)
{
	p->open = p->count;
	for (unsigned i = 0; i < p->count; i++)
		smpp_link_send(link, &p->send[i]);
}

/* ---- SMS ---- */

static void
fill_sms(const struct smpp_carrier *c, const char *number, struct smpp_pdu *pdu)
{
	const struct settings_smpp *s = c->settings;

	memset(pdu, 0, sizeof *pdu);
	pdu->command = SMPP_SUBMIT_SM;
	snprintf(pdu->service_type, sizeof pdu->service_type, "%s", s->service_type);
	pdu->source.ton = (uint8_t)s->source_ton;
	pdu->source.npi = (uint8_t)s->source_npi;
	snprintf(pdu->source.digits, sizeof pdu->source.digits, "%s", s->source);
	pdu->dest.ton = (uint8_t)s->dest_ton;
	pdu->dest.npi = (uint8_t)s->dest_npi;
	snprintf(pdu->dest.digits, sizeof pdu->dest.digits, "%s", number);
	pdu->registered_delivery = s->receipts;
}

static bool
add_sms_part(struct smpp_parcel *p, struct smpp_pdu *pdu, const struct smpp_parts *parts,
             unsigned i)
{
	const uint8_t *bytes = parts->bytes + parts->part[i].at;
	uint8_t ref[2] = { (uint8_t)(parts->reference >> 8), (uint8_t)parts->reference };
	uint8_t total = (uint8_t)parts->count, number = (uint8_t)(i + 1);
	int64_t now = loop_clock(p->carrier->deps.loop)->mono_ms;

	pdu->tlv_count = 0;
	pdu->short_length = 0;
	if (parts->is_payload) {
		smpp_tlv_add(pdu, SMPP_TAG_MESSAGE_PAYLOAD, bytes, parts->part[i].len);
	} else {
		pdu->short_length = (uint8_t)parts->part[i].len;
		memcpy(pdu->short_message, bytes, pdu->short_length);
	}
	if (parts->has_sar) {
		smpp_tlv_add(pdu, SMPP_TAG_SAR_MSG_REF_NUM, ref, sizeof ref);
		smpp_tlv_add(pdu, SMPP_TAG_SAR_TOTAL_SEGMENTS, &total, 1);
		smpp_tlv_add(pdu, SMPP_TAG_SAR_SEGMENT_SEQNUM, &number, 1);
	}
	return add_part(p, pdu, now + p->carrier->settings->hold_ms, false);
}

/* The same SMS tried again has the same reference: a phone that has some parts already
 * puts the rest to them. */
static uint16_t
reference_of(struct smpp_carrier *c, const struct uuid *reference)
{
	if (reference == NULL)
		return (uint16_t)ids_u64(c->deps.ids);
	return (uint16_t)(reference->b[14] << 8 | reference->b[15]);
}

void
smpp_carrier_send(void *carrier, const struct carrier_sms *sms, carrier_cb *cb, void *arg)
{
	struct smpp_carrier *c = carrier;
	struct smpp_parcel *p = parcel_new(c, sms->digits);
	struct smpp_parts parts;
	struct smpp_pdu pdu;
	struct err err;

	p->cb = cb;
	p->arg = arg;
	if (sms->reference != NULL)
		uuid_text(sms->reference, p->ref);
	if (c->drained != NULL || c->senders == 0) {
		parcel_refuse(p, SMS_AGAIN, "no_bind");
		return;
	}
	if (smpp_text_write(&c->style, sms->text, strlen(sms->text),
	                    reference_of(c, sms->reference), &parts, &err) != 0) {
		log_error(p->ref, "sms_too_long", "carrier=%s why=\"%s\"",
		          c->settings->name, err.what);
		parcel_refuse(p, SMS_REFUSED, "too_long");
		return;
	}
	fill_sms(c, sms->digits, &pdu);
	pdu.data_coding = parts.data_coding;
	pdu.esm_class = parts.has_header ? SMPP_ESM_UDHI : 0;
	for (unsigned i = 0; i < parts.count; i++) {
		if (!add_sms_part(p, &pdu, &parts, i)) {
			parcel_refuse(p, SMS_REFUSED, "too_long");
			return;
		}
	}
	parcel_go(p, choose_link(c, p->number));
}

/* ---- screens ---- */

/* False, with the reason logged: it cannot be shown. */
static bool
fill_screen(struct smpp_carrier *c, const struct smpp_ussd_out *out, const char *text,
            struct smpp_pdu *pdu)
{
	struct err err = { .what = "the binds are ending" };
	struct smpp_screen screen;

	fill_sms(c, out->phone, pdu);
	pdu->registered_delivery = 0;
	pdu->source = (struct smpp_address){ .ton = 0 };
	snprintf(pdu->service_type, sizeof pdu->service_type, "%s", out->service_type);
	snprintf(pdu->source.digits, sizeof pdu->source.digits, "%s", out->number);
	if (smpp_screen_write(&c->style, c->settings->ussd_packed, text, strlen(text),
	                      &screen, &err) != 0 ||
	    screen.len > SMPP_SHORT_MAX || c->drained != NULL) {
		log_error(c->settings->name, "screen_not_sent", "why=\"%s\"", err.what);
		c->count.screens_lost++;
		return false;
	}
	pdu->data_coding = screen.data_coding;
	pdu->short_length = (uint8_t)screen.len;
	memcpy(pdu->short_message, screen.bytes, screen.len);
	explicit_bzero(&screen, sizeof screen);
	return true;
}

/* False: it cannot be written, and never left. */
static bool
put_screen(struct smpp_parcel *p, const struct smpp_ussd_out *out, const char *text)
{
	struct smpp_carrier *c = p->carrier;
	int64_t until = loop_clock(c->deps.loop)->mono_ms + SCREEN_MS;
	/* the PDU borrows them until it is written */
	uint8_t info[2] = { (uint8_t)(out->info >> 8), (uint8_t)out->info };
	uint8_t reference[2] = { (uint8_t)(out->reference >> 8),
		                 (uint8_t)out->reference };
	struct smpp_pdu pdu;
	bool written = fill_screen(c, out, text, &pdu);

	p->is_screen = true;
	if (written) {
		smpp_tlv_add(&pdu, SMPP_TAG_USSD_SERVICE_OP, &out->op, 1);
		if (out->has_info)
			smpp_tlv_add(&pdu, SMPP_TAG_ITS_SESSION_INFO, info, sizeof info);
		if (out->has_reference)
			smpp_tlv_add(&pdu, SMPP_TAG_USER_MESSAGE_REFERENCE, reference,
			             sizeof reference);
		written = add_part(p, &pdu, until, true);
	}
	explicit_bzero(&pdu, sizeof pdu);
	return written;
}

void
smpp_out_screen(struct smpp_carrier *c, struct smpp_link *came_by,
                const struct smpp_ussd_back *back, const char *text, bool is_last)
{
	bool both_ways = smpp_link_session(came_by)->o.mode == SMPP_TRANSCEIVER;
	struct smpp_parcel *p = parcel_new(c, back->phone);
	struct smpp_ussd_out out;

	smpp_ussd_answer(back, is_last, &out);
	if (put_screen(p, &out, text))
		parcel_go(p, both_ways ? came_by : choose_link(c, p->number));
	else
		parcel_free(p);
}

void
smpp_out_push(struct smpp_carrier *c, const struct smpp_ussd_out *out, const char *text,
              carrier_cb *cb, void *arg)
{
	struct smpp_parcel *p = parcel_new(c, out->phone);

	p->cb = cb;
	p->arg = arg;
	if (put_screen(p, out, text))
		parcel_go(p, choose_link(c, p->number));
	else
		parcel_refuse(p, SMS_REFUSED, "no_screen");
}

/* ---- what became of it ---- */

static const char *
reason_of(const struct smpp_send *s)
{
	switch (s->outcome) {
	case SMPP_NOT_SENT:
		return s->status != 0 ? smpp_status_name(s->status) : "bind_down";
	case SMPP_LOST:
		return "no_answer";
	case SMPP_TAKEN:
		return "";
	case SMPP_REFUSED:
	case SMPP_LATER:
		break;
	}
	return smpp_status_name(s->status);
}

static enum sms_fate
fate_of(enum smpp_outcome outcome)
{
	return outcome == SMPP_TAKEN     ? SMS_TAKEN
	       : outcome == SMPP_REFUSED ? SMS_REFUSED
	                                 : SMS_AGAIN;
}

/* Refused if one part was: the others make no message.  Again if one was not taken. */
static const struct smpp_send *
telling_part(const struct smpp_parcel *p)
{
	const struct smpp_send *worst = &p->send[0];

	for (unsigned i = 0; i < p->count; i++) {
		enum sms_fate fate = fate_of(p->send[i].outcome);

		if (fate == SMS_REFUSED)
			return &p->send[i];
		if (fate == SMS_AGAIN && fate_of(worst->outcome) == SMS_TAKEN)
			worst = &p->send[i];
	}
	return worst;
}

/* No part was taken, and none may have been. */
static bool
is_surely_not(const struct smpp_parcel *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		if (p->send[i].outcome == SMPP_TAKEN || p->send[i].outcome == SMPP_LOST)
			return false;
	}
	return true;
}

static void
put_ids(const struct smpp_parcel *p, struct buf *ids)
{
	const struct smpp_carrier *c = p->carrier;
	struct smpp_id how = { c->id_rule, SMPP_ID_IN_ANSWER, c->settings->name };
	char id[SMPP_CARRIER_SIZE];

	for (unsigned i = 0; i < p->count; i++) {
		const char *said = p->send[i].message_id;

		if (!smpp_carrier_id(&how, said, strlen(said), id))
			continue;
		buf_printf(ids, "%s%s", ids->len == 0 ? "" : " ", id);
	}
}

void
smpp_out_finished(void *carrier, struct smpp_send *send)
{
	struct smpp_carrier *c = carrier;
	struct smpp_parcel *p = send->owner;
	char text[SMPP_CARRIER_TEXT];
	const struct smpp_send *part;
	struct carrier_sent sent;
	struct buf ids;

	if (--p->open > 0)
		return;
	part = telling_part(p);
	sent =
	    (struct carrier_sent){ .fate = fate_of(part->outcome),
		                   .surely_not = is_surely_not(p),
		                   .reason = reason_of(part),
		                   .of_this_one = part->outcome == SMPP_LATER &&
		                                  smpp_status_of_message(part->status) };
	buf_init(&ids, text, sizeof text);
	if (sent.fate == SMS_TAKEN)
		put_ids(p, &ids);
	if (!p->is_screen && c->settings->receipts && ids.len > 0)
		c->count.promised += p->count;
	sent.carrier_id = text;
	if (p->is_screen && sent.fate != SMS_TAKEN) {
		c->count.screens_lost++;
		log_warn(c->settings->name, "screen_lost", "why=%s", sent.reason);
	}
	parcel_end(p, &sent);
}
