/* products.conf to JSON: a walk over libconfig's tree, field by field of one table. */
#include "config/products.h"

#include "config/products_table.h"
#include "lib/arena.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_MAX 160
#define JSON_MAX   16384
#define FILE_NAME  256

struct place {
	char path[PRODUCT_PATH_SIZE];
	unsigned line;
};

struct entry {
	struct json *doc;
	unsigned line, places;
	struct place place[PLACES_MAX];
};

struct products_file {
	char path[FILE_NAME];
	unsigned count;
	struct entry *at[PRODUCTS_MAX];
};

struct walk {
	const char *file;
	struct settings_faults *faults;
	struct entry *entry;
	struct json_writer json;
	char currency[4];
};

static void __attribute__((format(printf, 4, 5)))
add_fault(const char *file, unsigned line, struct settings_faults *faults,
          const char *fmt, ...)
{
	va_list args;

	if (faults->count++ >= SETTINGS_FAULTS_MAX)
		return;
	struct diag *d = &faults->at[faults->count - 1];
	*d = (struct diag){ .line = line };
	snprintf(d->file, sizeof d->file, "%s", file);
	va_start(args, fmt);
	vsnprintf(d->text, sizeof d->text, fmt, args);
	va_end(args);
}

static void
fault(struct walk *w, const config_setting_t *at, const char *path, const char *why)
{
	add_fault(w->file, (unsigned)config_setting_source_line(at), w->faults, "%s: %s",
	          path, why);
}

static void walk_group(struct walk *w, const config_setting_t *group, const char *path);

static bool
is_list(const config_setting_t *s)
{
	return config_setting_is_list(s) || config_setting_is_array(s);
}

static void
put_list(struct walk *w, const config_setting_t *s, const char *path,
         const struct product_field *f, const char *key)
{
	char one[PRODUCT_PATH_SIZE];

	if (!is_list(s)) {
		fault(w, s, path, f->expects);
		return;
	}
	jw_array(&w->json, key);
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		int type = config_setting_type(e);

		snprintf(one, sizeof one, "%.50s[%d]", path, i);
		if (f->kind == FIELD_NUMBERS && type == CONFIG_TYPE_INT)
			jw_i64(&w->json, NULL, config_setting_get_int(e));
		else if (f->kind == FIELD_TEXTS && type == CONFIG_TYPE_STRING)
			jw_text(&w->json, NULL, config_setting_get_string(e));
		else if (f->kind == FIELD_GROUPS && config_setting_is_group(e))
			walk_group(w, e, one);
		else
			fault(w, e, one, f->expects);
	}
	jw_end_array(&w->json);
}

/* False if the value is not of the field's type. */
static bool
put_value(struct walk *w, const config_setting_t *s, const struct product_field *f,
          const char *key)
{
	int type = config_setting_type(s);
	bool number = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	int64_t minor;

	switch (f->kind) {
	case FIELD_TEXT:
		if (type == CONFIG_TYPE_STRING)
			jw_text(&w->json, key, config_setting_get_string(s));
		return type == CONFIG_TYPE_STRING;
	case FIELD_PERCENT: /* 5 or "2.5": never a binary fraction */
		if (type == CONFIG_TYPE_STRING)
			jw_text(&w->json, key, config_setting_get_string(s));
		else if (number)
			jw_i64(&w->json, key, config_setting_get_int64(s));
		return number || type == CONFIG_TYPE_STRING;
	case FIELD_NUMBER:
		if (number)
			jw_i64(&w->json, key, config_setting_get_int64(s));
		return number;
	case FIELD_FLAG:
		if (type == CONFIG_TYPE_BOOL)
			jw_bool(&w->json, key, config_setting_get_bool(s) != 0);
		return type == CONFIG_TYPE_BOOL;
	case FIELD_MONEY:
		if (type != CONFIG_TYPE_STRING ||
		    !product_money_read(config_setting_get_string(s), w->currency,
		                        &minor))
			return false;
		jw_i64(&w->json, key, minor);
		return true;
	case FIELD_NUMBERS:
	case FIELD_TEXTS:
	case FIELD_GROUP:
	case FIELD_GROUPS:
		break;
	}
	return false;
}

static void
walk_field(struct walk *w, const config_setting_t *s, const char *path)
{
	const struct product_field *f = product_field(path);
	const char *key = config_setting_name(s);
	struct entry *e = w->entry;

	if (e->places < PLACES_MAX) {
		struct place *p = &e->place[e->places++];

		snprintf(p->path, sizeof p->path, "%s", path);
		p->line = (unsigned)config_setting_source_line(s);
	}
	if (f == NULL) {
		fault(w, s, path, "no such field; config/products.conf has them all");
	} else if (f->kind == FIELD_GROUP) {
		if (config_setting_is_group(s))
			walk_group(w, s, path);
		else
			fault(w, s, path, f->expects);
	} else if (f->kind == FIELD_NUMBERS || f->kind == FIELD_TEXTS ||
	           f->kind == FIELD_GROUPS) {
		put_list(w, s, path, f, key);
	} else if (!put_value(w, s, f, key)) {
		fault(w, s, path, f->expects);
	}
}

static void
walk_group(struct walk *w, const config_setting_t *group, const char *path)
{
	const char *dot = path[0] == '\0' ? "" : ".";
	char inner[PRODUCT_PATH_SIZE];
	size_t n = strlen(path);

	jw_object(&w->json,
	          n == 0 || path[n - 1] == ']' ? NULL : config_setting_name(group));
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);

		snprintf(inner, sizeof inner, "%.40s%s%.40s", path, dot,
		         config_setting_name(s));
		walk_field(w, s, inner);
	}
	jw_end_object(&w->json);
}

static struct entry *
read_entry(const char *file, const config_setting_t *s, struct settings_faults *faults)
{
	struct entry *e = xzalloc(sizeof *e);
	struct walk w = { .file = file, .faults = faults, .entry = e };
	char *text = xzalloc(JSON_MAX);
	const char *currency = NULL;
	struct buf out;

	e->line = (unsigned)config_setting_source_line(s);
	if (config_setting_lookup_string(s, "currency", &currency) == CONFIG_TRUE)
		snprintf(w.currency, sizeof w.currency, "%s", currency);
	buf_init(&out, text, JSON_MAX);
	jw_init(&w.json, &out);
	walk_group(&w, s, "");
	if (buf_ok(&out))
		e->doc = json_parse(text, out.len, NULL);
	if (e->doc == NULL && faults->count == 0)
		add_fault(file, e->line, faults, "product: is too long");
	free(text);
	return e;
}

static void
read_products(struct products_file *f, const config_t *conf,
              struct settings_faults *faults)
{
	const config_setting_t *root = config_root_setting(conf);
	const config_setting_t *list = config_setting_get_member(root, "products");

	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);

		if (s != list)
			add_fault(f->path, (unsigned)config_setting_source_line(s),
			          faults, "%s: only products stand here",
			          config_setting_name(s));
	}
	if (list == NULL || !config_setting_is_list(list)) {
		add_fault(f->path, 0, faults,
		          "products: expects a list of groups: ( { ... }, ... )");
		return;
	}
	for (int i = 0; i < config_setting_length(list); i++) {
		const config_setting_t *s = config_setting_get_elem(list, (unsigned)i);

		if (!config_setting_is_group(s) || f->count == PRODUCTS_MAX)
			add_fault(f->path, (unsigned)config_setting_source_line(s),
			          faults, "products: at most %d groups", PRODUCTS_MAX);
		else
			f->at[f->count++] = read_entry(f->path, s, faults);
	}
}

struct products_file *
products_file_read(const char *path, struct settings_faults *faults)
{
	struct products_file *f = xzalloc(sizeof *f);
	config_t conf;

	memset(faults, 0, sizeof *faults);
	snprintf(f->path, sizeof f->path, "%s", path);
	config_init(&conf);
	if (config_read_file(&conf, path) == CONFIG_TRUE)
		read_products(f, &conf, faults);
	else if (config_error_type(&conf) == CONFIG_ERR_PARSE)
		add_fault(path, (unsigned)config_error_line(&conf), faults, "%s",
		          config_error_text(&conf));
	else
		add_fault(path, 0, faults, "cannot be read");
	config_destroy(&conf);
	if (faults->count == 0)
		return f;
	products_file_free(f);
	return NULL;
}

void
products_file_free(struct products_file *f)
{
	for (unsigned i = 0; f != NULL && i < f->count; i++) {
		json_free(f->at[i]->doc);
		free(f->at[i]);
	}
	free(f);
}

unsigned
products_file_count(const struct products_file *f)
{
	return f->count;
}

const struct json *
products_file_at(const struct products_file *f, unsigned i)
{
	return f->at[i]->doc;
}

/* The line of the field, or of the nearest group around it; "contract: rate_pct" is
 * "contract.rate_pct". */
static unsigned
line_of(const struct entry *e, const char *text)
{
	char path[PRODUCT_PATH_SIZE] = "";
	size_t n = 0;

	for (; *text != '\0' && n + 1 < sizeof path; text++) {
		if (*text == ':' && text[1] == ' ')
			path[n++] = '.', text++;
		else if (*text == ' ')
			break;
		else
			path[n++] = *text;
	}
	while (n > 0) {
		path[n] = '\0';
		for (unsigned i = 0; i < e->places; i++)
			if (strcmp(e->place[i].path, path) == 0)
				return e->place[i].line;
		while (n > 0 && path[n - 1] != '.' && path[n - 1] != '[')
			n--;
		n -= n > 0;
	}
	return e->line;
}

void
products_file_fault(const struct products_file *f, unsigned i, const char *text,
                    struct settings_faults *faults)
{
	add_fault(f->path, line_of(f->at[i], text), faults, "%s", text);
}
