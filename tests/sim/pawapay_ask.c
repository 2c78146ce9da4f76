/* pawaPay v2: what can be asked without moving money: balances, who serves now, whose
 * network a number is in, its keys. */
#include "lib/json.h"
#include "tests/sim/book.h"
#include "tests/sim/wire.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <string.h>

void
pawapay_balances(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	int64_t v = s->o.float_minor - book_paid(s->book, true);
	char text[160];

	if (!pawapay_admit(s, x))
		return;
	snprintf(text, sizeof text,
	         "{\"balances\":[{\"country\":\"ZMB\",\"balance\":\"%lld.%02d\","
	         "\"currency\":\"%.*s\"}]}",
	         (long long)(v / 100), (int)(v % 100), 3, s->o.currencies);
	answer_json(x, 200, text);
}

/* All of the providers it has here, the same for each: what POST /service said. */
void
pawapay_service(void *arg, struct http_exchange *x)
{
	static const char *const names[] = { "AIRTEL_TZA", "VODACOM_TZA", "TIGO_TZA",
		                             "MTN_MOMO_ZMB" };
	static const char *const states[] = { "OPERATIONAL", "DELAYED", "CLOSED" };
	struct sim *s = arg;
	char text[1500];
	struct json_writer w;
	struct buf b;

	if (!pawapay_admit(s, x))
		return;
	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		jw_object(&w, NULL);
		jw_text(&w, "country", strrchr(names[i], '_') + 1);
		jw_array(&w, "providers");
		jw_object(&w, NULL);
		jw_text(&w, "provider", names[i]);
		jw_array(&w, "operationTypes");
		for (unsigned d = 0; d < 2; d++) {
			jw_object(&w, NULL);
			jw_text(&w, "operationType", d == 0 ? "DEPOSIT" : "PAYOUT");
			jw_text(&w, "status", states[s->service[d]]);
			jw_end_object(&w);
		}
		jw_end_array(&w);
		jw_end_object(&w);
		jw_end_array(&w);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	answer_json(x, buf_ok(&b) ? 200 : 500, text);
}

static const char *
carrier_of(const char *number)
{
	static const struct {
		const char *prefix, *name;
	} rows[] = {
		{ "25574", "VODACOM_TZA" }, { "25575", "VODACOM_TZA" },
		{ "25576", "VODACOM_TZA" }, { "25565", "TIGO_TZA" },
		{ "25567", "TIGO_TZA" },    { "25571", "TIGO_TZA" },
		{ "255", "AIRTEL_TZA" },    { "260", "MTN_MOMO_ZMB" },
	};

	size_t n = strlen(number);

	if (n < 8 || n > 15 || strcmp(number + n - 2, "07") == 0) /* as in /numbers */
		return NULL;
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strncmp(number, rows[i].prefix, strlen(rows[i].prefix)) == 0)
			return rows[i].name;
	return NULL;
}

void
pawapay_carrier(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *number, *name;
	struct json *doc;
	char text[200];
	size_t n;
	const char *body = http_body(x, &n);

	if (!pawapay_admit(s, x))
		return;
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	number = json_get_text(doc, "phoneNumber");
	name = number == NULL ? NULL : carrier_of(number);
	if (name != NULL)
		snprintf(text, sizeof text,
		         "{\"country\":\"%s\",\"provider\":\"%s\",\"phoneNumber\":"
		         "\"%.15s\"}",
		         strrchr(name, '_') + 1, name, number);
	else
		snprintf(text, sizeof text,
		         "{\"failureReason\":{\"failureCode\":"
		         "\"INVALID_PHONE_NUMBER\"}}");
	json_free(doc);
	answer_json(x, name == NULL ? 400 : 200, text);
}

/* The public half of --pawapay-key, as PEM. */
void
pawapay_keys(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	BIO *in = BIO_new_mem_buf(s->pawapay_key, -1), *out = BIO_new(BIO_s_mem());
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
	char pem[1000] = "", text[1500];
	struct json_writer w;
	struct buf b;
	int n = 0;

	if (key != NULL && PEM_write_bio_PUBKEY(out, key) == 1)
		n = BIO_read(out, pem, sizeof pem - 1);
	pem[n > 0 ? n : 0] = '\0';
	EVP_PKEY_free(key);
	BIO_free(in);
	BIO_free(out);
	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	if (n > 0) {
		jw_object(&w, NULL);
		jw_text(&w, "id", "HTTP_EC_P256_KEY:1");
		jw_text(&w, "key", pem);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	answer_json(x, 200, text);
}
