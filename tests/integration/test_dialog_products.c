/* Asking for one of several products on the phone, and what a member is told about them.
 */
#include "gateway/cli/products.h"
#include "payments/flow/loans.h"
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA "255712000100"
#define JEAN  "255712000300"

static struct dialog_bed bed;
static struct product_set *set; /* config/products.conf */
static unsigned waiting;

static int
open_bed(void **state)
{
	struct settings_faults faults;

	(void)state;
	set = products_load("config/products.conf", &faults);
	if (set == NULL || dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, JEAN);
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	products_free(set);
	dialog_bed_close(&bed);
	return 0;
}

static void
on_put(void *arg, const struct payments_answer *a, const struct product_put *p)
{
	(void)arg;
	(void)p;
	assert_int_equal(a->outcome, OUTCOME_OK);
	waiting--;
}

static void
put(const struct product *p)
{
	struct product_ask ask = { .cooperative_id = 1, .product = p };

	waiting = 1;
	payments_product_put(&bed.env, &ask, on_put, NULL);
	dialog_bed_wait(&bed, &waiting);
}

static void
one_product_is_no_question(void **state)
{
	struct phone p;

	(void)state;
	bed_join(&bed, NEEMA, "2", "Neema Juma", "7391");
	bed_join(&bed, JEAN, "3", "Jean Kabila", "5820");
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "Kiasi gani");
	phone_shows_not(&p, "Mtaji");
}

/* The lease and the group loan of the file are not for a member alone. */
static void
two_products_are_a_question(void **state)
{
	struct phone p;

	(void)state;
	for (unsigned i = 0; i < set->count; i++)
		put(&set->at[i]);
	phone_init(&p, &bed, JEAN);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "1 Fonds de travail\n2 Urgence\n");
	phone_shows_not(&p, "Location");
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "1 Mtaji wa kazi\n2 Dharura");
	phone_type(&p, "1");
	phone_shows(&p, "250,000");
	phone_type(&p, "1");
	phone_shows(&p, "Mwanzo 250,000\nUlilipa 0: +0\n100% mauzo wiki 13: +0\nKikomo "
	                "250,000 TZS");
	phone_type(&p, "0");
	phone_shows(&p, "1 Kwa nini kiasi hiki");
	phone_type(&p, "0");
	phone_type(&p, "2");
	phone_shows(&p, "Dharura");
	phone_shows(&p, "30,000");
	phone_type(&p, "30001");
	phone_shows(&p, "30,000");
	phone_type(&p, "20000");
	phone_shows(&p, "20,600"); /* 3 %, once, after 30 days */
	phone_shows(&p, "1 x 20,600");
	phone_shows_not(&p, "Muda"); /* there is but one term */
	phone_type(&p, "1");
	phone_type(&p, "1");
	phone_type(&p, "7391");
	phone_ended(&p, true);
	assert_int_equal(
	    bed_number(&bed, "select count(*) from loans where product = 'emergency' "
	                     "and principal = 2000000 and weeks = 1 "
	                     "and last_due_day - first_due_day = 0"),
	    1);
}

/* In how many parts: only what the product's choice holds. */
static void
a_term_that_is_no_choice(void **state)
{
	struct product p = set->at[0];
	struct phone phone;

	(void)state;
	p.terms.choices = 2;
	p.terms.choice[0] = p.terms.terms_min = 4;
	p.terms.choice[1] = p.terms.terms_max = 8;
	put(&p);
	phone_init(&phone, &bed, JEAN);
	phone_fresh(&phone);
	phone_type(&phone, "1");
	phone_type(&phone, "1");
	phone_type(&phone, "50000");
	phone_shows(&phone, "4 sem. de");
	phone_type(&phone, "3");
	phone_shows(&phone, "4, 8");
	phone_type(&phone, "5");
	phone_shows(&phone, "Choisissez");
	phone_type(&phone, "8");
	phone_shows(&phone, "8 sem. de");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_product_is_no_question),
		cmocka_unit_test(two_products_are_a_question),
		cmocka_unit_test(a_term_that_is_no_choice),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
