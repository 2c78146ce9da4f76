#include "gateway/channel/hop_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
hop_memory_name(struct hop_memory *m, struct hop *hop, int64_t mono_ms, int64_t repeat_ms)
{
	uint64_t session =
	    cumulative_hash(m->key, hop->channel, hop->session, strlen(hop->session));
	uint64_t input =
	    cumulative_hash(m->key, hop->session, hop->input, hop->input_len) +
	    (hop->kind == HOP_BEGIN); /* "1" dialled behind the code, and then typed */
	/* Two sessions in one place: the older one is forgotten, which costs nothing but
	 * this protection. */
	size_t i = session & (HOP_MEMORY_SIZE - 1);

	if (hop->hop_id[0] != '\0')
		return;
	if (m->at[i].session != session || m->at[i].input != input ||
	    mono_ms - m->at[i].at_ms >= repeat_ms) {
		m->at[i].session = session;
		m->at[i].input = input;
		m->at[i].at_ms = mono_ms;
		m->at[i].number = ++m->count;
	}
	snprintf(hop->hop_id, sizeof hop->hop_id, "~%" PRId64 ".%" PRIu64, m->at[i].at_ms,
	         m->at[i].number);
}
