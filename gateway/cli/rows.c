#include "gateway/cli/cli.h"
#include "lib/json.h"

#include <stdio.h>

#define ASK_MS 60000

static void
print_json(const struct cli_rows *rows, const struct pg_reply *r, int row)
{
	char text[2048];
	struct buf b;
	struct json_writer w;

	buf_init(&b, text, sizeof(text));
	jw_init(&w, &b);
	jw_object(&w, NULL);
	for (int i = 0; rows->columns[i].name != NULL; i++) {
		if (rows->columns[i].number)
			jw_i64(&w, rows->columns[i].name, reply_i64(r, row, i));
		else
			jw_text(&w, rows->columns[i].name, reply_text(r, row, i));
	}
	jw_end_object(&w);
	puts(text);
}

static void
print_line(const struct cli_rows *rows, const struct pg_reply *r, int row)
{
	for (int i = 0; rows->columns[i].name != NULL; i++) {
		const struct cli_column *c = &rows->columns[i];
		if (c->width > 0)
			printf(c->number ? "%*s  " : "%-*s  ", c->width,
			       reply_text(r, row, i));
	}
	putchar('\n');
}

static void
on_rows(void *arg, const struct pg_reply *r)
{
	struct cli_rows *rows = arg;

	rows->w->answered = true;
	rows->count = r->err.code == ERR_NONE ? r->rows : 0;
	if (r->err.code != ERR_NONE) {
		rows->failed = true;
		fprintf(stderr, "adit: the database says: %s\n",
		        r->message[0] != '\0' ? r->message : r->err.what);
	}
	for (int i = 0; i < rows->count; i++) {
		if (rows->json)
			print_json(rows, r, i);
		else
			print_line(rows, r, i);
	}
	if (rows->count > 0)
		snprintf(rows->last, sizeof(rows->last), "%s",
		         reply_text(r, rows->count - 1, 0));
}

void
cli_rows(struct cli_rows *rows, const struct pg_statement *st, struct pg_args *args)
{
	pg_call(rows->w->env.pg, st, args, ASK_MS, on_rows, rows);
	cli_await(rows->w);
}
