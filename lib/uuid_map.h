/*
 * uuid_map - items by UUID.  Borrows the items.  A zeroed struct is an empty map.
 *
 * Open addressing; the keys are ids and hashes of our own, so nobody can choose them to
 * collide.
 */
#ifndef LIB_UUID_MAP_H
#define LIB_UUID_MAP_H

#include "lib/ids.h"

#include <stddef.h>

struct uuid_slot {
	struct uuid key;
	void *item; /* NULL: free */
};

struct uuid_map {
	struct uuid_slot *slots;
	size_t room, count;
};

void *uuid_map_get(const struct uuid_map *m, const struct uuid *key); /* or NULL */
/* Replaces what was there; item is not NULL. */
void uuid_map_put(struct uuid_map *m, const struct uuid *key, void *item);
/* Removes and returns it, or NULL. */
void *uuid_map_take(struct uuid_map *m, const struct uuid *key);
/* Empties the map; drop(item) for each unless it is NULL. */
void uuid_map_clear(struct uuid_map *m, void (*drop)(void *item));

#endif
