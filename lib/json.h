/*
 * json - strict reading (jansson behind it) and a streaming writer into a struct buf.
 *
 * The reader refuses duplicate keys, trailing bytes, numbers beyond int64, bad UTF-8 and
 * depth over 2,048.  No floating point anywhere: a number with a fraction reads as
 * absent, unless json_quote_fractions() made it a text first.
 */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; /* a parsed document or a part of one */

/* Owned by the caller: json_free.  NULL with *err set (ERR_SYNTAX) on failure. */
struct json *json_parse(const char *text, size_t n, struct err *err);
/* The document with each number that has a fraction and no exponent in quotes, so that
 * 4.37 reads as the text "4.37" and never as binary floating point.  malloc'ed, *n is its
 * length; NULL: no memory. */
char *json_quote_fractions(const char *text, size_t *n);
/* json_parse of that: every number with a fraction reads as a text. */
struct json *json_parse_quoted(const char *text, size_t n, struct err *err);
void json_free(struct json *doc); /* frees the whole document; NULL is fine */

/* All getters borrow from the document and accept NULL for `of` (answer: nothing). */
const struct json *json_get(const struct json *of, const char *key);
const struct json *json_at(const struct json *of, size_t index);
size_t json_count(const struct json *of); /* of an array or object, else 0 */
bool json_is_object(const struct json *of);
bool json_is_array(const struct json *of);
bool json_absent(const struct json *of); /* not there, or null */
/* The text of a string; NULL for anything else. */
const char *json_text(const struct json *of);
/* A number, or a string of decimal digits, as providers write either. */
bool json_i64(const struct json *of, int64_t *out);
bool json_bool(const struct json *of, bool *out);
/* Short forms for json_text(json_get(of, key)) and so on. */
const char *json_get_text(const struct json *of, const char *key);
bool json_get_i64(const struct json *of, const char *key, int64_t *out);

/* Writer: commas are placed for you.  A key of NULL writes an array element. */
struct json_writer {
	struct buf *out;
	unsigned depth;
	bool comma;
};

void jw_init(struct json_writer *w, struct buf *out);
void jw_object(struct json_writer *w, const char *key);
void jw_array(struct json_writer *w, const char *key);
void jw_end_object(struct json_writer *w);
void jw_end_array(struct json_writer *w);
void jw_text(struct json_writer *w, const char *key,
             const char *value); /* NULL writes null */
void jw_text_n(struct json_writer *w, const char *key, const char *value, size_t n);
void jw_i64(struct json_writer *w, const char *key, int64_t value);
/* Nothing if it is nil. */
void jw_uuid(struct json_writer *w, const char *key, const struct uuid *value);
void jw_bool(struct json_writer *w, const char *key, bool value);
void jw_null(struct json_writer *w, const char *key);
void jw_raw(struct json_writer *w, const char *key, const char *json); /* already JSON */

#endif
