/* Any body that comes to a pay bill: no crash, and what is taken is money with a number.
 */
#include "gateway/webhook/paybill.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings_provider entry = { .name = "saf",
		                                  .currency = "KES",
		                                  .party = "600999" };
	struct received_money m;
	char *body = malloc(size == 0 ? 1 : size); /* exact: no NUL behind */

	if (body == NULL)
		return 0;
	if (size > 0)
		memcpy(body, data, size);
	if (paybill_read(body, size, &entry, 2, &m) == NULL &&
	    (m.amount <= 0 || m.id[0] == '\0' || strlen(m.number) >= sizeof m.number ||
	     strlen(m.reference) >= sizeof m.reference))
		abort();
	free(body);
	return 0;
}
