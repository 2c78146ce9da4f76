/*
 * certificate - is a certificate the one we wait for?
 *
 *   "DNS:ussd.operator.example"  a name in it, as it stands there: "*" fits nothing else
 *   "URI:spiffe://operator/ussd", "EMAIL:ussd@operator.example"
 *   "CN:Operator USSD 1"         the common name of its subject
 *   "SHA256:0a1b..."             its fingerprint, 64 hexadecimal digits
 *
 * A rule is one of these, or several by '|', of which one must fit.  Whoever asks has
 * checked who signed the certificate.
 *
 * Pure.
 */
#ifndef LIB_CERTIFICATE_H
#define LIB_CERTIFICATE_H

#include <stdbool.h>

struct x509_st;

/* An empty rule fits everybody, with a certificate (NULL: none) or without. */
bool certificate_fits(const struct x509_st *certificate, const char *rule);
/* NULL, or what is wrong with a rule. */
const char *certificate_rule_fault(const char *rule);

#endif
