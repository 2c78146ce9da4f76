/* A flat document, read from its first byte to its last: what stands inside a text can
 * never be taken for a field. */
#include "gateway/channel/xml_read.h"

#include <string.h>

struct walk {
	const char *at, *end;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_space(struct walk *w)
{
	while (w->at < w->end && is_space(*w->at))
		w->at++;
}

static bool
begins(const struct walk *w, const char *what)
{
	size_t n = strlen(what);

	return (size_t)(w->end - w->at) >= n && memcmp(w->at, what, n) == 0;
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static bool
take_name(struct walk *w, char name[XML_NAME_SIZE])
{
	size_t n = 0;

	while (w->at < w->end && is_name(*w->at) && n + 1 < XML_NAME_SIZE)
		name[n++] = *w->at++;
	name[n] = '\0';
	return n > 0;
}

/* "<name>", "<name/>"; attributes are nothing that a flat document has. */
static bool
open_tag(struct walk *w, char name[XML_NAME_SIZE], bool *is_empty)
{
	if (!begins(w, "<"))
		return false;
	w->at++;
	if (!take_name(w, name))
		return false;
	skip_space(w);
	*is_empty = begins(w, "/");
	w->at += *is_empty;
	if (!begins(w, ">"))
		return false;
	w->at++;
	return true;
}

static bool
close_tag(struct walk *w, const char *name)
{
	char closed[XML_NAME_SIZE];

	if (!begins(w, "</"))
		return false;
	w->at += 2;
	if (!take_name(w, closed) || strcmp(closed, name) != 0)
		return false;
	skip_space(w);
	if (!begins(w, ">"))
		return false;
	w->at++;
	return true;
}

static bool
take_text(struct walk *w, struct xml_flat *f)
{
	static const char cdata[] = "<![CDATA[";
	bool raw = begins(w, cdata);
	const char *from = w->at + (raw ? sizeof cdata - 1 : 0);
	size_t left = (size_t)(w->end - from);
	const char *to = raw ? memmem(from, left, "]]>", 3) : memchr(from, '<', left);

	if (to == NULL)
		return false;
	w->at = to + (raw ? 3 : 0);
	return xml_decode(from, to, raw, f->room, f->cap) >= 0;
}

static bool
take_child(struct walk *w, struct xml_flat *f)
{
	char name[XML_NAME_SIZE];
	bool is_empty;

	f->room[0] = '\0';
	if (!open_tag(w, name, &is_empty))
		return false;
	if (!is_empty && (!take_text(w, f) || !close_tag(w, name)))
		return false;
	return f->each(f->arg, name, f->room);
}

/* <?xml version="1.0" ..?> */
static bool
skip_prolog(struct walk *w)
{
	const char *over;

	skip_space(w);
	if (!begins(w, "<?xml"))
		return true;
	over = memmem(w->at, (size_t)(w->end - w->at), "?>", 2);
	w->at = over == NULL ? w->end : over + 2;
	skip_space(w);
	return over != NULL;
}

bool
xml_flat_read(const char *xml, size_t n, struct xml_flat *f)
{
	struct walk w = { xml, xml + n };
	bool is_empty;

	f->root[0] = '\0';
	if (!skip_prolog(&w) || !open_tag(&w, f->root, &is_empty))
		return false;
	skip_space(&w);
	while (!is_empty && !begins(&w, "</")) {
		if (!take_child(&w, f))
			return false;
		skip_space(&w);
	}
	if (!is_empty && !close_tag(&w, f->root))
		return false;
	skip_space(&w);
	return w.at == w.end;
}
