/*
 * loan_money - an event of a loan, and what it means in the books.
 *
 * A change of a loan is always the same three steps: open its account (contract and
 * events, replayed), tell it one or more events, put the difference into an operation.
 * The legs follow from the difference alone:
 *
 *   charges earned      debit LOAN_FEE   credit FEE_INCOME   (given back: the reverse)
 *   paid, charges       debit `from`     credit LOAN_FEE
 *   paid, principal     debit `from`     credit LOAN
 *   paid over           debit `from`     credit MEMBER       (never enters the account)
 *   written off         debit BAD_DEBT   credit LOAN, LOAN_FEE (charges that were earned)
 *   came back after     debit `from`     credit RECOVERIES
 *   a payment reversed: the reverse of what it had paid, `from` being credited
 *
 * A lease that is paid back makes the asset its lessee's own.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_LOAN_MONEY_H
#define PAYMENTS_FLOW_LOAN_MONEY_H

#include "payments/flow/books.h"

struct loan_money {
	struct loan_record *loan;     /* borrowed */
	struct loan_account *account; /* in the arena */
	struct loan_totals before;
	struct account_row *stored; /* rows as they were read; in the arena */
	uint32_t stored_count;
	uint32_t first_event; /* of those told here */
	int64_t over;         /* of the last payment told: more than was owed */
	bool returned;        /* the asset of a lease comes back with it */
};

/* The account as it stands today (of loan->today).  ERR_SYNTAX: what is stored cannot be
 * read. */
int loan_money_open(struct loan_money *m, struct arena *arena, struct loan_record *loan,
                    struct err *err) MUST_CHECK;
/* A first account from the contract: *c was paid out on c->start. */
int loan_money_begin(struct loan_money *m, struct arena *arena, struct loan_record *loan,
                     const struct contract *c, struct err *err) MUST_CHECK;
/* Tells an event; its id is given here.  day 0: today. */
int loan_money_tell(struct loan_money *m, struct loan_event event,
                    struct err *err) MUST_CHECK;
/* A payment of today: what is owed of it goes to the loan, the rest is m->over.  Of a
 * loan given up: what was lost comes back. */
int loan_money_pay(struct loan_money *m, int64_t amount, struct err *err) MUST_CHECK;
/* A payment told before never happened; what came later is replayed. */
int loan_money_take_back(struct loan_money *m, uint32_t event,
                         struct err *err) MUST_CHECK;
/* After loan_money_pay: this payment or arrival became that event, so that it can be
 * given back. */
void loan_money_source(const struct loan_money *m, struct books *b,
                       const struct uuid *source_id);
/* Legs and the loan's change.  from: where paid money comes from (float, till, member);
 * NULL if nothing was paid. */
void loan_money_put(struct loan_money *m, struct books *b,
                    const struct account_ref *from);
/* Tells who paid: what came (its code is quoted), and what is still owed or was over. */
void loan_money_thank(const struct loan_money *m, struct books *b,
                      const struct member *to, int64_t amount, const char *code);
/* Nothing is owed any more. */
bool loan_money_closed(const struct loan_money *m);

#endif
