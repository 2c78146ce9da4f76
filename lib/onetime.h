/*
 * onetime - six digits that are good once, told to one person.
 *
 * A seed of sixteen random bytes and a key that is not in the database make the code, so
 * whoever writes the text can, and who only reads the database cannot.  To check what
 * comes back a keyed hash of the code and of what it is good for is enough.
 *
 * Pure.
 */
#ifndef LIB_ONETIME_H
#define LIB_ONETIME_H

#include <stddef.h>
#include <stdint.h>

#define ONETIME_KEY    32
#define ONETIME_SEED   16
#define ONETIME_DIGITS 6
#define ONETIME_HASH   32

void onetime_code(const uint8_t key[ONETIME_KEY], const uint8_t seed[ONETIME_SEED],
                  char out[ONETIME_DIGITS + 1]);
/* about: what the code is good for, in full: another text makes another hash. */
void onetime_hash(const uint8_t key[ONETIME_KEY], const char *code, const char *about,
                  uint8_t out[ONETIME_HASH]);

#endif
