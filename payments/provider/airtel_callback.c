/* Airtel: callbacks, and the hash over the bytes that came. */
#include "lib/json.h"
#include "payments/provider/airtel.h"
#include "payments/provider/request.h"

#include <sodium.h>
#include <string.h>

int
airtel_callback(const char *body, size_t n, struct provider_hint *out, struct err *err)
{
	struct json *doc = n == 0 ? NULL : json_parse(body, n, err);
	const struct json *t = json_get(doc, "transaction");

	*out = (struct provider_hint){ .said = "" };
	if (!json_is_object(t)) {
		json_free(doc);
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "callback: no JSON object with a transaction");
	}
	answer_word(out->external_id, sizeof out->external_id, json_get(t, "id"));
	(void)airtel_reference(out->external_id, &out->reference);
	answer_word(out->provider_txn, sizeof out->provider_txn,
	            json_get(t, "airtel_money_id"));
	answer_word(out->said, sizeof out->said, json_get(t, "status_code"));
	if (strcmp(out->said, "TS") == 0)
		out->claims = VERDICT_PAID;
	else if (strcmp(out->said, "TF") == 0)
		out->claims = VERDICT_FAILED;
	json_free(doc);
	return 0;
}

/* The end of the string that begins at the quote `at`; n if it has none. */
static size_t
skip_string(const char *body, size_t n, size_t at)
{
	for (at++; at < n && body[at] != '"'; at++)
		at += body[at] == '\\';
	return at < n ? at + 1 : n;
}

static size_t
skip_blank(const char *body, size_t n, size_t at)
{
	while (at < n && strchr(" \t\r\n", body[at]) != NULL && body[at] != '\0')
		at++;
	return at;
}

/* The object that begins at the brace `at`: its end, n if it has none. */
static size_t
skip_object(const char *body, size_t n, size_t at)
{
	unsigned depth = 0;

	while (at < n) {
		if (body[at] == '"') {
			at = skip_string(body, n, at);
			continue;
		}
		depth += body[at] == '{';
		depth -= body[at] == '}';
		at++;
		if (depth == 0)
			return at;
	}
	return n;
}

/* Where the value of the outermost "transaction" lies, byte for byte: writing it anew
 * could change a sign, and so the hash. */
static bool
find_transaction(const char *body, size_t n, size_t *from, size_t *to)
{
	static const char key[] = "\"transaction\"";
	size_t at = skip_blank(body, n, 0);

	if (at >= n || body[at] != '{')
		return false;
	for (at++; at < n;) {
		size_t end = body[at] == '"' ? skip_string(body, n, at) : at;
		bool here = end - at == sizeof key - 1 &&
		            memcmp(body + at, key, sizeof key - 1) == 0;

		if (body[at] == '{') {
			at = skip_object(body, n, at);
		} else if (body[at] != '"') {
			at++;
		} else if (!here) {
			at = end;
		} else {
			at = skip_blank(body, n, end);
			if (at >= n || body[at] != ':')
				continue; /* a value that reads like the key */
			*from = skip_blank(body, n, at + 1);
			*to = skip_object(body, n, *from);
			return *from < n && body[*from] == '{';
		}
	}
	return false;
}

bool
airtel_callback_signed(const struct provider_account *a, const struct provider_post *p)
{
	const char *body = p->body;
	crypto_auth_hmacsha256_state st;
	unsigned char sum[crypto_auth_hmacsha256_BYTES], theirs[sizeof sum];
	struct json *doc;
	const char *hash;
	size_t n = p->len, from, to, len = 0;
	bool same;

	if (a->callback_key[0] == '\0')
		return true;
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	hash = json_get_text(doc, "hash");
	same = hash != NULL && find_transaction(body, n, &from, &to) &&
	       sodium_base642bin(theirs, sizeof theirs, hash, strlen(hash), NULL, &len,
	                         NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       len == sizeof theirs;
	json_free(doc);
	if (!same)
		return false;
	crypto_auth_hmacsha256_init(&st, (const unsigned char *)a->callback_key,
	                            strlen(a->callback_key));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)body + from, to - from);
	crypto_auth_hmacsha256_final(&st, sum);
	return sodium_memcmp(sum, theirs, sizeof sum) == 0;
}
