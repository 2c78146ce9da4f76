/* Orange Money eWallet (Sonatel): requests.  Answers: orange_answer.c. */
#include "payments/provider/orange.h"

#include "lib/http_server.h"
#include "lib/json.h"
#include "lib/seal.h"
#include "payments/provider/request.h"

#include <sodium.h>
#include <string.h>

#define SEALED_MAX 512

static int
token(const struct provider_account *a, enum pay_direction d,
      struct provider_request *out, struct err *err)
{
	struct buf b;
	bool failed;

	(void)d;
	request_begin(out, "POST", a->base_url, "/oauth/v1/token", &failed);
	request_header(out, "Content-Type", "application/x-www-form-urlencoded", &failed);
	request_header(out, "Accept", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	form_put(&b, "client_id", a->user);
	form_put(&b, "client_secret", a->key);
	form_put(&b, "grant_type", "client_credentials");
	out->body_len = b.len;
	failed |= !buf_ok(&b) || a->user[0] == '\0' || a->key[0] == '\0';
	return request_finish(out, failed, err);
}

static void
begin(struct provider_request *rq, const char *method, const struct provider_account *a,
      const struct provider_token *t, const char *path, bool *failed)
{
	request_begin(rq, method, a->base_url, path, failed);
	request_header(rq, "Accept", "application/json", failed);
	request_bearer(rq, t->text, failed);
}

static bool
sealed_pin(const struct provider_account *a, const struct provider_order *o, char *out,
           size_t cap)
{
	uint8_t sealed[SEALED_MAX];
	size_t n = a->pin[0] == '\0' ? 0
	                             : seal_rsa(a->public_key, o->chance, a->pin,
	                                        strlen(a->pin), sealed, sizeof sealed);

	if (n == 0 || (n + 2) / 3 * 4 + 1 > cap)
		return false;
	sodium_bin2base64(out, cap, sealed, n, sodium_base64_VARIANT_ORIGINAL);
	return true;
}

static void
put_party(struct json_writer *w, const char *key, const char *id, const char *pin)
{
	jw_object(w, key);
	jw_text(w, "idType", "MSISDN");
	jw_text(w, "id", id);
	if (pin != NULL)
		jw_text(w, "encryptedPinCode", pin);
	jw_end_object(w);
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32], reference[UUID_TEXT_SIZE], pin[(SEALED_MAX + 2) / 3 * 4 + 1];
	struct json_writer w;
	struct buf b;
	bool failed;

	if (o->direction != PAY_OUT)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "Orange collects by a browser only: no payment by phone");
	if (!request_is_msisdn(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	if (!sealed_pin(a, o, pin, sizeof pin))
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the PIN of the wallet or the provider's key is missing "
		               "or unusable");
	begin(out, "POST", a, t, "/api/eWallet/v1/cashins", &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	put_party(&w, "partner", a->party, pin);
	put_party(&w, "customer", o->msisdn, NULL);
	jw_object(&w, "amount");
	jw_raw(&w, "value", amount);
	jw_text(&w, "unit", o->currency);
	jw_end_object(&w);
	jw_text(&w, "reference", uuid_text(&o->reference, reference));
	jw_bool(&w, "receiveNotification", false);
	jw_end_object(&w);
	out->body_len = b.len;
	return request_finish(out, failed || !buf_ok(&b) || a->party[0] == '\0', err);
}

static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char path[160];
	struct buf b;
	bool failed;

	if (o->handle[0] == '\0' ||
	    strcspn(o->handle, "/ \r\n?#@\\") != strlen(o->handle))
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the name of the cash-in never came: it cannot be asked "
		               "about");
	buf_init(&b, path, sizeof path);
	buf_puts(&b, "/api/eWallet/v1/transactions/");
	buf_puts(&b, o->handle);
	buf_puts(&b, "/status");
	begin(out, "GET", a, t, path, &failed);
	return request_finish(out, failed || !buf_ok(&b), err);
}

static int
ask(const struct provider_account *a, const struct provider_token *t,
    const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	bool failed;

	*out = (struct provider_request){ .method = "" };
	if (q->topic != TOPIC_BALANCE)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "orange answers no such question");
	begin(out, "GET", a, t, "/api/eWallet/v1/account/retailer/balance", &failed);
	return request_finish(out, failed, err);
}

const struct provider provider_orange = {
	.name = "orange",
	.token = token,
	.token_answer = orange_token_answer,
	.submit = submit,
	.submit_answer = orange_submit_answer,
	.query = query,
	.query_answer = orange_query_answer,
	.callback = orange_callback,
	.ask = ask,
	.topics = 1u << TOPIC_BALANCE,
	.ask_answer = orange_ask_answer,
	.word = orange_table,
	.states = orange_states,
};
