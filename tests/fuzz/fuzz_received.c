/* Any body of /received: no crash, and fields that fit their places. */
#include "gateway/webhook/received.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct received_money m;
	char *body = malloc(size + 1);

	if (body == NULL)
		return 0;
	if (size > 0)
		memcpy(body, data, size);
	body[size] = '\0';
	if (received_read(body, size, &m) == NULL &&
	    (m.amount <= 0 || strlen(m.currency) != 3 || m.id[0] == '\0' ||
	     m.cooperative[0] == '\0'))
		abort();
	free(body);
	return 0;
}
