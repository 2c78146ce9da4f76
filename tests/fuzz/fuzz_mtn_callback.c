/* Any callback body: no crash, and identifiers that fit their places. */
#include "payments/provider/provider.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct provider_hint h;
	char *body = malloc(size + 1);

	if (body == NULL)
		return 0;
	if (size > 0)
		memcpy(body, data, size);
	body[size] = '\0';
	(void)provider_mtn.callback(body, size, &h, NULL);
	if (strlen(h.external_id) >= sizeof h.external_id ||
	    strlen(h.provider_txn) >= sizeof h.provider_txn ||
	    strlen(h.said) >= sizeof h.said)
		abort();
	free(body);
	return 0;
}
