/* MTN MoMo Open API: requests.  Collections ask a person's wallet, disbursements pay one
 * (a transfer, a deposit, or the refund of a collection); each product has its own API
 * user, key and token.  Answers: mtn_answer.c. */
#include "payments/provider/mtn_momo.h"

#include "lib/json.h"
#include "lib/msisdn.h"
#include "payments/provider/request.h"

#include <string.h>

#define NOTE_MAX 160 /* of payerMessage and payeeNote */

enum { COLLECT, TRANSFER, DEPOSIT, REFUND };

static const struct call {
	const char *product, *path, *party; /* party NULL: whose the collection was */
} calls[] = {
	[COLLECT] = { "collection", "requesttopay", "payer" },
	[TRANSFER] = { "disbursement", "transfer", "payee" },
	[DEPOSIT] = { "disbursement", "deposit", "payee" },
	[REFUND] = { "disbursement", "refund", NULL },
};

/* A payment is asked about where it was sent: both are this call. */
static const struct call *
call_of(const struct provider_account *a, const struct provider_order *o)
{
	if (o->direction == PAY_IN)
		return &calls[COLLECT];
	if (!uuid_is_nil(&o->back_reference))
		return &calls[REFUND];
	return &calls[strcmp(a->payout_call, "deposit") == 0 ? DEPOSIT : TRANSFER];
}

const char *
mtn_product(enum pay_direction d)
{
	return calls[d == PAY_IN ? COLLECT : TRANSFER].product;
}

bool
mtn_msisdn_ok(const char *digits)
{
	size_t n = strspn(digits, "0123456789");

	return n >= 8 && n <= MSISDN_MAX && digits[n] == '\0';
}

/* Every call but the token's: who we are, where we mean it. */
static void
add_common(struct provider_request *rq, const struct provider_account *a,
           const struct provider_token *t, bool *failed)
{
	request_bearer(rq, t->text, failed);
	request_header(rq, "Ocp-Apim-Subscription-Key", a->subscription_key, failed);
	request_header(rq, "X-Target-Environment", a->target_environment, failed);
	request_header(rq, "Accept", "application/json", failed);
}

/* The sandbox answers 411 to an empty body and a page of HTML to a form: only JSON works.
 */
static int
token(const struct provider_account *a, enum pay_direction d,
      struct provider_request *out, struct err *err)
{
	static const char grant[] = "{\"grant_type\":\"client_credentials\"}";
	char path[32];
	struct buf b;
	bool failed;

	buf_init(&b, path, sizeof path);
	buf_putc(&b, '/');
	buf_puts(&b, mtn_product(d));
	buf_puts(&b, "/token/");
	request_begin(out, "POST", a->base_url, path, &failed);
	request_header(out, "Ocp-Apim-Subscription-Key", a->subscription_key, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
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

/* Notes with apostrophes and the like are refused with a 400, so only plain signs pass;
 * the rest become single spaces. */
static void
plain_note(const char *in, char out[NOTE_MAX + 1])
{
	size_t n = 0;

	for (; *in != '\0' && n < NOTE_MAX; in++) {
		char c = *in;
		bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		            (c >= '0' && c <= '9') ||
		            (c != ' ' && strchr(".,:-/", c) != NULL);

		if (keep)
			out[n++] = c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

static int
order_is_sendable(const struct provider_account *a, const struct provider_order *o,
                  char amount[32], struct err *err)
{
	if (!mtn_msisdn_ok(o->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	if (strcmp(o->currency, a->currency) != 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the provider account holds another currency");
	if ((o->reference.b[6] >> 4) != 4 || (o->reference.b[8] >> 6) != 2)
		return err_set(err, ERR_RANGE, FATE_NOT, "the reference is not a UUIDv4");
	if (provider_amount_text(o->amount_minor, o->exponent, a->scale, amount, 32) < 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "the provider takes no such fraction of the currency");
	return 0;
}

static void
submit_body(const struct call *c, const struct provider_order *o, const char *amount,
            struct buf *b)
{
	char note[NOTE_MAX + 1], external[NOTE_MAX + 1];
	char reference[UUID_TEXT_SIZE], back[UUID_TEXT_SIZE];
	struct json_writer w;

	plain_note(o->note, note);
	plain_note(o->external_id, external);
	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "amount", amount);
	jw_text(&w, "currency", o->currency);
	jw_text(&w, "externalId",
	        external[0] != '\0' ? external : uuid_text(&o->reference, reference));
	if (c->party != NULL) {
		jw_object(&w, c->party);
		jw_text(&w, "partyIdType", "MSISDN");
		jw_text(&w, "partyId", o->msisdn);
		jw_end_object(&w);
	}
	jw_text(&w, "payerMessage", note);
	jw_text(&w, "payeeNote", note);
	if (c->party == NULL)
		jw_text(&w, "referenceIdToRefund", uuid_text(&o->back_reference, back));
	jw_end_object(&w);
}

/* "/collection/v1_0/requesttopay", with "/<reference>" behind for a query. */
static void
put_path(struct buf *b, const struct call *c, const char *reference)
{
	buf_putc(b, '/');
	buf_puts(b, c->product);
	buf_puts(b, "/v1_0/");
	buf_puts(b, c->path);
	if (reference != NULL) {
		buf_putc(b, '/');
		buf_puts(b, reference);
	}
}

static int
submit(const struct provider_account *a, const struct provider_token *t,
       const struct provider_order *o, struct provider_request *out, struct err *err)
{
	const struct call *c = call_of(a, o);
	char amount[32], reference[UUID_TEXT_SIZE], path[96], callback[256];
	struct buf b;
	bool failed;

	if (order_is_sendable(a, o, amount, err) < 0)
		return -1;
	uuid_text(&o->reference, reference);
	buf_init(&b, path, sizeof path);
	put_path(&b, c, NULL);
	request_begin(out, "POST", a->base_url, path, &failed);
	add_common(out, a, t, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	request_header(out, "X-Reference-Id", reference, &failed);
	if (a->callback_url[0] != '\0') {
		buf_init(&b, callback, sizeof callback);
		buf_puts(&b, a->callback_url);
		if (b.len > 0 && b.at[b.len - 1] != '/')
			buf_putc(&b, '/');
		buf_puts(&b, reference);
		failed |= !buf_ok(&b);
		request_header(out, "X-Callback-Url", callback, &failed);
	}
	buf_init(&b, out->body, sizeof out->body);
	submit_body(c, o, amount, &b);
	out->body_len = b.len;
	return request_finish(out, failed || !buf_ok(&b), err);
}

int
mtn_get(const struct provider_account *a, const struct provider_token *t,
        const char *path, struct provider_request *out, struct err *err)
{
	bool failed;

	request_begin(out, "GET", a->base_url, path, &failed);
	add_common(out, a, t, &failed);
	return request_finish(out, failed, err);
}

static int
query(const struct provider_account *a, const struct provider_token *t,
      const struct provider_order *o, struct provider_request *out, struct err *err)
{
	char reference[UUID_TEXT_SIZE], path[96];
	struct buf b;

	buf_init(&b, path, sizeof path);
	put_path(&b, call_of(a, o), uuid_text(&o->reference, reference));
	return mtn_get(a, t, path, out, err);
}

const struct provider provider_mtn = {
	.name = "mtn",
	.token = token,
	.token_answer = mtn_token_answer,
	.submit = submit,
	.submit_answer = mtn_submit_answer,
	.query = query,
	.query_answer = mtn_query_answer,
	.callback = mtn_callback,
	.ask = mtn_ask,
	.gives_back = true,
	.topics = 1u << TOPIC_ACTIVE | 1u << TOPIC_NAME | 1u << TOPIC_BALANCE,
	.ask_answer = mtn_ask_answer,
	.word = mtn_table,
	.states = mtn_states,
};
