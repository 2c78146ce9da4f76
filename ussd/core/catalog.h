/*
 * catalog - translations from a .mo file.
 *
 * Pure: the bytes are the caller's (a file mapped or read) and stay where they are.
 * Every offset is checked before it is followed, so a damaged file is refused or answers
 * "no translation", never worse.  Plural forms are not used.
 */
#ifndef USSD_CORE_CATALOG_H
#define USSD_CORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog {
	const uint8_t *bytes;
	size_t len;
	bool swapped; /* written by a machine of the other byte order */
	uint32_t count;
	uint32_t originals, translations; /* offsets of the two tables */
};

/* False if this is no .mo file of a version we know. */
bool catalog_open(struct catalog *c, const void *mo, size_t len);
/* NULL if there is none; else a NUL-terminated text that lives with the bytes. */
const char *catalog_find(const struct catalog *c, const char *context, const char *id);

#endif
