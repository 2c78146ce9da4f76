/*
 * route - which provider reaches a number.
 *
 * Each provider of the settings names the first digits of its numbers; the longest that
 * fits decides, the earlier entry between equals, and only a provider of the same
 * currency.  A prefix is a hint, as people keep their number when they change network: a
 * provider that does not know the number refuses it.  Without one, the cooperative's own
 * provider keeps the payment.
 *
 * A payment is routed once, before its hold; what follows it goes the same way.
 */
#ifndef PAYMENTS_FLOW_ROUTE_H
#define PAYMENTS_FLOW_ROUTE_H

#include "config/settings.h"
#include "payments/store/payment.h"

/* How many digits of the number the longest fitting prefix has; 0: none fits. */
size_t route_fits(const char *prefixes, const char *msisdn);
/* The longest prefix decides, of two alike the entry that stands first.  NULL: nobody
 * names this number. */
const struct settings_provider *route_find(const struct settings *s, const char *msisdn,
                                           const char *currency);
/* Writes the provider's name; provider stays as it is if nobody names the number. */
void route_name(const struct settings *s, const char *msisdn, const char *currency,
                char provider[16]);
void route_payment(const struct settings *s, struct payment *p);

#endif
