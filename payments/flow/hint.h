/*
 * hint - what a provider's callback leaves behind: its bytes with the payment, and a
 * query that comes sooner.
 *
 *   FIND --the payment of this reference--> KEEP --> told
 *     `--nobody's--> logged
 *
 * It never moves money.  Losing one loses nothing: the ladder asks anyway.
 */
#ifndef PAYMENTS_FLOW_HINT_H
#define PAYMENTS_FLOW_HINT_H

#include "payments/flow/env.h"
#include "payments/provider/provider.h"

struct hints;

/* kept(arg) after each callback that was written down. */
struct hints *hints_new(struct flow_env *env, loop_cb *kept, void *arg);
void hints_free(struct hints *h);
void hints_take(struct hints *h, const char *provider, const struct provider_hint *hint,
                const char *body, size_t n);
void hints_read_counts(const struct hints *h, uint64_t *taken, uint64_t *strangers);

#endif
