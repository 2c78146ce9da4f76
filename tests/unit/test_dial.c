/* What is dialled behind the service code: cut off, read as parts, given to the menus. */
#include "ussd/core/dial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- the service code ---- */

static void
behind_the_code(void **state)
{
	static const struct {
		const char *service, *dialled;
		const char *rest; /* NULL: another code */
	} rows[] = {
		{ "*384*77#", "*384*77#", "" },
		{ "*384*77#", "384*77", "" },
		{ "*384*77#", "*384*77*1*2#", "1*2" },
		{ "*384*77#", "384*77*1*2", "1*2" },
		{ "*384*77#", "*384*77*1*2", "1*2" },
		{ "384*77", "*384*77*1#", "1" },
		{ "*384*77#", "*384*77*1**2#", "1**2" },
		{ "*384*77#", "*384*77*#", "" },
		{ "#150*8#", "#150*8*3#", "3" },
		/* neighbours on the same code, and other codes */
		{ "*384*77#", "*384*771#", NULL },
		{ "*384*77#", "*384*7#", NULL },
		{ "*384*77#", "*384#", NULL },
		{ "*384*77#", "*385*77*1#", NULL },
		{ "*384*77#", "*384*77#1#", NULL },
		{ "*384*77#", "", NULL },
		{ "*384*77#", "***###", NULL },
		{ "", "*384*77*1#", NULL },
		{ "#", "*384*77*1#", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct dial_text rest;
		bool is = dial_behind(rows[i].service, rows[i].dialled,
		                      strlen(rows[i].dialled), &rest);

		if (is != (rows[i].rest != NULL) ||
		    rest.len != strlen(is ? rows[i].rest : "") ||
		    memcmp(rest.at, is ? rows[i].rest : "", rest.len) != 0)
			fail_msg("%s behind %s: %.*s", rows[i].dialled, rows[i].service,
			         (int)rest.len, rest.at);
	}
}

static void
parts(void **state)
{
	static const struct {
		const char *text, *parts;
	} rows[] = {
		{ "", "" },
		{ "1", "1 " },
		{ "1*2", "1 2 " },
		{ "1*2#", "1 2 " },
		/* a carrier gives the code as if it were typed */
		{ "*384*77#", "" },
		{ "*384*77*1*2#", "1 2 " },
		{ "384*77", "" },
		{ "384*77*5", "5 " },
		{ "*385*1#", "" },
		{ "#1#", "" },
		{ "7*98*0*00*12", "7 98 0 00 12 " },
		{ "1*2*3*4*5*6*7*8*9*10", "1 2 3 4 5 6 7 8 " },
		/* no choice is so: neither it nor what stands behind it is kept */
		{ "1*50000*1*1234", "1 ? " },
		{ "1234", "? " },
		{ "1*1234*2", "1 ? " },
		{ "1*a*2", "1 ? " },
		{ "1**2", "1 ? " },
		{ "1* 2", "1 ? " },
		{ "1*-2", "1 ? " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char got[64] = "";
		struct dial d;

		dial_read("*384*77#", rows[i].text, strlen(rows[i].text), &d);
		for (unsigned p = 0; p < d.count; p++)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s ",
			         d.part[p]);
		assert_string_equal(got, rows[i].parts);
		assert_int_equal(d.next, 0);
	}
}

/* ---- the menus ---- */

static const char menus[] = "screen home\n"
                            "  say \"Home\"\n"
                            "  1 \"Save\" -> save\n"
                            "  2 \"Account\" -> account\n"
                            "  3 \"Price\" -> price\n"
                            "  4 \"Lots\" -> lots.load\n"
                            "  5 \"Language\" -> language\n"
                            "  6 \"For officers\" -> work if role officer\n"
                            "  7 \"Chain\" -> chain\n"
                            "  8 \"Who\" -> who\n"
                            "  10 \"Terms\" -> terms\n"
                            "screen save\n"
                            "  say \"How much?\"\n"
                            "  ask amount money 1..100\n"
                            "  1 \"Why\" -> account\n"
                            "  -> save.confirm\n"
                            "screen save.confirm\n"
                            "  say \"Save {amount|money}?\"\n"
                            "  1 \"Yes\" -> save.do\n"
                            "  2 \"No\" -> home\n"
                            "screen save.do\n"
                            "  do save(amount) once\n"
                            "    ok -> done\n"
                            "    pending -> done\n"
                            "    fail * -> home\n"
                            "screen done\n"
                            "  end \"Done.\"\n"
                            "screen account\n"
                            "  say \"Account\"\n"
                            "  1 \"Take all\" -> take\n"
                            "  2 \"PIN\" -> pin.old\n"
                            "  3 \"Read\" -> reading\n"
                            "  4 \"Over\" -> done\n"
                            "screen reading\n"
                            "  say \"Nothing to choose.\"\n"
                            "screen pin.old\n"
                            "  pin \"Old PIN\"\n"
                            "  do pin.old()\n"
                            "    ok -> home\n"
                            "    fail * -> home\n"
                            "screen take\n"
                            "  say \"Take all?\"\n"
                            "  1 \"Yes\" -> take.pin\n"
                            "  2 \"No\" -> home\n"
                            "screen take.pin\n"
                            "  pin \"PIN\"\n"
                            "  do take() once\n"
                            "    ok -> done\n"
                            "    pending -> done\n"
                            "    fail * -> home\n"
                            "screen price\n"
                            "  say \"Which?\"\n"
                            "  ask mineral choice\n"
                            "  1 \"Gold\" set mineral \"gold\"\n"
                            "  2 \"Tin\" set mineral \"tin\"\n"
                            "  do price(mineral)\n"
                            "    ok -> price.view\n"
                            "    fail no_price \"No price today.\" -> home\n"
                            "    fail * -> home\n"
                            "screen price.view\n"
                            "  say \"Price\"\n"
                            "  1 \"Other\" -> price\n"
                            "screen lots.load\n"
                            "  do lots()\n"
                            "    ok -> lots\n"
                            "    fail * -> home\n"
                            "screen lots\n"
                            "  list \"{name:5}\" -> lot\n"
                            "screen lot\n"
                            "  say \"Lot {name:5}\"\n"
                            "  1 \"Sell\" -> take\n"
                            "screen language\n"
                            "  say \"Which?\"\n"
                            "  ask language choice\n"
                            "  1 \"English\" set language \"en\"\n"
                            "  do language(language)\n"
                            "    ok -> home\n"
                            "    fail * -> home\n"
                            "screen work if role officer\n"
                            "  say \"Work\"\n"
                            "  1 \"Home\" -> home\n"
                            /* a deed behind a look, behind a door */
                            "screen chain\n"
                            "  say \"Chain\"\n"
                            "  1 \"On\" -> chain.door\n"
                            "screen chain.door if not shut\n"
                            "  if open -> chain.look\n"
                            "  say \"Door\"\n"
                            "screen chain.look\n"
                            "  do lots()\n"
                            "    ok -> save.do\n"
                            "    fail * -> home\n"
                            "screen terms entry read if not shut\n"
                            "  say \"Terms\"\n"
                            "  1 \"On\" -> account\n"
                            "screen who\n"
                            "  say \"Who?\"\n"
                            "  ask name text(10)\n"
                            "  -> home\n";

static const struct menu_action actions[] = {
	{ .name = "save", .changes = true, .money = true },
	{ .name = "take", .changes = true, .secret = true },
	{ .name = "pin.old", .secret = true },
	{ .name = "price" },
	{ .name = "lots" },
	{ .name = "language", .keeps = true },
};

struct world {
	struct arena *arena;
	struct menu_program *program;
	struct menu_state state;
	struct menu_out out;
};

static int
open_menus(void **state)
{
	struct menu_file file = { "t.menu", menus, sizeof menus - 1 };
	struct menu_sources in = { .language = "en",
		                   .file = &file,
		                   .files = 1,
		                   .action = actions,
		                   .actions = sizeof actions / sizeof *actions };
	struct world *w = test_calloc(1, sizeof *w);
	struct menu_diags d = { .count = 0 };

	w->arena = arena_new(1 << 22);
	w->program = menu_compile(w->arena, &in, &d);
	if (w->program == NULL)
		print_error("%u: %s\n", d.at[0].at.line, d.at[0].at.text);
	*state = w;
	return w->program == NULL ? -1 : 0;
}

static int
close_menus(void **state)
{
	struct world *w = *state;

	arena_free(w->arena);
	test_free(w);
	return 0;
}

/* An action's outcome; `lots` has two. */
static void
act(struct world *w, const struct menu_facts *facts, const char *outcome)
{
	struct menu_result r = { *outcome == '\0' ? MENU_OK : MENU_FAIL, outcome };

	if (strcmp(w->out.action, "lots") == 0)
		for (int i = 0; i < 2; i++) {
			assert_true(menu_row_add(&w->state));
			assert_true(menu_row_text(&w->state, "name", i == 0 ? "a" : "b"));
		}
	menu_resume(w->program, &w->state, &r, facts, 0, &w->out);
}

/* Dials; the number of parts that were given, or -1 if an action would change something.
 */
static int
dial(struct world *w, const char *text, const char *outcome)
{
	struct menu_facts facts = { .currency = "TZS", .exponent = 2 };
	struct dial_menu at = { w->program, &w->state, &facts, 0 };
	struct dial d;
	int given = 0;

	dial_read("*384*77#", text, strlen(text), &d);
	memset(&w->state, 0, sizeof w->state);
	menu_start(w->program, &w->state, NULL, &facts, 0, &w->out);
	for (;;) {
		given += (int)dial_play(&d, &at, &w->out);
		if (w->out.want != MENU_DO)
			break;
		if (w->out.once || w->out.secret[0] != '\0')
			return -1;
		act(w, &facts, outcome);
	}
	assert_int_equal(d.next, d.count);
	return given;
}

static void
menus_take_what_was_dialled(void **state)
{
	static const struct {
		const char *dialled, *outcome;
		int given;
		const char *screen, *shows;
	} rows[] = {
		{ "", "", 0, "home", "Home" },
		{ "2", "", 1, "account", "Account" },
		{ "2*1", "", 2, "take", "Take all?" },
		{ "2*3", "", 2, "reading", "Nothing" },
		{ "2*4*1", "", 2, "done", "Done." },
		{ "2*0*3", "", 3, "price", "Which?" },
		{ "2*1*00", "", 2, "take", "Take all?" },
		/* what a choice looks up, and a list */
		{ "3*2", "", 2, "price.view", "Price" },
		{ "3*2*1*1", "", 4, "price.view", "Price" },
		{ "4*2", "", 2, "lot", "Lot b" },
		{ "4*2*1", "", 3, "take", "Take all?" },
		/* the first screen that wants something else is the last one */
		{ "1*1*2", "", 1, "save", "How much?" },
		{ "1*50*1", "", 1, "save", "How much?" },
		{ "8*1", "", 1, "who", "Who?" },
		{ "2*2*12*3", "", 2, "pin.old", "Old PIN" },
		{ "2*3*1*3", "", 2, "reading", "Nothing" },
		/* a yes to what will be done is hers to say, and so is the no */
		{ "2*1*1*1234", "", 2, "take", "Take all?" },
		{ "2*1*2", "", 2, "take", "Take all?" },
		{ "5*1", "", 1, "language", "Which?" },
		{ "7*1", "", 1, "chain", "Chain" },
		{ "10*1", "", 1, "terms", "Terms" },
		/* as typed: the menu again, and nothing behind it */
		{ "9*2", "", 1, "home", "Home" },
		{ "6*1", "", 1, "home", "Home" },
		{ "2*77*3", "", 2, "account", "Account" },
		{ "2*1234*3", "", 2, "account", "Account" },
		{ "4*3*1", "", 2, "lots", "1 a" },
		/* why it failed is read before anything goes on */
		{ "3*1*2", "no_price", 2, "home", "No price today.\nHome" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int given = dial(w, rows[i].dialled, rows[i].outcome);
		const char *name = menu_screen_name(w->program, &w->state);

		if (given != rows[i].given || strcmp(name, rows[i].screen) != 0 ||
		    strstr(w->out.text, rows[i].shows) == NULL)
			fail_msg("%s: %d parts to %s\n%s", rows[i].dialled, given, name,
			         w->out.text);
	}
}

static void
a_wrong_choice_is_told_as_if_typed(void **state)
{
	struct world *w = *state;
	struct menu_facts facts = { .currency = "TZS" };
	char typed[MENU_TEXT_BYTES + 1];

	memset(&w->state, 0, sizeof w->state);
	menu_start(w->program, &w->state, NULL, &facts, 0, &w->out);
	menu_step(w->program, &w->state, (struct menu_input){ "9", 1 }, &facts, 0,
	          &w->out);
	memcpy(typed, w->out.text, sizeof typed);
	dial(w, "9", "");
	assert_string_equal(w->out.text, typed);
	dial(w, "1234", "");
	assert_string_equal(w->out.text, typed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(behind_the_code),
		cmocka_unit_test(parts),
		cmocka_unit_test_setup_teardown(menus_take_what_was_dialled, open_menus,
		                                close_menus),
		cmocka_unit_test_setup_teardown(a_wrong_choice_is_told_as_if_typed,
		                                open_menus, close_menus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
