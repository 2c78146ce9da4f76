#include "lib/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 960u /* most calls need no more */
#define BLOCK_SIZE 4096u
#define SMALL      1024u
#define ALIGN      16u

struct block {
	struct block *older;
	size_t used, size;
	_Alignas(ALIGN) unsigned char bytes[];
};

struct deferred {
	struct deferred *older;
	void (*fn)(void *);
	void *p;
};

struct arena {
	struct block *block;
	struct deferred *deferred;
	size_t total, max;
};

static void
out_of_memory(const char *where, size_t size)
{
	fprintf(stderr, "fatal: %s: no room for %zu bytes\n", where, size);
	abort();
}

void *
xzalloc(size_t size)
{
	/* glibc keeps small pieces at hand for malloc alone; large ones come zeroed */
	void *p = size <= SMALL ? malloc(size > 0 ? size : 1) : calloc(1, size);

	if (p == NULL)
		out_of_memory("heap", size);
	return size <= SMALL ? memset(p, 0, size) : p;
}

void *
xrealloc(void *p, size_t size)
{
	void *q = realloc(p, size > 0 ? size : 1);

	if (q == NULL)
		out_of_memory("heap", size);
	return q;
}

char *
xstrdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(xzalloc(n), s, n);
}

struct arena *
arena_new(size_t max_bytes)
{
	struct arena *a = xzalloc(sizeof *a);

	a->max = max_bytes;
	return a;
}

static void
add_block(struct arena *a, size_t size)
{
	size_t usual = a->block == NULL ? FIRST_SIZE : BLOCK_SIZE;
	size_t room = size > usual ? size : usual;
	struct block *b = xzalloc(sizeof *b + room);

	b->size = room;
	b->older = a->block;
	a->block = b;
}

void *
arena_zalloc(struct arena *a, size_t size)
{
	size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	void *p;

	if (need < size || need > a->max - a->total)
		out_of_memory("arena", size);
	if (a->block == NULL || a->block->size - a->block->used < need)
		add_block(a, need);
	p = a->block->bytes + a->block->used;
	a->block->used += need;
	a->total += need;
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_zalloc(a, n + 1);

	memcpy(copy, s, n);
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	int n;
	char *s;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = arena_zalloc(a, (size_t)(n < 0 ? 0 : n) + 1);
	if (n > 0)
		vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
	struct deferred *d = arena_zalloc(a, sizeof *d);

	d->fn = fn;
	d->p = p;
	d->older = a->deferred;
	a->deferred = d;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	for (struct deferred *d = a->deferred; d != NULL; d = d->older)
		d->fn(d->p);
	for (struct block *b = a->block, *older; b != NULL; b = older) {
		older = b->older;
		free(b);
	}
	free(a);
}
