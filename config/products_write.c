/* A product's JSON in the syntax of products.conf, in the order of the table. */
#include "config/products.h"

#include "config/products_table.h"

#include <string.h>

#define TABS "\t\t\t\t\t\t\t\t"

struct writer {
	FILE *to;
	char currency[4];
};

static void
put_text(struct writer *w, const char *text)
{
	putc('"', w->to);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', w->to);
		putc(*text, w->to);
	}
	putc('"', w->to);
}

static void
put_list(struct writer *w, const struct json *list)
{
	int64_t n;

	fputs("[", w->to);
	for (size_t i = 0; i < json_count(list); i++) {
		fputs(i == 0 ? " " : ", ", w->to);
		if (json_i64(json_at(list, i), &n) && json_text(json_at(list, i)) == NULL)
			fprintf(w->to, "%lld", (long long)n);
		else
			put_text(w, json_text(json_at(list, i)));
	}
	fputs(json_count(list) == 0 ? "]" : " ]", w->to);
}

static void put_fields(struct writer *w, const struct json *in, const char *path,
                       unsigned depth);

static void
put_groups(struct writer *w, const struct json *list, const char *path, unsigned depth)
{
	char inner[PRODUCT_PATH_SIZE];

	snprintf(inner, sizeof inner, "%.80s[]", path);
	fputs("(", w->to);
	for (size_t i = 0; i < json_count(list); i++) {
		fputs(i == 0 ? " {\n" : ", {\n", w->to);
		put_fields(w, json_at(list, i), inner, depth + 1);
		fprintf(w->to, "%.*s}", (int)depth, TABS);
	}
	fputs(" )", w->to);
}

static void
put_value(struct writer *w, const struct json *v, const struct product_field *f,
          unsigned depth)
{
	char money[PRODUCT_MONEY_SIZE];
	bool on = false;
	int64_t n = 0;

	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_PERCENT:
		put_text(w, json_text(v) == NULL ? "" : json_text(v));
		return;
	case FIELD_NUMBER:
		fprintf(w->to, "%lld", json_i64(v, &n) ? (long long)n : 0);
		return;
	case FIELD_MONEY:
		put_text(w,
		         product_money_text(json_i64(v, &n) ? n : 0, w->currency, money));
		return;
	case FIELD_FLAG:
		fputs(json_bool(v, &on) && on ? "true" : "false", w->to);
		return;
	case FIELD_NUMBERS:
	case FIELD_TEXTS:
		put_list(w, v);
		return;
	case FIELD_GROUP:
		fputs("{\n", w->to);
		put_fields(w, v, f->path, depth + 1);
		fprintf(w->to, "%.*s}", (int)depth, TABS);
		return;
	case FIELD_GROUPS:
		put_groups(w, v, f->path, depth);
		return;
	}
}

/* The rows of the table that stand right inside path. */
static void
put_fields(struct writer *w, const struct json *in, const char *path, unsigned depth)
{
	size_t n = strlen(path);

	for (const struct product_field *f = product_fields; f->path != NULL; f++) {
		const char *key = f->path + n + (n > 0);
		const struct json *v;

		if (strncmp(f->path, path, n) != 0 || (n > 0 && f->path[n] != '.') ||
		    strpbrk(key, ".[") != NULL)
			continue;
		v = json_get(in, key);
		if (json_absent(v))
			continue;
		fprintf(w->to, "%.*s%s = ", (int)depth, TABS, key);
		put_value(w, v, f, depth);
		fputs(";\n", w->to);
	}
}

void
products_file_write(FILE *to, const struct json *product)
{
	const char *currency = json_get_text(product, "currency");
	struct writer w = { .to = to };

	snprintf(w.currency, sizeof w.currency, "%s", currency == NULL ? "" : currency);
	fputs("{\n", to);
	put_fields(&w, product, "", 1);
	fputs("}", to);
}
