#include "lib/csv.h"

#include <string.h>

static const char mark[] = "\xef\xbb\xbf";

void
csv_init(struct csv *c, char delimiter)
{
	*c = (struct csv){ .delimiter = delimiter, .line = 1, .record_line = 1 };
}

void
csv_feed(struct csv *c, const char *bytes, size_t n)
{
	c->from = bytes;
	c->to = bytes + n;
}

void
csv_finish(struct csv *c)
{
	c->finished = true;
}

/* From here to the line end nothing is kept. */
static void
spoil(struct csv *c, const char *wrong)
{
	c->wrong = wrong;
	c->state = CSV_SKIPPING;
}

static void
put(struct csv *c, char byte)
{
	if (byte == '\0') {
		spoil(c, "holds a NUL byte");
	} else if (c->len - c->field_at >= CSV_FIELD_MAX) {
		spoil(c, c->state == CSV_IN_QUOTES
		             ? "a quoted field is too long; is its closing quote missing?"
		             : "a field is too long");
	} else if (c->len >= CSV_RECORD_MAX - 1) {
		spoil(c, "is too long for a record");
	} else {
		c->text[c->len++] = byte;
	}
}

static void
end_field(struct csv *c)
{
	if (c->count == CSV_FIELDS_MAX) {
		spoil(c, "has too many fields");
		return;
	}
	if (c->len >= CSV_RECORD_MAX) {
		spoil(c, "is too long for a record");
		return;
	}
	c->starts[c->count++] = c->field_at;
	c->text[c->len++] = '\0';
	c->field_at = c->len;
	c->state = CSV_AT_START;
}

/* The record is over: false if it was an empty line. */
static bool
end_record(struct csv *c, struct csv_row *row)
{
	bool empty = c->count == 0 && c->len == 0 && c->state == CSV_AT_START;

	if (c->state != CSV_SKIPPING && !empty)
		end_field(c);
	*row = (struct csv_row){ .line = c->record_line, .wrong = c->wrong };
	if (c->wrong == NULL) {
		row->count = c->count;
		for (unsigned i = 0; i < c->count; i++)
			row->at[i] = c->text + c->starts[i];
	}
	c->state = CSV_AT_START;
	c->wrong = NULL;
	c->count = 0;
	c->len = c->field_at = 0;
	c->cr = false;
	c->record_line = c->line;
	return !empty;
}

/* A byte that ends no record. */
static void
take(struct csv *c, char byte)
{
	switch (c->state) {
	case CSV_AT_START:
	case CSV_IN_PLAIN:
		if (byte == c->delimiter) {
			end_field(c);
		} else if (byte == '"' && c->state == CSV_AT_START) {
			c->state = CSV_IN_QUOTES;
		} else if (byte == '"') {
			spoil(c, "has a quote inside a field that is not quoted");
		} else {
			c->state = CSV_IN_PLAIN;
			put(c, byte);
		}
		break;
	case CSV_IN_QUOTES:
		if (byte == '"')
			c->state = CSV_AFTER_QUOTE;
		else
			put(c, byte);
		break;
	case CSV_AFTER_QUOTE:
		if (byte == '"') {
			c->state = CSV_IN_QUOTES;
			put(c, byte);
		} else if (byte == c->delimiter) {
			end_field(c);
		} else {
			spoil(c, "has something behind a closing quote");
		}
		break;
	case CSV_SKIPPING:
		break;
	}
}

/* True if the byte ended a record (or an empty line, which *row then does not tell). */
static bool
step(struct csv *c, char byte)
{
	bool quoted = c->state == CSV_IN_QUOTES;

	if (byte == '\n')
		c->line++;
	if (byte == '\n' && !quoted)
		return true;
	if (c->cr && c->state != CSV_SKIPPING)
		spoil(c, "has a carriage return in the middle");
	c->cr = byte == '\r' && !quoted;
	if (!c->cr)
		take(c, byte);
	return false;
}

/* The mark's bytes, if these are they; what turns out not to be one is read as text. */
static bool
is_mark(struct csv *c, char byte)
{
	unsigned seen = c->marks;

	if (seen >= 3)
		return false;
	if (byte == mark[seen]) {
		c->marks++;
		return true;
	}
	c->marks = 3;
	for (unsigned i = 0; i < seen; i++)
		take(c, mark[i]);
	return false;
}

enum csv_result
csv_next(struct csv *c, struct csv_row *row)
{
	*row = (struct csv_row){ 0 };
	while (c->from < c->to) {
		char byte = *c->from++;

		if (!is_mark(c, byte) && step(c, byte) && end_record(c, row))
			return row->wrong == NULL ? CSV_ROW : CSV_BAD;
	}
	if (!c->finished)
		return CSV_MORE;
	if (!c->told) {
		c->told = true;
		if (c->state == CSV_IN_QUOTES)
			spoil(c, "the file ends inside a quoted field");
		if (end_record(c, row))
			return row->wrong == NULL ? CSV_ROW : CSV_BAD;
	}
	return CSV_END;
}
