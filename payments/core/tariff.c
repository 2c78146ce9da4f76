#include "payments/core/tariff.h"

#include "payments/core/money.h"

#include <string.h>

static bool
is_of(const struct tariff_band *b, const struct tariff_for *w)
{
	return b->in == w->in && b->from_ms <= w->at_ms &&
	       strcmp(b->provider, w->provider) == 0 &&
	       strcmp(b->currency, w->currency) == 0;
}

const struct tariff_band *
tariff_find(const struct tariff_band *bands, size_t n, const struct tariff_for *what)
{
	const struct tariff_band *found = NULL;
	int64_t newest = INT64_MIN;

	for (size_t i = 0; i < n; i++)
		if (is_of(&bands[i], what) && bands[i].from_ms > newest)
			newest = bands[i].from_ms;
	for (size_t i = 0; i < n; i++)
		if (is_of(&bands[i], what) && bands[i].from_ms == newest &&
		    what->amount <= bands[i].upto &&
		    (found == NULL || bands[i].upto < found->upto))
			found = &bands[i];
	return found;
}

int64_t
tariff_fee(const struct tariff_band *band, int64_t amount)
{
	int64_t share;
	wide fee;

	if (band == NULL ||
	    money_part(amount, band->rate_bp, TARIFF_RATE_MAX, &share, NULL) < 0)
		return 0;
	fee = (wide)band->fixed + share;
	if (fee < band->least)
		fee = band->least;
	if (fee > band->most)
		fee = band->most;
	return fee > INT64_MAX ? INT64_MAX : (int64_t)fee;
}
