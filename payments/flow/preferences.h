/*
 * preferences - what people decided about providers, known here while the gateway runs:
 * who is paused, and what each cooperative likes best.  A few seconds old at most.
 */
#ifndef PAYMENTS_FLOW_PREFERENCES_H
#define PAYMENTS_FLOW_PREFERENCES_H

#include "payments/flow/env.h"

#include <stdbool.h>

struct preferences;

/* Reads now and every every_ms.  Borrows env. */
struct preferences *preferences_new(struct flow_env *env, int64_t every_ms);
void preferences_free(struct preferences *p); /* NULL is fine */

/* Of NULL: nobody is paused, nobody is preferred. */
bool preferences_paused(const struct preferences *p, const char *provider);
/* 1 best; INT32_MAX: no preference. */
int32_t preferences_rank(const struct preferences *p, int32_t cooperative_id,
                         const char *provider);

#endif
