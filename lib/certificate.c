#include "lib/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* One wanted name: "KIND:value" up to '|' or the end. */
struct wanted {
	const char *value;
	size_t n;
};

typedef bool fits(const X509 *c, const struct wanted *w);

static bool
is_text(const ASN1_STRING *s, const struct wanted *w, bool any_case)
{
	const char *bytes = (const char *)ASN1_STRING_get0_data(s);
	int len = ASN1_STRING_length(s);

	if (bytes == NULL || len < 0 || (size_t)len != w->n)
		return false;
	if (!any_case)
		return memcmp(bytes, w->value, w->n) == 0;
	return memchr(bytes, '\0', w->n) == NULL &&
	       strncasecmp(bytes, w->value, w->n) == 0;
}

static bool
has_name(const X509 *c, int kind, const struct wanted *w)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(c, NID_subject_alt_name, NULL, NULL);
	bool found = false;

	for (int i = 0; !found && i < sk_GENERAL_NAME_num(names); i++) {
		int type = -1;
		void *value =
		    GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);

		found = type == kind && is_text(value, w, kind == GEN_DNS);
	}
	GENERAL_NAMES_free(names);
	return found;
}

static bool
fits_dns(const X509 *c, const struct wanted *w)
{
	return has_name(c, GEN_DNS, w);
}

static bool
fits_uri(const X509 *c, const struct wanted *w)
{
	return has_name(c, GEN_URI, w);
}

static bool
fits_email(const X509 *c, const struct wanted *w)
{
	return has_name(c, GEN_EMAIL, w);
}

/* With several, the last is the most particular. */
static bool
fits_cn(const X509 *c, const struct wanted *w)
{
	X509_NAME *subject = X509_get_subject_name(c);
	int at = -1, last = -1;
	unsigned char *text = NULL;
	bool same;
	int n;

	while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0)
		last = at;
	if (last < 0)
		return false;
	n = ASN1_STRING_to_UTF8(
	    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
	same = n >= 0 && (size_t)n == w->n && memcmp(text, w->value, w->n) == 0;
	OPENSSL_free(text);
	return same;
}

static bool
fits_sha256(const X509 *c, const struct wanted *w)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	char text[2 * EVP_MAX_MD_SIZE + 1] = "";

	if (X509_digest(c, EVP_sha256(), hash, &n) != 1)
		return false;
	for (unsigned i = 0; i < n; i++)
		snprintf(text + (size_t)2 * i, 3, "%02x", hash[i]);
	return strlen(text) == w->n && strncasecmp(text, w->value, w->n) == 0;
}

static const struct {
	const char *prefix;
	fits *fits;
} kinds[] = {
	{ "DNS:", fits_dns }, { "URI:", fits_uri },       { "EMAIL:", fits_email },
	{ "CN:", fits_cn },   { "SHA256:", fits_sha256 },
};

/* Splits off the rule's first alternative; NULL: of no kind, or empty. */
static fits *
take_wanted(const char **rule, struct wanted *w)
{
	const char *at = *rule;
	size_t n = strcspn(at, "|");

	*rule = at + n + (at[n] == '|');
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t len = strlen(kinds[i].prefix);

		if (n <= len || strncmp(at, kinds[i].prefix, len) != 0)
			continue;
		*w = (struct wanted){ at + len, n - len };
		return kinds[i].fits;
	}
	return NULL;
}

bool
certificate_fits(const struct x509_st *certificate, const char *rule)
{
	if (*rule == '\0')
		return true;
	while (certificate != NULL && *rule != '\0') {
		struct wanted w;
		fits *try = take_wanted(&rule, &w);

		if (try != NULL && try(certificate, &w))
			return true;
	}
	return false;
}

const char *
certificate_rule_fault(const char *rule)
{
	size_t len = strlen(rule);

	if (len > 0 && rule[len - 1] == '|')
		return "ends in '|'";
	while (*rule != '\0') {
		struct wanted w;
		fits *kind = take_wanted(&rule, &w);

		if (kind == NULL)
			return "wants DNS:name, URI:.., EMAIL:.., CN:name or SHA256:hash";
		if (kind == fits_sha256 &&
		    (w.n != 64 || strspn(w.value, "0123456789abcdefABCDEF") < 64))
			return "SHA256: wants 64 hexadecimal digits without colons";
	}
	return NULL;
}
