/*
 * arena - memory with one owner: everything a flow or request allocates dies with it.
 *
 * Allocation never fails: past max_bytes, or when the machine has none left, the process
 * aborts.  That is safe because every flow restarts from PostgreSQL, and because sizes a
 * stranger controls are bounded before any allocation.
 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(size_t max_bytes);        /* never NULL              */
void *arena_zalloc(struct arena *a, size_t size); /* zeroed, 16-aligned      */
char *arena_strndup(struct arena *a, const char *s, size_t n); /* NUL-terminated copy */
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Runs fn(p) at arena_free, newest first: for what is not memory (a PGresult, a file). */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);
void arena_free(struct arena *a); /* NULL is fine */

/* Heap with the same promise, for objects that outlive any flow. */
void *xzalloc(size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
