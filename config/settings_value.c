/* One value: text into its place, and back. */
#include "config/settings_table.h"
#include "lib/certificate.h"

#include <stdio.h>
#include <string.h>

static const char *const level_names[] = { "debug", "info", "warn", "error" };

struct unit {
	const char *name;
	int64_t size;
};

static const struct unit ms_units[] = {
	{ "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 }, { NULL, 0 },
};
static const struct unit byte_units[] = {
	{ "GiB", 1 << 30 }, { "MiB", 1 << 20 }, { "KiB", 1 << 10 },
	{ "B", 1 },         { NULL, 0 },
};

/* Decimal digits, then exactly one of the units (NULL: none, and it may be below zero).
 */
static bool
read_number(const char *text, const struct unit *units, int64_t *out)
{
	bool below = units == NULL && *text == '-';
	int64_t v = 0;
	const char *p = text += below;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (v > (INT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (*p - '0');
	}
	if (p == text)
		return false;
	if (units == NULL) {
		*out = below ? -v : v;
		return *p == '\0';
	}
	for (; units->name != NULL; units++) {
		if (strcmp(p, units->name) != 0)
			continue;
		return !__builtin_mul_overflow(v, units->size, out);
	}
	return false;
}

static void
show_number(int64_t v, const struct unit *units, struct buf *out)
{
	while (units[1].name != NULL && (v == 0 || v % units->size != 0))
		units++;
	buf_put_i64(out, v / units->size);
	buf_puts(out, units->name);
}

static void
show_bounds(const struct setting *row, const struct unit *units, struct buf *out)
{
	buf_puts(out, "between ");
	if (units == NULL) {
		buf_printf(out, "%lld and %lld", (long long)row->min,
		           (long long)row->max);
		return;
	}
	show_number(row->min, units, out);
	buf_puts(out, " and ");
	show_number(row->max, units, out);
}

static int
put_number(const struct setting *row, int64_t *place, const char *text,
           const struct unit *units, struct buf *why)
{
	int64_t v;

	if (!read_number(text, units, &v)) {
		buf_printf(why, "\"%.40s\" is not understood: write ", text);
		buf_puts(why,
		         units == NULL ? "a whole number"
		         : units == ms_units
		             ? "a time such as \"250ms\", \"8s\", \"15min\" or \"24h\""
		             : "a size such as \"64KiB\" or \"8MiB\"");
		return -1;
	}
	if (v < row->min || v > row->max) {
		buf_printf(why, "%.40s is out of bounds: write ", text);
		show_bounds(row, units, why);
		return -1;
	}
	*place = v;
	return 0;
}

static int
put_text(const struct setting *row, char *place, const char *text, struct buf *why)
{
	size_t n = strlen(text);

	if (n >= row->size) {
		buf_printf(why, "is too long: at most %zu characters fit", row->size - 1);
		return -1;
	}
	if (n == 0 && row->required) {
		buf_puts(why, "must not be empty");
		return -1;
	}
	memset(place, 0, row->size);
	memcpy(place, text, n + 1);
	return 0;
}

static int
put_url(const struct setting *row, char *place, const char *text, struct buf *why)
{
	if (*text != '\0' && strncmp(text, "http://", 7) != 0 &&
	    strncmp(text, "https://", 8) != 0) {
		buf_printf(why, "\"%.40s\" is not a URL: write http://... or https://...",
		           text);
		return -1;
	}
	return put_text(row, place, text, why);
}

static int
put_bool(bool *place, const char *text, struct buf *why)
{
	*place = strcmp(text, "true") == 0;
	if (*place || strcmp(text, "false") == 0)
		return 0;
	buf_printf(why, "\"%.40s\" is neither: write true or false", text);
	return -1;
}

static int
put_level(int64_t *place, const char *text, struct buf *why)
{
	for (int i = 0; i < 4; i++) {
		if (strcmp(text, level_names[i]) == 0) {
			*place = i;
			return 0;
		}
	}
	buf_printf(why, "\"%.40s\" is no level: write debug, info, warn or error", text);
	return -1;
}

/* Whether the n bytes are one of the words, which stand apart by '|'. */
static bool
is_word(const char *words, const char *text, size_t n)
{
	while (*words != '\0') {
		size_t len = strcspn(words, "|");

		if (len == n && strncmp(words, text, n) == 0)
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

static int
put_word(const struct setting *row, char *place, const char *text, struct buf *why)
{
	size_t n = strlen(text);

	if (text == row->initial)
		n = strcspn(text, "|");
	if (n >= row->size || !is_word(row->initial, text, n)) {
		buf_printf(why, "\"%.40s\" is none of %s", text, row->initial);
		return -1;
	}
	memset(place, 0, row->size);
	snprintf(place, row->size, "%.*s", (int)n, text);
	return 0;
}

static int
put_peer(const struct setting *row, char *place, const char *text, struct buf *why)
{
	const char *fault = certificate_rule_fault(text);

	if (fault != NULL) {
		buf_printf(why, "\"%.60s\" is no rule for a certificate: %s", text,
		           fault);
		return -1;
	}
	return put_text(row, place, text, why);
}

int
setting_put(const struct setting *row, void *base, const char *text, const char *folder,
            struct buf *why)
{
	void *place = (char *)base + row->offset;

	switch (row->kind) {
	case SET_TEXT:
		return put_text(row, place, text, why);
	case SET_URL:
		return put_url(row, place, text, why);
	case SET_INT:
		return put_number(row, place, text, NULL, why);
	case SET_MS:
		return put_number(row, place, text, ms_units, why);
	case SET_BYTES:
		return put_number(row, place, text, byte_units, why);
	case SET_BOOL:
		return put_bool(place, text, why);
	case SET_LEVEL:
		return put_level(place, text, why);
	case SET_NETWORKS:
		return setting_put_networks(place, text, why);
	case SET_SECRET:
		return setting_put_secret(row, place, text, folder, why);
	case SET_PEPPER:
		return setting_put_pepper(place, text, folder, why);
	case SET_FILE:
	case SET_KEY_FILE:
		return setting_put_file(row, place, text, folder, why);
	case SET_PEER:
		return put_peer(row, place, text, why);
	case SET_WORD:
		return put_word(row, place, text, why);
	}
	return -1;
}

static void
show_quoted(const char *text, struct buf *out)
{
	buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

void
setting_show(const struct setting *row, const void *base, struct buf *out)
{
	const void *place = (const char *)base + row->offset;
	const int64_t *number = place;

	switch (row->kind) {
	case SET_TEXT:
	case SET_URL:
	case SET_WORD:
	case SET_FILE:
	case SET_KEY_FILE:
	case SET_PEER:
		show_quoted(place, out);
		return;
	case SET_INT:
		buf_put_i64(out, *number);
		return;
	case SET_MS:
	case SET_BYTES:
		buf_putc(out, '"');
		show_number(*number, row->kind == SET_MS ? ms_units : byte_units, out);
		buf_putc(out, '"');
		return;
	case SET_BOOL:
		buf_puts(out, *(const bool *)place ? "true" : "false");
		return;
	case SET_LEVEL:
		buf_printf(out, "\"%s\"", level_names[*number & 3]);
		return;
	case SET_NETWORKS:
		setting_show_networks(place, out);
		return;
	case SET_SECRET:
		buf_puts(out, *(const char *)place == '\0' ? "\"\"" : "\"(set)\"");
		return;
	case SET_PEPPER:
		buf_puts(out, "\"(set)\"");
		return;
	}
}

void
setting_show_initial(const struct setting *row, struct buf *out)
{
	if (row->kind == SET_INT || row->kind == SET_BOOL) {
		buf_puts(out, row->initial);
	} else if (row->kind == SET_NETWORKS) {
		struct settings_networks n = { 0 };
		setting_put_networks(&n, row->initial, out);
		setting_show_networks(&n, out);
	} else if (row->kind == SET_WORD) {
		buf_printf(out, "\"%.*s\"", (int)strcspn(row->initial, "|"),
		           row->initial);
	} else {
		show_quoted(row->initial, out);
	}
}
