/*
 * buf - a text builder over the caller's storage, with a sticky "too long" bit.
 *
 * Writers need no checks; whoever sends the result asks buf_ok() once.  The text is
 * always NUL-terminated; on overflow it holds what fitted.
 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *at;    /* borrowed storage of cap bytes        */
	size_t len;  /* without the NUL                      */
	size_t cap;  /* including the NUL; > 0               */
	bool failed; /* something did not fit                */
};

void buf_init(struct buf *b, char *storage, size_t cap);
void buf_clear(struct buf *b);
void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_put_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static inline bool
buf_ok(const struct buf *b)
{
	return !b->failed;
}

/* As much of the text as fits, NUL-terminated. */
void text_copy(char *out, size_t cap, const char *text);
/* Characters of a UTF-8 text, which are fewer than its bytes. */
size_t buf_utf8_count(const char *utf8);

#endif
