/*
 * settings_table - the one table behind settings.h; for the files settings_*.c only.
 */
#ifndef CONFIG_SETTINGS_TABLE_H
#define CONFIG_SETTINGS_TABLE_H

#include "config/settings.h"
#include "lib/buf.h"

#include <stddef.h>

enum setting_kind {
	SET_TEXT,
	SET_URL, /* http:// or https://, no '/' at the end (a prefix may have one) */
	SET_INT,
	SET_MS,    /* "8s"                                   */
	SET_BYTES, /* "8MiB"                                 */
	SET_BOOL,
	SET_LEVEL,    /* "debug", "info", "warn", "error"    */
	SET_NETWORKS, /* [ "10.0.0.0/8", "::1/128" ]         */
	SET_SECRET,   /* a file holding one line             */
	SET_PEPPER,   /* a file holding 64 hexadecimal digits */
	SET_FILE,     /* a file's path, from the folder of the settings on; or ""  */
	SET_KEY_FILE, /* the same, of a file that only its owner reads      */
	SET_PEER,     /* a rule for a certificate, as lib/certificate.h says */
	SET_WORD,     /* one of those in `initial`, by '|'; the first is the default */
};

struct setting {
	const char *key; /* "http.listen"; of a provider "scale"    */
	enum setting_kind kind;
	size_t offset; /* in struct settings, or settings_provider */
	size_t size;   /* of the place                            */
	int64_t min;
	int64_t max;
	const char *initial; /* as in the file, without quotes; networks by spaces */
	bool reloadable;
	bool required; /* "" is a fault */
	const char *help;
};

/* The words that rows are written with: where a value lies, times in ms, and
 * { reloadable, required }. */
#define SETTING_IN(type, field) offsetof(type, field), sizeof(((type *)NULL)->field)
#define S(n)                    ((int64_t)(n)*1000)
#define MIN(n)                  (S(n) * 60)
#define NOW                     true, false
#define RESTART                 false, false
#define NEEDED                  false, true

/* All end with a row whose key is NULL. */
extern const struct setting settings_table[];
extern const struct setting settings_provider_table[];
extern const struct setting settings_smpp_table[];
extern const struct setting settings_carriers_table[];
extern const struct setting settings_ussd_http_table[];
extern const struct setting settings_xmltcp_table[];

/* A list of groups: `name = ( { ... }, ... )`.  Each entry begins with its name. */
struct setting_list {
	const char *name;
	const struct setting *rows;
	size_t offset, size, count; /* of the first entry, of each, of their number */
	unsigned max;
	const char *title; /* for the manual */
};

/* Ends with a row whose name is NULL. */
extern const struct setting_list settings_lists[];

static inline void *
setting_entry(const struct setting_list *l, void *settings, unsigned i)
{
	return (char *)settings + l->offset + i * l->size;
}

static inline const void *
setting_entry_of(const struct setting_list *l, const void *settings, unsigned i)
{
	return (const char *)settings + l->offset + i * l->size;
}

static inline unsigned *
setting_entries(const struct setting_list *l, void *settings)
{
	return (unsigned *)(void *)((char *)settings + l->count);
}

static inline unsigned
setting_count(const struct setting_list *l, const void *settings)
{
	return *(const unsigned *)(const void *)((const char *)settings + l->count);
}

/* Writes `text` into its place in `base`.  0, or -1 with the fault's words in why.
 * Secret files are read relative to `folder`. */
int setting_put(const struct setting *row, void *base, const char *text,
                const char *folder, struct buf *why);
/* Writes the defaults of all rows into their places in `base`; files are not read.  NULL,
 * or the row whose default does not fit, with the fault's words in why. */
const struct setting *setting_put_initials(const struct setting *rows, void *base,
                                           struct buf *why);
/* The same; one that does not fit is a bug of ours, told before the program ends: as 0
 * it would say "no limit" or "at once" to everybody who leaves the setting out. */
void setting_fill(const struct setting *rows, void *base);
/* The value as it stands in the file: quoted where the syntax wants it. */
void setting_show(const struct setting *row, const void *base, struct buf *out);
/* `initial` in the file's syntax. */
void setting_show_initial(const struct setting *row, struct buf *out);
bool settings_parse_network(const char *text, size_t n, struct settings_network *out);

/* By kind. */
int setting_put_networks(struct settings_networks *place, const char *text,
                         struct buf *why);
void setting_show_networks(const struct settings_networks *n, struct buf *out);
int setting_put_secret(const struct setting *row, char *place, const char *text,
                       const char *folder, struct buf *why);
int setting_put_file(const struct setting *row, char *place, const char *text,
                     const char *folder, struct buf *why);
int setting_put_pepper(uint8_t *place, const char *text, const char *folder,
                       struct buf *why);

#endif
