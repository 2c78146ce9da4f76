/*
 * inquire - one question about a wallet or an account, and the fact it brings.
 *
 *   TOKEN --have--> ASK --fact, error--> END
 *     ^              |
 *     `--refused, once--'
 *
 * No money moves, so an error is only an error.  "Could not be asked" is never "no":
 * whoever asks goes on as if there were no such question (ERR_NOT_FOUND alone is a fact:
 * the provider knows no such wallet).
 */
#ifndef PAYMENTS_FLOW_INQUIRE_H
#define PAYMENTS_FLOW_INQUIRE_H

#include "payments/flow/carry.h"

struct inquire;

/* fact is NULL when err says why; both die when the callback returns. */
typedef void inquire_cb(void *arg, const struct provider_fact *fact,
                        const struct err *err);

/* Does this provider answer such questions at all? */
bool inquire_can(const struct provider *p, enum provider_topic topic);

/* Copies *q.  m is borrowed and outlives the question; each exchange has m->deadline_ms.
 * Keeps the five promises of loop.h.  Errors: ERR_RANGE (it answers no such question, or
 * not about that number), ERR_AUTH (our credentials are refused), ERR_NOT_FOUND (no such
 * wallet), ERR_PEER (unreadable), those of http_client.h. */
struct inquire *inquire_start(const struct carry_means *m,
                              const struct provider_inquiry *q, inquire_cb *cb,
                              void *arg);
void inquire_cancel(struct inquire **i);

#endif
