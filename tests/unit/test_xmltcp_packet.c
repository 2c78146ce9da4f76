/* XML over TCP: what is read and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "tests/unit/xmltcp_packets.h"

#include <cmocka.h>

static void
lengths(void **state)
{
	static const struct {
		const char *field;
		int32_t is;
	} rows[] = {
		{ "38", 38 },
		{ "0000000000000038", 38 },
		{ "8192", 8192 },
		{ "8193", -1 },
		{ "32", -1 },
		{ "0", -1 },
		{ "", -1 },
		{ "-38", -1 },
		{ "3 8", -1 },
		{ "0x38", -1 },
		{ "9999999999999999", -1 },
		{ "38          ", 38 },
		{ "38\n", -1 },
	};

	uint8_t bytes[XMLTCP_HEADER];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(bytes, 0, sizeof bytes);
		memcpy(bytes + 16, rows[i].field, strlen(rows[i].field));
		assert_int_equal(xmltcp_length(bytes, sizeof bytes), rows[i].is);
		assert_int_equal(xmltcp_length(bytes, sizeof bytes - 1), 0);
	}
	memset(bytes, 0, sizeof bytes);
	memcpy(bytes + 16, "3\0008", 3); /* filled up in the middle */
	assert_int_equal(xmltcp_length(bytes, sizeof bytes), -1);
}

static void
hops(void **state)
{
	static const struct {
		const char *body;
		enum hop_kind kind;
		const char *input, *code;
	} rows[] = {
		{ REQUEST("1", "*123#", ON), HOP_BEGIN, "", "*123#" },
		{ REQUEST("1", "*123*4*5#", ON), HOP_BEGIN, "4*5#", "*123#" },
		{ REQUEST("1", "123*4", ON), HOP_BEGIN, "4", "*123#" },
		{ REQUEST("1", "*124*4*5#", ON), HOP_BEGIN, "", "*124*4*5#" },
		{ REQUEST("1", "", ON), HOP_BEGIN, "", "*123#" },
		{ REQUEST("1", "123", ""), HOP_BEGIN, "", "*123#" },
		{ REQUEST("4", "1", ON), HOP_CONTINUE, "1", "*123#" },
		{ REQUEST("4", " 1\n", ON), HOP_CONTINUE, "1", "*123#" },
		{ REQUEST("4", "", ON), HOP_CONTINUE, "", "*123#" },
		{ REQUEST("4", "a &amp; b &#60;", ON), HOP_CONTINUE, "a & b <", "*123#" },
		{ REQUEST("4", "<![CDATA[<msisdn>1</msisdn>]]>", ON), HOP_CONTINUE,
		  "<msisdn>1</msisdn>", "*123#" },
		{ REQUEST("4", "\xe9t\xe9", ON), HOP_CONTINUE, "\xc3\xa9t\xc3\xa9",
		  "*123#" },
		{ REQUEST("4", "bye", OVER), HOP_ABORT, "", "*123#" },
		{ REQUEST("4", "1", ""), HOP_ABORT, "", "*123#" }, /* as vumi takes it */
		{ REQUEST("9", "1", ON), HOP_ABORT, "", "*123#" },
		{ "<?xml version=\"1.0\"?>\r\n" REQUEST("4", "7", ON) "\n", HOP_CONTINUE,
		  "7", "*123#" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct xmltcp_packet p;
		struct hop h;

		assert_int_equal(read_text(rows[i].body, &p), XMLTCP_READ);
		assert_null(xmltcp_hop(&p, "mtn-ng", "", "*123#", &h));
		assert_int_equal(h.kind, rows[i].kind);
		assert_string_equal(h.input, rows[i].input);
		assert_int_equal(h.input_len, strlen(rows[i].input));
		assert_string_equal(h.code, rows[i].code);
		assert_string_equal(h.session, "mtn-ng/1859877021");
		assert_string_equal(h.msisdn.digits, "2348135829645");
		assert_false(h.cumulative);
	}
}

static void
numbers(void **state)
{
	static const struct {
		const char *number, *country, *is;
	} rows[] = {
		{ "2348135829645", "", "2348135829645" },
		{ "+2348135829645", "", "2348135829645" },
		{ "08135829645", "NG", "2348135829645" },
		{ "08135829645", "", NULL },
		{ "hello", "NG", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct xmltcp_packet p;
		struct hop h;
		char body[400];

		snprintf(body, sizeof body,
		         "<USSDRequest><requestId>1</requestId><msisdn>%s</msisdn>"
		         "<msgtype>1</msgtype></USSDRequest>",
		         rows[i].number);
		assert_int_equal(read_text(body, &p), XMLTCP_READ);
		if (rows[i].is == NULL) {
			assert_non_null(xmltcp_hop(&p, "x", rows[i].country, "", &h));
			continue;
		}
		assert_null(xmltcp_hop(&p, "x", rows[i].country, "", &h));
		assert_string_equal(h.msisdn.digits, rows[i].is);
	}
}

static void
what_cannot_be_read(void **state)
{
	static const struct {
		const char *body;
		enum xmltcp_fault fault;
	} rows[] = {
		{ "<BadPacket>", XMLTCP_FAULT_XML },
		{ "hello", XMLTCP_FAULT_XML },
		{ "<USSDRequest/>", XMLTCP_FAULT_FIELD },
		{ "<UnknownPacket><requestId>0</requestId></UnknownPacket>",
		  XMLTCP_FAULT_TYPE },
		{ "<USSDRequest><requestId>0</requestId></USSDRequest>",
		  XMLTCP_FAULT_FIELD },
		{ REQUEST("4", "1", ON) "<more/>", XMLTCP_FAULT_XML },
		{ REQUEST("4", "1", ON "<msisdn>234</msisdn>"), XMLTCP_FAULT_FIELD },
		{ REQUEST("4", "<b>1</b>", ON), XMLTCP_FAULT_XML },
		{ REQUEST("4", "&nbsp;", ON), XMLTCP_FAULT_XML },
		{ REQUEST("4", "&#0;", ON), XMLTCP_FAULT_XML },
		{ REQUEST("12345", "1", ON), XMLTCP_FAULT_FIELD },
		{ "<!DOCTYPE x [<!ENTITY a \"b\">]>" REQUEST("4", "&a;", ON),
		  XMLTCP_FAULT_XML },
		{ "<ENQRequest><requestId>1</requestId></ENQResponse>",
		  XMLTCP_FAULT_XML },
		{ "<ENQRequest a=\"b\"/>", XMLTCP_FAULT_XML },
	};
	struct xmltcp_packet p;
	uint8_t bytes[XMLTCP_PACKET_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(read_text(rows[i].body, &p), rows[i].fault);
	assert_int_equal(xmltcp_read(bytes, frame(bytes, "", "<ENQRequest/>", '\0'), &p),
	                 XMLTCP_FAULT_HEADER);
	assert_int_equal(
	    xmltcp_read(bytes, frame(bytes, "a\nb", "<ENQRequest/>", '\0'), &p),
	    XMLTCP_FAULT_HEADER);
}

/* They fill requestIds up with NULs, and once with what stood in memory behind. */
static void
a_request_id_ends_where_its_filling_begins(void **state)
{
	static const char body[] =
	    "<ENQRequest><requestId>123456789abcdefg\0\0\0"
	    "</requestId><enqCmd>ENQUIRELINK</enqCmd></ENQRequest>";
	uint8_t bytes[XMLTCP_PACKET_MAX];
	struct xmltcp_packet p;

	(void)state;
	frame(bytes, "0", "", '\0');
	memcpy(bytes + XMLTCP_HEADER, body, sizeof body - 1);
	assert_int_equal(xmltcp_read(bytes, XMLTCP_HEADER + sizeof body - 1, &p),
	                 XMLTCP_READ);
	assert_string_equal(p.request, "123456789abcdefg");
	assert_int_equal(read_text("<ENQRequest><requestId>12\x01\x7f</requestId>"
	                           "</ENQRequest>",
	                           &p),
	                 XMLTCP_READ);
	assert_string_equal(p.request, "12");
}

static void
what_is_written(void **state)
{
	static const char body[] =
	    "<USSDResponse><requestId>1291850641</requestId>"
	    "<msisdn>27845335367</msisdn><starCode>123</starCode>"
	    "<clientId>0123</clientId><phase>2</phase><msgtype>2</msgtype><dcs>15</dcs>"
	    "<userdata>R&amp;D \xe9 &#8364; 1&lt;2\n0 Back</userdata>"
	    "<EndofSession>0</EndofSession><delvrpt>0</delvrpt></USSDResponse>";
	struct xmltcp_packet p = { .type = XMLTCP_USSD_RESPONSE,
		                   .session = "23",
		                   .request = "1291850641",
		                   .msisdn = "27845335367",
		                   .star_code = "123",
		                   .client = "0123",
		                   .message_type = "2",
		                   .end = "0",
		                   .text = "R&D \xc3\xa9 \xe2\x82\xac 1<2\n0 Back" };
	char room[XMLTCP_WRITTEN_MAX], small[100];
	uint8_t wants[XMLTCP_PACKET_MAX];
	struct xmltcp_packet error = { .type = XMLTCP_USSD_REQUEST };
	struct buf b;
	size_t n = frame(wants, "23", body, '\0');

	(void)state;
	buf_init(&b, room, sizeof room);
	xmltcp_write(&p, &b);
	assert_true(buf_ok(&b));
	assert_int_equal(b.len, n);
	assert_memory_equal(b.at, wants, n);
	buf_init(&b, small, sizeof small);
	xmltcp_write(&p, &b);
	assert_false(buf_ok(&b));
	buf_init(&b, room, sizeof room);
	xmltcp_write(&error, &b); /* theirs to say */
	assert_false(buf_ok(&b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(hops),
		cmocka_unit_test(numbers),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(a_request_id_ends_where_its_filling_begins),
		cmocka_unit_test(what_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
