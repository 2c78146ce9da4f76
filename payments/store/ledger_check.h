/*
 * ledger_check - recomputes every balance and invariant from the append-only rows.
 *
 * Blocks: for the command line, never for the loop.
 */
#ifndef PAYMENTS_STORE_LEDGER_CHECK_H
#define PAYMENTS_STORE_LEDGER_CHECK_H

#include <stdbool.h>
#include <stdio.h>

/* Prints each broken invariant on `out` (as JSON lines if asked), then what was looked
 * at. 0: clean; 1: something is broken; 2: the database cannot be asked. */
int ledger_check(const char *conninfo, FILE *out, bool json);
/* The trial balance: per cooperative and unit the debit and credit balances of each kind
 * of account, from the entries, and their sums.  0: every unit sums to zero; 1: one does
 * not; 2: the database cannot be asked. */
int ledger_balance(const char *conninfo, FILE *out, bool json);

#endif
