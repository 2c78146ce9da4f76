/* paybill: what may come to a pay bill, as Safaricom writes it. */
#include "gateway/webhook/paybill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static struct settings settings;

static int
set_up(void **state)
{
	(void)state;
	settings.provider_count = 1;
	memcpy(settings.providers[0].name, "saf", 4);
	memcpy(settings.providers[0].currency, "KES", 4);
	memcpy(settings.providers[0].party, "600999", 7);
	memcpy(settings.callback.secret, "abc", 4);
	return 0;
}

static void
paths(void **state)
{
	static const struct {
		const char *rest;
		bool good, confirms;
	} rows[] = {
		{ "saf/abc/MIGORI/validate", true, false },
		{ "saf/abc/MIGORI/confirm", true, true },
		{ "saf/abd/MIGORI/confirm", false, false },
		{ "saf/ab/MIGORI/confirm", false, false },
		{ "saf/abcd/MIGORI/confirm", false, false },
		{ "mtn/abc/MIGORI/confirm", false, false },
		{ "saf/abc//confirm", false, false },
		{ "saf/abc/MIGORI/other", false, false },
		{ "saf/abc/MIGORI", false, false },
		{ "", false, false },
	};
	struct paybill_path p;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(paybill_path(&settings, rows[i].rest, &p), rows[i].good);
		if (rows[i].good)
			assert_int_equal(p.confirms, rows[i].confirms);
	}
	settings.callback.secret[0] = '\0'; /* no secret, no such page */
	assert_false(paybill_path(&settings, "saf//MIGORI/confirm", &p));
	memcpy(settings.callback.secret, "abc", 4);
}

#define BILL(shop, amount, who)                                                          \
	"{\"TransID\":\"RKTQDM7W6S\",\"TransAmount\":" amount                            \
	",\"BusinessShortCode\":\"" shop                                                 \
	"\",\"BillRefNumber\":\"K7M2Q9\",\"MSISDN\":\"" who "\"}"

static void
bodies(void **state)
{
	static const struct {
		const char *body, *wrong;
		int64_t amount;
		const char *number;
	} rows[] = {
		{ BILL("600999", "\"10.00\"", "25470****149"), NULL, 1000,
		  "25470****149" },
		{ BILL("600999", "10.5", "254708374149"), NULL, 1050, "254708374149" },
		{ BILL("600999", "10", ""), NULL, 1000, "" },
		/* the newer kind of mask, a hash, is no number */
		{ BILL(
		      "600999", "10",
		      "2ede39c1bd3c1bd1e2d1a1f7c3a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3"),
		  NULL, 1000, "" },
		{ BILL("600999", "10", "NEEMA"), NULL, 1000, "" },
		{ BILL("600998", "10", ""), "C2B00015", 1000, "" },
		{ BILL("600999", "\"0.00\"", ""), "C2B00013", 0, "" },
		{ BILL("600999", "\"10.001\"", ""), "C2B00013", -1, "" },
		{ BILL("600999", "-5", ""), "C2B00013", 0, "" },
		{ "{\"TransAmount\":\"10\",\"BusinessShortCode\":\"600999\"}", "C2B00016",
		  1000, "" },
		{ "[]", "C2B00016", 0, "" },
		{ "<html>", "C2B00016", 0, "" },
		{ "", "C2B00016", 0, "" },
	};
	struct received_money m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *wrong = paybill_read(rows[i].body, strlen(rows[i].body),
		                                 &settings.providers[0], 2, &m);

		if (rows[i].wrong == NULL)
			assert_null(wrong);
		else
			assert_string_equal(wrong, rows[i].wrong);
		assert_int_equal(m.amount, rows[i].amount);
		assert_string_equal(m.number, rows[i].number);
	}
}

/* No account, and any number of the till's own. */
static void
bodies_of_a_till(void **state)
{
	static const struct settings_provider till = { .name = "saf",
		                                       .currency = "KES",
		                                       .party = "600999",
		                                       .kind = "till",
		                                       .till = "5123456",
		                                       .store = "4100100" },
	                                      bill = { .name = "saf",
		                                       .currency = "KES",
		                                       .party = "600999",
		                                       .kind = "paybill",
		                                       .till = "5123456" };

	static const struct {
		const struct settings_provider *entry;
		const char *shop, *wrong;
	} rows[] = {
		{ &till, "5123456", NULL },       { &till, "4100100", NULL },
		{ &till, "600999", NULL },        { &till, "600998", "C2B00015" },
		{ &till, "", "C2B00015" },        { &bill, "600999", NULL },
		{ &bill, "5123456", "C2B00015" },
	};
	struct received_money m;
	char body[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *wrong;

		snprintf(body, sizeof body,
		         "{\"TransactionType\":\"Buy Goods\",\"TransID\":\"RKTQDM7W6S\","
		         "\"TransAmount\":\"10.00\",\"BusinessShortCode\":\"%s\","
		         "\"BillRefNumber\":\"\",\"MSISDN\":\"25470****149\"}",
		         rows[i].shop);
		wrong = paybill_read(body, strlen(body), rows[i].entry, 2, &m);
		if (rows[i].wrong == NULL)
			assert_null(wrong);
		else
			assert_string_equal(wrong, rows[i].wrong);
		assert_string_equal(m.reference, "");
		assert_int_equal(m.amount, 1000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths),
		cmocka_unit_test(bodies),
		cmocka_unit_test(bodies_of_a_till),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
