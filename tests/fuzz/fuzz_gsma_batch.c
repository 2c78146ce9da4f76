/* Any answer to any question about a batch: no crash, names that fit their places, and
 * nothing paid but in a list of completions. */
#include "payments/provider/gsma_batch.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
row(void *arg, const struct uuid *reference, const struct verdict *v)
{
	bool paid = *(const enum gsma_batch_list *)arg == BATCH_COMPLETIONS;

	if (reference == NULL || (v->kind == VERDICT_PAID) != paid ||
	    strlen(v->code) >= sizeof v->code)
		abort();
}

/* The first byte chooses the status, the rest is the body. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 201, 202, 204, 400, 401, 404, 503 };
	struct provider_answer ans = { .content_type = "" };
	struct gsma_batch_told told;
	char *body = size == 0 ? NULL : malloc(size);

	if (body == NULL)
		return 0;
	memcpy(body, data + 1, size - 1);
	body[size - 1] = '\0';
	ans.status = statuses[data[0] % 8];
	ans.body = body;
	ans.len = size - 1;
	gsma_batch_answer(&ans, &told);
	if (strlen(told.their_id) >= sizeof told.their_id || told.completed < -1 ||
	    told.their_id[strcspn(told.their_id, "/?#")] != '\0')
		abort();
	for (int list = BATCH_COMPLETIONS; list <= BATCH_REJECTIONS; list++) {
		enum gsma_batch_list l = (enum gsma_batch_list)list;

		(void)gsma_batch_read(&ans, l, row, &l);
	}
	free(body);
	return 0;
}
