/* Form bodies and queries, as strangers write them; and heads of requests. */
#include "lib/buf.h"
#include "lib/http_head.h"
#include "lib/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *form, *name;
	long len;
	const char *value;
} forms[] = {
	{ "a=1&b=2", "b", 1, "2" },
	{ "a=1&b=2", "c", -1, "" },
	{ "text=*384*77%23", "text", 8, "*384*77#" },
	{ "t=a+b%20c", "t", 5, "a b c" },
	{ "t=%C3%A9", "t", 2, "\xc3\xa9" },
	{ "a%62=1", "ab", 1, "1" },
	{ "empty=&x=1", "empty", 0, "" },
	{ "flag&x=1", "flag", 0, "" },
	{ "a=b=c", "a", 3, "b=c" },
	{ "a=1&a=2", "a", 1, "1" }, /* the first */
	{ "&&a=1&", "a", 1, "1" },
	{ "ab=1", "a", -1, "" },
	{ "a=1", "ab", -1, "" },
	{ "", "a", -1, "" },
	{ "a=%", "a", -2, "" },
	{ "a=%4", "a", -2, "" },
	{ "a=%zz", "a", -2, "" },
	{ "a=x%00y", "a", -2, "" },
	{ "a=0123456789", "a", -2, "" }, /* ten bytes and the NUL: too long */
	{ "a=012345678", "a", 9, "012345678" },
	{ "%zz=1&a=2", "a", 1, "2" },
};

static void
fields_are_found_and_decoded(void **state)
{

	char out[10];
	(void)state;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		long n = form_get(forms[i].form, strlen(forms[i].form), forms[i].name,
		                  out, sizeof out);

		assert_int_equal(n, forms[i].len);
		assert_string_equal(out, forms[i].value);
	}
	assert_int_equal(form_get(NULL, 0, "a", out, sizeof out), -1);
	assert_int_equal(form_get("a=x\0y", 5, "a", out, sizeof out), -2);
	assert_int_equal(form_get("a=1", 3, "a", out, 0), -2);
}

static void
what_is_put_comes_back(void **state)
{
	static const char *const values[] = {
		"", "plain", "a b&c=d%", "*384*77#", "\x01\xff\xc3\xa9", "-._~"
	};
	char storage[256], out[64];
	struct buf b;
	(void)state;

	buf_init(&b, storage, sizeof storage);
	for (size_t i = 0; i < 6; i++) {
		char name[2] = { (char)('a' + i), '\0' };

		form_put(&b, name, values[i]);
	}
	assert_true(buf_ok(&b));
	for (size_t i = 0; i < 6; i++) {
		char name[2] = { (char)('a' + i), '\0' };

		assert_int_equal(form_get(b.at, b.len, name, out, sizeof out),
		                 (long)strlen(values[i]));
		assert_string_equal(out, values[i]);
	}
	assert_non_null(strstr(b.at, "&f=-._~"));
}

/* A chunked body cut into pieces of every size reads the same. */
static void
chunks_do_not_care_where_the_network_cuts(void **state)
{
	static const char wire[] =
	    "4\r\nWiki\r\n6;x=\"y\"\r\npedia \r\nA \r\n0123456789\r\n"
	    "0\r\nT: t\r\n\r\nGET /next";
	(void)state;

	for (size_t piece = 1; piece < sizeof wire; piece++) {
		struct http_chunked c = { .state = HTTP_CHUNK_SIZE };
		char body[64];
		size_t n = 0, at = 0;

		while (at < sizeof wire - 1 && c.state != HTTP_CHUNK_DONE) {
			char part[sizeof wire];
			size_t len =
			    sizeof wire - 1 - at < piece ? sizeof wire - 1 - at : piece;
			size_t kept, used;

			memcpy(part, wire + at, len);
			used = http_chunked_read(&c, part, len, &kept);
			memcpy(body + n, part, kept);
			n += kept;
			at += used;
		}
		assert_int_equal(c.state, HTTP_CHUNK_DONE);
		assert_int_equal(n, 20);
		assert_memory_equal(body, "Wikipedia 0123456789", 20);
		assert_string_equal(wire + at, "GET /next");
	}
}

static void
broken_chunks_are_noticed(void **state)
{
	static const char *const rows[] = {
		"\r\n",    "x\r\n",       "-1\r\n",       "1\n",
		"1\r\nab", "1\r\na\r\r",  "1\rx",         "fffffffffffffffffffff\r\n",
		" 1\r\na", "0\r\nT: t\n", "0x1\r\na\r\n", "1;\n",
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_chunked c = { .state = HTTP_CHUNK_SIZE };
		char part[64];
		size_t kept;

		strncpy(part, rows[i], sizeof part - 1);
		http_chunked_read(&c, part, strlen(rows[i]), &kept);
		assert_int_equal(c.state, HTTP_CHUNK_BROKEN);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_and_decoded),
		cmocka_unit_test(what_is_put_comes_back),
		cmocka_unit_test(chunks_do_not_care_where_the_network_cuts),
		cmocka_unit_test(broken_chunks_are_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
