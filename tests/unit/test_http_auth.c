/* Who may speak to us: credentials, signatures, and the address behind a proxy; and the
 * small XML that operators post. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "config/settings.h"
#include "config/settings_table.h"
#include "gateway/channel/http_auth.h"
#include "gateway/channel/xml_read.h"

#include <cmocka.h>
#include <string.h>

static void
basic(void **state)
{
	static const struct {
		const char *header;
		bool fits;
	} rows[] = {
		{ "Basic YWRpdDpzM2NyZXQ=", true },  /* adit:s3cret  */
		{ "basic YWRpdDpzM2NyZXQ=", true },  /*              */
		{ "Basic YWRpdDpzM2NyZXQ", true },   /* no padding   */
		{ "Basic YWRpdDpzM2NyZXR4", false }, /* s3cretx      */
		{ "Basic eDpzM2NyZXQ=", false },     /* x:s3cret     */
		{ "Basic YWRpdA==", false },         /* no colon     */
		{ "Basic ****", false },
		{ "Bearer YWRpdDpzM2NyZXQ=", false },
		{ "", false },
		{ NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(auth_basic(rows[i].header, "adit", "s3cret"),
		                 rows[i].fits);
	assert_false(
	    auth_basic("Basic YWRpdDo=", "adit", "")); /* an empty one fits nothing */
	assert_false(auth_same("", ""));
	assert_true(auth_same("abc", "abc"));
	assert_false(auth_same("abcd", "abc"));
}

/* RFC 4231, case 2: key "Jefe". */
#define JEFE "what do ya want for nothing?"

static void
hmac_of_the_body(void **state)
{
	static const struct {
		const char *signature;
		bool fits;
	} rows[] = {
		{ "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		  true },
		{ "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
		  true },
		{ "sha256="
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		  true },
		{ "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=", true },
		{ "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3844",
		  false },
		{ "5bdcc146", false },
		{ "", false },
		{ NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
		    auth_hmac(rows[i].signature, "Jefe", JEFE, sizeof JEFE - 1),
		    rows[i].fits);
	assert_false(auth_hmac(rows[0].signature, "Jefe", JEFE, sizeof JEFE - 2));
	assert_false(auth_hmac(rows[0].signature, "", JEFE, sizeof JEFE - 1));
	assert_false(auth_hmac(rows[0].signature, "Jefe", "", 0));
	assert_false(auth_rsa("AAAA", "AAAA", "x", 1)); /* no key at all */
}

static void
the_address_behind_a_proxy(void **state)
{
	static const struct {
		const char *peer, *forwarded, *who;
	} rows[] = {
		{ "1.2.3.4", NULL, "1.2.3.4" },
		{ "1.2.3.4", "9.9.9.9", "1.2.3.4" }, /* not our proxy: it may lie */
		{ "10.0.0.1", NULL, "10.0.0.1" },
		{ "10.0.0.1", "9.9.9.9", "9.9.9.9" },
		{ "10.0.0.1", "8.8.8.8, 9.9.9.9", "9.9.9.9" },  /* ours wrote the last */
		{ "10.0.0.1", "8.8.8.8, 10.0.0.2", "8.8.8.8" }, /* two of ours */
		{ "10.0.0.1", " 9.9.9.9 ", "9.9.9.9" },
		{ "10.0.0.1", "10.0.0.2", "10.0.0.2" },
		{ "10.0.0.1", "9.9.9.9,", "" },
		{ "10.0.0.1", "nonsense", "nonsense" }, /* in no network */
		{ "10.0.0.1", "2001:db8::1", "2001:db8::1" },
	};
	struct settings_networks proxies = { .count = 1 };

	(void)state;
	assert_true(settings_parse_network("10.0.0.0/8", 10, proxies.at));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char who[SETTINGS_ADDRESS_MAX];

		settings_peer(&proxies, rows[i].peer, rows[i].forwarded, who);
		assert_string_equal(who, rows[i].who);
	}
}

static void
small_xml(void **state)
{
	static const struct {
		const char *xml;
		long n;
		const char *text;
	} rows[] = {
		{ "<a><msg>1</msg></a>", 1, "1" },
		{ "<a><x:msg lang='en'>1</x:msg></a>", 1, "1" },
		{ "<a><msgs>2</msgs><msg>1</msg></a>", 1, "1" },
		{ "<a><msg/></a>", 0, "" },
		{ "<a><msg></msg></a>", 0, "" },
		{ "<msg>a &amp;&#65;&#x42;&lt;</msg>", 6, "a &AB<" },
		{ "<msg>&#233;</msg>", 2, "\xc3\xa9" },
		{ "<msg><![CDATA[<1> &amp;]]></msg>", 9, "<1> &amp;" },
		{ "<msg>&unknown;</msg>", -2, "" },
		{ "<msg>&#0;</msg>", -2, "" },
		{ "<msg>&#xd800;</msg>", -2, "" },
		{ "<msg>1", -2, "" },
		{ "<msg", -1, "" },
		{ "<a/>", -1, "" },
		{ "<!DOCTYPE a [<!ENTITY x \"y\">]><msg>1</msg>", -1, "" },
		{ "<msg>0123456789012345</msg>", -2, "" }, /* too long for the place */
	};

	static const char dialog[] =
	    "<dialog localId=\"12\" remoteId='3'><processUnstructuredSSRequest_Request "
	    "invokeId=\"0\" string=\"*101#\" xstring=\"no\"><msisdn number=\"255712\"/>"
	    "</processUnstructuredSSRequest_Request></dialog>";
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		long n =
		    xml_text(rows[i].xml, strlen(rows[i].xml), "msg", out, sizeof out);
		if (n != rows[i].n || strcmp(out, rows[i].text) != 0)
			fail_msg("%s: %ld \"%s\"", rows[i].xml, n, out);
	}
	assert_int_equal(xml_attribute(dialog, sizeof dialog - 1,
	                               "processUnstructuredSSRequest_Request", "string",
	                               out, sizeof out),
	                 5);
	assert_string_equal(out, "*101#");
	assert_int_equal(xml_attribute(dialog, sizeof dialog - 1, "dialog", "remoteId",
	                               out, sizeof out),
	                 1);
	assert_int_equal(
	    xml_attribute(dialog, sizeof dialog - 1, "dialog", "number", out, sizeof out),
	    -1);
	assert_true(xml_has(dialog, sizeof dialog - 1, "msisdn"));
	assert_false(xml_has(dialog, sizeof dialog - 1, "string"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(basic),
		cmocka_unit_test(hmac_of_the_body),
		cmocka_unit_test(the_address_behind_a_proxy),
		cmocka_unit_test(small_xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
