/* Daraja: tokens, and the checks every call must pass. */
#include "tests/sim/daraja.h"
#include "tests/sim/wire.h"

#include "lib/arena.h"
#include "lib/log.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKENS_MAX 64 /* the oldest are forgotten, as if expired */
#define BASE64     sodium_base64_VARIANT_ORIGINAL

struct daraja {
	struct {
		char text[40];
		int64_t expires_ms;
	} token[TOKENS_MAX];

	unsigned minted;
};

static struct daraja *
ours(struct sim *s)
{
	if (s->daraja == NULL)
		s->daraja = xzalloc(sizeof *s->daraja);
	return s->daraja;
}

void
daraja_refuse(struct sim *s, struct http_exchange *x, int status, const char *code,
              const char *why)
{
	char text[300];

	snprintf(
	    text, sizeof text,
	    "{\"requestId\":\"%u-%u-1\",\"errorCode\":\"%s\",\"errorMessage\":\"%s\"}",
	    (unsigned)(ids_u64(&s->ids) % 100000), (unsigned)status, code, why);
	log_info("-", "daraja_refused", "status=%d code=%s why=\"%s\"", status, code,
	         why);
	answer_json(x, status, text);
}

void
daraja_token(void *arg, struct http_exchange *x)
{
	static const char html[] = "<html><body>Incapsula incident</body></html>";
	static const struct uuid nobody;
	struct sim *s = arg;
	struct daraja *d = ours(s);
	unsigned at = d->minted++ % TOKENS_MAX;
	unsigned char bytes[14];
	char text[160], grant[40];
	const char *query = http_query(x);

	if (form_get(query, strlen(query), "grant_type", grant, sizeof grant) <= 0 ||
	    strcmp(grant, "client_credentials") != 0) {
		daraja_refuse(s, x, 400, "400.008.02", "Invalid grant type passed");
		return;
	}
	if (!wire_basic(s, x)) { /* as there: a 400 without a body */
		answer_json(x, 400, "");
		return;
	}
	if (chaos_rolls(&s->chaos, CHAOS_HTML, &nobody, d->minted)) {
		http_answer(x, 200, "text/html", html, sizeof html - 1);
		return;
	}
	ids_bytes(&s->ids, bytes, sizeof bytes);
	sodium_bin2hex(d->token[at].text, sizeof d->token[at].text, bytes, sizeof bytes);
	d->token[at].expires_ms = sim_now(s) + s->o.token_seconds * 1000;
	snprintf(text, sizeof text, "{\"access_token\":\"%s\",\"expires_in\":\"%lld\"}",
	         d->token[at].text, (long long)s->o.token_seconds);
	answer_json(x, 200, text);
}

struct json *
daraja_admit(struct sim *s, struct http_exchange *x)
{
	const char *header = http_header(x, "Authorization");
	const char *type = http_header(x, "Content-Type");
	struct json *doc;
	bool known = false;
	size_t n;
	const char *body = http_body(x, &n);

	for (unsigned i = 0; i < TOKENS_MAX && header != NULL; i++)
		known |= strncasecmp(header, "Bearer ", 7) == 0 && header[7] != '\0' &&
		         strcmp(header + 7, ours(s)->token[i].text) == 0 &&
		         ours(s)->token[i].expires_ms > sim_now(s);
	if (!known) {
		daraja_refuse(s, x, 404, "404.001.03", "Invalid Access Token");
		return NULL;
	}
	if (strcmp(http_method(x), "POST") != 0) {
		daraja_refuse(s, x, 405, "405.001", "Method Not Allowed");
		return NULL;
	}
	doc = json_parse(body, n, NULL);
	if (type == NULL || strncasecmp(type, "application/json", 16) != 0 ||
	    !json_is_object(doc)) {
		json_free(doc);
		daraja_refuse(s, x, 400, "400.002.02", "Bad Request - Invalid Body");
		return NULL;
	}
	return doc;
}

bool
daraja_knows_shop(struct sim *s, const struct json *doc)
{
	const char *code = json_get_text(doc, "BusinessShortCode");
	const char *at = json_get_text(doc, "Timestamp");
	const char *password = json_get_text(doc, "Password");
	char plain[200], text[300];

	if (code == NULL || at == NULL || password == NULL || strlen(at) != 14 ||
	    strspn(at, "0123456789") != 14)
		return false;
	snprintf(plain, sizeof plain, "%s%s%s", s->o.daraja_party, s->o.daraja_passkey,
	         at);
	sodium_bin2base64(text, sizeof text, (unsigned char *)plain, strlen(plain),
	                  BASE64);
	return strcmp(code, s->o.daraja_party) == 0 && strcmp(password, text) == 0;
}

bool
daraja_knows_initiator(struct sim *s, const struct json *doc, const char *key,
                       const char *party_key)
{
	unsigned char plain[300];
	const char *who = json_get_text(doc, key);
	const char *party = json_get_text(doc, party_key);

	return who != NULL && who[0] != '\0' && party != NULL &&
	       strcmp(party, s->o.daraja_party) == 0 &&
	       airtel_open(s, json_get_text(doc, "SecurityCredential"), plain,
	                   sizeof plain) > 0 &&
	       strcmp((char *)plain, s->o.airtel_pin) == 0;
}

bool
daraja_url_is_fine(const char *url)
{
	static const char *const refused[] = { "mpesa", "m-pesa", "safaricom", "sql",
		                               "query", "cmd",    "exec" };

	if (url == NULL || strlen(url) >= 256 || strncmp(url, "http", 4) != 0)
		return false;
	for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++)
		if (strcasestr(url, refused[i]) != NULL)
			return false;
	return true;
}

void
daraja_free(struct daraja *d)
{
	free(d);
}
