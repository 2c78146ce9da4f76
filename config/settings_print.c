/* Settings back to text: the effective ones, and the manual that is config/adit.conf. */
#include "config/settings_table.h"

#include <string.h>

/* Opens and closes groups as the keys' first parts change. */
static const char *
enter_group(FILE *to, const char *key, char group[32])
{
	const char *dot = strchr(key, '.');
	size_t n = dot == NULL ? 0 : (size_t)(dot - key);

	if (strlen(group) != n || strncmp(group, key, n) != 0) {
		if (*group != '\0')
			fputs("};\n\n", to);
		snprintf(group, 32, "%.*s", (int)n, key);
		if (n > 0)
			fprintf(to, "%s: {\n", group);
	}
	return dot == NULL ? key : dot + 1;
}

static void
print_rows(FILE *to, const struct setting *rows, const void *base, const char *indent)
{
	char group[32] = "";

	for (const struct setting *row = rows; row->key != NULL; row++) {
		char text[2048];
		struct buf value;
		const char *name = enter_group(to, row->key, group);
		buf_init(&value, text, sizeof(text));
		setting_show(row, base, &value);
		fprintf(to, "%s%s = %s;\n", indent, name, text);
	}
	if (*group != '\0')
		fputs("};\n\n", to);
}

void
settings_print(FILE *to, const struct settings *s)
{
	print_rows(to, settings_table, s, "\t");
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++) {
		unsigned n = setting_count(l, s);

		fprintf(to, "%s = (", l->name);
		for (unsigned i = 0; i < n; i++) {
			fputs(i == 0 ? "\n\t{\n" : ",\n\t{\n", to);
			print_rows(to, l->rows, setting_entry_of(l, s, i), "\t\t");
			fputs("\t}", to);
		}
		fputs(n == 0 ? " );\n" : "\n);\n", to);
	}
}

static void
print_help(FILE *to, const struct setting *row, const char *indent)
{
	fprintf(to, "%s# %s.\n", indent, row->help);
	if (row->min != row->max) {
		char low[64], high[64];
		struct buf b;
		struct setting bound = *row;
		bound.offset = 0;
		buf_init(&b, low, sizeof(low));
		setting_show(&bound, &row->min, &b);
		buf_init(&b, high, sizeof(high));
		setting_show(&bound, &row->max, &b);
		fprintf(to, "%s# From %s to %s.%s\n", indent, low, high,
		        row->reloadable ? "" : " Needs a restart.");
	} else {
		if (row->kind == SET_WORD)
			fprintf(to, "%s# One of %s.\n", indent, row->initial);
		if (!row->reloadable)
			fprintf(to, "%s# Needs a restart.\n", indent);
	}
}

static void
print_list(FILE *to, const struct setting_list *l)
{
	fprintf(to, "\n# %s.  Each entry looks like this:\n#\n#\t{\n", l->title);
	for (const struct setting *row = l->rows; row->key; row++) {
		char text[512];
		struct buf value;

		buf_init(&value, text, sizeof(text));
		setting_show_initial(row, &value);
		print_help(to, row, "#\t\t");
		fprintf(to, "#\t\t%s = %s;\n", row->key, text);
	}
	fprintf(to, "#\t}\n%s = ( );\n", l->name);
}

void
settings_print_manual(FILE *to)
{
	char group[32] = "";

	fputs("# Every setting with its default.  A file needs only what differs.\n"
	      "# `adit check` reads it, SIGHUP applies changes that need no restart.\n"
	      "# A key that ends in _file names a file of one line that only its owner "
	      "can\n"
	      "# read, or what systemd hands to the service: \"credential:NAME\".\n"
	      "# Made from the table in config/settings_table.c by `adit check "
	      "--manual`.\n\n",
	      to);
	for (const struct setting *row = settings_table; row->key != NULL; row++) {
		char text[512];
		struct buf value;
		const char *name = enter_group(to, row->key, group);
		buf_init(&value, text, sizeof(text));
		setting_show_initial(row, &value);
		print_help(to, row, "\t");
		fprintf(to, "\t%s = %s;\n", name, text);
	}
	fputs("};\n", to);
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++)
		print_list(to, l);
}
