/*
 * ids - references that nobody else has: UUIDv7, UUIDv4, short codes for people.
 *
 * Seedable, so that a test replays the same ids.  Unseeded, the bytes come from the
 * operating system.
 */
#ifndef LIB_IDS_H
#define LIB_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uuid {
	uint8_t b[16];
};

#define UUID_TEXT_SIZE 37 /* with the NUL */

struct ids {
	bool seeded;
	uint64_t state; /* of the seeded generator */
};

void ids_init(struct ids *ids);
void ids_init_seeded(struct ids *ids, uint64_t seed);
void ids_bytes(struct ids *ids, void *out, size_t n);
uint64_t ids_u64(struct ids *ids);
struct uuid ids_uuid7(struct ids *ids, int64_t wall_ms); /* sorts by time            */
struct uuid ids_uuid4(struct ids *ids);                  /* for peers that insist    */
/* n letters and digits people do not confuse when reading aloud (no 0 O 1 I L). */
void ids_code(struct ids *ids, char *out, size_t n); /* out holds n + 1 bytes    */

char *uuid_text(const struct uuid *u, char out[UUID_TEXT_SIZE]); /* returns out      */
bool uuid_parse(const char *s, size_t n, struct uuid *out);      /* 36 characters    */
bool uuid_equal(const struct uuid *a, const struct uuid *b);
bool uuid_is_nil(const struct uuid *u);
/* A stable id from a name: BLAKE2b of the text, marked as UUIDv8.  Same text, same id. */
struct uuid uuid_from_name(const char *text, size_t n);

#endif
