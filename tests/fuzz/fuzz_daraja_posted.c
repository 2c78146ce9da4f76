/* Whatever is posted to us: no crash, identifiers that fit their places, and a payment is
 * decided by no result without its state. */
#include "payments/provider/provider.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
read_result(const struct provider_order *o, const char *body, size_t size)
{
	struct verdict v;

	provider_daraja.result(o, body, size, &v);
	must(strlen(v.code) < sizeof v.code && v.amount_minor >= -1);
	must(v.kind != VERDICT_ACCEPTED && v.kind != VERDICT_ASKED);
	if (v.kind == VERDICT_PAID || v.kind == VERDICT_FAILED)
		must(memmem(body, size, "\\u", 2) != NULL ||
		     memmem(body, size, "TransactionStatus", 17) != NULL);
}

/* Ours at all, and never below zero. */
static void
read_balance(const char *body, size_t size)
{
	struct provider_inquiry q = { .topic = TOPIC_BALANCE, .exponent = 2 };
	struct provider_fact fact = { .name = "" };

	if (provider_daraja.ask_result(&q, body, size, &fact, NULL) != 0)
		return;
	must(fact.balance_minor >= 0 && strlen(fact.currency) <= 3 && !fact.later);
	must(memmem(body, size, "\\u", 2) != NULL ||
	     memmem(body, size, "Utility Account|", 16) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct provider_order o = { .direction = PAY_OUT,
		                    .amount_minor = 150000,
		                    .exponent = 2 };
	struct provider_hint h = { .said = "" };
	char *body = malloc(size == 0 ? 1 : size); /* exact: no NUL behind */

	if (body == NULL)
		return 0;
	if (size > 0)
		memcpy(body, data, size);
	(void)provider_daraja.callback(body, size, &h, NULL);
	must(strlen(h.provider_txn) < sizeof h.provider_txn);
	must(strlen(h.said) < sizeof h.said && strlen(h.handle) < sizeof h.handle);
	must(strlen(h.holds) < sizeof h.holds &&
	     (h.holds[0] == '\0') == (h.holds_ms == 0));
	must(h.holds_ms >= 0);
	read_balance(body, size);
	read_result(&o, body, size);
	o.back_txn[0] = 'L'; /* and as a reversal */
	o.handle[0] = '7';
	read_result(&o, body, size);
	free(body);
	return 0;
}
