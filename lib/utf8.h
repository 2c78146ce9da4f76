/*
 * utf8 - characters of a text, one by one.
 */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include "lib/buf.h"

#include <stddef.h>
#include <stdint.h>

/* Takes one character off the front of *s (n left in *n, > 0).  UINT32_MAX if broken. */
uint32_t utf8_take(const char **s, size_t *n);
/* c: up to 0x10ffff. */
void utf8_put(struct buf *out, uint32_t c);

#endif
