/* Airtel Africa Open API: what came back, and what it says about the money.
 *
 * Failures come with HTTP 200, so the response_code decides a submit and the status of
 * data.transaction an enquiry; the envelope around it may say "in process" for ever.  The
 * operator's ESB words contradict each other and are not read.  A body that is no JSON
 * object says nothing sure. */
#include "lib/json.h"
#include "payments/provider/airtel.h"
#include "payments/provider/request.h"

#include <string.h>

int
airtel_token_answer(const struct provider_answer *ans, int64_t now_ms,
                    struct provider_token *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	int result = -1;

	if (doc != NULL && json_get_text(doc, "access_token") == NULL &&
	    (ans->status == 400 || ans->status == 401 || ans->status == 403))
		err_set(err, ERR_AUTH, FATE_NOT, "token: client id or secret refused");
	else if (ans->status != 200)
		err_set(err, ERR_PEER, FATE_NOT, "token: the answer holds none");
	else
		result = answer_token(doc, now_ms, out, err);
	json_free(doc);
	return result;
}

/* ---- what all answers share ----------------------------------------------------------
 */

struct said { /* borrowed from the document */
	const struct json *doc, *transaction;
	const char *code; /* response_code, NULL if none */
};

static struct said
listen(const struct json *doc)
{
	return (struct said){
		.doc = doc,
		.transaction = json_get(json_get(doc, "data"), "transaction"),
		.code = json_get_text(json_get(doc, "status"), "response_code"),
	};
}

static void
set(struct verdict *v, enum verdict_kind kind, enum pay_reason reason)
{
	v->kind = kind;
	v->reason = reason;
}

static void
begin(struct verdict *out, const struct provider_answer *ans, const struct said *said)
{
	struct buf b;

	*out = (struct verdict){ .kind = VERDICT_UNKNOWN, .amount_minor = -1 };
	buf_init(&b, out->code, sizeof out->code);
	buf_puts(&b, "HTTP_");
	buf_put_i64(&b, ans->status);
	if (said->code != NULL)
		answer_word(out->code, sizeof out->code,
		            json_get(json_get(said->doc, "status"), "response_code"));
}

/* The gateway in front of the wallets refuses in another envelope: nothing was asked. */
static bool
refused_at_the_door(const struct provider_answer *ans, const struct said *said,
                    struct verdict *out)
{
	if (said->code != NULL || json_get(said->doc, "data") != NULL)
		return false;
	if (ans->status == 401)
		set(out, VERDICT_AUTH, REASON_NONE);
	else if (ans->status == 403 && json_get_text(said->doc, "error") != NULL)
		set(out, VERDICT_DOWN, REASON_OUR_SETUP);
	else if (ans->status == 429)
		set(out, VERDICT_DOWN, REASON_PROVIDER_DOWN);
	else
		return false;
	return true;
}

/* Another payment's transaction must not decide ours. */
static bool
is_ours(const struct said *said, const struct provider_order *o, struct verdict *out)
{
	char id[AIRTEL_ID_SIZE], theirs[80];

	airtel_id(airtel_is_back(o) ? &o->back_reference : &o->reference, id);
	answer_word(theirs, sizeof theirs, json_get(said->transaction, "id"));
	if (theirs[0] == '\0' || strcmp(theirs, id) == 0)
		return true;
	memcpy(out->code, "ECHO_DIFFERS", sizeof "ECHO_DIFFERS");
	set(out, VERDICT_UNKNOWN, REASON_NONE);
	return false;
}

static void
put_txn(const struct said *said, struct verdict *out)
{
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(said->transaction, "airtel_money_id"));
}

/* ---- submit --------------------------------------------------------------------------
 */

static void
read_code(const struct said *said, const struct provider_order *o, struct verdict *out)
{
	const struct airtel_code *k = airtel_code(said->code, o->direction);
	const char *status = json_get_text(said->transaction, "status");
	bool says_why;

	if (k == NULL)
		return;
	says_why = k->on_submit == VERDICT_FAILED || k->on_submit == VERDICT_DOWN;
	/* refused and paid, or on its way, at once */
	if (says_why && status != NULL &&
	    (strcmp(status, "TS") == 0 || strcmp(status, "TIP") == 0 ||
	     strcmp(status, "TA") == 0)) {
		memcpy(out->code, "CONTRADICTS", sizeof "CONTRADICTS");
		return;
	}
	set(out, k->on_submit, says_why ? k->reason : REASON_NONE);
}

/* A good refund has no response_code, and success:false beside SUCCESS; their id of it is
 * kept as its name.  What is refused is told in the codes of collections, where the payer
 * is us.  "Not allowed" is also what is said of a collection that was given back already,
 * by this very call if it came there twice: a person finds out. */
static void
read_refund(const struct said *said, struct verdict *out)
{
	const char *code = json_get_text(json_get(said->doc, "status"), "code");
	const char *status = json_get_text(said->transaction, "status");
	const struct airtel_code *k =
	    said->code == NULL ? NULL : airtel_code(said->code, PAY_IN);

	if (k != NULL && k->on_submit == VERDICT_FAILED && status == NULL &&
	    k->reason != REASON_NOT_ALLOWED) {
		set(out, VERDICT_FAILED,
		    k->reason == REASON_NO_FUNDS ? REASON_OUR_FLOAT : k->reason);
	} else if (code != NULL && strcmp(code, "200") == 0 && status != NULL &&
	           strcmp(status, "SUCCESS") == 0) {
		answer_word(out->handle, sizeof out->handle,
		            json_get(said->transaction, "airtel_money_id"));
		if (out->handle[0] != '\0')
			set(out, VERDICT_ACCEPTED, REASON_NONE);
	}
}

/* A disbursement is often final in this answer; the enquiry says so, too, and its word is
 * the one that books money, so "done" here is only "taken". */
void
airtel_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                     struct verdict *out)
{
	struct json *doc = answer_object(ans);
	struct said said = listen(doc);

	begin(out, ans, &said);
	if (refused_at_the_door(ans, &said, out)) {
		; /* nothing was taken */
	} else if (airtel_is_back(o)) {
		read_refund(&said, out);
	} else if (said.code != NULL && is_ours(&said, o, out)) {
		put_txn(&said, out);
		read_code(&said, o, out);
	}
	json_free(doc);
}

/* ---- enquiry -------------------------------------------------------------------------
 */

static void
read_failed(const struct said *said, const struct provider_order *o, struct verdict *out)
{
	const struct airtel_code *k =
	    said->code == NULL ? NULL : airtel_code(said->code, o->direction);

	if (k == NULL)
		set(out, VERDICT_FAILED, REASON_OTHER);
	else if (k->on_failed == VERDICT_FAILED)
		set(out, VERDICT_FAILED, k->reason);
	else /* failed, and perhaps not, at once */
		set(out, VERDICT_UNKNOWN, REASON_NONE);
}

const struct provider_state airtel_states[] = {
	{ "TS", VERDICT_PAID, REASON_NONE },      /* unless its code refuses */
	{ "TF", VERDICT_FAILED, REASON_OTHER },   /* or what its code says */
	{ "TE", VERDICT_FAILED, REASON_IGNORED }, /* of a collection only */
	{ "TIP", VERDICT_PENDING, REASON_NONE },  { "TA", VERDICT_UNKNOWN, REASON_NONE },
	{ NULL, VERDICT_UNKNOWN, REASON_NONE },
};

static void
read_status(const struct said *said, const char *status, const struct provider_order *o,
            struct verdict *out)
{
	const struct airtel_code *k =
	    said->code == NULL ? NULL : airtel_code(said->code, o->direction);
	bool refuses = k != NULL && k->on_submit == VERDICT_FAILED;

	verdict_by_state(out, airtel_states, status, false);
	if ((out->kind == VERDICT_PAID && refuses) || /* paid and refused at once */
	    (strcmp(status, "TE") == 0 && o->direction == PAY_OUT))
		set(out, VERDICT_UNKNOWN, REASON_NONE);
	else if (strcmp(status, "TF") == 0)
		read_failed(said, o, out);
	if (out->kind == VERDICT_PAID || out->kind == VERDICT_PENDING ||
	    said->code == NULL)
		answer_word(out->code, sizeof out->code,
		            json_get(said->transaction, "status"));
}

/* No enquiry tells of a refund.  What its own answer said is remembered by the name that
 * it gave; without that name only a person can find out. */
static void
read_refunded(const struct provider_order *o, struct verdict *out)
{
	if (o->handle[0] == '\0')
		return;
	set(out, VERDICT_PAID, REASON_NONE);
	memcpy(out->provider_txn, o->handle, sizeof out->provider_txn);
}

static bool
is_not_found(const struct said *said, const struct provider_order *o)
{
	return said->code != NULL &&
	       strcmp(said->code,
	              o->direction == PAY_IN ? "DP00800001025" : "DP00900001015") == 0;
}

void
airtel_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                    struct verdict *out)
{
	struct json *doc = answer_object(ans);
	struct said said = listen(doc);
	const char *status = json_get_text(said.transaction, "status");

	begin(out, ans, &said);
	if (refused_at_the_door(ans, &said, out)) {
		; /* nothing about the payment */
	} else if (ans->status == 200 && status != NULL) {
		bool ours = is_ours(&said, o, out);

		if (ours && airtel_is_back(o)) {
			read_refunded(o, out);
		} else if (ours) {
			put_txn(&said, out);
			read_status(&said, status, o, out);
		}
	} else if (!airtel_is_back(o) && is_not_found(&said, o)) {
		set(out, VERDICT_NOT_FOUND, REASON_NONE);
	}
	json_free(doc);
}
