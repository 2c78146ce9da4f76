/*
 * give_back - may so much of what came in be given back, through that provider?
 *
 * Pure.  Units: money in minor units.
 */
#ifndef PAYMENTS_CORE_GIVE_BACK_H
#define PAYMENTS_CORE_GIVE_BACK_H

#include <stdbool.h>
#include <stdint.h>

enum give_back {
	BACK_FITS,
	BACK_TOO_MUCH, /* more than came in, or nobody knows how much did */
	BACK_PART,     /* the provider gives back all of it or nothing    */
};

/* brought: what the collection came to; whole: its provider knows no refund of a part. */
enum give_back give_back_judge(int64_t brought, int64_t amount, bool whole);
/* "", "too_much", "part". */
const char *give_back_name(enum give_back word);

#endif
