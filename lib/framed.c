#include "lib/framed.h"

#include <string.h>

static void
work(void *framed)
{
	struct framed *f = framed;

	wakeup_at(&f->wake, f->port.work(f->port.arg));
}

/* ---- the connection ---- */

static void
on_opened(void *framed)
{
	struct framed *f = framed;

	f->port.opened(f->port.arg);
	work(f);
}

static void
on_closed(void *framed, const char *why)
{
	struct framed *f = framed;

	f->stream = NULL;
	f->port.lost(f->port.arg, why);
	work(f);
}

static size_t
on_came(void *framed, const uint8_t *bytes, size_t n)
{
	struct framed *f = framed;
	const struct stream *stream = f->stream;
	size_t used = 0;

	while (f->stream == stream) {
		int32_t length = f->port.length(bytes + used, n - used);

		if (length < 0 || (size_t)length > f->port.most) {
			stream_close(&f->stream, false);
			on_closed(f, f->port.no_length);
			break;
		}
		if (length == 0 || (size_t)length > n - used)
			break;
		f->port.came(f->port.arg, bytes + used, (size_t)length);
		work(f);
		used += (size_t)length;
	}
	return used;
}

void
framed_connect(struct framed *f, const struct stream_options *o)
{
	struct stream_port port = { on_opened, on_came, on_closed, f };

	stream_close(&f->stream, true);
	f->stream = stream_open(f->loop, o, &port);
}

void
framed_adopt(struct framed *f, int fd)
{
	struct stream_port port = { on_opened, on_came, on_closed, f };

	stream_close(&f->stream, true);
	f->stream = stream_take(f->loop, fd, &port);
}

void
framed_write(struct framed *f, const void *bytes, size_t n)
{
	if (f->stream != NULL)
		stream_write(f->stream, bytes, n);
}

void
framed_close(struct framed *f)
{
	stream_close(&f->stream, true);
}

/* ---- the machine ---- */

void
framed_start(struct framed *f, struct loop *loop, const struct framed_port *port)
{
	memset(f, 0, sizeof *f);
	f->loop = loop;
	f->port = *port;
	f->wake = (struct wakeup){ .loop = loop, .cb = work, .arg = f };
	framed_poke(f);
}

void
framed_stop(struct framed *f)
{
	wakeup_stop(&f->wake);
	stream_close(&f->stream, false);
}

int64_t
framed_now(const struct framed *f)
{
	return loop_clock(f->loop)->mono_ms;
}

void
framed_poke(struct framed *f)
{
	wakeup_soon(&f->wake);
}

void
framed_drain(struct framed *f, loop_cb *cb, void *arg)
{
	f->ended = cb;
	f->ended_arg = arg;
	framed_poke(f);
}

void
framed_over(struct framed *f)
{
	loop_cb *cb = f->ended;

	f->ended = NULL;
	if (cb != NULL)
		loop_next_turn(f->loop, cb, f->ended_arg);
}
