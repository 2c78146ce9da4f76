/* A contract to try things with, and telling a loan what happens: for tests of its life.
 */
#ifndef TESTS_UNIT_LOAN_LIFE_H
#define TESTS_UNIT_LOAN_LIFE_H

#include "payments/core/account.h"
#include "payments/core/day.h"
#include "payments/core/loan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START 20000 /* 2024-10-04 */

static struct loan_account account;
static struct contract contract;

static inline uint64_t
roll(uint64_t *seed, uint64_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % below;
}

static inline void
tell(struct loan_account *a, enum loan_event_kind kind, int32_t day, int64_t amount,
     uint32_t of)
{
	struct err err = err_none();

	if (loan_account_tell(a,
	                      &(struct loan_event){ .id = a->event_count + 1,
	                                            .kind = kind,
	                                            .day = day,
	                                            .amount = amount,
	                                            .of = of },
	                      &err) < 0)
		fail_msg("%s: %s", loan_event_name(kind), err.what);
}

/* Four weeks, 5 % on each, 2 % of the principal when three days late. */
static inline void
weekly(int64_t principal)
{
	contract_init(&contract);
	contract.principal = principal;
	contract.start = START;
	contract.instalments = 4;
	contract.every_unit = EVERY_WEEKS;
	contract.interest_type = INTEREST_FLAT;
	contract.charge_count = 2;
	contract.charges[0] = (struct charge){ .code = "service",
		                               .time = CHARGE_PER_INSTALMENT,
		                               .base = CHARGE_PCT_PRINCIPAL,
		                               .pct = 5 * PCT_ONE };
	contract.charges[1] = (struct charge){ .code = "late",
		                               .time = CHARGE_OVERDUE,
		                               .base = CHARGE_PCT_PRINCIPAL,
		                               .penalty = true,
		                               .pct = 2 * PCT_ONE,
		                               .grace_days = 3 };
	loan_account_open(&account, &contract);
	tell(&account, EVENT_DISBURSE, START, principal, 0);
}

static inline void
conserves(const struct loan_account *a)
{
	int64_t owed = 0;

	for (uint32_t i = 0; i < a->row_count; i++)
		for (int p = 0; p < PARTS; p++) {
			assert_true(a->rows[i].paid[p] >= 0);
			assert_true(account_row_owed(&a->rows[i], (enum component)p) >=
			            0);
			owed += account_row_owed(&a->rows[i], (enum component)p);
		}
	assert_int_equal(owed, a->total.outstanding_all);
	for (uint32_t i = 0; i < a->line_count; i++) {
		const struct loan_line *l = &a->lines[i];

		if (strcmp(l->type, "Repayment") == 0)
			assert_int_equal(l->part[0] + l->part[1] + l->part[2] +
			                     l->part[3] + l->overpaid,
			                 l->amount);
	}
}

#endif
