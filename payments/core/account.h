/*
 * account - a loan's life: what happened to it, in order of dates, and how it stands.
 *
 * Pure.  A loan is its contract and its events.  Everything else (instalments as due and
 * as paid, what each payment paid, balances, status) follows by replay: a reversal or a
 * payment dated back replays the rest in date order.  So the shell (`adit calc replay`),
 * the live loan and the tests run the same lines.
 *
 * The struct is large (hundreds of kilobytes): the caller owns one and uses it again.
 */
#ifndef PAYMENTS_CORE_ACCOUNT_H
#define PAYMENTS_CORE_ACCOUNT_H

#include "payments/core/schedule.h"

#define LOAN_EVENTS_MAX 1200
#define LOAN_AMOUNT_MAX INT64_C(1000000000000000)

enum loan_event_kind {
	EVENT_DISBURSE,
	EVENT_REPAY,
	EVENT_CHARGE,         /* amount, charge                                       */
	EVENT_WAIVE_CHARGE,   /* of: the charge's event                               */
	EVENT_WAIVE_INTEREST, /* amount                                               */
	EVENT_WRITE_OFF,
	EVENT_CHARGE_OFF,
	EVENT_UNDO_CHARGE_OFF,
	EVENT_RECOVER,         /* money after a write-off                               */
	EVENT_REFUND,          /* an overpayment given back                             */
	EVENT_CHARGEBACK,      /* of: a payment that bounced; the debt is back          */
	EVENT_GOODWILL,        /* the lender's gift, placed as a payment                */
	EVENT_PAYOUT_REFUND,   /* money given back by who was paid                      */
	EVENT_SHIFT_DATES,     /* from day `from`: due days move to `to` and on         */
	EVENT_EXTRA_TERMS,     /* amount: instalments added                             */
	EVENT_HOLIDAY,         /* amount: instalments skipped from `from`; `policy`     */
	EVENT_REVERSE,         /* of: never happened                                    */
	EVENT_MERCHANT_REFUND, /* goods brought back                                  */
	EVENT_DOWN_PAYMENT,
	EVENT_ADJUST_CHARGE,  /* of: a charge; amount of it credited, placed as a payment
	                       */
	EVENT_PAUSE,          /* the days `from`..`to` count for no arrears, no penalty */
	EVENT_INTEREST_PAUSE, /* no interest on the days from `from` to `to`          */
	EVENT_REAMORTISE, /* late principal spread over the instalments to come       */
	EVENT_REAGE, /* amount: new instalments for all that is owed, the first due on
	                `from`, then every so often */
	EVENT_KINDS
};

enum holiday_policy {
	HOLIDAY_INTEREST_RUNS,
	HOLIDAY_INTEREST_STOPS,
	HOLIDAY_INTEREST_CAPITALISED
};

struct loan_event {
	uint32_t id; /* from 1, in the order it was told */
	enum loan_event_kind kind;
	int32_t day;
	int64_t amount;
	uint32_t of;
	struct charge charge;
	int32_t from, to;
	enum holiday_policy policy;
	uint32_t every; /* EVENT_REAGE */
	enum every_unit every_unit;
	/* EVENT_REVERSE: what the reversed payment had paid, for the statement */
	int64_t was[PARTS], was_balance;
	int64_t
	    was_earned[PARTS]; /* and what had been earned because it closed the loan */
};

const char *loan_event_name(enum loan_event_kind k); /* "repay", "charge" */

/* An instalment as it stands; what is still to pay is due - paid - waived - written_off.
 */
struct account_row {
	uint32_t nr;
	int32_t from, due;
	int32_t paid_day; /* the day its last unit was paid; 0: open */
	bool down_payment, additional;
	int64_t due_part[PARTS], paid[PARTS], waived[PARTS], written_off[PARTS];
	int64_t back; /* principal a bounced payment put here, in due_part; its day: */
	int32_t back_day;
	int64_t in_advance, late; /* of what was paid */
	int64_t balance_after;
};

enum loan_status {
	STATUS_SUBMITTED,
	STATUS_ACTIVE,
	STATUS_CLOSED, /* obligations met */
	STATUS_OVERPAID,
	STATUS_WRITTEN_OFF,
	STATUSES
};

const char *loan_status_name(enum loan_status s); /* "CLOSED_OBLIGATIONS_MET" */

/* What an event did with money: the line of a statement. */
struct loan_line {
	uint32_t event;   /* 0: an accrual the replay adds */
	const char *type; /* static: "Disbursement", "Repayment", "Accrual" */
	int32_t day;
	int64_t amount;
	int64_t part[PARTS];
	int64_t overpaid; /* of amount, what nothing was owed for */
	int64_t balance;  /* principal after it */
	bool reverted;
	bool payment; /* placed on rows */
};

struct loan_totals {
	int64_t disbursed;
	int64_t due[PARTS], paid[PARTS], waived[PARTS], written_off[PARTS];
	int64_t outstanding[PARTS], outstanding_all;
	int64_t past_due[PARTS], past_due_all; /* due before the business day */
	int64_t at_disbursement[PARTS]; /* charges kept back from the first money lent;
	                                   in none of the sums above */
	int64_t overpaid, recovered;
	int64_t accrued[PARTS]; /* interest, fee, penalty earned up to the business day;
	                           of what is due, waived or not */
	bool charged_off;
};

struct loan_account {
	struct contract contract; /* owned copy */
	int32_t today;            /* the business day */
	uint32_t event_count;
	struct loan_event events[LOAN_EVENTS_MAX];
	/* by replay */
	enum loan_status status;
	uint32_t row_count;
	struct account_row rows[INSTALMENTS_MAX];
	uint32_t line_count;
	struct loan_line lines[LOAN_EVENTS_MAX * 2];
	struct loan_totals total;
	int32_t closed_day;
	uint32_t made_rows;      /* of account_running.c: rows that change no more, */
	int64_t made_carried;    /* and the interest they had no room for */
	struct contract working; /* as the disbursements made it */
	struct schedule plan;
};

void loan_account_open(struct loan_account *a, const struct contract *c);
/* Adds an event and replays.  On error the account is as before.  ERR_RANGE: it cannot
 * have happened on that day (money paid before any was lent, more lent than was agreed,
 * a payment on a loan written off, a recovery on one that was not, an amount of nothing
 * or over LOAN_AMOUNT_MAX, more waived than owed); ERR_OVERFLOW. */
int loan_account_tell(struct loan_account *a, const struct loan_event *e,
                      struct err *err) MUST_CHECK;
/* Many at once (a stored loan), one replay. */
int loan_account_load(struct loan_account *a, const struct loan_event *e, uint32_t count,
                      struct err *err) MUST_CHECK;
/* Moves the business day: what is past due, accruals. */
int loan_account_day(struct loan_account *a, int32_t today, struct err *err) MUST_CHECK;

/* What closes the loan on that day, by part; interest as the contract recalculates it
 * (for which the account is replayed twice and is as before). */
int loan_account_pay_off(struct loan_account *a, int32_t day, int64_t part[PARTS],
                         struct err *err) MUST_CHECK;
/* Days since the oldest unpaid instalment fell due, paused ones left out; 0: none is
 * late. */
uint32_t loan_account_arrears_days(const struct loan_account *a);
/* The penalties of the contract for instalments that are late on the business day and not
 * charged yet: events to tell, at most `room`.  The cap of in_duplum_pct is kept. */
uint32_t loan_account_overdue(const struct loan_account *a, struct loan_event *out,
                              uint32_t room);
/* The first row with something to pay, due on that day or later, else the oldest open
 * one; NULL: nothing to pay. */
const struct account_row *loan_account_next(const struct loan_account *a);
/* Does the row stand before money lent on that day? */
bool account_row_before(const struct loan_account *a, const struct account_row *row,
                        int32_t day);
int64_t account_row_owed(const struct account_row *row, enum component part);
int64_t account_row_open(const struct account_row *row); /* of all parts */

/* An event as it is stored: members id, day ("2026-11-23"), kind (its name), and what the
 * kind needs, put into the object the caller has opened; read gives write back. */
int loan_event_read(const struct json *in, struct loan_event *out,
                    struct diag *fault) MUST_CHECK;
void loan_event_write(struct json_writer *w, const struct loan_event *e);

#endif
