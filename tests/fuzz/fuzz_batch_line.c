/* Any line of a file of payouts: no crash, and what is taken is money with a number. */
#include "payments/core/batch_line.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size == 0 ? 1 : size); /* exact: no NUL behind */
	struct batch_line line;

	if (text == NULL)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	for (int form = BATCH_MEMBERS; form <= BATCH_WAGES; form++)
		if (batch_line_read(text, size, (enum batch_form)form, 2, &line) ==
		        BATCH_ROW &&
		    (line.amount <= 0 || strlen(line.msisdn) < 8 ||
		     line.note[0] == '\0' ||
		     (form == BATCH_WAGES) != (line.payee[0] != '\0')))
			abort();
	free(text);
	return 0;
}
