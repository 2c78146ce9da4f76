/* tls - the second listener: the same pages as http.listen, with TLS, and with the
 * certificates of those who call. */
#include "gateway/gateway.h"
#include "lib/http_tls.h"
#include "lib/log.h"

#define REF "tls"

struct http_tls *
gateway_tls(const struct settings *s, struct http_tls *known, struct err *err)
{
	struct http_tls_options o = {
		.certificate = s->https.certificate,
		.key = s->https.key,
		.client_ca = s->https.client_ca,
		.clients_must = s->https.clients[0] == 'r',
	};

	if (known == NULL)
		return http_tls_new(&o, err);
	return http_tls_load(known, &o, err) == 0 ? known : NULL;
}

int
gateway_listen_tls(struct gateway *g)
{
	const struct settings *s = &g->settings;
	struct http_server_options o = {
		.listen = s->https.listen,
		.routes = g->routes,
		.idle_ms = s->http.idle_ms,
		.answer_ms = s->http.answer_ms,
		.headers_max = HEADERS_MAX,
		.connections_max = (unsigned)s->http.connections,
		.handshake_ms = s->https.handshake_ms,
	};
	struct err err;

	if (s->https.listen[0] == '\0')
		return 0;
	g->tls = o.tls = gateway_tls(s, NULL, &err);
	if (g->tls != NULL)
		g->tls_server = http_server_new(g->loop, &o, &err);
	if (g->tls_server == NULL) {
		log_error(REF, "listen_failed", "address=%s why=\"%s\"", s->https.listen,
		          err.what);
		return -1;
	}
	log_info(REF, "serving_tls", "address=%s port=%d clients=%s", s->https.listen,
	         http_server_port(g->tls_server),
	         s->https.client_ca[0] == '\0' ? "strangers" : s->https.clients);
	return 0;
}
