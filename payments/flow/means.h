/*
 * means - what settings say about a provider, as a carry and a codec want it.
 */
#ifndef PAYMENTS_FLOW_MEANS_H
#define PAYMENTS_FLOW_MEANS_H

#include "config/settings.h"
#include "payments/flow/carry.h"

/* Fills the accounts, the deadline and the length of a claim. */
void means_read(struct carry_means *m, const struct settings_provider *s);

/* The smallest step, in minor units, in which a provider of the settings pays or collects
 * a currency; 1 if it is not there.  s may be NULL. */
int64_t means_grain(const struct settings *s, const char *provider, const char *currency,
                    enum pay_direction d);

/* Is the payee's name compared for so much, in minor units?  above: name_check_above. */
bool means_names(int64_t above, unsigned exponent, int64_t amount);

/* Whose wire an entry of the settings speaks; NULL if nobody knows it. */
const struct provider *means_codec(const struct settings_provider *s);

/* How many payouts of a batch this provider takes in one call; 0: it does not. */
int64_t means_batch_max(const struct settings *s, const char *provider);

#endif
