/*
 * unread - SMS of members that are no command, for a person to read.
 */
#ifndef PAYMENTS_STORE_UNREAD_H
#define PAYMENTS_STORE_UNREAD_H

#include "lib/pg.h"

/* cooperative, channel, the carrier's id, member, msisdn, body, now_ms.  False: it was
 * there before. */
extern const struct pg_statement unread_add;
/* By hand: cooperative code, number, by whom, now_ms.  What is wrong, or "". */
extern const struct pg_statement unread_seen;
/* cooperative code or "".  For lists, oldest first: number, cooperative, member, msisdn,
 * when (local), text. */
extern const struct pg_statement unread_list;

#endif
