#include "tests/integration/group_bed.h"

#include "gateway/cli/products.h"
#include "payments/flow/group_pay.h"
#include "payments/flow/loans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct uuid group_id;    /* the one opened last */
struct group_view group; /* the latest answers */
struct group_list list;
struct savings_view savings;

struct who one[THREE];
const char *const numbers[THREE] = { "255712000101", "255712000102", "255712000103" };
static const char *const names[THREE] = { "Amina", "Baraka", "Chausiku" };
const char *const pins[THREE] = { "7391", "8264", "9517" };

#define ON(name, type, var)                                                              \
	void name(void *arg, const struct payments_answer *a, const type *v)             \
	{                                                                                \
		var = *v;                                                                \
		on_plain(arg, a);                                                        \
	}

ON(on_group, struct group_view, group)
ON(on_list, struct group_list, list)

static void
on_savings(void *arg, const struct payments_answer *a, const struct savings_view *v)
{
	savings = *v;
	on_plain(arg, a);
}

static void
on_paying(void *arg, const struct payments_answer *a, const struct group_payment *v)
{
	(void)v;
	on_plain(arg, a);
}

static void
on_put(void *arg, const struct payments_answer *a, const struct product_put *p)
{
	(void)p;
	on_plain(arg, a);
}

/* The shipped product, for three to four members. */
int
open_with_three(void **state)
{
	struct settings_faults faults;
	struct product_set *set = products_load("config/products.conf", &faults);
	struct product_ask ask = { .cooperative_id = 1 };

	if (set == NULL || story_open_with_neema(state) != 0)
		return -1;
	set->at[2].group_min = 3;
	set->at[2].group_max = 4;
	ask.product = &set->at[2];
	payments_product_put(&env, &ask, on_put, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	products_free(set);
	for (int i = 0; i < THREE; i++) {
		join(numbers[i], names[i], pins[i]);
		one[i] = find(numbers[i]);
	}
	return 0;
}

void
open_group(const struct who *who, const char *name, unsigned terms, struct uuid key)
{
	struct group_open_ask ask = {
		.who = *who, .name = name, .terms = terms, .key = key
	};

	payments_group_open(&env, &ask, on_group, NULL);
	wait_all(1);
	if (got.answer.outcome == OUTCOME_OK)
		group_id = group.group_id;
}

void
add(const char *member, int64_t amount)
{
	struct group_add_ask ask = { .who = treasurer,
		                     .group_id = group_id,
		                     .member = member,
		                     .amount = amount,
		                     .key = fresh_key() };

	payments_group_add(&env, &ask, on_group, NULL);
	wait_all(1);
}

void
agree(int i, struct uuid key)
{
	struct loan_ask ask = {
		.who = one[i], .group_id = group_id, .pin = pins[i], .key = key
	};

	payments_loan_request(&env, &ask, on_loan, NULL);
	wait_all(1);
}

void
decide_group(const struct who *who, const char *pin, bool approve, struct uuid key)
{
	struct decide_ask ask = { *who, group_id, approve, pin, key };

	payments_group_decide(&env, &ask, on_group, NULL);
	wait_all(1);
}

void
look_at(const struct who *who)
{
	payments_group(&env, who, &group_id, on_group, NULL);
	wait_all(1);
}

void
save(int i, int64_t amount)
{
	struct savings_ask ask = { .who = one[i], .amount = amount, .key = fresh_key() };

	payments_save(&env, &ask, on_savings, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	verdict(&one[i].member_id, PAY_PAID);
}

void
take(int i, int64_t amount, struct uuid key)
{
	struct savings_ask ask = {
		.who = one[i], .amount = amount, .pin = pins[i], .key = key
	};

	payments_savings_take(&env, &ask, on_savings, NULL);
	wait_all(1);
}

int64_t
saved(int i)
{
	payments_savings(&env, &one[i], on_savings, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	return savings.balance;
}

int64_t
messages(const char *template)
{
	char sql[120];

	snprintf(sql, sizeof sql, "select count(*) from messages where template = '%s'",
	         template);
	return bed_query(&bed, sql);
}

/* 50,000 each for four weeks: 4 % in all, 52,000 back. */
void
form(const char *name)
{
	open_group(&treasurer, name, 4, fresh_key());
	expect(OUTCOME_OK, "");
	for (int i = 0; i < THREE; i++) {
		add(numbers[i], 5000000);
		expect(OUTCOME_OK, "");
	}
	for (int i = 0; i < THREE; i++) {
		agree(i, fresh_key());
		expect(OUTCOME_PENDING, "approval");
	}
}

void
lend_to_all(const char *name)
{
	form(name);
	for (int i = 0; i < THREE; i++)
		save(i, 500000);
	decide_group(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	decide_group(&officer, OFFICER_PIN, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	look_at(&treasurer);
	for (int i = 0; i < THREE; i++)
		verdict(&group.part[i].loan_id, PAY_PAID);
	look_at(&treasurer);
}

void
pay_for_all(int i, int64_t amount, enum pay_state to)
{
	struct group_pay_ask ask = {
		.who = one[i], .group_id = group_id, .amount = amount, .key = fresh_key()
	};

	payments_group_pay(&env, &ask, on_paying, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	verdict(&group_id, to);
	look_at(&treasurer);
	expect(OUTCOME_OK, "");
}
