#include "lib/log.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2000

static enum log_level lowest = LOG_LEVEL_INFO;
static int as_json;
static void (*sink)(void *arg, const char *line);
static void *sink_arg;

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void
log_set_level(enum log_level level)
{
	lowest = level;
}

enum log_level
log_level_get(void)
{
	return lowest;
}

void
log_set_json(int on)
{
	as_json = on;
}

void
log_set_sink(void (*fn)(void *arg, const char *line), void *arg)
{
	sink = fn;
	sink_arg = arg;
}

/* A stranger's text must not forge a second line or move the terminal's cursor. */
static void
replace_controls(char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
	}
}

static void
put_time(struct buf *line)
{
	struct clock now;
	struct tm tm;
	time_t seconds;

	clock_init(&now);
	seconds = (time_t)(now.wall_ms / 1000);
	gmtime_r(&seconds, &tm);
	buf_printf(line, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
	           tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	           (int)(now.wall_ms % 1000));
}

static void
put_json_line(struct buf *line, enum log_level level, const char *ref, const char *event,
              const char *pairs)
{
	char at[40];
	struct buf time_text;
	struct json_writer w;

	buf_init(&time_text, at, sizeof at);
	put_time(&time_text);
	jw_init(&w, line);
	jw_object(&w, NULL);
	jw_text(&w, "time", at);
	jw_text(&w, "level", level_names[level]);
	jw_text(&w, "ref", ref);
	jw_text(&w, "event", event);
	jw_text(&w, "pairs", pairs);
	jw_end_object(&w);
}

/* Apart from log_event, whose callers mostly say what nobody wants to hear: the room for
 * a line is cleared on entry. */
static __attribute__((noinline)) void
write_event(enum log_level level, const char *ref, const char *event, const char *pairs,
            va_list ap)
{
	char text[LINE_MAX_BYTES - 200], storage[2 * LINE_MAX_BYTES];
	struct buf line;

	vsnprintf(text, sizeof text, pairs, ap);
	replace_controls(text);
	buf_init(&line, storage, sizeof storage - 1);
	if (as_json) {
		put_json_line(&line, level, ref, event, text);
	} else {
		put_time(&line);
		buf_printf(&line, " %s %s %s %s", level_names[level], ref, event, text);
	}
	if (sink != NULL) {
		sink(sink_arg, storage);
		return;
	}
	storage[line.len] = '\n';
	/* one write a line: lines of several processes do not mix */
	if (write(STDERR_FILENO, storage, line.len + 1) < 0)
		return; /* nowhere left to complain */
}

void
log_event(enum log_level level, const char *ref, const char *event, const char *pairs,
          ...)
{
	va_list ap;

	if (level < lowest)
		return;
	va_start(ap, pairs);
	write_event(level, ref, event, pairs, ap);
	va_end(ap);
}
