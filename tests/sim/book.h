/*
 * book - what this provider was asked to pay and what it paid: the other side of the
 * proof that nothing is lost and nothing paid twice.
 *
 * One JSON line per change is appended to the file before anything is answered, so the
 * book survives the death of this program (not of the machine).
 */
#ifndef TESTS_SIM_BOOK_H
#define TESTS_SIM_BOOK_H

#include "lib/err.h"
#include "lib/ids.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum entry_state { ENTRY_PENDING, ENTRY_PAID, ENTRY_FAILED };

struct script;
struct timer;

struct entry {
	struct uuid reference; /* the caller's X-Reference-Id */
	bool out;
	char wire[12]; /* whose: "airtel"; "" is MTN's */
	char number[20], amount[32], currency[4];
	char external_id[64], payer_message[164], payee_note[164];
	char callback_url[256];
	struct uuid back; /* the collection it gives back; nil: none */
	enum entry_state state;
	char reason[64], txn[24];
	int64_t accepted_ms;
	/* of this run, not in the file */
	int64_t visible_ms; /* the status is 404 before */
	unsigned queries;
	bool refused_auth;
	struct timer *timer;
	void *owner; /* struct sim, for the timer */
	struct entry *next, *next_in_bucket;
};

struct book;

struct book *book_open(const char *path, struct err *err); /* path NULL: in memory */
void book_close(struct book *b);
struct entry *book_find(struct book *b, const struct uuid *reference);
/* Copies *e; written when it returns. */
struct entry *book_add(struct book *b, const struct entry *e);
/* How often it was asked this about a reference before, in this run. */
unsigned book_attempt(struct book *b, const struct uuid *reference);
void book_decide(struct book *b, struct entry *e, enum entry_state to,
                 const char *reason);
/* The paid collection of this wire with this transaction; NULL if there is none. */
struct entry *book_collected(struct book *b, const char *wire, const char *txn);
/* What was given back of a collection, or is on its way, in hundredths. */
int64_t book_given_back(struct book *b, const struct uuid *collection);
/* What was paid in all, in hundredths. */
int64_t book_paid(const struct book *b, bool out);
struct entry *book_first(struct book *b); /* then ->next, oldest first */
const char *entry_state_name(enum entry_state s);
void entry_print(const struct entry *e, FILE *to); /* one JSON line */
/* Hundredths of the currency unit; -1 if it cannot be read. */
int64_t amount_hundredths(const char *text);

#endif
