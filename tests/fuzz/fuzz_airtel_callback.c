/* Any callback body: no crash, identifiers that fit their places, no forged hash. */
#include "payments/provider/provider.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct provider_account a = { .callback_key = "a key nobody knows" };
	struct provider_hint h = { .said = "" };
	char *body = malloc(size == 0 ? 1 : size); /* exact: no NUL behind */
	struct provider_post post = { .body = body, .len = size };

	if (body == NULL)
		return 0;
	if (size > 0)
		memcpy(body, data, size);
	(void)provider_airtel.callback(body, size, &h, NULL);
	if (strlen(h.external_id) >= sizeof h.external_id ||
	    strlen(h.provider_txn) >= sizeof h.provider_txn ||
	    strlen(h.said) >= sizeof h.said)
		abort();
	if (provider_airtel.callback_signed(&a, &post))
		abort();
	free(body);
	return 0;
}
