#include "gateway/channel/smpp/pdu.h"

#include <string.h>

/* ---- the mandatory fields of each command, in the order of the wire ---- */

enum field_kind { FIELD_END, FIELD_TEXT, FIELD_BYTE, FIELD_SHORT };

struct field {
	enum field_kind kind;
	size_t offset, size; /* in struct smpp_pdu */
};

#define TEXT(f)                                                                          \
	{                                                                                \
		FIELD_TEXT, offsetof(struct smpp_pdu, f),                                \
		    sizeof(((struct smpp_pdu *)NULL)->f)                                 \
	}
#define BYTE(f)                                                                          \
	{                                                                                \
		FIELD_BYTE, offsetof(struct smpp_pdu, f), 1                              \
	}
#define SHORT                                                                            \
	{                                                                                \
		FIELD_SHORT, 0, 0                                                        \
	}
#define END                                                                              \
	{                                                                                \
		FIELD_END, 0, 0                                                          \
	}
#define RANGE  BYTE(range.ton), BYTE(range.npi), TEXT(range.digits)
#define SOURCE BYTE(source.ton), BYTE(source.npi), TEXT(source.digits)
#define DEST   BYTE(dest.ton), BYTE(dest.npi), TEXT(dest.digits)

static const struct field bind_fields[] = {
	TEXT(system_id),         TEXT(password), TEXT(system_type),
	BYTE(interface_version), RANGE,          END
};
static const struct field bind_resp_fields[] = { TEXT(system_id), END };
static const struct field outbind_fields[] = { TEXT(system_id), TEXT(password), END };
static const struct field message_fields[] = { TEXT(service_type),
	                                       SOURCE,
	                                       DEST,
	                                       BYTE(esm_class),
	                                       BYTE(protocol_id),
	                                       BYTE(priority),
	                                       TEXT(schedule_time),
	                                       TEXT(validity_period),
	                                       BYTE(registered_delivery),
	                                       BYTE(replace_if_present),
	                                       BYTE(data_coding),
	                                       BYTE(default_message),
	                                       SHORT,
	                                       END };
static const struct field data_fields[] = {
	TEXT(service_type), SOURCE, DEST, BYTE(esm_class), BYTE(registered_delivery),
	BYTE(data_coding),  END
};
static const struct field alert_fields[] = { SOURCE, DEST, END };
static const struct field id_fields[] = { TEXT(message_id), END };
static const struct field no_fields[] = { END };

static const struct command {
	uint32_t id;
	const char *name;
	const struct field *fields;
} commands[] = {
	{ SMPP_SUBMIT_SM, "submit_sm", message_fields },
	{ SMPP_SUBMIT_SM | SMPP_RESPONSE, "submit_sm_resp", id_fields },
	{ SMPP_DELIVER_SM, "deliver_sm", message_fields },
	{ SMPP_DELIVER_SM | SMPP_RESPONSE, "deliver_sm_resp", id_fields },
	{ SMPP_ENQUIRE_LINK, "enquire_link", no_fields },
	{ SMPP_ENQUIRE_LINK | SMPP_RESPONSE, "enquire_link_resp", no_fields },
	{ SMPP_BIND_RECEIVER, "bind_receiver", bind_fields },
	{ SMPP_BIND_RECEIVER | SMPP_RESPONSE, "bind_receiver_resp", bind_resp_fields },
	{ SMPP_BIND_TRANSMITTER, "bind_transmitter", bind_fields },
	{ SMPP_BIND_TRANSMITTER | SMPP_RESPONSE, "bind_transmitter_resp",
	  bind_resp_fields },
	{ SMPP_BIND_TRANSCEIVER, "bind_transceiver", bind_fields },
	{ SMPP_BIND_TRANSCEIVER | SMPP_RESPONSE, "bind_transceiver_resp",
	  bind_resp_fields },
	{ SMPP_UNBIND, "unbind", no_fields },
	{ SMPP_UNBIND | SMPP_RESPONSE, "unbind_resp", no_fields },
	{ SMPP_DATA_SM, "data_sm", data_fields },
	{ SMPP_DATA_SM | SMPP_RESPONSE, "data_sm_resp", id_fields },
	{ SMPP_GENERIC_NACK, "generic_nack", no_fields },
	{ SMPP_OUTBIND, "outbind", outbind_fields },
	{ SMPP_ALERT, "alert_notification", alert_fields },
};

static const struct command *
find_command(uint32_t id)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].id == id)
			return &commands[i];
	}
	return NULL;
}

const char *
smpp_command_name(uint32_t command)
{
	const struct command *c = find_command(command);

	return c == NULL ? "unknown" : c->name;
}

/* ---- reading ---- */

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

int32_t
smpp_pdu_length(const uint8_t *bytes, size_t n)
{
	uint32_t length;

	if (n < 4)
		return 0;
	length = get32(bytes);
	return length < SMPP_HEADER_SIZE || length > SMPP_PDU_MAX ? -1 : (int32_t)length;
}

struct reader {
	const uint8_t *at, *end;
	struct smpp_pdu *pdu;
};

static enum smpp_fault
read_text(struct reader *r, char *out, size_t size)
{
	size_t left = (size_t)(r->end - r->at);
	const uint8_t *nul = left == 0 ? NULL : memchr(r->at, 0, left);
	size_t n = nul == NULL ? left : (size_t)(nul - r->at);

	if (n >= size)
		return SMPP_FAULT_LONG_TEXT;
	if (n > 0)
		memcpy(out, r->at, n);
	out[n] = '\0';
	r->at += nul == NULL ? n : n + 1;
	return nul == NULL ? SMPP_FAULT_SHORT : SMPP_READ;
}

static enum smpp_fault
read_short(struct reader *r)
{
	struct smpp_pdu *p = r->pdu;

	if (r->at == r->end)
		return SMPP_FAULT_SHORT;
	p->short_length = *r->at++;
	if ((size_t)(r->end - r->at) < p->short_length) {
		p->short_length = 0;
		return SMPP_FAULT_SHORT;
	}
	memcpy(p->short_message, r->at, p->short_length);
	r->at += p->short_length;
	return SMPP_READ;
}

static enum smpp_fault
read_field(struct reader *r, const struct field *f)
{
	char *place = (char *)r->pdu + f->offset;

	switch (f->kind) {
	case FIELD_TEXT:
		return read_text(r, place, f->size);
	case FIELD_SHORT:
		return read_short(r);
	case FIELD_BYTE:
		if (r->at == r->end)
			return SMPP_FAULT_SHORT;
		*place = (char)*r->at++;
		return SMPP_READ;
	case FIELD_END:
		break;
	}
	return SMPP_READ;
}

static enum smpp_fault
read_tlvs(struct reader *r)
{
	while (r->end - r->at >= 4) {
		struct smpp_tlv tlv = { get16(r->at), get16(r->at + 2), r->at + 4 };

		if (tlv.length > r->end - tlv.value)
			return SMPP_FAULT_TLV;
		if (r->pdu->tlv_count < SMPP_TLVS_MAX)
			r->pdu->tlvs[r->pdu->tlv_count++] = tlv;
		r->at = tlv.value + tlv.length;
	}
	return SMPP_READ; /* up to three bytes that mean nothing may be left */
}

/* What of a response could be read is used: it says whether a message was taken. */
static enum smpp_fault
forgive(struct smpp_pdu *p, enum smpp_fault fault)
{
	if (fault == SMPP_READ || (p->command & SMPP_RESPONSE) == 0)
		return fault;
	p->cut = true;
	return SMPP_READ;
}

enum smpp_fault
smpp_pdu_read(const uint8_t *bytes, size_t n, struct smpp_pdu *out)
{
	struct reader r = { bytes + SMPP_HEADER_SIZE, bytes + n, out };
	const struct command *c;

	memset(out, 0, sizeof *out);
	if (n < SMPP_HEADER_SIZE)
		return SMPP_FAULT_SHORT;
	out->command = get32(bytes + 4);
	out->status = get32(bytes + 8);
	out->sequence = get32(bytes + 12);
	c = find_command(out->command);
	if (c == NULL)
		return SMPP_FAULT_COMMAND;
	if (r.at == r.end && (out->command & SMPP_RESPONSE) != 0)
		return SMPP_READ; /* no body at all: usual when the status is an error */
	for (const struct field *f = c->fields; f->kind != FIELD_END; f++) {
		enum smpp_fault fault = read_field(&r, f);

		if (fault != SMPP_READ)
			return forgive(out, fault);
	}
	return forgive(out, read_tlvs(&r));
}

static const struct {
	const char *name;
	uint32_t status;
} faults[SMPP_FAULTS] = {
	[SMPP_READ] = { "none", 0 },
	[SMPP_FAULT_COMMAND] = { "unknown_command", 0x03 },
	[SMPP_FAULT_SHORT] = { "short", 0x02 },
	[SMPP_FAULT_LONG_TEXT] = { "long_text", 0x01 },
	[SMPP_FAULT_TLV] = { "tlv", 0xc0 },
};

uint32_t
smpp_fault_status(enum smpp_fault fault)
{
	return faults[fault].status;
}

const char *
smpp_fault_name(enum smpp_fault fault)
{
	return faults[fault].name;
}

/* ---- writing ---- */

struct writer {
	uint8_t *at, *end;
	bool full;
};

static void
put(struct writer *w, const void *bytes, size_t n)
{
	if ((size_t)(w->end - w->at) < n) {
		w->full = true;
		return;
	}
	if (n > 0)
		memcpy(w->at, bytes, n);
	w->at += n;
}

static void
put16(struct writer *w, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	put(w, b, sizeof b);
}

static void
set32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void
write_field(struct writer *w, const struct smpp_pdu *p, const struct field *f)
{
	const char *place = (const char *)p + f->offset;

	switch (f->kind) {
	case FIELD_TEXT:
		put(w, place, strnlen(place, f->size - 1));
		put(w, "", 1);
		return;
	case FIELD_BYTE:
		put(w, place, 1);
		return;
	case FIELD_SHORT:
		put(w, &p->short_length, 1);
		put(w, p->short_message, p->short_length);
		return;
	case FIELD_END:
		return;
	}
}

size_t
smpp_pdu_write(const struct smpp_pdu *pdu, uint8_t *out, size_t cap)
{
	const struct command *c = find_command(pdu->command);
	struct writer w = { out, out + cap, false };
	bool bare = (pdu->command & SMPP_RESPONSE) != 0 && pdu->status != 0;
	uint8_t header[SMPP_HEADER_SIZE] = { 0 };
	size_t n;

	if (c == NULL)
		return 0;
	put(&w, header, sizeof header);
	for (const struct field *f = c->fields; !bare && f->kind != FIELD_END; f++)
		write_field(&w, pdu, f);
	for (unsigned i = 0; !bare && i < pdu->tlv_count; i++) {
		put16(&w, pdu->tlvs[i].tag);
		put16(&w, pdu->tlvs[i].length);
		put(&w, pdu->tlvs[i].value, pdu->tlvs[i].length);
	}
	n = (size_t)(w.at - out);
	if (w.full || n > SMPP_PDU_MAX)
		return 0;
	set32(out, (uint32_t)n);
	set32(out + 4, pdu->command);
	set32(out + 8, pdu->status);
	set32(out + 12, pdu->sequence);
	return n;
}

void
smpp_pdu_number(uint8_t *bytes, uint32_t sequence)
{
	set32(bytes + 12, sequence);
}

/* ---- TLVs and text ---- */

const struct smpp_tlv *
smpp_tlv_find(const struct smpp_pdu *pdu, uint16_t tag)
{
	for (unsigned i = 0; i < pdu->tlv_count; i++) {
		if (pdu->tlvs[i].tag == tag)
			return &pdu->tlvs[i];
	}
	return NULL;
}

bool
smpp_tlv_add(struct smpp_pdu *pdu, uint16_t tag, const void *value, uint16_t n)
{
	if (pdu->tlv_count == SMPP_TLVS_MAX)
		return false;
	pdu->tlvs[pdu->tlv_count++] = (struct smpp_tlv){ tag, n, value };
	return true;
}

const uint8_t *
smpp_pdu_text(const struct smpp_pdu *pdu, size_t *n)
{
	const struct smpp_tlv *payload = smpp_tlv_find(pdu, SMPP_TAG_MESSAGE_PAYLOAD);

	if (pdu->short_length == 0 && payload != NULL) {
		*n = payload->length;
		return payload->value;
	}
	*n = pdu->short_length;
	return pdu->short_message;
}
