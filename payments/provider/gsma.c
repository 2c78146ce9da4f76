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

void
gsma_begin(struct provider_request *rq, const char *method,
           const struct provider_account *a, const struct provider_token *t,
           const char *path, bool *failed)
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

static bool
gives_back(const struct provider_order *o)
{
	return o->direction == PAY_OUT && !uuid_is_nil(&o->back_reference);
}

void
gsma_put_order(struct json_writer *w, const struct provider_account *a,
               const struct provider_order *o, const char *amount)
{
	bool out = o->direction == PAY_OUT;
	char person[20], note[NOTE_MAX + 1];

	snprintf(person, sizeof person, "+%s", o->msisdn);
	request_plain(note, sizeof note, o->note);
	jw_text(w, "amount", amount);
	jw_text(w, "currency", o->currency);
	if (!gives_back(o)) {
		put_party(w, "debitParty", out ? "walletid" : "msisdn",
		          out ? a->party : person);
		put_party(w, "creditParty", out ? "msisdn" : "walletid",
		          out ? person : a->party);
	}
	if (o->external_id[0] != '\0')
		jw_text(w, "requestingOrganisationTransactionReference", o->external_id);
	if (note[0] != '\0')
		jw_text(w, "descriptionText", note);
}

static void
put_order(struct buf *b, const struct provider_account *a, const struct provider_order *o,
          const char *amount)
{
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	if (gives_back(o)) /* to whom follows from what is reversed */
		jw_text(&w, "type", "reversal");
	gsma_put_order(&w, a, o, amount);
	jw_end_object(&w);
}

/* Which call makes it; *failed if it names something that is no part of a path. */
static void
put_path(char *out, size_t cap, const struct provider_order *o, bool *failed)
{
	bool back = gives_back(o);
	struct buf b;

	buf_init(&b, out, cap);
	buf_puts(&b, back                      ? "/transactions/"
	             : o->direction == PAY_OUT ? "/transactions/type/disbursement"
	                                       : "/transactions/type/merchantpay");
	if (back) {
		buf_puts(&b, o->back_txn);
		buf_puts(&b, "/reversals");
	}
	*failed = !buf_ok(&b) ||
	          (back && strcspn(o->back_txn, "/ \r\n?#@\\%") != strlen(o->back_txn));
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char amount[32], path[140], reference[UUID_TEXT_SIZE];
	struct buf b;
	bool failed, astray;

	if (!request_is_msisdn(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (gives_back(o) && o->back_txn[0] == '\0')
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "their name of what is to be reversed is not known");
	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	put_path(path, sizeof path, o, &astray);
	gsma_begin(out, "POST", a, t, path, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	request_header(out, "X-CorrelationID", uuid_text(&o->reference, reference),
	               &failed);
	request_instant(out, "X-Date", o->wall_ms, &failed);
	if (o->result_url[0] != '\0')
		request_header(out, "X-Callback-URL", o->result_url, &failed);
	buf_init(&b, out->body, sizeof out->body);
	put_order(&b, a, o, amount);
	out->body_len = b.len;
	return request_finish(out, failed || astray || !buf_ok(&b) || a->party[0] == '\0',
	                      err);
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
	gsma_begin(out, "GET", a, t, path, &failed);
	return request_finish(out, failed || !buf_ok(&b), err);
}

static int
ask(const struct provider_account *a, const struct provider_token *t,
    const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	static const struct {
		const char *before, *behind;
	} paths[PROVIDER_TOPICS] = {
		[TOPIC_ACTIVE] = { "/accounts/msisdn/+", "/status" },
		[TOPIC_NAME] = { "/accounts/msisdn/+", "/accountname" },
		[TOPIC_BALANCE] = { "/accounts/walletid/", "/balance" },
		[TOPIC_SERVICE] = { "/heartbeat", "" },
	};

	bool of_number = q->topic == TOPIC_ACTIVE || q->topic == TOPIC_NAME, failed;
	char path[120];
	struct buf b;

	if (paths[q->topic].before == NULL)
		return err_set(err, ERR_RANGE, FATE_NOT, "gsma answers no such question");
	if (of_number && !request_is_msisdn(q->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	buf_init(&b, path, sizeof path);
	buf_puts(&b, paths[q->topic].before);
	if (of_number)
		buf_puts(&b, q->msisdn);
	else if (q->topic == TOPIC_BALANCE)
		buf_puts(&b, a->party);
	buf_puts(&b, paths[q->topic].behind);
	gsma_begin(out, "GET", a, t, path, &failed);
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
	.callback_status = 204,
	.ask = ask,
	.gives_back = true,
	.batches = true,
	.topics = 1u << TOPIC_ACTIVE | 1u << TOPIC_NAME | 1u << TOPIC_BALANCE |
	          1u << TOPIC_SERVICE,
	.ask_answer = gsma_ask_answer,
	.word = gsma_table,
	.states = gsma_states,
};
