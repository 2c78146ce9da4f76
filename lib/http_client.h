/*
 * http_client - HTTP out, libcurl multi on the event loop.
 *
 * HTTP/1.1 keep-alive, no redirects, proxy variables ignored, answers capped.  Says what
 * an error means for the thing asked: could not connect or resolve = FATE_NOT; anything
 * after bytes may have left (timeout, reset, short answer, answer too large) =
 * FATE_UNKNOWN.  An HTTP status is not an error here: err is ERR_NONE and the caller
 * reads status and body. Keeps the five promises of loop.h.
 */
#ifndef LIB_HTTP_CLIENT_H
#define LIB_HTTP_CLIENT_H

#include "lib/err.h"
#include "lib/loop.h"

#include <stddef.h>
#include <stdint.h>

struct http_client;
struct http_op;

struct http_client_options {
	unsigned connections; /* kept open in all                        */
	unsigned per_host;    /* at the same time to one host            */
	size_t answer_max;    /* bytes of body; 262144 is the usual cap  */
	const char *ca_file;  /* NULL: the system's                      */
};

struct http_client *http_client_new(struct loop *loop,
                                    const struct http_client_options *o);
void http_client_free(
    struct http_client *c); /* open calls are answered ERR_SHUTDOWN first */

#define HTTP_HEADERS_MAX 12

struct http_request {
	const char *method; /* "GET", "POST", "PUT"                   */
	const char *url;
	const char *headers[HTTP_HEADERS_MAX]; /* "Name: value", up to the first NULL */
	const char *basic_auth; /* "user:password" or NULL                */
	const char *body;       /* NULL for none                          */
	size_t body_len;
	int64_t deadline_ms; /* of the whole exchange                  */
};

struct http_reply {
	struct err err;
	int status;               /* 0 if there was no answer        */
	const char *content_type; /* "" if none                      */
	const char *body;         /* NUL-terminated                  */
	size_t body_len;
};

typedef void http_cb(void *arg, const struct http_reply *reply);

/* Copies everything in *rq. */
struct http_op *http_send(struct http_client *c, const struct http_request *rq,
                          http_cb *cb, void *arg);
void http_cancel(struct http_op **op);

#endif
