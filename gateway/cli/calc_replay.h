/*
 * calc_replay - what the files of `adit calc replay` share.
 *
 * Only gateway/cli/calc_replay*.c includes this.
 */
#ifndef GATEWAY_CLI_CALC_REPLAY_H
#define GATEWAY_CLI_CALC_REPLAY_H

#include "gateway/cli/calc.h"
#include "payments/core/account.h"

struct replay {
	struct loan_account account;
	struct diag *fault;
	size_t step; /* from 0 */
	int32_t today;
	bool pays_down;              /* the down payment is kept back from what is lent */
	int64_t topped_up, paid_off; /* a new loan that paid this one off */
};

/* One step of the case happens; "expect_..." steps are passed over.  -1: *fault names the
 * step, its field and what is wrong. */
int replay_step(struct replay *r, const struct json *in);

#endif
