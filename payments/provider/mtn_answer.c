/* MTN MoMo Open API: what came back, and what it says about the money.
 *
 * The word in the body decides, then the status.  A body that is neither empty nor a JSON
 * object says nothing sure, whatever the status: something in between has spoken.  On a
 * query, an error is about the question; only a status word is about the payment. */
#include "lib/json.h"
#include "payments/provider/mtn_momo.h"
#include "payments/provider/request.h"

#include <string.h>

#define TOKEN_KEPT_S (7 * 86400)

/* Copies a word for the record: printable signs only, cut to fit. */
static void
put_word(char *out, size_t cap, const char *word)
{
	size_t n = 0;

	for (; *word != '\0' && n + 1 < cap; word++)
		if (*word > ' ' && *word < 0x7f && *word != '"' && *word != '\\')
			out[n++] = *word;
	out[n] = '\0';
}

/* Providers flip strings and numbers. */
static void
put_text_or_number(char *out, size_t cap, const struct json *value)
{
	struct buf b;
	int64_t v;

	out[0] = '\0';
	if (json_text(value) != NULL) {
		put_word(out, cap, json_text(value));
	} else if (json_i64(value, &v)) {
		buf_init(&b, out, cap);
		buf_put_i64(&b, v);
	}
}

static void
set(struct verdict *v, enum verdict_kind kind, enum pay_reason reason)
{
	v->kind = kind;
	v->reason = reason;
}

static void
begin(struct verdict *out, const struct provider_answer *ans)
{
	struct buf b;

	*out = (struct verdict){ .kind = VERDICT_UNKNOWN, .amount_minor = -1 };
	buf_init(&b, out->code, sizeof out->code);
	buf_puts(&b, "HTTP_");
	buf_put_i64(&b, ans->status);
}

static bool
is_blank(const struct provider_answer *ans)
{
	for (size_t i = 0; i < ans->len; i++)
		if (strchr(" \t\r\n", ans->body[i]) == NULL || ans->body[i] == '\0')
			return false;
	return true;
}

/* The object in the answer, NULL if there is none. */
static struct json *
object_in(const struct provider_answer *ans)
{
	struct json *doc = ans->len == 0 ? NULL : json_parse(ans->body, ans->len, NULL);

	if (doc != NULL && !json_is_object(doc)) {
		json_free(doc);
		doc = NULL;
	}
	return doc;
}

int
mtn_token_answer(const struct provider_answer *ans, int64_t now_ms,
                 struct provider_token *out, struct err *err)
{
	struct json *doc = object_in(ans);
	const char *text = json_get_text(doc, "access_token");
	int64_t seconds = 0;
	int result = -1;

	/* asking for a token moves no money: whatever went wrong, nothing happened */
	if (ans->status == 401)
		err_set(err, ERR_AUTH, FATE_NOT,
		        "token: user, key or subscription key refused");
	else if (ans->status != 200 || text == NULL)
		err_set(err, ERR_PEER, FATE_NOT, "token: the answer holds none");
	else if (text[0] == '\0' || strlen(text) >= sizeof out->text ||
	         text[strspn(text, "!#$%&'*+,-./:;<=>?@^_`|~"
	                           "0123456789abcdefghijklmnopqrstuvwxyz"
	                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
		err_set(err, ERR_PEER, FATE_NOT, "token: too long or not of plain signs");
	else if (!json_get_i64(doc, "expires_in", &seconds) || seconds <= 0)
		err_set(err, ERR_PEER, FATE_NOT, "token: no usable expires_in");
	else
		result = 0;
	if (result == 0) {
		/* early by a minute, or by half of a short life */
		int64_t early = seconds >= 120 ? 60 : seconds / 2;

		if (seconds > TOKEN_KEPT_S)
			seconds = TOKEN_KEPT_S;
		memcpy(out->text, text, strlen(text) + 1);
		out->expires_ms = now_ms + (seconds - early) * 1000;
	}
	json_free(doc);
	return result;
}

/* A refused submit whose body names no word of MTN's. */
static void
by_status(const struct provider_answer *ans, struct verdict *out)
{
	switch (ans->status) {
	case 400: /* malformed: refused before anything was done */
		set(out, VERDICT_FAILED, REASON_OUR_SETUP);
		break;
	case 403: /* our address is not on their list: mendable, nothing was taken */
		set(out, VERDICT_DOWN, REASON_OUR_SETUP);
		break;
	case 409:
		set(out, VERDICT_DUPLICATE, REASON_NONE);
		break;
	case 429:
		set(out, VERDICT_DOWN, REASON_PROVIDER_DOWN);
		break;
	default:
		set(out, VERDICT_UNKNOWN, REASON_NONE);
		break;
	}
}

static enum pay_reason
reason_of(const struct mtn_word *w, const struct provider_order *o)
{
	return o->direction == PAY_OUT ? w->out : w->in;
}

static void
by_word(const struct mtn_word *w, const struct provider_order *o, struct verdict *out)
{
	bool says_why = w->on_submit == VERDICT_FAILED || w->on_submit == VERDICT_DOWN;

	set(out, w->on_submit, says_why ? reason_of(w, o) : REASON_NONE);
}

void
mtn_submit_answer(const struct provider_order *o, const struct provider_answer *ans,
                  struct verdict *out)
{
	struct json *doc = object_in(ans);
	const char *code = json_get_text(doc, "code");
	const struct mtn_word *w = code == NULL ? NULL : mtn_word(code);

	begin(out, ans);
	if (code != NULL)
		put_word(out->code, sizeof out->code, code);
	if (ans->status == 202)
		set(out, VERDICT_ACCEPTED, REASON_NONE);
	else if (ans->status == 401) /* asking again under one reference harms nobody */
		set(out, VERDICT_AUTH, REASON_NONE);
	else if (ans->status < 400 || (doc == NULL && !is_blank(ans)))
		set(out, VERDICT_UNKNOWN, REASON_NONE);
	else if (w != NULL)
		by_word(w, o, out);
	else if (code == NULL || ans->status == 409 || ans->status == 429)
		by_status(ans, out);
	json_free(doc);
}

/* `reason` is a string in most answers, {code,message} in the portal's schema. */
static const char *
reason_word(const struct json *doc)
{
	const struct json *reason = json_get(doc, "reason");
	const char *word = json_text(reason);

	return word != NULL ? word : json_get_text(reason, "code");
}

/* Does the answer speak of the payment we asked about?  What it leaves out is not held
 * against it. */
static bool
echo_agrees(const struct json *doc, const struct provider_order *o, struct verdict *out)
{
	const char *currency = json_get_text(doc, "currency");
	char amount[32];

	put_text_or_number(amount, sizeof amount, json_get(doc, "amount"));
	if (amount[0] != '\0') {
		out->amount_minor = provider_amount_minor(amount, o->exponent);
		if (out->amount_minor >= 0 && out->amount_minor != o->amount_minor)
			return false;
	}
	return currency == NULL || strcmp(currency, o->currency) == 0;
}

static void
read_failed(const struct json *doc, const struct provider_order *o, struct verdict *out)
{
	const char *word = reason_word(doc);
	const struct mtn_word *w = word == NULL ? NULL : mtn_word(word);

	if (word != NULL)
		put_word(out->code, sizeof out->code, word);
	/* FAILED is final whether or not we know the word for why */
	if (w == NULL)
		set(out, VERDICT_FAILED, REASON_OTHER);
	else if (w->on_failed == VERDICT_FAILED)
		set(out, VERDICT_FAILED, reason_of(w, o));
	else /* says failed and not failed at once */
		set(out, VERDICT_UNKNOWN, REASON_NONE);
}

const struct provider_state mtn_states[] = {
	{ "SUCCESSFUL", VERDICT_PAID, REASON_NONE },
	{ "FAILED", VERDICT_FAILED, REASON_OTHER }, /* or what its reason says */
	{ "PENDING", VERDICT_PENDING, REASON_NONE },
	{ "CREATED", VERDICT_PENDING, REASON_NONE },
	{ "ONGOING", VERDICT_PENDING, REASON_NONE },
	{ "DELAYED", VERDICT_PENDING, REASON_NONE },
	{ NULL, VERDICT_UNKNOWN, REASON_NONE },
};

static void
read_status(const struct json *doc, const struct provider_order *o, struct verdict *out)
{
	const char *status = json_get_text(doc, "status");

	if (status == NULL)
		return;
	put_word(out->code, sizeof out->code, status);
	put_text_or_number(out->provider_txn, sizeof out->provider_txn,
	                   json_get(doc, "financialTransactionId"));
	if (!echo_agrees(doc, o, out)) {
		put_word(out->code, sizeof out->code, "ECHO_DIFFERS");
		return;
	}
	verdict_by_state(out, mtn_states, status, false);
	if (out->kind == VERDICT_FAILED)
		read_failed(doc, o, out);
}

void
mtn_query_answer(const struct provider_order *o, const struct provider_answer *ans,
                 struct verdict *out)
{
	struct json *doc = object_in(ans);
	const char *code = json_get_text(doc, "code");

	begin(out, ans);
	if (code != NULL)
		put_word(out->code, sizeof out->code, code);
	if (ans->status == 401)
		set(out, VERDICT_AUTH, REASON_NONE);
	else if (doc == NULL && !is_blank(ans))
		set(out, VERDICT_UNKNOWN, REASON_NONE);
	else if (ans->status == 200)
		read_status(doc, o, out);
	else if (ans->status == 404 &&
	         (code == NULL || strcmp(code, "RESOURCE_NOT_FOUND") == 0))
		set(out, VERDICT_NOT_FOUND, REASON_NONE);
	else if (ans->status == 429 ||
	         (code != NULL && strcmp(code, "SERVICE_UNAVAILABLE") == 0))
		set(out, VERDICT_DOWN, REASON_PROVIDER_DOWN);
	json_free(doc);
}

int
mtn_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, err);
	const char *reference, *status;

	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(doc)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT, "callback: no JSON object");
	}
	reference = json_get_text(doc, "referenceId");
	if (reference != NULL)
		(void)uuid_parse(reference, strlen(reference), &out->reference);
	put_text_or_number(out->external_id, sizeof out->external_id,
	                   json_get(doc, "externalId"));
	put_text_or_number(out->provider_txn, sizeof out->provider_txn,
	                   json_get(doc, "financialTransactionId"));
	status = json_get_text(doc, "status");
	if (status != NULL)
		put_word(out->said, sizeof out->said, status);
	if (strcmp(out->said, "SUCCESSFUL") == 0)
		out->claims = VERDICT_PAID;
	else if (strcmp(out->said, "FAILED") == 0)
		out->claims = VERDICT_FAILED;
	json_free(doc);
	return 0;
}
