#include "lib/json.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* the library has macros of these names; ours are functions */
#undef json_is_object
#undef json_is_array

/* struct json is never defined: a handle is a json_t under a name of our own, so that no
 * other file needs the library's header. */
static const json_t *
lib(const struct json *j)
{
	return (const json_t *)(const void *)j;
}

static const struct json *
ours(const json_t *j)
{
	return (const struct json *)(const void *)j;
}

struct json *
json_parse(const char *text, size_t n, struct err *err)
{
	json_error_t why;
	json_t *doc = json_loadb(text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

	if (doc == NULL)
		err_set(err, ERR_SYNTAX, FATE_NOT, "not valid JSON");
	return (struct json *)(void *)doc;
}

void
json_free(struct json *doc)
{
	json_decref((json_t *)(void *)doc);
}

const struct json *
json_get(const struct json *of, const char *key)
{
	return of == NULL ? NULL : ours(json_object_get(lib(of), key));
}

const struct json *
json_at(const struct json *of, size_t index)
{
	return of == NULL ? NULL : ours(json_array_get(lib(of), index));
}

size_t
json_count(const struct json *of)
{
	if (json_is_array(of))
		return json_array_size(lib(of));
	return json_is_object(of) ? json_object_size(lib(of)) : 0;
}

bool
json_is_object(const struct json *of)
{
	return of != NULL && json_typeof(lib(of)) == JSON_OBJECT;
}

bool
json_is_array(const struct json *of)
{
	return of != NULL && json_typeof(lib(of)) == JSON_ARRAY;
}

bool
json_absent(const struct json *of)
{
	return of == NULL || json_typeof(lib(of)) == JSON_NULL;
}

const char *
json_text(const struct json *of)
{
	return of == NULL ? NULL : json_string_value(lib(of));
}

static bool
digits_i64(const char *s, int64_t *out)
{
	char *end;
	long long v;
	const char *digits = s[0] == '-' ? s + 1 : s;

	if (digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	v = strtoll(s, &end, 10);
	if (errno != 0 || *end != '\0')
		return false;
	*out = v;
	return true;
}

bool
json_i64(const struct json *of, int64_t *out)
{
	if (of == NULL)
		return false;
	if (json_typeof(lib(of)) == JSON_INTEGER) {
		*out = json_integer_value(lib(of));
		return true;
	}
	return json_typeof(lib(of)) == JSON_STRING && digits_i64(json_text(of), out);
}

bool
json_bool(const struct json *of, bool *out)
{
	if (of == NULL ||
	    (json_typeof(lib(of)) != JSON_TRUE && json_typeof(lib(of)) != JSON_FALSE))
		return false;
	*out = json_typeof(lib(of)) == JSON_TRUE;
	return true;
}

const char *
json_get_text(const struct json *of, const char *key)
{
	return json_text(json_get(of, key));
}

bool
json_get_i64(const struct json *of, const char *key, int64_t *out)
{
	return json_i64(json_get(of, key), out);
}
