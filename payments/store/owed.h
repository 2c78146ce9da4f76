/*
 * owed - what the cooperative owes a member, and what it takes to pay it.
 */
#ifndef PAYMENTS_STORE_OWED_H
#define PAYMENTS_STORE_OWED_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/pg.h"

#include <stdbool.h>
#include <stdint.h>

struct owed_facts {
	unsigned actor_roles; /* 0: not an active member */
	char msisdn[16];      /* of who is owed: the number first joined with */
	char currency[4];
	char provider[16];
	char language[4]; /* of who is owed */
	char name[48];
	int64_t second_above; /* more than that is paid by two officers     */
	struct uuid asked_by; /* who asked for it this week; nil: nobody    */
	int64_t asked_amount;
	bool failed; /* the newest payout to the member did */
};

/* cooperative, actor, member, now. */
extern const struct pg_statement owed_facts;
/* False: no such active member. */
bool owed_facts_read(const struct pg_reply *r, struct owed_facts *out);

struct owed_balances { /* what no hold has taken yet */
	int64_t owed;  /* to the member */
	int64_t cash;  /* on the float */
};

/* cooperative, the member's account, the float's account. */
extern const struct pg_statement owed_balances;
void owed_balances_read(const struct pg_reply *r, struct owed_balances *out);

/* cooperative, account of a member's savings. */
extern const struct pg_statement savings_balance;
/* Both 0 where nothing was ever saved. */
void savings_read(const struct pg_reply *r, int64_t *balance, int64_t *held);

struct owed_line {
	struct uuid member_id;
	char name[48];
	char msisdn[16]; /* the number first joined with */
	int64_t amount;  /* owed, and held by no payout  */
};

/* cooperative, actor, account kind of members, skip, count: largest first.  One row
 * without a member if there is none, for the roles; no row: no active actor. */
extern const struct pg_statement owed_lines;
unsigned owed_lines_roles(const struct pg_reply *r); /* of the actor; 0: none */
unsigned owed_lines_total(const struct pg_reply *r);
bool owed_line_read(const struct pg_reply *r, int row, struct owed_line *out);

/* Body of effect "owed_out": guard is that no such payout of this member is open. */
void owed_out_body(struct buf *out, const struct uuid *member_id);

/* Body of effect "owed_ask": an officer asks that this much is paid. */
void owed_ask_body(struct buf *out, const struct uuid *member_id, const struct uuid *by,
                   int64_t amount, int64_t now_ms);
/* Body of effect "owed_agree": guard is that another one asked for that. */
void owed_agree_body(struct buf *out, const struct uuid *member_id, const struct uuid *by,
                     int64_t amount);

#endif
