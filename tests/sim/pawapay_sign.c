/* pawaPay's signatures (RFC 9421), in the one form it writes: not the reader of the
 * gateway, so that the two can be held against each other. */
#include "lib/sign.h"
#include "tests/sim/sim.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#define HOW "ecdsa-p256-sha256"
#define KEY "HTTP_EC_P256_KEY:1"
#define COVERED                                                                          \
	"(\"@method\" \"@authority\" \"@path\" \"signature-date\" \"content-digest\" "   \
	"\"content-type\" \"content-length\")"
#define VALID_S 60

static void
digest(const char *body, size_t n, char out[120])
{
	unsigned char sum[64];
	char text[100];

	(void)sign_digest("sha-512", body, n, sum);
	sodium_bin2base64(text, sizeof text, sum, sizeof sum,
	                  sodium_base64_VARIANT_ORIGINAL);
	snprintf(out, 120, "sha-512=:%s:", text);
}

void
pawapay_sign(const struct sim *s, const char *method, const char *url, const char *body,
             char headers[PAWAPAY_SIGNED][700])
{
	const char *host = strstr(url, "://") == NULL ? url : strstr(url, "://") + 3;
	long long now = sim_now(s) / 1000;
	char params[400], sum[120], base[1500], text[600];
	unsigned char signature[SIGN_MAX];
	time_t at = (time_t)now;
	char date[40];
	struct tm tm;
	size_t n;

	if (s->pawapay_key[0] == '\0')
		return;
	gmtime_r(&at, &tm);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
	digest(body, strlen(body), sum);
	snprintf(params, sizeof params,
	         COVERED ";alg=\"" HOW "\";keyid=\"" KEY "\";created=%lld;expires=%lld",
	         now, now + VALID_S);
	snprintf(base, sizeof base,
	         "\"@method\": %s\n\"@authority\": %.*s\n\"@path\": %s\n"
	         "\"signature-date\": %s\n\"content-digest\": %s\n"
	         "\"content-type\": application/json\n\"content-length\": %zu\n"
	         "\"@signature-params\": %s",
	         method, (int)strcspn(host, "/"), host, host + strcspn(host, "/"), date,
	         sum, strlen(body), params);
	n = sign_make(s->pawapay_key, HOW, base, strlen(base), signature,
	              sizeof signature);
	sodium_bin2base64(text, sizeof text, signature, n,
	                  sodium_base64_VARIANT_ORIGINAL);
	snprintf(headers[0], 700, "Content-Digest: %s", sum);
	snprintf(headers[1], 700, "Signature-Date: %s", date);
	snprintf(headers[2], 700, "Signature-Input: sig-pp=%s", params);
	snprintf(headers[3], 700, "Signature: sig-pp=:%s:", text);
}

/* ---- what a customer signed ---- */

/* The value of name in what is signed; "" if it is not there: then nothing will hold. */
static const char *
value_of(struct http_exchange *x, const char *name)
{
	const char *text = strcmp(name, "@method") == 0      ? http_method(x)
	                   : strcmp(name, "@authority") == 0 ? http_header(x, "Host")
	                   : strcmp(name, "@path") == 0      ? http_path(x)
	                                                     : http_header(x, name);

	return text == NULL ? "" : text;
}

/* From "sig-pp=("a" "b");x": a line for each, then the whole behind the '='. */
static bool
write_base(struct http_exchange *x, const char *input, char *out, size_t cap)
{
	const char *at = input + strlen("sig-pp="), *end = strchr(at, ')');
	size_t n = 0;
	char name[60];

	if (strncmp(input, "sig-pp=(", 8) != 0 || end == NULL)
		return false;
	for (const char *quote = at + 1; quote < end && *quote == '"';) {
		size_t len = strcspn(quote + 1, "\"");

		snprintf(name, sizeof name, "%.*s", (int)len, quote + 1);
		n += (size_t)snprintf(out + n, cap - n, "\"%s\": %s\n", name,
		                      value_of(x, name));
		quote += len + 2;
		quote += *quote == ' ';
		if (n >= cap)
			return false;
	}
	n += (size_t)snprintf(out + n, cap - n, "\"@signature-params\": %s", at);
	return n < cap;
}

bool
pawapay_is_signed(const struct sim *s, struct http_exchange *x)
{
	const char *input = http_header(x, "Signature-Input");
	const char *text = http_header(x, "Signature");
	const char *theirs = http_header(x, "Content-Digest");
	unsigned char signature[SIGN_MAX];
	char base[2500], sum[120];
	size_t n;
	const char *body = http_body(x, &n);

	digest(body, n, sum);
	if (input == NULL || text == NULL || theirs == NULL || strcmp(theirs, sum) != 0 ||
	    strncmp(text, "sig-pp=:", 8) != 0 ||
	    !write_base(x, input, base, sizeof base) ||
	    sodium_base642bin(signature, sizeof signature, text + 8,
	                      strcspn(text + 8, ":"), NULL, &n, NULL,
	                      sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	return sign_verify(s->pawapay_customer, HOW, base, strlen(base), signature, n);
}
