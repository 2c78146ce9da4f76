/*
 * csv - records of a CSV text that comes in pieces, in constant memory (RFC 4180).
 *
 * Quoted fields may hold delimiters, line ends and doubled quotes; lines end in LF or
 * CRLF; a byte order mark at the start is skipped, and so are empty lines.  A record that
 * breaks a rule or a limit is told with its line and dropped up to the next line end;
 * those behind it come as ever.
 *
 * Units: line numbers count from 1, a record's is that of its first byte.  What a row
 * points to is owned by the reader and dies with the next csv_next.
 */
#ifndef LIB_CSV_H
#define LIB_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_RECORD_MAX 16384 /* bytes of one record, without its quotes */
#define CSV_FIELD_MAX  4096  /* bytes of one field                      */
#define CSV_FIELDS_MAX 64    /* fields of one record                    */

enum csv_result {
	CSV_MORE, /* all bytes are used up: feed or finish */
	CSV_ROW,  /* *row is a record                      */
	CSV_BAD,  /* row->line and row->wrong say what     */
	CSV_END,  /* after csv_finish: nothing is left     */
};

struct csv_row {
	uint64_t line;
	unsigned count;
	const char *at[CSV_FIELDS_MAX]; /* NUL-terminated, no NUL inside */
	const char *wrong;              /* CSV_BAD: static text          */
};

enum csv_state {
	CSV_AT_START, /* of a field                   */
	CSV_IN_PLAIN,
	CSV_IN_QUOTES,
	CSV_AFTER_QUOTE, /* it closes, or is doubled  */
	CSV_SKIPPING,    /* to the line end           */
};

struct csv {
	char delimiter;
	enum csv_state state;
	const char *from, *to; /* what was fed and not yet read; borrowed */
	bool finished, told;
	unsigned marks; /* bytes of a byte order mark seen; 3: none, or past it */
	bool cr;        /* a CR came: only a line end may follow */
	uint64_t line, record_line;
	const char *wrong;
	unsigned count;
	size_t len, field_at;
	size_t starts[CSV_FIELDS_MAX];
	char text[CSV_RECORD_MAX];
};

void csv_init(struct csv *c, char delimiter);
/* bytes stay the caller's until csv_next answers CSV_MORE. */
void csv_feed(struct csv *c, const char *bytes, size_t n);
void csv_finish(struct csv *c);
enum csv_result csv_next(struct csv *c, struct csv_row *row);

#endif
