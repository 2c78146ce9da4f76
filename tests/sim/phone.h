/*
 * phone - the phones' inboxes: every SMS that was sent, oldest first.
 */
#ifndef TESTS_SIM_PHONE_H
#define TESTS_SIM_PHONE_H

#include "tests/sim/sim.h"

#define NUMBER_SIZE  20
#define SMS_TEXT_MAX 1600

struct sms {
	struct sms *next;
	int64_t id, at_ms;
	bool fails;
	char to[NUMBER_SIZE], from[24];
	char message_id[48];
	char key[80]; /* the sender's Idempotency-Key, "" if none */
	char *text;
};

struct waiter;

struct phones {
	struct sms *first, *last;
	struct waiter *waiters;
	int64_t count;
};

/* "+255712..." or "255712..." as bare digits; false if it is no number. */
bool phone_number(const char *text, size_t n, char out[NUMBER_SIZE]);
/* In whose name the wallet of a number is. */
void phone_holder(const char *number, const char **given, const char **family);
/* Answers those who wait for an SMS to that number. */
void phones_wake(struct phones *p, const char *to);

#endif
