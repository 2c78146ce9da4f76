/*
 * group_parts - what a group loan does to the operations about its parts.
 *
 * A guarantee is a hold of a member's savings towards the group's account of called
 * guarantees.  It stays until no part of the group runs any more: whoever has paid back
 * early answers for the others to the end.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_GROUP_PARTS_H
#define PAYMENTS_FLOW_GROUP_PARTS_H

#include "payments/flow/books.h"

/* The two sides of a guarantee: savings of the member, called guarantees of the group. */
struct account_ref group_savings(const struct uuid *member_id, const char *unit);
struct account_ref group_called(const struct uuid *group_id, const char *unit);

/* Writes g->change; an operation does so once for a group. */
void group_put_change(struct books *b, const struct loan_group *g);
/* A part is paid back or given up: with the last one all guarantees are let go, and each
 * member is told.  Nothing for a loan that is no part. */
void group_part_ends(struct books *b, const struct loan_record *loan);
/* The same of a part that was never paid out: its own guarantee ends at once. */
void group_part_fails(struct books *b, const struct loan_record *loan);

#endif
