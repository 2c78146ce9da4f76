/*
 * xml_read - a value out of a small XML body: an element's text, an attribute, a member
 * of an XML-RPC struct.
 *
 * Reads what operators post, not XML at large: a document with a DOCTYPE or an entity
 * declaration holds nothing, prefixes of names are passed over, the first element that
 * fits counts.  Text in several pieces is not joined.
 *
 * Pure.  Those with an out return the length, -1 if absent, -2 if malformed, too long for
 * out, or holding a NUL; out is NUL-terminated.
 */
#ifndef GATEWAY_CHANNEL_XML_READ_H
#define GATEWAY_CHANNEL_XML_READ_H

#include <stdbool.h>
#include <stddef.h>

/* <name>TEXT</name>, with or without CDATA */
long xml_text(const char *xml, size_t n, const char *name, char *out, size_t cap);
/* <element attribute="VALUE"> */
long xml_attribute(const char *xml, size_t n, const char *element, const char *attribute,
                   char *out, size_t cap);
/* <member><name>NAME</name><value><string>TEXT</string></value></member> */
long xml_member(const char *xml, size_t n, const char *name, char *out, size_t cap);
bool xml_has(const char *xml, size_t n, const char *element);
/* Text between tags, entities read; raw: as it stands in CDATA. */
long xml_decode(const char *at, const char *end, bool raw, char *out, size_t cap);

/* A flat document: <root><name>TEXT</name><name/>..</root>, and nothing else in it. */
#define XML_NAME_SIZE 32

/* text is NUL-terminated and dies when the callback returns.  False: enough. */
typedef bool xml_child(void *arg, const char *name, const char *text);

struct xml_flat {
	char root[XML_NAME_SIZE]; /* filled in first */
	char *room;               /* for one text */
	size_t cap;
	xml_child *each; /* for every child, in order */
	void *arg;
};

/* False where the document is anything else, a text does not fit, or `each` had enough;
 * some children may have been told by then. */
bool xml_flat_read(const char *xml, size_t n, struct xml_flat *flat);

#endif
