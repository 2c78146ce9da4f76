/* A screen in a row's dialect, written. */
#include "gateway/channel/http_ussd.h"

#include "gateway/channel/escape.h"
#include "lib/buf.h"
#include "ussd/core/gsm7.h"

#include <string.h>

#define FIELD_MAX 96  /* of a name between {{ and }} */
#define VALUE_MAX 256 /* of a field that is echoed */

/* The next {{NAME}} at or behind *at, which moves behind it; NULL: none. */
static const char *
next_field(const char **at, char name[FIELD_MAX])
{
	const char *open = strstr(*at, "{{");
	const char *close = open == NULL ? NULL : strstr(open, "}}");
	size_t n = close == NULL ? 0 : (size_t)(close - open - 2);

	if (n == 0 || n >= FIELD_MAX)
		return NULL;
	memcpy(name, open + 2, n);
	name[n] = '\0';
	*at = close + 2;
	return open;
}

static bool
is_kept(const struct buf *kept, const char *name)
{
	char line[FIELD_MAX + 2];

	snprintf(line, sizeof line, "%s=", name);
	return strstr(kept->at, line) != NULL;
}

/* Is this name, up to '|' or '#', one of those, by '|'? */
static bool
is_named(const char *names, const char *name, size_t len)
{
	while (*names != '\0') {
		size_t n = strcspn(names, "|"), bare = strcspn(names, "|#");

		if (bare == len && memcmp(names, name, len) == 0)
			return true;
		names += n + (names[n] == '|');
	}
	return false;
}

/* Is one of the field's alternatives what was typed?  That is never kept. */
static bool
is_typed(const struct http_ussd_row *row, const char *field)
{
	while (*field != '\0') {
		size_t n = strcspn(field, "|");

		if (is_named(row->input, field, strcspn(field, "|#")))
			return true;
		field += n + (field[n] == '|');
	}
	return false;
}

void
http_ussd_keep(const struct http_ussd_row *row, const struct http_ussd_request *rq,
               struct buf *kept)
{
	const char *templates[] = { row->reply, row->reply_end, row->reply_over,
		                    row->header };
	char name[FIELD_MAX], value[VALUE_MAX];

	for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
		const char *at = templates[i];

		while (next_field(&at, name) != NULL) {
			if (name[0] != '=' || is_kept(kept, name) ||
			    is_typed(row, name + 1) ||
			    http_ussd_field(row, rq, name + 1, value, sizeof value) < 0 ||
			    strpbrk(value, "\r\n") != NULL)
				continue;
			buf_printf(kept, "%s=%s\n", name, value);
		}
	}
}

static void
put_kept(struct buf *b, const char *kept, const char *name, enum escape how)
{
	char line[FIELD_MAX + 2], value[VALUE_MAX];
	const char *at;

	snprintf(line, sizeof line, "%s=", name);
	at = strstr(kept, line);
	if (at == NULL)
		return;
	at += strlen(line);
	snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\n"), at);
	escape_put(b, value, how);
}

static void
put_text(struct buf *b, const struct http_ussd_row *row, const char *text,
         enum escape how)
{
	char line[1024];

	while (*text != '\0') {
		size_t n = row->newline[0] == '\0' ? strlen(text) : strcspn(text, "\n");
		struct buf p;

		buf_init(&p, line, sizeof line);
		for (size_t i = 0; i < n; i++)
			buf_putc(&p,
			         strchr(row->forbidden, text[i]) != NULL ? ' ' : text[i]);
		escape_put(b, line, how);
		text += n;
		if (*text == '\n') {
			buf_puts(b, row->newline);
			text++;
		}
	}
	explicit_bzero(line, sizeof line);
}

/* As GSM 03.38 names how a screen is coded: its own alphabet, or UCS-2. */
static const char *
coding_of(const char *text)
{
	return gsm7_septets(text, strlen(text)) < 0 ? "72" : "15";
}

static void
fill(struct buf *b, const char *template, const struct http_ussd_row *row,
     const struct http_ussd_screen *s, enum escape how)
{
	const char *at = template, *from = template, *open;
	char name[FIELD_MAX];

	while ((open = next_field(&at, name)) != NULL) {
		buf_put(b, from, (size_t)(open - from));
		from = at;
		if (strcmp(name, "text") == 0)
			put_text(b, row, s->text, how);
		else if (strcmp(name, "more") == 0) /* a word of ours, as it is */
			buf_puts(b, s->said == USSD_MORE ? row->more : row->stop);
		else if (strcmp(name, "dcs") == 0)
			buf_puts(b, coding_of(s->text));
		else if (strcmp(name, "session") == 0)
			escape_put(b, s->session, how);
		else if (strcmp(name, "msisdn") == 0)
			escape_put(b, s->msisdn, how);
		else if (strcmp(name, "code") == 0)
			escape_put(b, s->code, how);
		else if (strcmp(name, "url") == 0)
			escape_put(b, s->url, how);
		else if (strcmp(name, "user") == 0)
			escape_put(b, row->user, how);
		else if (strcmp(name, "password") == 0)
			escape_put(b, row->password, how);
		else if (name[0] == '=')
			put_kept(b, s->kept, name, how);
	}
	buf_puts(b, from);
}

void
http_ussd_write(const struct http_ussd_row *row, const struct http_ussd_screen *s,
                struct buf *body, struct buf *header)
{
	const char *template = s->said == USSD_OVER ? row->reply_over
	                       : s->said == USSD_LAST && row->reply_end[0] != '\0'
	                           ? row->reply_end
	                           : row->reply;

	fill(body, template, row, s, escape_of(row->type));
	if (s->said != USSD_OVER)
		fill(header, row->header, row, s, ESCAPE_NONE);
}
