/* Any bytes fold to the alphabet, and septets survive packing. */
#include "ussd/core/gsm7.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char room[8192], back[16384];
	static uint8_t septets[8192], octets[8192], again[8192];
	struct buf folded, decoded;
	size_t n, packed;

	if (size > 1000)
		return 0;
	buf_init(&folded, room, sizeof room);
	gsm7_fold(&folded, (const char *)data, size);
	if (gsm7_septets(folded.at, folded.len) < 0)
		abort();
	n = gsm7_encode(folded.at, folded.len, septets, sizeof septets);
	if (n != (size_t)gsm7_septets(folded.at, folded.len))
		abort();
	buf_init(&decoded, back, sizeof back);
	gsm7_decode(septets, n, &decoded);
	if (decoded.len != folded.len || memcmp(decoded.at, folded.at, folded.len) != 0)
		abort();
	packed = gsm7_pack(septets, n, octets, sizeof octets);
	if (n > 0 && gsm7_unpack(octets, packed, again, sizeof again) > 0 &&
	    memcmp(again, septets, n > 1 ? n - 1 : 0) != 0)
		abort();
	return 0;
}
