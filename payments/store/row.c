#include "payments/store/row.h"

#include <string.h>

void
row_text(const struct pg_reply *r, int row, int col, char *out, size_t cap)
{
	const char *text = reply_text(r, row, col);
	size_t n = strnlen(text, cap - 1);

	memcpy(out, text, n);
	out[n] = '\0';
}

unsigned
row_word(const struct pg_reply *r, int row, int col, const char *const *names, unsigned n)
{
	const char *text = reply_text(r, row, col);

	for (unsigned i = 0; i < n; i++)
		if (strcmp(text, names[i]) == 0)
			return i;
	return 0;
}
