/*
 * waits - who waits for a row that somebody else writes, by its id: woken when it was
 * written here.  Who wrote it elsewhere wakes nobody, so whoever waits looks by itself
 * now and then, too.
 */
#ifndef PAYMENTS_FLOW_WAITS_H
#define PAYMENTS_FLOW_WAITS_H

#include "lib/ids.h"
#include "lib/loop.h"

struct waits;
struct wait;

struct waits *waits_new(void);
void waits_free(struct waits *w); /* nobody waits any more; NULL is fine */
/* cb(arg) at each waits_wake of this id, from inside it, until wait_leave: it starts
 * things and frees nothing.  NULL if w is. */
struct wait *wait_enter(struct waits *w, const struct uuid *id, loop_cb *cb, void *arg);
void wait_leave(struct wait **wait);                     /* NULL is fine */
void waits_wake(struct waits *w, const struct uuid *id); /* NULL is fine */

#endif
