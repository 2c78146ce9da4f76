/*
 * person - do two names mean the same person, as far as names can tell?
 *
 * Pure.  Names are UTF-8 as people and providers write them.  Case, accents, the order of
 * the words and what stands between them do not count; the shorter name may lack words of
 * the longer one ("Neema Mushi" is "Neema Amina Mushi"), but two words at least must be
 * in both, unless both have only one; and one slip of the pen is forgiven in the whole
 * name, in a word of four letters or more: a letter too many, too few, another one, or
 * two that changed places.
 */
#ifndef PAYMENTS_CORE_PERSON_H
#define PAYMENTS_CORE_PERSON_H

#include <stdbool.h>

/* False also where either has no letters. */
bool person_is(const char *a, const char *b);

#endif
