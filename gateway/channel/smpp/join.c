#include "gateway/channel/smpp/join.h"

#include <string.h>

/* FNV-1a: to know a part again, not to trust anybody. */
static uint64_t
mark_of(const struct smpp_piece *piece)
{
	uint64_t h = 0xcbf29ce484222325U ^ (uint64_t)piece->alphabet;

	for (size_t i = 0; i < piece->len; i++)
		h = (h ^ piece->bytes[i]) * 0x100000001b3U;
	return h;
}

static void
wipe(struct smpp_joining *s)
{
	explicit_bzero(s, sizeof *s);
}

void
smpp_join_init(struct smpp_join *j, struct smpp_joining *room, size_t count,
               int64_t wait_ms)
{
	*j = (struct smpp_join){ room, count, wait_ms };
	smpp_join_wipe(j);
}

void
smpp_join_wipe(struct smpp_join *j)
{
	for (size_t i = 0; i < j->count; i++)
		wipe(&j->room[i]);
}

static void
copy_address(char out[SMPP_ADDRESS_SIZE], const char *s)
{
	size_t n = strnlen(s, SMPP_ADDRESS_SIZE - 1);

	memcpy(out, s, n);
	out[n] = '\0';
}

static void
give_up(struct smpp_joining *s, const char *why, struct smpp_left *left)
{
	memcpy(left->from, s->from, sizeof left->from);
	memcpy(left->to, s->to, sizeof left->to);
	left->total = s->total;
	left->have = s->have;
	left->why = why;
	wipe(s);
}

static bool
is_same(const struct smpp_joining *s, const struct smpp_came *came)
{
	const struct smpp_piece *p = came->piece;

	return s->state != SMPP_JOINING_FREE && s->cut_by == p->cut_by &&
	       s->reference == p->reference && s->total == p->total &&
	       strncmp(s->from, came->from, SMPP_ADDRESS_SIZE - 1) == 0 &&
	       strncmp(s->to, came->to, SMPP_ADDRESS_SIZE - 1) == 0;
}

static struct smpp_joining *
find(struct smpp_join *j, const struct smpp_came *came)
{
	for (size_t i = 0; i < j->count; i++)
		if (is_same(&j->room[i], came))
			return &j->room[i];
	return NULL;
}

/* The oldest of one number (or of all, with NULL) in that state, and how many there are.
 */
static struct smpp_joining *
oldest(struct smpp_join *j, const char *from, enum smpp_joining_state state,
       size_t *count)
{
	struct smpp_joining *first = NULL;

	*count = 0;
	for (size_t i = 0; i < j->count; i++) {
		struct smpp_joining *s = &j->room[i];

		if (s->state != state)
			continue;
		if (from != NULL && strncmp(s->from, from, SMPP_ADDRESS_SIZE - 1) != 0)
			continue;
		++*count;
		if (first == NULL || s->began_ms < first->began_ms)
			first = s;
	}
	return first;
}

/* A place for a new text: a free one, else that of one that is done with, else that of
 * the oldest.  NULL only without any room at all. */
static struct smpp_joining *
make_room(struct smpp_join *j, const char *from, struct smpp_left *left)
{
	size_t count;
	struct smpp_joining *s = oldest(j, from, SMPP_JOINING_OPEN, &count);

	if (count >= SMPP_JOIN_EACH) {
		give_up(s, "the number began too many texts at once", left);
		return s;
	}
	s = oldest(j, NULL, SMPP_JOINING_FREE, &count);
	if (s != NULL)
		return s;
	s = oldest(j, NULL, SMPP_JOINING_DONE, &count);
	if (s != NULL) {
		wipe(s);
		return s;
	}
	s = oldest(j, NULL, SMPP_JOINING_OPEN, &count);
	if (s != NULL)
		give_up(s, "too many texts were open at once", left);
	return s;
}

static void
begin(struct smpp_joining *s, const struct smpp_came *came, int64_t now_ms)
{
	s->state = SMPP_JOINING_OPEN;
	copy_address(s->from, came->from);
	copy_address(s->to, came->to);
	s->cut_by = came->piece->cut_by;
	s->reference = came->piece->reference;
	s->total = came->piece->total;
	s->began_ms = now_ms;
}

/* The whole text.  Neighbours in one alphabet are read as one run of octets, so that a
 * pair which a careless sender has cut is whole again. */
static void
write_text(const struct smpp_joining *s, struct buf *text)
{
	uint8_t run[SMPP_JOIN_PARTS * SMPP_PART_MAX];
	size_t n = 0;

	for (unsigned i = 0; i < s->total; i++) {
		bool is_last = i + 1U == s->total;

		memcpy(run + n, s->part[i].bytes, s->part[i].len);
		n += s->part[i].len;
		if (!is_last && s->part[i].alphabet == s->part[i + 1].alphabet &&
		    s->part[i].nation.single == s->part[i + 1].nation.single &&
		    s->part[i].nation.locking == s->part[i + 1].nation.locking)
			continue;
		smpp_text_utf8((enum smpp_alphabet)s->part[i].alphabet, s->part[i].nation,
		               run, n, text);
		n = 0;
	}
	explicit_bzero(run, sizeof run);
}

/* Only what it takes to know a part again is left. */
static void
finish(struct smpp_joining *s)
{
	s->state = SMPP_JOINING_DONE;
	for (unsigned i = 0; i < s->total; i++)
		explicit_bzero(s->part[i].bytes, sizeof s->part[i].bytes);
}

static enum smpp_joined
keep(struct smpp_joining *s, const struct smpp_piece *piece, struct buf *text)
{
	unsigned i = piece->number - 1U;

	s->part[i].is_there = true;
	s->part[i].len = (uint8_t)piece->len;
	s->part[i].alphabet = (uint8_t)piece->alphabet;
	s->part[i].nation = piece->nation;
	s->part[i].mark = mark_of(piece);
	memcpy(s->part[i].bytes, piece->bytes, piece->len);
	if (++s->have < s->total)
		return SMPP_JOIN_WAITING;
	write_text(s, text);
	finish(s);
	return SMPP_JOIN_WHOLE;
}

enum smpp_joined
smpp_join_add(struct smpp_join *j, const struct smpp_came *came, int64_t now_ms,
              struct buf *text, struct smpp_left *left)
{
	const struct smpp_piece *piece = came->piece;
	struct smpp_joining *s;

	buf_clear(text);
	left->why = NULL;
	if (piece->total == 1) {
		smpp_text_utf8(piece->alphabet, piece->nation, piece->bytes, piece->len,
		               text);
		return SMPP_JOIN_WHOLE;
	}
	if (piece->total > SMPP_JOIN_PARTS || piece->len > SMPP_PART_MAX)
		return SMPP_JOIN_REFUSED;
	s = find(j, came);
	if (s != NULL && now_ms - s->began_ms >= j->wait_ms) {
		if (s->state == SMPP_JOINING_OPEN)
			give_up(s, "a part did not come in time", left);
		else
			wipe(s);
		s = NULL;
	}
	if (s != NULL && s->part[piece->number - 1].is_there) {
		if (s->part[piece->number - 1].mark == mark_of(piece))
			return SMPP_JOIN_REPEATED;
		if (s->state == SMPP_JOINING_OPEN)
			give_up(s, "another text took its reference", left);
		else
			wipe(s);
		s = NULL;
	}
	if (s == NULL) {
		s = make_room(j, came->from, left);
		if (s == NULL)
			return SMPP_JOIN_REFUSED;
		begin(s, came, now_ms);
	}
	return keep(s, piece, text);
}

bool
smpp_join_expire(struct smpp_join *j, int64_t now_ms, struct smpp_left *left)
{
	left->why = NULL;
	for (size_t i = 0; i < j->count; i++) {
		struct smpp_joining *s = &j->room[i];

		if (s->state == SMPP_JOINING_FREE || now_ms - s->began_ms < j->wait_ms)
			continue;
		if (s->state == SMPP_JOINING_OPEN) {
			give_up(s, "a part did not come in time", left);
			return true;
		}
		wipe(s);
	}
	return false;
}

int64_t
smpp_join_next_ms(const struct smpp_join *j)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < j->count; i++) {
		const struct smpp_joining *s = &j->room[i];

		if (s->state != SMPP_JOINING_FREE && s->began_ms + j->wait_ms < next)
			next = s->began_ms + j->wait_ms;
	}
	return next;
}
