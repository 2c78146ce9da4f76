#include "payments/flow/bulk_course.h"

#include "payments/core/ladder.h"

#include <string.h>

#define TELLS_SETUP 5  /* calls in vain, each answered: it is our account */
#define TELLS_LACK  20 /* half an hour: what no list names by then */

enum bulk_ask
bulk_asks(enum bulk_state s)
{
	return s == BULK_NEW ? BULK_CREATE : s == BULK_MADE ? BULK_APPROVE : BULK_QUERY;
}

static void
attend(struct bulk *b, const char *why)
{
	memcpy(b->attention, why, strlen(why) + 1);
}

/* It got there: the next call at once. */
static void
reach(struct bulk_course *c, enum bulk_state to, const struct course_time *t)
{
	if (to > c->b.state)
		c->b.step = 0;
	c->b.state = to;
	c->b.misses = 0;
	c->b.missing_ms = 0;
	c->next_ms = t->now_ms;
}

static void
wait(struct bulk_course *c, enum bulk_state at, const struct course_time *t)
{
	c->b.state = at;
	c->next_ms = t->now_ms + ladder_wait_ms(c->b.step, t->permille);
	c->b.step++;
	if (ladder_needs_person(c->b.step))
		attend(&c->b, "open");
}

static void
not_now(struct bulk_course *c, enum bulk_state at, const struct gsma_batch_told *told,
        const struct course_time *t)
{
	wait(c, at, t);
	if (c->b.step >= TELLS_SETUP && told->code[0] != '\0')
		attend(&c->b, "setup"); /* a token that is refused is told at once */
}

static void
refuse(struct bulk_course *c)
{
	c->b.state = BULK_REFUSED;
	c->next_ms = 0;
}

/* It is not there, or was refused: believed after several such answers over a while. */
static void
missing(struct bulk_course *c, const struct course_time *t)
{
	struct bulk *b = &c->b;

	if (b->misses++ == 0)
		b->missing_ms = t->now_ms;
	wait(c, BULK_SENT, t);
	c->next_ms = t->now_ms + ladder_miss_wait_ms(b->step - 1, t->permille);
	if (!ladder_is_missing(b->misses, t->now_ms - b->missing_ms, t->permille))
		return;
	if (b->refused) {
		refuse(c);
		return;
	}
	b->state = BULK_NEW; /* again, under the same reference */
	if (b->attempts >= TELLS_SETUP)
		attend(b, "open");
}

/* Where a bulk with a name is. */
static bool
is_there(struct bulk_course *c, const struct gsma_batch_told *told,
         const struct course_time *t)
{
	if (c->b.their_id[0] == '\0')
		memcpy(c->b.their_id, told->their_id, sizeof c->b.their_id);
	if (c->b.their_id[0] == '\0')
		return false;
	if (told->state == BATCH_CREATED || told->state == BATCH_UNDER_WAY)
		reach(c, BULK_MADE, t);
	else if (told->state == BATCH_APPROVED || told->state == BATCH_COMPLETED)
		reach(c, BULK_APPROVED, t);
	else
		return false;
	return true;
}

static void
after_create(struct bulk_course *c, const struct gsma_batch_told *told,
             const struct course_time *t)
{
	if (is_there(c, told, t))
		return;
	if (told->state == BATCH_DOWN || told->state == BATCH_AUTH) {
		not_now(c, c->b.maybe_made ? BULK_SENT : BULK_NEW, told, t);
		return;
	}
	c->b.refused = told->state == BATCH_REFUSED;
	if (c->b.refused && !c->b.maybe_made) {
		refuse(c);
		return;
	}
	c->b.maybe_made = true;
	wait(c, BULK_SENT, t);
	if (told->state == BATCH_DUPLICATE)
		c->next_ms = t->now_ms;
}

static void
after_looking(struct bulk_course *c, const struct gsma_batch_told *told,
              const struct course_time *t)
{
	c->b.maybe_made = true; /* a gateway died before the answer came */
	if (is_there(c, told, t))
		return;
	c->b.refused |= told->state == BATCH_REFUSED; /* of the request that made it */
	if (told->state == BATCH_NOT_FOUND || told->state == BATCH_REFUSED) {
		missing(c, t);
		return;
	}
	if (told->state != BATCH_DOWN && told->state != BATCH_AUTH) {
		c->b.misses = 0;
		c->b.missing_ms = 0;
	}
	wait(c, BULK_SENT, t);
}

static void
after_approval(struct bulk_course *c, enum bulk_ask ask,
               const struct gsma_batch_told *told, const struct course_time *t)
{
	if (told->state == BATCH_APPROVED || told->state == BATCH_COMPLETED) {
		reach(c, BULK_APPROVED, t);
		wait(c, BULK_APPROVED, t);
		if (told->state == BATCH_COMPLETED)
			c->next_ms = t->now_ms;
	} else if (told->state == BATCH_CREATED) {
		wait(c, BULK_MADE, t); /* once more: it pays once */
	} else if (ask == BULK_APPROVE &&
	           (told->state == BATCH_DOWN || told->state == BATCH_AUTH)) {
		not_now(c, BULK_MADE, told, t);
	} else {
		wait(c, BULK_APPROVING, t);
	}
}

static void
after_asking(struct bulk_course *c, const struct gsma_batch_told *told,
             const struct course_time *t)
{
	const struct bulk *b = &c->b;
	bool over = told->state == BATCH_COMPLETED;
	int64_t ended = told->completed + told->rejected;

	c->reads_lists =
	    over || (told->state == BATCH_APPROVED &&
	             (told->completed < 0 || told->rejected < 0 || ended > b->ended));
	wait(c, BULK_APPROVED, t);
	if ((over || told->state == BATCH_CREATED) && b->step >= TELLS_LACK)
		attend(&c->b, "open");
}

void
bulk_after(const struct bulk *b, enum bulk_ask ask, const struct gsma_batch_told *told,
           const struct course_time *t, struct bulk_course *out)
{
	*out = (struct bulk_course){ .b = *b };
	attend(&out->b, "");
	if (ask == BULK_CREATE)
		after_create(out, told, t);
	else if (b->state == BULK_SENT)
		after_looking(out, told, t);
	else if (b->state == BULK_APPROVED)
		after_asking(out, told, t);
	else
		after_approval(out, ask, told, t);
	if (told->state == BATCH_AUTH) /* and the token was fresh (bulk_call.h) */
		attend(&out->b, "setup");
}
