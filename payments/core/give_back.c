#include "payments/core/give_back.h"

enum give_back
give_back_judge(int64_t brought, int64_t amount, bool whole)
{
	if (amount > brought)
		return BACK_TOO_MUCH;
	return whole && amount < brought ? BACK_PART : BACK_FITS;
}

const char *
give_back_name(enum give_back word)
{
	static const char *const names[] = {
		[BACK_FITS] = "", [BACK_TOO_MUCH] = "too_much", [BACK_PART] = "part"
	};

	return names[word];
}
