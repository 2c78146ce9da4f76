/* Any answer to any question: no crash, no verdict on money without a status word. */
#include "tests/fuzz/answer_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[ANSWER_STATUSES] = { 200, 201, 400, 401, 403,
		                                       404, 408, 429, 500, 503 };

	return answer_target(&provider_orange, statuses, data, size);
}
