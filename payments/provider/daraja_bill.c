#include "payments/provider/daraja_bill.h"

#include "payments/provider/daraja.h"
#include "payments/provider/request.h"

#include <string.h>
#include <strings.h>

#define SECURE "https://"

/* strcasestr for what purity allows. */
static bool
holds(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, n) == 0)
			return true;
	return false;
}

const char *
daraja_url_fault(const char *base_url, const char *url)
{
	static const char *const words[] = { "mpesa", "m-pesa", "safaricom", "exe",
		                             "exec",  "cmd",    "sql",       "query" };
	bool clear = strncmp(base_url, SECURE, strlen(SECURE)) != 0;

	if (strncmp(url, SECURE, strlen(SECURE)) != 0 &&
	    !(clear && strncmp(url, "http://", 7) == 0))
		return "callback_url: must begin with https://";
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (holds(url, words[i]))
			return "callback_url: holds a word that Safaricom refuses: "
			       "mpesa, safaricom, exe, exec, cmd, sql, query";
	return strlen(url) < 256 ? NULL : "callback_url: longer than 255 signs";
}

static int
check_url(const struct provider_account *a, const char *url, struct err *err)
{
	const char *fault = daraja_url_fault(a->base_url, url);

	return fault == NULL ? 0 : err_set(err, ERR_RANGE, FATE_NOT, fault);
}

int
daraja_register(const struct provider_account *a, const struct provider_token *t,
                const struct daraja_pages *pages, struct provider_request *out,
                struct err *err)
{
	struct json_writer w;
	struct buf b;
	bool failed;

	if (check_url(a, pages->confirm, err) < 0 ||
	    check_url(a, pages->validate, err) < 0)
		return -1;
	daraja_begin(out, a, t,
	             pages->version >= 2 ? "/mpesa/c2b/v2/registerurl"
	                                 : "/mpesa/c2b/v1/registerurl",
	             &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "ShortCode", daraja_shop(a));
	jw_text(&w, "ResponseType", pages->cancels ? "Cancelled" : "Completed");
	jw_text(&w, "ConfirmationURL", pages->confirm);
	jw_text(&w, "ValidationURL", pages->validate);
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

/* What the gateway refused, in its own code; ERR_AUTH for a token. */
static int
refused(const struct json *doc, struct err *err)
{
	const struct daraja_code *k;
	char code[24];

	answer_word(code, sizeof code, json_get(doc, "errorCode"));
	k = daraja_code(code, DARAJA_ERROR);
	if (k != NULL && k->on_query == VERDICT_AUTH)
		return err_set(err, ERR_AUTH, FATE_NOT,
		               "provider: the token was refused");
	return err_set(err, ERR_PEER, FATE_NOT,
	               code[0] == '\0' ? "provider: no usable answer" : code);
}

int
daraja_register_answer(const struct provider_answer *ans, struct err *err)
{
	struct json *doc = answer_object(ans);
	char code[8];
	int result = 0;

	answer_word(code, sizeof code, json_get(doc, "ResponseCode"));
	if (ans->status != 200 || code[0] == '\0' || code[strspn(code, "0")] != '\0')
		result = refused(doc, err);
	json_free(doc);
	return result;
}

int
daraja_pull_register(const struct provider_account *a, const struct provider_token *t,
                     const char *nominated, const char *url, struct provider_request *out,
                     struct err *err)
{
	struct json_writer w;
	struct buf b;
	bool failed;

	if (check_url(a, url, err) < 0)
		return -1;
	if (!request_is_msisdn(nominated))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	daraja_begin(out, a, t, "/pulltransactions/v1/register", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "ShortCode", daraja_shop(a));
	jw_text(&w, "RequestType", "Pull");
	jw_text(&w, "NominatedNumber", nominated);
	jw_text(&w, "CallBackURL", url);
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

int
daraja_pull_register_answer(const struct provider_answer *ans, struct err *err)
{
	struct json *doc = answer_object(ans);
	char code[8];
	int result = 0;

	answer_word(code, sizeof code, json_get(doc, "ResponseStatus"));
	if (ans->status != 200 ||
	    (strcmp(code, "1000") != 0 && strcmp(code, "1001") != 0))
		result = refused(doc, err);
	json_free(doc);
	return result;
}

int
daraja_pull(const struct provider_account *a, const struct provider_token *t,
            const struct daraja_window *w, struct provider_request *out, struct err *err)
{
	char from[DARAJA_TIME_SIZE], to[DARAJA_TIME_SIZE], offset[16];
	struct json_writer j;
	struct buf b;
	bool failed;

	if (w->to_ms <= w->from_ms || w->to_ms - w->from_ms > DARAJA_PULL_MS)
		return err_set(err, ERR_RANGE, FATE_NOT, "48 hours at most can be told");
	daraja_time(w->from_ms, true, from);
	daraja_time(w->to_ms, true, to);
	buf_init(&b, offset, sizeof offset);
	buf_put_i64(&b, w->offset);
	daraja_begin(out, a, t, "/pulltransactions/v1/query", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&j, &b);
	jw_object(&j, NULL);
	jw_text(&j, "ShortCode", a->party);
	jw_text(&j, "StartDate", from);
	jw_text(&j, "EndDate", to);
	jw_text(&j, "OffSetValue", offset);
	jw_end_object(&j);
	return daraja_end(out, &b, failed, err);
}

/* ---- the rows: a list in a list, and a text instead of it where there is none ---- */

/* National, as the rows have it, or masked: digits and stars only. */
static void
put_number(const struct json *value, char *out, size_t cap)
{
	char text[32];
	size_t n = 0;

	answer_word(text, sizeof text, value);
	if (strlen(text) == 9 && strspn(text, "0123456789") == 9)
		for (const char *c = "254"; *c != '\0'; c++)
			out[n++] = *c;
	for (const char *c = text; *c != '\0' && n + 1 < cap; c++)
		if ((*c >= '0' && *c <= '9') || *c == '*')
			out[n++] = *c;
	out[n] = '\0';
}

static void
put_text(const struct json *value, char *out, size_t cap)
{
	const char *text = json_text(value);
	size_t n = text == NULL ? cap : strlen(text);

	out[0] = '\0';
	if (n < cap)
		memcpy(out, text, n + 1);
	else if (text == NULL)
		answer_word(out, cap, value);
}

static void
tell_row(const struct json *row, daraja_bill_cb *each, void *arg)
{
	struct daraja_bill bill;

	put_text(json_get(row, "transactionId"), bill.receipt, sizeof bill.receipt);
	put_text(json_get(row, "billreference"), bill.account, sizeof bill.account);
	put_text(json_get(row, "amount"), bill.amount, sizeof bill.amount);
	put_number(json_get(row, "msisdn"), bill.number, sizeof bill.number);
	each(arg, &bill);
}

static int
tell_rows(const struct json *list, daraja_bill_cb *each, void *arg)
{
	int n = 0;

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *inner = json_at(list, i);

		if (json_is_object(inner)) {
			tell_row(inner, each, arg);
			n++;
		}
		for (size_t k = 0; !json_is_object(inner) && k < json_count(inner); k++) {
			tell_row(json_at(inner, k), each, arg);
			n++;
		}
	}
	return n;
}

int
daraja_pull_answer(const struct provider_answer *ans, daraja_bill_cb *each, void *arg,
                   struct err *err)
{
	struct json *doc =
	    ans->len == 0 ? NULL : json_parse_quoted(ans->body, ans->len, NULL);
	char code[8];
	int result = 0;

	answer_word(code, sizeof code, json_get(doc, "ResponseCode"));
	if (ans->status != 200 ||
	    (strcmp(code, "1000") != 0 && strcmp(code, "1001") != 0))
		result = refused(doc, err);
	else if (strcmp(code, "1000") == 0)
		result = tell_rows(json_get(doc, "Response"), each, arg);
	json_free(doc);
	return result;
}
