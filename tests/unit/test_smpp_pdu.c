/* The codec of SMPP: PDUs that others wrote, read and written again byte by byte; what
 * peers get wrong; and that nothing behind the bytes is ever read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp/pdu.h"
#include "tests/unit/smpp_hex.h"

#include <cmocka.h>
#include <stdlib.h>

/* Read from a block of exactly that size, so that the sanitizer sees a byte too far. */
static enum smpp_fault
read_hex(const char *hex, struct smpp_pdu *p, uint8_t **block)
{
	size_t n = strlen(hex) / 2;

	*block = malloc(n == 0 ? 1 : n);
	assert_non_null(*block);
	from_hex(hex, *block);
	return smpp_pdu_read(*block, n, p);
}

static void
what_others_wrote_is_written_again(void **state)
{
	static const struct {
		const char *hex, *name;
		uint32_t sequence;
	} rows[] = {
		{ HEX_BIND, "bind_transceiver", 1 },
		{ HEX_BIND_RESP, "bind_transceiver_resp", 1 },
		{ HEX_BIND_BAD, "bind_transceiver_resp", 2 },
		{ HEX_SUBMIT, "submit_sm", 77 },
		{ HEX_DELIVER, "deliver_sm", 3 },
		{ HEX_RECEIPT, "deliver_sm", 4 },
		{ HEX_USSD, "deliver_sm", 5 },
		{ HEX_DATA, "data_sm", 6 },
		{ HEX_SUBMIT_RESP, "submit_sm_resp", 77 },
		{ HEX_THROTTLED, "submit_sm_resp", 78 },
		{ HEX_ENQUIRE, "enquire_link", 8 },
		{ HEX_UNBIND, "unbind", 9 },
		{ HEX_NACK, "generic_nack", 10 },
		{ HEX_ALERT, "alert_notification", 11 },
		{ HEX_OUTBIND, "outbind", 12 },
	};

	uint8_t again[512], *block;
	struct smpp_pdu p;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = strlen(rows[i].hex) / 2;

		assert_int_equal(read_hex(rows[i].hex, &p, &block), SMPP_READ);
		assert_int_equal(smpp_pdu_length(block, n), (int32_t)n);
		assert_string_equal(smpp_command_name(p.command), rows[i].name);
		assert_int_equal(p.sequence, rows[i].sequence);
		assert_int_equal(smpp_pdu_write(&p, again, sizeof again), n);
		assert_memory_equal(again, block, n);
		assert_int_equal(smpp_pdu_write(&p, again, n - 1), 0);
		free(block);
	}
}

static void
fields_are_where_they_belong(void **state)
{
	const struct smpp_tlv *t;
	const uint8_t *text;
	struct smpp_pdu p;
	uint8_t *block;
	size_t n;

	(void)state;
	assert_int_equal(read_hex(HEX_BIND, &p, &block), SMPP_READ);
	assert_string_equal(p.system_id, "mgodi");
	assert_string_equal(p.password, "secret08");
	assert_string_equal(p.system_type, "VMA");
	assert_int_equal(p.interface_version, 0x34);
	assert_string_equal(p.range.digits, "^384");
	free(block);
	assert_int_equal(read_hex(HEX_SUBMIT, &p, &block), SMPP_READ);
	assert_int_equal(p.source.ton, 5);
	assert_string_equal(p.source.digits, "MGODI");
	assert_string_equal(p.dest.digits, "255712000100");
	assert_int_equal(p.esm_class, SMPP_ESM_UDHI);
	assert_int_equal(p.registered_delivery, 1);
	assert_int_equal(p.short_length, 13);
	free(block);
	assert_int_equal(read_hex(HEX_RECEIPT, &p, &block), SMPP_READ);
	assert_int_equal(p.esm_class, SMPP_ESM_RECEIPT);
	assert_int_equal(p.tlv_count, 3);
	t = smpp_tlv_find(&p, SMPP_TAG_RECEIPTED_MESSAGE_ID);
	assert_non_null(t);
	assert_memory_equal(t->value, "75bcd15", 8);
	assert_int_equal(smpp_tlv_find(&p, SMPP_TAG_MESSAGE_STATE)->value[0], 2);
	assert_null(smpp_tlv_find(&p, SMPP_TAG_USSD_SERVICE_OP));
	free(block);
	assert_int_equal(read_hex(HEX_DATA, &p, &block), SMPP_READ);
	text = smpp_pdu_text(&p, &n);
	assert_int_equal(n, 10);
	assert_memory_equal(text, "\0S\0A\0L\0I\0O", 10);
	free(block);
}

static void
what_peers_get_wrong(void **state)
{
	static const struct {
		const char *what, *hex;
		enum smpp_fault fault;
		bool cut;
		const char *id; /* NULL: no matter */
	} rows[] = {
		{ "an error without a body", "00000010800000040000005800000001",
		  SMPP_READ, false, "" },
		{ "an empty id", "0000001180000004000000000000000100", SMPP_READ, false,
		  "" },
		{ "an id without its NUL",
		  "000000138000000400000000000000013132"
		  "33",
		  SMPP_READ, true, "123" },
		{ "a sequence of zero",
		  "00000011800000040000000000000000"
		  "00",
		  SMPP_READ, false, "" },
		{ "a sequence beyond the last",
		  "0000001180000004000000"
		  "00ffffffff00",
		  SMPP_READ, false, "" },
		{ "an id of 100 characters",
		  "00000075800000040000000000000001"
		  "3131313131313131313131313131313131313131313131313131313131313131"
		  "3131313131313131313131313131313131313131313131313131313131313131"
		  "3131313131313131313131313131313131313131313131313131313131313131"
		  "3131313100",
		  SMPP_READ, true, "" },
		{ "a response with a TLV cut short",
		  "0000001680000004000000000000000131000428000250", SMPP_READ, true,
		  "1" },
		{ "three bytes behind the end",
		  "0000001580000004000000000000000131"
		  "00"
		  "000000",
		  SMPP_READ, false, "1" },
		{ "congestion_state of 5.0",
		  "0000001780000004000000000000000131000428000150", SMPP_READ, false,
		  "1" },
		{ "an enquiry with a TLV nobody knows",
		  "000000150000001500000000000000081400000155", SMPP_READ, false, NULL },
		{ "a command nobody knows", "00000010000000770000000000000001",
		  SMPP_FAULT_COMMAND, false, NULL },
		{ "a message that ends in its address",
		  "000000170000000500000000000000030001013235", SMPP_FAULT_SHORT, false,
		  NULL },
		{ "a message shorter than sm_length",
		  "0000002400000005000000000000000300000031000000320000000000000000000004"
		  "41",
		  SMPP_FAULT_SHORT, false, NULL },
		{ "a request with a TLV cut short",
		  "0000002700000005000000000000000300000031000000320000000000000000000000"
		  "05010001",
		  SMPP_FAULT_TLV, false, NULL },
		{ "a service type without end",
		  "0000002400000005000000000000000341414141414141414141414141414141414141"
		  "41",
		  SMPP_FAULT_LONG_TEXT, false, NULL },
		{ "not even a header",
		  "00000008"
		  "00000005",
		  SMPP_FAULT_SHORT, false, NULL },
	};
	struct smpp_pdu p;
	uint8_t *block;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum smpp_fault fault = read_hex(rows[i].hex, &p, &block);

		if (fault != rows[i].fault || p.cut != rows[i].cut ||
		    (rows[i].id != NULL && strcmp(p.message_id, rows[i].id) != 0))
			fail_msg("%s: fault %s, cut %d, id %s", rows[i].what,
			         smpp_fault_name(fault), p.cut, p.message_id);
		assert_int_equal(smpp_fault_status(fault) == 0, fault == SMPP_READ);
		free(block);
	}
}

static void
lengths(void **state)
{
	static const struct {
		const char *hex;
		int32_t length;
	} rows[] = {
		{ "", 0 },          { "000000", 0 },    { "00000010", 16 },
		{ "0000000f", -1 }, { "00000000", -1 }, { "00004000", 16384 },
		{ "00004001", -1 }, { "ffffffff", -1 }, { "47455420", -1 }, /* "GET " */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t bytes[8];
		size_t n = from_hex(rows[i].hex, bytes);

		assert_int_equal(smpp_pdu_length(bytes, n), rows[i].length);
	}
}

static void
every_cut_is_read_safely(void **state)
{
	static const char *const all[] = { HEX_BIND, HEX_SUBMIT, HEX_RECEIPT,
		                           HEX_USSD, HEX_DATA,   HEX_SUBMIT_RESP,
		                           HEX_ALERT };
	struct smpp_pdu p;

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		uint8_t whole[512];
		size_t n = from_hex(all[i], whole);

		for (size_t cut = SMPP_HEADER_SIZE; cut < n; cut++) {
			uint8_t *block = malloc(cut);

			assert_non_null(block);
			memcpy(block, whole, cut);
			(void)smpp_pdu_read(block, cut, &p);
			assert_int_equal(p.command, (uint32_t)whole[4] << 24 |
			                                (uint32_t)whole[5] << 16 |
			                                (uint32_t)whole[6] << 8 |
			                                whole[7]);
			free(block);
		}
	}
}

static void
no_more_than_fits(void **state)
{
	struct smpp_pdu p = { .command = SMPP_SUBMIT_SM, .sequence = 1 };
	static uint8_t big[65535], out[SMPP_PDU_MAX + 100];

	(void)state;
	for (unsigned i = 0; i < SMPP_TLVS_MAX; i++)
		assert_true(smpp_tlv_add(&p, 0x1400, big, 1));
	assert_false(smpp_tlv_add(&p, 0x1400, big, 1));
	p.tlv_count = 0;
	assert_true(smpp_tlv_add(&p, SMPP_TAG_MESSAGE_PAYLOAD, big, 16000));
	assert_true(smpp_pdu_write(&p, out, sizeof out) > 16000);
	p.tlvs[0].length = 16380;
	assert_int_equal(smpp_pdu_write(&p, out, sizeof out), 0);
	p.command = 0x77;
	assert_int_equal(smpp_pdu_write(&p, out, sizeof out), 0);
	p = (struct smpp_pdu){ .command = SMPP_DELIVER_SM | SMPP_RESPONSE,
		               .status = 0x64 };
	assert_int_equal(smpp_pdu_write(&p, out, sizeof out), SMPP_HEADER_SIZE);
	smpp_pdu_number(out, 0x01020304);
	assert_memory_equal(out + 12, "\1\2\3\4", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_others_wrote_is_written_again),
		cmocka_unit_test(fields_are_where_they_belong),
		cmocka_unit_test(what_peers_get_wrong),
		cmocka_unit_test(lengths),
		cmocka_unit_test(every_cut_is_read_safely),
		cmocka_unit_test(no_more_than_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
