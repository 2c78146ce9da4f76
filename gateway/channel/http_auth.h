/*
 * http_auth - is a request from whom it should be?
 *
 * Pure.  Every comparison takes the same time whatever the secret is; an empty secret
 * fits nothing.
 */
#ifndef GATEWAY_CHANNEL_HTTP_AUTH_H
#define GATEWAY_CHANNEL_HTTP_AUTH_H

#include <stdbool.h>
#include <stddef.h>

bool auth_same(const char *given, const char *secret);
/* header: of Authorization, may be NULL. */
bool auth_basic(const char *header, const char *user, const char *password);
/* HMAC-SHA-256 of the raw body, in hexadecimal or base64, perhaps behind "sha256=".  A
 * body of nothing is never signed: its signature would be good for ever. */
bool auth_hmac(const char *signature, const char *key, const char *body, size_t n);
/* RSA PKCS#1 v1.5 over SHA-256 of the raw body, in base64.  key: base64 of the public
 * key's DER (SubjectPublicKeyInfo), as in a PEM file without its first and last line. */
bool auth_rsa(const char *signature, const char *key, const char *body, size_t n);

#endif
