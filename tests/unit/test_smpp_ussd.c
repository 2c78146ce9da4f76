/* USSD over SMPP: every vendor's row, hop by hop, and how each is answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp/ussd.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define NO    -1
#define PHONE "255712000100"

struct hop_case {
	const char *preset;
	int op, info, reference; /* NO: the TLV is not there */
	const char *to, *text;
	enum smpp_ussd_read read;
	enum hop_kind kind;
	const char *session, *code, *input;
};

static const struct hop_case CASES[] = {
	/* the standard's way, the session's octet above its step */
	{ "generic", 1, 0x0500, NO, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "" },
	{ "generic", 18, 0x0502, NO, "77", "1", SMPP_USSD_HOP, HOP_CONTINUE,
	  "tigo/" PHONE "/5", "77", "1" },
	{ "generic", 18, 0x0503, NO, "77", "1", SMPP_USSD_HOP, HOP_ABORT,
	  "tigo/" PHONE "/5", "77", "1" },
	{ "generic", 19, 0x0502, NO, "77", "", SMPP_USSD_NOTHING, 0, NULL, NULL, NULL },
	{ "generic", 17, 0x0502, NO, "77", "", SMPP_USSD_HOP, HOP_END, "tigo/" PHONE "/5",
	  "77", "" },
	/* its number left out: the phone is the session */
	{ "generic", 1, NO, NO, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN, "tigo/" PHONE,
	  "*384*77#", "" },
	{ "generic", 18, NO, NO, "77", "1", SMPP_USSD_HOP, HOP_CONTINUE, "tigo/" PHONE,
	  "77", "1" },
	{ "generic", 2, 0x0500, NO, "77", "x", SMPP_USSD_WRONG, 0, NULL, NULL, NULL },
	{ "generic", 40, 0x0500, NO, "77", "x", SMPP_USSD_WRONG, 0, NULL, NULL, NULL },
	{ "generic_dest", 1, 0x0500, NO, "*384*77#", "", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "" },
	{ "generic_dest", 1, 0x0500, NO, "*384*77#", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "" },
	/* more behind the code: in the text, in the destination, or apart from it */
	{ "generic", 1, 0x0500, NO, "77", "*384*77*1*2#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "1*2#" },
	{ "plain", NO, NO, NO, "77", "*384*77*1*2*3*4*5*6*7*8*9*10*11*12*13#",
	  SMPP_USSD_HOP, HOP_BEGIN, "tigo/" PHONE, "*384*77#",
	  "1*2*3*4*5*6*7*8*9*10*11*12*13#" },
	{ "generic_dest", 1, 0x0500, NO, "384", "*384*77*1#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "1#" },
	{ "generic_dest", 1, 0x0500, NO, "*384*77*1*2#", "", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "1*2#" },
	{ "generic", 1, 0x0500, NO, "77", "*385*77*1#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*385*77*1#", "" },
	{ "generic_dest", 1, 0x0500, NO, "*384*77#", "1", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/5", "*384*77#", "1" },
	/* fifteen bits of number, and the end */
	{ "sixdee", 1, 0x1234, NO, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/2330", "*384*77#", "" },
	{ "sixdee", 18, 0x1234, NO, "77", "2", SMPP_USSD_HOP, HOP_CONTINUE,
	  "tigo/" PHONE "/2330", "77", "2" },
	{ "sixdee", 18, 0x1235, NO, "77", "", SMPP_USSD_HOP, HOP_ABORT,
	  "tigo/" PHONE "/2330", "77", "" },
	{ "sixdee", 129, 0x1234, NO, "77", "", SMPP_USSD_HOP, HOP_ABORT,
	  "tigo/" PHONE "/2330", "77", "" },
	{ "sixdee_dest", 1, 0x1234, NO, "*384*77#", "", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/2330", "*384*77#", "" },
	{ "mica", 1, NO, 48000, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE "/48000", "*384*77#", "" },
	{ "mica", 18, NO, 48000, "77", "4", SMPP_USSD_HOP, HOP_CONTINUE,
	  "tigo/" PHONE "/48000", "77", "4" },
	{ "mica", 129, NO, 48000, "77", "", SMPP_USSD_HOP, HOP_ABORT,
	  "tigo/" PHONE "/48000", "77", "" },
	{ "mica", 1, 0x1234, NO, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE, "*384*77#", "" },
	{ "sixdee", 1, NO, NO, "77", "*384*77#", SMPP_USSD_WRONG, 0, NULL, NULL, NULL },
	/* no number anywhere: the phone is the session, whatever stands in the TLV */
	{ "huawei", 1, 0x1234, NO, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN,
	  "tigo/" PHONE, "*384*77#", "" },
	{ "huawei", 18, 0x9999, NO, "77", "0", SMPP_USSD_HOP, HOP_CONTINUE, "tigo/" PHONE,
	  "77", "0" },
	{ "plain", NO, NO, NO, "77", "*384*77#", SMPP_USSD_HOP, HOP_BEGIN, "tigo/" PHONE,
	  "*384*77#", "" },
	{ "plain", NO, NO, NO, "77", "1", SMPP_USSD_HOP, HOP_CONTINUE, "tigo/" PHONE,
	  "77", "1" },
	{ "plain", 1, NO, NO, "77", "*384*77# with a story that is no code at all",
	  SMPP_USSD_WRONG, 0, NULL, NULL, NULL },
	{ "plain", 1, NO, NO, "77", "*384 77#", SMPP_USSD_WRONG, 0, NULL, NULL, NULL },
};

static struct smpp_ussd_in
in_of(const struct hop_case *c)
{
	return (struct smpp_ussd_in){
		.bind = "tigo",
		.op = c->op,
		.has_info = c->info != NO,
		.info = (uint16_t)(c->info == NO ? 0 : c->info),
		.has_reference = c->reference != NO,
		.reference = (uint16_t)(c->reference == NO ? 0 : c->reference),
		.service_type = "USSD",
		.service_code = "*384*77#",
		.source = PHONE,
		.destination = c->to,
		.text = c->text,
		.text_len = strlen(c->text)
	};
}

static void
hops(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		const struct hop_case *c = &CASES[i];
		struct smpp_ussd_in in = in_of(c);
		struct smpp_ussd_back back;
		struct hop hop;
		const char *why;

		assert_true(smpp_is_ussd(smpp_ussd_preset(c->preset), &in));
		if (smpp_ussd_read(smpp_ussd_preset(c->preset), &in, &hop, &back, &why) !=
		    c->read)
			fail_msg("case %zu: not read as it should be: %s", i, why);
		if (c->read != SMPP_USSD_HOP)
			continue;
		if (hop.kind != c->kind || strcmp(hop.session, c->session) != 0 ||
		    strcmp(hop.code, c->code) != 0 || strcmp(hop.input, c->input) != 0)
			fail_msg("case %zu: kind %d session %s code %s input %s", i,
			         (int)hop.kind, hop.session, hop.code, hop.input);
		assert_string_equal(hop.channel, "smpp");
		assert_string_equal(hop.msisdn.digits, PHONE);
		assert_false(hop.cumulative);
		assert_int_equal(hop.input_len, strlen(hop.input));
	}
}

static void
answers(void **state)
{
	static const struct {
		const char *preset;
		int info, reference;
		uint8_t ask, end;
		int ask_info, end_info, back_reference;
	} rows[] = {
		{ "generic", 0x0502, NO, 2, 17, 0x0502, 0x0502, NO },
		{ "sixdee", 0x1234, NO, 2, 2, 0x1234, 0x1235, NO },
		/* decimal 17: 0x11, not the 0x17 of a well-known slip */
		{ "mica", NO, 48000, 2, 0x11, NO, NO, 48000 },
		{ "huawei", 0x1234, NO, 2, 17, NO, NO, NO },
		{ "plain", NO, NO, 2, 17, NO, NO, NO },
		{ "generic", NO, NO, 2, 17, NO, NO, NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hop_case c = { rows[i].preset,
			              18,
			              rows[i].info,
			              rows[i].reference,
			              "77",
			              "1",
			              0,
			              0,
			              0,
			              0,
			              0 };
		struct smpp_ussd_in in = in_of(&c);
		struct smpp_ussd_back back;
		struct smpp_ussd_out ask, end;
		struct hop hop;
		const char *why;

		assert_int_equal(smpp_ussd_read(smpp_ussd_preset(rows[i].preset), &in,
		                                &hop, &back, &why),
		                 SMPP_USSD_HOP);
		smpp_ussd_answer(&back, false, &ask);
		smpp_ussd_answer(&back, true, &end);
		assert_string_equal(ask.service_type, "USSD");
		assert_string_equal(ask.phone, PHONE);
		assert_string_equal(ask.number, "77");
		assert_int_equal(ask.op, rows[i].ask);
		assert_int_equal(end.op, rows[i].end);
		assert_int_equal(ask.has_info ? ask.info : NO, rows[i].ask_info);
		assert_int_equal(end.has_info ? end.info : NO, rows[i].end_info);
		assert_int_equal(end.has_reference ? end.reference : NO,
		                 rows[i].back_reference);
	}
}

static void
a_session_opened_by_us(void **state)
{
	struct smpp_ussd_out out;

	(void)state;
	assert_true(smpp_ussd_push(smpp_ussd_preset("generic"), 7, true, &out));
	assert_int_equal(out.op, SMPP_OP_USSR_REQ);
	assert_int_equal(out.info, 0x0700);
	assert_true(smpp_ussd_push(smpp_ussd_preset("generic"), 7, false, &out));
	assert_int_equal(out.op, SMPP_OP_USSN_REQ);
	assert_false(smpp_ussd_push(smpp_ussd_preset("huawei"), 7, true, &out));
}

static void
what_is_no_ussd(void **state)
{
	struct smpp_ussd_in sms = { .op = SMPP_OP_NONE, .service_type = "" };

	(void)state;
	assert_false(smpp_is_ussd(smpp_ussd_preset("plain"), &sms));
	sms.service_type = "ussd";
	assert_true(smpp_is_ussd(smpp_ussd_preset("plain"), &sms));
	assert_null(smpp_ussd_preset("nobody"));
	for (size_t i = 0; smpp_ussd_preset_at(i) != NULL; i++)
		assert_ptr_equal(smpp_ussd_preset(smpp_ussd_preset_at(i)->name),
		                 smpp_ussd_preset_at(i));
}

static void
single_keys_over_a_preset(void **state)
{
	static const struct smpp_ussd_but none = { "", "", "", -1, -1, -1, "" };
	struct smpp_ussd_but but = none;
	struct smpp_ussd_preset p;
	struct smpp_ussd_in in = { .op = SMPP_OP_NONE, .service_type = "WAPUS" };
	struct smpp_ussd_back back = { .preset = &p, .has_info = true, .info = 0x0700 };
	struct smpp_ussd_out out;

	(void)state;
	assert_false(smpp_ussd_resolve("nobody", &but, &p));
	assert_true(smpp_ussd_resolve("huawei", &but, &p));
	assert_memory_equal(&p, smpp_ussd_preset("huawei"), sizeof p);

	but = (struct smpp_ussd_but){ "info", "destination", "yes", 3, 19, 0, "WAPUS" };
	assert_true(smpp_ussd_resolve("huawei", &but, &p));
	assert_int_equal(p.session, SMPP_SESSION_INFO);
	assert_int_equal(p.code, SMPP_CODE_DESTINATION);
	assert_int_equal(p.release, -1);
	assert_true(smpp_is_ussd(&p, &in));
	assert_false(smpp_is_ussd(smpp_ussd_preset("huawei"), &in));
	smpp_ussd_answer(&back, false, &out);
	assert_int_equal(out.op, 3);
	assert_int_equal(out.info, 0x0700);
	assert_string_equal(out.service_type, "WAPUS");
	smpp_ussd_answer(&back, true, &out);
	assert_int_equal(out.op, 19);
	assert_int_equal(out.info, 0x0701);

	but = none;
	but.release = 129;
	assert_true(smpp_ussd_resolve("plain", &but, &p));
	assert_int_equal(p.release, 129);
	but.end_bit = "yes"; /* of a session that has no such TLV */
	assert_false(smpp_ussd_resolve("plain", &but, &p));
	but.end_bit = "no";
	assert_true(smpp_ussd_resolve("sixdee", &but, &p));
	assert_false(p.end_bit);
}

static void
strange_addresses(void **state)
{
	static const char *const sources[] = { "", "Tigo", "12",
		                               "25571200010025571200010012345678" };

	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct hop_case c = { "plain", 1, NO, NO, "77", "*1#", 0, 0, 0, 0, 0 };
		struct smpp_ussd_in in = in_of(&c);
		struct smpp_ussd_back back;
		struct hop hop;
		const char *why;

		in.source = sources[i];
		assert_int_equal(
		    smpp_ussd_read(smpp_ussd_preset("plain"), &in, &hop, &back, &why),
		    SMPP_USSD_WRONG);
		assert_non_null(why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hops),
		cmocka_unit_test(answers),
		cmocka_unit_test(a_session_opened_by_us),
		cmocka_unit_test(what_is_no_ussd),
		cmocka_unit_test(single_keys_over_a_preset),
		cmocka_unit_test(strange_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
