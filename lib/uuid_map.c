#include "lib/uuid_map.h"

#include "lib/arena.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64

/* Where the key would like to be: its bytes are random, but a version 7 begins with the
 * time. */
static size_t
home(const struct uuid_map *m, const struct uuid *key)
{
	uint64_t a, b;

	memcpy(&a, key->b, sizeof a);
	memcpy(&b, key->b + sizeof a, sizeof b);
	return (size_t)(((a ^ b) * UINT64_C(0x9E3779B97F4A7C15)) >> 17) & (m->room - 1);
}

/* Its slot, or the free one where it belongs.  There is always a free one. */
static size_t
find(const struct uuid_map *m, const struct uuid *key)
{
	size_t at = home(m, key);

	while (m->slots[at].item != NULL && !uuid_equal(&m->slots[at].key, key))
		at = (at + 1) & (m->room - 1);
	return at;
}

void *
uuid_map_get(const struct uuid_map *m, const struct uuid *key)
{
	return m->count > 0 ? m->slots[find(m, key)].item : NULL;
}

static void
grow(struct uuid_map *m)
{
	struct uuid_map wider = { .room = m->room > 0 ? m->room * 2 : ROOM_FIRST,
		                  .count = m->count };

	wider.slots = xzalloc(wider.room * sizeof *wider.slots);
	for (size_t i = 0; i < m->room; i++) {
		if (m->slots[i].item != NULL)
			wider.slots[find(&wider, &m->slots[i].key)] = m->slots[i];
	}
	free(m->slots);
	*m = wider;
}

void
uuid_map_put(struct uuid_map *m, const struct uuid *key, void *item)
{
	size_t at;

	if (4 * (m->count + 1) > 3 * m->room)
		grow(m);
	at = find(m, key);
	m->count += m->slots[at].item == NULL;
	m->slots[at] = (struct uuid_slot){ *key, item };
}

/* Slots behind the hole move up, so that a search still meets no gap before its key. */
static void
close_gap(struct uuid_map *m, size_t hole)
{
	size_t mask = m->room - 1, at = (hole + 1) & mask;

	for (; m->slots[at].item != NULL; at = (at + 1) & mask) {
		size_t wish = home(m, &m->slots[at].key);

		if (((at - wish) & mask) < ((at - hole) & mask))
			continue; /* it would land before its home */
		m->slots[hole] = m->slots[at];
		m->slots[at].item = NULL;
		hole = at;
	}
}

void *
uuid_map_take(struct uuid_map *m, const struct uuid *key)
{
	size_t at;
	void *item;

	if (m->count == 0)
		return NULL;
	at = find(m, key);
	item = m->slots[at].item;
	if (item == NULL)
		return NULL;
	m->slots[at].item = NULL;
	m->count--;
	close_gap(m, at);
	return item;
}

void
uuid_map_clear(struct uuid_map *m, void (*drop)(void *item))
{
	struct uuid_map gone = *m;

	*m = (struct uuid_map){ 0 };
	for (size_t i = 0; drop != NULL && i < gone.room; i++) {
		if (gone.slots[i].item != NULL)
			drop(gone.slots[i].item);
	}
	free(gone.slots);
}
