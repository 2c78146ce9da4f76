/* M-Pesa of Vodacom and Vodafone: requests.  Answers: vodacom_answer.c. */
#include "payments/provider/vodacom.h"

#include "lib/json.h"
#include "lib/seal.h"
#include "payments/provider/request.h"

#include <sodium.h>
#include <string.h>

#define SEALED_MAX 512
#define NOTE_MAX   40
#define OURS_MAX   20 /* of TransactionReference */

/* What differs between the two. */
struct edition {
	const char *base;     /* of the path; market follows if it has one */
	bool has_market;      /* and a session, and an Origin           */
	const char *id_field; /* how our name for a call is called         */
	const char *port[4];  /* NULL: that of base_url                    */
	bool has_initiator;   /* who gives back, and the proof             */
};

enum call { CALL_COLLECT, CALL_PAY, CALL_QUERY, CALL_BACK };

static const struct edition openapi = {
	"/ipg/v2/", true, "input_ThirdPartyConversationID", { NULL }, false
};
static const struct edition mozambique = { "/ipg/v1x/",
	                                   false,
	                                   "input_ThirdPartyReference",
	                                   { ":18352", ":18345", ":18353", ":18354" },
	                                   true };

const char *
vodacom_id(const struct uuid *reference, char out[VODACOM_ID_SIZE])
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
vodacom_bearer(const struct provider_account *a, const char *text, char *out, size_t cap)
{
	uint8_t sealed[SEALED_MAX], seed[SEAL_SEED];
	size_t n;

	crypto_generichash(seed, sizeof seed, (const unsigned char *)text, strlen(text),
	                   NULL, 0);
	n = text[0] == '\0' ? 0
	                    : seal_rsa(a->public_key, seed, text, strlen(text), sealed,
	                               sizeof sealed);
	if (n == 0 || (n + 2) / 3 * 4 + 1 > cap)
		return false;
	sodium_bin2base64(out, cap, sealed, n, sodium_base64_VARIANT_ORIGINAL);
	return true;
}

/* The port of a call goes behind the host, unless the settings name one. */
static void
put_host(struct buf *b, const struct provider_account *a, const char *port)
{
	const char *host = strstr(a->base_url, "://");

	buf_puts(b, a->base_url);
	if (port != NULL && host != NULL && strchr(host + 3, ':') == NULL)
		buf_puts(b, port);
}

static void
begin(struct provider_request *rq, const struct edition *e, const char *method,
      const struct provider_account *a, const char *port, const char *tail)
{
	char base[PROVIDER_URL_MAX];
	bool failed;
	struct buf b;

	buf_init(&b, base, sizeof base);
	put_host(&b, a, port);
	buf_puts(&b, e->base);
	if (e->has_market) {
		buf_puts(&b, a->market);
		buf_puts(&b, "/");
	}
	request_begin(rq, method, buf_ok(&b) && a->base_url[0] != '\0' ? base : "", tail,
	              &failed);
	if (failed)
		rq->url[0] = '\0';
}

/* Their bearer is our secret, sealed: the key itself, or the session it was given. */
static void
finish_headers(struct provider_request *rq, const struct edition *e,
               const struct provider_account *a, const char *secret, bool *failed)
{
	char bearer[PROVIDER_TOKEN_MAX];

	*failed = rq->url[0] == '\0' || (e->has_market && a->market[0] == '\0');
	if (!vodacom_bearer(a, secret, bearer, sizeof bearer)) {
		*failed = true;
		return;
	}
	request_header(rq, "Accept", "application/json", failed);
	request_bearer(rq, bearer, failed);
	if (e->has_market || a->origin[0] != '\0')
		request_header(rq, "Origin", a->origin[0] == '\0' ? "*" : a->origin,
		               failed);
}

static int
token(const struct provider_account *a, enum pay_direction d,
      struct provider_request *out, struct err *err)
{
	bool failed;

	(void)d;
	begin(out, &openapi, "GET", a, NULL, "getSession/");
	finish_headers(out, &openapi, a, a->key, &failed);
	return request_finish(out, failed, err);
}

/* The last three letters of the market: theirs, not ISO's. */
static const char *
country(const struct provider_account *a)
{
	size_t n = strlen(a->market);

	return n < 3 ? "" : a->market + n - 3;
}

static void
put_order(struct buf *b, const struct edition *e, const struct provider_account *a,
          const struct provider_order *o, const char *amount)
{
	char id[VODACOM_ID_SIZE], ours[OURS_MAX + 1], note[NOTE_MAX + 1];
	struct json_writer w;

	vodacom_id(&o->reference, id);
	memcpy(ours, id, OURS_MAX);
	ours[OURS_MAX] = '\0';
	request_plain(note, sizeof note, o->note);
	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "input_Amount", amount);
	if (e->has_market) {
		jw_text(&w, "input_Country", country(a));
		jw_text(&w, "input_Currency", o->currency);
	}
	jw_text(&w, "input_CustomerMSISDN", o->msisdn);
	jw_text(&w, "input_ServiceProviderCode", a->party);
	jw_text(&w, e->id_field, id);
	jw_text(&w, "input_TransactionReference", ours);
	if (e->has_market)
		jw_text(&w,
		        o->direction == PAY_IN ? "input_PurchasedItemsDesc"
		                               : "input_PaymentItemsDesc",
		        note[0] == '\0' ? "Adit" : note);
	jw_end_object(&w);
}

static bool
is_back(const struct provider_order *o)
{
	return o->direction == PAY_OUT && o->back_txn[0] != '\0';
}

/* Of what came in, in whole or in part; to whom is theirs to know. */
static int
reversal(const struct edition *e, const char *secret, const struct provider_account *a,
         const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32], id[VODACOM_ID_SIZE];
	struct json_writer w;
	bool failed;
	struct buf b;

	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	begin(out, e, "PUT", a, e->port[CALL_BACK], "reversal/");
	finish_headers(out, e, a, secret, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "input_ReversalAmount", amount);
	if (e->has_market)
		jw_text(&w, "input_Country", country(a));
	if (e->has_initiator) {
		jw_text(&w, "input_InitiatorIdentifier", a->initiator);
		jw_text(&w, "input_SecurityCredential", a->pin);
		failed |= a->initiator[0] == '\0' || a->pin[0] == '\0';
	}
	jw_text(&w, "input_ServiceProviderCode", a->party);
	jw_text(&w, e->id_field, vodacom_id(&o->reference, id));
	jw_text(&w, "input_TransactionID", o->back_txn);
	jw_end_object(&w);
	out->body_len = b.len;
	return request_finish(out, failed || !buf_ok(&b) || a->party[0] == '\0', err);
}

static int
submit_to(const struct edition *e, const char *secret, const struct provider_account *a,
          const struct provider_order *o, struct provider_request *out, struct err *err)
{
	bool in = o->direction == PAY_IN, failed;
	char amount[32];
	struct buf b;

	if (is_back(o))
		return reversal(e, secret, a, o, out, err);
	if (!request_is_msisdn(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	begin(out, e, "POST", a, e->port[in ? CALL_COLLECT : CALL_PAY],
	      in ? "c2bPayment/singleStage/" : "b2cPayment/");
	finish_headers(out, e, a, secret, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	put_order(&b, e, a, o, amount);
	out->body_len = b.len;
	return request_finish(out, failed || !buf_ok(&b) || a->party[0] == '\0', err);
}

static bool
is_plain(const char *text)
{
	return text[0] != '\0' &&
	       text[strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                         "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* A question has a name of its own, or it would be a duplicate: ours and the time. */
static int
query_to(const struct edition *e, const char *secret, const struct provider_account *a,
         const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char tail[PROVIDER_URL_MAX], id[VODACOM_ID_SIZE];
	bool failed;
	struct buf b;

	vodacom_id(&o->reference, id);
	buf_init(&b, tail, sizeof tail);
	buf_puts(&b, "queryTransactionStatus/?input_QueryReference=");
	buf_puts(&b, id);
	buf_puts(&b, "&input_ServiceProviderCode=");
	buf_puts(&b, a->party);
	buf_puts(&b, "&");
	buf_puts(&b, e->id_field);
	buf_puts(&b, "=");
	id[OURS_MAX] = '\0';
	buf_puts(&b, id);
	buf_put_i64(&b, o->wall_ms);
	if (e->has_market) {
		buf_puts(&b, "&input_Country=");
		buf_puts(&b, country(a));
	}
	begin(out, e, "GET", a, e->port[CALL_QUERY], tail);
	finish_headers(out, e, a, secret, &failed);
	return request_finish(out, failed || !is_plain(a->party) || !buf_ok(&b), err);
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	return submit_to(&openapi, t->text, a, o, out, err);
}

static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	return query_to(&openapi, t->text, a, o, out, err);
}

static int
submit_mz(const struct provider_account *a, const struct provider_token *t,
          const struct provider_order *o, struct provider_request *out, struct err *err)
{
	(void)t;
	return submit_to(&mozambique, a->key, a, o, out, err);
}

static int
query_mz(const struct provider_account *a, const struct provider_token *t,
         const struct provider_order *o, struct provider_request *out, struct err *err)
{
	(void)t;
	return query_to(&mozambique, a->key, a, o, out, err);
}

/* queryBeneficiaryName is not sold in every market: where it is not, the answer is an
 * error.  Balances are told nowhere. */
static int
ask(const struct provider_account *a, const struct provider_token *t,
    const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	char tail[PROVIDER_URL_MAX];
	bool failed;
	struct buf b;

	if (q->topic != TOPIC_NAME || !request_is_msisdn(q->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "only the name behind a number can be asked");
	buf_init(&b, tail, sizeof tail);
	buf_puts(&b, "queryBeneficiaryName/?input_Country=");
	buf_puts(&b, country(a));
	buf_puts(&b, "&input_CustomerMSISDN=");
	buf_puts(&b, q->msisdn);
	buf_puts(&b, "&input_KycQueryType=Name&input_ServiceProviderCode=");
	buf_puts(&b, a->party);
	buf_puts(&b, "&input_ThirdPartyConversationID=n");
	buf_puts(&b, q->msisdn);
	buf_puts(&b, "t");
	buf_put_i64(&b, q->wall_ms);
	begin(out, &openapi, "GET", a, NULL, tail);
	finish_headers(out, &openapi, a, t->text, &failed);
	return request_finish(out, failed || !is_plain(a->party) || !buf_ok(&b), err);
}

/* Mozambique's v1x tells neither names nor balances. */
static int
ask_mz(const struct provider_account *a, const struct provider_token *t,
       const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	(void)a, (void)t, (void)q;
	*out = (struct provider_request){ .method = "" };
	return err_set(err, ERR_RANGE, FATE_NOT, "M-Pesa answers no such question");
}

const struct provider provider_vodacom = {
	.name = "vodacom",
	.token = token,
	.token_answer = vodacom_token_answer,
	.token_wakes_ms = 30000,
	.submit = submit,
	.submit_answer = vodacom_submit_answer,
	.query = query,
	.query_answer = vodacom_query_answer,
	.callback = vodacom_callback,
	.reply = vodacom_reply,
	.gives_back = true,
	.topics = 1u << TOPIC_NAME,
	.ask = ask,
	.ask_answer = vodacom_ask_answer,
	.word = vodacom_table,
	.states = vodacom_states,
};

const struct provider provider_mpesamz = {
	.name = "mpesamz",
	.submit = submit_mz,
	.submit_answer = vodacom_submit_answer,
	.query = query_mz,
	.query_answer = vodacom_query_answer,
	.callback = vodacom_callback,
	.reply = vodacom_reply,
	.gives_back = true,
	.ask = ask_mz,
	.ask_answer = vodacom_ask_answer,
	.word = vodacom_table,
	.states = vodacom_states,
};
