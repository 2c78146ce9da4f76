/*
 * calc_price - one case of `adit calc price`: inputs are checked and echoed as they are
 * read, results printed exactly and, as money, once more rounded.
 *
 * The first fault is kept and ends the case; what is read after it is 1.
 */
#ifndef GATEWAY_CLI_CALC_PRICE_H
#define GATEWAY_CLI_CALC_PRICE_H

#include "gateway/cli/calc.h"
#include "payments/core/mineral.h"

#define PRICE_EXACT_DIGITS   12
#define PRICE_ROUNDED_DIGITS 2
#define PRICE_LOSS_DIGITS    4
#define PRICE_ROUNDED_MAX    32
#define PRICE_NAME_MAX       40

struct price_case {
	const struct json *in;
	struct json_writer *out;
	struct diag *fault;
	bool failed;
	unsigned rounded;

	struct {
		char name[PRICE_NAME_MAX + 1];
		struct exact value;
	} money[PRICE_ROUNDED_MAX];
};

/* Every price_ function of a kind: reads its inputs, computes, prints. */
typedef void price_fn(struct price_case *c);

price_fn price_gold_usd_per_g, price_gold_sale, price_density, price_stones;
price_fn price_tin, price_tantalum, price_tungsten, price_cobalt;

void price_wrong(struct price_case *c, const char *field, const char *why);

/* A decimal as text or a number, never through binary floating point. */
bool price_number(const struct json *v, struct exact *out);
struct exact price_input(struct price_case *c, const char *field); /* zero or more */
struct exact price_input_over_zero(struct price_case *c, const char *field);
struct exact price_input_up_to(struct price_case *c, const char *field, int64_t most);
/* Over zero; `fallback` where it is not given. */
struct exact price_input_or(struct price_case *c, const char *field,
                            struct exact fallback);
/* Pairs [name, rate], echoed; names are the results', so each once. */
void price_read_deductions(struct price_case *c, struct deductions *d);

void price_put(struct price_case *c, const char *field, struct exact value,
               unsigned digits);
void price_put_exact(struct price_case *c, const char *field, struct exact value);
void price_put_money(struct price_case *c, const char *field, struct exact value);
void price_put_deductions(struct price_case *c, const struct deductions *d);
/* A chain out of order fails the case: `grade` names the input that makes it too poor,
 * `taken` those that take more than there is. */
void price_check(struct price_case *c, const struct value_chain *v, const char *grade,
                 const char *taken);
/* net_pct_of_world and above_world. */
void price_put_share(struct price_case *c, const struct value_chain *v);

#endif
