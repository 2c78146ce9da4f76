/* CSV as portals write it and as it breaks: tables, in one piece and byte by byte. */
#include "lib/csv.h"

#include "lib/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rows as "line:field|field;", bad ones as "line!what;". */
static const struct {
	const char *text, *rows;
	char delimiter;
} tables[] = {
	{ "a,b\nc,d\n", "1:a|b;2:c|d;", ',' },
	{ "a,b\r\nc,d", "1:a|b;2:c|d;", ',' },
	{ "\xef\xbb\xbf"
	  "a,b\n",
	  "1:a|b;", ',' },
	{ "\xef\xbb\n", "1:\xef\xbb;", ',' },
	{ "", "", ',' },
	{ "\n\n\r\na\n\n", "4:a;", ',' },
	{ ",\n", "1:|;", ',' },
	{ "\"\"\n", "1:;", ',' },
	{ "a;b,c\n", "1:a|b,c;", ';' },
	{ "\"a,b\",\"c\"\"d\"\n", "1:a,b|c\"d;", ',' },
	{ "\"two\nlines\",x\ny\n", "1:two\nlines|x;3:y;", ',' },
	{ "\"cr\r\nlf\"\n", "1:cr\r\nlf;", ',' },
	{ " a , b \n", "1: a | b ;", ',' },
	{ "a\"b,c\nd\n", "1!has a quote inside a field that is not quoted;2:d;", ',' },
	{ "\"a\"b,c\nd\n", "1!has something behind a closing quote;2:d;", ',' },
	{ "\"a\" ,c\n", "1!has something behind a closing quote;", ',' },
	{ "a\rb\nc\n", "1!has a carriage return in the middle;2:c;", ',' },
	{ "a\r\rb\n", "1!has a carriage return in the middle;", ',' },
	{ "x\n\"open,y\nz\n", "1:x;2!the file ends inside a quoted field;", ',' },
};

static void
write_row(struct buf *b, enum csv_result got, const struct csv_row *row)
{
	if (got == CSV_BAD) {
		buf_printf(b, "%llu!%s;", (unsigned long long)row->line, row->wrong);
		return;
	}
	buf_printf(b, "%llu:", (unsigned long long)row->line);
	for (unsigned i = 0; i < row->count; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : "|", row->at[i]);
	buf_puts(b, ";");
}

/* Fed in pieces of so many bytes. */
static void
read_in(const char *text, size_t n, size_t piece, char delimiter, struct buf *out)
{
	struct csv *c = malloc(sizeof *c);
	struct csv_row row;
	enum csv_result got;

	csv_init(c, delimiter);
	for (size_t at = 0; at < n; at += piece) {
		csv_feed(c, text + at, n - at < piece ? n - at : piece);
		while ((got = csv_next(c, &row)) != CSV_MORE)
			write_row(out, got, &row);
	}
	csv_finish(c);
	while ((got = csv_next(c, &row)) != CSV_END)
		write_row(out, got, &row);
	assert_int_equal(csv_next(c, &row), CSV_END);
	free(c);
}

static void
whole_and_in_pieces(void **state)
{
	char storage[400];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		for (size_t piece = 1; piece < 20; piece++) {
			buf_init(&b, storage, sizeof storage);
			read_in(tables[i].text, strlen(tables[i].text), piece,
			        tables[i].delimiter, &b);
			assert_string_equal(b.at, tables[i].rows);
		}
	}
}

static void
limits_are_told_and_the_next_line_comes(void **state)
{
	static const struct {
		char fill;
		size_t times;
		const char *row;
	} cases[] = {
		{ 'x', CSV_FIELD_MAX, "" },
		{ 'x', CSV_FIELD_MAX + 1, "1!a field is too long;" },
		{ ',', CSV_FIELDS_MAX - 1, "" },
		{ ',', CSV_FIELDS_MAX, "1!has too many fields;" },
		{ '\0', 1, "1!holds a NUL byte;" },
	};

	char storage[6000];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = malloc(cases[i].times + 4), *end;

		memset(text, cases[i].fill, cases[i].times);
		memcpy(text + cases[i].times, "\nk\n", 3);
		buf_init(&b, storage, sizeof storage);
		read_in(text, cases[i].times + 3, 1000, ',', &b);
		free(text);
		assert_true(buf_ok(&b));
		end = strrchr(b.at, '2');
		assert_string_equal(end, "2:k;");
		*end = '\0';
		if (cases[i].row[0] != '\0')
			assert_string_equal(b.at, cases[i].row);
		else
			assert_null(strchr(b.at, '!'));
	}
}

static void
a_quote_that_is_never_closed_is_found(void **state)
{
	size_t n = CSV_RECORD_MAX * 2;
	char storage[200], *text = malloc(n);
	struct buf b;

	(void)state;
	memset(text, 'y', n);
	text[0] = '"';
	memcpy(text + n - 3, "\nz\n", 3);
	buf_init(&b, storage, sizeof storage);
	read_in(text, n, 700, ',', &b);
	assert_string_equal(
	    b.at, "1!a quoted field is too long; is its closing quote missing?;2:z;");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_in_pieces),
		cmocka_unit_test(limits_are_told_and_the_next_line_comes),
		cmocka_unit_test(a_quote_that_is_never_closed_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
