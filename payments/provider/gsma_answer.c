/* GSMA Mobile Money API 1.2: what came back, and what it says about the money.
 *
 * The three shapes are told apart by what they hold: an error (errorCode), the state of a
 * request (serverCorrelationId), a transaction (transactionStatus).  transactionStatus is
 * free text: words that are not known say nothing. */
#include "lib/json.h"
#include "payments/provider/gsma.h"
#include "payments/provider/request.h"

#include <string.h>
#include <strings.h>

int
gsma_token_answer(const struct provider_answer *ans, int64_t now_ms,
                  struct provider_token *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	int result = -1;

	if (doc != NULL && (ans->status == 400 || ans->status == 401))
		err_set(err, ERR_AUTH, FATE_NOT, "token: client id or secret refused");
	else if (ans->status != 200)
		err_set(err, ERR_PEER, FATE_NOT, "token: the answer holds none");
	else
		result = answer_token(doc, now_ms, out, err);
	json_free(doc);
	return result;
}

static enum pay_reason
reason_of(const struct gsma_code *k, const struct provider_order *o)
{
	return o->direction == PAY_OUT ? k->out : k->in;
}

/* True if it is an error, whatever that says. */
static bool
read_error(const struct json *doc, const struct provider_order *o, bool submit,
           struct verdict *out)
{
	const struct gsma_code *k;
	enum verdict_kind kind;

	if (json_get_text(doc, "errorCode") == NULL)
		return false;
	answer_word(out->code, sizeof out->code, json_get(doc, "errorCode"));
	k = gsma_code(out->code);
	kind = k == NULL ? VERDICT_UNKNOWN : submit ? k->on_submit : k->on_query;
	verdict_set(out, kind, k == NULL ? REASON_NONE : reason_of(k, o));
	return true;
}

/* A name or a place that does not fit is none. */
static void
put_whole(char *out, size_t cap, const struct json *value)
{
	const char *text = json_text(value);

	if (text != NULL && strlen(text) < cap)
		answer_word(out, cap, value);
}

static bool
says(const char *text, const char *word)
{
	return text != NULL && strcasecmp(text, word) == 0;
}

/* The token is refused; a payment that is (requestDeclined) comes with a 401, too. */
bool
gsma_is_shut_out(const struct provider_answer *ans, const struct json *doc)
{
	const char *code = json_get_text(doc, "errorCode");

	return ans->status == 401 &&
	       (code == NULL || says(code, "clientAuthorisationError"));
}

/* ---- submit ---- */

void
gsma_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                   struct verdict *out)
{
	struct json *doc = answer_object(ans);
	bool created =
	    ans->status == 201 && (json_get(doc, "transactionStatus") != NULL ||
	                           json_get(doc, "transactionReference") != NULL);
	bool under_way =
	    ans->status == 202 && json_get(doc, "serverCorrelationId") != NULL;

	verdict_begin(out, ans->status);
	if (gsma_is_shut_out(ans, doc)) {
		verdict_set(out, VERDICT_AUTH, REASON_NONE);
	} else if (!read_error(doc, o, true, out) && (created || under_way)) {
		put_whole(out->handle, sizeof out->handle,
		          json_get(doc, "serverCorrelationId"));
		answer_word(out->provider_txn, sizeof out->provider_txn,
		            json_get(doc, "transactionReference"));
		verdict_set(out, VERDICT_ACCEPTED, REASON_NONE);
	}
	json_free(doc);
}

/* ---- query ---- */

/* Only a path of their own API: never another host. */
static void
follow(struct verdict *out, const struct json *value)
{
	const char *text = json_text(value);

	if (text == NULL || text[0] != '/' || text[1] == '/' ||
	    strlen(text) >= sizeof out->follow || text[strcspn(text, " \r\n@\\")] != '\0')
		return;
	memcpy(out->follow, text, strlen(text) + 1);
	verdict_set(out, VERDICT_FOLLOW, REASON_NONE);
}

/* /requeststates/ID: pending, completed (where), failed (why). */
static void
read_request_state(const struct json *doc, const struct provider_order *o,
                   struct verdict *out)
{
	const char *status = json_get_text(doc, "status");
	const char *at = json_get_text(doc, "objectReference");
	struct buf b;

	answer_word(out->code, sizeof out->code, json_get(doc, "status"));
	if (says(status, "pending")) {
		if (json_get_text(doc, "pendingReason") != NULL)
			answer_word(out->code, sizeof out->code,
			            json_get(doc, "pendingReason"));
		verdict_set(out, VERDICT_PENDING, REASON_NONE);
	} else if (says(status, "failed")) {
		(void)read_error(json_get(doc, "error"), o, false, out);
	} else if (says(status, "completed") && at != NULL && at[0] != '\0' &&
	           strcspn(at, "/ \r\n?#@\\") == strlen(at)) {
		buf_init(&b, out->follow, sizeof out->follow);
		buf_puts(&b, "/transactions/");
		buf_puts(&b, at);
		verdict_set(out, buf_ok(&b) ? VERDICT_FOLLOW : VERDICT_UNKNOWN,
		            REASON_NONE);
	}
}

const struct provider_state gsma_states[] = {
	{ "completed", VERDICT_PAID, REASON_NONE },
	{ "successful", VERDICT_PAID, REASON_NONE },
	{ "success", VERDICT_PAID, REASON_NONE },
	{ "pending", VERDICT_PENDING, REASON_NONE },
	{ "failed", VERDICT_FAILED, REASON_OTHER },
	{ "declined", VERDICT_FAILED, REASON_OTHER },
	{ "rejected", VERDICT_FAILED, REASON_OTHER },
	{ "reversed", VERDICT_FAILED, REASON_OTHER },
	{ "expired", VERDICT_FAILED, REASON_OTHER },
	{ "cancelled", VERDICT_FAILED, REASON_OTHER },
	{ NULL, VERDICT_UNKNOWN, REASON_NONE },
};

static void
read_transaction(const struct json *doc, const struct provider_order *o,
                 struct verdict *out)
{
	const char *status = json_get_text(doc, "transactionStatus");
	const char *amount = json_get_text(doc, "amount");
	const char *currency = json_get_text(doc, "currency");
	const char *ours =
	    json_get_text(doc, "requestingOrganisationTransactionReference");

	out->amount_minor =
	    amount == NULL ? -1 : provider_amount_minor(amount, o->exponent);
	if ((out->amount_minor >= 0 && out->amount_minor != o->amount_minor) ||
	    (currency != NULL && strcmp(currency, o->currency) != 0) ||
	    (ours != NULL && o->external_id[0] != '\0' &&
	     strcmp(ours, o->external_id) != 0)) {
		memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
		return;
	}
	answer_word(out->code, sizeof out->code, json_get(doc, "transactionStatus"));
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(doc, "transactionReference"));
	if (status != NULL)
		verdict_by_state(out, gsma_states, status, true);
}

/* Nothing was made of it (yet).  Where its name is known its state can say more; after
 * that answer, or without a name, it is not there. */
static void
read_missing(const struct provider_order *o, struct verdict *out)
{
	struct buf b;

	verdict_set(out, VERDICT_NOT_FOUND, REASON_NONE);
	if (o->handle[0] == '\0' || o->follow[0] != '\0' ||
	    strcspn(o->handle, "/ \r\n?#@\\") != strlen(o->handle))
		return;
	buf_init(&b, out->follow, sizeof out->follow);
	buf_puts(&b, "/requeststates/");
	buf_puts(&b, o->handle);
	if (buf_ok(&b))
		verdict_set(out, VERDICT_FOLLOW, REASON_NONE);
}

void
gsma_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                  struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const char *category = json_get_text(doc, "errorCategory");

	verdict_begin(out, ans->status);
	if (gsma_is_shut_out(ans, doc))
		verdict_set(out, VERDICT_AUTH, REASON_NONE);
	else if (ans->status == 404 && says(category, "identification"))
		read_missing(o, out);
	else if (ans->status != 200)
		answer_word(out->code, sizeof out->code, json_get(doc, "errorCode"));
	else if (json_get_text(doc, "link") != NULL)
		follow(out, json_get(doc, "link"));
	else if (json_get_text(doc, "serverCorrelationId") != NULL)
		read_request_state(doc, o, out);
	else if (json_get_text(doc, "transactionStatus") != NULL)
		read_transaction(doc, o, out);
	else
		(void)read_error(doc, o, false, out);
	if (out->code[0] == '\0')
		memcpy(out->code, "NO_CODE", sizeof "NO_CODE");
	json_free(doc);
}

/* The object that was made, or the bare error, which names nobody: whose it is stands in
 * the URL. */
int
gsma_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, NULL);
	bool failed = json_get_text(doc, "errorCode") != NULL;

	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(doc)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT, "callback: no JSON object");
	}
	answer_word(out->said, sizeof out->said,
	            json_get(doc, failed ? "errorCode" : "transactionStatus"));
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(doc, "transactionReference"));
	answer_word(out->external_id, sizeof out->external_id,
	            json_get(doc, "requestingOrganisationTransactionReference"));
	out->claims = failed                         ? VERDICT_FAILED
	              : says(out->said, "completed") ? VERDICT_PAID
	                                             : VERDICT_UNKNOWN;
	json_free(doc);
	return 0;
}

/* ---- wallets ---- */

static int
read_fact(const struct provider_inquiry *q, const struct json *doc,
          struct provider_fact *out)
{
	const struct json *name = json_get(doc, "name");
	const char *whole = json_get_text(name, "fullName");
	const char *balance = json_get_text(doc, "currentBalance");
	const char *currency = json_get_text(doc, "currency");
	const char *status = json_get_text(doc, "accountStatus");
	const char *service = json_get_text(doc, "serviceStatus");
	size_t n;

	switch (q->topic) {
	case TOPIC_ACTIVE:
		out->active = says(status, "available");
		return status == NULL ? -1 : 0;
	case TOPIC_NAME:
		n = whole == NULL ? 0 : strlen(whole);
		if (n == 0 || n >= sizeof out->name ||
		    whole[strcspn(whole, "\r\n")] != '\0')
			return -1;
		memcpy(out->name, whole, n + 1);
		return 0;
	case TOPIC_BALANCE:
		if (balance == NULL || currency == NULL || strlen(currency) != 3)
			return -1;
		out->balance_minor = provider_amount_minor(balance, q->exponent);
		memcpy(out->currency, currency, 4);
		return out->balance_minor < 0 ? -1 : 0;
	case TOPIC_SERVICE:
		/* degraded is slow, not away */
		out->active = says(service, "available") || says(service, "degraded");
		return out->active || says(service, "unavailable") ? 0 : -1;
	case TOPIC_CARRIER:
		break;
	}
	return -1;
}

int
gsma_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                struct provider_fact *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	struct provider_fact fact = { .name = "" };
	int result = -1;

	if (ans->status == 401)
		err_set(err, ERR_AUTH, FATE_NOT, "provider: the token was refused");
	else if (ans->status == 404 && doc != NULL &&
	         (q->topic == TOPIC_ACTIVE || q->topic == TOPIC_NAME))
		err_set(err, ERR_NOT_FOUND, FATE_NOT, "provider: no such wallet");
	else if (ans->status != 200 || read_fact(q, doc, &fact) < 0)
		err_set(err, ERR_PEER, FATE_NOT, "provider: no usable answer");
	else
		result = 0;
	if (result == 0)
		*out = fact;
	json_free(doc);
	return result;
}
