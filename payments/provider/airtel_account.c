/* Airtel Africa Open API: whose wallet a number is, and what our own holds. */
#include "lib/json.h"
#include "lib/msisdn.h"
#include "payments/provider/airtel.h"
#include "payments/provider/request.h"

#include <string.h>

int
airtel_ask(const struct provider_account *a, const struct provider_token *t,
           const struct provider_inquiry *q, struct provider_request *out,
           struct err *err)
{
	char path[80];
	size_t n = strlen(q->msisdn);
	struct buf b;

	if (q->topic == TOPIC_BALANCE)
		return airtel_get(a, t, "/standard/v1/users/balance", out, err);
	if (n < 8 || n > MSISDN_MAX || strspn(q->msisdn, "0123456789") != n)
		return err_set(err, ERR_RANGE, FATE_NOT, "not a phone number in digits");
	buf_init(&b, path, sizeof path);
	buf_puts(&b, "/standard/v1/users/");
	buf_puts(&b, q->msisdn); /* here, and only here, with the country code */
	return airtel_get(a, t, path, out, err);
}

/* "37,600.00" has separators of thousands. */
static int64_t
read_amount(const char *text, unsigned exponent)
{
	char plain[32];
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (*text == ',')
			continue;
		if (n + 1 == sizeof plain)
			return -1;
		plain[n++] = *text;
	}
	plain[n] = '\0';
	return provider_amount_minor(plain, exponent);
}

static int
read_fact(const struct provider_inquiry *q, const struct json *data,
          struct provider_fact *out)
{
	const char *balance = json_get_text(data, "balance");
	const char *currency = json_get_text(data, "currency");
	bool barred = false;

	switch (q->topic) {
	case TOPIC_ACTIVE:
		if (!json_bool(json_get(data, "is_barred"), &barred))
			return -1;
		out->active = !barred;
		return 0;
	case TOPIC_NAME:
		answer_name(out, json_get_text(data, "first_name"),
		            json_get_text(data, "last_name"));
		return out->name[0] != '\0' ? 0 : -1;
	case TOPIC_BALANCE:
		if (balance == NULL || currency == NULL || strlen(currency) != 3)
			return -1;
		out->balance_minor = read_amount(balance, q->exponent);
		memcpy(out->currency, currency, 4);
		return out->balance_minor < 0 ? -1 : 0;
	case TOPIC_SERVICE:
	case TOPIC_CARRIER:
		break;
	}
	return -1;
}

/* A good balance comes with success:false, so only the data counts. */
int
airtel_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                  struct provider_fact *out, struct err *err)
{
	struct json *doc = ans->len == 0 ? NULL : json_parse(ans->body, ans->len, NULL);
	struct provider_fact fact = { .name = "" };
	int result = -1;

	if (ans->status == 401)
		err_set(err, ERR_AUTH, FATE_NOT, "provider: the token was refused");
	else if (ans->status == 404 && q->topic != TOPIC_BALANCE && json_is_object(doc))
		err_set(err, ERR_NOT_FOUND, FATE_NOT, "provider: no such wallet");
	else if (ans->status != 200 || read_fact(q, json_get(doc, "data"), &fact) < 0)
		err_set(err, ERR_PEER, FATE_NOT, "provider: no usable answer");
	else
		result = 0;
	if (result == 0)
		*out = fact;
	json_free(doc);
	return result;
}
