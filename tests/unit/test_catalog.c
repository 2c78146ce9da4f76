#include "ussd/core/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TEXTS 4

/* Sorted, as msgfmt writes them. */
static const struct {
	const char *id, *text;
} texts[TEXTS] = {
	{ "", "header" },
	{ "home\4Back", "Rudi" },
	{ "home\4Backward", "" },
	{ "loan\4Back", "Nyuma" },
};

static void
put32(uint8_t *at, uint32_t v, bool swapped)
{
	for (unsigned i = 0; i < 4; i++)
		at[swapped ? 3 - i : i] = (uint8_t)(v >> (8 * i));
}

static size_t
write_mo(uint8_t *out, bool swapped)
{
	uint32_t at = 28 + TEXTS * 16;

	memset(out, 0, 512);
	put32(out, 0x950412de, swapped);
	put32(out + 8, TEXTS, swapped);
	put32(out + 12, 28, swapped);
	put32(out + 16, 28 + TEXTS * 8, swapped);
	for (uint32_t i = 0; i < 2 * TEXTS; i++) {
		const char *text = i < TEXTS ? texts[i].id : texts[i - TEXTS].text;
		uint32_t n = (uint32_t)strlen(text);

		put32(out + 28 + i * 8, n, swapped);
		put32(out + 32 + i * 8, at, swapped);
		memcpy(out + at, text, n + 1);
		at += n + 1;
	}
	return at;
}

static void
texts_are_found_by_context(void **state)
{
	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		uint8_t mo[512];
		struct catalog c;

		assert_true(catalog_open(&c, mo, write_mo(mo, swapped)));
		assert_string_equal(catalog_find(&c, "home", "Back"), "Rudi");
		assert_string_equal(catalog_find(&c, "loan", "Back"), "Nyuma");
		assert_null(catalog_find(&c, "home", "Backward")); /* not translated */
		assert_null(catalog_find(&c, "home", "Bac"));
		assert_null(catalog_find(&c, "hom", "Back"));
		assert_null(catalog_find(&c, "homes", "Back"));
		assert_null(catalog_find(&c, "", ""));
		assert_null(catalog_find(&c, "zz", "z"));
	}
}

static void
damage_is_noticed(void **state)
{
	uint8_t mo[512], cut[512];
	size_t n = write_mo(mo, false);
	struct catalog c;

	(void)state;
	assert_false(catalog_open(&c, NULL, 0));
	for (size_t len = 0; len < n; len++) {
		memcpy(cut, mo, len);
		if (catalog_open(&c, cut, len))
			(void)catalog_find(&c, "loan", "Back"); /* must not read beyond */
	}
	for (size_t i = 0; i < n; i++) {
		memcpy(cut, mo, n);
		cut[i] ^= 0xff;
		if (catalog_open(&c, cut, n))
			(void)catalog_find(&c, "loan", "Back");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_found_by_context),
		cmocka_unit_test(damage_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
