/*
 * ledger - the vocabulary of double entry: accounts, legs, operations, and the pure
 * rules.
 *
 * Units:    every account has one unit: an ISO 4217 currency ("TZS") or milligrams of a
 *           mineral ("mg.Au.fine").  Amounts are positive integers of the unit's smallest
 *           part; a leg moves one amount between two accounts of the same unit.
 * Sign:     balance = debits - credits.  Assets and what members owe us grow by debit;
 *           what we owe, income and equity grow by credit.  Balances of a unit sum to
 * zero. Rules:    an account may forbid a credit balance (ASSET) or a debit balance
 * (DEBT); holds count as if they had already happened against the side they would use up.
 */
#ifndef PAYMENTS_CORE_LEDGER_H
#define PAYMENTS_CORE_LEDGER_H

#include "lib/err.h"
#include "lib/ids.h"

#include <stdint.h>

#define UNIT_SIZE 12 /* with the NUL */

enum account_kind {
	ACC_FLOAT,      /* money at a provider; owner: provider id        ASSET */
	ACC_TILL,       /* cash at the treasurer's table                  ASSET */
	ACC_UNMATCHED,  /* money received, owner unknown                  DEBT  */
	ACC_MEMBER,     /* what we owe a member; owner: member            DEBT  */
	ACC_LOAN,       /* principal a member owes; owner: loan           ASSET */
	ACC_LOAN_FEE,   /* fee and interest a member owes; owner: loan    ASSET */
	ACC_FEE_INCOME, /* credit grows                                   none  */
	ACC_LEVY,       /* levies collected for a payee; owner: levy      DEBT  */
	ACC_STOCK_COST, /* what bought mineral cost us                    ASSET */
	ACC_STOCK,      /* mineral on hand, mg; owner: site               ASSET */
	ACC_MINED,      /* where weight comes from, mg; owner: site       none  */
	ACC_EQUITY,     /* where money came from at the start             none  */
	ACC_ROUNDING,   /* sub-unit differences                           none  */
	ACC_BAD_DEBT,   /* what was lent and is lost                      none  */
	ACC_RECOVERIES, /* and came back after all                        none  */
	ACC_DEPOSIT,    /* a member's deposit; owner: member              DEBT  */
	ACC_FUND,       /* premiums held for all; owner: fund             DEBT  */
	ACC_EQUIPMENT,  /* what we own and lease out; owner: asset        ASSET */
	ACC_SAVINGS,    /* what a member keeps with us; owner: member     DEBT  */
	ACC_GUARANTEE,  /* savings called to pay for another; owner: group DEBT */
	/* what providers charged us; owner: provider                     none  */
	ACC_PROVIDER_FEE,
	/* of it, what the float did not cover; owner: provider           DEBT  */
	ACC_FEE_DUE,
	/* sent so that a loan can be taken out as cash                   none  */
	ACC_CASHOUT_COST,
	ACC_WAGES, /* what was paid to who works for the cooperative      none  */
	ACC_KINDS
};

enum account_rule {
	RULE_NONE,
	RULE_ASSET, /* never a credit balance: balance - pending credits >= 0 */
	RULE_DEBT,  /* never a debit balance:  balance + pending debits  <= 0 */
};

struct account_ref {
	enum account_kind kind;
	struct uuid owner; /* nil where the kind has no owner */
	char unit[UNIT_SIZE];
};

/* The id of an account follows from what it is: nobody looks ids up, and opening twice is
 * opening once.  UUIDv8 of "coop/kind/owner/unit". */
struct uuid account_id(int32_t cooperative_id, const struct account_ref *ref);
const char *account_kind_name(enum account_kind kind); /* "float", "loan_fee", ... */
enum account_rule account_rule(enum account_kind kind);

enum leg_kind {
	LEG_POST, /* debit, credit, amount: now                                        */
	LEG_HOLD, /* the same, reserved: exactly one of capture, void, expire follows  */
	LEG_CAPTURE, /* hold_id, amount <= held: posted, the rest is released */
	LEG_VOID, /* hold_id: released                                                 */
	LEG_EXPIRE, /* hold_id: released because its time passed */
};

struct ledger_leg {
	enum leg_kind kind;
	struct uuid transfer_id; /* this leg's own id, made by the gateway              */
	struct uuid hold_id;     /* transfer_id of the hold; nil for POST and HOLD      */
	struct account_ref debit; /* for a resolving leg: those of the hold, repeated */
	struct account_ref credit;
	int64_t amount;     /* > 0; for VOID and EXPIRE what the hold holds        */
	int64_t expires_ms; /* wall time; HOLD only; 0 = never by itself           */
};

/* A row that goes with the legs: the state change or the outgoing message.  `kind` names
 * the SQL function effect_<kind>(cooperative, bodies jsonb) that writes it; a body whose
 * guard no longer holds makes the whole operation STALE. */
struct effect {
	const char *kind; /* static text */
	const char *body; /* one JSON object */
};

/* Room for a group loan: all its members' parts change in one operation. */
#define OPERATION_LEGS_MAX    72
#define OPERATION_EFFECTS_MAX 72

struct operation {
	int32_t cooperative_id;
	struct uuid key;   /* idempotency key; uuid_from_name("loan.approve/<id>")    */
	const char *kind;  /* static text: "loan.approve"                             */
	struct uuid actor; /* who decided; nil for the system                         */
	const struct ledger_leg *legs;
	uint32_t leg_count;
	const struct effect *effects;
	uint32_t effect_count;
};

/* What became of an operation.  Everything but STALE is remembered under the key and is
 * the answer for ever. */
enum op_result {
	OP_DONE,
	OP_NO_FUNDS,         /* an account's rule forbids it              */
	OP_NO_HOLD,          /* there is no such hold                     */
	OP_ALREADY_CAPTURED, /* the hold was resolved before, so          */
	OP_ALREADY_VOIDED,
	OP_ALREADY_EXPIRED,
	OP_OVER_HOLD, /* capture of more than was held             */
	OP_CONFLICT,  /* same key, other content: nothing was done */
	OP_STALE,     /* an effect's guard failed: not remembered  */
	OP_INVALID,   /* a bug in the caller: legs that cannot be  */
	OP_RESULTS
};

const char *op_result_name(enum op_result r); /* "done", "no_funds", ... */

/* Shape only: counts, positive amounts, equal units, no account against itself, ids set.
 */
int operation_check(const struct operation *op, struct err *err) MUST_CHECK;
/* BLAKE2b over kind, legs (without transfer ids) and effect bodies: what "same content"
 * means.  Legs and effects count in order. */
void operation_hash(const struct operation *op, uint8_t out[32]);

#endif
