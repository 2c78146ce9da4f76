#include "lib/wakeup.h"

#include <stddef.h>

static void
on_timer(void *arg)
{
	struct wakeup *w = arg;

	w->timer = NULL;
	w->cb(w->arg);
}

void
wakeup_at(struct wakeup *w, int64_t due_ms)
{
	int64_t wait = due_ms - loop_clock(w->loop)->mono_ms;

	if (w->timer != NULL && w->due_ms == due_ms)
		return;
	timer_cancel(&w->timer);
	if (due_ms == INT64_MAX)
		return;
	w->due_ms = due_ms;
	w->timer = timer_start(w->loop, wait > 0 ? wait : 0, on_timer, w);
}

void
wakeup_soon(struct wakeup *w)
{
	int64_t now = loop_clock(w->loop)->mono_ms;

	if (w->timer == NULL || w->due_ms > now)
		wakeup_at(w, now);
}

void
wakeup_stop(struct wakeup *w)
{
	timer_cancel(&w->timer);
}
