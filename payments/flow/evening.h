/*
 * evening - the day's run by itself: once a day in each cooperative, when its own clock
 * has reached payments.evening (day_run.h says what a day does).
 *
 *   SLEEP --timer--> MORATORIA --> LOOK --due--> RUN one cooperative --> NOTE
 *     ^                   ^--------------------------------------------------'
 *     `------ none due, or loans were left
 *
 * What a moratorium does to loans (moratorium_run.h) is looked after all day.
 *
 * A run that was cut off is not noted, and the next one goes on with it.  A gateway that
 * was down in the evening runs when it is up again, before midnight; what a missed day
 * would have charged, the next one does.
 */
#ifndef PAYMENTS_FLOW_EVENING_H
#define PAYMENTS_FLOW_EVENING_H

#include "payments/flow/env.h"

struct evening;

/* Looks every every_ms while we are the ledger's writer.  Borrows env. */
struct evening *evening_start(struct flow_env *env, int64_t every_ms);
void evening_stop(struct evening **e); /* NULL is fine */

#endif
