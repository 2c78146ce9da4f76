/*
 * script - what happens to a payment, by the last two digits of its number.
 */
#ifndef TESTS_SIM_SCRIPT_H
#define TESTS_SIM_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum submit_manner {
	SUBMIT_TAKE,     /* 202                                       */
	SUBMIT_SLOW,     /* taken, 202 after 20 s                     */
	SUBMIT_THEN_500, /* taken, then a bare 500                    */
	SUBMIT_REFUSE,   /* not taken: status and code                */
};

struct script {
	const char *number; /* two last digits, or the whole number  */
	const char *about;
	enum submit_manner manner;
	int status;        /* SUBMIT_REFUSE                             */
	const char *code;  /* SUBMIT_REFUSE, or the reason to fail; NULL: success */
	int64_t decide_ms; /* until it is decided; -1: never            */
	unsigned callbacks;
	bool recants; /* failed, and paid after all as late again */
};

/* Never NULL: a number without a script succeeds. */
const struct script *script_for(const char *number, bool out);
void scripts_print(FILE *to);
/* MTN's sandbox answers for an account holder; NULL: known and active. */
const char *holder_fault(const char *number, int *status);

#endif
