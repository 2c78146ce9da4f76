/* Lists on the phone: pages, rows behind ten, and the way back. */
#include "tests/unit/menu_phone.h"

/* The action's answer: so many lots, and whether there are more. */
static void
lots(struct phone *ph, int rows, bool more)
{
	menu_rows_clear(&ph->s);
	for (int i = 0; i < rows; i++) {
		assert_true(menu_row_add(&ph->s));
		assert_true(menu_row_text(&ph->s, "name", "Neema the Great"));
		assert_true(menu_row_number(&ph->s, "net", 100 * (i + 1)));
		assert_true(
		    menu_row_text(&ph->s, "id", "0195a9f0-0000-7000-8000-000000000000"));
	}
	assert_true(menu_set_number(&ph->s, "rows_more", more));
	resume(ph, MENU_OK, NULL);
	assert_true(ph->out.septets <= MENU_SEPTETS);
}

static void
long_lists_have_pages(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	type(ph, "5");
	resume(ph, MENU_OK, NULL);
	sees(ph, MENU_SHOW, "Lots\nNo lots.\n0 Back");
	begin(ph);
	type(ph, "5");
	lots(ph, MENU_ROWS, false);
	assert_false(menu_row_add(&ph->s));
	assert_non_null(strstr(ph->out.text, "1 Neema the Gr 1 TZS\n"));
	assert_non_null(strstr(ph->out.text, "98 More"));
	assert_null(strstr(ph->out.text, "7 Neema"));
	type(ph, "98");
	assert_true(ph->out.septets <= MENU_SEPTETS);
	assert_non_null(strstr(ph->out.text, "10 Neema the Gr 10 TZS"));
	assert_null(strstr(ph->out.text, "98 More"));
	type(ph, "98");
	assert_non_null(strstr(ph->out.text, "Type one of"));
	type(ph, "0");
	assert_non_null(strstr(ph->out.text, "\n1 Neema"));
	type(ph, "10");
	sees(ph, MENU_SHOW,
	     "Neema the Gr: 10 TZS, 0195a9f0-0000-7000-8000-000000000000\n4 All\n0 Back "
	     "00 Home");
	type(ph, "0"); /* what was done meanwhile may have changed the list */
	assert_int_equal(ph->out.want, MENU_DO);
	assert_string_equal(ph->out.action, "lots");
	lots(ph, MENU_ROWS, false);
	assert_non_null(strstr(ph->out.text, "\n1 Neema"));
}

/* Another action may have filled other rows since. */
static void
back_at_a_list_it_is_filled_again(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	type(ph, "5");
	assert_true(menu_row_add(&ph->s));
	assert_true(menu_row_text(&ph->s, "name", "Neema"));
	resume(ph, MENU_OK, NULL);
	type(ph, "1");
	menu_rows_clear(&ph->s);
	type(ph, "0");
	assert_int_equal(ph->out.want, MENU_DO);
	assert_string_equal(ph->out.action, "lots");
	assert_true(menu_row_add(&ph->s));
	assert_true(menu_row_text(&ph->s, "name", "Asha"));
	resume(ph, MENU_OK, NULL);
	assert_non_null(strstr(ph->out.text, "\n1 Asha"));
	type(ph, "0"); /* and not to the screen it came back from */
	assert_string_equal(menu_screen_name(ph->p, &ph->s), "home");
}

/* 23 lots, which the action gives ten by ten. */
static void
lists_go_on_behind_ten_rows(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	type(ph, "5");
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 0);
	lots(ph, MENU_ROWS, true);
	type(ph, "98");
	assert_non_null(strstr(ph->out.text, "10 Neema the Gr 10 TZS"));
	assert_non_null(strstr(ph->out.text, "98 More"));
	type(ph, "98");
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 10);
	lots(ph, MENU_ROWS, true);
	assert_non_null(strstr(ph->out.text, "\n1 Neema"));
	assert_non_null(strstr(ph->out.text, "0 Back"));
	type(ph, "98");
	type(ph, "98");
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 20);
	lots(ph, 3, false);
	assert_null(strstr(ph->out.text, "98 More"));
	type(ph, "98");
	assert_non_null(strstr(ph->out.text, "Type one of"));
	type(ph, "2");
	type(ph, "0"); /* from a lot back to the same rows */
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 20);
	lots(ph, 3, false);
	type(ph, "0"); /* to the rows before */
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 10);
	lots(ph, MENU_ROWS, true);
	type(ph, "0");
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 0);
	lots(ph, MENU_ROWS, true);
	type(ph, "0");
	assert_string_equal(menu_screen_name(ph->p, &ph->s), "home");
}

/* Who leaves in the middle begins with the first row when she comes again. */
static void
lists_begin_at_their_first_row(void **state)
{
	struct phone *ph = *state;

	begin(ph);
	type(ph, "5");
	lots(ph, MENU_ROWS, true);
	type(ph, "98");
	type(ph, "98");
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 10);
	lots(ph, 3, false);
	type(ph, "1");
	type(ph, "4"); /* the lot leads to the list, too */
	assert_string_equal(ph->out.action, "lots");
	assert_int_equal(menu_arg_number(&ph->out, "skip"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PHONE_TEST(long_lists_have_pages),
		PHONE_TEST(back_at_a_list_it_is_filled_again),
		PHONE_TEST(lists_go_on_behind_ten_rows),
		PHONE_TEST(lists_begin_at_their_first_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
