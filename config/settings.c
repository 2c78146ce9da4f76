/* Reading the file: every key of it must be in the table. */
#include "config/settings.h"

#include "config/settings_table.h"

#include <libconfig.h>
#include <string.h>

struct reading {
	struct settings *out;
	struct settings_faults *faults;
	const char *path;
	char folder[256]; /* of the file; secret files are relative to it */
};

static void
fault(struct reading *r, const config_setting_t *at, const char *text)
{
	struct settings_faults *f = r->faults;

	if (f->count++ >= SETTINGS_FAULTS_MAX)
		return;
	struct diag *d = &f->at[f->count - 1];
	memset(d, 0, sizeof(*d));
	const char *file = at == NULL ? NULL : config_setting_source_file(at);
	snprintf(d->file, sizeof(d->file), "%s", file == NULL ? r->path : file);
	d->line = at == NULL ? 0 : (unsigned)config_setting_source_line(at);
	snprintf(d->text, sizeof(d->text), "%s", text);
}

static void
fault_at(struct reading *r, const config_setting_t *at, const char *key, const char *text)
{
	char words[320];

	snprintf(words, sizeof(words), "%.40s: %.270s", key, text);
	fault(r, at, words);
}

static const char *
expected(enum setting_kind kind)
{
	switch (kind) {
	case SET_INT:
		return "expects a number without quotes";
	case SET_BOOL:
		return "expects true or false";
	case SET_NETWORKS:
		return "expects a list: [ \"10.0.0.0/8\", \"::1/128\" ]";
	case SET_TEXT:
	case SET_URL:
	case SET_MS:
	case SET_BYTES:
	case SET_LEVEL:
	case SET_SECRET:
	case SET_PEPPER:
	case SET_FILE:
	case SET_KEY_FILE:
	case SET_PEER:
	case SET_WORD:
		break;
	}
	return "expects text in quotes";
}

/* The value as plain text, if its type is the one the row wants. */
static bool
as_text(const struct setting *row, const config_setting_t *at, struct buf *out)
{
	int type = config_setting_type(at);

	if (row->kind == SET_INT) {
		if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
			return false;
		buf_put_i64(out, config_setting_get_int64(at));
		return true;
	}
	if (row->kind == SET_BOOL) {
		buf_puts(out, config_setting_get_bool(at) ? "true" : "false");
		return type == CONFIG_TYPE_BOOL;
	}
	if (row->kind == SET_NETWORKS) {
		if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST)
			return false;
		for (int i = 0; i < config_setting_length(at); i++) {
			const char *s = config_setting_get_string_elem(at, i);
			if (s == NULL)
				return false;
			buf_printf(out, "%s%s", i == 0 ? "" : " ", s);
		}
		return buf_ok(out);
	}
	if (type != CONFIG_TYPE_STRING)
		return false;
	buf_puts(out, config_setting_get_string(at));
	return buf_ok(out);
}

static void
read_value(struct reading *r, const struct setting *row, void *base,
           const config_setting_t *at)
{
	char text[2048], words[320];
	struct buf value, why;

	buf_init(&value, text, sizeof(text));
	buf_init(&why, words, sizeof(words));
	if (!as_text(row, at, &value))
		fault_at(r, at, row->key, expected(row->kind));
	else if (setting_put(row, base, text, r->folder, &why) != 0)
		fault_at(r, at, row->key, words);
}

/* Steps of one character between two short names; big if they are far apart. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[64];
	size_t m = strlen(b);

	if (m >= 63 || strlen(a) >= 63)
		return 99;
	for (unsigned j = 0; j <= m; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

static void
unknown_key(struct reading *r, const struct setting *rows, const char *key,
            const config_setting_t *at)
{
	const char *near = NULL;
	unsigned best = 5;
	char words[320];

	for (; rows->key != NULL; rows++) {
		unsigned d = distance(key, rows->key);
		if (d < best) {
			best = d;
			near = rows->key;
		}
	}
	if (near != NULL)
		snprintf(words, sizeof(words), "%.60s: no such setting; did you mean %s?",
		         key, near);
	else
		snprintf(words, sizeof(words),
		         "%.60s: no such setting; config/adit.conf lists them all", key);
	fault(r, at, words);
}

static void
read_key(struct reading *r, const struct setting *rows, void *base, const char *key,
         const config_setting_t *at)
{
	for (const struct setting *row = rows; row->key != NULL; row++) {
		if (strcmp(row->key, key) == 0) {
			read_value(r, row, base, at);
			return;
		}
	}
	unknown_key(r, rows, key, at);
}

static bool
name_is_taken(const struct setting_list *l, const struct settings *s, const char *name)
{
	for (unsigned i = 0; i < setting_count(l, s); i++) {
		if (strcmp(setting_entry_of(l, s, i), name) == 0)
			return true;
	}
	return false;
}

static void
finish_provider(struct settings_provider *p)
{
	size_t n = strlen(p->callback_url);

	if (n > 0 && n + 1 < sizeof(p->callback_url) && p->callback_url[n - 1] != '/')
		p->callback_url[n] = '/'; /* the reference is appended */
}

static void
read_entry(struct reading *r, const struct setting_list *l, const config_setting_t *at)
{
	unsigned *count = setting_entries(l, r->out);

	if (!config_setting_is_group(at)) {
		fault_at(r, at, l->name,
		         "each entry is a group: { name = \"mtn\"; ... }");
		return;
	}
	if (*count == l->max) {
		fault_at(r, at, l->name, "too many entries");
		return;
	}
	char *entry = setting_entry(l, r->out, *count);
	memset(entry, 0, l->size);
	setting_fill(l->rows, entry);
	for (int i = 0; i < config_setting_length(at); i++) {
		const config_setting_t *one = config_setting_get_elem(at, (unsigned)i);
		read_key(r, l->rows, entry, config_setting_name(one), one);
	}
	if (l->rows == settings_provider_table)
		finish_provider((void *)entry);
	if (name_is_taken(l, r->out, entry))
		fault_at(r, at, l->name, "two entries have the same name");
	++*count;
}

static bool
read_list(struct reading *r, const config_setting_t *group)
{
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++) {
		if (strcmp(config_setting_name(group), l->name) != 0)
			continue;
		if (!config_setting_is_list(group)) {
			fault_at(r, group, l->name,
			         "expects a list of groups: ( { ... }, ... )");
			return true;
		}
		for (int i = 0; i < config_setting_length(group); i++)
			read_entry(r, l, config_setting_get_elem(group, (unsigned)i));
		return true;
	}
	return false;
}

static bool
is_group_name(const char *name)
{
	size_t n = strlen(name);

	for (const struct setting *row = settings_table; row->key != NULL; row++) {
		if (strncmp(row->key, name, n) == 0 && row->key[n] == '.')
			return true;
	}
	return false;
}

static void
read_group(struct reading *r, const config_setting_t *group)
{
	const char *name = config_setting_name(group);

	if (read_list(r, group))
		return;
	if (!config_setting_is_group(group) || !is_group_name(name)) {
		unknown_key(r, settings_table, name, group);
		return;
	}
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		char key[96];
		snprintf(key, sizeof(key), "%.40s.%.50s", name, config_setting_name(one));
		read_key(r, settings_table, r->out, key, one);
	}
}

/* The pepper is the one default that is a file: read it even if the key is absent. */
static void
read_absent_files(struct reading *r, const config_t *file)
{
	for (const struct setting *row = settings_table; row->key != NULL; row++) {
		if (row->kind != SET_PEPPER || config_lookup(file, row->key) != NULL)
			continue;
		char words[320];
		struct buf why;
		buf_init(&why, words, sizeof(words));
		if (setting_put(row, r->out, row->initial, r->folder, &why) != 0)
			fault_at(r, NULL, row->key, words);
	}
}

/* A rule that nobody can meet would only lock everybody out. */
static void
check_rules(struct reading *r, const struct setting *rows, const void *base)
{
	for (; rows->key != NULL; rows++) {
		if (rows->kind == SET_PEER &&
		    *((const char *)base + rows->offset) != '\0')
			fault_at(r, NULL, rows->key,
			         "no client can show a certificate without https.listen "
			         "and https.client_ca");
	}
}

static void
check_certificates(struct reading *r)
{
	const struct settings *s = r->out;

	if (s->https.listen[0] != '\0' &&
	    (s->https.certificate[0] == '\0' || s->https.key[0] == '\0'))
		fault_at(r, NULL, "https.listen",
		         "needs https.certificate and https.key");
	if (s->https.client_ca[0] == '\0' && strcmp(s->https.clients, "required") == 0)
		fault_at(r, NULL, "https.clients", "needs https.client_ca");
	if (s->https.listen[0] != '\0' && s->https.client_ca[0] != '\0')
		return;
	check_rules(r, settings_table, s);
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++) {
		for (unsigned i = 0; i < setting_count(l, s); i++)
			check_rules(r, l->rows, setting_entry_of(l, s, i));
	}
}

static void
check_tills(struct reading *r)
{
	for (unsigned i = 0; i < r->out->provider_count; i++) {
		const struct settings_provider *p = &r->out->providers[i];

		if (strcmp(p->kind, "till") == 0 && p->till[0] == '\0')
			fault_at(r, NULL, "providers.till",
			         "kind = \"till\" needs the number of the till");
	}
}

static void
folder_of(const char *path, char *out, size_t cap)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		snprintf(out, cap, ".");
	else
		snprintf(out, cap, "%.*s", (int)(slash == path ? 1 : slash - path), path);
}

int
settings_load(const char *path, struct settings *out, struct settings_faults *faults)
{
	struct reading r = { .out = out, .faults = faults, .path = path };
	config_t file;

	memset(faults, 0, sizeof(*faults));
	settings_defaults(out);
	folder_of(path, r.folder, sizeof(r.folder));
	config_init(&file);
	config_set_include_dir(&file, r.folder);
	if (config_read_file(&file, path) == CONFIG_FALSE) {
		char words[200];
		const char *name = config_error_file(&file);
		bool syntax = config_error_type(&file) == CONFIG_ERR_PARSE;
		snprintf(words, sizeof(words), "%s",
		         syntax ? config_error_text(&file)
		                : "cannot be read; name it with --config FILE");
		fault(&r, NULL, words);
		faults->at[0].line = syntax ? (unsigned)config_error_line(&file) : 0;
		if (name != NULL)
			snprintf(faults->at[0].file, sizeof(faults->at[0].file), "%s",
			         name);
	} else {
		const config_setting_t *root = config_root_setting(&file);
		for (int i = 0; i < config_setting_length(root); i++)
			read_group(&r, config_setting_get_elem(root, (unsigned)i));
		read_absent_files(&r, &file);
		check_certificates(&r);
		check_tills(&r);
	}
	config_destroy(&file);
	return faults->count == 0 ? 0 : -1;
}

void
settings_print_faults(FILE *to, const struct settings_faults *faults)
{
	unsigned shown =
	    faults->count < SETTINGS_FAULTS_MAX ? faults->count : SETTINGS_FAULTS_MAX;

	for (unsigned i = 0; i < shown; i++) {
		const struct diag *d = &faults->at[i];
		fprintf(to, "%s:", d->file);
		if (d->line > 0)
			fprintf(to, "%u:", d->line);
		if (d->column > 0)
			fprintf(to, "%u:", d->column);
		fprintf(to, " %s\n", d->text);
	}
	if (faults->count > shown)
		fprintf(to, "... and %u more\n", faults->count - shown);
}

static bool
lists_differ(const struct setting_list *l, const struct settings *a,
             const struct settings *b)
{
	if (setting_count(l, a) != setting_count(l, b))
		return true;
	for (unsigned i = 0; i < setting_count(l, a); i++) {
		const char *x = setting_entry_of(l, a, i);
		const char *y = setting_entry_of(l, b, i);
		for (const struct setting *row = l->rows; row->key; row++) {
			if (memcmp(x + row->offset, y + row->offset, row->size) != 0)
				return true;
		}
	}
	return false;
}

/* Credentials are changed while the gateway serves; the entries stay as they are. */
static void
reload_provider(struct settings_provider *live, const struct settings_provider *fresh,
                settings_changed *changed, void *arg)
{
	char key[80];

	for (const struct setting *row = settings_provider_table; row->key; row++) {
		char *to = (char *)live + row->offset;
		const char *from = (const char *)fresh + row->offset;

		if (!row->reloadable || memcmp(to, from, row->size) == 0)
			continue;
		memcpy(to, from, row->size);
		snprintf(key, sizeof key, "providers.%s.%s", live->name, row->key);
		if (changed != NULL)
			changed(arg, key, true);
	}
}

void
settings_reload(struct settings *live, const struct settings *fresh,
                settings_changed *changed, void *arg)
{
	for (const struct setting *row = settings_table; row->key != NULL; row++) {
		char *to = (char *)live + row->offset;
		const char *from = (const char *)fresh + row->offset;
		if (memcmp(to, from, row->size) == 0)
			continue;
		if (row->reloadable)
			memcpy(to, from, row->size);
		if (changed != NULL)
			changed(arg, row->key, row->reloadable);
	}
	for (unsigned i = 0; i < live->provider_count && i < fresh->provider_count; i++)
		if (strcmp(live->providers[i].name, fresh->providers[i].name) == 0)
			reload_provider(&live->providers[i], &fresh->providers[i],
			                changed, arg);
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++) {
		if (changed != NULL && lists_differ(l, live, fresh))
			changed(arg, l->name, false);
	}
}

const char *
settings_callback_certificate(const struct settings *s, const char *provider)
{
	const struct settings_provider *p = settings_provider(s, provider);

	return p != NULL && p->callback_certificate[0] != '\0' ? p->callback_certificate
	                                                       : s->callback.certificate;
}

const struct settings_provider *
settings_provider(const struct settings *s, const char *name)
{
	for (unsigned i = 0; i < s->provider_count; i++) {
		if (strcmp(s->providers[i].name, name) == 0)
			return &s->providers[i];
	}
	return NULL;
}
