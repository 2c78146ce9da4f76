#include "lib/stream_listen.h"

#include "lib/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BACKLOG  16
#define RETRY_MS 1000

struct stream_listener {
	struct loop *loop;
	struct evconnlistener *listener;
	struct timer *retry;
	stream_called *called;
	void *arg;
};

static bool
address_text(const struct sockaddr *from, char out[INET6_ADDRSTRLEN])
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (from->sa_family == AF_INET) {
		memcpy(&v4, from, sizeof v4);
		return inet_ntop(AF_INET, &v4.sin_addr, out, INET6_ADDRSTRLEN) != NULL;
	}
	if (from->sa_family != AF_INET6)
		return false;
	memcpy(&v6, from, sizeof v6);
	return inet_ntop(AF_INET6, &v6.sin6_addr, out, INET6_ADDRSTRLEN) != NULL;
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
          int len, void *arg)
{
	struct stream_listener *l = arg;
	char peer[INET6_ADDRSTRLEN];

	(void)listener;
	(void)len;
	if (!address_text(from, peer) || !l->called(l->arg, fd, peer))
		evutil_closesocket(fd);
}

static void
on_retry(void *arg)
{
	struct stream_listener *l = arg;

	l->retry = NULL;
	evconnlistener_enable(l->listener);
}

/* Out of descriptors, mostly: others have to close first. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct stream_listener *l = arg;

	evconnlistener_disable(listener);
	if (l->retry == NULL)
		l->retry = timer_start(l->loop, RETRY_MS, on_retry, l);
}

struct stream_listener *
stream_listen(struct loop *loop, const char *listen, stream_called *called, void *arg,
              struct err *err)
{
	const unsigned flags =
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC;
	struct sockaddr_storage at;
	int len = (int)sizeof at, one = 1;
	struct stream_listener *l;

	memset(&at, 0, sizeof at);
	if (evutil_parse_sockaddr_port(listen, (struct sockaddr *)&at, &len) != 0 ||
	    strrchr(listen, ':') == NULL) {
		(void)err_set(err, ERR_SYNTAX, FATE_NOT,
		              "listen: wants a numeric address and a port");
		return NULL;
	}
	l = xzalloc(sizeof *l);
	l->loop = loop;
	l->called = called;
	l->arg = arg;
	l->listener = evconnlistener_new_bind(loop_base(loop), on_accept, l, flags,
	                                      BACKLOG, (struct sockaddr *)&at, len);
	if (l->listener == NULL) {
		(void)err_set(err, ERR_CONNECT, FATE_NOT,
		              errno == EADDRINUSE ? "listen: the port is taken"
		                                  : "listen: the address cannot be had");
		free(l);
		return NULL;
	}
	/* accepted sockets inherit it */
	setsockopt(evconnlistener_get_fd(l->listener), IPPROTO_TCP, TCP_NODELAY, &one,
	           sizeof one);
	evconnlistener_set_error_cb(l->listener, on_accept_error);
	return l;
}

void
stream_listener_free(struct stream_listener *l)
{
	if (l == NULL)
		return;
	timer_cancel(&l->retry);
	evconnlistener_free(l->listener);
	free(l);
}
