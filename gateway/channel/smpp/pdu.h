/*
 * smpp_pdu - the wire of SMPP 3.4: bytes to a typed PDU and back; 5.0 is tolerated.
 *
 * Pure: no clock, no I/O, no allocation.  Reading never looks past the bytes it is given
 * and keeps what a peer may say wrongly without harm: responses without a body, an id
 * without its NUL, fields longer than the book allows, TLVs nobody knows, sequence
 * numbers out of range, bytes after the end.  Requests are read strictly: what cannot be
 * read is a named fault, with the status to answer.
 *
 * TLVs stand in their order; their values are borrowed from the bytes read.
 */
#ifndef GATEWAY_CHANNEL_SMPP_PDU_H
#define GATEWAY_CHANNEL_SMPP_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMPP_HEADER_SIZE  16
#define SMPP_PDU_MAX      16384 /* our cap; a longer one is no PDU of a sane peer */
#define SMPP_TLVS_MAX     24    /* those beyond are not kept                      */
#define SMPP_SHORT_MAX    255   /* bytes of short_message; the book says 254       */
#define SMPP_SEQUENCE_MAX UINT32_C(0x7fffffff)

#define SMPP_RESPONSE         UINT32_C(0x80000000)
#define SMPP_BIND_RECEIVER    UINT32_C(0x001)
#define SMPP_BIND_TRANSMITTER UINT32_C(0x002)
#define SMPP_SUBMIT_SM        UINT32_C(0x004)
#define SMPP_DELIVER_SM       UINT32_C(0x005)
#define SMPP_UNBIND           UINT32_C(0x006)
#define SMPP_BIND_TRANSCEIVER UINT32_C(0x009)
#define SMPP_OUTBIND          UINT32_C(0x00b)
#define SMPP_ENQUIRE_LINK     UINT32_C(0x015)
#define SMPP_ALERT            UINT32_C(0x102)
#define SMPP_DATA_SM          UINT32_C(0x103)
#define SMPP_GENERIC_NACK     UINT32_C(0x80000000)

enum smpp_tag {
	SMPP_TAG_RECEIPTED_MESSAGE_ID = 0x001e,
	SMPP_TAG_USER_MESSAGE_REFERENCE = 0x0204,
	SMPP_TAG_SAR_MSG_REF_NUM = 0x020c,
	SMPP_TAG_SAR_TOTAL_SEGMENTS = 0x020e,
	SMPP_TAG_SAR_SEGMENT_SEQNUM = 0x020f,
	SMPP_TAG_SC_INTERFACE_VERSION = 0x0210,
	SMPP_TAG_NETWORK_ERROR_CODE = 0x0423,
	SMPP_TAG_MESSAGE_PAYLOAD = 0x0424,
	SMPP_TAG_MESSAGE_STATE = 0x0427,
	SMPP_TAG_CONGESTION_STATE = 0x0428,
	SMPP_TAG_USSD_SERVICE_OP = 0x0501,
	SMPP_TAG_ITS_SESSION_INFO = 0x1383,
};

enum smpp_esm { /* bits of esm_class */
	        SMPP_ESM_RECEIPT = 0x04,
	        SMPP_ESM_UDHI = 0x40,
};

struct smpp_tlv {
	uint16_t tag;
	uint16_t length;
	const uint8_t *value; /* borrowed */
};

/* The sizes are those of the book and more where operators are known to hand out longer
 * ones; all texts are NUL-terminated. */
struct smpp_address {
	uint8_t ton, npi;
	char digits[66];
};

/* Which fields a PDU has follows from its command; the others are zero. */
struct smpp_pdu {
	uint32_t command, status, sequence;
	bool cut; /* a response that ended too early: what was there is here */

	/* binds and outbind; their responses have system_id alone */
	char system_id[33];
	char password[33];
	char system_type[33];
	uint8_t interface_version;
	struct smpp_address range;

	/* submit_sm, deliver_sm, data_sm, alert_notification (source, dest) */
	char service_type[17];
	struct smpp_address source, dest;
	uint8_t esm_class, protocol_id, priority;
	char schedule_time[18], validity_period[18];
	uint8_t registered_delivery, replace_if_present, data_coding, default_message;
	uint8_t short_length;
	uint8_t short_message[SMPP_SHORT_MAX];

	char message_id[80]; /* responses to the three */

	unsigned tlv_count;
	struct smpp_tlv tlvs[SMPP_TLVS_MAX];
};

/* Length of the PDU that begins here: 0 if fewer than four bytes are there, -1 if no PDU
 * has that length, so that nobody can say where the next one begins. */
int32_t smpp_pdu_length(const uint8_t *bytes, size_t n);

enum smpp_fault {
	SMPP_READ,            /* no fault                                         */
	SMPP_FAULT_COMMAND,   /* a command we do not know; the header is read     */
	SMPP_FAULT_SHORT,     /* a request that ends within a mandatory field     */
	SMPP_FAULT_LONG_TEXT, /* a text too long for us                           */
	SMPP_FAULT_TLV,       /* the last TLV is longer than the PDU              */
	SMPP_FAULTS
};

/* Reads exactly one PDU, n = smpp_pdu_length.  The header is read whatever the fault. */
enum smpp_fault smpp_pdu_read(const uint8_t *bytes, size_t n, struct smpp_pdu *out);
/* Status of the answer to a request with that fault. */
uint32_t smpp_fault_status(enum smpp_fault fault);
const char *smpp_fault_name(enum smpp_fault fault); /* "short" */

/* Bytes written, 0 if it does not fit in cap or the command is none of ours.  A response
 * with a status other than 0 is written without a body. */
size_t smpp_pdu_write(const struct smpp_pdu *pdu, uint8_t *out, size_t cap);
/* Changes the sequence number of a written PDU. */
void smpp_pdu_number(uint8_t *bytes, uint32_t sequence);

/* NULL if it has none.  The first, if a peer repeats it. */
const struct smpp_tlv *smpp_tlv_find(const struct smpp_pdu *pdu, uint16_t tag);
/* Appends; value is borrowed until the PDU is written.  False if there is no room. */
bool smpp_tlv_add(struct smpp_pdu *pdu, uint16_t tag, const void *value, uint16_t n);
/* The text of the message wherever it stands: short_message, or message_payload. */
const uint8_t *smpp_pdu_text(const struct smpp_pdu *pdu, size_t *n);

const char *smpp_command_name(uint32_t command); /* "submit_sm"; "unknown" */

#endif
