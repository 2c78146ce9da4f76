/* Products as documents: what is read is written again, and a fault names its field. */
#include "payments/core/product.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TERMS "\"terms\":{\"min\":2,\"usual\":4,\"max\":12}"
#define WEEKLY                                                                           \
	"\"contract\":{\"every\":1,\"every_unit\":\"WEEKS\",\"interest_type\":\"FLAT\"," \
	"\"charges\":[{\"code\":\"service\",\"time\":\"INSTALMENT\","                    \
	"\"base\":\"PCT_PRINCIPAL\",\"pct\":\"5\"}]}"
#define HEAD                                                                             \
	"\"code\":\"w\",\"kind\":\"working\",\"names\":{\"en\":\"Working\"},"            \
	"\"currency\":\"TZS\","
#define GROUP                                                                            \
	"\"code\":\"w\",\"kind\":\"group\",\"names\":{\"en\":\"Working\"},\"currency\":" \
	"\"TZS\","
#define AMOUNTS "\"amount_min\":1000,\"amount_max\":1000000,"

static struct schedule work;

static int
judge(const char *text, struct product *p, struct diag *fault)
{
	struct json *doc = json_parse(text, strlen(text), NULL);
	int result;

	assert_non_null(doc);
	fault->text[0] = '\0';
	result = product_read(doc, p, fault);
	json_free(doc);
	return result < 0 ? result : product_check(p, &work, fault);
}

static void
write_text(const struct product *p, char *out, size_t cap)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, out, cap);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	product_write(&w, p);
	jw_end_object(&w);
	assert_true(buf_ok(&b));
}

static void
what_is_written_reads_the_same(void **state)
{
	static const char lease[] =
	    "{\"code\":\"lease\",\"kind\":\"lease\",\"active\":true,\"phone\":false,"
	    "\"position\":2,\"names\":{\"en\":\"Equipment\",\"sw\":\"Mashine\",\"fr\":"
	    "\"\"},\"currency\":\"TZS\",\"amount_min\":1000,\"amount_max\":900000,"
	    "\"second_above\":5000,\"terms\":{\"choice\":[12,18,24],\"usual\":18},"
	    "\"sale_share_permille\":200,\"floor_permille\":500,\"limit\":{\"first\":"
	    "700},\"lease\":{\"deposit_bp\":1000,\"buyout_bp\":100},\"contract\":{"
	    "\"rate_pct\":\"18\",\"every_unit\":\"MONTHS\",\"grace_principal\":2}}";
	struct product p, again;
	struct diag fault;
	char one[2000], two[2000];

	(void)state;
	assert_int_equal(judge(lease, &p, &fault), 0);
	assert_int_equal(p.kind, PRODUCT_LEASE);
	assert_int_equal(p.deposit_bp, 1000);
	assert_int_equal(p.terms.terms_min, 12);
	assert_int_equal(p.terms.terms_max, 24);
	assert_int_equal(p.terms.limit.first, 700);
	assert_int_equal(p.terms.limit.per_loan, 225000); /* left out: the usual */
	assert_string_equal(product_name(&p, "sw"), "Mashine");
	assert_string_equal(product_name(&p, "fr"), "Equipment");
	assert_true(loan_term_fits(&p.terms, 18));
	assert_false(loan_term_fits(&p.terms, 13));
	write_text(&p, one, sizeof one);
	assert_int_equal(judge(one, &again, &fault), 0);
	write_text(&again, two, sizeof two);
	assert_string_equal(one, two);
}

/* What is sent besides is in the loan's contract, and a fee of hers if she bears it: on
 * the first due day, wherever that moves. */
static void
cashout_is_part_of_the_contract(void **state)
{
	static const char text[] =
	    "{" HEAD AMOUNTS TERMS ",\"contract\":{\"every_unit\":\"WEEKS\","
	    "\"interest_type\":\"FLAT\",\"cashout\":\"MEMBER\"}}";
	struct product p;
	struct diag fault;
	struct contract c;
	struct loan_terms terms;
	struct err err;

	(void)state;
	assert_int_equal(judge(text, &p, &fault), 0);
	assert_int_equal(loan_contract(&p.terms, 1000, 4, 20000, &c, &err), 0);
	assert_int_equal(loan_cashout(&c, 30, &work, &err), 0);
	assert_int_equal(loan_terms(&c, &work, &terms, &err), 0);
	assert_int_equal(terms.principal, 1000);
	assert_int_equal(terms.fee, 30);
	assert_int_equal(work.at[0].fee, 30);
	loan_paid_out_on(&c, 20050, 0);
	assert_int_equal(loan_cashout(&c, c.cashout_amount, &work, &err), 0);
	assert_int_equal(c.charge_count, 1);
	assert_int_equal(loan_terms(&c, &work, &terms, &err), 0);
	assert_int_equal(work.at[0].fee, 30);
	c.charge_count = 0;
	c.cashout = CASHOUT_COOPERATIVE;
	assert_int_equal(loan_cashout(&c, 30, &work, &err), 0);
	assert_int_equal(c.charge_count, 0);
	assert_int_equal(c.cashout_amount, 30);
}

static void
faults_name_their_field(void **state)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "{" HEAD AMOUNTS TERMS "," WEEKLY "}", "" },
		{ "{" HEAD AMOUNTS TERMS "}", "contract: is missing" },
		{ "{" AMOUNTS "\"code\":\"w\"," TERMS "," WEEKLY "}", "kind: give one" },
		{ "{" HEAD TERMS "," WEEKLY "}", "amount_min: is missing" },
		{ "{" HEAD "\"amount_min\":9,\"amount_max\":8," TERMS "," WEEKLY "}",
		  "amount_max: is under" },
		{ "{" HEAD AMOUNTS "\"terms\":{\"usual\":0}," WEEKLY "}",
		  "terms.usual: give a whole number from 1" },
		{ "{" HEAD AMOUNTS "\"terms\":{\"choice\":[4,8],\"usual\":5}," WEEKLY "}",
		  "terms.usual: is not one of choice" },
		{ "{" HEAD AMOUNTS "\"terms\":{\"choice\":[8,4]}," WEEKLY "}",
		  "terms.choice: give numbers" },
		{ "{" HEAD AMOUNTS "\"lease\":{\"deposit_bp\":5}," TERMS "," WEEKLY "}",
		  "lease: only a product of kind lease" },
		{ "{" HEAD AMOUNTS TERMS ",\"contract\":{\"cashout\":\"MEMBER\"}}", "" },
		{ "{" HEAD AMOUNTS TERMS ",\"contract\":{\"cashout\":\"NOBODY\"}}",
		  "contract: cashout: give one of NONE" },
		{ "{" HEAD AMOUNTS TERMS
		  ",\"contract\":{\"cashout\":\"MEMBER\",\"cashout_amount\":5}}",
		  "contract.cashout_amount: is the loan's own" },
		{ "{" GROUP AMOUNTS "\"group\":{\"min\":5,\"max\":9}," TERMS
		  ",\"contract\":{\"cashout\":\"MEMBER\"}}",
		  "contract.cashout: only a member's own loan" },
		{ "{" HEAD AMOUNTS "\"group\":{\"guarantee_bp\":5}," TERMS "," WEEKLY "}",
		  "group: only a product of kind group" },
		{ "{" GROUP AMOUNTS "\"group\":{\"min\":1,\"max\":5}," TERMS "," WEEKLY
		  "}",
		  "group.min: a group has two members" },
		{ "{" GROUP AMOUNTS "\"group\":{\"min\":5,\"max\":13}," TERMS "," WEEKLY
		  "}",
		  "group.max: give a whole number from 0 to 12" },
		{ "{" GROUP AMOUNTS "\"group\":{\"min\":5,\"max\":4}," TERMS "," WEEKLY
		  "}",
		  "group.max: is under group.min" },
		{ "{" GROUP AMOUNTS
		  "\"group\":{\"min\":5,\"max\":9,\"guarantee_bp\":10001}," TERMS
		  "," WEEKLY "}",
		  "group.guarantee_bp: give a whole number" },
		{ "{" GROUP AMOUNTS
		  "\"group\":{\"min\":5,\"max\":9,\"guarantee_bp\":1000}," TERMS
		  "," WEEKLY "}",
		  "" },
		{ "{" HEAD AMOUNTS TERMS ",\"contract\":{\"charges\":[{},{\"pct\":\"x\"}"
		  "]}}",
		  "contract.charges[1]: pct: give a percentage" },
		{ "{" HEAD AMOUNTS TERMS ",\"contract\":{\"principal\":5}}",
		  "contract.principal: is the loan's own" },
		{ "{" HEAD AMOUNTS TERMS ",\"contract\":{\"every_unit\":\"YEARS\"}}",
		  "contract: every_unit: give one of" },
		{ "{" HEAD AMOUNTS TERMS ",\"contract\":{\"grace_principal\":3}}",
		  "contract: grace_principal: leaves no instalment" },
	};
	struct product p;
	struct diag fault;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int got = judge(t[i].text, &p, &fault);

		assert_int_equal(got, t[i].want[0] == '\0' ? 0 : -1);
		if (strncmp(fault.text, t[i].want, strlen(t[i].want)) != 0)
			fail_msg("%s: got \"%s\"", t[i].text, fault.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_reads_the_same),
		cmocka_unit_test(cashout_is_part_of_the_contract),
		cmocka_unit_test(faults_name_their_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
