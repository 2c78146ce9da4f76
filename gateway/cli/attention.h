/*
 * attention - `adit payments attention`: what needs a person, and what that person says.
 */
#ifndef GATEWAY_CLI_ATTENTION_H
#define GATEWAY_CLI_ATTENTION_H

#include "gateway/cli/cli.h"

/* All take s and give an exit status. */
int cli_attention(struct settings *s, bool json);

struct cli_decision {
	const char *verb;  /* "seen", "resume", "settled"             */
	const char *code;  /* of the payment                          */
	const char *extra; /* seen: a note; settled: the code of the one that paid */
};

bool cli_is_decision(const char *verb);
int cli_decide(struct settings *s, const struct cli_decision *d);

#endif
