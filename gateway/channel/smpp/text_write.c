#include "gateway/channel/smpp/text.h"

#include "ussd/core/gsm7.h"

#include <string.h>

#define SMS_OCTETS    140
#define CODING_ZERO   0x00
#define CODING_LATIN1 0x03
#define CODING_UCS2   0x08
#define CODING_CELL   0x0f /* the phones' alphabet, as USSD numbers it */
#define SCREEN_UCS2   80   /* characters: 160 octets */
#define IE_CONCAT8    0x00
#define IE_CONCAT16   0x08
#define IE_SINGLE     0x24
#define IE_LOCKING    0x25
#define HEADER_MAX    14
#define LETTER_MAX    4

/* How characters become octets, and what they cost. */
enum code {
	CODE_GSM7,    /* septets: one octet each                                   */
	CODE_AS_7BIT, /* Latin-1 that the SMSC turns into septets                  */
	CODE_ASCII,   /* likewise ASCII                                            */
	CODE_LATIN1,  /* octets                                                    */
	CODE_UCS2,    /* pairs of octets                                           */
};

struct plan {
	enum code code;
	bool fold;
	struct gsm7_tables nation;
	unsigned lost;
	unsigned parts; /* SMS, uncapped */
};

/* A text as the characters that will be sent. */
struct letters {
	const struct plan *plan;
	const char *s;
	size_t n;
	const char *pending; /* what is left of a stand-in */
	unsigned lost;
};

struct text {
	const struct smpp_style *style;
	const char *utf8;
	size_t n;
};

/* Of the control characters only line ends are for phones. */
static bool
is_printable(uint32_t c)
{
	return (c >= ' ' && (c < 0x7f || c > 0x9f)) || c == '\n' || c == '\r';
}

/* Octets of one character, 0 if the code lacks it; what they cost in *units. */
static size_t
put_letter(const struct plan *p, uint32_t c, uint8_t out[LETTER_MAX], unsigned *units)
{
	size_t len = 0;

	out[0] = (uint8_t)c;
	switch (p->code) {
	case CODE_GSM7:
		len = gsm7_put_in(p->nation, c, out);
		*units = (unsigned)len;
		return len;
	case CODE_AS_7BIT:
	case CODE_ASCII:
		*units = gsm7_cost(c);
		return *units > 0 && c < (p->code == CODE_ASCII ? 0x80U : 0x100U) ? 1 : 0;
	case CODE_LATIN1:
		*units = 1;
		return c < 0x100 && is_printable(c) ? 1 : 0;
	case CODE_UCS2:
		if (!is_printable(c) || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return 0;
		if (c > 0xffff) {
			uint32_t high = 0xd800 + ((c - 0x10000) >> 10);

			out[len++] = (uint8_t)(high >> 8);
			out[len++] = (uint8_t)high;
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		out[len++] = (uint8_t)(c >> 8);
		out[len++] = (uint8_t)c;
		*units = (unsigned)len / 2;
		return len;
	}
	return 0;
}

static struct letters
letters_of(const struct text *t, const struct plan *p)
{
	return (struct letters){ .plan = p, .s = t->utf8, .n = t->n, .pending = "" };
}

/* The next character's octets; 0 at the end. */
static size_t
next_letter(struct letters *l, uint8_t out[LETTER_MAX], unsigned *units)
{
	while (l->pending[0] != '\0' || l->n > 0) {
		bool is_own = l->pending[0] == '\0';
		uint32_t c = is_own ? utf8_take(&l->s, &l->n) : (uint8_t)*l->pending++;
		size_t len;

		if (c == '\f')
			c = '\n';
		len = put_letter(l->plan, c, out, units);
		if (len > 0)
			return len;
		l->pending = is_own && l->plan->fold ? gsm7_stand_in(c) : NULL;
		if (l->pending == NULL) {
			l->pending = "";
			l->lost++;
			return put_letter(l->plan, '?', out, units);
		}
	}
	return 0;
}

/* What of an SMS is left beside a header. */
static unsigned
room_beside(enum code code, size_t header)
{
	unsigned octets = SMS_OCTETS - (unsigned)header;

	return code == CODE_UCS2     ? octets / 2
	       : code == CODE_LATIN1 ? octets
	                             : octets * 8 / 7;
}

static size_t
put_nation(struct gsm7_tables nation, uint8_t *out)
{
	size_t n = 0;

	if (nation.single != GSM7_NO_NATION) {
		out[n++] = IE_SINGLE;
		out[n++] = 1;
		out[n++] = (uint8_t)nation.single;
	}
	if (nation.locking != GSM7_NO_NATION) {
		out[n++] = IE_LOCKING;
		out[n++] = 1;
		out[n++] = (uint8_t)nation.locking;
	}
	return n;
}

/* The header of part `number` of `total`, with its length in front; 0 octets where none
 * is needed.  With total 1 there is nothing to concatenate. */
static size_t
put_header(const struct smpp_style *style, const struct plan *p,
           const struct smpp_parts *parts, unsigned number, uint8_t out[HEADER_MAX])
{
	size_t n = 1;

	if (parts->count > 1 && style->cut == SMPP_LONG_UDH8) {
		out[n++] = IE_CONCAT8;
		out[n++] = 3;
		out[n++] = (uint8_t)parts->reference;
	} else if (parts->count > 1 && style->cut == SMPP_LONG_UDH16) {
		out[n++] = IE_CONCAT16;
		out[n++] = 4;
		out[n++] = (uint8_t)(parts->reference >> 8);
		out[n++] = (uint8_t)parts->reference;
	}
	if (n > 1) {
		out[n++] = (uint8_t)parts->count;
		out[n++] = (uint8_t)number;
	}
	n += put_nation(p->nation, out + n);
	out[0] = (uint8_t)(n - 1);
	return n > 1 ? n : 0;
}

/* What a header takes in each of several parts.  The SMSC that cuts for us may write the
 * longer reference, and a nation's tables are not its business. */
static size_t
header_each(const struct smpp_style *style, const struct plan *p)
{
	uint8_t out[HEADER_MAX];

	return 1 + (style->cut == SMPP_LONG_UDH8 ? 5U : 6U) + put_nation(p->nation, out);
}

static unsigned
room_of(const struct smpp_style *style, const struct plan *p, bool is_one)
{
	uint8_t out[HEADER_MAX];
	size_t nation = put_nation(p->nation, out);

	if (is_one)
		return room_beside(p->code, nation > 0 ? nation + 1 : 0);
	return room_beside(p->code, header_each(style, p));
}

/* Fills in how many parts the plan needs and how much it loses. */
static void
measure(const struct text *t, struct plan *p)
{
	struct letters l = letters_of(t, p);
	unsigned each = room_of(t->style, p, false), used = 0, all = 0, units;
	uint8_t out[LETTER_MAX];

	p->parts = 1;
	while (next_letter(&l, out, &units) > 0) {
		all += units;
		if (used + units > each) {
			p->parts++;
			used = 0;
		}
		used += units;
	}
	if (all <= room_of(t->style, p, true))
		p->parts = 1;
	p->lost = l.lost;
}

static struct plan
plan_zero(const struct smpp_style *style, bool fold)
{
	static const enum code codes[SMPP_ZEROS] = {
		[SMPP_ZERO_GSM7] = CODE_GSM7,
		[SMPP_ZERO_LATIN1] = CODE_AS_7BIT,
		[SMPP_ZERO_ASCII] = CODE_ASCII,
	};

	return (struct plan){ .code = codes[style->zero], .fold = fold };
}

/* The nation's tables that keep every letter in the fewest parts, the shortest header
 * first; false if they do not, or not within the parts allowed. */
static bool
plan_nation(const struct text *t, struct plan *best)
{
	enum gsm7_nation single = t->style->nation.single;
	enum gsm7_nation locking = t->style->nation.locking;
	const struct gsm7_tables choice[] = { { GSM7_NO_NATION, single },
		                              { locking, GSM7_NO_NATION },
		                              { locking, single } };
	bool found = false;

	if (t->style->zero != SMPP_ZERO_GSM7)
		return false;
	for (size_t i = 0; i < sizeof choice / sizeof *choice; i++) {
		struct plan p = { .code = CODE_GSM7, .nation = choice[i] };

		if (!gsm7_nation_known(choice[i].locking, true))
			p.nation.locking = GSM7_NO_NATION;
		measure(t, &p);
		if (p.lost > 0 || p.parts > t->style->parts_max ||
		    (p.parts > 1 && t->style->cut >= SMPP_LONG_SAR) ||
		    (found && p.parts >= best->parts))
			continue;
		*best = p;
		found = true;
	}
	return found;
}

static struct plan
choose(const struct text *t)
{
	struct plan ucs2 = { .code = CODE_UCS2 }, latin1 = { .code = CODE_LATIN1 };
	struct plan plain = plan_zero(t->style, false),
	            folded = plan_zero(t->style, true);
	struct plan nation = plain;

	measure(t, &ucs2);
	if (t->style->ucs2 == SMPP_UCS2_ALWAYS)
		return ucs2;
	measure(t, &plain);
	if (plain.lost == 0)
		return plain;
	if (plan_nation(t, &nation))
		return nation;
	measure(t, &folded);
	if (folded.lost == 0)
		return folded;
	measure(t, &latin1);
	if (t->style->latin1 && latin1.lost == 0)
		return latin1;
	if (t->style->ucs2 == SMPP_UCS2_NEEDED && ucs2.parts <= t->style->parts_max &&
	    ucs2.lost < folded.lost)
		return ucs2;
	return folded;
}

static uint8_t
coding_of(enum code code)
{
	return code == CODE_UCS2     ? CODING_UCS2
	       : code == CODE_LATIN1 ? CODING_LATIN1
	                             : CODING_ZERO;
}

static void
begin_part(const struct smpp_style *style, const struct plan *p, struct smpp_parts *out,
           unsigned i)
{
	struct smpp_part *part = &out->part[i];

	part->at = i == 0 ? 0 : (uint16_t)(part[-1].at + part[-1].len);
	part->len = (uint16_t)put_header(style, p, out, i + 1, &out->bytes[part->at]);
	out->has_header = part->len > 0;
}

static void
write_parts(const struct text *t, const struct plan *p, struct smpp_parts *out)
{
	struct letters l = letters_of(t, p);
	unsigned room =
	    out->is_payload ? UINT32_MAX : room_of(t->style, p, p->parts == 1);
	unsigned used = 0, units, i = 0;
	uint8_t letter[LETTER_MAX];

	begin_part(t->style, p, out, 0);
	for (size_t n; (n = next_letter(&l, letter, &units)) > 0; used += units) {
		struct smpp_part *part;

		if (used + units > room) {
			begin_part(t->style, p, out, ++i);
			used = 0;
		}
		part = &out->part[i];
		memcpy(&out->bytes[part->at + part->len], letter, n);
		part->len = (uint16_t)(part->len + n);
	}
}

int
smpp_text_write(const struct smpp_style *style, const char *utf8, size_t n,
                uint16_t reference, struct smpp_parts *out, struct err *err)
{
	struct text t = { style, utf8, n };
	struct plan p;

	/* No character is cheaper than four bytes of UTF-8 for one unit. */
	if (n > sizeof out->bytes * 4)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "the text is too long");
	p = choose(&t);
	if (p.parts > style->parts_max || p.parts > SMPP_PARTS_MAX)
		return err_set(err, ERR_TOO_LONG, FATE_NOT,
		               "the text takes more parts than the bind may send");
	memset(out, 0, sizeof *out);
	out->data_coding = coding_of(p.code);
	out->billed = p.parts;
	out->lost = p.lost;
	out->is_payload = p.parts > 1 && style->cut == SMPP_LONG_PAYLOAD;
	out->count = out->is_payload ? 1 : p.parts;
	out->has_sar = out->count > 1 && style->cut == SMPP_LONG_SAR;
	out->reference = style->cut == SMPP_LONG_UDH8 ? reference & 0xff : reference;
	write_parts(&t, &p, out);
	return 0;
}

/* ---- screens ---- */

static bool
write_screen(const struct text *t, const struct plan *p, unsigned room,
             struct smpp_screen *out)
{
	struct letters l = letters_of(t, p);
	unsigned used = 0, units;
	uint8_t letter[LETTER_MAX];

	out->data_coding = coding_of(p->code);
	out->len = 0;
	for (size_t n; (n = next_letter(&l, letter, &units)) > 0; used += units) {
		if (used + units > room)
			return false;
		memcpy(out->bytes + out->len, letter, n);
		out->len += n;
	}
	return true;
}

static void
pack_screen(struct smpp_screen *s)
{
	uint8_t packed[SMPP_SCREEN_MAX];

	s->len = gsm7_pack(s->bytes, s->len, packed, sizeof packed);
	memcpy(s->bytes, packed, s->len);
	s->data_coding = CODING_CELL;
}

int
smpp_screen_write(const struct smpp_style *style, bool packed, const char *utf8, size_t n,
                  struct smpp_screen *out, struct err *err)
{
	struct text t = { style, utf8, n };
	struct plan folded = plan_zero(style, true), ucs2 = { .code = CODE_UCS2 };
	bool wants_ucs2;

	if (n > (size_t)SMPP_SCREEN_SEPTETS * 4)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "the screen is too long");
	measure(&t, &folded);
	wants_ucs2 = style->ucs2 == SMPP_UCS2_ALWAYS ||
	             (style->ucs2 == SMPP_UCS2_NEEDED && folded.lost > 0);
	if (wants_ucs2 && write_screen(&t, &ucs2, SCREEN_UCS2, out))
		return 0;
	if (!write_screen(&t, &folded, SMPP_SCREEN_SEPTETS, out))
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "the screen is too long");
	if (packed && folded.code == CODE_GSM7)
		pack_screen(out);
	return 0;
}
