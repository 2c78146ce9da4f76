/* The codec beside libsmpp34, which others wrote: both read each other's PDUs field by
 * field.  (It turns the order of TLVs round, so those are looked up by tag.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp/pdu.h"
#include "tests/unit/smpp_hex.h"

#include <cmocka.h>
#include <stdio.h>

/* its structures are written for any standard but ours */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <libsmpp34/smpp34.h>
#include <libsmpp34/smpp34_structs.h>
/* wants those two first */
#include <libsmpp34/smpp34_params.h>
#pragma GCC diagnostic pop

static uint8_t bytes[1024];

/* What we write, it reads. */
static void
theirs_of(struct smpp_pdu *p, void *out)
{
	size_t n = smpp_pdu_write(p, bytes, sizeof bytes);

	assert_true(n > 0);
	if (smpp34_unpack2(out, bytes, (int)n) != 0)
		fail_msg("libsmpp34: %d %s", smpp34_errno, smpp34_strerror);
}

static const tlv_t *
their_tlv(const tlv_t *first, uint16_t tag)
{
	for (; first != NULL; first = first->next) {
		if (first->tag == tag)
			return first;
	}
	return NULL;
}

/* The fields that submit_sm and deliver_sm share. */
#define SAME_MESSAGE(theirs, ours)                                                       \
	do {                                                                             \
		assert_int_equal((theirs).command_id, (ours).command);                   \
		assert_int_equal((theirs).command_status, (ours).status);                \
		assert_int_equal((theirs).sequence_number, (ours).sequence);             \
		assert_string_equal((const char *)(theirs).service_type,                 \
		                    (ours).service_type);                                \
		assert_int_equal((theirs).source_addr_ton, (ours).source.ton);           \
		assert_int_equal((theirs).source_addr_npi, (ours).source.npi);           \
		assert_string_equal((const char *)(theirs).source_addr,                  \
		                    (ours).source.digits);                               \
		assert_int_equal((theirs).dest_addr_ton, (ours).dest.ton);               \
		assert_int_equal((theirs).dest_addr_npi, (ours).dest.npi);               \
		assert_string_equal((const char *)(theirs).destination_addr,             \
		                    (ours).dest.digits);                                 \
		assert_int_equal((theirs).esm_class, (ours).esm_class);                  \
		assert_int_equal((theirs).protocol_id, (ours).protocol_id);              \
		assert_int_equal((theirs).priority_flag, (ours).priority);               \
		assert_string_equal((const char *)(theirs).schedule_delivery_time,       \
		                    (ours).schedule_time);                               \
		assert_string_equal((const char *)(theirs).validity_period,              \
		                    (ours).validity_period);                             \
		assert_int_equal((theirs).registered_delivery,                           \
		                 (ours).registered_delivery);                            \
		assert_int_equal((theirs).replace_if_present_flag,                       \
		                 (ours).replace_if_present);                             \
		assert_int_equal((theirs).data_coding, (ours).data_coding);              \
		assert_int_equal((theirs).sm_default_msg_id, (ours).default_message);    \
		assert_int_equal((theirs).sm_length, (ours).short_length);               \
		assert_memory_equal((theirs).short_message, (ours).short_message,        \
		                    (ours).short_length);                                \
	} while (0)

static struct smpp_pdu
a_message(uint32_t command)
{
	struct smpp_pdu p = {
		.command = command,
		.sequence = SMPP_SEQUENCE_MAX,
		.service_type = "USSD",
		.source = { 1, 1, "255712000100" },
		.dest = { 5, 6, "MGODI" },
		.esm_class = 0x43,
		.protocol_id = 7,
		.priority = 2,
		.schedule_time = "000001000000000R",
		.validity_period = "261129120000000+",
		.registered_delivery = 1,
		.replace_if_present = 1,
		.data_coding = 8,
		.default_message = 9,
		.short_length = 160,
	};

	for (unsigned i = 0; i < p.short_length; i++)
		p.short_message[i] = (uint8_t)(i * 7);
	return p;
}

static void
messages_of_ours(void **state)
{
	static const uint8_t op = 2, info[2] = { 0x12, 0x01 };
	struct smpp_pdu p = a_message(SMPP_SUBMIT_SM);
	static submit_sm_t submit;
	static deliver_sm_t deliver;
	const tlv_t *t;

	(void)state;
	smpp_tlv_add(&p, SMPP_TAG_USSD_SERVICE_OP, &op, 1);
	smpp_tlv_add(&p, SMPP_TAG_ITS_SESSION_INFO, info, 2);
	theirs_of(&p, &submit);
	SAME_MESSAGE(submit, p);
	t = their_tlv(submit.tlv, SMPP_TAG_USSD_SERVICE_OP);
	assert_non_null(t);
	assert_int_equal(t->length, 1);
	assert_int_equal(t->value.octet[0], 2);
	t = their_tlv(submit.tlv, SMPP_TAG_ITS_SESSION_INFO);
	assert_non_null(t);
	assert_int_equal(t->value.val16, 0x1201);
	destroy_tlv(submit.tlv);
	p = a_message(SMPP_DELIVER_SM);
	p.schedule_time[0] = p.validity_period[0] = '\0'; /* a delivery has none */
	theirs_of(&p, &deliver);
	SAME_MESSAGE(deliver, p);
}

static void
messages_of_theirs(void **state)
{
	static submit_sm_t submit;
	struct smpp_pdu p, ours = a_message(SMPP_SUBMIT_SM);
	const struct smpp_tlv *t;
	tlv_t tlv = { .tag = SMPP_TAG_MESSAGE_PAYLOAD, .length = 3 };
	int n;

	(void)state;
	theirs_of(&ours, &submit);
	memcpy(tlv.value.octet, "abc", 3);
	assert_int_equal(build_tlv(&submit.tlv, &tlv), 0);
	assert_int_equal(smpp34_pack2(bytes, (int)sizeof bytes, &n, &submit), 0);
	assert_int_equal(smpp_pdu_read(bytes, (size_t)n, &p), SMPP_READ);
	SAME_MESSAGE(submit, p);
	t = smpp_tlv_find(&p, SMPP_TAG_MESSAGE_PAYLOAD);
	assert_non_null(t);
	assert_int_equal(t->length, 3);
	assert_memory_equal(t->value, "abc", 3);
	destroy_tlv(submit.tlv);
}

static void
binds(void **state)
{
	struct smpp_pdu p = { .command = SMPP_BIND_TRANSCEIVER,
		              .sequence = 1,
		              .system_id = "mgodi",
		              .password = "secret08",
		              .system_type = "VMA",
		              .interface_version = 0x34,
		              .range = { 1, 1, "^384" } };
	static bind_transceiver_t bind;
	static bind_transceiver_resp_t resp;
	tlv_t tlv = { .tag = SMPP_TAG_SC_INTERFACE_VERSION, .length = 1 };
	int n;

	(void)state;
	theirs_of(&p, &bind);
	assert_int_equal(bind.command_id, BIND_TRANSCEIVER);
	assert_string_equal((const char *)bind.system_id, p.system_id);
	assert_string_equal((const char *)bind.password, p.password);
	assert_string_equal((const char *)bind.system_type, p.system_type);
	assert_int_equal(bind.interface_version, 0x34);
	assert_int_equal(bind.addr_ton, 1);
	assert_int_equal(bind.addr_npi, 1);
	assert_string_equal((const char *)bind.address_range, "^384");
	resp.command_id = BIND_TRANSCEIVER_RESP;
	resp.sequence_number = 1;
	snprintf((char *)resp.system_id, sizeof resp.system_id, "SMSC");
	tlv.value.val08 = 0x34;
	assert_int_equal(build_tlv(&resp.tlv, &tlv), 0);
	assert_int_equal(smpp34_pack2(bytes, (int)sizeof bytes, &n, &resp), 0);
	assert_int_equal(smpp_pdu_read(bytes, (size_t)n, &p), SMPP_READ);
	assert_string_equal(p.system_id, "SMSC");
	assert_non_null(smpp_tlv_find(&p, SMPP_TAG_SC_INTERFACE_VERSION));
	destroy_tlv(resp.tlv);
}

static void
answers(void **state)
{
	struct smpp_pdu p = { .command = SMPP_DELIVER_SM | SMPP_RESPONSE, .sequence = 5 };
	static deliver_sm_resp_t deliver;
	static submit_sm_resp_t submit;
	static enquire_link_t enquire;
	int n;

	(void)state;
	theirs_of(&p, &deliver);
	assert_int_equal(deliver.command_status, 0);
	assert_int_equal(deliver.sequence_number, 5);
	p = (struct smpp_pdu){ .command = SMPP_ENQUIRE_LINK, .sequence = 6 };
	theirs_of(&p, &enquire);
	assert_int_equal(enquire.sequence_number, 6);
	submit.command_id = SUBMIT_SM_RESP;
	submit.sequence_number = 7;
	snprintf((char *)submit.message_id, sizeof submit.message_id, "75bcd15");
	assert_int_equal(smpp34_pack2(bytes, (int)sizeof bytes, &n, &submit), 0);
	assert_int_equal(smpp_pdu_read(bytes, (size_t)n, &p), SMPP_READ);
	assert_string_equal(p.message_id, "75bcd15");
	assert_int_equal(p.sequence, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_ours),
		cmocka_unit_test(messages_of_theirs),
		cmocka_unit_test(binds),
		cmocka_unit_test(answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
