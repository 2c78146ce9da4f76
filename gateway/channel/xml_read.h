/*
 * xml_read - a value out of a small XML body: an element's text, an attribute, a member
 * of an XML-RPC struct.
 *
 * Reads what operators post, not XML at large: a document with a DOCTYPE or an entity
 * declaration holds nothing, prefixes of names are passed over, the first element that
 * fits counts.  Text in several pieces is not joined.
 *
 * Pure.  Each returns the length, -1 if absent, -2 if malformed, too long for out, or
 * holding a NUL; out is NUL-terminated.
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

#endif
