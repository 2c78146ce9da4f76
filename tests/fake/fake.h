/*
 * fake - what the scripted pg, redis, http_client and pinhash share: a call that is
 * waiting for its answer.
 */
#ifndef TESTS_FAKE_FAKE_H
#define TESTS_FAKE_FAKE_H

#include "tests/fake/script.h"

#include <sys/queue.h>

struct fake_call;

/* Tells the caller and frees what embeds the fake_call. */
typedef void fake_deliver(struct fake_call *f, const struct answer *answer);
/* The answer when the script knows none. */
typedef struct answer fake_fallback(struct fake_call *f, const struct script_call *call);

/* Embedded first in the op of each kind. */
struct fake_call {
	TAILQ_ENTRY(fake_call) link;
	const void *owner; /* the pool or client              */
	struct timer *timer;
	struct answer answer;
	char *rows, *text; /* copies of the answer's           */
	fake_deliver *deliver;
	fake_fallback *fallback;
};

void fake_begin(struct fake_call *f, const struct script_call *call);
/* Unlinks and frees what fake_begin made; the op itself is the caller's. */
void fake_end(struct fake_call *f);
/* Answers all open calls of an owner. */
void fake_fail_all(const void *owner, enum err_code code, enum fate fate);
void fake_unexpected(const char *name);
struct loop *fake_loop(void);
bool fake_pg_is_down(void);
bool fake_redis_is_down(void);
void fake_redis_forget(void);
/* Lives until script_reset. */
struct arena *fake_scratch(void);

#endif
