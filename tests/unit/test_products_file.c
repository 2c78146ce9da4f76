/* products.conf: every fault has its line, amounts have their currency, and what is
 * written reads the same. */
#include "gateway/cli/products.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/adit-products-XXXXXX";

static int
open_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

#define BEFORE                                                                           \
	"products = ( {\n"                                                               \
	"code = \"w\"; kind = \"working\"; currency = \"TZS\";\n"                        \
	"names = { en = \"Working\"; };\n"
#define AFTER  "} );\n"
#define AMOUNT "amount_min = \"1,000 TZS\"; amount_max = \"2500.50 TZS\";\n"
#define PLAN   "contract = { every_unit = \"WEEKS\"; };\n"

static void
faults_have_a_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *want;
	} t[] = {
		{ BEFORE AMOUNT PLAN AFTER, 0, NULL },
		{ BEFORE "amount_min = 1000;\n" PLAN AFTER, 4, "amount_min: expects an" },
		{ BEFORE "amount_min = \"10 KES\";\n" PLAN AFTER, 4,
		  "amount_min: expects an" },
		{ BEFORE "amount_min = \"1.005 TZS\";\n" PLAN AFTER, 4,
		  "amount_min: expects an" },
		{ BEFORE AMOUNT "\nphone = 1;\n" PLAN AFTER, 6, "phone: expects true" },
		{ BEFORE AMOUNT "terms = { max = 4;\nchoices = 4; };\n" PLAN AFTER, 6,
		  "terms.choices: no such field" },
		{ BEFORE AMOUNT "terms = {\nchoice = [ 8, 4 ]; };\n" PLAN AFTER, 6,
		  "terms.choice: give numbers" },
		{ BEFORE AMOUNT "contract = {\nrate_pct = 2.5; };\n" AFTER, 6,
		  "contract.rate_pct: expects a percentage" },
		{ BEFORE AMOUNT "contract = {\nrate_pct = \"2,5\"; };\n" AFTER, 6,
		  "contract: rate_pct: give a percentage" },
		{ BEFORE AMOUNT "contract = {\nprincipal = 5; };\n" AFTER, 6,
		  "contract.principal: no such field" },
		{ BEFORE AMOUNT
		  "contract = { charges = (\n{ pct = \"1\"; },\n"
		  "{ amount = \"5 TZS\";\n time = \"NEVER\"; } ); };\n" AFTER,
		  8, "contract.charges[1]: time: give one of" },
		{ BEFORE PLAN AFTER, 1, "amount_min: is missing" },
		{ "loans = 1;\n" BEFORE AMOUNT PLAN AFTER, 1, "loans: only products" },
		{ "products = (\n{ code = ; } );\n", 2, "syntax error" },
		{ "", 0, "products: expects a list" },
	};
	struct settings_faults faults;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		write_file(t[i].text);
		struct product_set *set = products_load(path, &faults);
		if (t[i].want == NULL) {
			assert_non_null(set);
			assert_int_equal(set->at[0].terms.amount_max, 250050);
			products_free(set);
			continue;
		}
		assert_null(set);
		if (faults.at[0].line != t[i].line ||
		    strncmp(faults.at[0].text, t[i].want, strlen(t[i].want)) != 0)
			fail_msg("case %zu: %u: %s", i, faults.at[0].line,
			         faults.at[0].text);
	}
}

static void
the_same_code_twice(void **state)
{
	struct settings_faults faults;
	struct product_set *set;

	(void)state;
#define ONE(scope)                                                                       \
	"{ code = \"w\"; kind = \"working\"; currency = \"TZS\";" scope                  \
	"names = { en = \"Working\"; };" AMOUNT PLAN "}"
	write_file("products = ( " ONE("") ",\n" ONE("") " );");
	assert_null(products_load(path, &faults));
	assert_string_equal(faults.at[0].text, "code: another product has it already");
	write_file("products = ( " ONE("cooperatives = [\"A\"];") ",\n" ONE(
	    "cooperatives = [\"B\"];") " );");
	set = products_load(path, &faults);
	assert_non_null(set);
	products_free(set);
}

static struct json *
as_json(const struct product *p, char *text, size_t cap)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, text, cap);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	product_write(&w, p);
	jw_end_object(&w);
	assert_true(buf_ok(&b));
	return json_parse(text, b.len, NULL);
}

static void
what_is_exported_is_imported(void **state)
{
	struct settings_faults faults;
	struct product_set *set = products_load("config/products.conf", &faults);
	static char one[16384], other[16384];
	FILE *f = fopen(path, "w");

	(void)state;
	assert_non_null(set);
	assert_non_null(f);
	assert_int_equal(set->count, 4);
	for (unsigned i = 0; i < set->count; i++) {
		struct json *doc = as_json(&set->at[i], one, sizeof one);

		fputs(i == 0 ? "products = (" : ",", f);
		products_file_write(f, doc);
		json_free(doc);
	}
	fputs(");", f);
	assert_int_equal(fclose(f), 0);
	struct product_set *again = products_load(path, &faults);
	assert_non_null(again);
	for (unsigned i = 0; i < set->count; i++) {
		json_free(as_json(&set->at[i], one, sizeof one));
		json_free(as_json(&again->at[i], other, sizeof other));
		assert_string_equal(one, other);
	}
	products_free(set);
	products_free(again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_have_a_line),
		cmocka_unit_test(the_same_code_twice),
		cmocka_unit_test(what_is_exported_is_imported),
	};

	return cmocka_run_group_tests(tests, open_file, remove_file);
}
