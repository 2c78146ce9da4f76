/* The small floor: identifiers, numbers of phones, text building, JSON, masking. */
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/msisdn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
phone_numbers_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *written, *home, *digits; /* digits NULL: refused */
	} rows[] = {
		{ "+255712000100", NULL, "255712000100" },
		{ "00255712000100", NULL, "255712000100" },
		{ "0712 000 100", "TZ", "255712000100" },
		{ "712000100", "TZ", "255712000100" },
		{ "255712000100", "TZ", "255712000100" },
		{ "0712-000-100", "KE", "254712000100" },
		{ "0712000100", NULL, NULL },
		{ "+25571200010", NULL, NULL },
		{ "+255912000100", NULL, NULL },
		{ "0707123456", "CI", "2250707123456" },
		{ "0788123456", "RW", "250788123456" },
		{ "0744123456", "RW", NULL },
		{ "+258841234567", NULL, "258841234567" },
		{ "+258801234567", NULL, NULL },
		{ "07a2000100", "TZ", NULL },
		{ "", "TZ", NULL },
		{ "+46733123450", NULL, "46733123450" },
		{ "123456789012345678901234567890", "TZ", NULL },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct msisdn m = { "" };
		const struct msisdn_country *home =
		    rows[i].home ? msisdn_country(rows[i].home) : NULL;
		bool ok =
		    msisdn_parse(rows[i].written, strlen(rows[i].written), home, &m);

		assert_int_equal(ok, rows[i].digits != NULL);
		if (ok)
			assert_string_equal(m.digits, rows[i].digits);
	}
}

static void
masked_numbers_keep_only_their_ends(void **state)
{
	char out[MSISDN_MAX + 1];
	(void)state;

	assert_string_equal(msisdn_mask("255712000100", out), "25571****100");
	assert_string_equal(msisdn_mask("1234567", out), "*******");
	assert_string_equal(msisdn_mask("", out), "");
}

static void
uuids_survive_text_and_order_by_time(void **state)
{
	struct ids ids;
	struct uuid a, b, back;
	char text[UUID_TEXT_SIZE];
	(void)state;

	ids_init_seeded(&ids, 7);
	a = ids_uuid7(&ids, 1000);
	b = ids_uuid7(&ids, 1001);
	assert_true(memcmp(a.b, b.b, 16) < 0);
	assert_true(uuid_parse(uuid_text(&a, text), 36, &back));
	assert_true(uuid_equal(&a, &back));
	assert_int_equal(text[14], '7');
	b = ids_uuid4(&ids);
	assert_int_equal(uuid_text(&b, text)[14], '4');
	assert_false(uuid_parse("not-a-uuid", 10, &back));
	assert_false(uuid_parse("00000000-0000-0000-0000-00000000000g", 36, &back));
	a = uuid_from_name("coop/1", 6);
	b = uuid_from_name("coop/1", 6);
	assert_true(uuid_equal(&a, &b));
}

static void
a_full_buffer_says_so_once_and_stays_text(void **state)
{
	char storage[8];
	struct buf b;
	(void)state;

	buf_init(&b, storage, sizeof storage);
	buf_puts(&b, "abc");
	assert_true(buf_ok(&b));
	buf_put_i64(&b, INT64_MIN);
	assert_false(buf_ok(&b));
	assert_string_equal(storage, "abc-922");
	buf_clear(&b);
	buf_printf(&b, "%d", 12345678);
	assert_false(buf_ok(&b));
	assert_string_equal(storage, "1234567");
}

static void
json_is_read_strictly(void **state)
{
	static const char *const bad[] = { "",    "{",       "{\"a\":1,\"a\":2}",
		                           "1 2", "{'a':1}", "99999999999999999999" };
	struct err err;
	struct json *doc;
	int64_t v = 0;
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_null(json_parse(bad[i], strlen(bad[i]), &err));
	{
		static const char text[] =
		    "{\"n\":\"3599\",\"m\":-7,\"f\":1.5,\"o\":{\"t\":\"x\"}}";

		doc = json_parse(text, sizeof text - 1, &err);
	}
	assert_non_null(doc);
	assert_true(json_get_i64(doc, "n", &v) && v == 3599);
	assert_true(json_get_i64(doc, "m", &v) && v == -7);
	assert_false(json_get_i64(doc, "f", &v));
	assert_string_equal(json_get_text(json_get(doc, "o"), "t"), "x");
	assert_null(json_get_text(json_get(doc, "nothing"), "t"));
	json_free(doc);
}

static void
json_fractions_become_text(void **state)
{
	static const char *const t[][2] = {
		{ "{\"a\":4.370,\"b\":-0.5}", "{\"a\":\"4.370\",\"b\":\"-0.5\"}" },
		{ "[1,1.5e3,1.5E+3,2.0]", "[1,1.5e3,1.5E+3,\"2.0\"]" },
		{ "[\"1.5\",\"\\\"1.5\"]", "[\"1.5\",\"\\\"1.5\"]" },
		{ "[01.5,1.,.5,1.2.3,--1.5,1e1.5]", "[01.5,1.,.5,1.2.3,--1.5,1e1.5]" },
		{ "1.5", "\"1.5\"" },
		{ "\"1.5\\", "\"1.5\\" },
		{ "", "" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		size_t n = strlen(t[i][0]);
		char *out = json_quote_fractions(t[i][0], &n);

		assert_non_null(out);
		assert_int_equal(n, strlen(t[i][1]));
		assert_memory_equal(out, t[i][1], n);
		free(out);
	}
}

static void
json_is_written_with_escapes_and_commas(void **state)
{
	char storage[200];
	struct buf b;
	struct json_writer w;
	(void)state;

	buf_init(&b, storage, sizeof storage);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "a", "q\"\\\n\x01");
	jw_array(&w, "l");
	jw_i64(&w, NULL, 1);
	jw_bool(&w, NULL, true);
	jw_end_array(&w);
	jw_text(&w, "n", NULL);
	jw_end_object(&w);
	assert_string_equal(storage,
	                    "{\"a\":\"q\\\"\\\\\\n\\u0001\",\"l\":[1,true],\"n\":null}");
}

static char caught[512];

static void
catch_line(void *arg, const char *line)
{
	(void)arg;
	strncpy(caught, line, sizeof caught - 1);
}

static void
a_strangers_text_cannot_forge_a_log_line(void **state)
{
	(void)state;

	log_set_sink(catch_line, NULL);
	log_info("ref-1", "hop", "text=\"%s\"", "a\nb\x1b[2J");
	log_set_sink(NULL, NULL);
	assert_null(strchr(caught, '\n'));
	assert_non_null(strstr(caught, " info ref-1 hop text=\"a?b?[2J\""));
}

static int freed;

static void
count_freed(void *p)
{
	freed += *(int *)p;
}

static void
an_arena_runs_its_deferred_work_once(void **state)
{
	static int one = 1;
	struct arena *a = arena_new(1 << 20);
	char *s = arena_printf(a, "%s-%d", "loan", 7);
	(void)state;

	arena_defer(a, count_freed, &one);
	assert_string_equal(s, "loan-7");
	assert_non_null(arena_zalloc(a, 100000));
	arena_free(a);
	assert_int_equal(freed, 1);
	arena_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phone_numbers_are_read_as_people_write_them),
		cmocka_unit_test(masked_numbers_keep_only_their_ends),
		cmocka_unit_test(uuids_survive_text_and_order_by_time),
		cmocka_unit_test(a_full_buffer_says_so_once_and_stays_text),
		cmocka_unit_test(json_is_read_strictly),
		cmocka_unit_test(json_fractions_become_text),
		cmocka_unit_test(json_is_written_with_escapes_and_commas),
		cmocka_unit_test(a_strangers_text_cannot_forge_a_log_line),
		cmocka_unit_test(an_arena_runs_its_deferred_work_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
