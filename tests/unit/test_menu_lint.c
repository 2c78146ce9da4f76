#include "lib/buf.h"
#include "ussd/core/menu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct menu_action actions[] = {
	{ .name = "pay",
	  .args = "amount",
	  .gives = "code",
	  .reasons = "limit pin_wrong",
	  .changes = true,
	  .money = true,
	  .secret = true },
	{ .name = "look", .gives = "owed name", .reasons = "none" },
};
static const char *const facts[] = { "role.miner", "member" };

#define LONG_40 "1234567890123456789012345678901234567890"
#define CONFIRM                                                                          \
	"screen home\n  say \"{owed|money}\"\n  1 \"Yes\" -> pin\n  2 \"No\" -> home\n"  \
	"  3 \"Ask\" -> ask\n  4 \"Look\" -> look\n"                                     \
	"screen ask\n  ask amount money\n  -> home\n"                                    \
	"screen look\n  do look\n    ok -> home\n    fail * -> home\n"
#define PIN                                                                              \
	"screen pin\n  pin \"PIN\"\n  do pay(amount) once\n    ok -> home\n    pending " \
	"-> home\n"                                                                      \
	"    fail * -> home\n"

static const struct {
	const char *text;
	const char *code; /* the first fault; "" if there must be none */
} rows[] = {
	{ CONFIRM PIN, "" },
	{ "screen home\n  say \"" LONG_40 LONG_40 LONG_40 LONG_40 "1\"\n", "E1" },
	{ "screen home\n  say \"{name}" LONG_40 LONG_40 LONG_40
	  "\"\n  1 \"Look\" -> look\n"
	  "screen look\n  do look\n    ok -> home\n    fail * -> home\n",
	  "E1" },
	{ "screen home\n  say \"a\"\ntext t \"" LONG_40 LONG_40 LONG_40 LONG_40 "1\"\n",
	  "E1" },
	{ "screen home\n  say \"\xe6\x97\xa5\"\n", "E2" },
	{ "screen home\n  say \"a\"\nscreen alone\n  say \"b\"\n", "E4" },
	{ "screen home\n  say \"a\"\nscreen alone entry\n  say \"b\"\n", "" },
	{ "screen home\n  if member > 0 -> a\nscreen a\n  say \"b\"\n", "E5" },
	{ "screen home\n  say \"a\"\nsms \"PAY\" -> a\nsms \"p\xc3\xa0y\" -> b\n", "E8" },
	{ "screen home\n  say \"a\"\nsms \"PAY\" -> a\nsms \"MONEY\" -> b\n", "" },
	/* the word of a topic may be a command too, but not another topic's */
	{ "screen home\n  say \"a\"\nsms \"PAY\" -> pay\nsms \"PAY\" -> topic.a\n", "" },
	{ "screen home\n  say \"a\"\nsms \"PAY\" -> topic.a\nsms \"PAY\" -> topic.b\n",
	  "E8" },
	{ "screen home\n  do look\n    ok -> a\nscreen a\n  say \"b\"\n", "E9" },
	{ "screen home\n  do look\n    fail * -> a\nscreen a\n  say \"b\"\n", "E9" },
	{ "screen home\n  do look\n    ok -> a\n    fail odd -> a\n    fail * -> a\n"
	  "screen a\n  say \"b\"\n",
	  "E9" },
	{ "screen home\n  do gone\n    ok -> a\n    fail * -> a\nscreen a\n  say \"b\"\n",
	  "E9" },
	{ "screen home\n  do look once\n    ok -> a\n    pending -> a\n    fail * -> a\n"
	  "screen a\n  say \"b\"\n",
	  "E9" },
	{ CONFIRM "screen pin\n  pin \"PIN\"\n  do pay(sum=amount) once\n    ok -> home\n"
	          "    pending -> home\n    fail * -> home\n",
	  "E9" },
	{ CONFIRM "screen pin\n  pin \"PIN\"\n  -> home\n", "E10" },
	{ CONFIRM
	  "screen pin\n  do pay(amount) once\n    ok -> home\n    pending -> home\n"
	  "    fail * -> home\n",
	  "E10" },
	{ "screen home\n  ask amount money\n  -> pin\n" PIN, "E11" },
	{ "screen home\n  say \"{nothing:5}\"\n", "E13" },
	{ "screen home\n  say \"a\" if role queen\n", "E13" },
	{ "screen home\n  say \"a\" if role miner\n", "" },
	{ "screen home\n  1 \"Work\" -> home\n  2 \"Workers\" -> home\n", "" },
	{ "screen home\n  1 \"Sell gold\" -> home\n  2 \"Sell tin\" -> home\n", "W5" },
	{ "screen home\n  1 \"Many words in here\" -> home\n", "W4" },
	{ "screen home\n  1 \"A\" -> home\n  2 \"B\" -> home\n  3 \"C\" -> home\n  4 "
	  "\"D\" -> home\n"
	  "  5 \"E\" -> home\n  6 \"F\" -> home\n",
	  "W1" },
};

static struct menu_program *
lint(struct arena *arena, const char *text, const char *locked, struct menu_diags *d)
{
	struct menu_file file = { "t.menu", text, strlen(text) };
	struct menu_sources in = { .language = "en", .file = &file, .files = 1 };
	struct menu_program *p;

	in.action = actions;
	in.actions = sizeof actions / sizeof *actions;
	in.fact = facts;
	in.facts = sizeof facts / sizeof *facts;
	memset(d, 0, sizeof *d);
	p = menu_compile(arena, &in, d);
	if (p != NULL)
		menu_lint(p, locked, locked == NULL ? 0 : strlen(locked), d);
	return p;
}

static void
each_fault_has_its_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena *arena = arena_new(1 << 20);
		struct menu_diags d;

		assert_non_null(lint(arena, rows[i].text, NULL, &d));
		if (strcmp(d.count == 0 ? "" : d.at[0].code, rows[i].code) != 0)
			fail_msg("row %zu: wanted %s, got %s %s", i, rows[i].code,
			         d.at[0].code, d.at[0].at.text);
		if (rows[i].code[0] == 'E')
			assert_true(d.errors > 0 && d.at[0].at.line > 0);
		arena_free(arena);
	}
}

static void
digits_do_not_move(void **state)
{
	static const struct {
		const char *locked;
		size_t errors;
	} row[] = {
		{ "home 1 home Work\nhome 2 home Rest\n", 0 },
		{ "home 1 home Toil\n", 0 },          /* another word, same screen  */
		{ "home 1 work Work\n", 0 },          /* a screen's name changed    */
		{ "home 1 sell Sell\n", 1 },          /* another thing              */
		{ "home 7 sell Sell\nx 1 y Z\n", 0 }, /* retired, and a screen gone */
		{ "", 0 },
		{ "home\nhome 1\n#\n\n", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct arena *arena = arena_new(1 << 20);
		struct menu_diags d;

		lint(arena, "screen home\n  1 \"Work\" -> home\n  2 \"Rest\" -> home\n",
		     row[i].locked, &d);
		assert_int_equal(d.errors, row[i].errors);
		if (d.errors > 0)
			assert_string_equal(d.at[0].code, "E12");
		arena_free(arena);
	}
}

/* A .mo of one translation. */
static size_t
one_mo(uint8_t *out, const char *id, const char *text)
{
	const uint32_t head[] = { 0x950412de,
		                  0,
		                  1,
		                  28,
		                  36,
		                  0,
		                  0,
		                  (uint32_t)strlen(id),
		                  44,
		                  (uint32_t)strlen(text),
		                  45 + (uint32_t)strlen(id) };

	memcpy(out, head, sizeof head);
	memcpy(out + 44, id, strlen(id) + 1);
	memcpy(out + 45 + strlen(id), text, strlen(text) + 1);
	return 46 + strlen(id) + strlen(text);
}

static void
translations_are_compared(void **state)
{
	static const struct {
		const char *text, *code;
	} row[] = {
		{ "Deni {owed|money}", "" },
		{ "Deni {owed}", "E7" },
		{ "Deni", "E7" },
		{ "Deni {owed|money} \xe6\x97\xa5", "E2" },
		{ "Deni {owed|money} " LONG_40 LONG_40 LONG_40 "12345", "E1" },
	};

	static const char text[] = "screen home\n  say \"Debt {owed|money}\"\n";

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct arena *arena = arena_new(1 << 20);
		uint8_t mo[512];
		struct menu_file file = { "t.menu", text, strlen(text) };
		struct menu_catalog catalog = { "sw", mo, 0 };
		struct menu_sources in = { .language = "en", .file = &file, .files = 1 };
		struct menu_diags d;
		struct menu_program *p;
		bool found = *row[i].code == '\0';

		catalog.len = one_mo(mo, "home\4Debt {owed|money}", row[i].text);
		in.catalog = &catalog;
		in.catalogs = 1;
		memset(&d, 0, sizeof d);
		p = menu_compile(arena, &in, &d);
		assert_non_null(p);
		menu_lint(p, NULL, 0, &d);
		for (size_t k = 0; k < d.count; k++)
			if (strcmp(d.at[k].code, "E6") != 0) /* the engine's own texts */
				found = strcmp(d.at[k].code, row[i].code) == 0 || found;
		if (!found)
			fail_msg("row %zu: no %s", i, row[i].code);
		arena_free(arena);
	}
}

static void
exports_hold_the_screens(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	static char room[8192];
	struct menu_diags d;
	struct menu_program *p = lint(arena, CONFIRM PIN, NULL, &d);
	struct buf out;

	(void)state;
	buf_init(&out, room, sizeof room);
	menu_digits(p, &out);
	assert_non_null(strstr(room, "home 1 pin Yes\n"));
	buf_init(&out, room, sizeof room);
	menu_pot(p, &out);
	assert_non_null(
	    strstr(room, "#: t.menu:3\nmsgctxt \"home\"\nmsgid \"Yes\"\nmsgstr \"\""));
	assert_non_null(strstr(room, "msgctxt \"engine\"\nmsgid \"Back\""));
	buf_init(&out, room, sizeof room);
	menu_graph(p, MENU_DOT, &out);
	assert_non_null(strstr(room, "\"home\" -> \"pin\" [label=\"1 Yes\"];"));
	buf_init(&out, room, sizeof room);
	menu_graph(p, MENU_MERMAID, &out);
	assert_non_null(strstr(room, "s3{{pin}}"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_its_code),
		cmocka_unit_test(digits_do_not_move),
		cmocka_unit_test(translations_are_compared),
		cmocka_unit_test(exports_hold_the_screens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
