/*
 * gsm7_shift - the alphabet of phones with a nation's letters in it: the shift tables of
 * 3GPP TS 23.038 for Turkish, Spanish and Portuguese.
 *
 * A single shift table stands behind the escape: it adds letters that cost two septets.
 * A locking table stands in for the base alphabet: its letters cost one.  A text that
 * uses either names it in its header (information elements 0x24 and 0x25), so they work
 * in SMS and not in USSD, and only on phones that know them.
 *
 * Pure.  GSM7_PLAIN tables are the alphabet of gsm7.h.
 */
#ifndef USSD_CORE_GSM7_SHIFT_H
#define USSD_CORE_GSM7_SHIFT_H

#include "lib/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values are those on the wire. */
enum gsm7_nation {
	GSM7_NO_NATION = 0,
	GSM7_TURKISH = 1,
	GSM7_SPANISH = 2, /* has no locking table: the base alphabet stays */
	GSM7_PORTUGUESE = 3,
};

struct gsm7_tables {
	enum gsm7_nation locking;
	enum gsm7_nation single;
};

#define GSM7_PLAIN ((struct gsm7_tables){ GSM7_NO_NATION, GSM7_NO_NATION })

/* "tr", "es", "pt"; GSM7_NO_NATION for any other language. */
enum gsm7_nation gsm7_nation_of(const char *language);
/* A number of the wire that names tables we have.  locking false: single. */
bool gsm7_nation_known(unsigned id, bool locking);

/* Septets of one character: 1, 2 (by way of the escape), 0 if the tables lack it. */
unsigned gsm7_cost_in(struct gsm7_tables tables, uint32_t c);
/* One character as one septet, or the escape and one.  Returns how many; 0 if it is not
 * there. */
unsigned gsm7_put_in(struct gsm7_tables tables, uint32_t c, uint8_t out[2]);
/* Septets, one per octet, to UTF-8.  An escape that leads nowhere shows the base letter,
 * as phones do; an octet above 0x7f is no septet and becomes U+FFFD. */
void gsm7_decode_in(struct gsm7_tables tables, const uint8_t *septets, size_t n,
                    struct buf *out);

#endif
