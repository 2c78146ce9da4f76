#include "payments/store/row.h"

#include "lib/buf.h"

#include <string.h>

void
row_text(const struct pg_reply *r, int row, int col, char *out, size_t cap)
{
	text_copy(out, cap, reply_text(r, row, col));
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
