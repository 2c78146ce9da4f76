/*
 * wire - what every provider's wire of the simulator does the same way: the trouble
 * before a request is taken, the answers that are late, lost or of no use, and what is
 * posted.
 */
#ifndef TESTS_SIM_WIRE_H
#define TESTS_SIM_WIRE_H

#include "tests/sim/book.h"
#include "tests/sim/sim.h"

struct wire_words { /* how a provider says it */
	int auth_status, busy_status;
	const char *auth, *busy; /* bodies */
};

/* Nothing was taken: a token refused once, busy, a bare 500.  True if it was answered. */
bool wire_troubled(struct sim *s, struct http_exchange *x, const struct wire_words *w,
                   const struct uuid *reference);
/* The number's script refuses: busy.  True if it was answered. */
bool wire_refused(struct http_exchange *x, const struct wire_words *w,
                  const struct entry *e);
/* Answers what was taken, as its number and the chaos knobs say; attempt 0 is the submit,
 * else the question's number. */
void wire_answer(struct sim *s, struct http_exchange *x, const struct entry *e,
                 unsigned attempt, int status, const char *text);

/* A JSON text to a URL, after ms of real time. */
void wire_post(struct sim *s, const char *method, const char *url, const char *body,
               int64_t ms);
/* Writes what is told of an entry; lies: the opposite of its state. */
typedef void wire_tale(struct sim *s, const struct entry *e, bool lies, struct buf *out);
/* Tells url so often, by the chaos knobs: twice, contradicting, or never. */
void wire_tell(struct sim *s, const struct entry *e, const char *method, const char *url,
               unsigned times, wire_tale *tale);

/* A text of digits with up to `decimals` behind a point, above zero. */
bool wire_amount_is_fine(const char *text, unsigned decimals);
/* Basic with the account of --account, or any key and secret. */
bool wire_basic(const struct sim *s, struct http_exchange *x);
/* Is the body said to be JSON?  Answers 415 if not. */
bool wire_is_json(struct http_exchange *x);
/* The key behind "Bearer ", "" if there is none. */
const char *wire_bearer(struct http_exchange *x);

#endif
