/* Any bytes as a statement of each provider: a row is read within its bounds, or its
 * fault is told.  The first byte chooses the form; the heading is always found first. */
#include "lib/csv.h"
#include "payments/provider/statement.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct statement_line *l)
{
	if (l->kind == LINE_NONE || l->fee < 0 || strlen(l->txn) >= sizeof l->txn ||
	    strlen(l->details) >= sizeof l->details || strlen(l->number) > 15)
		abort();
	if ((l->kind == LINE_IN && l->amount < 0) ||
	    (l->kind == LINE_OUT && l->amount > 0))
		abort();
}

/* Every heading of the form, in the order of the columns. */
static unsigned
heading(const struct statement_form *form, char text[][64], const char *fields[])
{
	unsigned n = 0;

	for (unsigned c = 0; c < STATEMENT_COLUMNS; c++) {
		if (form->heading[c] == NULL)
			continue;
		memset(text[n], 0, 64);
		memcpy(text[n], form->heading[c], strcspn(form->heading[c], "|"));
		fields[n] = text[n];
		n++;
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct csv c;
	struct statement_account account = { .currency = "TZS", .exponent = 2 };
	const struct statement_form *form;
	const char *fields[STATEMENT_COLUMNS];
	char text[STATEMENT_COLUMNS][64];
	struct statement_map map;
	struct statement_reader by;
	struct csv_row row;
	enum csv_result got;

	if (size == 0)
		return 0;
	form = statement_form_at(data[0] % 8);
	if (form == NULL ||
	    !statement_heading(form, fields, heading(form, text, fields), &map))
		abort();
	by = (struct statement_reader){ form, &map, &account };
	csv_init(&c, form->delimiter);
	csv_feed(&c, (const char *)data + 1, size - 1);
	csv_finish(&c);
	while ((got = csv_next(&c, &row)) != CSV_END) {
		struct statement_fault fault = { 0 };
		struct statement_line line;
		int read;

		if (got == CSV_BAD)
			continue;
		read = statement_read(&by, row.at, row.count, &line, &fault);
		if (read == 0)
			check(&line);
		else if (read < 0 && (fault.what == NULL || fault.todo == NULL))
			abort();
	}
	return 0;
}
