/*
 * gsm7 - the alphabet of phones: GSM 03.38, and how other letters fold into it.
 *
 * A text of 160 septets fits one SMS and every USSD screen.  One letter outside the
 * alphabet would halve that, so texts are folded before they leave: quotes and dashes
 * become straight ones, a letter with a mark that phones lack loses it.
 *
 * Pure.  Texts are UTF-8; broken bytes count as letters that do not fold.
 */
#ifndef USSD_CORE_GSM7_H
#define USSD_CORE_GSM7_H

#include "lib/buf.h"
#include "lib/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The septet of a character, with 0x80 set if the escape must stand before it; -1 if
 * there is none. */
int gsm7_septet(uint32_t c);
/* The character of a septet (0..0x7f), behind the escape or not.  An escape that leads
 * nowhere shows the base letter; the escape itself is 0xffff. */
uint32_t gsm7_letter(uint8_t septet, bool escaped);
/* Septets of one character: 1, 2 (by way of the escape), 0 if it is not in the alphabet.
 */
unsigned gsm7_cost(uint32_t c);
/* Septets of a text, -1 if a character is not in the alphabet. */
int gsm7_septets(const char *s, size_t n);
/* Adds the text, folded; a character that does not fold becomes '?'.  Returns how many
 * did not. */
unsigned gsm7_fold(struct buf *out, const char *s, size_t n);
/* What stands for a character outside the alphabet: "" drops it, NULL if nothing does. */
const char *gsm7_stand_in(uint32_t c);

/* One septet per byte, from a folded text.  Returns how many; 0 if it does not fit or
 * does not encode. */
size_t gsm7_encode(const char *s, size_t n, uint8_t *out, size_t cap);
/* Back to UTF-8. */
void gsm7_decode(const uint8_t *septets, size_t n, struct buf *out);
/* Seven bits each, as a carrier of USSD packs them: a last octet with seven spare bits
 * holds CR, which phones drop.  Returns octets; 0 if it does not fit. */
size_t gsm7_pack(const uint8_t *septets, size_t n, uint8_t *out, size_t cap);
size_t gsm7_unpack(const uint8_t *octets, size_t n, uint8_t *septets, size_t cap);

#endif
