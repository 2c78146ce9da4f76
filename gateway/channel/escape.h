/*
 * escape - a value written into somebody's template, so that it stays a value.
 *
 * Pure.
 */
#ifndef GATEWAY_CHANNEL_ESCAPE_H
#define GATEWAY_CHANNEL_ESCAPE_H

#include "lib/buf.h"

#define ESCAPE_MAX 6000 /* bytes of a value, escaped; more fails the buffer */

enum escape { ESCAPE_URL, ESCAPE_JSON, ESCAPE_XML, ESCAPE_NONE };

/* As a content type wants it: inside a JSON string, in XML, in a form. */
enum escape escape_of(const char *content_type);
void escape_put(struct buf *b, const char *value, enum escape how);

#endif
