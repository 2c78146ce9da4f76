/*
 * inquire - one question about a wallet or an account, and the fact it brings.
 *
 *   TOKEN --have--> [NOTE -->] ASK --fact, error-----------------------> END
 *     ^                         |`--taken--> WAIT --posted, or too late-->'
 *     `---------refused, once---'
 *
 * Where the provider posts its answers (ask_result), the question is a row before it is
 * asked, at an address that nobody else knows (posted.h); whichever gateway hears the
 * answer writes it there, and it is looked for until it is too late: at once when it was
 * heard here (waits.h), else now and then.
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

#define INQUIRE_POSTED_MS 10000

/* Copies *q; wall_ms, chance and result_url are ours to fill.  m is borrowed and outlives
 * the question; each exchange has m->deadline_ms, and what is posted that, too, but no
 * more than INQUIRE_POSTED_MS.
 * Keeps the five promises of loop.h.  Errors: ERR_RANGE (it answers no such question, or
 * not about that number), ERR_AUTH (our credentials are refused), ERR_NOT_FOUND (no such
 * wallet), ERR_PEER (unreadable), ERR_TIMEOUT (nothing was posted), those of
 * http_client.h and pg.h. */
struct inquire *inquire_start(const struct carry_means *m,
                              const struct provider_inquiry *q, inquire_cb *cb,
                              void *arg);
void inquire_cancel(struct inquire **i);

#endif
