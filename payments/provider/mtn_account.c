/* MTN MoMo Open API: whose wallet a number is, and what our own holds. */
#include "lib/json.h"
#include "payments/provider/mtn_momo.h"
#include "payments/provider/request.h"

#include <string.h>

int
mtn_ask(const struct provider_account *a, const struct provider_token *t,
        const struct provider_inquiry *q, struct provider_request *out, struct err *err)
{
	char path[120];
	struct buf b;

	buf_init(&b, path, sizeof path);
	buf_putc(&b, '/');
	buf_puts(&b, mtn_product(q->direction));
	if (q->topic == TOPIC_BALANCE) {
		buf_puts(&b, "/v1_0/account/balance/");
		buf_puts(&b, a->currency);
		return mtn_get(a, t, path, out, err);
	}
	if (!mtn_msisdn_ok(q->msisdn))
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	buf_puts(&b, "/v1_0/accountholder/msisdn/");
	buf_puts(&b, q->msisdn);
	buf_puts(&b, q->topic == TOPIC_ACTIVE ? "/active" : "/basicuserinfo");
	return mtn_get(a, t, path, out, err);
}

static int
read_fact(const struct provider_inquiry *q, const struct json *doc,
          struct provider_fact *out)
{
	const char *balance = json_get_text(doc, "availableBalance");
	const char *currency = json_get_text(doc, "currency");

	switch (q->topic) {
	case TOPIC_ACTIVE:
		return json_bool(json_get(doc, "result"), &out->active) ? 0 : -1;
	case TOPIC_NAME:
		answer_name(out, json_get_text(doc, "given_name"),
		            json_get_text(doc, "family_name"));
		return out->name[0] != '\0' ? 0 : -1;
	case TOPIC_BALANCE:
		if (balance == NULL || currency == NULL || strlen(currency) != 3)
			return -1;
		out->balance_minor = provider_amount_minor(balance, q->exponent);
		memcpy(out->currency, currency, 4);
		return out->balance_minor < 0 ? -1 : 0;
	case TOPIC_SERVICE:
	case TOPIC_CARRIER:
		break;
	}
	return -1;
}

int
mtn_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
               struct provider_fact *out, struct err *err)
{
	struct json *doc = ans->len == 0 ? NULL : json_parse(ans->body, ans->len, NULL);
	struct provider_fact fact = { .name = "" };
	int result = -1;

	if (ans->status == 401)
		err_set(err, ERR_AUTH, FATE_NOT, "provider: the token was refused");
	else if (ans->status == 404 && q->topic != TOPIC_BALANCE &&
	         (ans->len == 0 || json_is_object(doc)))
		err_set(err, ERR_NOT_FOUND, FATE_NOT, "provider: no such wallet");
	else if (ans->status != 200 || !json_is_object(doc) ||
	         read_fact(q, doc, &fact) < 0)
		err_set(err, ERR_PEER, FATE_NOT, "provider: no usable answer");
	else
		result = 0;
	if (result == 0)
		*out = fact;
	json_free(doc);
	return result;
}
