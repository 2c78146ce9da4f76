#include "lib/http_tls.h"

#include "lib/arena.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <time.h>

struct http_tls {
	SSL_CTX *context;
};

/* A key that wants a passphrase must not stop us at a terminal. */
static int
no_passphrase(char *to, int size, int writes, void *arg)
{
	(void)to;
	(void)size;
	(void)writes;
	(void)arg;
	return 0;
}

static SSL_CTX *
fail(SSL_CTX *c, struct err *err, const char *what)
{
	SSL_CTX_free(c);
	ERR_clear_error();
	(void)err_set(err, ERR_SYNTAX, FATE_NOT, what);
	return NULL;
}

static bool
ask_clients(SSL_CTX *c, const struct http_tls_options *o)
{
	STACK_OF(X509_NAME) * names;
	int mode =
	    SSL_VERIFY_PEER | (o->clients_must ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);

	if (*o->client_ca == '\0')
		return !o->clients_must;
	if (SSL_CTX_load_verify_locations(c, o->client_ca, NULL) != 1)
		return false;
	names = SSL_load_client_CA_file(o->client_ca);
	if (names == NULL)
		return false;
	SSL_CTX_set_client_CA_list(c, names); /* takes them */
	/* whoever stands in the file is trusted, with a root above it or not */
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(c), X509_V_FLAG_PARTIAL_CHAIN);
	SSL_CTX_set_verify(c, mode, NULL);
	return true;
}

static SSL_CTX *
load(const struct http_tls_options *o, struct err *err)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());

	if (c == NULL)
		return fail(c, err, "tls: no context");
	SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
	SSL_CTX_set_options(c, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
	                           SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_num_tickets(c, 0);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_default_passwd_cb(c, no_passphrase);
	if (SSL_CTX_use_certificate_chain_file(c, o->certificate) != 1)
		return fail(c, err, "tls: the certificate cannot be read");
	if (SSL_CTX_use_PrivateKey_file(c, o->key, SSL_FILETYPE_PEM) != 1)
		return fail(c, err, "tls: the key cannot be read, or is another's");
	if (!ask_clients(c, o))
		return fail(c, err, "tls: the clients' certificates cannot be read");
	return c;
}

struct http_tls *
http_tls_new(const struct http_tls_options *o, struct err *err)
{
	SSL_CTX *context = load(o, err);
	struct http_tls *tls;

	if (context == NULL)
		return NULL;
	tls = xzalloc(sizeof *tls);
	tls->context = context;
	return tls;
}

int
http_tls_load(struct http_tls *tls, const struct http_tls_options *o, struct err *err)
{
	SSL_CTX *context = load(o, err);

	if (context == NULL)
		return -1;
	SSL_CTX_free(tls->context);
	tls->context = context;
	return 0;
}

void
http_tls_free(struct http_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

int64_t
http_tls_expires_ms(const struct http_tls *tls)
{
	const X509 *ours = SSL_CTX_get0_certificate(tls->context);
	struct tm tm = { 0 };

	if (ours == NULL || ASN1_TIME_to_tm(X509_get0_notAfter(ours), &tm) != 1)
		return 0;
	return (int64_t)timegm(&tm) * 1000;
}

struct ssl_st *
http_tls_accept(struct http_tls *tls)
{
	return SSL_new(tls->context);
}

const char *
http_tls_why(const struct ssl_st *ssl, unsigned long openssl_error)
{
	long verdict = SSL_get_verify_result(ssl);
	const char *reason;

	if (verdict != X509_V_OK)
		return X509_verify_cert_error_string(verdict);
	reason = openssl_error == 0 ? NULL : ERR_reason_error_string(openssl_error);
	return reason == NULL ? "the peer left" : reason;
}
