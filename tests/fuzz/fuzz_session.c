/* Whatever Redis gives back is either refused or reads the same after writing. */
#include "ussd/core/session.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct session s;
	static uint8_t again[SESSION_MAX];

	if (!session_decode(data, size, &s))
		return 0;
	if (session_encode(&s, again) != size || memcmp(again, data, size) != 0)
		abort();
	return 0;
}
