#include "gateway/channel/escape.h"

#include "lib/http_server.h"
#include "lib/json.h"

#include <string.h>

static void
put_json_escaped(struct buf *b, const char *value)
{
	char quoted[ESCAPE_MAX];
	struct json_writer w;
	struct buf q;

	buf_init(&q, quoted, sizeof quoted);
	jw_init(&w, &q);
	jw_text(&w, NULL, value);
	if (buf_ok(&q) && q.len >= 2)
		buf_put(b, quoted + 1, q.len - 2);
	else
		b->failed = true;
}

static void
put_xml_escaped(struct buf *b, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '&')
			buf_puts(b, "&amp;");
		else if (*value == '<')
			buf_puts(b, "&lt;");
		else if (*value == '>')
			buf_puts(b, "&gt;");
		else if (*value == '"')
			buf_puts(b, "&quot;");
		else
			buf_putc(b, *value);
	}
}

static void
put_url_escaped(struct buf *b, const char *value)
{
	struct buf v;
	char pair[ESCAPE_MAX];

	buf_init(&v, pair, sizeof pair);
	form_put(&v, "", value); /* "=VALUE" */
	if (buf_ok(&v))
		buf_puts(b, pair + 1);
	else
		b->failed = true;
}

void
escape_put(struct buf *b, const char *value, enum escape how)
{
	switch (how) {
	case ESCAPE_URL:
		put_url_escaped(b, value);
		return;
	case ESCAPE_JSON:
		put_json_escaped(b, value);
		return;
	case ESCAPE_XML:
		put_xml_escaped(b, value);
		return;
	case ESCAPE_NONE:
		buf_puts(b, value);
		return;
	}
}

enum escape
escape_of(const char *content_type)
{
	return strstr(content_type, "json") != NULL   ? ESCAPE_JSON
	       : strstr(content_type, "xml") != NULL  ? ESCAPE_XML
	       : strstr(content_type, "form") != NULL ? ESCAPE_URL
	                                              : ESCAPE_NONE;
}
