/*
 * contract - what lender and borrower agree: every term a schedule is computed from.
 *
 * Pure.  The words are those of Apache Fineract's product parameters, by which
 * microfinance software is measured.  A contract is frozen when the loan is asked for: a
 * product that changes later changes no live loan.
 *
 * Units:  money in minor units; days since 1970-01-01 in the cooperative's zone;
 *         percentages in millionths of a percent (9.4822 % = 9482200).
 * Errors: ERR_RANGE or ERR_SYNTAX with *fault naming the field and what it may be.
 */
#ifndef PAYMENTS_CORE_CONTRACT_H
#define PAYMENTS_CORE_CONTRACT_H

#include "lib/err.h"
#include "lib/json.h"

#include <stdint.h>

#define INSTALMENTS_MAX 400 /* a year of days and a few that late charges add */
#define TRANCHES_MAX    12
#define CHARGES_MAX     16 /* that the product brings; later ones are events */
#define PAUSES_MAX      8
#define ORDER_MAX       12

#define PCT_ONE INT64_C(1000000) /* 1 % */

enum rate_per { RATE_PER_YEAR, RATE_PER_MONTH };

enum interest_type { INTEREST_DECLINING, INTEREST_FLAT };

enum interest_period { INTEREST_SAME_AS_REPAYMENT, INTEREST_DAILY };

enum amortization { AMORTIZE_INSTALMENTS, AMORTIZE_PRINCIPAL };

enum schedule_kind { SCHEDULE_CUMULATIVE, SCHEDULE_PROGRESSIVE };

enum every_unit { EVERY_DAYS, EVERY_WEEKS, EVERY_MONTHS };

enum year_days { YEAR_ACTUAL, YEAR_360, YEAR_364, YEAR_365 };

enum month_days { MONTH_ACTUAL, MONTH_30 };

enum charge_time {
	CHARGE_AT_DISBURSEMENT, /* kept back from what is paid out, or paid that day */
	CHARGE_ON_DAY,          /* `day`                                             */
	CHARGE_PER_INSTALMENT,
	CHARGE_OVERDUE, /* once per instalment that is late, after `grace_days`      */
};

enum charge_base {
	CHARGE_FLAT, /* `amount` */
	CHARGE_PCT_PRINCIPAL,
	CHARGE_PCT_PRINCIPAL_INTEREST,
	CHARGE_PCT_INTEREST,
};

struct charge {
	char code[24]; /* "late_fee": what the member is told, and the key in messages */
	enum charge_time time;
	enum charge_base base;
	bool penalty;   /* else a fee */
	int64_t amount; /* CHARGE_FLAT */
	int64_t pct;    /* else */
	int32_t day;    /* CHARGE_ON_DAY */
	int32_t grace_days;
};

/* Which money of a payment goes where first. */
enum component { PART_PENALTY, PART_FEE, PART_INTEREST, PART_PRINCIPAL, PARTS };

enum timing { PAST_DUE, DUE, IN_ADVANCE, TIMINGS };

/* Where interest is recalculated: what becomes of money paid ahead. */
enum advance { ADVANCE_AMOUNT, ADVANCE_NUMBER, ADVANCE_NEXT };

/* From when on interest follows what is late: at once, or for whole periods. */
enum rest { REST_DAILY, REST_PERIOD };

enum surplus { SURPLUS_NEXT, SURPLUS_LAST, SURPLUS_REAMORTISE };

enum strategy {
	STRATEGY_PENALTIES_FEES_INTEREST_PRINCIPAL,
	STRATEGY_CREOCORE_UNIQUE,
	STRATEGY_EARLY_REPAYMENT,
	STRATEGY_HEAVENSFAMILY_UNIQUE,
	STRATEGY_INTEREST_PRINCIPAL_PENALTIES_FEES,
	STRATEGY_PRINCIPAL_INTEREST_PENALTIES_FEES,
	STRATEGY_RBI_INDIA,
	STRATEGY_DUE_PENALTY_FEE_INTEREST_PRINCIPAL, /* ..._IN_ADVANCE_PRINCIPAL_... */
	STRATEGY_DUE_PENALTY_INTEREST_PRINCIPAL_FEE,
	STRATEGY_CONFIGURED, /* `order` below ("advanced payment allocation") */
	STRATEGIES
};

const char *strategy_name(enum strategy s); /* as the vectors write it */

/* Who bears what is sent besides, so that the member holds the principal in cash after
 * her wallet's fee for taking it out: tariff_gross of tariff.h. */
enum cashout { CASHOUT_NONE, CASHOUT_COOPERATIVE, CASHOUT_MEMBER };

struct order_step {
	enum timing timing;
	enum component part;
};

struct tranche {
	int32_t day;
	int64_t amount;
};

struct contract {
	int64_t principal;
	int64_t rate; /* millionths of a percent */
	enum rate_per rate_per;
	enum interest_type interest_type;
	enum interest_period interest_period;
	enum amortization amortization;
	enum schedule_kind schedule;
	enum year_days year;
	enum month_days month;

	int32_t start; /* the day it is paid out */
	uint32_t instalments;
	uint32_t every;
	enum every_unit every_unit;
	int32_t first_due; /* 0: one period after start */
	uint32_t
	    seed_day; /* day of month that month ends return to; 0: of the first due */
	uint32_t periods; /* 0, or the due days given one by one */
	int32_t period_from[INSTALMENTS_MAX], period_due[INSTALMENTS_MAX];

	uint32_t grace_principal;    /* instalments without principal            */
	uint32_t grace_interest;     /* whose interest falls due with a later one */
	uint32_t interest_free;      /* without interest                         */
	int64_t fixed_principal_pct; /* of principal an instalment; rest: balloon */
	int64_t down_payment_pct;    /* of each tranche, due that day            */
	unsigned currency_digits;    /* of the minor unit: 2                     */
	int64_t currency_multiple;   /* minor units each amount is rounded to; 1  */
	int64_t instalment_multiple; /* of each whole instalment; 1              */

	uint32_t tranche_count; /* 0: all on start */
	struct tranche tranches[TRANCHES_MAX];
	uint32_t charge_count;
	struct charge charges[CHARGES_MAX];

	enum strategy strategy;
	enum surplus surplus;
	bool order_vertical; /* one part over all instalments before the next part */
	uint32_t order_count;
	struct order_step order[ORDER_MAX];

	bool recalculate; /* interest follows the days money was really owed */
	enum rest rest;
	bool compounding;     /* late interest bears interest */
	enum advance advance; /* paid ahead: smaller, fewer, or the next instalments */
	enum cashout cashout;
	int64_t cashout_amount; /* of a loan; MEMBER: a charge says so, too (loan.h) */

	int64_t in_duplum_pct; /* interest, fees and penalties never above this share of
	                          the principal: 100 = in duplum; 0: no cap */
};

/* The defaults a JSON object or a product file may leave out. */
void contract_init(struct contract *c);
/* Reads the `in` object of the schedule vectors; the same fields hold frozen contracts
 * in the database and products in config.  -1: *fault says which field and why. */
int contract_read(const struct json *in, struct contract *out,
                  struct diag *fault) MUST_CHECK;
/* Puts the members into the object the caller has opened. */
void contract_write(struct json_writer *w, const struct contract *c);
/* One charge, as an event carries it. */
int charge_read(const struct json *in, struct charge *out, struct diag *fault) MUST_CHECK;
void charge_write(struct json_writer *w, const struct charge *c);
/* "9.4822" to 9482200: at most 10,000 percent, six decimals. */
bool percent_parse(const char *text, int64_t *out) MUST_CHECK;
#define PERCENT_TEXT_SIZE 24
char *percent_text(int64_t pct, char out[PERCENT_TEXT_SIZE]); /* returns out */
/* Everything that can be said before a day is computed. */
int contract_check(const struct contract *c, struct diag *fault) MUST_CHECK;

#endif
