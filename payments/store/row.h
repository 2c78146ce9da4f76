/*
 * row - copying columns into fixed text fields: what does not fit is cut.
 */
#ifndef PAYMENTS_STORE_ROW_H
#define PAYMENTS_STORE_ROW_H

#include "lib/pg.h"

#include <stddef.h>

void row_text(const struct pg_reply *r, int row, int col, char *out, size_t cap);
/* The index of the column's text in names[0..n); 0 if it is none of them. */
unsigned row_word(const struct pg_reply *r, int row, int col, const char *const *names,
                  unsigned n);

#define ROW_TEXT(r, row, col, field) row_text((r), (row), (col), (field), sizeof(field))

#endif
