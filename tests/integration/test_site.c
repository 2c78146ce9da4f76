/* Sites on real PostgreSQL: added by hand, members placed by hand and by an officer. */
#include "payments/flow/site.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct site_list sites;

static void
on_sites(void *arg, const struct payments_answer *a, const struct site_list *list)
{
	(void)arg;
	got.answer = *a;
	sites = *list;
	got.waiting--;
}

static void
list_for(const struct who *who)
{
	payments_sites(&env, who, &neema.member_id, 0, on_sites, NULL);
	wait_all(1);
}

static void
by_hand(const char *member, const char *code, const char *name, const char *wrong)
{
	struct site_by_hand ask = {
		.cooperative = "mgodi", .member = member, .code = code, .name = name
	};

	payments_site_by_hand(&env, &ask, on_plain, NULL);
	wait_all(1);
	expect(wrong[0] == '\0' ? OUTCOME_OK : OUTCOME_FAIL, wrong);
}

static void
place(const struct who *who, const char *pin, struct uuid site, struct uuid key)
{
	struct site_ask ask = { .who = *who,
		                .member_id = neema.member_id,
		                .site_id = site,
		                .pin = pin,
		                .key = key };

	payments_site_set(&env, &ask, on_plain, NULL);
	wait_all(1);
}

static void
the_only_site_is_everybodys(void **state)
{
	(void)state;
	list_for(&neema);
	expect(OUTCOME_FAIL, "not_allowed");
	list_for(&officer);
	expect(OUTCOME_OK, "");
	assert_int_equal(sites.count, 1);
	assert_string_equal(sites.at[0].code, "GEITA-1");
	assert_true(sites.at[0].here);
}

static void
added_by_hand(void **state)
{
	(void)state;
	by_hand(NULL, "a-2", "Another pit", "");
	by_hand(NULL, "A-2", "The same again", "exists");
	by_hand(NULL, "a 2", "A blank", "bad_input");
	by_hand(NULL, "ABCDEFGHIJKLM", "Too long", "bad_input");
	by_hand(NULL, "B", "", "bad_input");
	list_for(&treasurer);
	assert_int_equal(sites.count, 2);
	assert_string_equal(sites.at[0].code, "A-2");
	/* of several, nobody is anywhere before it is said */
	assert_false(sites.at[0].here);
	assert_false(sites.at[1].here);
	/* what names no site goes on to be the oldest site's */
	weigh(1000, fresh_key());
	expect(OUTCOME_OK, "");
	assert_int_equal(bed_query(&bed, "select count(*) from lots t join sites s "
	                                 "using (cooperative_id, site_id) "
	                                 "where s.code = 'GEITA-1'"),
	                 1);
}

static void
a_member_is_placed(void **state)
{
	struct uuid key = fresh_key();

	(void)state;
	by_hand("M-0999", "A-2", NULL, "not_found");
	by_hand(NEEMA, "NOWHERE", NULL, "no_site");
	by_hand(NEEMA, "geita-1", NULL, "");
	list_for(&officer);
	assert_true(sites.at[1].here);
	place(&neema, NEEMA_PIN, sites.at[0].site_id, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	place(&officer, "0000", sites.at[0].site_id, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	place(&officer, OFFICER_PIN, fresh_key(), fresh_key());
	expect(OUTCOME_FAIL, "stale");
	place(&officer, OFFICER_PIN, sites.at[0].site_id, key);
	expect(OUTCOME_OK, "");
	place(&officer, OFFICER_PIN, sites.at[0].site_id, key);
	expect(OUTCOME_OK, "");
	list_for(&officer);
	assert_true(sites.at[0].here);
	assert_false(sites.at[1].here);
	assert_int_equal(bed_query(&bed, "select count(*) from member_sites"), 2);
	assert_int_equal(
	    bed_query(&bed, "select count(*) from audit where action = 'member.site'"),
	    1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_site_is_everybodys),
		cmocka_unit_test(added_by_hand),
		cmocka_unit_test(a_member_is_placed),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
