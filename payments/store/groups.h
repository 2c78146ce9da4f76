/*
 * groups - group loans as stored, and the effects that change them.
 *
 * Every change names the version it saw; another change in between makes it STALE.
 * A statement stands with its arguments in order; _read fills a struct from a reply.
 */
#ifndef PAYMENTS_STORE_GROUPS_H
#define PAYMENTS_STORE_GROUPS_H

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/pg.h"
#include "payments/core/product.h"
#include "payments/store/member.h"

#define GROUP_NAME_MAX 30

enum group_state {
	GROUP_FORMING,  /* members are added, and agree                        */
	GROUP_SEEN,     /* a first officer agreed                              */
	GROUP_APPROVED, /* every part is on its way or live                    */
	GROUP_CLOSED,   /* no part runs any more; nothing is held              */
	GROUP_REFUSED,
	GROUP_STATES
};

struct group_part {
	struct uuid member_id;
	char name[NAME_MAX_BYTES + 1];
	char msisdn[16];
	char language[4];
	int64_t amount;
	struct uuid loan_id; /* nil: she has not agreed            */
	char loan_code[12];
	char loan_state[16]; /* "" without a loan                  */
	int64_t owed;        /* of a live loan, charges and all    */
	int64_t past_due;
	struct uuid hold_id; /* of her savings; nil: nothing       */
	int64_t guarantee;   /* held                               */
	int64_t called;      /* paid for others or herself so far  */
	int64_t savings;     /* what no hold has taken             */
};

struct group_view {
	struct uuid group_id;
	char code[12];
	char name[GROUP_NAME_MAX * 4 + 1];
	char product[PRODUCT_CODE_SIZE];
	enum group_state state;
	int32_t version;
	unsigned terms; /* instalments */
	uint32_t guarantee_bp;
	unsigned members_min, members_max;
	char currency[4];
	struct uuid made_by, seen_by, approved_by;
	unsigned actor_roles; /* of who asks; 0 if nobody of this cooperative */
	unsigned count, agreed;
	struct group_part part[GROUP_MEMBERS_MAX];
};

/* What is held of a member's savings for a part: rounded up, so that it never falls short
 * of the product's share. */
int64_t group_guarantee(uint32_t guarantee_bp, int64_t amount);

/* cooperative, group, actor, now_ms: a row a part, one without a part if there is none.
 */
extern const struct pg_statement group_by_id;
/* cooperative, member, member (actor), now_ms: the group whose part she is asked for or
 * has open. */
extern const struct pg_statement group_of_member;
/* cooperative, code of a loan that is a part, actor, now_ms. */
extern const struct pg_statement group_of_loan;
bool group_read(const struct pg_reply *r, struct group_view *out);

#define GROUPS_PAGE 10

struct group_line {
	struct uuid group_id;
	char code[12];
	char name[GROUP_NAME_MAX * 4 + 1];
	enum group_state state;
	unsigned count, agreed;
	int64_t amount; /* of all parts */
};

struct group_list {
	unsigned count, total;
	struct group_line at[GROUPS_PAGE];
};

/* cooperative, actor, skip, count: those that are not closed or refused, the newest
 * first; nothing for who is no treasurer or officer. */
extern const struct pg_statement groups_open;
void group_list_read(const struct pg_reply *r, struct group_list *out);

/* Of a loan that is a part of a group, as its last change must know it. */
struct group_hold {
	struct member member; /* member_id, msisdn, language only */
	struct uuid hold_id;
	int64_t amount;
};

struct group_held { /* a part's guarantee from now on */
	struct uuid member_id, hold_id;
	int64_t amount;
	int64_t called; /* more paid by it now */
};

struct group_change {
	const char *state; /* NULL: as it was */
	struct uuid seen_by, approved_by, refused_by;
	struct uuid
	    called_for; /* the loan that guarantees pay for: its first word is used */
	int64_t decided_ms;
	unsigned count;
	struct group_held held[GROUP_MEMBERS_MAX];
};

struct loan_group {
	struct uuid group_id;
	int32_t version;
	char name[GROUP_NAME_MAX * 4 + 1];
	unsigned others_open; /* parts that still run, without this one */
	unsigned count;
	struct group_hold hold[GROUP_MEMBERS_MAX]; /* that still stand */
	struct group_change change; /* what the operation at hand does to the group */
};

/* From loan_group_of(); NULL for a loan that is no part. */
struct loan_group *loan_group_read(const char *text, struct arena *arena);

/* ---- bodies of effects ---- */

struct group_new {
	struct uuid group_id, made_by;
	const char *code, *name;
	const struct product *product;
	unsigned terms;
	int64_t now_ms;
};

void group_new_body(struct buf *out, const struct group_new *n); /* "group_new" */
/* "group_add": asks a member, or changes her amount while she has not agreed. */
void group_add_body(struct buf *out, const struct uuid *group_id, int32_t version,
                    const struct uuid *member_id, int64_t amount, int64_t now_ms);
/* "group_join": she agrees; the loan is that of an effect "loan_new" beside it. */
void group_join_body(struct buf *out, const struct uuid *group_id, int32_t version,
                     const struct uuid *member_id, const struct uuid *loan_id);

void group_set_body(struct buf *out, const struct uuid *group_id, int32_t version,
                    const struct group_change *c); /* "group_set" */
/* "group_pull".  Stale while another pull for the group is on its way. */
void group_pull_body(struct buf *out, const struct uuid *group_id);
/* "group_call_asked".  Stale unless live and not asked for. */
void group_call_asked_body(struct buf *out, const struct uuid *loan_id, int32_t version,
                           const struct uuid *by, int64_t now_ms);

#endif
