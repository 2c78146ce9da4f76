/*
 * err - one error type, which says whether the thing asked for may have happened.
 *
 * The code is stable: tests, metrics and callers switch on it.  `what` is static text for
 * the log, never NULL, never built from input.  Nothing with FATE_UNKNOWN is ever retried
 * without asking the peer first.
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum fate {
	FATE_DONE,    /* it happened                          */
	FATE_NOT,     /* it surely did not                    */
	FATE_UNKNOWN, /* ask the peer; never retry blindly    */
};

enum err_code {
	ERR_NONE,
	ERR_SYNTAX,    /* input that cannot be read                      */
	ERR_RANGE,     /* a value outside its bounds                     */
	ERR_OVERFLOW,  /* arithmetic would wrap                          */
	ERR_TOO_LONG,  /* more bytes than the place allows               */
	ERR_NOT_FOUND, /* no such thing                                  */
	ERR_REFUSED,   /* understood and refused; the refusal is final   */
	ERR_CONFLICT,  /* same key, other content                        */
	ERR_STALE,     /* the row moved on meanwhile: read and try again */
	ERR_AUTH,      /* credentials missing or wrong                   */
	ERR_TIMEOUT,   /* the deadline passed                            */
	ERR_CONNECT,   /* never reached the peer                         */
	ERR_LOST,      /* the connection broke after something was sent  */
	ERR_PEER,      /* the peer answered something unusable           */
	ERR_BUSY,      /* our own limit: too much in flight              */
	ERR_SHUTDOWN,  /* we are stopping                                */
	ERR_INTERNAL,  /* a bug, said aloud                              */
	ERR_CODES
};

struct err {
	enum err_code code;
	enum fate fate;
	const char *what;
};

/* "not_found" for ERR_NOT_FOUND and so on; never NULL. */
const char *err_name(enum err_code code);
/* "done", "not", "unknown". */
const char *fate_name(enum fate fate);

/* Fills *err (which may be NULL) and returns -1, so that a failing line is one line. */
int err_set(struct err *err, enum err_code code, enum fate fate, const char *what);

static inline struct err
err_none(void)
{
	return (struct err){ ERR_NONE, FATE_DONE, "" };
}

/* A fault in a text somebody wrote (config, menu, translation): where, what, and what to
 * write instead.  Printed as file:line:column: text. */
struct diag {
	char file[256];
	unsigned line;   /* from 1; 0 if the whole file is meant */
	unsigned column; /* from 1; 0 if the whole line is meant */
	char text[320];
};

#endif
