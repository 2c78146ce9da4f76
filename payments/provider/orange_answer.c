/* Orange Money eWallet (Sonatel): what came back, and what it says about the money. */
#include "lib/json.h"
#include "payments/provider/orange.h"
#include "payments/provider/request.h"

#include <string.h>

#define U VERDICT_UNKNOWN
#define F VERDICT_FAILED

/* What is not here means nothing sure. */
static const struct code {
	const char *code;
	enum verdict_kind on_submit;
	enum pay_reason reason;
} codes[] = {
	{ "50", U, REASON_NONE },
	{ "2000", F, REASON_NOT_REGISTERED },
	{ "2001", F, REASON_NOT_REGISTERED },
	{ "2013", F, REASON_NOT_ALLOWED },
	{ "2020", F, REASON_OUR_FLOAT },
	{ "2021", F, REASON_OUR_FLOAT },
	{ "2022", F, REASON_OUR_FLOAT },
	{ "2041", F, REASON_NOT_ALLOWED },
	{ "4099", U, REASON_NONE },
};

#define CODES (sizeof codes / sizeof *codes)

static const struct code *
code_find(const char *code)
{
	for (size_t i = 0; i < CODES; i++)
		if (strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

bool
orange_table(size_t i, struct provider_word *out)
{
	if (i >= CODES)
		return false;
	*out = (struct provider_word){ "cash-in", codes[i].code, codes[i].on_submit, U,
		                       codes[i].reason };
	return true;
}

int
orange_token_answer(const struct provider_answer *ans, int64_t now_ms,
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

static bool
says(const struct json *doc, const char *word)
{
	const char *status = json_get_text(doc, "status");

	return status != NULL && strcmp(status, word) == 0;
}

static bool
is_ours(const struct json *doc, const struct provider_order *o)
{
	const char *theirs = json_get_text(doc, "reference");
	char ours[UUID_TEXT_SIZE];

	return theirs == NULL || strcmp(theirs, uuid_text(&o->reference, ours)) == 0;
}

/* What it is called there; one that does not fit is none. */
static void
put_handle(const struct json *doc, struct verdict *out)
{
	const char *text = json_get_text(doc, "transactionId");

	if (text == NULL || strlen(text) >= sizeof out->handle)
		return;
	answer_word(out->handle, sizeof out->handle, json_get(doc, "transactionId"));
	memcpy(out->provider_txn, out->handle, sizeof out->provider_txn);
}

void
orange_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                     struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const struct code *k;
	bool made = (ans->status == 200 || ans->status == 201) && is_ours(doc, o) &&
	            json_get_text(doc, "transactionId") != NULL;

	verdict_begin(out, ans->status);
	if (ans->status == 401 && json_absent(json_get(doc, "code"))) {
		verdict_set(out, VERDICT_AUTH, REASON_NONE);
	} else if (!json_absent(json_get(doc, "code"))) {
		answer_word(out->code, sizeof out->code, json_get(doc, "code"));
		k = code_find(out->code);
		if (k != NULL)
			verdict_set(out, k->on_submit, k->reason);
	} else if (made) {
		/* even a failure is told by the status alone, which books */
		put_handle(doc, out);
		answer_word(out->code, sizeof out->code, json_get(doc, "status"));
		verdict_set(out, out->handle[0] == '\0' ? U : VERDICT_ACCEPTED,
		            REASON_NONE);
	} else if (ans->status == 429) {
		verdict_set(out, VERDICT_DOWN, REASON_PROVIDER_DOWN);
	}
	json_free(doc);
}

const struct provider_state orange_states[] = {
	{ "SUCCESS", VERDICT_PAID, REASON_NONE },
	{ "PENDING", VERDICT_PENDING, REASON_NONE },
	{ "INITIATED", VERDICT_PENDING, REASON_NONE },
	{ "FAILED", F, REASON_OTHER },
	{ "EXPIRED", F, REASON_OTHER },
	{ "REJECTED", F, REASON_OTHER },
	{ "CANCELLED", F, REASON_OTHER },
	{ NULL, U, REASON_NONE },
};

void
orange_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                    struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const char *id = json_get_text(doc, "transactionId");

	verdict_begin(out, ans->status);
	if (ans->status == 401) {
		verdict_set(out, VERDICT_AUTH, REASON_NONE);
	} else if (ans->status == 200 && json_get_text(doc, "status") != NULL) {
		if (!is_ours(doc, o) ||
		    (id != NULL && o->handle[0] != '\0' && strcmp(id, o->handle) != 0)) {
			memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
		} else {
			answer_word(out->code, sizeof out->code, json_get(doc, "status"));
			verdict_by_state(out, orange_states, json_get_text(doc, "status"),
			                 false);
		}
		if (out->kind == VERDICT_PAID)
			answer_word(out->provider_txn, sizeof out->provider_txn,
			            json_get(doc, "transactionId"));
	}
	if (out->code[0] == '\0')
		memcpy(out->code, "NO_CODE", sizeof "NO_CODE");
	json_free(doc);
}

int
orange_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, NULL);
	const char *id = json_get_text(doc, "reference");

	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(doc)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT, "callback: no JSON object");
	}
	if (id != NULL)
		(void)uuid_parse(id, strlen(id), &out->reference);
	answer_word(out->said, sizeof out->said, json_get(doc, "status"));
	answer_word(out->handle, sizeof out->handle, json_get(doc, "transactionId"));
	out->claims = says(doc, "SUCCESS")  ? VERDICT_PAID
	              : says(doc, "FAILED") ? VERDICT_FAILED
	                                    : VERDICT_UNKNOWN;
	json_free(doc);
	return 0;
}

int
orange_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                  struct provider_fact *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	const char *unit = json_get_text(doc, "unit");
	struct provider_fact fact = { .name = "" };
	char value[32];
	int result = -1;

	answer_word(value, sizeof value, json_get(doc, "value"));
	if (ans->status == 401) {
		err_set(err, ERR_AUTH, FATE_NOT, "provider: the token was refused");
	} else if (q->topic == TOPIC_BALANCE && ans->status == 200 && unit != NULL &&
	           strlen(unit) == 3) {
		fact.balance_minor = provider_amount_minor(value, q->exponent);
		memcpy(fact.currency, unit, 4);
		result = fact.balance_minor < 0 ? -1 : 0;
	}
	if (result == 0)
		*out = fact;
	else if (ans->status != 401)
		err_set(err, ERR_PEER, FATE_NOT, "provider: no usable answer");
	json_free(doc);
	return result;
}
