/*
 * seal - what providers want encrypted: AES-256-CBC and RSA PKCS#1 v1.5, as a pure
 * function.
 *
 * All chance comes from the caller, as bytes, so that the same call gives the same text
 * and can be checked.  Bytes that were used once must not be used again.
 */
#ifndef LIB_SEAL_H
#define LIB_SEAL_H

#include <stddef.h>
#include <stdint.h>

#define SEAL_SEED 32

/* PKCS#7 padding; out holds n rounded up to the next 16 at least.  The bytes written, 0
 * on failure (does not fit). */
size_t seal_aes256_cbc(const uint8_t key[32], const uint8_t iv[16], const void *in,
                       size_t n, uint8_t *out, size_t cap);

/* Under a public key given as base64 of its DER (SubjectPublicKeyInfo, as providers hand
 * it out) or as PEM; white space does not matter.  The bytes written, as long as the key;
 * 0 if the key cannot be read, is shorter than 1024 bits or too small for n. */
size_t seal_rsa(const char *public_key, const uint8_t seed[SEAL_SEED], const void *in,
                size_t n, uint8_t *out, size_t cap);

#endif
