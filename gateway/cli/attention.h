/*
 * attention - `adit payments attention` and `adit payments seen`: what needs a person.
 */
#ifndef GATEWAY_CLI_ATTENTION_H
#define GATEWAY_CLI_ATTENTION_H

#include "gateway/cli/cli.h"

/* Both take s and give an exit status. */
int cli_attention(struct settings *s, bool json);
int cli_seen(struct settings *s, const char *code, const char *note);

#endif
