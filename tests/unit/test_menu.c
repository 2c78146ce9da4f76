#include "tests/unit/menu_phone.h"

static void
a_loan_goes_its_way(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	sees(ph, MENU_SHOW, "Mgodi wa Dhahabu\n1 Loan\n3 Language\n5 Lots");
	to_amount(ph);
	sees(ph, MENU_SHOW, "You can take 200,000 TZS.\nHow much?\n0 Back");
	type(ph, "300k");
	sees(ph, MENU_SHOW,
	     "Today's most: 200,000 TZS.\nYou can take 200,000 TZS.\nHow much?\n0 Back");
	type(ph, "500");
	sees(ph, MENU_SHOW,
	     "At least 1,000 TZS.\nYou can take 200,000 TZS.\nHow much?\n0 Back");
	type(ph, "50 000");
	sees(ph, MENU_SHOW,
	     "Loan 50,000 TZS by 29 Nov 2026\nFirst loan\n1 Accept\n2 Refuse\n0 Back 00 "
	     "Home");
	type(ph, "1");
	sees(ph, MENU_SHOW, "PIN to accept\n0 Back 00 Home");
	type(ph, "2468");
	assert_int_equal(ph->out.want, MENU_DO);
	assert_string_equal(ph->out.action, "loan.request");
	assert_string_equal(ph->out.screen, "loan.pin");
	assert_true(ph->out.once);
	assert_string_equal(ph->out.secret, "2468");
	assert_int_equal(menu_arg_number(&ph->out, "amount"), 5000000);
	resume(ph, MENU_PENDING, "approval");
	sees(ph, MENU_SHOW, "Received. SMS follows.\n00 Home");
	type(ph, "0");
	sees(ph, MENU_SHOW, "Mgodi wa Dhahabu\n1 Loan\n3 Language\n5 Lots");
	assert_int_equal(ph->s.var_count, 0);
}

static void
the_pin_is_in_no_state(void **state)
{
	struct phone *ph = *state;
	uint8_t bytes[MENU_STATE_MAX];
	size_t n;

	to_amount(ph);
	type(ph, "50000");
	type(ph, "1");
	type(ph, "86421");
	n = menu_state_encode(&ph->s, bytes, sizeof bytes);
	assert_true(n > 0);
	for (size_t i = 0; i + 5 <= n; i++)
		assert_memory_not_equal(bytes + i, "86421", 5);
	for (size_t i = 0; i + 5 <= sizeof ph->s; i++)
		assert_memory_not_equal((const char *)&ph->s + i, "86421", 5);
}

static void
a_wrong_pin_asks_again_and_the_key_moves_on(void **state)
{
	struct phone *ph = *state;
	uint32_t serial;

	to_amount(ph);
	type(ph, "50000");
	type(ph, "1");
	type(ph, "12");
	sees(ph, MENU_SHOW, "A PIN is 4 to 6 digits.\nPIN to accept\n0 Back 00 Home");
	type(ph, "1111");
	serial = ph->out.serial;
	assert_true(menu_set_number(&ph->s, "tries_left", 2));
	resume(ph, MENU_FAIL, "pin_wrong");
	sees(ph, MENU_SHOW, "Wrong PIN. 2 left.\nPIN to accept\n0 Back 00 Home");
	type(ph, "2468");
	assert_int_equal(ph->out.serial, serial + 1);
	resume(ph, MENU_PENDING, "not_known");
	sees(ph, MENU_FINISH, "Not known yet.");
	assert_int_equal(ph->s.serial, serial + 1);
}

static void
three_wrong_answers_end(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	type(ph, "9");
	assert_int_equal(ph->out.want, MENU_SHOW);
	type(ph, "two");
	assert_int_equal(ph->out.want, MENU_SHOW);
	type(ph, "2"); /* hidden: she is no treasurer */
	sees(ph, MENU_FINISH,
	     "Sorry, that did not work. Please dial again. For help call 0800 1.");
}

static void
conditions_hide_and_lead_on(void **state)
{
	struct phone *ph = *state;

	menu_value_number(&ph->fact[2], "role.officer", 1);
	begin(ph);
	assert_non_null(strstr(ph->out.text, "2 Work"));
	menu_value_number(&ph->fact[1], "member.active", 0);
	begin(ph);
	sees(ph, MENU_SHOW, "Name?");
	type(ph, "");
	sees(ph, MENU_SHOW, "Type your answer.\nName?");
	type(ph, "Neema Juma Asha");
	sees(ph, MENU_SHOW, "Too long. Type it shorter.\nName?");
}

static void
a_choice_can_act_and_set(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	type(ph, "3");
	sees(ph, MENU_SHOW, "Which?\n1 English\n2 Kiswahili\n0 Back");
	type(ph, "2");
	assert_int_equal(ph->out.want, MENU_DO);
	assert_string_equal(menu_arg_text(&ph->out, "language"), "sw");
	assert_string_equal(menu_arg_text(&ph->out, "how"), "menu");
	assert_int_equal(menu_arg_number(&ph->out, "n"), 7);
	assert_null(menu_arg(&ph->out, "other"));
}

static void
redialling_goes_on_before_the_pin(void **state)
{
	struct phone *ph = *state;

	to_amount(ph);
	assert_true(menu_under_way(ph->p, &ph->s));
	type(ph, "50000");
	type(ph, "1");
	assert_string_equal(menu_screen_name(ph->p, &ph->s), "loan.pin");
	menu_leave(ph->p, &ph->s, "resume", &ph->facts, 0, &ph->out);
	sees(ph, MENU_SHOW, "Go on?\n1 Yes\n2 No\n0 Back 00 Home");
	type(ph, "1");
	assert_string_equal(menu_screen_name(ph->p, &ph->s), "loan.confirm");
	assert_non_null(strstr(ph->out.text, "50,000 TZS"));
	menu_leave(ph->p, &ph->s, "resume", &ph->facts, 0, &ph->out);
	type(ph, "2");
	assert_string_equal(menu_screen_name(ph->p, &ph->s), "home");
	assert_false(menu_under_way(ph->p, &ph->s));
}

static void
a_screen_that_is_gone_leads_home(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	ph->s.screen = menu_hash("no.such");
	type(ph, "1");
	assert_string_equal(menu_screen_name(ph->p, &ph->s), "home");
}

static void
texts_take_values_of_messages(void **state)
{
	struct phone *ph = *state;
	static const char json[] =
	    "{\"amount\":\"5000000\", \"day\":\"2026-11-23\",\"name\":"
	    "\"Ren\\u00ea \\\"N\\\"\",\"n\":12}";
	struct menu_value v[8];
	struct menu_facts f = ph->facts;

	f.value = v;
	f.count = menu_values_json(json, strlen(json), v, 8);
	assert_int_equal(f.count, 4);
	assert_int_equal(v[3].number, 12);
	assert_true(menu_text(ph->p, "loan.paid", &f, 0, &ph->out));
	sees(ph, MENU_FINISH, "Paid 50,000 TZS on 23 Nov 2026. Rene \"N\"");
	assert_false(menu_text(ph->p, "no.such", &f, 0, &ph->out));
}

static void
keywords_are_listed(void **state)
{
	struct phone *ph = *state;
	const char *command;

	assert_int_equal(menu_keywords(ph->p), 2);
	assert_string_equal(menu_keyword(ph->p, 1, &command), "MONEY");
	assert_string_equal(command, "balance");
}

static void
faults_say_where_and_what(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *part;
	} row[] = {
		{ "say \"x\"\n", 1, 1, "begin with screen" },
		{ "screen home\n  say \"x\n", 2, 7, "no end" },
		{ "screen home\n  1 \"x\" -> gone\n", 2, 12, "no screen gone" },
		{ "screen home\n  tell \"x\"\n", 2, 3, "write say, ask" },
		{ "screen home\n  ask a number\n", 2, 9, "write a type" },
		{ "screen home\n  1 \"a\" -> home\n  1 \"b\" -> home\n", 3, 3, "taken" },
		{ "screen home\n  98 \"a\" -> home\n", 2, 3, "1 to 97" },
		{ "screen home\n  say \"{x|gold}\"\n", 2, 7, "unknown filter" },
		{ "screen home\n  say \"{x\"\n", 2, 7, "ends with }" },
		{ "screen home\n  do a\n    maybe -> home\n", 3, 5, "unknown line" },
		{ "screen home\n  ok -> home\n", 2, 3, "below their do" },
		{ "screen home\n  say \"a\" $\n", 2, 11, "no meaning" },
		{ "screen home\n  say \"a\" \"b\"\nscreen home\n  say \"c\"\n", 3, 8,
		  "twice" },
		{ "screen a\n  say \"a\"\n", 0, 0, "no screen home" },
		{ "screen home\n", 1, 8, "empty screen" },
		{ "screen home\n  ask a text(9)\n", 1, 8, "nothing follows" },
		{ "screen home\n  say \"a\"\n  do b\n   ok -> home\n", 3, 6,
		  "never seen" },
		{ "screen home\n  end \"a\"\n  -> home\n", 1, 8, "behind end" },
		{ "screen home\n  1 \"x\"\n", 2, 3, "leads nowhere" },
		{ "screen home\n  ask a money 1000\n  -> home", 2, 19,
		  "bounds as 1..20" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct arena *arena = arena_new(1 << 20);
		struct menu_diags d;

		assert_null(compile(arena, row[i].text, &d));
		assert_true(d.errors > 0);
		if (strstr(d.at[0].at.text, row[i].part) == NULL ||
		    d.at[0].at.line != row[i].line || d.at[0].at.column != row[i].column)
			fail_msg("row %zu: %u:%u %s", i, d.at[0].at.line,
			         d.at[0].at.column, d.at[0].at.text);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PHONE_TEST(a_loan_goes_its_way),
		PHONE_TEST(the_pin_is_in_no_state),
		PHONE_TEST(a_wrong_pin_asks_again_and_the_key_moves_on),
		PHONE_TEST(three_wrong_answers_end),
		PHONE_TEST(conditions_hide_and_lead_on),
		PHONE_TEST(a_choice_can_act_and_set),
		PHONE_TEST(redialling_goes_on_before_the_pin),
		PHONE_TEST(a_screen_that_is_gone_leads_home),
		PHONE_TEST(texts_take_values_of_messages),
		PHONE_TEST(keywords_are_listed),
		cmocka_unit_test(faults_say_where_and_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
