/* Any bytes as CSV: in one piece and in pieces it is the same rows, within the limits. */
#include "lib/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A number that hangs on all that came. */
static uint64_t
digest(const char *text, size_t n, size_t piece)
{
	static struct csv c;
	struct csv_row row;
	enum csv_result got;
	uint64_t sum = 14695981039346656037u;
	uint64_t last = 0;

	csv_init(&c, ',');
	for (size_t at = 0; at <= n; at += piece) {
		if (at < n)
			csv_feed(&c, text + at, n - at < piece ? n - at : piece);
		if (at + piece > n)
			csv_finish(&c);
		while ((got = csv_next(&c, &row)) == CSV_ROW || got == CSV_BAD) {
			if (row.line <= last || row.count > CSV_FIELDS_MAX ||
			    (got == CSV_BAD) != (row.wrong != NULL))
				abort();
			last = row.line;
			sum = (sum ^ row.line ^ (uint64_t)got << 32) * 1099511628211u;
			for (unsigned i = 0; i < row.count; i++) {
				if (strlen(row.at[i]) > CSV_FIELD_MAX)
					abort();
				for (const char *p = row.at[i]; *p != '\0'; p++)
					sum = (sum ^ (uint8_t)*p) * 1099511628211u;
				sum = (sum ^ 256) * 1099511628211u;
			}
		}
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	uint64_t whole = digest(text, size, size + 1);

	if (digest(text, size, 1) != whole || digest(text, size, 7) != whole)
		abort();
	return 0;
}
