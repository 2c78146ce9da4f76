/*
 * http_tls - TLS for http_server: our certificate, and whose certificate a client may
 * show.
 *
 * TLS 1.2 and later.  A client's certificate is checked against client_ca: one that is
 * not from there, is for another use or has expired ends the handshake; who shows none
 * comes in as a stranger, unless all must show one.  Sessions are not resumed, so what
 * is loaded anew holds for every connection that comes after.
 */
#ifndef LIB_HTTP_TLS_H
#define LIB_HTTP_TLS_H

#include "lib/err.h"

#include <stdbool.h>
#include <stdint.h>

struct http_tls;
struct ssl_st;

struct http_tls_options {
	const char *certificate; /* PEM: ours, then those between it and the root */
	const char *key;         /* PEM, without a passphrase */
	const char *client_ca;   /* PEM; "": nobody is asked for a certificate */
	bool clients_must;       /* who shows none is refused */
};

/* NULL with *err set: which file is wrong. */
struct http_tls *http_tls_new(const struct http_tls_options *o, struct err *err);
/* New files for the connections to come.  -1 with *err set: all stays as it was. */
int http_tls_load(struct http_tls *tls, const struct http_tls_options *o,
                  struct err *err) MUST_CHECK;
/* Wall time at which our certificate ends; 0 if it does not say. */
int64_t http_tls_expires_ms(const struct http_tls *tls);
void http_tls_free(struct http_tls *tls); /* NULL is fine; its connections live on */

/* For http_conn.c: the server's side of one handshake, the caller's; NULL: no memory. */
struct ssl_st *http_tls_accept(struct http_tls *tls);
/* Why a handshake failed, in static words. */
const char *http_tls_why(const struct ssl_st *ssl, unsigned long openssl_error);

#endif
