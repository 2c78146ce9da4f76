#include "gateway/channel/smpp/text.h"

#include "ussd/core/gsm7.h"

#include <string.h>

#define ESM_HEADER  0x40
#define IE_CONCAT8  0x00
#define IE_PORT8    0x04
#define IE_PORT16   0x05
#define IE_CONCAT16 0x08
#define IE_SINGLE   0x24
#define IE_LOCKING  0x25
#define REPLACEMENT 0xfffd

static const char *const ZEROS[SMPP_ZEROS] = {
	[SMPP_ZERO_GSM7] = "gsm7",
	[SMPP_ZERO_LATIN1] = "latin1",
	[SMPP_ZERO_ASCII] = "ascii",
};

static const char *const LONGS[SMPP_LONGS] = {
	[SMPP_LONG_UDH8] = "udh8",
	[SMPP_LONG_UDH16] = "udh16",
	[SMPP_LONG_SAR] = "sar",
	[SMPP_LONG_PAYLOAD] = "payload",
};

const char *
smpp_zero_name(enum smpp_zero zero)
{
	return zero < SMPP_ZEROS ? ZEROS[zero] : NULL;
}

const char *
smpp_long_name(enum smpp_long cut)
{
	return cut < SMPP_LONGS ? LONGS[cut] : NULL;
}

/* ---- which alphabet ---- */

static enum smpp_alphabet
alphabet_zero(const struct smpp_style *style)
{
	return style->zero == SMPP_ZERO_GSM7     ? SMPP_GSM7
	       : style->zero == SMPP_ZERO_LATIN1 ? SMPP_LATIN1
	                                         : SMPP_ASCII;
}

/* The numbers 0x10 and above are those of GSM; the phones' alphabet is meant then.
 * NULL, or why it is no text. */
static const char *
alphabet_gsm(uint8_t coding, enum smpp_alphabet *out)
{
	uint8_t kind = coding >> 2 & 3;

	*out = SMPP_GSM7;
	if (coding >= 0xf0)
		return coding & 0x04 ? "binary" : NULL;
	if (coding >= 0xe0)
		*out = SMPP_UTF16;
	if (coding >= 0xc0)
		return NULL;
	if (coding >= 0x40)
		return "a data coding that is reserved";
	if (coding & 0x20)
		return "compressed";
	if (kind == 2)
		*out = SMPP_UTF16;
	return kind == 1 ? "binary" : kind == 3 ? "a data coding that is reserved" : NULL;
}

static const char *
alphabet_of(const struct smpp_style *style, uint8_t coding, enum smpp_alphabet *out)
{
	switch (coding) {
	case 0:
		*out = alphabet_zero(style);
		return NULL;
	case 1:
		*out = style->one_is_gsm7 ? SMPP_GSM7 : SMPP_ASCII;
		return NULL;
	case 3:
		*out = SMPP_LATIN1;
		return NULL;
	case 8:
		*out = SMPP_UTF16;
		return NULL;
	case 15: /* as USSD numbers the phones' alphabet */
		*out = SMPP_GSM7;
		return NULL;
	case 2:
	case 4:
		return "binary";
	default:
		break;
	}
	return coding < 0x10 ? "an alphabet that is not ours" : alphabet_gsm(coding, out);
}

/* ---- headers ---- */

static void
set_place(struct smpp_piece *p, enum smpp_cut_by cut_by, uint16_t reference,
          const uint8_t place[2])
{
	if (place[0] == 0 || place[1] == 0 || place[1] > place[0])
		return;
	p->cut_by = cut_by;
	p->reference = reference;
	p->total = place[0];
	p->number = place[1];
}

/* One information element: NULL, or why the message is not for people. */
static const char *
take_element(uint8_t id, const uint8_t *v, size_t n, struct smpp_piece *p)
{
	if (id == IE_CONCAT8 && n == 3)
		set_place(p, SMPP_BY_UDH8, v[0], v + 1);
	else if (id == IE_CONCAT16 && n == 4)
		set_place(p, SMPP_BY_UDH16, (uint16_t)(v[0] << 8 | v[1]), v + 2);
	else if (id == IE_SINGLE && n == 1 && gsm7_nation_known(v[0], false))
		p->nation.single = (enum gsm7_nation)v[0];
	else if (id == IE_LOCKING && n == 1 && gsm7_nation_known(v[0], true))
		p->nation.locking = (enum gsm7_nation)v[0];
	else if (id == IE_PORT8 || id == IE_PORT16)
		return "for an application's port";
	return NULL;
}

static int
take_header(struct smpp_piece *p, struct err *err)
{
	const uint8_t *v = p->bytes;
	size_t len = p->len > 0 ? v[0] : 0, at = 1;

	if (p->len == 0 || len + 1 > p->len)
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "the header is longer than the message");
	while (at < len + 1) {
		const char *why;

		if (at + 2 > len + 1 || at + 2 + v[at + 1] > len + 1)
			return err_set(err, ERR_SYNTAX, FATE_NOT,
			               "an element is longer than the header");
		why = take_element(v[at], v + at + 2, v[at + 1], p);
		if (why != NULL)
			return err_set(err, ERR_REFUSED, FATE_NOT, why);
		at += 2U + v[at + 1];
	}
	p->bytes += len + 1;
	p->len -= len + 1;
	return 0;
}

int
smpp_text_read(const struct smpp_style *style, const struct smpp_body *in,
               struct smpp_piece *out, struct err *err)
{
	const char *why;

	memset(out, 0, sizeof *out);
	out->total = 1;
	out->number = 1;
	out->bytes = in->bytes;
	out->len = in->len;
	why = alphabet_of(style, in->data_coding, &out->alphabet);
	if (why != NULL)
		return err_set(err, ERR_REFUSED, FATE_NOT, why);
	if ((in->esm_class & ESM_HEADER) != 0 && take_header(out, err) != 0)
		return -1;
	if (in->has_sar && out->cut_by == SMPP_WHOLE)
		set_place(out, SMPP_BY_SAR, in->sar_reference,
		          (const uint8_t[]){ in->sar_total, in->sar_number });
	if (out->total == 1) {
		out->cut_by = SMPP_WHOLE;
		out->reference = 0;
	}
	if (out->alphabet != SMPP_GSM7)
		out->nation = GSM7_PLAIN;
	return 0;
}

/* ---- to UTF-8 ---- */

bool
smpp_piece_unpack(struct smpp_piece *piece, uint8_t *room, size_t cap)
{
	size_t n;

	if (piece->alphabet != SMPP_GSM7 || piece->len == 0)
		return true;
	n = gsm7_unpack(piece->bytes, piece->len, room, cap);
	piece->bytes = room;
	piece->len = n;
	return n > 0;
}

static uint32_t
take_utf16(const uint8_t **at, size_t *n)
{
	const uint8_t *v = *at;
	uint32_t c, low;

	if (*n < 2) {
		*n = 0;
		return REPLACEMENT;
	}
	c = (uint32_t)v[0] << 8 | v[1];
	*at += 2;
	*n -= 2;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || *n < 2)
		return REPLACEMENT;
	low = (uint32_t)v[2] << 8 | v[3];
	if (low < 0xdc00 || low > 0xdfff)
		return REPLACEMENT;
	*at += 2;
	*n -= 2;
	return 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
}

void
smpp_text_utf8(enum smpp_alphabet alphabet, struct gsm7_tables nation,
               const uint8_t *bytes, size_t n, struct buf *out)
{
	if (alphabet == SMPP_GSM7) {
		gsm7_decode_in(nation, bytes, n, out);
		return;
	}
	while (n > 0) {
		uint32_t c;

		if (alphabet == SMPP_UTF16) {
			c = take_utf16(&bytes, &n);
		} else {
			c = *bytes++;
			n--;
			if (alphabet == SMPP_ASCII && c > 0x7f)
				c = REPLACEMENT;
		}
		utf8_put(out, c == 0 ? ' ' : c);
	}
}
