/*
 * calc - the pure computations, asked from the shell: JSON in, JSON out.
 *
 * Each reads one case and puts the members of its answer into the object that is open.
 * -1: *fault names the field and says what to write.
 */
#ifndef GATEWAY_CLI_CALC_H
#define GATEWAY_CLI_CALC_H

#include "lib/json.h"

typedef int calc_fn(const struct json *in, struct json_writer *out, struct diag *fault);

int calc_fault(struct diag *fault, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

calc_fn calc_loan, calc_replay, calc_apr, calc_price;

#endif
