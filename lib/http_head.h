/*
 * http_head - reads the head of an HTTP/1.x request, and chunked bodies.
 *
 * Pure: no I/O, no allocation.  Strict where laxness lets two readers disagree about
 * where a request ends: bare CR or NUL, spaces before the colon, folded lines, repeated
 * or conflicting lengths are refused.
 */
#ifndef LIB_HTTP_HEAD_H
#define LIB_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_FIELDS_MAX 64

struct http_field {
	const char *name;
	const char *value;
};

struct http_head {
	const char *method;
	const char *path;  /* "/..." or "*"                                  */
	const char *query; /* behind the '?', "" if none                     */
	struct http_field fields[HTTP_FIELDS_MAX];
	size_t field_count;
	uint64_t body_len; /* 0 if none was announced                        */
	bool chunked;      /* then body_len means nothing                    */
	bool keep_alive;   /* what version and Connection ask for            */
	bool expects_continue;
};

/* Length of the head with its empty line at the start of n bytes, 0 if it is not yet
 * complete. */
size_t http_head_length(const char *bytes, size_t n);

/* Cuts the head (http_head_length bytes of it) into strings, in place.  Returns 0, or the
 * status to refuse it with: 400, 414, 431, 501, 505. */
int http_head_parse(char *bytes, size_t n, struct http_head *out);

/* The value of a field, without regard to case; NULL if absent. */
const char *http_head_field(const struct http_head *h, const char *name);

enum http_chunk_state {
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_DATA_END,
	HTTP_CHUNK_TRAILER,
	HTTP_CHUNK_DONE,
	HTTP_CHUNK_BROKEN,
};

/* Zeroed to begin with. */
struct http_chunked {
	enum http_chunk_state state;
	uint64_t left;      /* bytes of this chunk still to come */
	size_t line;        /* bytes of the line being read      */
	size_t trailer;     /* bytes of all trailers             */
	bool digit, in_ext; /* inside a size line                */
	bool cr;            /* the last byte was a CR            */
};

/* Consumes up to n bytes; body bytes move to the front of `bytes`, their count goes to
 * *out.  Returns how many were consumed; stops behind the last chunk. */
size_t http_chunked_read(struct http_chunked *c, char *bytes, size_t n, size_t *out);

#endif
