/*
 * prompt_size - does a provider ask a wallet for so much at once?
 *
 * The bounds are data (schema/220_prompt_limits.sql), known here while the gateway runs
 * and a few seconds old at most.  A process that has read none refuses nothing: the
 * network still may.
 */
#ifndef PAYMENTS_FLOW_PROMPT_SIZE_H
#define PAYMENTS_FLOW_PROMPT_SIZE_H

#include "payments/core/bounds.h"
#include "payments/flow/env.h"
#include "payments/store/payment.h"

struct prompt_sizes;

/* Reads now and every every_ms.  Borrows env. */
struct prompt_sizes *prompt_sizes_new(struct flow_env *env, int64_t every_ms);
void prompt_sizes_free(struct prompt_sizes *s); /* NULL is fine */
/* The provider's own, else those of its currency; zeros: none known, as of NULL. */
struct bounds prompt_sizes_find(const struct prompt_sizes *s, const char *provider,
                                const char *currency);

/* Routes a collection, and rounds its amount up to what can be asked for there.  *bound
 * as bounds_judge says. */
enum bounds_say prompt_size(const struct flow_env *env, int32_t cooperative_id,
                            struct payment *p, int64_t *bound);

struct payments_op;

/* The same for a call that is to make this collection: "" if it fits, else the reason to
 * fail with, and op->answer.bound. */
const char *prompt_refusal(struct payments_op *op, const struct payment *p);

#endif
