/* Any parts in any order: a text is given out only when every part of it came, and
 * nothing is written beside the room.  Six octets begin each part: who, reference, total,
 * number, length, how much later. */
#include "gateway/channel/smpp/join.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 5
#define HEAD 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct smpp_joining room[ROOM];
	static char space[16384];
	struct smpp_join join;
	int64_t now = 0;

	smpp_join_init(&join, room, ROOM, 1000);
	while (size > HEAD) {
		struct smpp_piece piece = { .alphabet = data[0] >> 6,
			                    .cut_by = SMPP_BY_UDH8,
			                    .reference = data[1],
			                    .total = data[2] == 0 ? 1 : data[2] };
		const char from[] = { (char)('A' + data[0] % 4), '\0' };
		struct smpp_came came = { from, "B", &piece };
		struct smpp_left left;
		struct buf text;

		piece.number = (uint8_t)(1 + data[3] % piece.total);
		piece.len = data[4] < size - HEAD ? data[4] : size - HEAD;
		piece.bytes = data + HEAD;
		now += data[5];
		buf_init(&text, space, sizeof space);
		if (smpp_join_add(&join, &came, now, &text, &left) != SMPP_JOIN_WHOLE &&
		    text.len > 0)
			abort();
		while (smpp_join_expire(&join, now, &left))
			if (left.why == NULL || left.have >= left.total)
				abort();
		data += HEAD + piece.len;
		size -= HEAD + piece.len;
	}
	return 0;
}
