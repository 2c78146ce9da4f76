/* What a new connection stands on: a plain stream or TLS, and the name of its peer. */
#include "lib/http_conn.h"
#include "lib/http_tls.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void
http_peer_name(const struct sockaddr *from, char out[HTTP_PEER_SIZE])
{
	socklen_t len = from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
	                                            : sizeof(struct sockaddr_in);
	char text[HTTP_PEER_SIZE] = "";
	const char *p = text;

	getnameinfo(from, len, text, sizeof text, NULL, 0, NI_NUMERICHOST);
	if (strncmp(p, "::ffff:", 7) == 0 && strchr(p, '.'))
		p += 7;
	snprintf(out, HTTP_PEER_SIZE, "%s", p);
}

struct bufferevent *
http_conn_stream(const struct http_server *s, int fd, struct ssl_st **ssl)
{
	struct bufferevent *bev;

	*ssl = NULL;
	if (!s->o.tls)
		return bufferevent_socket_new(loop_base(s->loop), fd,
		                              BEV_OPT_CLOSE_ON_FREE);
	*ssl = http_tls_accept(s->o.tls);
	if (!*ssl)
		return NULL;
	bev = bufferevent_openssl_socket_new(loop_base(s->loop), fd, *ssl,
	                                     BUFFEREVENT_SSL_ACCEPTING,
	                                     BEV_OPT_CLOSE_ON_FREE);
	if (bev)
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}
