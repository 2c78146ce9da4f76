/* Statements by their forms: amounts, times, and rows of each provider as tables. */
#include "payments/provider/provider.h"
#include "payments/provider/statement.h"

#include "lib/buf.h"
#include "lib/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NO INT64_MIN

static const struct {
	const char *text;
	char decimal;
	unsigned exponent;
	int64_t minor; /* NO: refused */
} amounts[] = {
	{ "500", '.', 2, 50000 },
	{ "500.00", '.', 2, 50000 },
	{ "-500.5", '.', 2, -50050 },
	{ "+1", '.', 2, 100 },
	{ "1,000.00", '.', 2, 100000 },
	{ "12,345,678", '.', 2, 1234567800 },
	{ "1 000,50", ',', 2, 100050 },
	{ "1.000,50", ',', 2, 100050 },
	{ "1\xc2\xa0"
	  "000\xc2\xa0"
	  "000",
	  ',', 0, 1000000 },
	{ "1\xe2\x80\xaf"
	  "000",
	  ',', 0, 1000 },
	{ "1'000", '.', 0, 1000 },
	{ "1000", '.', 0, 1000 },
	{ "1000.00", '.', 0, 1000 },
	{ "0.00", '.', 2, 0 },
	{ "0.1230", '.', 3, 123 },
	{ "9999999999999999", '.', 2, NO }, /* beyond what an account can hold */
	{ "12345678901234567", '.', 2, NO },
	{ "1,50", '.', 2, NO }, /* a comma for a point: never guessed */
	{ "1,0000", '.', 2, NO },
	{ "1000,000", '.', 2, NO },
	{ "1,000 000", '.', 2, NO }, /* two kinds of groups */
	{ ",100", '.', 2, NO },
	{ "1,,000", '.', 2, NO },
	{ "500.005", '.', 2, NO },
	{ "500.50", '.', 0, NO },
	{ "500.", '.', 2, NO },
	{ ".50", '.', 2, NO },
	{ "--5", '.', 2, NO },
	{ "5-", '.', 2, NO },
	{ "KES 5", '.', 2, NO },
	{ "1e3", '.', 2, NO },
	{ "", '.', 2, NO },
};

static void
amounts_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
		int64_t minor = NO;

		if (!statement_amount(amounts[i].text, amounts[i].decimal,
		                      amounts[i].exponent, &minor))
			minor = NO;
		if (minor != amounts[i].minor)
			print_message("amount %s\n", amounts[i].text);
		assert_int_equal(minor, amounts[i].minor);
	}
}

#define AT 1796034153 /* 2026-11-30 10:22:33 */

static const struct {
	const char *text;
	bool year_first;
	int64_t wall_s; /* 0: refused */
	bool zoned;
} times[] = {
	{ "2026-11-30 10:22:33", true, AT, false },
	{ "2026-11-30T10:22:33.123Z", true, AT, true },
	{ "2026-11-30T13:22:33+03:00", true, AT, true },
	{ "2026-11-30T07:22:33-0300", true, AT, true },
	{ "30-11-2026 10:22:33", false, AT, false },
	{ "30/11/2026 10:22:33", false, AT, false },
	{ "30.11.2026 10:22:33 AM", false, AT, false },
	{ "30-11-2026 10:22", false, AT - 33, false },
	{ "30-11-2026 12:00:00 AM", false, AT - 37353, false },
	{ "30-11-2026 12:00:00 PM", false, AT + 5847, false },
	{ "2026-11-30 10:22:33", false, AT, false }, /* four digits are a year */
	{ "20261130102233", false, AT, false },
	{ "1-2-2026 1:02:03", false, 1769907723, false },
	{ "31-11-2026 10:22:33", false, 0, false },
	{ "29-02-2026 10:22:33", false, 0, false },
	{ "30-13-2026 10:22:33", false, 0, false },
	{ "11/30/2026 10:22:33", false, 0, false },
	{ "30-11-26 10:22:33", false, 0, false },
	{ "30-11-2026", false, 0, false },
	{ "30-11-2026 24:00:00", false, 0, false },
	{ "30-11-2026 10:61:00", false, 0, false },
	{ "30-11-2026 13:00:00 PM", false, 0, false },
	{ "2026-11-30T10:22:33+3", true, 0, false },
	{ "2026-11-30T10:22:33 EAT", true, 0, false },
	{ "", false, 0, false },
};

static void
times_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		int64_t wall_s = 0;
		bool zoned = false;

		if (!statement_time(times[i].text, times[i].year_first, &wall_s, &zoned))
			wall_s = 0;
		if (wall_s != times[i].wall_s)
			print_message("time %s\n", times[i].text);
		assert_int_equal(wall_s, times[i].wall_s);
		if (wall_s != 0)
			assert_int_equal(zoned, times[i].zoned);
	}
}

/* Heading and rows; what comes out as "kind state amount fee balance number txn said|"
 * with "-" for nothing, or "!column what". */
static const struct {
	const char *codec, *currency;
	unsigned exponent;
	const char *text, *read;
} rows[] = {
	{ "mtn", "TZS", 2,
	  "Id,External Transaction "
	  "Id,Date,Status,Type,From,To,Amount,Fee,Balance,Currency\n"
	  "11,5f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f9e10,2026-11-30 "
	  "10:22:33,Successful,Transfer,"
	  "FRI:9999/USER,FRI:255712000100/"
	  "MSISDN,\"-50,000.00\",150.00,\"949,850.00\",TZS\n"
	  "12,x,2026-11-30 10:22:33,Successful,Payment,FRI:255712000100/MSISDN,FRI:9999/"
	  "USER,500.00,,\"950,350.00\",TZS\n"
	  "13,,2026-11-30 10:22:33,Unsuccessful,Transfer,,,-1.00,,,\n"
	  "14,,2026-11-30 10:22:33,Successful,Monthly fee,,,-100.00,0.00,950250,tzs\n"
	  "15,,2026-11-30 10:22:33,Delivered,Transfer,,,-1.00,,,\n"
	  "16,,2026-11-30 10:22:33,Successful,Transfer,,,-1.00,,,EUR\n"
	  "17,,2026-11-30 10:22:33,Successful,Transfer,,,1.00,,\n",
	  "out done -5000000 15000 94985000 255712000100 11 uuid|"
	  "in done 50000 0 95035000 255712000100 12 x|"
	  "out failed -100 0 - - 13 -|"
	  "fee done -10000 0 95025000 - 14 -|"
	  "!status is not a status we know|"
	  "!currency is not the currency of this account|"
	  "! has fewer fields than the heading|" },
	{ "airtel", "TZS", 2,
	  "Transaction ID,Transaction Date & Time,Transaction Type,Transaction Amount,"
	  "Service Charge,Transaction Status,Post Balance,MSISDN,External Reference\n"
	  "MP1.1,30-11-2026 10:22:33,Debit,\"5,000.00\",20.00,Transaction "
	  "Success,\"100,000.00\","
	  "255681000100,5f0c1bd26a434a1e8b7c0d3b6a2f9e10\n"
	  "MP1.2,30-11-2026 10:22:33,Credit,70,0,TS,,,\n"
	  "MP1.3,30-11-2026 10:22:33,Service Charge,7,0,TS,,,\n"
	  "MP1.4,30-11-2026 10:22:33,Float Purchase,7,0,TS,,,\n",
	  "out done -500000 2000 10000000 255681000100 MP1.1 uuid|"
	  "in done 7000 0 - - MP1.2 -|"
	  "fee done -700 0 - - MP1.3 -|"
	  "!type is not a type we know|" },
	{ "daraja", "KES", 2,
	  "Short Code:,174379,,,,,,,,,,\n"
	  "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid "
	  "In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,A/C No.\n"
	  "QK1,30-11-2026 10:22:33,x,Business "
	  "Payment,Completed,,\"-5,000.00\",\"10,000.00\","
	  "TRUE,Business Payment to Customer,254710000112 - NEEMA COFFEE,\n"
	  "QK1,30-11-2026 10:22:33,x,B2C "
	  "Charge,Completed,,-15.50,\"9,984.50\",TRUE,Business "
	  "to Customer Charge,,\n"
	  "QK2,30-11-2026 10:22:33,x,Pay Bill,Completed,2000,,\"11,984.50\",TRUE,Pay "
	  "Utility,"
	  "25471****112 - NEEMA,LOAN7\n"
	  "QK3,30-11-2026 10:22:33,x,Pay Bill,Completed,2000,1,,TRUE,Pay Utility,,\n"
	  "QK4,30-11-2026 10:22:33,x,Pay Bill,Completed,,,,TRUE,Pay Utility,,\n"
	  "QK5,,x,Business Payment,Failed,,0.00,,,,,\n"
	  "QK6,,x,Business Payment,Completed,,1.00,,,,,\n"
	  "QK7,30-11-2026 10:22:33,x,Pay,Completed,-5,,,,,,\n",
	  "out done -500000 0 1000000 254710000112 QK1 -|"
	  "fee done -1550 0 998450 - QK1 -|"
	  "in done 200000 0 1198450 - QK2 LOAN7|"
	  "!paid in and withdrawn both hold an amount|"
	  "!paid in holds nothing, yet the row is done|"
	  "nothing|"
	  "!time is no date with a time of day|"
	  "!paid in is negative|" },
	{ "gsma", "MZN", 2,
	  "transactionReference,creationDate,transactionStatus,type,amount,currency,fees,"
	  "balance,debitParty,creditParty,requestingOrganisationTransactionReference\n"
	  "REF1,2026-11-30T10:22:33Z,completed,disbursement,5000.00,MZN,1.00,10.00,,"
	  "msisdn:+258840000100,5f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f9e10\n"
	  "REF2,2026-11-30T10:22:33Z,pending,merchantpay,5.00,MZN,,,+258840000100,,\n",
	  "out done -500000 100 1000 258840000100 REF1 uuid|"
	  "in pending 500 0 - 258840000100 REF2 -|" },
	{ "pawapay", "RWF", 0,
	  "Creation Date,MSISDN,Transaction ID,Amount,Currency,Country,MNO,Type,Balance\n"
	  "2026-11-30 "
	  "10:22:33,250780000100,5f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f9e10,5000,RWF,"
	  "RWA,MTN_MOMO_RWA,PAYOUT,95000\n"
	  "2026-11-30 "
	  "10:22:33,250780000100,5f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f9e10,50,RWF,RWA,"
	  "MTN_MOMO_RWA,PAYOUT_FEE,94950\n"
	  "2026-11-30 10:22:33,,adj,-7,RWF,RWA,,ADJUSTMENT,94943\n",
	  "out done -5000 0 95000 250780000100 5f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f9e10 uuid|"
	  "fee done -50 0 94950 250780000100 5f0c1bd2-6a43-4a1e-8b7c-0d3b6a2f9e10 uuid|"
	  "out done -7 0 94943 - adj adj|" },
	{ "orange", "XOF", 0,
	  "R\xc3\xa9"
	  "f\xc3\xa9rence;Date;Heure;Service;Statut;Cr\xc3\xa9"
	  "dit;D\xc3\xa9"
	  "bit;Solde;Correspondant;R\xc3\xa9"
	  "f\xc3\xa9rence externe\n"
	  "CI1;30/11/2026;10:22:33;Cash in;Succ\xc3\xa8s;;5 000;95 000;22370000100;x\n"
	  "CI2;30/11/2026;10:22:33;Frais;Effectu\xc3\xa9;;50;94 950;;\n"
	  "CI3;30/11/2026;10:22:33;Cash in;\xc3\x89"
	  "chec;;5 000;;;\n",
	  "out done -5000 0 95000 22370000100 CI1 x|"
	  "fee done -50 0 94950 - CI2 -|"
	  "out failed -5000 0 - - CI3 -|" },
};

static void
write_line(struct buf *b, const struct statement_line *l)
{
	static const char *const kinds[] = { "none", "out", "in", "fee" };
	static const char *const states[] = { "done", "failed", "pending" };

	assert_int_equal(l->wall_s, AT);
	buf_printf(b, "%s %s %lld %lld ", kinds[l->kind], states[l->state],
	           (long long)l->amount, (long long)l->fee);
	if (l->has_balance)
		buf_put_i64(b, l->balance);
	else
		buf_putc(b, '-');
	buf_printf(b, " %s %s %s|", l->number[0] == '\0' ? "-" : l->number, l->txn,
	           !uuid_is_nil(&l->reference) ? "uuid"
	           : l->said[0] == '\0'        ? "-"
	                                       : l->said);
}

static void
read_rows(size_t i, struct buf *out)
{
	const struct statement_form *form = statement_form(rows[i].codec);
	struct statement_account account = { .exponent = (uint8_t)rows[i].exponent };
	struct csv *c = malloc(sizeof *c);
	struct statement_map map;
	struct csv_row row;
	bool headed = false;

	memcpy(account.currency, rows[i].currency, 4);
	csv_init(c, form->delimiter);
	csv_feed(c, rows[i].text, strlen(rows[i].text));
	while (csv_next(c, &row) == CSV_ROW) {
		struct statement_reader by = { form, &map, &account };
		struct statement_fault fault;
		struct statement_line line;
		int got;

		if (!headed) {
			headed = statement_heading(form, row.at, row.count, &map);
			continue;
		}
		got = statement_read(&by, row.at, row.count, &line, &fault);
		if (got < 0)
			buf_printf(out, "!%s %s|", statement_column_name(fault.column),
			           fault.what);
		else if (got > 0)
			buf_puts(out, "nothing|");
		else
			write_line(out, &line);
	}
	free(c);
	assert_true(headed);
}

static void
rows_of_every_provider(void **state)
{
	char storage[1200];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_init(&b, storage, sizeof storage);
		read_rows(i, &b);
		assert_string_equal(b.at, rows[i].read);
	}
}

static void
every_codec_has_a_form(void **state)
{
	const struct provider *p;

	(void)state;
	for (size_t i = 0; (p = provider_at(i)) != NULL; i++)
		assert_non_null(statement_form(p->name));
	assert_null(statement_form("nobody"));
	for (size_t i = 0; statement_form_at(i) != NULL; i++)
		assert_non_null(provider_by_name(statement_form_at(i)->codec));
}

static void
a_heading_says_what_it_misses(void **state)
{
	static const char *const fields[] = { " receipt no. ", "Completion Time",
		                              "Details", "Transaction Status",
		                              "Paid In" };
	const struct statement_form *form = statement_form("vodacom");
	struct statement_map map;

	(void)state;
	assert_false(statement_heading(form, fields, 5, &map));
	assert_string_equal(statement_heading_misses(form, fields, 5), "Withdrawn");
}

static void
a_person_says_what_a_type_means(void **state)
{
	static const char *const heading[] = { "Transaction ID", "Transaction Date",
		                               "Transaction Type", "Amount", "Status" };
	static const char *const row[] = { "MP1", "30-11-2026 10:22:33", "Float Purchase",
		                           "7.00", "TS" };
	static const struct statement_word said[] = { { "float purchase", LINE_IN },
		                                      { NULL, 0 } };
	struct statement_account account = { .currency = "TZS", .exponent = 2 };
	const struct statement_form *form = statement_form("airtel");
	struct statement_fault fault;
	struct statement_line line;
	struct statement_map map;
	struct statement_reader by = { form, &map, &account };

	(void)state;
	assert_true(statement_heading(form, heading, 5, &map));
	assert_int_equal(statement_read(&by, row, 5, &line, &fault), -1);
	account.types = said;
	assert_int_equal(statement_read(&by, row, 5, &line, &fault), 0);
	assert_int_equal(line.amount, 700);
	assert_int_equal(line.kind, LINE_IN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_read_or_refused),
		cmocka_unit_test(times_are_read_or_refused),
		cmocka_unit_test(rows_of_every_provider),
		cmocka_unit_test(every_codec_has_a_form),
		cmocka_unit_test(a_heading_says_what_it_misses),
		cmocka_unit_test(a_person_says_what_a_type_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
