/* pawaPay v2: requests.  Answers: pawapay_answer.c. */
#include "payments/provider/pawapay.h"

#include "lib/json.h"
#include "payments/provider/request.h"

#include <string.h>

#define MESSAGE_MIN 4
#define MESSAGE_MAX 22 /* what the handset shows */

static const struct kind {
	const char *path, *id, *party;
} kinds[] = {
	[PAY_OUT] = { "/v2/payouts", "payoutId", "recipient" },
	[PAY_IN] = { "/v2/deposits", "depositId", "payer" },
};

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

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	const struct kind *k = &kinds[o->direction];
	char amount[32], reference[UUID_TEXT_SIZE];
	struct json_writer w;
	struct buf b;
	bool failed;

	(void)t;
	if (!request_is_msisdn(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (request_amount(a, o, amount, sizeof amount, err) < 0)
		return -1;
	begin(out, "POST", a, k->path, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, k->id, uuid_text(&o->reference, reference));
	jw_text(&w, "amount", amount);
	jw_text(&w, "currency", o->currency);
	jw_object(&w, k->party);
	jw_text(&w, "type", "MMO");
	jw_object(&w, "accountDetails");
	jw_text(&w, "phoneNumber", o->msisdn);
	jw_text(&w, "provider", a->market);
	jw_end_object(&w);
	jw_end_object(&w);
	put_message(&w, o->note);
	jw_end_object(&w);
	out->body_len = b.len;
	return request_finish(out, failed || !buf_ok(&b) || a->market[0] == '\0', err);
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
	buf_puts(&b, kinds[o->direction].path);
	buf_puts(&b, "/");
	buf_puts(&b, uuid_text(&o->reference, reference));
	begin(out, "GET", a, path, &failed);
	return request_finish(out, failed, err);
}

/* Whether a number is a wallet, or whose, nobody tells here. */
static int
ask(const struct provider_account *a, const struct provider_token *t,
    const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	bool failed;

	(void)t;
	*out = (struct provider_request){ .method = "" };
	if (q->topic != TOPIC_BALANCE)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "pawapay answers no such question");
	begin(out, "GET", a, "/v2/wallet-balances", &failed);
	return request_finish(out, failed, err);
}

const struct provider provider_pawapay = {
	.name = "pawapay",
	.submit = submit,
	.submit_answer = pawapay_submit_answer,
	.query = query,
	.query_answer = pawapay_query_answer,
	.callback = pawapay_callback,
	.ask = ask,
	.topics = 1u << TOPIC_BALANCE,
	.ask_answer = pawapay_ask_answer,
	.word = pawapay_table,
};
