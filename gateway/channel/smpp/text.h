/*
 * smpp_text - a text as one bind's short messages carry it, there and back.
 *
 * What data_coding 0 means is a habit of each SMSC, and so is how a long text is cut.
 * Out: the alphabet that keeps every letter at the least price is taken, in this order:
 * the phones' alphabet as it is; with a nation's tables, if the bind has them; folded
 * (an accent lost is better than half the room lost); Latin-1 under its own number; UCS-2
 * where a letter has no stand-in.  No part ends inside a character, an escape pair or a
 * surrogate pair.  In: bytes to UTF-8; what is no text is refused by name.
 *
 * Pure: no clock, no allocation.
 * Units: len and n are octets; an SMS holds 140 of them, which are 160 septets.
 */
#ifndef GATEWAY_CHANNEL_SMPP_TEXT_H
#define GATEWAY_CHANNEL_SMPP_TEXT_H

#include "lib/buf.h"
#include "lib/err.h"
#include "ussd/core/gsm7_shift.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMPP_PARTS_MAX 16
/* header and body: 13 octets of header leave 145 septets */
#define SMPP_PART_MAX 160

/* What data_coding 0 is.  Septets travel one per octet. */
enum smpp_zero { SMPP_ZERO_GSM7, SMPP_ZERO_LATIN1, SMPP_ZERO_ASCII, SMPP_ZEROS };

/* How a text of more than one SMS is cut. */
enum smpp_long {
	SMPP_LONG_UDH8,    /* header with an 8-bit reference                        */
	SMPP_LONG_UDH16,   /* header with a 16-bit reference                        */
	SMPP_LONG_SAR,     /* TLVs sar_*: the SMSC writes the header                */
	SMPP_LONG_PAYLOAD, /* one TLV message_payload: the SMSC cuts                */
	SMPP_LONGS
};

enum smpp_ucs2 {
	SMPP_UCS2_NEVER,  /* the bind has none: a letter without stand-in is '?'    */
	SMPP_UCS2_NEEDED, /* where a letter has no stand-in                         */
	SMPP_UCS2_ALWAYS,
};

/* One bind's habits. */
struct smpp_style {
	enum smpp_zero zero;
	bool one_is_gsm7; /* inbound data_coding 1 is septets, not ASCII           */
	bool latin1;      /* data_coding 3 is understood                           */
	enum smpp_ucs2 ucs2;
	enum smpp_long cut;
	/* Letters that the phones' alphabet lacks are kept by these, where the text needs
	 * them and is of that nation; GSM7_NO_NATION: the bind knows none.  Used in texts
	 * of more than one SMS only where we write the headers ourselves. */
	struct gsm7_tables nation;
	unsigned parts_max; /* 1..SMPP_PARTS_MAX: more is ERR_TOO_LONG              */
};

/* "gsm7", "latin1", "ascii"; "udh8", "udh16", "sar", "payload".  NULL beyond the last. */
const char *smpp_zero_name(enum smpp_zero zero);
const char *smpp_long_name(enum smpp_long cut);

/* ---- out ---- */

struct smpp_part {
	uint16_t at;  /* offset into bytes                                          */
	uint16_t len; /* with the header, if there is one                           */
};

struct smpp_parts {
	uint8_t data_coding;
	bool has_header; /* esm_class |= 0x40: each part begins with a user data header */
	bool is_payload; /* bytes go into TLV message_payload, sm_length is 0       */
	bool has_sar;    /* TLVs sar_msg_ref_num, sar_total_segments = count, and
	                  * sar_segment_seqnum = index + 1                          */
	uint16_t reference; /* as used: 8 bits with UDH8                               */
	unsigned count;     /* short messages to submit, in order                      */
	unsigned billed;    /* SMS that a phone gets: count, or more with a payload    */
	unsigned lost;      /* characters that became '?'                              */
	struct smpp_part part[SMPP_PARTS_MAX];
	uint8_t bytes[SMPP_PARTS_MAX * SMPP_PART_MAX];
};

/* Broken UTF-8 counts as a character without stand-in.  reference is the caller's,
 * another for each text to one number.  ERR_TOO_LONG: more than parts_max; *out is then
 * not to be used.  An empty text is one empty part. */
int smpp_text_write(const struct smpp_style *style, const char *utf8, size_t n,
                    uint16_t reference, struct smpp_parts *out,
                    struct err *err) MUST_CHECK;

#define SMPP_SCREEN_SEPTETS 182
#define SMPP_SCREEN_MAX     184 /* octets: 182 septets unpacked, 160 otherwise */

struct smpp_screen {
	uint8_t data_coding;
	size_t len;
	uint8_t bytes[SMPP_SCREEN_MAX];
};

/* A USSD screen: one message, no header, no nation's tables; folded, UCS-2 if the bind
 * has it and a letter needs it and 80 characters do.  ERR_TOO_LONG: it does not fit.
 * packed: seven bits each, with the CR that fills up the last octet. */
int smpp_screen_write(const struct smpp_style *style, bool packed, const char *utf8,
                      size_t n, struct smpp_screen *out, struct err *err) MUST_CHECK;

/* ---- in ---- */

/* What came: short_message, or message_payload where there is one. */
struct smpp_body {
	const uint8_t *bytes; /* borrowed */
	size_t len;
	uint8_t data_coding;
	uint8_t esm_class;
	bool has_sar; /* all three TLVs were there */
	uint16_t sar_reference;
	uint8_t sar_total;
	uint8_t sar_number;
};

enum smpp_alphabet { SMPP_GSM7, SMPP_ASCII, SMPP_LATIN1, SMPP_UTF16 };

/* How reference numbers of a set are told apart from those of another kind. */
enum smpp_cut_by { SMPP_WHOLE, SMPP_BY_UDH8, SMPP_BY_UDH16, SMPP_BY_SAR };

/* One short message with its header taken off. */
struct smpp_piece {
	enum smpp_alphabet alphabet;
	struct gsm7_tables nation;
	enum smpp_cut_by cut_by; /* SMPP_WHOLE: reference 0, total 1, number 1 */
	uint16_t reference;
	uint8_t total;        /* 1..255        */
	uint8_t number;       /* 1..total      */
	const uint8_t *bytes; /* borrowed from the body */
	size_t len;
};

/* Fails with ERR_REFUSED (binary, compressed, for an application's port, an alphabet we
 * do not have) or ERR_SYNTAX (a header that contradicts itself); err->what says which.  A
 * concatenation element with an impossible number is ignored, as the standard asks. */
int smpp_text_read(const struct smpp_style *style, const struct smpp_body *in,
                   struct smpp_piece *out, struct err *err) MUST_CHECK;
/* What was typed on a bind whose screens go out packed comes in packed: the piece's
 * septets, if it is of septets, one per octet in room, to which the piece then points.
 * False: no room for them. */
bool smpp_piece_unpack(struct smpp_piece *piece, uint8_t *room, size_t cap) MUST_CHECK;
/* The text in UTF-8.  Half a surrogate pair and a lone last octet become U+FFFD, NUL
 * becomes a space. */
void smpp_text_utf8(enum smpp_alphabet alphabet, struct gsm7_tables nation,
                    const uint8_t *bytes, size_t n, struct buf *out);

#endif
