/*
 * http_server - HTTP in: a listener, limits, and routing by table.
 *
 * Bodies over the route's limit get 413, unknown paths 404, a known path with another
 * method 405, slow peers are cut after idle_ms.  A handler answers at once or later,
 * once; an exchange that nobody answered by answer_ms gets 503 and the handler is told
 * through `on_gone`.  HTTP/1.1 keep-alive, chunked bodies, HEAD where there is a GET.
 * With TLS, who has not agreed on it within handshake_ms is cut too.
 */
#ifndef LIB_HTTP_SERVER_H
#define LIB_HTTP_SERVER_H

#include "lib/err.h"
#include "lib/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;
struct http_exchange;
struct http_tls;
struct x509_st;

typedef void http_handler(void *arg, struct http_exchange *x);

struct http_route {
	const char *method; /* "GET", "POST", "PUT", or "*"                             */
	const char *path;   /* exact, or ending in '*' for a prefix: "/r/" "*"          */
	size_t body_max;    /* bytes                                                    */
	http_handler *handle;
	void *arg;
};

struct http_server_options {
	const char *listen; /* "127.0.0.1:8080", "[::]:8080"; port 0 = any free one */
	const struct http_route
	    *routes; /* ends with a row whose method is NULL; borrowed   */
	int64_t idle_ms;
	int64_t answer_ms;
	size_t headers_max; /* bytes of all headers                                 */
	unsigned connections_max; /* at it, the oldest idle one makes room */
	struct http_tls *tls;     /* NULL: plain; borrowed */
	int64_t handshake_ms;
};

/* NULL with *err set when the address cannot be had. */
struct http_server *http_server_new(struct loop *loop,
                                    const struct http_server_options *o, struct err *err);
/* Stops accepting; open exchanges may finish.  cb(arg) when none is left. */
void http_server_drain(struct http_server *s, loop_cb *cb, void *arg);
void http_server_free(struct http_server *s);
int http_server_port(const struct http_server *s);

struct http_server_counts {
	uint64_t accepted;
	uint64_t no_tls; /* of those, handshakes that failed or took too long */
	unsigned open;
};

void http_server_read_counts(const struct http_server *s, struct http_server_counts *out);

/* What came.  All borrowed from the exchange. */
const char *http_method(const struct http_exchange *x);
const char *http_path(const struct http_exchange *x); /* without the query            */
const char *http_path_rest(
    const struct http_exchange *x);                    /* what '*' matched, "" if none */
const char *http_query(const struct http_exchange *x); /* "" if none                   */
const char *http_header(const struct http_exchange *x,
                        const char *name);                       /* NULL if none */
const char *http_body(const struct http_exchange *x, size_t *n); /* NUL-terminated */
const char *http_peer(const struct http_exchange *x); /* "127.0.0.1"                  */
/* The certificate the client showed and we could check; NULL: none, or no TLS. */
const struct x509_st *http_client_certificate(const struct http_exchange *x);

/* Called if the peer leaves, or time runs out, before the answer; x is dead afterwards.
 */
void http_on_gone(struct http_exchange *x, loop_cb *cb, void *arg);
/* Adds a header to the coming answer (copied). */
void http_reply_header(struct http_exchange *x, const char *name, const char *value);
/* Ends the exchange; x is dead afterwards. */
void http_answer(struct http_exchange *x, int status, const char *content_type,
                 const void *body, size_t n);
void http_answer_text(struct http_exchange *x, int status, const char *text);
/* Ends the exchange by closing the connection without an answer: for a simulator that
 * loses one; x is dead afterwards. */
void http_drop(struct http_exchange *x);

/* Form bodies and queries: finds `name`, decodes into out (NUL-terminated).  Returns the
 * length, -1 if absent, -2 if malformed, too long for out, or holding a NUL. */
long form_get(const char *form, size_t n, const char *name, char *out, size_t cap);
/* Percent-encodes into b (unreserved characters stay). */
struct buf;
void form_put(struct buf *b, const char *name,
              const char *value); /* adds & where needed */

#endif
