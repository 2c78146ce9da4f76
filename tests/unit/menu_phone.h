/* A phone that dials a small set of menus: shared by the tests of the menu engine. */
#ifndef TESTS_UNIT_MENU_PHONE_H
#define TESTS_UNIT_MENU_PHONE_H

#include "ussd/core/menu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char menus[] =
    "const help \"0800 1\"\n"
    "screen home if member.active else register\n"
    "  say \"{cooperative:20}\"\n"
    "  1 \"Loan\" -> loan\n"
    "  2 \"Work\" -> work if role treasurer officer\n"
    "  3 \"Language\" -> language\n"
    "  5 \"Lots\" -> lots.load\n"
    "screen register\n"
    "  say \"Name?\"\n"
    "  ask name text(10)\n"
    "  -> home\n"
    "screen work\n"
    "  end \"Work is done, {name:5}.\"\n"
    "screen language\n"
    "  ask language choice\n"
    "  say \"Which?\"\n"
    "  1 \"English\" set language \"en\"\n"
    "  2 \"Kiswahili\" set language \"sw\"\n"
    "  do language.set(language, how=\"menu\", n=7) once\n"
    "    ok -> home\n"
    "    pending -> home\n"
    "    fail * -> home\n"
    "screen loan\n"
    "  do loan.offer\n"
    "    ok -> loan.amount\n"
    "    fail has_loan no_product \"Not now.\" -> home\n"
    "    fail * -> home\n"
    "screen loan.amount\n"
    "  say \"You can take {limit|money}.\n"
    "\" \n"
    "       \"How much?\"\n"
    "  ask amount money 1000..{limit}\n"
    "  high \"Today's most: {limit|money}.\"\n"
    "  -> loan.confirm\n"
    "screen loan.confirm\n"
    "  say \"Loan {amount|money} by {due|day}\"\n"
    "  say \"First loan\" if not loans > 0\n"
    "  1 \"Accept\" -> loan.pin\n"
    "  2 \"Refuse\" -> home\n"
    "screen loan.pin\n"
    "  pin \"PIN to accept\"\n"
    "  do loan.request(amount) once\n"
    "    ok -> done\n"
    "    pending approval -> done\n"
    "    pending -> unknown\n"
    "    fail pin_wrong \"Wrong PIN. {tries_left|count:1} left.\" -> loan.pin\n"
    "    fail * -> home\n"
    "screen done\n"
    "  say \"Received. SMS follows.\"\n"
    "screen unknown\n"
    "  end \"Not known yet.\"\n"
    "screen lots.load\n"
    "  do lots(skip)\n"
    "    ok -> lots\n"
    "    fail * -> home\n"
    "screen lots\n"
    "  say \"Lots\"\n"
    "  list \"{name:12} {net|money}\" -> lot\n"
    "  none \"No lots.\"\n"
    "  more skip -> lots.load\n"
    "screen lot\n"
    "  say \"{name:12}: {net|money}, {id:36}\"\n"
    "  4 \"All\" -> lots.load\n"
    "screen resume\n"
    "  say \"Go on?\"\n"
    "  1 \"Yes\" -> back\n"
    "  2 \"No\" -> home\n"
    "text loan.paid \"Paid {amount|money} on {day|day}. {name:9}\"\n"
    "sms \"BALANCE\" \"MONEY\" -> balance\n";

struct phone {
	struct arena *arena;
	struct menu_program *p;
	struct menu_state s;
	struct menu_out out;
	struct menu_value fact[6];
	struct menu_facts facts;
};

static inline struct menu_program *
compile(struct arena *arena, const char *text, struct menu_diags *d)
{
	struct menu_file file = { "t.menu", text, strlen(text) };
	struct menu_sources in = { .language = "en", .file = &file, .files = 1 };

	memset(d, 0, sizeof *d);
	return menu_compile(arena, &in, d);
}

static inline int
pick_up(void **state)
{
	struct phone *ph = test_calloc(1, sizeof *ph);
	static char text[sizeof menus];
	struct menu_diags d;
	char *break_in_text;

	memcpy(text, menus, sizeof menus);
	break_in_text = strstr(text, ".\n\" \n");
	memcpy(break_in_text, ".\\n\"\n", 5); /* an escape in the file, not a line */
	ph->arena = arena_new(1 << 22);
	ph->p = compile(ph->arena, text, &d);
	if (ph->p == NULL) {
		print_error("%s:%u:%u %s\n", d.at[0].at.file, d.at[0].at.line,
		            d.at[0].at.column, d.at[0].at.text);
		return -1;
	}
	menu_value_text(&ph->fact[0], "cooperative", "Mgodi wa Dhahabu");
	menu_value_number(&ph->fact[1], "member.active", 1);
	menu_value_number(&ph->fact[2], "role.miner", 1);
	menu_value_number(&ph->fact[3], "loans", 0);
	ph->facts = (struct menu_facts){ .value = ph->fact, .count = 4 };
	ph->facts.currency = "TZS";
	ph->facts.exponent = 2;
	ph->facts.today = 20780;
	ph->facts.country = msisdn_country("TZ");
	*state = ph;
	return 0;
}

static inline int
hang_up(void **state)
{
	struct phone *ph = *state;

	arena_free(ph->arena);
	test_free(ph);
	return 0;
}

static inline void
begin(struct phone *ph)
{
	memset(&ph->s, 0, sizeof ph->s);
	menu_start(ph->p, &ph->s, NULL, &ph->facts, 0, &ph->out);
}

/* Types; the state goes through its bytes each time, as between two hops. */
static inline void
type(struct phone *ph, const char *input)
{
	uint8_t bytes[MENU_STATE_MAX];
	size_t n = menu_state_encode(&ph->s, bytes, sizeof bytes);

	assert_true(n > 0);
	memset(&ph->s, 0xee, sizeof ph->s);
	assert_true(menu_state_decode(bytes, n, &ph->s));
	menu_step(ph->p, &ph->s, (struct menu_input){ input, strlen(input) }, &ph->facts,
	          0, &ph->out);
}

static inline void
resume(struct phone *ph, enum menu_outcome outcome, const char *reason)
{
	struct menu_result r = { outcome, reason };

	menu_resume(ph->p, &ph->s, &r, &ph->facts, 0, &ph->out);
}

static inline void
sees(const struct phone *ph, enum menu_want want, const char *text)
{
	assert_int_equal(ph->out.want, want);
	assert_string_equal(ph->out.text, text);
	assert_int_equal(ph->out.len, strlen(text));
}

static inline void
to_amount(struct phone *ph)
{
	begin(ph);
	type(ph, "1");
	assert_int_equal(ph->out.want, MENU_DO);
	assert_string_equal(ph->out.action, "loan.offer");
	assert_true(menu_set_number(&ph->s, "limit", 20000000));
	assert_true(menu_set_number(&ph->s, "due", 20786));
	resume(ph, MENU_OK, NULL);
}

#define PHONE_TEST(f) cmocka_unit_test_setup_teardown(f, pick_up, hang_up)

#endif
