/*
 * sign - signatures under keys in the form of files: ECDSA over P-256 and P-384, RSA.
 *
 * Keys are base64 of the DER (SubjectPublicKeyInfo; PKCS#8) or PEM; white space does not
 * matter.  Nothing here waits or keeps a key.  A signature of ECDSA or PSS holds chance
 * of the library's own, so the same call gives another text each time: what is signed can
 * be checked, not compared.
 */
#ifndef LIB_SIGN_H
#define LIB_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_MAX 512 /* bytes of a signature */

/* Is this the signature of in?  how is a name of RFC 9421: "ecdsa-p256-sha256",
 * "ecdsa-p384-sha384", "rsa-pss-sha512", "rsa-v1_5-sha256".  False also for another name,
 * a key that cannot be read, or one of another kind or shorter than 2048 bits of RSA.
 * ECDSA comes as DER or as both numbers side by side; either is taken. */
bool sign_verify(const char *public_key, const char *how, const void *in, size_t n,
                 const uint8_t *signature, size_t len);

/* The signature's length, 0 on failure; ECDSA as DER. */
size_t sign_make(const char *private_key, const char *how, const void *in, size_t n,
                 uint8_t *out, size_t cap);

/* 0: no such hash.  "sha-256" or "sha-512"; out holds 64. */
size_t sign_digest(const char *name, const void *in, size_t n, uint8_t out[64]);

#endif
