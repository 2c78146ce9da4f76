/*
 * ledger_export - the ledger as a journal that hledger reads and checks.
 *
 * One transaction a posted transfer, dated by the local day of its cooperative; amounts
 * with the currency's own decimals, weights in milligrams under quoted names
 * ("mg.Au.fine"). Accounts are COOPERATIVE:kind:owner, a float's owner by its provider's
 * name.  Ends with a balance assertion on every account; begins, where days before are
 * left out, with their balances.  Streams by cursors in one snapshot.
 *
 * Blocks: for the command line, never for the loop.
 */
#ifndef PAYMENTS_STORE_LEDGER_EXPORT_H
#define PAYMENTS_STORE_LEDGER_EXPORT_H

#include "lib/ids.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct ledger_owner {
	struct uuid owner;
	const char *name; /* letters, digits, dashes */
};

struct ledger_journal {
	const struct ledger_owner *owners; /* of floats */
	unsigned owner_count;
	bool has_from, has_to;
	int32_t from, to; /* days, both included */
};

/* 0: written; 2: the database cannot be asked (said on stderr), or `out` took no more. */
int ledger_export_hledger(const char *conninfo, const struct ledger_journal *what,
                          FILE *out);

#endif
