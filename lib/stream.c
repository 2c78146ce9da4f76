#include "lib/stream.h"

#include "lib/arena.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define IN_MAX    65536     /* kept unread, at most                    */
#define OUT_MAX   (1 << 20) /* more waits to be sent: the peer is gone */
#define LINGER_MS 1000

struct stream_tls {
	SSL_CTX *context;
};

struct stream {
	struct loop *loop;
	struct stream_port port;
	struct bufferevent *bev;
	struct evdns_base *dns;
	struct timer *linger;
	bool opening;    /* inside stream_open: what fails is told later */
	const char *why; /* it failed inside a call: told on the next turn */
	struct timer *tell;
};

/* ---- TLS ---- */

struct stream_tls *
stream_tls_new(const char *ca_file, struct err *err)
{
	SSL_CTX *c = SSL_CTX_new(TLS_client_method());
	struct stream_tls *tls;
	int ok;

	if (c == NULL) {
		(void)err_set(err, ERR_INTERNAL, FATE_NOT, "tls: no context");
		return NULL;
	}
	ok = *ca_file == '\0' ? SSL_CTX_set_default_verify_paths(c)
	                      : SSL_CTX_load_verify_locations(c, ca_file, NULL);
	if (ok != 1) {
		SSL_CTX_free(c);
		(void)err_set(err, ERR_NOT_FOUND, FATE_NOT,
		              "tls: the file of certificates cannot be read");
		return NULL;
	}
	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	SSL_CTX_set_verify(c, SSL_VERIFY_PEER, NULL);
	tls = xzalloc(sizeof *tls);
	tls->context = c;
	return tls;
}

void
stream_tls_free(struct stream_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

static bool
is_address(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 ||
	       inet_pton(AF_INET6, host, bytes) == 1;
}

static struct bufferevent *
new_tls(struct stream *s, const struct stream_options *o)
{
	SSL *ssl = SSL_new(o->tls->context);
	struct bufferevent *bev;
	char name[256]; /* OpenSSL's macro takes no const */

	if (ssl == NULL)
		return NULL;
	if (is_address(o->host)) {
		X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), o->host);
	} else {
		snprintf(name, sizeof name, "%s", o->host);
		SSL_set_tlsext_host_name(ssl, name);
		SSL_set1_host(ssl, o->host);
	}
	bev = bufferevent_openssl_socket_new(loop_base(s->loop), -1, ssl,
	                                     BUFFEREVENT_SSL_CONNECTING,
	                                     BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		SSL_free(ssl);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

/* ---- the end ---- */

static void
on_free(void *arg)
{
	struct stream *s = arg;

	timer_cancel(&s->linger);
	timer_cancel(&s->tell);
	if (s->bev != NULL)
		bufferevent_free(s->bev);
	if (s->dns != NULL)
		evdns_base_free(s->dns, 0);
	free(s);
}

/* Never from inside libevent's callback of the same object. */
static void
bury(struct stream *s)
{
	timer_cancel(&s->linger);
	timer_cancel(&s->tell);
	if (s->bev != NULL) {
		bufferevent_disable(s->bev, EV_READ | EV_WRITE);
		bufferevent_setcb(s->bev, NULL, NULL, NULL, NULL);
	}
	loop_next_turn(s->loop, on_free, s);
}

static void
fail(struct stream *s, const char *why)
{
	struct stream_port port = s->port;

	bury(s);
	port.closed(port.arg, why);
}

static void
on_tell(void *arg)
{
	struct stream *s = arg;

	s->tell = NULL;
	fail(s, s->why);
}

static void
fail_later(struct stream *s, const char *why)
{
	s->why = why;
	if (s->tell == NULL)
		s->tell = timer_start(s->loop, 0, on_tell, s);
}

/* ---- what happens ---- */

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct stream *s = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	size_t n = evbuffer_get_length(in);
	const uint8_t *bytes = n == 0 ? NULL : evbuffer_pullup(in, -1);

	if (bytes != NULL)
		evbuffer_drain(in, s->port.came(s->port.arg, bytes, n));
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct stream *s = arg;
	int one = 1;

	if (s->opening) {
		fail_later(s, "no connection can be made");
	} else if ((what & BEV_EVENT_CONNECTED) != 0) {
		setsockopt(bufferevent_getfd(bev), IPPROTO_TCP, TCP_NODELAY, &one,
		           sizeof one);
		s->port.opened(s->port.arg);
	} else if ((what & BEV_EVENT_EOF) != 0) {
		fail(s, "the peer closed");
	} else if (bufferevent_openssl_get_ssl(bev) != NULL &&
	           bufferevent_get_openssl_error(bev) != 0) {
		fail(s, "tls failed");
	} else {
		fail(s, "the connection failed");
	}
}

static void
on_flushed(struct bufferevent *bev, void *arg)
{
	(void)bev;
	bury(arg);
}

static void
on_flush_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	bury(arg);
}

static void
on_linger(void *arg)
{
	struct stream *s = arg;

	s->linger = NULL;
	bury(s);
}

/* ---- what is asked ---- */

struct stream *
stream_open(struct loop *loop, const struct stream_options *o,
            const struct stream_port *port)
{
	struct stream *s = xzalloc(sizeof *s);

	s->loop = loop;
	s->port = *port;
	s->bev = o->tls != NULL
	             ? new_tls(s, o)
	             : bufferevent_socket_new(loop_base(loop), -1, BEV_OPT_CLOSE_ON_FREE);
	if (s->bev == NULL) {
		fail_later(s, "no connection can be made");
		return s;
	}
	if (!is_address(o->host))
		s->dns =
		    evdns_base_new(loop_base(loop), EVDNS_BASE_INITIALIZE_NAMESERVERS |
		                                        EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	bufferevent_setwatermark(s->bev, EV_READ, 0, IN_MAX);
	bufferevent_setcb(s->bev, on_read, NULL, on_event, s);
	bufferevent_enable(s->bev, EV_READ | EV_WRITE);
	s->opening = true;
	if (bufferevent_socket_connect_hostname(s->bev, s->dns, AF_UNSPEC, o->host,
	                                        (int)o->port) != 0)
		fail_later(s, "no connection can be made");
	s->opening = false;
	return s;
}

struct stream *
stream_take(struct loop *loop, int fd, const struct stream_port *port)
{
	struct stream *s = xzalloc(sizeof *s);

	s->loop = loop;
	s->port = *port;
	s->bev = bufferevent_socket_new(loop_base(loop), fd, BEV_OPT_CLOSE_ON_FREE);
	if (s->bev == NULL) {
		evutil_closesocket(fd);
		fail_later(s, "no connection can be made");
		return s;
	}
	bufferevent_setwatermark(s->bev, EV_READ, 0, IN_MAX);
	bufferevent_setcb(s->bev, on_read, NULL, on_event, s);
	bufferevent_enable(s->bev, EV_READ | EV_WRITE);
	return s;
}

void
stream_write(struct stream *s, const void *bytes, size_t n)
{
	if (s->bev == NULL)
		return;
	bufferevent_write(s->bev, bytes, n);
	if (evbuffer_get_length(bufferevent_get_output(s->bev)) > OUT_MAX)
		fail_later(s, "the peer does not read");
}

void
stream_close(struct stream **stream, bool flush)
{
	struct stream *s = *stream;

	*stream = NULL;
	if (s == NULL)
		return;
	if (!flush || s->bev == NULL || s->tell != NULL ||
	    evbuffer_get_length(bufferevent_get_output(s->bev)) == 0) {
		bury(s);
		return;
	}
	bufferevent_disable(s->bev, EV_READ);
	bufferevent_setcb(s->bev, NULL, on_flushed, on_flush_event, s);
	s->linger = timer_start(s->loop, LINGER_MS, on_linger, s);
}
