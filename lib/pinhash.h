/*
 * pinhash - slow hashes of short secrets, on worker threads: the only threads there are.
 *
 * argon2id (libsodium) over BLAKE2b keyed with a pepper that is not in the database.  The
 * secret is wiped from our memory as soon as the worker took it.  Keeps the five promises
 * of loop.h.
 */
#ifndef LIB_PINHASH_H
#define LIB_PINHASH_H

#include "lib/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PINHASH_TEXT_MAX 128
#define PINHASH_PEPPER   32

struct pinhash;
struct pinhash_op;

struct pinhash_options {
	uint8_t pepper[PINHASH_PEPPER];
	unsigned threads;    /* 1..8                 */
	size_t memory_bytes; /* 8 MiB is the default */
	unsigned passes;     /* 3 is the default     */
};

struct pinhash *pinhash_new(struct loop *loop, const struct pinhash_options *o);
void pinhash_free(struct pinhash *p);

/* text: the hash made (ok true), or unchanged for a check; needs_rehash: made with weaker
 * settings than today's.  text NULL: not computed (stopping, or no memory): that says
 * nothing about the secret, so it must not count as a wrong one. */
typedef void pinhash_cb(void *arg, bool ok, const char *text, bool needs_rehash);
struct pinhash_op *pinhash_make(struct pinhash *p, const char *secret, pinhash_cb *cb,
                                void *arg);
struct pinhash_op *pinhash_check(struct pinhash *p, const char *secret, const char *text,
                                 pinhash_cb *cb, void *arg);
void pinhash_cancel(struct pinhash_op **op);

#endif
