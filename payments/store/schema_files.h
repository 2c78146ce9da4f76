/*
 * schema_files - the migrations, compiled into the binary.
 *
 * Made by tools/embed-schema from payments/schema/NNN_name.sql, in order of name.
 * The table ends with a row whose name is NULL.
 */
#ifndef PAYMENTS_STORE_SCHEMA_FILES_H
#define PAYMENTS_STORE_SCHEMA_FILES_H

#include <stddef.h>

struct schema_file {
	const char *name; /* "001_ledger.sql"           */
	const char *sql;  /* NUL-terminated, size bytes */
	size_t size;
};

extern const struct schema_file schema_files[];

#endif
