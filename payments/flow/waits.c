#include "payments/flow/waits.h"

#include "lib/arena.h"

#include <stdlib.h>

struct wait {
	struct waits *owner;
	struct uuid id;
	loop_cb *cb;
	void *arg;
	struct wait *next;
};

struct waits { /* a handful at most: questions about our own accounts */
	struct wait *first;
};

struct waits *
waits_new(void)
{
	return xzalloc(sizeof(struct waits));
}

void
waits_free(struct waits *w)
{
	free(w);
}

struct wait *
wait_enter(struct waits *w, const struct uuid *id, loop_cb *cb, void *arg)
{
	struct wait *one;

	if (w == NULL)
		return NULL;
	one = xzalloc(sizeof *one);
	*one = (struct wait){ w, *id, cb, arg, w->first };
	w->first = one;
	return one;
}

void
wait_leave(struct wait **handle)
{
	struct wait *one = *handle;
	struct wait **at;

	if (one == NULL)
		return;
	*handle = NULL;
	for (at = &one->owner->first; *at != one; at = &(*at)->next)
		;
	*at = one->next;
	free(one);
}

void
waits_wake(struct waits *w, const struct uuid *id)
{
	for (struct wait *one = w == NULL ? NULL : w->first; one != NULL; one = one->next)
		if (uuid_equal(&one->id, id))
			one->cb(one->arg);
}
