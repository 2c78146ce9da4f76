/* Receipts as SMSCs write them, and the ids in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp/receipt.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

struct said {
	const char *text;
	const char *id;
	enum smpp_state state;
	const char *error, *submitted, *done;
	int sent, delivered;
};

/* Rows marked (c) are those of cloudhopper-smpp's tests (Apache-2.0), retyped. */
static const struct said SAID[] = {
	/* (c) as the standard's appendix has it */
	{ "id:0123456789 sub:002 dlvrd:001 submit date:1005232039 done date:1005242339 "
	  "stat:DELIVRD err:012 text:This is a sample mes",
	  "0123456789", SMPP_DELIVERED, "012", "201005232039", "201005242339", 2, 1 },
	/* (c) a capital */
	{ "id:4 sub:001 dlvrd:001 submit date:1006020051 done date:1006020051 "
	  "stat:DELIVRD err:000 Text:Hello",
	  "4", SMPP_DELIVERED, "000", "201006020051", "201006020051", 1, 1 },
	/* (c) seconds, and an id that is no number */
	{ "id:74e02ee1-4e2f-4a6e-a78b-4b247d756a22 sub:001 dlvrd:001 submit "
	  "date:110206193041 done date:110206193110 stat:DELIVRD err:000 text:",
	  "74e02ee1-4e2f-4a6e-a78b-4b247d756a22", SMPP_DELIVERED, "000", "20110206193041",
	  "20110206193110", 1, 1 },
	/* (c) in any order */
	{ "sub:001 id:74e02ee1-4e2f-4a6e-a78b-4b247d756a22 err:000 dlvrd:001 done "
	  "date:110206193110 submit date:110206193041 text: stat:DELIVRD",
	  "74e02ee1-4e2f-4a6e-a78b-4b247d756a22", SMPP_DELIVERED, "000", "20110206193041",
	  "20110206193110", 1, 1 },
	/* (c) fields missing, four digits of year */
	{ "id:2E179B310EDE971B2760C72B7F026E1B submit date:20110314181534 done "
	  "date:20110314181741 stat:DELIVRD err:0",
	  "2E179B310EDE971B2760C72B7F026E1B", SMPP_DELIVERED, "0", "20110314181534",
	  "20110314181741", -1, -1 },
	/* (c) not final */
	{ "id:98765432101 sub:000 dlvrd:000 submit date:1001010000 done date:1001010000 "
	  "stat:ENROUTE err:000 text:",
	  "98765432101", SMPP_ENROUTE, "000", "201001010000", "201001010000", 0, 0 },
	/* twelve digits, of which four are the year */
	{ "id:1 submit date:202611290620 done date:202611290621 stat:UNDELIV err:1E", "1",
	  SMPP_UNDELIVERABLE, "1E", "202611290620", "202611290621", -1, -1 },
	{ "id:1 submit date:261129062011 done date:0000000000 stat:REJECTD "
	  "err:ABSENT_SUB",
	  "1", SMPP_REJECTED, "ABSENT_SUB", "20261129062011", "", -1, -1 },
	/* only what is needed */
	{ "ID:AB12 STAT:EXPIRED", "AB12", SMPP_EXPIRED, "", "", "", -1, -1 },
	/* two blanks, line ends, and a text that would say otherwise */
	{ "id:7\r\nsubmit  date:2611290620\nstat:UNDELIV text:id:8 stat:DELIVRD", "7",
	  SMPP_UNDELIVERABLE, "", "202611290620", "", -1, -1 },
	/* a name inside a word is no name */
	{ "mid:9 id:7 substat:1 stat:DELIVRD", "7", SMPP_DELIVERED, "", "", "", -1, -1 },
	{ "id:7 stat: err:", "7", SMPP_NO_STATE, "", "", "", -1, -1 },
	{ "id:7 submit date:11-29-2026 sub:many stat:DELIVRD", "7", SMPP_DELIVERED, "",
	  "", "", -1, -1 },
	/* nothing we could use */
	{ "stat:DELIVRD err:000", "", SMPP_DELIVERED, "000", "", "", -1, -1 },
	{ "", "", SMPP_NO_STATE, "", "", "", -1, -1 },
};

static void
dialects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
		const struct said *s = &SAID[i];
		struct smpp_report_body in = { .esm_class = 4,
			                       .text = s->text,
			                       .len = strlen(s->text),
			                       .message_state = -1 };
		struct smpp_receipt r;

		assert_int_equal(smpp_receipt_read(&in, &r), s->id[0] != '\0');
		if (strcmp(r.text_id, s->id) != 0 || r.state != s->state ||
		    strcmp(r.error, s->error) != 0 ||
		    strcmp(r.submitted, s->submitted) != 0 ||
		    strcmp(r.done, s->done) != 0 || r.sent != s->sent ||
		    r.delivered != s->delivered)
			fail_msg("\"%s\": id %s %s err %s %s %s %d/%d", s->text,
			         r.text_id, smpp_state_name(r.state), r.error,
			         r.submitted, r.done, r.delivered, r.sent);
	}
}

/* TLVs alone, TLVs that know better, and what only looks like a receipt. */
static void
tlvs(void **state)
{
	static const uint8_t absent[3] = { 3, 0, 27 };

	static const struct {
		struct smpp_report_body in;
		bool is_receipt, is_read;
		const char *text_id, *tlv_id, *error;
		enum smpp_state state;
	} rows[] = {
		{ { 4, "", 0, "38601fa", 7, 2, absent },
		  true,
		  true,
		  "",
		  "38601fa",
		  "3.27",
		  SMPP_DELIVERED },
		/* with the NUL that some count */
		{ { 4, "", 0, "38601fa\0", 8, 5, NULL },
		  true,
		  true,
		  "",
		  "38601fa",
		  "",
		  SMPP_UNDELIVERABLE },
		/* no receipt by its class, but by both TLVs */
		{ { 0, "", 0, "1", 1, 8, NULL }, true, true, "", "1", "", SMPP_REJECTED },
		{ { 0, "id:1 stat:DELIVRD", 17, NULL, 0, -1, NULL },
		  false,
		  true,
		  "1",
		  "",
		  "",
		  SMPP_DELIVERED },
		{ { 0, "", 0, "1", 1, -1, NULL },
		  false,
		  true,
		  "",
		  "1",
		  "",
		  SMPP_NO_STATE },
		{ { 0x20, "id:1 stat:ENROUTE", 17, NULL, 0, -1, NULL },
		  true,
		  true,
		  "1",
		  "",
		  "",
		  SMPP_ENROUTE },
		{ { 0x44, "id:1 stat:DELIVRD", 17, NULL, 0, -1, NULL },
		  true,
		  true,
		  "1",
		  "",
		  "",
		  SMPP_DELIVERED },
		/* a delivery acknowledgement of a person's phone is none of ours */
		{ { 8, "id:1", 4, NULL, 0, -1, NULL },
		  false,
		  true,
		  "1",
		  "",
		  "",
		  SMPP_NO_STATE },
		{ { 4, "id:1 stat:XYZ", 13, NULL, 0, 2, NULL },
		  true,
		  true,
		  "1",
		  "",
		  "",
		  SMPP_DELIVERED },
		{ { 4, "", 0, NULL, 0, 77, NULL },
		  true,
		  false,
		  "",
		  "",
		  "",
		  SMPP_NO_STATE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smpp_receipt r;

		assert_int_equal(smpp_is_receipt(&rows[i].in), rows[i].is_receipt);
		assert_int_equal(smpp_receipt_read(&rows[i].in, &r), rows[i].is_read);
		if (strcmp(r.text_id, rows[i].text_id) != 0 ||
		    strcmp(r.tlv_id, rows[i].tlv_id) != 0 || r.state != rows[i].state ||
		    strcmp(r.error, rows[i].error) != 0)
			fail_msg("row %zu: %s %s %s %s", i, r.text_id, r.tlv_id,
			         smpp_state_name(r.state), r.error);
	}
}

static void
states(void **state)
{
	static const struct {
		const char *word;
		enum smpp_state state;
		bool is_final;
	} rows[] = {
		{ "DELIVRD", SMPP_DELIVERED, true },
		{ "delivrd", SMPP_DELIVERED, true },
		{ "DELIVERED", SMPP_DELIVERED, true },
		{ "ACCEPTD", SMPP_ACCEPTED, false },
		{ "ACKED", SMPP_ACCEPTED, false },
		{ "ENROUTE", SMPP_ENROUTE, false },
		{ "BUFFRED", SMPP_ENROUTE, false },
		{ "BUFFERD", SMPP_ENROUTE, false },
		{ "EXPIRED", SMPP_EXPIRED, true },
		{ "DELETED", SMPP_DELETED, true },
		{ "UNDELIV", SMPP_UNDELIVERABLE, true },
		{ "FAILED", SMPP_UNDELIVERABLE, true },
		{ "UNKNOWN", SMPP_UNKNOWN, true },
		{ "REJECTD", SMPP_REJECTED, true },
		{ "SKIPPED", SMPP_SKIPPED, true },
		{ "HAPPY", SMPP_NO_STATE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[64];
		struct smpp_receipt got;
		int n = snprintf(text, sizeof text, "id:1 stat:%s err:000", rows[i].word);
		struct smpp_report_body in = { .esm_class = 4,
			                       .text = text,
			                       .len = (size_t)n,
			                       .message_state = -1 };

		assert_true(smpp_receipt_read(&in, &got));
		if (got.state != rows[i].state ||
		    smpp_state_final(got.state) != rows[i].is_final)
			fail_msg("%s: %s", rows[i].word, smpp_state_name(got.state));
	}
}

static void
a_final_state_stays(void **state)
{
	static const struct {
		enum smpp_state now, heard, then;
	} rows[] = {
		{ SMPP_NO_STATE, SMPP_ACCEPTED, SMPP_ACCEPTED },
		{ SMPP_ACCEPTED, SMPP_ENROUTE, SMPP_ENROUTE },
		{ SMPP_ENROUTE, SMPP_DELIVERED, SMPP_DELIVERED },
		{ SMPP_DELIVERED, SMPP_UNDELIVERABLE, SMPP_DELIVERED },
		{ SMPP_DELIVERED, SMPP_ENROUTE, SMPP_DELIVERED },
		{ SMPP_EXPIRED, SMPP_DELIVERED, SMPP_EXPIRED },
		{ SMPP_ENROUTE, SMPP_SCHEDULED, SMPP_ENROUTE },
		{ SMPP_ENROUTE, SMPP_NO_STATE, SMPP_ENROUTE },
	};

	static const enum smpp_state all[] = { SMPP_DELIVERED, SMPP_DELIVERED };

	static const enum smpp_state some[] = { SMPP_DELIVERED, SMPP_ENROUTE };

	static const enum smpp_state lost[] = { SMPP_ENROUTE, SMPP_EXPIRED };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(smpp_state_after(rows[i].now, rows[i].heard),
		                 rows[i].then);
	assert_int_equal(smpp_state_of_parts(all, 2), SMPP_DELIVERED);
	assert_int_equal(smpp_state_of_parts(some, 2), SMPP_ENROUTE);
	assert_int_equal(smpp_state_of_parts(lost, 2), SMPP_EXPIRED);
	assert_int_equal(smpp_state_of_parts(NULL, 0), SMPP_ENROUTE);
}

static void
ids_meet(void **state)
{
	static const struct {
		const char *answer, *text, *tlv; /* NULL: not there */
		enum smpp_id_rule rule;
		bool meet;
	} rows[] = {
		{ "0059113978", "0059113978", NULL, SMPP_ID_EXACT, true },
		{ "59113978", "0059113978", NULL, SMPP_ID_EXACT, false },
		{ "59113978", "0059113978", NULL, SMPP_ID_FOLD, true },
		{ "AB-12", "ab-12", NULL, SMPP_ID_FOLD, true },
		{ "AB-12", "ab-12", NULL, SMPP_ID_EXACT, false },
		/* the answer in hex, the receipt in decimal: one real SMSC's ids */
		{ "38601fa", "0059113978", NULL, SMPP_ID_HEX_DEC, true },
		{ "038601FA", "59113978", NULL, SMPP_ID_HEX_DEC, true },
		{ "0x38601FA", "59113978", NULL, SMPP_ID_HEX_DEC, true },
		{ "38601fa", "0059113978", NULL, SMPP_ID_FOLD, false },
		{ "59113978", "38601FA", NULL, SMPP_ID_DEC_HEX, true },
		{ "59113978", "x", "38601fa", SMPP_ID_DEC_HEX, true },
		{ "38601FA", "0059113978", "38601fa", SMPP_ID_TLV_HEX, true },
		{ "38601FA", "0059113978", NULL, SMPP_ID_TLV_HEX, true },
		{ "16fee0e525", "98765432101", NULL, SMPP_ID_HEX_DEC, true },
		{ "00", "0", NULL, SMPP_ID_DEC, true },
		/* more digits than any integer has */
		{ "ffffffffffffffffffffffff", "79228162514264337593543950335", NULL,
		  SMPP_ID_HEX_DEC, true },
		/* hex "10" is sixteen */
		{ "10", "10", NULL, SMPP_ID_HEX_DEC, false },
		{ "10", "16", NULL, SMPP_ID_HEX_DEC, true },
		/* what is no number is folded */
		{ "74E02EE1-4E2F", "74e02ee1-4e2f", NULL, SMPP_ID_HEX_DEC, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smpp_id how = { rows[i].rule, SMPP_ID_IN_ANSWER, "mno-1" };
		struct smpp_receipt r = { 0 };
		char of_answer[SMPP_CARRIER_SIZE], of_receipt[SMPP_CARRIER_SIZE];

		snprintf(r.text_id, sizeof r.text_id, "%s", rows[i].text);
		snprintf(r.tlv_id, sizeof r.tlv_id, "%s",
		         rows[i].tlv == NULL ? "" : rows[i].tlv);
		assert_true(smpp_carrier_id(&how, rows[i].answer, strlen(rows[i].answer),
		                            of_answer));
		assert_true(
		    smpp_receipt_carrier_id(rows[i].rule, "mno-1", &r, of_receipt));
		if ((strcmp(of_answer, of_receipt) == 0) != rows[i].meet)
			fail_msg("row %zu: %s and %s", i, of_answer, of_receipt);
		assert_memory_equal(of_answer, "mno-1:", 6);
		if (rows[i].meet)
			assert_true(smpp_id_guess(rows[i].answer, &r) <= rows[i].rule);
	}
}

static void
ids_that_are_none(void **state)
{
	struct smpp_id how = { SMPP_ID_FOLD, SMPP_ID_IN_ANSWER, "b" };
	char out[SMPP_CARRIER_SIZE], digits[65];

	(void)state;
	assert_false(smpp_carrier_id(&how, "", 0, out));
	assert_false(smpp_carrier_id(&how, "a b", 3, out));
	assert_false(smpp_carrier_id(&how, "a\n", 2, out));
	memset(digits, '9', sizeof digits);
	assert_false(smpp_carrier_id(&how, digits, 65, out));
	how.rule = SMPP_ID_DEC;
	assert_true(smpp_carrier_id(&how, digits, 64, out));
	assert_string_equal(smpp_id_rule_name(SMPP_ID_HEX_DEC), "hex_dec");
	assert_null(smpp_id_rule_name(SMPP_ID_RULES));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialects), cmocka_unit_test(tlvs),
		cmocka_unit_test(states),   cmocka_unit_test(a_final_state_stays),
		cmocka_unit_test(ids_meet), cmocka_unit_test(ids_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
