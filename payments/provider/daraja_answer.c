/* Safaricom Daraja: what came back, and what it says about the money.
 *
 * Codes are numbers here and texts there, and the HTTP status says nothing (a bad token
 * is a 404).  A list of Key and Value holds keys twice and keys without a value. */
#include "lib/json.h"
#include "payments/provider/daraja.h"
#include "payments/provider/request.h"

#include <string.h>

int
daraja_token_answer(const struct provider_answer *ans, int64_t now_ms,
                    struct provider_token *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	int result = -1;

	/* wrong credentials come as a 400, with or without a body */
	if (ans->status == 400 || ans->status == 401 || ans->status == 403)
		err_set(err, ERR_AUTH, FATE_NOT, "token: key or secret refused");
	else if (ans->status != 200)
		err_set(err, ERR_PEER, FATE_NOT, "token: the answer holds none");
	else
		result = answer_token(doc, now_ms, out, err);
	json_free(doc);
	return result;
}

/* requestId, errorCode, errorMessage: the gateway's own refusal. */
static bool
read_error(const struct json *doc, bool submit, struct verdict *out)
{
	const struct daraja_code *k;

	if (json_absent(json_get(doc, "errorCode")))
		return false;
	answer_word(out->code, sizeof out->code, json_get(doc, "errorCode"));
	k = daraja_code(out->code, DARAJA_ERROR);
	if (k != NULL)
		verdict_set(out, submit ? k->on_submit : k->on_query, k->reason);
	return true;
}

/* Their names are all printable; one that does not fit is none. */
static void
put_handle(struct verdict *out, const struct json *value)
{
	const char *text = json_text(value);

	if (text != NULL && strlen(text) < sizeof out->handle)
		answer_word(out->handle, sizeof out->handle, value);
}

/* Which table an order's codes stand in, and what its answer calls it. */
static enum daraja_place
place_of(const struct provider_order *o, const char **named)
{
	if (o->direction == PAY_IN) {
		*named = "CheckoutRequestID";
		return DARAJA_STK;
	}
	*named = daraja_is_back(o) ? "OriginatorConversationID" : "ConversationID";
	return daraja_is_back(o) ? DARAJA_BACK : DARAJA_B2C;
}

void
daraja_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                     struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const struct daraja_code *k;
	const char *named;
	enum daraja_place place = place_of(o, &named);

	verdict_begin(out, ans->status);
	if (!read_error(doc, true, out) && !json_absent(json_get(doc, "ResponseCode"))) {
		answer_word(out->code, sizeof out->code, json_get(doc, "ResponseCode"));
		k = daraja_code(out->code, place);
		if (k != NULL)
			verdict_set(out, k->on_submit, k->reason);
		if (out->kind == VERDICT_ACCEPTED)
			put_handle(out, json_get(doc, named));
		/* taken, but under what name? */
		if (out->kind == VERDICT_ACCEPTED && place != DARAJA_B2C &&
		    out->handle[0] == '\0')
			verdict_set(out, VERDICT_UNKNOWN, REASON_NONE);
	}
	json_free(doc);
}

/* ---- a prompt is asked about and answered at once ---- */

static void
read_prompt(const struct provider_order *o, const struct json *doc, struct verdict *out)
{
	const char *theirs = json_get_text(doc, "CheckoutRequestID");
	const struct daraja_code *k;

	if (json_absent(json_get(doc, "ResultCode")))
		return;
	if (theirs != NULL && strcmp(theirs, o->handle) != 0) {
		memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
		return;
	}
	answer_word(out->code, sizeof out->code, json_get(doc, "ResultCode"));
	k = daraja_code(out->code, DARAJA_STK);
	if (k != NULL)
		verdict_set(out, k->on_query, k->reason);
}

void
daraja_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                    struct verdict *out)
{
	struct json *doc = answer_object(ans);
	char taken[8];

	verdict_begin(out, ans->status);
	if (!read_error(doc, false, out) && ans->status == 200) {
		answer_word(taken, sizeof taken, json_get(doc, "ResponseCode"));
		if (strcmp(taken, "0") == 0 && o->direction == PAY_IN)
			read_prompt(o, doc, out);
		else if (strcmp(taken, "0") == 0)
			verdict_set(out, VERDICT_ASKED, REASON_NONE);
	}
	json_free(doc);
}

/* ---- the result that is posted for a question about a payout ---- */

/* The first of this name that has a value; one alone is no list. */
const struct json *
daraja_parameter(const struct json *result, const char *key)
{
	const struct json *list =
	    json_get(json_get(result, "ResultParameters"), "ResultParameter");

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_at(list, i);
		const char *name = json_get_text(item, "Key");
		const struct json *value = json_get(item, "Value");

		if (name != NULL && strcmp(name, key) == 0 && !json_absent(value))
			return value;
	}
	return NULL;
}

static int64_t
read_amount(const struct json *value, unsigned exponent)
{
	char text[32];

	answer_word(text, sizeof text, value);
	return text[0] == '\0' ? -1 : provider_amount_minor(text, exponent);
}

/* Of another payment, or of another sum: it does not decide ours. */
static bool
is_ours(const struct provider_order *o, const struct json *result, struct verdict *out)
{
	const char *theirs =
	    json_text(daraja_parameter(result, "OriginatorConversationID"));
	char reference[UUID_TEXT_SIZE];
	const char *ours =
	    daraja_is_back(o) ? o->handle : uuid_text(&o->reference, reference);

	out->amount_minor = read_amount(daraja_parameter(result, "Amount"), o->exponent);
	if ((theirs == NULL || strcmp(theirs, ours) == 0) &&
	    (out->amount_minor < 0 || out->amount_minor == o->amount_minor))
		return true;
	memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
	return false;
}

const struct provider_state daraja_states[] = {
	{ "Completed", VERDICT_PAID, REASON_NONE },
	{ "Failed", VERDICT_FAILED,
	  REASON_OTHER }, /* or what its TransactionReason says */
	{ "Cancelled", VERDICT_FAILED, REASON_OTHER },
	{ "Declined", VERDICT_FAILED, REASON_OTHER },
	{ "Pending", VERDICT_PENDING, REASON_NONE },
	{ "Authorized", VERDICT_PENDING, REASON_NONE },
	{ NULL, VERDICT_UNKNOWN, REASON_NONE },
};

static void
read_result(const struct provider_order *o, const struct json *result,
            struct verdict *out)
{
	const struct daraja_code *k;
	char why[24];

	answer_word(out->code, sizeof out->code, json_get(result, "ResultCode"));
	if (strcmp(out->code, "R000002") == 0) { /* no such transaction (yet) */
		verdict_set(out, VERDICT_NOT_FOUND, REASON_NONE);
		return;
	}
	if (strcmp(out->code, "0") != 0 || !is_ours(o, result, out))
		return;
	answer_word(out->code, sizeof out->code,
	            daraja_parameter(result, "TransactionStatus"));
	verdict_by_state(out, daraja_states, out->code, false);
	if (out->kind == VERDICT_PAID)
		answer_word(out->provider_txn, sizeof out->provider_txn,
		            daraja_parameter(result, "ReceiptNo"));
	if (out->kind != VERDICT_FAILED)
		return;
	answer_word(why, sizeof why, daraja_parameter(result, "TransactionReason"));
	k = daraja_code(why, daraja_is_back(o) ? DARAJA_BACK : DARAJA_B2C);
	if (k != NULL && k->on_query == VERDICT_FAILED)
		out->reason = k->reason;
}

struct json *
daraja_posted(const char *body, size_t n)
{
	return n == 0 ? NULL : json_parse_quoted(body, n, NULL);
}

void
daraja_result(const struct provider_order *o, const char *body, size_t n,
              struct verdict *out)
{
	struct json *doc = daraja_posted(body, n);

	verdict_begin(out, 0);
	memcpy(out->code, "NO_RESULT", sizeof "NO_RESULT");
	if (json_is_object(json_get(doc, "Result")))
		read_result(o, json_get(doc, "Result"), out);
	json_free(doc);
}

/* ---- what comes unasked ---- */

static enum verdict_kind
claim(const char *code, enum daraja_place place)
{
	const struct daraja_code *k = daraja_code(code, place);

	return k == NULL ? VERDICT_UNKNOWN : k->on_query;
}

static void
hear_prompt(const struct json *stk, struct provider_hint *out)
{
	const struct json *items = json_get(json_get(stk, "CallbackMetadata"), "Item");

	answer_word(out->said, sizeof out->said, json_get(stk, "ResultCode"));
	out->claims = claim(out->said, DARAJA_STK);
	answer_word(out->handle, sizeof out->handle, json_get(stk, "CheckoutRequestID"));
	for (size_t i = 0; i < json_count(items); i++) {
		const char *name = json_get_text(json_at(items, i), "Name");

		if (name != NULL && strcmp(name, "MpesaReceiptNumber") == 0)
			answer_word(out->provider_txn, sizeof out->provider_txn,
			            json_get(json_at(items, i), "Value"));
	}
}

/* "254708374149 - Neema Mushi", as the result of a payout and the answer to a question
 * about one call it. */
static void
hear_payee(const struct json *result, struct provider_hint *out)
{
	const char *told = json_text(daraja_parameter(result, "ReceiverPartyPublicName"));
	const char *state = json_text(daraja_parameter(result, "TransactionStatus"));
	const char *name;

	if (state != NULL && strcmp(state, "Completed") != 0)
		return; /* a question was answered: nothing went there */
	if (told == NULL)
		told = json_text(daraja_parameter(result, "CreditPartyName"));
	name = told == NULL ? NULL : strstr(told, " - ");
	if (name != NULL) /* else it is a number alone */
		answer_person(out->payee, sizeof out->payee, name + strlen(" - "), NULL);
}

static void
hear_result(const struct json *result, struct provider_hint *out)
{
	const char *id = json_get_text(result, "OriginatorConversationID");

	answer_word(out->said, sizeof out->said, json_get(result, "ResultCode"));
	out->claims = claim(out->said, DARAJA_B2C);
	if (out->claims == VERDICT_UNKNOWN)
		out->claims = claim(out->said, DARAJA_BACK);
	/* a reversal's name is theirs */
	if (id != NULL && !uuid_parse(id, strlen(id), &out->reference))
		answer_word(out->handle, sizeof out->handle,
		            json_get(result, "OriginatorConversationID"));
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(result, "TransactionID"));
	daraja_hear_funds(result, out);
	if (out->claims == VERDICT_PAID)
		hear_payee(result, out);
}

/* A queue that timed out gets the request itself back: no proof of anything, and a reason
 * to ask. */
int
daraja_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = daraja_posted(body, n);
	const struct json *stk = json_get(json_get(doc, "Body"), "stkCallback");
	const struct json *result = json_get(doc, "Result");
	const char *id = json_get_text(doc, "OriginatorConversationID");

	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(doc)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT, "callback: no JSON object");
	}
	if (json_is_object(stk)) {
		hear_prompt(stk, out);
	} else if (json_is_object(result)) {
		hear_result(result, out);
	} else {
		memcpy(out->said, "queue_timeout", sizeof "queue_timeout");
		if (id != NULL)
			(void)uuid_parse(id, strlen(id), &out->reference);
	}
	json_free(doc);
	return 0;
}
