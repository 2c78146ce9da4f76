/*
 * member - people of a cooperative, their numbers and roles.
 *
 * A statement stands with its arguments in order; _read fills a struct from a row.
 */
#ifndef PAYMENTS_STORE_MEMBER_H
#define PAYMENTS_STORE_MEMBER_H

#include "lib/ids.h"
#include "lib/pg.h"

#include <stdbool.h>
#include <stdint.h>

#define NAME_MAX_BYTES 47

enum role { /* bits */
	    ROLE_MINER = 1,
	    ROLE_WEIGHER = 2,
	    ROLE_TREASURER = 4, /* maker of approvals and prices */
	    ROLE_OFFICER = 8,   /* the second officer: checker   */
	    ROLE_AUDITOR = 16,
	    ROLE_OPERATOR = 32,
	    ROLE_ADMIN = 64,
};

enum member_state { MEMBER_PENDING, MEMBER_ACTIVE, MEMBER_CLOSED };

struct member {
	int32_t cooperative_id;
	struct uuid member_id;
	char number[12]; /* member number, "M-0001" */
	char name[NAME_MAX_BYTES + 1];
	char msisdn[16]; /* the one asked for, else the first */
	char language[4];
	unsigned roles;
	enum member_state state;
	bool locked; /* PIN */
	bool news;   /* false after STOP; what topics are excepted, the database knows */
	char cooperative_code[16];
	char cooperative_name[48];
	char country[3];
	char currency[4];
	unsigned exponent;     /* of the currency: 2 means minor units are hundredths */
	unsigned cooperatives; /* of how many this number is a member */
};

struct cooperative {
	int32_t cooperative_id;
	char code[16];
	char name[48];
	char country[3];
	char currency[4];
	unsigned exponent;
};

void member_read(const struct pg_reply *r, int row, struct member *out);
void cooperative_read(const struct pg_reply *r, int row, struct cooperative *out);

extern const struct pg_statement member_by_msisdn; /* msisdn, cooperative or 0 */
/* msisdn, now_ms: the member in each of her cooperatives, in no order; behind the
 * MEMBER_FIELDS, of which the last is left 0, how many lots wait for her and when she
 * joined. */
#define MEMBER_FIELDS 16
extern const struct pg_statement member_dials;
/* Which of its rows answers when she dials: an active membership, then the oldest. */
int member_dials_row(const struct pg_reply *r);
/* cooperative, member, roles: how many loans and prices she may decide */
extern const struct pg_statement member_decides;
extern const struct pg_statement member_by_id; /* cooperative, member */
/* cooperative, text, digits of text or '', skip, count */
extern const struct pg_statement member_search;
extern const struct pg_statement cooperative_by_code; /* code */
/* cooperative, member, name, language, msisdn, pin_hash, now: id or null */
extern const struct pg_statement member_begin;
extern const struct pg_statement member_activate; /* cooperative, member, now: bool */
/* cooperative, member: pin_hash or null, tries_left, next_hash, proved_ms */
extern const struct pg_statement member_pin_try;
/* cooperative, member, proved_ms or null, rehash or null */
extern const struct pg_statement member_pin_right;
/* cooperative, member, hash, since_ms: bool */
extern const struct pg_statement member_pin_next;
extern const struct pg_statement member_pin_commit; /* cooperative, member, hash: bool */
extern const struct pg_statement member_language;   /* cooperative, member, language */
extern const struct pg_statement member_news;       /* msisdn, on */

#endif
