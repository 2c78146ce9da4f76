/* Rules for certificates: which names fit, and which only look alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "lib/certificate.h"

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

static EVP_PKEY *key;

static void
add_names(X509 *c, const char *names)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

	assert_non_null(e);
	assert_int_equal(X509_add_ext(c, e, -1), 1);
	X509_EXTENSION_free(e);
}

static void
add_cn(X509 *c, const char *text, int n)
{
	assert_int_equal(
	    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8,
	                               (const unsigned char *)text, n, -1, 0),
	    1);
}

static X509 *
make(const char *names)
{
	X509 *c = X509_new();

	assert_non_null(c);
	X509_set_version(c, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c), 7);
	X509_gmtime_adj(X509_getm_notBefore(c), 0);
	X509_gmtime_adj(X509_getm_notAfter(c), 3600);
	X509_set_pubkey(c, key);
	add_cn(c, "Some Operator", -1);
	add_cn(c, "USSD 1", -1);
	if (names != NULL)
		add_names(c, names);
	assert_true(X509_sign(c, key, EVP_sha256()) > 0);
	return c;
}

static int
setup(void **state)
{
	(void)state;
	key = EVP_EC_gen("P-256");
	return key == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	return 0;
}

static void
rules(void **state)
{
	static const struct {
		const char *rule;
		bool fits;
	} rows[] = {
		{ "", true },
		{ "DNS:ussd.operator.example", true },
		{ "DNS:USSD.Operator.Example", true }, /* as names of hosts are */
		{ "DNS:operator.example", false },
		{ "DNS:ussd.operator.example.evil", false },
		{ "DNS:a.wild.example", false }, /* it has *.wild.example */
		{ "DNS:*.wild.example", true },
		{ "DNS:spiffe://operator/ussd", false }, /* another kind of name */
		{ "URI:spiffe://operator/ussd", true },
		{ "URI:spiffe://operator/USSD", false },
		{ "EMAIL:ussd@operator.example", true },
		{ "CN:USSD 1", true },
		{ "CN:ussd 1", false },
		{ "CN:Some Operator", false }, /* not the last */
		{ "CN:USSD", false },
		{ "DNS:USSD 1", false }, /* no host is called by its subject */
		{ "CN:nobody|DNS:ussd.operator.example", true },
		{ "CN:nobody|CN:else", false },
		{ "hello", false },
		{ "|", false },
		{ "CN:", false },
	};

	X509 *c = make("DNS:ussd.operator.example,DNS:*.wild.example,"
	               "URI:spiffe://operator/ussd,email:ussd@operator.example");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(certificate_fits(c, rows[i].rule), rows[i].fits);
		assert_int_equal(certificate_fits(NULL, rows[i].rule),
		                 rows[i].rule[0] == '\0');
	}
	X509_free(c);
	c = make(NULL); /* no other names at all */
	assert_false(certificate_fits(c, "DNS:ussd.operator.example"));
	assert_true(certificate_fits(c, "CN:USSD 1"));
	X509_free(c);
}

/* "operator.example\0.evil" must not pass for what stands before the NUL. */
static void
a_nul_inside(void **state)
{
	static const char name[] = "USSD 2\0.evil";
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	GENERAL_NAME *one = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	X509 *c = make(NULL);

	(void)state;
	ASN1_STRING_set(text, "a.example\0.evil", 15);
	GENERAL_NAME_set0_value(one, GEN_DNS, text);
	sk_GENERAL_NAME_push(names, one);
	X509_add1_ext_i2d(c, NID_subject_alt_name, names, 0, 0);
	GENERAL_NAMES_free(names);
	add_cn(c, name, sizeof name - 1);
	assert_false(certificate_fits(c, "DNS:a.example"));
	assert_false(certificate_fits(c, "CN:USSD 2"));
	X509_free(c);
}

static void
a_fingerprint(void **state)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char rule[80] = "SHA256:";
	X509 *c = make(NULL), *other;
	unsigned n;

	(void)state;
	assert_int_equal(X509_digest(c, EVP_sha256(), hash, &n), 1);
	for (unsigned i = 0; i < n; i++)
		snprintf(rule + 7 + (size_t)2 * i, 3, "%02X", hash[i]);
	assert_null(certificate_rule_fault(rule));
	assert_true(certificate_fits(c, rule));
	other = make("DNS:x.example");
	assert_false(certificate_fits(other, rule));
	rule[strlen(rule) - 1] = '\0';
	assert_false(certificate_fits(c, rule));
	assert_non_null(certificate_rule_fault(rule));
	X509_free(c);
	X509_free(other);
}

static void
rules_that_are_none(void **state)
{
	static const struct {
		const char *rule;
		bool ok;
	} rows[] = {
		{ "", true },           { "CN:A", true },  { "CN:A|DNS:b", true },
		{ "CN:", false },       { "A", false },    { "CN:A|", false },
		{ "|CN:A", false },     { "cn:A", false }, { "CN:A||CN:B", false },
		{ "SHA256:12", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(certificate_rule_fault(rows[i].rule) == NULL,
		                 rows[i].ok);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(a_nul_inside),
		cmocka_unit_test(a_fingerprint),
		cmocka_unit_test(rules_that_are_none),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
