/*
 * inbox - bytes that came and wait to be understood.
 *
 * While they are looked at they lie where the reader got them; only what is left over
 * then is kept.  So a request that comes whole is never copied.
 *
 * Begins zeroed.  at and len are what is there to look at, until the next call.
 */
#ifndef LIB_INBOX_H
#define LIB_INBOX_H

#include <stdbool.h>
#include <stddef.h>

struct inbox {
	const char *at;
	size_t len;
	bool borrowed; /* at points to what inbox_put was given, else into kept */
	char *kept;    /* owned */
	size_t cap;
};

/* Adds bytes behind what is there.  They are borrowed until inbox_keep. */
void inbox_put(struct inbox *in, const char *bytes, size_t n);
void inbox_take(struct inbox *in, size_t n); /* the first n are understood */
void inbox_keep(struct inbox *in);           /* lets go of borrowed bytes  */
void inbox_free(struct inbox *in);

#endif
