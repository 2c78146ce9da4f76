#include "payments/flow/means.h"

#include "payments/core/currency.h"

#include <string.h>

static void
copy(char *out, size_t cap, const char *text)
{
	size_t n = strnlen(text, cap - 1);

	memcpy(out, text, n);
	out[n] = '\0';
}

static unsigned
scale_of(const struct settings_provider *s, enum pay_direction d)
{
	return (unsigned)(d == PAY_IN && s->collection_scale >= 0 ? s->collection_scale
	                                                          : s->scale);
}

static void
read_account(struct provider_account *a, const struct settings_provider *s,
             const struct settings_product *product)
{
	copy(a->name, sizeof a->name, s->name);
	copy(a->base_url, sizeof a->base_url, s->base_url);
	copy(a->user, sizeof a->user, product->user);
	copy(a->key, sizeof a->key, product->key);
	copy(a->subscription_key, sizeof a->subscription_key, product->subscription_key);
	copy(a->target_environment, sizeof a->target_environment, s->target_environment);
	copy(a->currency, sizeof a->currency, s->currency);
	copy(a->callback_url, sizeof a->callback_url, s->callback_url);
	copy(a->country, sizeof a->country, s->country);
	a->version = (uint8_t)s->version;
	copy(a->pin, sizeof a->pin, s->wallet_pin);
	copy(a->public_key, sizeof a->public_key, s->public_key);
	copy(a->callback_key, sizeof a->callback_key, s->callback_key);
	copy(a->party, sizeof a->party, s->party);
	if (strcmp(s->kind, "till") == 0) {
		copy(a->till, sizeof a->till, s->till);
		copy(a->store, sizeof a->store, s->store);
	}
	copy(a->passkey, sizeof a->passkey, s->passkey);
	copy(a->initiator, sizeof a->initiator, s->initiator);
	copy(a->origin, sizeof a->origin, s->origin);
	copy(a->market, sizeof a->market, s->market);
	copy(a->payout_call, sizeof a->payout_call, s->payout_call);
	copy(a->public_key_id, sizeof a->public_key_id, s->public_key_id);
	copy(a->signing_key, sizeof a->signing_key, s->signing_key);
	copy(a->signing_key_id, sizeof a->signing_key_id, s->signing_key_id);
}

void
means_read(struct carry_means *m, const struct settings_provider *s)
{
	read_account(&m->account[PAY_OUT], s, &s->disbursement);
	read_account(&m->account[PAY_IN], s, &s->collection);
	m->account[PAY_OUT].scale = (uint8_t)scale_of(s, PAY_OUT);
	m->account[PAY_IN].scale = (uint8_t)scale_of(s, PAY_IN);
	m->deadline_ms = s->deadline_ms;
	m->claim_ms = carry_claim_ms(s->deadline_ms);
	m->float_ms = s->float_ms;
	m->name_above = s->name_above;
}

int64_t
means_grain(const struct settings *s, const char *provider, const char *currency,
            enum pay_direction d)
{
	const struct settings_provider *p =
	    s == NULL ? NULL : settings_provider(s, provider);

	return p == NULL ? 1 : currency_grain(currency, scale_of(p, d));
}

bool
means_names(int64_t above, unsigned exponent, int64_t amount)
{
	int64_t least = above;

	for (unsigned i = 0; i < exponent; i++)
		least *= 10; /* 10^12 units and four decimals fit */
	return above > 0 && amount > least;
}

const struct provider *
means_codec(const struct settings_provider *s)
{
	return provider_by_name(s->codec[0] != '\0' ? s->codec : s->name);
}

int64_t
means_batch_max(const struct settings *s, const char *provider)
{
	const struct settings_provider *entry = settings_provider(s, provider);
	const struct provider *codec = entry == NULL ? NULL : means_codec(entry);

	return codec != NULL && codec->batches ? entry->batch_max : 0;
}
