/*
 * cumulative - the new part of an input that repeats all earlier ones.
 *
 * Some carriers send "1*50000*2" where "2" is what was just typed.  Splitting at '*'
 * would be wrong, because a person may type one; so the length of the last text and a
 * keyed hash of it are remembered (never the text: it may hold a PIN), and what stands
 * behind is new.
 *
 * Pure.
 */
#ifndef USSD_CORE_CUMULATIVE_H
#define USSD_CORE_CUMULATIVE_H

#include <stddef.h>
#include <stdint.h>

#define CUMULATIVE_KEY 32

enum cumulative {
	CUMULATIVE_NEW,     /* *input is the new part                               */
	CUMULATIVE_REPEAT,  /* the last text again, or one before it: nothing is new */
	CUMULATIVE_RESTART, /* not a continuation of the last text                  */
};

/* What is remembered of a text: a keyed short hash, bound to its session. */
uint64_t cumulative_hash(const uint8_t key[CUMULATIVE_KEY], const char *session,
                         const char *text, size_t n);

struct cumulative_last {
	uint32_t len;
	uint64_t hash;
};

struct cumulative_text {
	const char *at;
	size_t len;
};

/* Compares text with what is remembered of the last one.  *input points into text. */
enum cumulative cumulative_split(const uint8_t key[CUMULATIVE_KEY], const char *session,
                                 const struct cumulative_last *last,
                                 const struct cumulative_text *text,
                                 struct cumulative_text *input);

#endif
