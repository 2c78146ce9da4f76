/* Airtel Africa Open API: requests.  A collection asks a person's wallet, a disbursement
 * pays one; both go with one token.  Answers: airtel_answer.c. */
#include "payments/provider/airtel.h"

#include "lib/json.h"
#include "lib/msisdn.h"
#include "payments/provider/request.h"

#include <string.h>

#define REFERENCE_MIN 4
#define REFERENCE_MAX 64

const char *
airtel_id(const struct uuid *reference, char out[AIRTEL_ID_SIZE])
{
	char text[UUID_TEXT_SIZE];
	size_t n = 0;

	uuid_text(reference, text);
	for (const char *c = text; *c != '\0'; c++)
		if (*c != '-')
			out[n++] = *c;
	out[n] = '\0';
	return out;
}

bool
airtel_reference(const char *id, struct uuid *out)
{
	char text[UUID_TEXT_SIZE];
	size_t n = 0;

	if (strlen(id) != AIRTEL_ID_SIZE - 1)
		return false;
	for (unsigned i = 0; i < AIRTEL_ID_SIZE - 1; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			text[n++] = '-';
		text[n++] = id[i];
	}
	text[n] = '\0';
	return uuid_parse(text, n, out);
}

static void
begin(struct provider_request *rq, const char *method, const struct provider_account *a,
      const char *path, bool *failed)
{
	request_begin(rq, method, a->base_url, path, failed);
	request_header(rq, "Accept", "application/json", failed);
}

/* Every call but the token's: who we are, and in which market. */
static void
add_common(struct provider_request *rq, const struct provider_account *a,
           const struct provider_token *t, bool *failed)
{
	request_bearer(rq, t->text, failed);
	request_header(rq, "X-Country", a->country, failed);
	request_header(rq, "X-Currency", a->currency, failed);
}

static int
token(const struct provider_account *a, enum pay_direction d,
      struct provider_request *out, struct err *err)
{
	struct json_writer w;
	struct buf b;
	bool failed;

	(void)d;
	begin(out, "POST", a, "/auth/oauth2/token", &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "client_id", a->user);
	jw_text(&w, "client_secret", a->key);
	jw_text(&w, "grant_type", "client_credentials");
	jw_end_object(&w);
	out->body_len = b.len;
	failed |= !buf_ok(&b) || a->user[0] == '\0' || a->key[0] == '\0';
	return request_finish(out, failed, err);
}

/* Their wallets are named by the national number: no country code, no trunk 0. */
static const char *
national(const struct provider_account *a, const char *msisdn)
{
	const struct msisdn_country *c = msisdn_country(a->country);
	size_t cc = c == NULL ? 0 : strlen(c->cc);

	if (c == NULL || strncmp(msisdn, c->cc, cc) != 0 ||
	    strspn(msisdn, "0123456789") != strlen(msisdn) ||
	    strlen(msisdn + cc) != c->national)
		return NULL;
	return msisdn + cc;
}

bool
airtel_is_back(const struct provider_order *o)
{
	return o->direction == PAY_OUT && o->back_txn[0] != '\0' &&
	       !uuid_is_nil(&o->back_reference);
}

struct sendable {
	const char *msisdn;
	char amount[32], id[AIRTEL_ID_SIZE], reference[REFERENCE_MAX + 1];
	char pin[PROVIDER_TOKEN_MAX];
};

static int
order_is_sendable(const struct provider_account *a, const struct provider_order *o,
                  struct sendable *s, struct err *err)
{
	size_t n = 0;

	s->msisdn = national(a, o->msisdn);
	if (s->msisdn == NULL)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "not a phone number of the provider's country");
	if (strcmp(o->currency, a->currency) != 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the provider account holds another currency");
	if (provider_amount_text(o->amount_minor, o->exponent, a->scale, s->amount,
	                         sizeof s->amount) < 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the provider takes no such fraction of the currency");
	airtel_id(&o->reference, s->id);
	for (const char *c = o->note; *c != '\0' && n < REFERENCE_MAX; c++)
		if ((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= 'a' && *c <= 'z'))
			s->reference[n++] = *c;
	s->reference[n] = '\0';
	if (n < REFERENCE_MIN)
		memcpy(s->reference, s->id, sizeof s->id);
	return 0;
}

static void
collect_body(const struct provider_account *a, const struct sendable *s, struct buf *b)
{
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "reference", s->reference);
	jw_object(&w, "subscriber");
	jw_text(&w, "country", a->country);
	jw_text(&w, "currency", a->currency);
	jw_text(&w, "msisdn", s->msisdn);
	jw_end_object(&w);
	jw_object(&w, "transaction");
	jw_raw(&w, "amount", s->amount);
	jw_text(&w, "country", a->country);
	jw_text(&w, "currency", a->currency);
	jw_text(&w, "id", s->id);
	jw_end_object(&w);
	jw_end_object(&w);
}

static void
disburse_body(const struct provider_account *a, const struct sendable *s, struct buf *b)
{
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_object(&w, "payee");
	jw_text(&w, "msisdn", s->msisdn);
	if (a->version >= 2)
		jw_text(&w, "currency", a->currency);
	jw_end_object(&w);
	jw_text(&w, "reference", s->reference);
	jw_text(&w, "pin", s->pin);
	jw_object(&w, "transaction");
	jw_raw(&w, "amount", s->amount);
	jw_text(&w, "id", s->id);
	if (a->version >= 2)
		jw_text(&w, "type", "B2C");
	jw_end_object(&w);
	jw_end_object(&w);
}

static void
sign(struct provider_request *rq, const struct provider_account *a,
     const struct provider_order *o, bool *failed)
{
	char signature[PROVIDER_TOKEN_MAX], key[PROVIDER_TOKEN_MAX];

	if (!airtel_signature(a, o, rq, signature, key, sizeof key)) {
		*failed = true;
		return;
	}
	request_header(rq, "x-signature", signature, failed);
	request_header(rq, "x-key", key, failed);
}

static int
refund(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	struct json_writer w;
	struct buf b;
	bool failed;

	begin(out, "POST", a,
	      a->version >= 2 ? "/standard/v2/payments/refund"
	                      : "/standard/v1/payments/refund",
	      &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	add_common(out, a, t, &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_object(&w, "transaction");
	jw_text(&w, "airtel_money_id", o->back_txn);
	jw_end_object(&w);
	jw_end_object(&w);
	out->body_len = b.len;
	failed |= !buf_ok(&b);
	if (!failed && a->version >= 2)
		sign(out, a, o, &failed);
	return request_finish(out, failed, err);
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	static const char *const paths[2][2] = {
		[PAY_OUT] = { "/standard/v1/disbursements/",
		              "/standard/v2/disbursements/" },
		[PAY_IN] = { "/merchant/v1/payments/", "/merchant/v2/payments/" },
	};
	struct sendable s = { .msisdn = NULL };
	struct buf b;
	bool failed;

	if (airtel_is_back(o))
		return refund(a, t, o, out, err);
	if (order_is_sendable(a, o, &s, err) < 0)
		return -1;
	if (o->direction == PAY_OUT && !airtel_sealed_pin(a, o, s.pin, sizeof s.pin))
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the PIN of the wallet or the provider's key is missing "
		               "or unusable");
	begin(out, "POST", a, paths[o->direction][a->version >= 2], &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	add_common(out, a, t, &failed);
	buf_init(&b, out->body, sizeof out->body);
	if (o->direction == PAY_OUT)
		disburse_body(a, &s, &b);
	else
		collect_body(a, &s, &b);
	out->body_len = b.len;
	failed |= !buf_ok(&b);
	if (!failed && o->direction == PAY_IN && a->version >= 2)
		sign(out, a, o, &failed);
	return request_finish(out, failed, err);
}

int
airtel_get(const struct provider_account *a, const struct provider_token *t,
           const char *path, struct provider_request *out, struct err *err)
{
	bool failed;

	begin(out, "GET", a, path, &failed);
	add_common(out, a, t, &failed);
	return request_finish(out, failed, err);
}

static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char id[AIRTEL_ID_SIZE], path[120];
	bool back = airtel_is_back(o); /* only the collection can be asked about */
	bool pays = o->direction == PAY_OUT && !back;
	bool second = pays && a->version >= 2;
	struct buf b;

	if (back && o->handle[0] == '\0') /* a person is told soon */
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "no enquiry tells of a refund whose answer was lost");
	buf_init(&b, path, sizeof path);
	buf_puts(&b, !pays    ? "/standard/v1/payments/"
	             : second ? "/standard/v2/disbursements/"
	                      : "/standard/v1/disbursements/");
	buf_puts(&b, airtel_id(back ? &o->back_reference : &o->reference, id));
	if (second)
		buf_puts(&b, "?transactionType=B2C");
	return airtel_get(a, t, path, out, err);
}

const struct provider provider_airtel = {
	.name = "airtel",
	.token = token,
	.token_answer = airtel_token_answer,
	.submit = submit,
	.submit_answer = airtel_submit_answer,
	.query = query,
	.query_answer = airtel_query_answer,
	.callback = airtel_callback,
	.gives_back = true,
	.gives_all_back = true,
	.ask = airtel_ask,
	.topics = 1u << TOPIC_ACTIVE | 1u << TOPIC_NAME | 1u << TOPIC_BALANCE,
	.ask_answer = airtel_ask_answer,
	.callback_signed = airtel_callback_signed,
	.word = airtel_table,
	.states = airtel_states,
};
