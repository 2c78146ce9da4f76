#include "lib/inbox.h"

#include "lib/arena.h"

#include <stdlib.h>
#include <string.h>

/* What is there moves to the front of a room for more. */
static void
make_room(struct inbox *in, size_t more)
{
	size_t need = in->len + more;
	char *old = in->kept;

	if (need <= in->cap) {
		memmove(in->kept, in->at, in->len);
	} else {
		in->cap = need > 2 * in->cap ? need : 2 * in->cap;
		in->kept = xzalloc(in->cap);
		memcpy(in->kept, in->at, in->len);
		free(old);
	}
	in->at = in->kept;
	in->borrowed = false;
}

void
inbox_put(struct inbox *in, const char *bytes, size_t n)
{
	if (in->len == 0) {
		in->at = bytes;
		in->len = n;
		in->borrowed = true;
		return;
	}
	make_room(in, n);
	memcpy(in->kept + in->len, bytes, n);
	in->len += n;
}

void
inbox_take(struct inbox *in, size_t n)
{
	in->at += n;
	in->len -= n;
}

void
inbox_keep(struct inbox *in)
{
	if (in->len == 0)
		inbox_free(in);
	else if (in->borrowed)
		make_room(in, 0);
}

void
inbox_free(struct inbox *in)
{
	free(in->kept);
	*in = (struct inbox){ .at = "" };
}
