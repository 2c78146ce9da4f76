/* Safaricom Daraja: requests.  Answers: daraja_answer.c; balances: daraja_account.c. */
#include "payments/provider/daraja.h"

#include "lib/json.h"
#include "lib/seal.h"
#include "payments/provider/daraja_bill.h"
#include "payments/provider/request.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#define NAIROBI_MS                                                                       \
	(3 * 3600 * 1000) /* timestamps are theirs: UTC+3, never summer time             \
	                   */
#define SEALED_MAX    512
#define BASE64        sodium_base64_VARIANT_ORIGINAL
#define PASSWORD_SIZE 300

const char *
daraja_account(const struct uuid *reference, char out[DARAJA_ACCOUNT_SIZE])
{
	char text[UUID_TEXT_SIZE];
	size_t n = 0;

	uuid_text(reference, text);
	for (const char *c = text; n + 1 < DARAJA_ACCOUNT_SIZE; c++)
		if (*c != '-')
			out[n++] = *c;
	out[n] = '\0';
	return out;
}

bool
daraja_is_back(const struct provider_order *o)
{
	return o->direction == PAY_OUT && o->back_txn[0] != '\0';
}

const char *
daraja_shop(const struct provider_account *a)
{
	return a->till[0] != '\0' && a->store[0] != '\0' ? a->store : a->party;
}

static int
token(const struct provider_account *a, enum pay_direction d,
      struct provider_request *out, struct err *err)
{
	struct buf b;
	bool failed;

	(void)d;
	request_begin(out, "GET", a->base_url,
	              "/oauth/v1/generate?grant_type=client_credentials", &failed);
	request_header(out, "Accept", "application/json", &failed);
	buf_init(&b, out->basic_auth, sizeof out->basic_auth);
	buf_puts(&b, a->user);
	buf_putc(&b, ':');
	buf_puts(&b, a->key);
	failed |= !buf_ok(&b) || a->user[0] == '\0' || a->key[0] == '\0';
	return request_finish(out, failed, err);
}

void
daraja_begin(struct provider_request *rq, const struct provider_account *a,
             const struct provider_token *t, const char *path, bool *failed)
{
	request_begin(rq, "POST", a->base_url, path, failed);
	request_header(rq, "Accept", "application/json", failed);
	request_header(rq, "Content-Type", "application/json", failed);
	request_bearer(rq, t->text, failed);
	*failed |= a->party[0] == '\0';
}

int
daraja_end(struct provider_request *rq, const struct buf *b, bool failed, struct err *err)
{
	rq->body_len = b->len;
	return request_finish(rq, failed || !buf_ok(b), err);
}

void
daraja_time(int64_t wall_ms, bool spaced, char out[DARAJA_TIME_SIZE])
{
	time_t at = (time_t)((wall_ms + NAIROBI_MS) / 1000);
	struct tm tm;

	gmtime_r(&at, &tm);
	if (spaced)
		strftime(out, DARAJA_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	else
		strftime(out, DARAJA_TIME_SIZE, "%Y%m%d%H%M%S", &tm);
}

/* Who asks, and the proof: base64 of short code, pass key and time. */
static void
put_password(struct json_writer *w, const struct provider_account *a, int64_t wall_ms,
             bool *failed)
{
	char plain[sizeof a->store + sizeof a->passkey + 16], text[PASSWORD_SIZE];
	char at[DARAJA_TIME_SIZE];
	struct buf b;

	daraja_time(wall_ms, false, at);
	buf_init(&b, plain, sizeof plain);
	buf_puts(&b, daraja_shop(a));
	buf_puts(&b, a->passkey);
	buf_puts(&b, at);
	*failed |= !buf_ok(&b) || a->passkey[0] == '\0';
	sodium_bin2base64(text, sizeof text, (const unsigned char *)plain, b.len, BASE64);
	jw_text(w, "BusinessShortCode", daraja_shop(a));
	jw_text(w, "Password", text);
	jw_text(w, "Timestamp", at);
	sodium_memzero(plain, sizeof plain);
	sodium_memzero(text, sizeof text);
}

void
daraja_put_initiator(struct json_writer *w, const struct provider_account *a,
                     const uint8_t chance[32], const char *key, bool *failed)
{
	uint8_t sealed[SEALED_MAX];
	char text[(SEALED_MAX + 2) / 3 * 4 + 1];
	size_t n = a->pin[0] == '\0' ? 0
	                             : seal_rsa(a->public_key, chance, a->pin,
	                                        strlen(a->pin), sealed, sizeof sealed);

	*failed |= n == 0 || a->initiator[0] == '\0';
	sodium_bin2base64(text, sizeof text, sealed, n, BASE64);
	jw_text(w, key, a->initiator);
	jw_text(w, "SecurityCredential", text);
}

void
daraja_put_result_urls(struct json_writer *w, const struct provider_account *a,
                       const char *url, bool *failed)
{
	*failed |= daraja_url_fault(a->base_url, url) != NULL;
	jw_text(w, "QueueTimeOutURL", url);
	jw_text(w, "ResultURL", url);
}

void
daraja_put_note(struct json_writer *w, const char *key, const char *note, size_t most)
{
	char text[DARAJA_REMARKS_MAX + 1];

	request_plain(text, most + 1, note);
	jw_text(w, key, strlen(text) >= 2 ? text : "Adit");
}

static int
order_is_sendable(const struct provider_account *a, const struct provider_order *o,
                  char *amount, size_t cap, struct err *err)
{
	size_t n = strlen(o->msisdn);

	if (n != 12 || strspn(o->msisdn, "0123456789") != n ||
	    strncmp(o->msisdn, "254", 3) != 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "not a phone number of the provider's country");
	return request_amount(a, o, amount, cap, err);
}

/* A till echoes no AccountReference where money that came is told; it is shown on the
 * phone all the same. */
static int
prompt(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, const char *amount, struct provider_request *out,
       struct err *err)
{
	char account[DARAJA_ACCOUNT_SIZE];
	struct json_writer w;
	struct buf b;
	bool failed;

	daraja_begin(out, a, t, "/mpesa/stkpush/v1/processrequest", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	put_password(&w, a, o->wall_ms, &failed);
	jw_text(&w, "TransactionType",
	        a->till[0] != '\0' ? "CustomerBuyGoodsOnline" : "CustomerPayBillOnline");
	jw_text(&w, "Amount", amount);
	jw_text(&w, "PartyA", o->msisdn);
	jw_text(&w, "PartyB", a->till[0] != '\0' ? a->till : a->party);
	jw_text(&w, "PhoneNumber", o->msisdn);
	jw_text(&w, "CallBackURL", o->result_url);
	jw_text(&w, "AccountReference", daraja_account(&o->reference, account));
	daraja_put_note(&w, "TransactionDesc", o->note, 13);
	jw_end_object(&w);
	failed |= daraja_url_fault(a->base_url, o->result_url) != NULL;
	return daraja_end(out, &b, failed, err);
}

static int
payout(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, const char *amount, struct provider_request *out,
       struct err *err)
{
	char reference[UUID_TEXT_SIZE];
	struct json_writer w;
	struct buf b;
	bool failed;

	daraja_begin(out, a, t, "/mpesa/b2c/v3/paymentrequest", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "OriginatorConversationID", uuid_text(&o->reference, reference));
	daraja_put_initiator(&w, a, o->chance, "InitiatorName", &failed);
	jw_text(&w, "CommandID", "BusinessPayment");
	jw_text(&w, "Amount", amount);
	jw_text(&w, "PartyA", a->party);
	jw_text(&w, "PartyB", o->msisdn);
	daraja_put_note(&w, "Remarks", o->note, DARAJA_REMARKS_MAX);
	daraja_put_result_urls(&w, a, o->result_url, &failed);
	daraja_put_note(&w, "Occassion", "", 2); /* so they spell it */
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

/* Whoever paid is known to them by the receipt; their number is not said.  Of a till we
 * take its store for the receiver: where they want the till itself, they refuse it, and
 * what was to go back stays owed. */
static int
reversal(const struct provider_account *a, const struct provider_token *t,
         const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32], whole[sizeof amount];
	struct json_writer w;
	struct buf b;
	bool failed;

	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	/* what a prompt brought has no fraction, whatever a payout may have */
	if (provider_amount_text(o->amount_minor, o->exponent, 0, whole, sizeof whole) ==
	    0)
		memcpy(amount, whole, sizeof whole);
	daraja_begin(out, a, t, "/mpesa/reversal/v1/request", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	daraja_put_initiator(&w, a, o->chance, "Initiator", &failed);
	jw_text(&w, "CommandID", "TransactionReversal");
	jw_text(&w, "TransactionID", o->back_txn);
	jw_text(&w, "Amount", amount);
	jw_text(&w, "ReceiverParty", daraja_shop(a));
	jw_text(&w, "RecieverIdentifierType", "11"); /* so they spell it */
	daraja_put_result_urls(&w, a, o->result_url, &failed);
	daraja_put_note(&w, "Remarks", o->note, DARAJA_REMARKS_MAX);
	daraja_put_note(&w, "Occasion", "", 2);
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32];

	if (daraja_is_back(o))
		return reversal(a, t, o, out, err);
	if (order_is_sendable(a, o, amount, sizeof amount, err) < 0)
		return -1;
	return o->direction == PAY_IN ? prompt(a, t, o, amount, out, err)
	                              : payout(a, t, o, amount, out, err);
}

static int
query_prompt(const struct provider_account *a, const struct provider_token *t,
             const struct provider_order *o, struct provider_request *out,
             struct err *err)
{
	struct json_writer w;
	struct buf b;
	bool failed;

	if (o->handle[0] == '\0')
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the name of the prompt never came: it cannot be asked "
		               "about");
	daraja_begin(out, a, t, "/mpesa/stkpushquery/v1/query", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	put_password(&w, a, o->wall_ms, &failed);
	jw_text(&w, "CheckoutRequestID", o->handle);
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

static int
query_payout(const struct provider_account *a, const struct provider_token *t,
             const struct provider_order *o, struct provider_request *out,
             struct err *err)
{
	char reference[UUID_TEXT_SIZE];
	struct json_writer w;
	struct buf b;
	bool failed;

	if (daraja_is_back(o) && o->handle[0] == '\0')
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the name of the reversal never came: it cannot be asked "
		               "about");
	daraja_begin(out, a, t, "/mpesa/transactionstatus/v1/query", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	daraja_put_initiator(&w, a, o->chance, "Initiator", &failed);
	jw_text(&w, "CommandID", "TransactionStatusQuery");
	jw_text(&w, "OriginalConversationID",
	        daraja_is_back(o) ? o->handle : uuid_text(&o->reference, reference));
	jw_text(&w, "PartyA", a->party);
	jw_text(&w, "IdentifierType", "4");
	daraja_put_result_urls(&w, a, o->result_url, &failed);
	daraja_put_note(&w, "Remarks", "Status", DARAJA_REMARKS_MAX);
	daraja_put_note(&w, "Occasion", "", 2);
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	return o->direction == PAY_IN ? query_prompt(a, t, o, out, err)
	                              : query_payout(a, t, o, out, err);
}

const struct provider provider_daraja = {
	.name = "daraja",
	.token = token,
	.token_answer = daraja_token_answer,
	.submit = submit,
	.submit_answer = daraja_submit_answer,
	.query = query,
	.query_answer = daraja_query_answer,
	.callback = daraja_callback,
	.gives_back = true,
	.gives_all_back = true,
	.topics = 1u << TOPIC_BALANCE,
	.ask = daraja_ask,
	.ask_answer = daraja_ask_answer,
	.ask_result = daraja_ask_result,
	.result = daraja_result,
	.word = daraja_table,
	.states = daraja_states,
};
