/* The menus of config/menus, dialled deep a hundred thousand times, with whatever the
 * actions may answer: nothing is ever done, and no PIN is given.  SEED=n repeats a run.
 */
#include "config/settings.h"
#include "gateway/menus.h"
#include "ussd/core/dial.h"
#include "ussd/flow/dialog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIALS   100000
#define ACTIONS 64 /* behind one dial */

static struct menus menus;
static uint64_t chance;

static unsigned
dice(unsigned sides)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (unsigned)(chance % sides);
}

static const struct menu_action *
action_of(const char *name)
{
	size_t n;
	const struct menu_action *list = dialog_actions(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	fail_msg("no action %s", name);
	return NULL;
}

/* One of a list of words, in place; "" if there is none. */
static const char *
any_word(const char *list, char *out, size_t cap)
{
	unsigned words = 1;

	snprintf(out, cap, "%s", list == NULL ? "" : list);
	for (const char *c = out; *c != '\0'; c++)
		words += *c == ' ';
	char *word = out;
	for (unsigned skip = dice(words); skip > 0; skip--)
		word = strchr(word, ' ') + 1;
	word[strcspn(word, " ")] = '\0';
	return word;
}

static void
outcome(const struct menu_action *known, struct menu_state *s,
        const struct menu_facts *facts, struct menu_out *out)
{
	static const char *const numbers[] = {
		"products", "cashout", "free",   "balance", "mine",  "asked",
		"ways",     "grouped", "closed", "held",    "total", "complete"
	};
	char words[400];
	struct menu_result r = { (enum menu_outcome)dice(3), NULL };

	if (dice(2) == 0)
		r.outcome = MENU_OK;
	if (r.outcome == MENU_FAIL)
		r.reason = any_word(known->reasons, words, sizeof words);
	menu_set_number(s, numbers[dice(sizeof numbers / sizeof *numbers)], dice(3));
	for (unsigned rows = dice(4); rows > 0 && menu_row_add(s); rows--)
		menu_row_text(s, "row", "x");
	menu_resume(menus.program, s, &r, facts, 0, out);
}

/* How many parts were given. */
static unsigned
dial(const char *text, const struct menu_facts *facts)
{
	struct menu_state s = { .screen = 0 };
	struct menu_out out;
	struct dial_menu at = { menus.program, &s, facts, 0 };
	struct dial d;
	unsigned given = 0;

	dial_read("", text, strlen(text), &d);
	menu_start(menus.program, &s, NULL, facts, 0, &out);
	for (unsigned i = 0; i < ACTIONS; i++) {
		given += dial_play(&d, &at, &out);
		if (out.want != MENU_DO)
			break;
		const struct menu_action *known = action_of(out.action);

		if (known->changes || known->money || known->keeps || known->secret ||
		    out.once || out.secret[0] != '\0')
			fail_msg("%s is done by dialling %s", out.action, text);
		outcome(known, &s, facts, &out);
	}
	return given;
}

static void
whatever_is_dialled_nothing_is_done(void **state)
{
	const char *seed = getenv("SEED");
	unsigned longest = 0;

	(void)state;
	chance = seed != NULL ? strtoull(seed, NULL, 10) : 20261129;
	for (unsigned i = 0; i < DIALS; i++) {
		static const char *const roles[] = { "role.miner", "role.treasurer",
			                             "role.officer", "role.weigher" };
		struct menu_value fact[2];
		struct menu_facts facts = { .value = fact,
			                    .count = 2,
			                    .currency = "TZS" };
		char text[40] = "";
		unsigned given;

		menu_value_number(&fact[0], "member", 1);
		menu_value_number(&fact[1], roles[dice(4)], 1);
		for (unsigned part = 0; part < DIAL_PARTS; part++)
			snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u",
			         part == 0 ? "" : "*",
			         dice(20) == 0 ? dice(2) * 98
			                       : dice(3) + 1 + dice(2) * dice(6));
		given = dial(text, &facts);
		longest = given > longest ? given : longest;
	}
	assert_in_range(longest, 5, DIAL_PARTS); /* it got somewhere */
}

static int
open_menus(void **state)
{
	struct menu_diags diags;
	struct settings *s = test_calloc(1, sizeof *s);
	int got;

	(void)state;
	settings_defaults(s);
	s->ussd.locale_dir[0] = '\0';
	memset(&diags, 0, sizeof diags);
	got = menus_compile(s, &menus, &diags);
	if (got != 0)
		menus_print(stderr, &diags);
	test_free(s);
	return got;
}

static int
close_menus(void **state)
{
	(void)state;
	menus_free(&menus);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_is_dialled_nothing_is_done),
	};

	return cmocka_run_group_tests(tests, open_menus, close_menus);
}
