/*
 * products_table - the fields of products.conf, in their order; for products*.c only.
 */
#ifndef CONFIG_PRODUCTS_TABLE_H
#define CONFIG_PRODUCTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRODUCT_PATH_SIZE 96

enum field_kind {
	FIELD_TEXT,
	FIELD_NUMBER,
	FIELD_PERCENT,
	FIELD_FLAG,
	FIELD_MONEY,
	FIELD_NUMBERS,
	FIELD_TEXTS,
	FIELD_GROUP,
	FIELD_GROUPS,
};

struct product_field {
	const char *path; /* "contract.charges[].pct"; NULL ends the table */
	enum field_kind kind;
	const char *expects; /* what to write, for a fault */
};

extern const struct product_field product_fields[];

/* NULL if unknown; path with numbers in its brackets. */
const struct product_field *product_field(const char *path);
/* "500,000 TZS" or "12.50 TZS" to minor units; false also in another currency. */
bool product_money_read(const char *text, const char *currency, int64_t *minor);
#define PRODUCT_MONEY_SIZE 40
char *product_money_text(int64_t minor, const char *currency,
                         char out[PRODUCT_MONEY_SIZE]); /* returns out */

#endif
