/* GSMA Mobile Money API 1.2: requests.  Answers: gsma_answer.c. */
#include "payments/provider/gsma.h"

#include "lib/json.h"
#include "payments/provider/request.h"

#include <stdio.h>
#include <string.h>

#define NOTE_MAX 80

static int
token(const struct provider_account *a, enum pay_direction d,
      struct provider_request *out, struct err *err)
{
	static const char grant[] = "grant_type=client_credentials";
	struct buf b;
	bool failed;

	(void)d;
	request_begin(out, "POST", a->base_url, "/oauth/token", &failed);
	request_header(out, "Content-Type", "application/x-www-form-urlencoded", &failed);
	request_header(out, "Accept", "application/json", &failed);
	buf_init(&b, out->basic_auth, sizeof out->basic_auth);
	buf_puts(&b, a->user);
	buf_putc(&b, ':');
	buf_puts(&b, a->key);
	failed |= !buf_ok(&b) || a->user[0] == '\0' || a->key[0] == '\0';
	memcpy(out->body, grant, sizeof grant);
	out->body_len = sizeof grant - 1;
	return request_finish(out, failed, err);
}

static void
begin(struct provider_request *rq, const char *method, const struct provider_account *a,
      const struct provider_token *t, const char *path, bool *failed)
{
	request_begin(rq, method, a->base_url, path, failed);
	request_header(rq, "Accept", "application/json", failed);
	request_bearer(rq, t->text, failed);
	if (a->subscription_key[0] != '\0')
		request_header(rq, "X-API-Key", a->subscription_key, failed);
}

static void
put_party(struct json_writer *w, const char *list, const char *key, const char *value)
{
	jw_array(w, list);
	jw_object(w, NULL);
	jw_text(w, "key", key);
	jw_text(w, "value", value);
	jw_end_object(w);
	jw_end_array(w);
}

static void
put_order(struct buf *b, const struct provider_account *a, const struct provider_order *o,
          const char *amount)
{
	bool out = o->direction == PAY_OUT;
	char person[20], note[NOTE_MAX + 1];
	struct json_writer w;

	snprintf(person, sizeof person, "+%s", o->msisdn);
	request_plain(note, sizeof note, o->note);
	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "amount", amount);
	jw_text(&w, "currency", o->currency);
	put_party(&w, "debitParty", out ? "walletid" : "msisdn", out ? a->party : person);
	put_party(&w, "creditParty", out ? "msisdn" : "walletid",
	          out ? person : a->party);
	if (o->external_id[0] != '\0')
		jw_text(&w, "requestingOrganisationTransactionReference", o->external_id);
	if (note[0] != '\0')
		jw_text(&w, "descriptionText", note);
	jw_end_object(&w);
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32], reference[UUID_TEXT_SIZE];
	struct buf b;
	bool failed;

	if (!request_is_msisdn(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	begin(out, "POST", a, t,
	      o->direction == PAY_OUT ? "/transactions/type/disbursement"
	                              : "/transactions/type/merchantpay",
	      &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	request_header(out, "X-CorrelationID", uuid_text(&o->reference, reference),
	               &failed);
	request_instant(out, "X-Date", o->wall_ms, &failed);
	if (o->result_url[0] != '\0')
		request_header(out, "X-Callback-URL", o->result_url, &failed);
	buf_init(&b, out->body, sizeof out->body);
	put_order(&b, a, o, amount);
	out->body_len = b.len;
	return request_finish(out, failed || !buf_ok(&b) || a->party[0] == '\0', err);
}

/* Where to look: what the answer before named, else what was made of our correlation id.
 */
static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char path[sizeof o->follow + 40], reference[UUID_TEXT_SIZE];
	struct buf b;
	bool failed;

	buf_init(&b, path, sizeof path);
	if (o->follow[0] != '\0') {
		buf_puts(&b, o->follow);
	} else {
		buf_puts(&b, "/responses/");
		buf_puts(&b, uuid_text(&o->reference, reference));
	}
	begin(out, "GET", a, t, path, &failed);
	return request_finish(out, failed || !buf_ok(&b), err);
}

static int
ask(const struct provider_account *a, const struct provider_token *t,
    const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	char path[120];
	struct buf b;
	bool failed;

	if (q->topic != TOPIC_BALANCE && !request_is_msisdn(q->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	buf_init(&b, path, sizeof path);
	buf_puts(&b, q->topic == TOPIC_BALANCE ? "/accounts/walletid/"
	                                       : "/accounts/msisdn/+");
	buf_puts(&b, q->topic == TOPIC_BALANCE ? a->party : q->msisdn);
	buf_puts(&b, q->topic == TOPIC_BALANCE ? "/balance"
	             : q->topic == TOPIC_NAME  ? "/accountname"
	                                       : "/status");
	begin(out, "GET", a, t, path, &failed);
	return request_finish(out, failed || !buf_ok(&b), err);
}

const struct provider provider_gsma = {
	.name = "gsma",
	.token = token,
	.token_answer = gsma_token_answer,
	.submit = submit,
	.submit_answer = gsma_submit_answer,
	.query = query,
	.query_answer = gsma_query_answer,
	.callback = gsma_callback,
	.ask = ask,
	.topics = 1u << TOPIC_ACTIVE | 1u << TOPIC_NAME | 1u << TOPIC_BALANCE,
	.ask_answer = gsma_ask_answer,
	.word = gsma_table,
};
