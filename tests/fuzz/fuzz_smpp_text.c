/* Any text, by any bind's habits, is cut into parts that read back to what was cut; and
 * any octets that come in become text or are refused. */
#include "gateway/channel/smpp/text.h"

#include <stdlib.h>
#include <string.h>

#define HABITS 4 /* octets before the text */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct smpp_style
style_of(const uint8_t h[HABITS])
{
	struct smpp_style s = { .zero = h[0] % SMPP_ZEROS,
		                .one_is_gsm7 = (h[0] & 0x80) != 0,
		                .latin1 = (h[0] & 0x40) != 0,
		                .ucs2 = h[1] % 3,
		                .cut = (h[1] >> 2) % SMPP_LONGS,
		                .parts_max = 1 + h[2] % SMPP_PARTS_MAX };

	s.nation.single = h[3] % 4;
	s.nation.locking = (h[3] >> 2) % 4;
	return s;
}

static void
read_part(const struct smpp_style *style, const struct smpp_parts *parts,
          const struct smpp_part *part, struct buf *text)
{
	struct smpp_body in = { .bytes = parts->bytes + part->at,
		                .len = part->len,
		                .data_coding = parts->data_coding,
		                .esm_class = parts->has_header ? 0x40 : 0 };
	struct smpp_piece piece;

	if (smpp_text_read(style, &in, &piece, NULL) != 0)
		abort();
	smpp_text_utf8(piece.alphabet, piece.nation, piece.bytes, piece.len, text);
}

static void
there_and_back(const struct smpp_style *style, const char *utf8, size_t n)
{
	static char room[16384];
	static struct smpp_parts parts, again;
	struct buf text;

	if (smpp_text_write(style, utf8, n, 7, &parts, NULL) != 0)
		return;
	if (parts.count < 1 || parts.count > style->parts_max)
		abort();
	buf_init(&text, room, sizeof room);
	for (unsigned i = 0; i < parts.count; i++)
		read_part(style, &parts, &parts.part[i], &text);
	if (!buf_ok(&text))
		abort();
	if (parts.lost > 0) /* with '?' for a letter, another alphabet may do */
		return;
	if (smpp_text_write(style, text.at, text.len, 7, &again, NULL) != 0 ||
	    again.count != parts.count ||
	    memcmp(again.bytes, parts.bytes, sizeof parts.bytes) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char room[16384];
	struct smpp_style style;
	struct smpp_screen screen;
	struct smpp_piece piece;
	struct buf text;

	if (size < HABITS || size > 3000)
		return 0;
	style = style_of(data);
	there_and_back(&style, (const char *)data + HABITS, size - HABITS);
	(void)smpp_screen_write(&style, (data[2] & 0x80) != 0,
	                        (const char *)data + HABITS, size - HABITS, &screen,
	                        NULL);
	struct smpp_body in = { .bytes = data + HABITS,
		                .len = size - HABITS,
		                .data_coding = data[2],
		                .esm_class = data[3] };
	if (smpp_text_read(&style, &in, &piece, NULL) != 0)
		return 0;
	buf_init(&text, room, sizeof room);
	smpp_text_utf8(piece.alphabet, piece.nation, piece.bytes, piece.len, &text);
	return buf_ok(&text) ? 0 : (abort(), 0);
}
