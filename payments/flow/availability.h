/*
 * availability - asks providers that tell (TOPIC_SERVICE) whether they serve, and
 * remembers what they said.
 *
 *   REST --payments.service has passed, or its breaker opened--> TOKEN --> ASK --> REST
 *         (of each provider on its own: payouts first, then collections)
 *
 * What they said holds for three such times; no answer, or one that cannot be read, says
 * nothing.  A provider that serves in no direction counts as down and gets no new
 * payments, as if its breaker were open; one that serves in one of them gets both, for
 * what it refuses it refuses before it takes anything.  Questions about payments under
 * way go on whatever it says.
 */
#ifndef PAYMENTS_FLOW_AVAILABILITY_H
#define PAYMENTS_FLOW_AVAILABILITY_H

#include "payments/flow/carry.h"

struct availability;

enum serves { SERVES_UNTOLD, SERVES_YES, SERVES_NO };

/* changed(arg): one that was away serves again.  Borrows env, and tokens. */
struct availability *availability_new(struct flow_env *env, struct tokens *tokens,
                                      loop_cb *changed, void *arg);
void availability_free(struct availability *a);

/* Begins at once, if it tells at all and payments.service is not 0.  name and means are
 * borrowed. */
void availability_add(struct availability *a, const char *name,
                      const struct carry_means *means);
/* Something went wrong there: asks now, unless it is being asked. */
void availability_ask(struct availability *a, const char *name);

bool availability_allows(const struct availability *a, const char *name);
void availability_read(const struct availability *a, const char *name,
                       enum serves by_direction[2]);

#endif
