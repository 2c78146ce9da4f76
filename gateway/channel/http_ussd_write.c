/* A screen in a row's dialect, written. */
#include "gateway/channel/http_ussd.h"

#include "gateway/channel/escape.h"
#include "lib/buf.h"

#include <string.h>

#define FIELD_MAX 64  /* of a name between {{ and }} */
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

/* Is the field one of these, by '|'?  What was typed is never kept. */
static bool
is_named(const char *names, const char *field)
{
	size_t len = strlen(field);

	while (*names != '\0') {
		size_t n = strcspn(names, "|");

		if (n == len && memcmp(names, field, n) == 0)
			return true;
		names += n + (names[n] == '|');
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
			    is_named(row->input, name + 1) ||
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
	char plain[1024];
	struct buf p;

	buf_init(&p, plain, sizeof plain);
	for (; *text != '\0'; text++)
		buf_putc(&p, strchr(row->forbidden, *text) != NULL ? ' ' : *text);
	escape_put(b, plain, how);
	explicit_bzero(plain, sizeof plain);
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
		else if (strcmp(name, "session") == 0)
			escape_put(b, s->session, how);
		else if (strcmp(name, "msisdn") == 0)
			escape_put(b, s->msisdn, how);
		else if (strcmp(name, "code") == 0)
			escape_put(b, s->code, how);
		else if (strcmp(name, "url") == 0)
			escape_put(b, s->url, how);
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
