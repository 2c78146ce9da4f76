/*
 * day_run - what a day does to every live loan: charges earned, penalties of instalments
 * that are late, reminders.
 *
 * Before that, fees owed to providers are booked off their floats (fee_due.h), and what a
 * declared moratorium still has to do is done (moratorium_run.h).
 *
 * Each loan and day is one operation under the key loan.day/<loan>/<date>: doing a day
 * again, or going on after a kill, changes nothing that was done.
 */
#ifndef PAYMENTS_FLOW_DAY_RUN_H
#define PAYMENTS_FLOW_DAY_RUN_H

#include "payments/flow/env.h"

struct day_counts {
	uint64_t loans;     /* looked at */
	uint64_t written;   /* of them, changed */
	uint64_t penalties; /* told */
	uint64_t reminders; /* texts to members */
	uint64_t late[4];   /* loans late by 1.., 31.., 61.., 91.. days */
	uint64_t failed;    /* left for the next run: the log says why */
};

struct day_run;
typedef void day_run_cb(void *arg, const struct err *err,
                        const struct day_counts *counts);

/* moment_ms: any moment of the day, each cooperative's own; all live loans of one
 * cooperative, or (0) of all.  cb once at the end; never from inside this call.  Freed by
 * itself before cb. */
struct day_run *day_run_start(struct flow_env *env, int32_t cooperative_id,
                              int64_t moment_ms, day_run_cb *cb, void *arg);
/* Ends it without cb; what is under way may still be done.  NULL is fine. */
void day_run_stop(struct day_run **run);
/* How far it is; valid until cb. */
const struct day_counts *day_run_counts(const struct day_run *run);

#endif
