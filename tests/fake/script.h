/*
 * script - the outside world of a scenario, played from a script in virtual time.
 *
 * tests/fake/{pg,redis,http_client,pinhash}.c export the symbols of lib/ and ask the
 * script what to answer.  A call has a name:
 *
 *     pg       the statement's name               "payment_claim"
 *     redis    the command and its key            "GET {255712000100}session"
 *     http     the method and the url             "POST https://momo.example/transfer"
 *     pinhash  "pin_make", "pin_check"             err ERR_REFUSED: not the secret;
 *                                                 another err: not computed
 *
 * Answers come on a later turn of the loop, never inside the call; every promise of
 * lib/loop.h is kept.  For each call the first of these decides: a fault (script_fault),
 * the next expectation if its pattern matches, the newest standing rule that matches.
 * Else redis answers from a small memory of its own (GET SET DEL INCR, with times to
 * live), pinhash answers as if "hash:SECRET" were the hash, and pg and http note an
 * unexpected call and answer ERR_INTERNAL.  Patterns are those of fnmatch: * ? [a-z].
 */
#ifndef TESTS_FAKE_SCRIPT_H
#define TESTS_FAKE_SCRIPT_H

#include "lib/err.h"
#include "lib/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer {
	struct err err;       /* zeroed: ERR_NONE                                       */
	const char *sqlstate; /* pg, with an err                                        */
	const char *rows; /* pg: "1|sent|\\N" rows end in \n, \N is null; NULL: none */
	const char *text; /* redis: a string, NULL is nil; http: the body           */
	int64_t integer;  /* redis                                                  */
	int status;       /* http                                                   */
	const char *content_type; /* http; NULL: application/json                       */
	int64_t after_ms;         /* virtual time before it comes                       */
	bool silent;              /* never comes: the deadline speaks                   */
};

struct answer answer_rows(const char *rows);
struct answer answer_refused(const char *sqlstate);
struct answer answer_err(enum err_code code, enum fate fate);
struct answer answer_http(int status, const char *body);
struct answer answer_text(const char *text); /* redis; NULL is nil */
struct answer answer_silence(void);

/* A call as a handler sees it; borrowed. */
struct script_call {
	const char *name;
	const void *pg_args; /* see script_arg                                   */
	const char *body;    /* http: the request's body; redis: the value of SET */
	size_t body_len;
	const char *const *headers; /* http: up to the first NULL */
	const char *basic_auth;     /* http: "user:password" or NULL */
	int64_t deadline_ms;
};

/* Argument i (from 0) of a pg call as text; NULL if null or absent; arrays of bigint,
 * integer, uuid and text read as "{1,2}", bytes as hex.  Valid until script_reset. */
const char *script_arg(const struct script_call *call, size_t i);
/* A header's value of an http call; NULL if absent. */
const char *script_header(const struct script_call *call, const char *name);

typedef struct answer script_handler(void *arg, const struct script_call *call);

/* Forgets everything, redis' memory too.  Call it in each test's set-up. */
void script_reset(struct loop *loop);
/* The next call that matches gets this answer, once; expectations are used in order. */
void script_expect(const char *pattern, struct answer answer);
/* Every call that matches, when no expectation does. */
void script_always(const char *pattern, struct answer answer);
void script_handle(const char *pattern, script_handler *handler, void *arg);

/* Torture: what befalls the k-th call, counted from 0 over all kinds since the reset. */
enum script_fault {
	FAULT_NONE,
	FAULT_NOT_SENT,    /* never reached the peer: ERR_CONNECT, FATE_NOT       */
	FAULT_LOST_BEFORE, /* the peer did not do it, we do not know: ERR_LOST    */
	FAULT_LOST_AFTER,  /* the peer did it, the answer is lost: ERR_LOST       */
	FAULT_LATE,        /* the right answer, a millisecond before the deadline */
	FAULT_SILENT,      /* nothing until the deadline: ERR_TIMEOUT             */
};

void script_fault(size_t k, enum script_fault fault);
/* Calls made since the reset. */
size_t script_calls(void);
/* Their names in order, separated by spaces: "payment_claim POST:/transfer GET:key". */
const char *script_trace(void);
/* Calls that wait for their answer, cancelled ones not counted. */
size_t script_open(void);
/* NULL if all expectations were used, nothing unexpected was asked and no call is open;
 * else what is wrong. */
const char *script_problem(void);
/* Turns the loop while `ms` of virtual time pass; 0: whatever can happen now, happens. */
void script_run(int64_t ms);
/* A store that is down: redis answers ERR_CONNECT at once, pg lets calls wait until their
 * deadline (ERR_TIMEOUT, FATE_NOT). */
void script_pg_down(bool down);
void script_redis_down(bool down);

#endif
