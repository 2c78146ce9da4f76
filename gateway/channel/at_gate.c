#include "gateway/channel/at_gate.h"

#include "lib/certificate.h"
#include "lib/log.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define REF "at"

const char *
at_path_tail(const char *secret, const char *rest)
{
	size_t n = strlen(secret);

	if (n > 0) {
		/* Always compares n bytes, whatever came. */
		char given[SETTINGS_SECRET_MAX] = "";
		size_t len = *rest == '/' ? strcspn(rest + 1, "/") : 0;
		memcpy(given, rest + (len > 0), len < sizeof(given) ? len : 0);
		if (sodium_memcmp(given, secret, n) != 0 || len != n)
			return NULL;
		rest += 1 + len;
	}
	if (*rest == '\0')
		return rest;
	return *rest == '/' && rest[1] != '\0' ? rest + 1 : NULL;
}

const char *
at_admit(const struct settings *s, struct http_exchange *x)
{
	char peer[SETTINGS_ADDRESS_MAX];

	settings_peer(&s->http.proxies, http_peer(x), http_header(x, "X-Forwarded-For"),
	              peer);
	if (!settings_allow(&s->at.networks, peer)) {
		log_warn(REF, "network_refused", "peer=%s", http_peer(x));
		http_answer_text(x, 403, "this address may not call here\n");
		return NULL;
	}
	if (!certificate_fits(http_client_certificate(x), s->at.certificate)) {
		log_warn(REF, "certificate_refused", "peer=%s", http_peer(x));
		http_answer_text(x, 401, "this wants the caller's certificate\n");
		return NULL;
	}
	const char *tail = at_path_tail(s->at.secret, http_path_rest(x));
	if (tail == NULL) {
		log_warn(REF, "path_refused", "peer=%s", http_peer(x));
		http_answer_text(x, 404, "no such page\n");
	}
	return tail;
}

const char *
at_form(struct http_exchange *x, size_t *n)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = http_header(x, "Content-Type");

	if (type != NULL && strncasecmp(type, form, sizeof(form) - 1) != 0) {
		http_answer_text(x, 415,
		                 "send application/x-www-form-urlencoded fields\n");
		return NULL;
	}
	return http_body(x, n);
}
