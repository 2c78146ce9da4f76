/*
 * moratorium_run - what a declared moratorium does to the live loans of its site: what is
 * due inside moves past it, its days count for no arrears and no penalty, and each member
 * is told.
 *
 * Each loan is one operation under the key moratorium/<id>/<loan>: a run that was cut off
 * is gone on with by the next one.  A loan that is paid out later, while the moratorium
 * has not ended, or whose member comes to the site, is told then; what was paid out after
 * it was declared never gets dearer by it: its interest stops whatever was declared.
 */
#ifndef PAYMENTS_FLOW_MORATORIUM_RUN_H
#define PAYMENTS_FLOW_MORATORIUM_RUN_H

#include "payments/flow/env.h"

struct moratorium_counts {
	uint64_t loans;  /* looked at */
	uint64_t told;   /* of them, now done with their moratorium */
	uint64_t failed; /* left for the next run: the log says why */
};

struct moratorium_run;
typedef void moratorium_run_cb(void *arg, const struct err *err,
                               const struct moratorium_counts *counts);

/* As of that moment, of one cooperative or (0) of all.  cb once at the end; never from
 * inside this call.  Freed by itself before cb. */
struct moratorium_run *moratorium_run_start(struct flow_env *env, int32_t cooperative_id,
                                            int64_t moment_ms, moratorium_run_cb *cb,
                                            void *arg);
/* Ends it without cb; what is under way may still be done.  NULL is fine. */
void moratorium_run_stop(struct moratorium_run **run);

#endif
