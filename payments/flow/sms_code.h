/*
 * sms_code - what was asked for by SMS is confirmed by a one-time code.
 *
 * The sender of an SMS is only a claim; who knows the code has read what we sent to that
 * number.  It confirms a collection from the member's own wallet, where the wallet asks
 * for its own PIN besides.  What pays money out, or binds her, needs her PIN here, and no
 * code takes its place.
 */
#ifndef PAYMENTS_FLOW_SMS_CODE_H
#define PAYMENTS_FLOW_SMS_CODE_H

#include "lib/onetime.h"
#include "payments/flow/payments.h"

struct code_ask {
	struct who who;
	const char *msisdn; /* told there; only from there it is good */
	const char *action; /* "pay" */
	int64_t amount;
	/* Of the SMS that tells it.  The values hold the seed in hex as "seed": the code
	 * itself is made of it when the text is written (gateway/sms_text.h). */
	const char *language, *template, *values;
	uint8_t seed[ONETIME_SEED];
	struct uuid key; /* of the SMS that asked: delivered again, one code is told */
};

/* The code and the SMS that tells it, in one operation; an older code is good no more.
 * Ok. */
struct payments_op *payments_code_send(struct flow_env *env, const struct code_ask *ask,
                                       payments_cb *cb, void *arg);

struct code_try {
	struct who who;
	const char *msisdn;
	const char *code; /* six digits */
	struct uuid sms;  /* the SMS that holds it: delivered again, it counts once */
};

struct code_answer {
	char action[8];
	int64_t amount;
	struct uuid code_id; /* the key of what is done now */
	int tries_left;
};

typedef void code_cb(void *arg, const struct payments_answer *a,
                     const struct code_answer *c);

/* Ok: it was right, and is used up; so it is for the same SMS again.
 * Reasons: none (no code is open), late, wrong (tries_left), spent. */
struct payments_op *payments_code_use(struct flow_env *env, const struct code_try *ask,
                                      code_cb *cb, void *arg);

#endif
