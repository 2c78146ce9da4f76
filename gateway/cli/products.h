/*
 * products - a products file read and judged: config/products.h and product_check.
 */
#ifndef GATEWAY_CLI_PRODUCTS_H
#define GATEWAY_CLI_PRODUCTS_H

#include "config/products.h"
#include "gateway/cli/cli.h"
#include "payments/core/product.h"

struct product_set {
	struct products_file *file;
	unsigned count;
	struct product at[PRODUCTS_MAX];
};

/* Owned by the caller: products_free.  NULL with at least one fault. */
struct product_set *products_load(const char *path,
                                  struct settings_faults *faults) MUST_CHECK;
void products_free(struct product_set *s); /* NULL is fine */

struct product_import {
	struct cli_world *w; /* opened with CLI_WRITES; CLI_READS will do for a dry run */
	const struct product_set *set;
	const char *coop; /* NULL: all */
	bool dry_run, only_new;
	bool silent, json;
};

/* Brings the cooperatives' products to what the set says, a line each on standard output.
 * The number of what could not be done, told on standard error. */
unsigned products_import(const struct product_import *in);

#endif
