#include "gateway/channel/xml_read.h"

#include "lib/hex.h"
#include "lib/utf8.h"

#include <stdint.h>
#include <string.h>

struct span {
	const char *at, *end;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *
find(struct span s, const char *what)
{
	return s.at < s.end ? memmem(s.at, (size_t)(s.end - s.at), what, strlen(what))
	                    : NULL;
}

/* Nobody who means well declares entities here. */
static bool
is_plain(struct span doc)
{
	return find(doc, "<!DOCTYPE") == NULL && find(doc, "<!doctype") == NULL &&
	       find(doc, "<!ENTITY") == NULL;
}

/* Does a tag that begins at p (behind '<') have this name, with any prefix? */
static bool
is_named(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);
	const char *q = p;

	while (q < end && !is_space(*q) && *q != '>' && *q != '/' && *q != ':')
		q++;
	if (q < end && *q == ':')
		p = q + 1;
	return (size_t)(end - p) > n && memcmp(p, name, n) == 0 &&
	       (is_space(p[n]) || p[n] == '>' || p[n] == '/');
}

/* The tag of the first such element: from behind '<' to its '>'. */
static bool
find_tag(struct span doc, const char *name, struct span *tag)
{
	const char *p = doc.at;

	while (p < doc.end && (p = memchr(p, '<', (size_t)(doc.end - p))) != NULL) {
		const char *close = memchr(p, '>', (size_t)(doc.end - p));

		if (close == NULL)
			return false;
		p++;
		if (is_named(p, doc.end, name)) {
			*tag = (struct span){ p, close };
			return true;
		}
	}
	return false;
}

static bool
read_number(const char *at, size_t n, uint32_t *out)
{
	bool hex = n > 0 && (*at == 'x' || *at == 'X');
	uint32_t v = 0;
	size_t i = hex;

	if (i == n || n > 8)
		return false;
	for (; i < n; i++) {
		int d = hex_digit(at[i]);

		if (d < 0 || (!hex && d > 9))
			return false;
		v = v * (hex ? 16 : 10) + (uint32_t)d;
	}
	*out = v;
	return true;
}

/* The character of "&amp;" and so on at *at, which moves behind it; 0 if it is none. */
static uint32_t
read_entity(const char **at, const char *end)
{
	static const struct {
		const char *name;
		char c;
	} named[] = { { "amp", '&' },
		      { "lt", '<' },
		      { "gt", '>' },
		      { "quot", '"' },
		      { "apos", '\'' } };

	const char *p = *at + 1, *semi = memchr(p, ';', (size_t)(end - p));
	size_t n = semi == NULL ? 0 : (size_t)(semi - p);
	uint32_t v;

	if (n == 0)
		return 0;
	*at = semi + 1;
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
		if (strlen(named[i].name) == n && memcmp(p, named[i].name, n) == 0)
			return (uint32_t)named[i].c;
	}
	if (*p != '#' || !read_number(p + 1, n - 1, &v) || v > 0x10ffff ||
	    (v >= 0xd800 && v < 0xe000))
		return 0;
	return v;
}

long
xml_decode(const char *at, const char *end, bool raw, char *out, size_t cap)
{
	struct buf text;

	buf_init(&text, out, cap);
	while (at < end && buf_ok(&text)) {
		if (*at == '&' && !raw) {
			uint32_t c = read_entity(&at, end);

			text.failed |= c == 0;
			utf8_put(&text, c);
		} else {
			text.failed |= *at == '\0';
			buf_putc(&text, *at++);
		}
	}
	if (buf_ok(&text))
		return (long)text.len;
	out[0] = '\0';
	return -2;
}

static long
decode(struct span s, bool raw, char *out, size_t cap)
{
	return xml_decode(s.at, s.end, raw, out, cap);
}

/* What stands between a tag and its end. */
static long
text_of(struct span doc, struct span tag, char *out, size_t cap)
{
	static const char cdata[] = "<![CDATA[";
	struct span text = { tag.end + 1, doc.end };

	if (tag.end > tag.at && tag.end[-1] == '/') {
		out[0] = '\0';
		return 0;
	}
	if (doc.end - text.at > (long)sizeof cdata &&
	    memcmp(text.at, cdata, sizeof cdata - 1) == 0) {
		text.at += sizeof cdata - 1;
		text.end = find(text, "]]>");
		return text.end == NULL ? -2 : decode(text, true, out, cap);
	}
	text.end = memchr(text.at, '<', (size_t)(doc.end - text.at));
	return text.end == NULL ? -2 : decode(text, false, out, cap);
}

long
xml_text(const char *xml, size_t n, const char *name, char *out, size_t cap)
{
	struct span doc = { xml, xml + n }, tag;

	out[0] = '\0';
	if (!is_plain(doc) || !find_tag(doc, name, &tag))
		return -1;
	return text_of(doc, tag, out, cap);
}

long
xml_attribute(const char *xml, size_t n, const char *element, const char *attribute,
              char *out, size_t cap)
{
	struct span doc = { xml, xml + n }, tag;
	size_t len = strlen(attribute);

	out[0] = '\0';
	if (!is_plain(doc) || !find_tag(doc, element, &tag))
		return -1;
	for (const char *p = tag.at; p < tag.end; p++) {
		const char *q = p + 1 + len, *close;

		if (!is_space(*p) || tag.end - p < (long)len + 4 ||
		    memcmp(p + 1, attribute, len) != 0 || *q != '=')
			continue;
		q++;
		if (*q != '"' && *q != '\'')
			return -2;
		/* a value may hold '>', so it is looked for in the whole document */
		close = memchr(q + 1, *q, (size_t)(doc.end - q - 1));
		if (close == NULL)
			return -2;
		return decode((struct span){ q + 1, close }, false, out, cap);
	}
	return -1;
}

long
xml_member(const char *xml, size_t n, const char *name, char *out, size_t cap)
{
	struct span doc = { xml, xml + n }, tag;
	char text[64];

	out[0] = '\0';
	if (!is_plain(doc))
		return -1;
	while (find_tag(doc, "member", &tag)) {
		struct span rest = { tag.end, doc.end }, value;

		doc.at = tag.end;
		if (!find_tag(rest, "name", &value))
			return -1;
		if (text_of(rest, value, text, sizeof text) < 0 ||
		    strcmp(text, name) != 0)
			continue;
		rest.at = value.end;
		if (!find_tag(rest, "value", &value))
			return -2;
		/* <value>text</value> or <value><type>text</type></value> */
		const char *p = value.end + 1;
		if (p + 1 < rest.end && *p == '<' && p[1] != '/' && p[1] != '!') {
			const char *close = memchr(p, '>', (size_t)(rest.end - p));

			if (close == NULL)
				return -2;
			value = (struct span){ p + 1, close };
		}
		return text_of(rest, value, out, cap);
	}
	return -1;
}

bool
xml_has(const char *xml, size_t n, const char *element)
{
	struct span doc = { xml, xml + n }, tag;

	return is_plain(doc) && find_tag(doc, element, &tag);
}
