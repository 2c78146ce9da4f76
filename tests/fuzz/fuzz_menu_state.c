/* A stored state: what decodes encodes to bytes that decode to the same. */
#include "ussd/core/menu.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct menu_state a, b;
	uint8_t bytes[MENU_STATE_MAX];
	size_t n;

	memset(&a, 0, sizeof a); /* what is not counted keeps what it was */
	memset(&b, 0, sizeof b);
	if (!menu_state_decode(data, size, &a))
		return 0;
	n = menu_state_encode(&a, bytes, sizeof bytes);
	if (n == 0)
		return 0;
	if (!menu_state_decode(bytes, n, &b) || memcmp(&a, &b, sizeof a) != 0)
		abort();
	return 0;
}
