/*
 * hop_memory - tells a hop sent twice from an answer given twice, where the carrier gives
 * hops no id.
 *
 * A carrier that sends only the last input and no id of the hop may send it again when we
 * are slow.  "1" twice would then answer two screens, the second of them a confirmation.
 * Nobody reads a screen and answers it within a second: the same input that soon is the
 * same hop, and gets the same id.  What was typed is kept as a keyed hash only.
 *
 * Pure.
 */
#ifndef GATEWAY_CHANNEL_HOP_MEMORY_H
#define GATEWAY_CHANNEL_HOP_MEMORY_H

#include "ussd/core/cumulative.h"
#include "ussd/core/hop.h"

#include <stdint.h>

#define HOP_MEMORY_SIZE 4096 /* hops; a power of two */

struct hop_memory {
	uint8_t key[CUMULATIVE_KEY];
	uint64_t count;

	struct {
		uint64_t session, input, number;
		int64_t at_ms; /* of the first copy */
	} at[HOP_MEMORY_SIZE];
};

/* Gives the hop an id if it has none.  repeat_ms 0: every hop is one of its own. */
void hop_memory_name(struct hop_memory *m, struct hop *hop, int64_t mono_ms,
                     int64_t repeat_ms);

#endif
