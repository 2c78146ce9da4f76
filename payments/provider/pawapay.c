/* pawaPay v2: requests.  Answers: pawapay_answer.c. */
#include "payments/provider/pawapay.h"

#include "lib/json.h"
#include "payments/provider/request.h"
#include "payments/provider/signature.h"

#include <string.h>

#define MESSAGE_MIN 4
#define MESSAGE_MAX 22 /* what the handset shows */

static const struct pawapay_kind kinds[] = {
	{ "/v2/payouts", "payoutId", "PAYOUT" },
	{ "/v2/deposits", "depositId", "DEPOSIT" },
	{ "/v2/refunds", "refundId", "REFUND" },
};

const struct pawapay_kind *
pawapay_kind(const struct provider_order *o)
{
	return o->direction == PAY_IN ? &kinds[1]
	                              : &kinds[uuid_is_nil(&o->back_reference) ? 0 : 2];
}

static void
begin(struct provider_request *rq, const char *method, const struct provider_account *a,
      const char *path, bool *failed)
{
	request_begin(rq, method, a->base_url, path, failed);
	request_header(rq, "Accept", "application/json", failed);
	request_bearer(rq, a->key, failed);
}

/* Left out if that leaves too little. */
static void
put_message(struct json_writer *w, const char *note)
{
	char text[MESSAGE_MAX + 1];

	request_plain(text, sizeof text, note);
	if (strlen(text) >= MESSAGE_MIN)
		jw_text(w, "customerMessage", text);
}

static void
put_party(struct json_writer *w, const struct provider_account *a,
          const struct provider_order *o)
{
	jw_object(w, o->direction == PAY_OUT ? "recipient" : "payer");
	jw_text(w, "type", "MMO");
	jw_object(w, "accountDetails");
	jw_text(w, "phoneNumber", o->msisdn);
	jw_text(w, "provider", a->market);
	jw_end_object(w);
	jw_end_object(w);
}

/* A refund goes where its deposit came from: it names nobody. */
static void
put_order(struct buf *b, const struct provider_account *a, const struct provider_order *o,
          const char *amount)
{
	char id[UUID_TEXT_SIZE];
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, pawapay_kind(o)->id, uuid_text(&o->reference, id));
	if (o->direction == PAY_OUT && !uuid_is_nil(&o->back_reference)) {
		jw_text(&w, "depositId", uuid_text(&o->back_reference, id));
		jw_text(&w, "amount", amount);
		jw_text(&w, "currency", o->currency);
	} else {
		jw_text(&w, "amount", amount);
		jw_text(&w, "currency", o->currency);
		put_party(&w, a, o);
		put_message(&w, o->note);
	}
	jw_end_object(&w);
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32];
	struct buf b;
	bool failed;

	(void)t;
	if (!request_is_msisdn(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	begin(out, "POST", a, pawapay_kind(o)->path, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	put_order(&b, a, o, amount);
	out->body_len = b.len;
	failed |= !buf_ok(&b) || a->market[0] == '\0';
	if (!failed && a->signing_key[0] != '\0')
		signature_add(out, PAWAPAY_LABEL, a->signing_key, a->signing_key_id,
		              o->wall_ms, &failed);
	return request_finish(out, failed, err);
}

static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char path[80], reference[UUID_TEXT_SIZE];
	struct buf b;
	bool failed;

	(void)t;
	buf_init(&b, path, sizeof path);
	buf_puts(&b, pawapay_kind(o)->path);
	buf_puts(&b, "/");
	buf_puts(&b, uuid_text(&o->reference, reference));
	begin(out, "GET", a, path, &failed);
	return request_finish(out, failed, err);
}

/* "{"phoneNumber":"255..."}" */
static void
put_number(struct provider_request *rq, const char *msisdn, bool *failed)
{
	struct json_writer w;
	struct buf b;

	request_header(rq, "Content-Type", "application/json", failed);
	buf_init(&b, rq->body, sizeof rq->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "phoneNumber", msisdn);
	jw_end_object(&w);
	rq->body_len = b.len;
	*failed |= !buf_ok(&b) || !request_is_msisdn(msisdn);
}

/* Whether a number is a wallet, or whose, nobody tells here. */
static int
ask(const struct provider_account *a, const struct provider_token *t,
    const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	static const char *const paths[PROVIDER_TOPICS] = {
		[TOPIC_BALANCE] = "/v2/wallet-balances",
		[TOPIC_SERVICE] = "/v2/availability",
		[TOPIC_CARRIER] = "/v2/predict-provider",
	};
	bool failed;

	(void)t;
	*out = (struct provider_request){ .method = "" };
	if (paths[q->topic] == NULL)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "pawapay answers no such question");
	begin(out, q->topic == TOPIC_CARRIER ? "POST" : "GET", a, paths[q->topic],
	      &failed);
	if (q->topic == TOPIC_CARRIER)
		put_number(out, q->msisdn, &failed);
	return request_finish(out, failed, err);
}

static bool
callback_signed(const struct provider_account *a, const struct provider_post *p)
{
	return a->public_key[0] == '\0' ||
	       signature_wrong(p, PAWAPAY_LABEL, a->public_key, a->public_key_id) == NULL;
}

const struct provider provider_pawapay = {
	.name = "pawapay",
	.submit = submit,
	.submit_answer = pawapay_submit_answer,
	.query = query,
	.query_answer = pawapay_query_answer,
	.callback = pawapay_callback,
	.ask = ask,
	.gives_back = true,
	.topics = 1u << TOPIC_BALANCE | 1u << TOPIC_SERVICE | 1u << TOPIC_CARRIER,
	.ask_answer = pawapay_ask_answer,
	.callback_signed = callback_signed,
	.word = pawapay_table,
	.states = pawapay_states,
};
