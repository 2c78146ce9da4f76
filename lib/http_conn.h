/*
 * http_conn - inside of http_server: one accepted connection and the exchange on it.
 * For http_*.c of the server alone.
 *
 *   HANDSHAKE (with TLS) --agreed--> HEAD
 *   HEAD --complete--> BODY --complete--> HANDLING --answered--> WRITING --flushed-->
 * HEAD
 *     `------ refused: 4xx, 5xx ---------------------------------^  `-- close, or LINGER
 *
 * Destruction waits for the next turn, so that frames above on the stack never touch
 * freed memory.
 */
#ifndef LIB_HTTP_CONN_H
#define LIB_HTTP_CONN_H

#include "lib/buf.h"
#include "lib/http_head.h"
#include "lib/http_server.h"
#include "lib/inbox.h"

struct bufferevent;
struct event;
struct evconnlistener;
struct sockaddr;

enum http_conn_state {
	HTTP_CONN_HANDSHAKE,
	HTTP_CONN_HEAD,
	HTTP_CONN_BODY,
	HTTP_CONN_HANDLING,
	HTTP_CONN_WRITING,
	HTTP_CONN_LINGER, /* told to leave; its last bytes are read over, so that our
	                     answer is not lost in a reset */
};

#define HTTP_PEER_SIZE 48

struct http_conn {
	struct http_server *server; /* borrowed; outlives us             */
	struct http_conn *prev, *next;
	struct bufferevent *bev;     /* owned; a plain one only writes    */
	struct event *readable;      /* owned; NULL with TLS              */
	struct ssl_st *ssl;          /* NULL: plain; bev's                */
	struct x509_st *certificate; /* of the client, checked; owned */
	struct timer *timer;         /* runs out at due_ms or before it   */
	int64_t due_ms, timer_ms;    /* the deadline of this state; timer's */
	struct inbox in;
	struct http_exchange *x; /* owned from head to answer         */
	struct http_chunked chunked;
	enum http_conn_state state;
	bool receiving; /* the first byte of a request came       */
	bool close_after, linger_after;
	bool in_steps; /* on the stack already                    */
	bool full;     /* no more is read until some is understood */
	bool dead;     /* unlinked; freed on the next turn        */
	char peer[HTTP_PEER_SIZE];
};

#define HTTP_EXTRA_HEADERS 1024
#define HTTP_ROOM          1024 /* for a head and a body of the usual size */

/* Zeroed up to extra_bytes. */
struct http_exchange {
	struct http_server *server;
	struct http_conn *conn; /* NULL: the peer left and the handler does not know */
	struct http_exchange *next_orphan;
	const struct http_route *route;
	struct http_head head;
	char *text; /* the head's bytes: in room or on the heap, as the body */
	const char *rest;
	char *body; /* may hold a PIN: wiped */
	size_t body_len, body_cap;
	size_t room_used;
	loop_cb *gone;
	void *gone_arg;
	struct buf extra;
	char peer[HTTP_PEER_SIZE];
	char extra_bytes[HTTP_EXTRA_HEADERS];
	char room[HTTP_ROOM];
};

#ifdef __SANITIZE_ADDRESS__
#define HTTP_SPARES 0 /* so that a use after its end is seen */
#else
#define HTTP_SPARES 64
#endif

struct http_server {
	struct loop *loop;
	struct http_server_options o;
	struct evconnlistener *listener;
	struct timer *retry; /* after accept failed */
	struct http_conn *conns;
	unsigned conn_count; /* the dead ones too, until they are freed */
	struct http_exchange *orphans;
	struct http_exchange *spare; /* through next_orphan */
	unsigned spares;
	char *scratch; /* ahead bytes: what a socket has is read into it */
	size_t ahead;
	uint64_t accepted, no_tls;
	bool draining, freed;
	loop_cb *drained;
	void *drained_arg;
};

struct http_response {
	int status;
	const char *content_type;
	const void *body;
	size_t n;
	const char *extra; /* whole header lines */
	bool head_only;
};

void http_conn_open(struct http_server *s, int fd, const struct sockaddr *from);
void http_conn_close(struct http_conn *c);
/* http_accept.c.  *ssl: NULL if plain; the stream owns it and the fd.  NULL: no memory.
 */
struct bufferevent *http_conn_stream(const struct http_server *s, int fd,
                                     struct ssl_st **ssl);
void http_peer_name(const struct sockaddr *from, char out[HTTP_PEER_SIZE]);
/* Writes the response and moves on; frees the exchange of c. */
void http_conn_respond(struct http_conn *c, const struct http_response *r);
void http_conn_refuse(struct http_conn *c, int status, const char *extra);
void http_conn_enter(struct http_conn *c, enum http_conn_state state, int64_t within_ms);
/* http_conn_read.c.  What is in the inbox is understood, as far as it goes; or first all
 * that the stream holds is put there. */
void http_conn_read_on(struct http_conn *c);
void http_conn_read_stream(struct http_conn *c);
void http_server_conn_gone(struct http_server *s);

/* Nobody's work is lost if it closes now. */
static inline bool
http_conn_is_idle(const struct http_conn *c)
{
	return c->state == HTTP_CONN_HANDSHAKE ||
	       (c->state == HTTP_CONN_HEAD && !c->receiving);
}

struct http_exchange *http_exchange_new(struct http_conn *c);
/* Zeroed bytes that live as long as the exchange. */
char *http_exchange_piece(struct http_exchange *x, size_t n);
/* Cuts c's exchange off and tells its handler, if it wants to know. */
void http_exchange_abandon(struct http_exchange *x);
void http_exchange_free(struct http_exchange *x);
/* The row for this path and method; NULL with 404 or 405 in *status and, for the latter,
 * the methods there are in allow. */
const struct http_route *http_route_find(const struct http_route *routes,
                                         const struct http_head *head, const char **rest,
                                         int *status, struct buf *allow);
const char *http_reason(int status);

#endif
