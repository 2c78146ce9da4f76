#include "gateway/cli/calc.h"

#include "gateway/cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX  (64u * 1024 * 1024)
#define OUTPUT_MAX (256u * 1024)

static const char help[] =
    "usage: adit calc loan|replay|apr|price [FILE]\n\n"
    "Computes what one JSON object describes, or each of an array of them, and prints "
    "the\n"
    "answer as JSON.  Without FILE it reads standard input.  Money is in minor units.\n\n"
    "  loan    terms of a loan -> rows, totals and the yearly cost\n"
    "  replay  a loan and what happened to it -> statement, schedule, status\n"
    "  price   a lot of gold or ore, by kind -> its value, exactly and rounded\n"
    "  apr     payments and their times -> the yearly cost, by the actuarial method\n\n"
    "  echo '{\"principal\":500000,\"rate_pct\":\"12\",\"instalments\":3,\n"
    "         \"start\":\"2026-01-31\"}' | adit calc loan\n";

static const struct {
	const char *name;
	calc_fn *run;
} verbs[] = { { "loan", calc_loan },
	      { "replay", calc_replay },
	      { "apr", calc_apr },
	      { "price", calc_price } };

int
calc_fault(struct diag *fault, const char *fmt, ...)
{
	va_list args;

	*fault = (struct diag){ 0 };
	va_start(args, fmt);
	vsnprintf(fault->text, sizeof fault->text, fmt, args);
	va_end(args);
	return -1;
}

/* The whole input; NULL after saying why not. */
static char *
read_all(const char *path, size_t *n)
{
	FILE *f = path == NULL ? stdin : fopen(path, "rb");
	size_t room = 1u << 16;
	char *text = malloc(room);

	*n = 0;
	while (f != NULL && text != NULL && !feof(f) && !ferror(f) && *n < INPUT_MAX) {
		if (*n == room)
			text = realloc(text, room *= 2);
		if (text != NULL)
			*n += fread(text + *n, 1, room - *n, f);
	}
	if (f == NULL || text == NULL || ferror(f) || *n >= INPUT_MAX) {
		fprintf(stderr, "adit calc: %s cannot be read\n",
		        path == NULL ? "standard input" : path);
		free(text);
		text = NULL;
	}
	if (f != NULL && f != stdin)
		fclose(f);
	return text;
}

static int
one(calc_fn *run, const struct json *in, const char *where)
{
	static char room[OUTPUT_MAX];
	struct diag fault = { 0 };
	struct json_writer w;
	struct buf out;

	buf_init(&out, room, sizeof room);
	jw_init(&w, &out);
	jw_object(&w, NULL);
	if (!json_is_object(in))
		calc_fault(&fault, "give an object");
	if (!json_is_object(in) || run(in, &w, &fault) < 0) {
		fprintf(stderr, "adit calc: %s%s\n", where, fault.text);
		return CLI_USAGE;
	}
	jw_end_object(&w);
	fwrite(room, 1, out.len, stdout);
	return CLI_OK;
}

static int
all(calc_fn *run, const struct json *in)
{
	char where[40];
	int rc = CLI_OK;

	if (!json_is_array(in)) {
		rc = one(run, in, "");
	} else {
		putchar('[');
		for (size_t i = 0; i < json_count(in) && rc == CLI_OK; i++) {
			fputs(i == 0 ? "" : ",\n", stdout);
			snprintf(where, sizeof where, "case %zu: ", i + 1);
			rc = one(run, json_at(in, i), where);
		}
		putchar(']');
	}
	putchar('\n');
	return rc;
}

int
cli_calc(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	cli_flag(&argc, argv, "--json"); /* the only form there is */
	const char *name = cli_word(&argc, argv);
	const char *path = cli_word(&argc, argv);
	calc_fn *run = NULL;
	for (size_t i = 0; name != NULL && i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(name, verbs[i].name) == 0)
			run = verbs[i].run;
	if (run == NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	if (!cli_done(argc, argv))
		return CLI_USAGE;
	size_t n;
	char *text = read_all(path, &n);
	if (text == NULL)
		return CLI_USAGE;
	struct err err = err_none();
	char *quoted = json_quote_fractions(text, &n);
	struct json *in = quoted == NULL ? NULL : json_parse(quoted, n, &err);
	int rc = CLI_USAGE;
	if (in == NULL)
		fprintf(stderr, "adit calc: the input is not JSON: %s\n", err.what);
	else
		rc = all(run, in);
	json_free(in);
	free(quoted);
	free(text);
	return rc;
}
