/*
 * products - config/products.conf: loan products as people write them.
 *
 * The file is libconfig: products = ( { code = "working"; ... }, ... ).  Each entry
 * becomes a JSON object whose amounts are minor units, as payments/core/product.h reads
 * it; beside it stands the line of every field, so that a fault found later can say where
 * it is.  One table gives each field its type and its order; unknown fields are faults.
 *
 * Amounts are written with their currency, "500,000 TZS" or "12.50 USD", which must be
 * the product's own.
 */
#ifndef CONFIG_PRODUCTS_H
#define CONFIG_PRODUCTS_H

#include "config/settings.h"
#include "lib/json.h"

#define PRODUCTS_MAX 32 /* in one file */

struct products_file;

/* Owned by the caller: products_file_free.  NULL with at least one fault. */
struct products_file *products_file_read(const char *path,
                                         struct settings_faults *faults) MUST_CHECK;
void products_file_free(struct products_file *f);
unsigned products_file_count(const struct products_file *f);
/* Beside the product's own fields: cooperatives, a list of codes; none means all. */
const struct json *products_file_at(const struct products_file *f, unsigned i);
/* Adds a fault at the line of entry i's field ("contract.charges[0].pct"), or of what is
 * around it.  text begins with the field. */
void products_file_fault(const struct products_file *f, unsigned i, const char *text,
                         struct settings_faults *faults);

/* The same object in the file's syntax: one entry of the list. */
void products_file_write(FILE *to, const struct json *product);

#endif
