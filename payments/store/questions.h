/*
 * questions - those about our own accounts whose answer the provider posts: a row until
 * it came, so that who asked learns it whichever gateway was told.
 */
#ifndef PAYMENTS_STORE_QUESTIONS_H
#define PAYMENTS_STORE_QUESTIONS_H

#include "lib/pg.h"

/* question, provider, now. */
extern const struct pg_statement question_new;
/* question, provider, answer, now: false if nobody asked, or it was answered before. */
extern const struct pg_statement question_answer;
/* question: the answer; no row while there is none. */
extern const struct pg_statement question_posted;

#endif
