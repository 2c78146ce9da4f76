/* pawaPay v2: what came back, and what it says about the money.  A request that is
 * refused comes with HTTP 200 as often as with a 400: `status` decides. */
#include "lib/json.h"
#include "payments/provider/pawapay.h"
#include "payments/provider/request.h"

#include <string.h>

static bool
is(const struct json *of, const char *key, const char *word)
{
	const char *text = json_get_text(of, key);

	return text != NULL && strcmp(text, word) == 0;
}

/* Names a payment; another's must not decide ours. */
static bool
is_ours(const struct json *of, const struct provider_order *o)
{
	const char *id = json_get_text(of, pawapay_kind(o)->id);
	char ours[UUID_TEXT_SIZE];

	return id != NULL && strcmp(id, uuid_text(&o->reference, ours)) == 0;
}

static const struct pawapay_code *
failure(const struct json *of, struct verdict *out)
{
	const struct json *code = json_get(json_get(of, "failureReason"), "failureCode");

	if (json_text(code) == NULL)
		return NULL;
	answer_word(out->code, sizeof out->code, code);
	return pawapay_code(out->code);
}

static enum pay_reason
reason_of(const struct pawapay_code *k, const struct provider_order *o)
{
	return k == NULL ? REASON_OTHER : o->direction == PAY_OUT ? k->out : k->in;
}

void
pawapay_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                      struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const struct pawapay_code *k;

	verdict_begin(out, ans->status);
	k = failure(doc, out);
	if (is(doc, "status", "ACCEPTED") && is_ours(doc, o))
		verdict_set(out, VERDICT_ACCEPTED, REASON_NONE);
	else if (is(doc, "status", "DUPLICATE_IGNORED") && is_ours(doc, o))
		verdict_set(out, VERDICT_DUPLICATE, REASON_NONE);
	else if (is(doc, "status", "REJECTED") || ans->status == 400 ||
	         ans->status == 401 || ans->status == 403)
		verdict_set(out, k == NULL ? VERDICT_UNKNOWN : k->on_submit,
		            k == NULL ? REASON_NONE : reason_of(k, o));
	if (out->kind == VERDICT_ACCEPTED || out->kind == VERDICT_DUPLICATE)
		answer_word(out->code, sizeof out->code, json_get(doc, "status"));
	json_free(doc);
}

const struct provider_state pawapay_states[] = {
	{ "COMPLETED", VERDICT_PAID, REASON_NONE },
	{ "FAILED", VERDICT_FAILED, REASON_OTHER }, /* or what its failureCode says */
	{ "ACCEPTED", VERDICT_PENDING, REASON_NONE },
	{ "SUBMITTED", VERDICT_PENDING, REASON_NONE },
	{ "ENQUEUED", VERDICT_PENDING, REASON_NONE },
	{ "PROCESSING", VERDICT_PENDING, REASON_NONE },
	{ "IN_RECONCILIATION", VERDICT_PENDING, REASON_NONE },
	{ NULL, VERDICT_UNKNOWN, REASON_NONE },
};

static void
read_state(const struct json *data, const struct provider_order *o, struct verdict *out)
{
	const char *status = json_get_text(data, "status");
	const char *amount = json_get_text(data, "amount");
	const char *currency = json_get_text(data, "currency");
	const struct pawapay_code *k;

	out->amount_minor =
	    amount == NULL ? -1 : provider_amount_minor(amount, o->exponent);
	if (!is_ours(data, o) ||
	    (currency != NULL && strcmp(currency, o->currency) != 0) ||
	    (out->amount_minor >= 0 && out->amount_minor != o->amount_minor)) {
		memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
		return;
	}
	answer_word(out->code, sizeof out->code, json_get(data, "status"));
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(data, "providerTransactionId"));
	if (status != NULL)
		verdict_by_state(out, pawapay_states, status, false);
	if (out->kind != VERDICT_FAILED)
		return;
	k = failure(data, out);
	if (k != NULL && k->on_failed != VERDICT_FAILED)
		verdict_set(out, VERDICT_UNKNOWN, REASON_NONE);
	else
		verdict_set(out, VERDICT_FAILED, reason_of(k, o));
}

void
pawapay_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                     struct verdict *out)
{
	struct json *doc = answer_object(ans);

	verdict_begin(out, ans->status);
	if (ans->status == 200 && is(doc, "status", "NOT_FOUND"))
		verdict_set(out, VERDICT_NOT_FOUND, REASON_NONE);
	else if (ans->status == 200 && is(doc, "status", "FOUND"))
		read_state(json_get(doc, "data"), o, out);
	else
		(void)failure(doc, out);
	json_free(doc);
}

int
pawapay_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, NULL);
	const char *id = json_get_text(doc, "payoutId");

	if (id == NULL) /* first: a refund names its deposit, too */
		id = json_get_text(doc, "refundId");
	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(doc)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT, "callback: no JSON object");
	}
	if (id == NULL)
		id = json_get_text(doc, "depositId");
	if (id != NULL)
		(void)uuid_parse(id, strlen(id), &out->reference);
	answer_word(out->said, sizeof out->said, json_get(doc, "status"));
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(doc, "providerTransactionId"));
	out->claims = strcmp(out->said, "COMPLETED") == 0 ? VERDICT_PAID
	              : strcmp(out->said, "FAILED") == 0  ? VERDICT_FAILED
	                                                  : VERDICT_UNKNOWN;
	json_free(doc);
	return 0;
}

/* One wallet for each country and currency: the first of them. */
static int
read_balance(const struct provider_inquiry *q, const struct json *doc,
             struct provider_fact *out)
{
	const struct json *first = json_at(json_get(doc, "balances"), 0);
	const char *balance = json_get_text(first, "balance");
	const char *currency = json_get_text(first, "currency");

	if (balance == NULL || currency == NULL || strlen(currency) != 3)
		return -1;
	out->balance_minor = provider_amount_minor(balance, q->exponent);
	memcpy(out->currency, currency, 4);
	return out->balance_minor < 0 ? -1 : 0;
}

static int
read_carrier(const struct json *doc, struct provider_fact *out)
{
	const char *provider = json_get_text(doc, "provider");

	if (provider == NULL || strlen(provider) < 5)
		return -1;
	answer_word(out->name, sizeof out->name, json_get(doc, "provider"));
	return 0;
}

/* OPERATIONAL serves.  DELAYED keeps what it is given until it serves again: good enough
 * for what we pay out, but a prompt nobody sees in time is worth nothing.  CLOSED
 * refuses.
 */
static int
read_operation(const struct provider_inquiry *q, const struct json *list,
               struct provider_fact *out)
{
	const char *wanted = q->direction == PAY_OUT ? "PAYOUT" : "DEPOSIT";

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *of = json_at(list, i);

		if (!is(of, "operationType", wanted))
			continue;
		out->active = is(of, "status", "OPERATIONAL") ||
		              (q->direction == PAY_OUT && is(of, "status", "DELAYED"));
		return out->active || is(of, "status", "CLOSED") ||
		               is(of, "status", "DELAYED")
		           ? 0
		           : -1;
	}
	return -1;
}

/* Countries, their providers, each with its kinds of payment. */
static int
read_service(const struct provider_inquiry *q, const struct json *countries,
             struct provider_fact *out)
{
	for (size_t i = 0; i < json_count(countries); i++) {
		const struct json *list = json_get(json_at(countries, i), "providers");

		for (size_t k = 0; k < json_count(list); k++)
			if (is(json_at(list, k), "provider", q->market))
				return read_operation(
				    q, json_get(json_at(list, k), "operationTypes"), out);
	}
	return -1;
}

int
pawapay_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                   struct provider_fact *out, struct err *err)
{
	struct json *doc = ans->len == 0 ? NULL : json_parse(ans->body, ans->len, NULL);
	struct provider_fact fact = { .name = "" };
	int result = -1;

	if (ans->status == 200 && q->topic == TOPIC_BALANCE)
		result = read_balance(q, doc, &fact);
	else if (ans->status == 200 && q->topic == TOPIC_CARRIER)
		result = read_carrier(doc, &fact);
	else if (ans->status == 200 && q->topic == TOPIC_SERVICE)
		result = read_service(q, doc, &fact);
	if (result == 0)
		*out = fact;
	else if (q->topic == TOPIC_CARRIER && ans->status == 400 && json_is_object(doc))
		err_set(err, ERR_NOT_FOUND, FATE_NOT, "provider: no such number");
	else
		err_set(err, ERR_PEER, FATE_NOT, "provider: no usable answer");
	json_free(doc);
	return result;
}
