/*
 * signature - HTTP message signatures (RFC 9421) of requests, as providers sign callbacks
 * and want ours signed: read, built, checked and made.
 *
 * Of the RFC it knows what such a request needs: @method, @authority, @path and fields by
 * their plain names; a component with parameters (";req", ";bs") is not known, and what
 * covers one is not believed.  The body counts through Content-Digest, over the bytes as
 * they came.  Pure but for the chance in a new signature (lib/sign.h).
 */
#ifndef PAYMENTS_PROVIDER_SIGNATURE_H
#define PAYMENTS_PROVIDER_SIGNATURE_H

#include "lib/buf.h"
#include "payments/provider/provider.h"

#define SIGNATURE_PARTS    16
#define SIGNATURE_BASE_MAX 4096
/* How far their clock may be from ours, and how old one without an end may be. */
#define SIGNATURE_SKEW_S 60
#define SIGNATURE_AGE_S  300

struct signature_input { /* one member of Signature-Input; points into its text */

	struct {
		const char *at;
		size_t n;
	} part[SIGNATURE_PARTS]; /* names of what is covered, in order */

	unsigned parts;
	const char *params; /* "(...);created=1": signed as it stands */
	size_t params_len;
	char alg[32], keyid[64];  /* "" if not told                    */
	int64_t created, expires; /* seconds; -1 if not told           */
};

/* The member `label` of a Signature-Input field.  False if there is none, or two, or if
 * any part of the field is no dictionary of structured fields. */
bool signature_input_read(const char *text, const char *label,
                          struct signature_input *out);
/* The byte sequence that is member `key` of a dictionary (Signature, Content-Digest); its
 * length, 0 as above. */
size_t signature_bytes(const char *text, const char *key, uint8_t *out, size_t cap);

/* What is signed, line by line.  False if a part is unknown, absent or there twice. */
bool signature_base(const struct signature_input *in, const struct provider_post *p,
                    struct buf *out);

/* NULL if the request is signed under `label` with this key now, else why not. public_key
 * as in lib/sign.h; keyid "": any name will do. */
const char *signature_wrong(const struct provider_post *p, const char *label,
                            const char *public_key, const char *keyid);

/* "https://Api.example:443/v2" -> "api.example": as @authority names a place.  False if
 * it is no URL or does not fit. */
bool signature_authority(const char *url, char *out, size_t cap);

/* Signs a finished request: adds Content-Digest, Signature-Date, Signature-Input and
 * Signature, valid for a minute from wall_ms.  *failed if it cannot. */
void signature_add(struct provider_request *rq, const char *label,
                   const char *private_key, const char *keyid, int64_t wall_ms,
                   bool *failed);

#endif
