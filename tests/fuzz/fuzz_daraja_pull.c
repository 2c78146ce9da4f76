/* Any answer to a pull or a registration: no crash, and rows that fit their places. */
#include "payments/provider/daraja_bill.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(void *arg, const struct daraja_bill *b)
{
	unsigned *rows = arg;

	if (strlen(b->receipt) >= sizeof b->receipt ||
	    strlen(b->account) >= sizeof b->account ||
	    strlen(b->amount) >= sizeof b->amount ||
	    strlen(b->number) >= sizeof b->number ||
	    b->number[strspn(b->number, "0123456789*")] != '\0')
		abort();
	++*rows;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct provider_answer ans = { .status = 200, .content_type = "", .len = size };
	char *body = malloc(size == 0 ? 1 : size); /* exact: no NUL behind */
	unsigned rows = 0;
	int said;

	if (body == NULL)
		return 0;
	if (size > 0)
		memcpy(body, data, size);
	ans.body = body;
	said = daraja_pull_answer(&ans, check, &rows, NULL);
	if (said >= 0 && (unsigned)said != rows)
		abort();
	(void)daraja_register_answer(&ans, NULL);
	(void)daraja_pull_register_answer(&ans, NULL);
	free(body);
	return 0;
}
