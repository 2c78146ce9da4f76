/* M-Pesa of Vodacom and Vodafone: what came back, and what it says about the money.
 *
 * A 401 says nothing: failed payments come with it too, and only a body without a code is
 * about the session. */
#include "lib/json.h"
#include "payments/provider/request.h"
#include "payments/provider/vodacom.h"

#include <string.h>

#define SESSION_MS                                                                       \
	(15 * 60 * 1000) /* nobody tells how long it lives; an hour is usual             \
	                  */

int
vodacom_token_answer(const struct provider_answer *ans, int64_t now_ms,
                     struct provider_token *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	const char *session = json_get_text(doc, "output_SessionID");
	const char *code = json_get_text(doc, "output_ResponseCode");
	int result = -1;

	if (doc != NULL && session == NULL &&
	    (ans->status == 401 || (code != NULL && strcmp(code, "INS-2") == 0))) {
		err_set(err, ERR_AUTH, FATE_NOT, "session: the API key was refused");
	} else if (session == NULL || session[0] == '\0' || code == NULL ||
	           strcmp(code, "INS-0") != 0 || strlen(session) >= sizeof out->text) {
		err_set(err, ERR_PEER, FATE_NOT, "session: the answer holds none");
	} else {
		memcpy(out->text, session, strlen(session) + 1);
		out->expires_ms = now_ms + SESSION_MS;
		result = 0;
	}
	json_free(doc);
	return result;
}

/* The code, or AUTH if there is none and the door is shut. */
static const struct json *
read_code(const struct json *doc, int status, struct verdict *out)
{
	const struct json *code = json_get(doc, "output_ResponseCode");

	verdict_begin(out, status);
	if (json_text(code) != NULL)
		answer_word(out->code, sizeof out->code, code);
	else if (status == 401 && doc != NULL)
		verdict_set(out, VERDICT_AUTH, REASON_NONE);
	return json_text(code) == NULL ? NULL : code;
}

/* Another payment's answer must not decide ours. */
static bool
is_ours(const struct json *doc, const char *key, const struct provider_order *o)
{
	const char *theirs = json_get_text(doc, key);
	char id[VODACOM_ID_SIZE];

	return theirs == NULL || strcmp(theirs, vodacom_id(&o->reference, id)) == 0;
}

static void
put_txn(const struct json *doc, struct verdict *out)
{
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(doc, "output_TransactionID"));
	if (strcmp(out->provider_txn, "N/A") == 0)
		out->provider_txn[0] = '\0';
}

void
vodacom_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                      struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const struct vodacom_code *k = NULL;

	if (read_code(doc, ans->status, out) != NULL)
		k = vodacom_code(out->code);
	if (k != NULL && (!is_ours(doc, "output_ThirdPartyConversationID", o) ||
	                  !is_ours(doc, "output_ThirdPartyReference", o)))
		memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
	else if (k != NULL)
		verdict_set(out, k->on_submit, o->direction == PAY_OUT ? k->out : k->in);
	if (out->kind == VERDICT_ACCEPTED)
		put_txn(doc, out);
	json_free(doc);
}

const struct provider_state vodacom_states[] = {
	{ "Completed", VERDICT_PAID, REASON_NONE },
	{ "Pending", VERDICT_PENDING, REASON_NONE },
	{ "Cancelled", VERDICT_FAILED, REASON_CANCELLED },
	{ "Expired", VERDICT_FAILED, REASON_IGNORED },
	{ "Failed", VERDICT_FAILED, REASON_OTHER },
	{ "N/A", VERDICT_NOT_FOUND, REASON_NONE },
	{ NULL, VERDICT_UNKNOWN, REASON_NONE },
};

static void
read_state(const struct json *doc, struct verdict *out)
{
	const struct json *word = json_get(doc, "output_ResponseTransactionStatus");

	if (json_text(word) == NULL)
		return;
	answer_word(out->code, sizeof out->code, word);
	verdict_by_state(out, vodacom_states, json_text(word), true);
}

void
vodacom_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                     struct verdict *out)
{
	struct json *doc = answer_object(ans);
	const struct json *code = read_code(doc, ans->status, out);

	(void)o; /* what is echoed is the name of the question */
	if (code != NULL && (ans->status == 200 || ans->status == 201) &&
	    strcmp(out->code, "INS-0") == 0) {
		read_state(doc, out);
		if (out->kind == VERDICT_PAID)
			put_txn(doc, out);
	}
	json_free(doc);
}

/* ---- what is posted ---- */

static bool
reference_of(const struct json *doc, struct uuid *out)
{
	const char *id = json_get_text(doc, "input_ThirdPartyConversationID");
	char text[UUID_TEXT_SIZE];
	size_t n = 0;

	if (id == NULL || strlen(id) != VODACOM_ID_SIZE - 1)
		return false;
	for (unsigned i = 0; i < VODACOM_ID_SIZE - 1; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			text[n++] = '-';
		text[n++] = id[i];
	}
	text[n] = '\0';
	return uuid_parse(text, n, out);
}

int
vodacom_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, NULL);

	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(doc)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT, "callback: no JSON object");
	}
	(void)reference_of(doc, &out->reference);
	answer_word(out->said, sizeof out->said, json_get(doc, "input_ResultCode"));
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(doc, "input_TransactionID"));
	out->claims = strcmp(out->said, "0") == 0 || strcmp(out->said, "INS-0") == 0
	                  ? VERDICT_PAID
	              : out->said[0] == '\0' ? VERDICT_UNKNOWN
	                                     : VERDICT_FAILED;
	json_free(doc);
	return 0;
}

/* They want to hear that we took it, by both names. */
size_t
vodacom_reply(const char *body, size_t n, char *out, size_t cap)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, NULL);
	char theirs[80], ours[80];
	struct json_writer w;
	struct buf b;

	answer_word(theirs, sizeof theirs, json_get(doc, "input_OriginalConversationID"));
	answer_word(ours, sizeof ours, json_get(doc, "input_ThirdPartyConversationID"));
	buf_init(&b, out, cap);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "output_OriginalConversationID", theirs);
	jw_text(&w, "output_ResponseCode", "0");
	jw_text(&w, "output_ResponseDesc", "Successfully Accepted Result");
	jw_text(&w, "output_ThirdPartyConversationID", ours);
	jw_end_object(&w);
	json_free(doc);
	return buf_ok(&b) ? b.len : 0;
}

int
vodacom_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                   struct provider_fact *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	struct provider_fact fact = { .name = "" };
	struct verdict v;
	int result = -1;

	(void)read_code(doc, ans->status, &v);
	if (q->topic == TOPIC_NAME && ans->status == 200)
		answer_name(&fact, json_get_text(doc, "output_CustomerFirstName"),
		            json_get_text(doc, "output_CustomerLastName"));
	if (v.kind == VERDICT_AUTH)
		err_set(err, ERR_AUTH, FATE_NOT, "provider: the session was refused");
	else if (strcmp(v.code, "INS-2051") == 0)
		err_set(err, ERR_NOT_FOUND, FATE_NOT, "provider: no such wallet");
	else if (strcmp(v.code, "INS-0") != 0 || fact.name[0] == '\0')
		err_set(err, ERR_PEER, FATE_NOT, "provider: no usable answer");
	else
		result = 0;
	if (result == 0)
		*out = fact;
	json_free(doc);
	return result;
}
