/*
 * hint - what a provider's callback leaves behind: its bytes with the payment, and a
 * query that comes sooner.
 *
 *   FIND --the payment of this reference--> KEEP --> told --names the payee--> PAYEE
 *     `--nobody's--> logged                                  another one--> LIST
 *
 * A payout's may tell, too, what our account held when it was done: that is passed on
 * once the payout is found to be ours.  And what comes to the address of a question about
 * our account (inquire.h) is kept with the question.
 *
 * Whose wallet a payout went to is compared with who was to be paid, if it is a large one
 * (name_check_above); another name is listed for a person, once.
 *
 * It never moves money.  Losing one loses nothing: the ladder asks anyway.
 */
#ifndef PAYMENTS_FLOW_HINT_H
#define PAYMENTS_FLOW_HINT_H

#include "payments/flow/env.h"
#include "payments/provider/provider.h"

struct hints;

struct hint_funds {
	int64_t holds; /* minor units */
	char currency[4];
	int64_t at_ms; /* wall time */
};

typedef void hints_funds(void *arg, const char *provider, const struct hint_funds *f);

/* kept(arg) after each callback that was written down. */
struct hints *hints_new(struct flow_env *env, loop_cb *kept, hints_funds *funds,
                        void *arg);
void hints_free(struct hints *h);
void hints_take(struct hints *h, const char *provider, const struct provider_hint *hint,
                const char *body, size_t n);
/* The answer to a question of ours. */
void hints_answer(struct hints *h, const char *provider, const struct uuid *question,
                  const char *body, size_t n);
void hints_read_counts(const struct hints *h, uint64_t *taken, uint64_t *strangers);

#endif
