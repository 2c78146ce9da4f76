/*
 * posted - answers that a provider posts: where to, and how we know that it was asked.
 *
 * The address of a query ends with a word made of the payment's reference, the attempt
 * and the secret of the callbacks.  Only who was asked has seen it, so what comes there
 * is the answer of that query, as good as one on the same connection.  An address without
 * the word takes hints (hint.h).
 *
 * So does the address of a question about our own account (inquire.h), whose word is made
 * of the question's id and is of no payment.
 */
#ifndef PAYMENTS_FLOW_POSTED_H
#define PAYMENTS_FLOW_POSTED_H

#include "lib/ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POSTED_WORD_SIZE 48 /* "3-" and 32 hex digits, with the end */

/* prefix, "/" if it does not end so, reference, and for attempt > 0 "/" word; "" if
 * prefix is "", if it is too long, or if a word is wanted and there is no secret. */
void posted_url(const char *prefix, const char *secret, const struct uuid *reference,
                int32_t attempt, char *out, size_t cap);
/* prefix, "/" likewise, id, "/" and the word of a question. */
void posted_question_url(const char *prefix, const char *secret, const struct uuid *id,
                         char *out, size_t cap);
/* Is the word that of this question?  Constant time. */
bool posted_is_question(const char *secret, const struct uuid *id, const char *word);
/* The attempt that the word is for; 0 if it is not one of ours.  Constant time. */
int32_t posted_attempt(const char *secret, const struct uuid *reference,
                       const char *word);

#endif
