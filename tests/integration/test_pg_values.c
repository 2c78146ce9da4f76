/* What goes into a call and what comes out: arguments, arrays, nulls, getters. */
#include "tests/integration/pg_world.h"

/* Sends the arguments, expects the text of the first column. */
static void
expect_text(struct pg *pg, const struct pg_statement *st, struct pg_args *a,
            const char *text)
{
	struct seen s = { 0 };

	s.op = pg_call(pg, st, a, WITHIN_MS, on_reply, &s);
	wait_seen(&s, 1);
	assert_int_equal(s.err.code, ERR_NONE);
	assert_string_equal(s.text, text);
}

static void
arguments_of_every_type_arrive(void **state)
{
	static const struct pg_statement scalars = {
		"t_scalars", "select concat_ws('|', $1::text, $2::bigint, $3::integer, "
		             "$4::boolean, $5::uuid, $6::bytea, $7::jsonb->>'a', "
		             "coalesce($8::date::text, 'null'))"
	};
	static const struct pg_statement arrays = {
		"t_arrays",
		"select concat_ws('|', $1::bigint[], $2::integer[], $3::uuid[], "
		"$4::text[], $5::bytea[], cardinality($6::bigint[]))"
	};
	static const struct pg_statement uuid_nulls = {
		"t_uuids", "select ($1::uuid[])[2] is null and ($1::uuid[])[1] = "
		           "'01000000-0000-0000-0000-000000000000'"
	};
	static const int64_t longs[] = { INT64_MIN, 0, INT64_MAX };
	static const int32_t ints[] = { -1, 7 };
	static const struct uuid uuids[] = { { { 1 } }, { { 0 } } };
	static const char *const texts[] = { "a,\"b", NULL, "" };
	static const struct pg_blob blobs[] = { { "\0\1", 2 }, { NULL, 0 } };
	struct pg *pg = open_pool(1, 4);
	struct pg_args *a = pg_args_new();
	(void)state;

	pg_text(a, "na\xc3\xafve");
	pg_i64(a, INT64_MIN);
	pg_i32(a, -5);
	pg_bool(a, true);
	pg_uuid(a, NULL);
	pg_bytes(a, "\0x", 2);
	pg_text_n(a, "{\"a\":1}..", 7);
	pg_null(a);
	expect_text(pg, &scalars, a,
	            "na\xc3\xafve|-9223372036854775808|-5|t|\\x0078|1|null");
	a = pg_args_new();
	pg_i64_array(a, longs, 3);
	pg_i32_array(a, ints, 2);
	pg_uuid_array(a, uuids, 0);
	pg_text_array(a, texts, 3);
	pg_bytes_array(a, blobs, 2);
	pg_i64_array(a, NULL, 0);
	expect_text(pg, &arrays, a,
	            "{-9223372036854775808,0,9223372036854775807}|{-1,7}|{}|"
	            "{\"a,\\\"b\",NULL,\"\"}|{\"\\\\x0001\",NULL}|0");
	a = pg_args_new();
	pg_uuid_array(a, uuids, 2);
	expect_text(pg, &uuid_nulls, a, "t");
	close_pool(pg);
}

static void
unfit_arguments_are_refused_before_they_are_sent(void **state)
{
	struct pg *pg = open_pool(1, 4);
	struct pg_args *a = pg_args_new(), *b = pg_args_new();
	struct seen s[2] = { 0 };
	(void)state;

	for (int i = 0; i < 65; i++)
		pg_i64(a, i);
	pg_text_n(b, "a\0b", 3);
	s[0].op = pg_call(pg, &SAME, a, WITHIN_MS, on_reply, &s[0]);
	s[1].op = pg_call(pg, &SAME, b, WITHIN_MS, on_reply, &s[1]);
	wait_seen(s, 2);
	assert_int_equal(s[0].err.code, ERR_TOO_LONG);
	assert_int_equal(s[1].err.code, ERR_TOO_LONG);
	close_pool(pg);
}

static void
check_reply(void *arg, const struct pg_reply *r)
{
	static const struct uuid id = { { 0x01, 0x23 } };
	struct uuid got = reply_uuid(r, 0, 3);
	unsigned char bytes[8];
	bool *done = arg;

	*done = true;
	assert_int_equal(r->rows, 2);
	assert_true(reply_null(r, 0, 0));
	assert_int_equal(reply_i64(r, 0, 0), 0);
	assert_string_equal(reply_text(r, 0, 0), "");
	assert_int_equal(reply_i64(r, 0, 1), -42);
	assert_true(reply_bool(r, 0, 2));
	assert_true(uuid_equal(&got, &id));
	assert_int_equal(reply_bytes(r, 0, 4, bytes, sizeof bytes), 3);
	assert_memory_equal(bytes, "\xff\x00\x41", 3);
	assert_int_equal(reply_bytes(r, 0, 4, bytes, 1), 1);
	assert_int_equal(reply_i64(r, 0, 5), 0); /* unreadable as a number */
	assert_string_equal(reply_text(r, 1, 5), "y");
	assert_string_equal(reply_text(r, 2, 0), ""); /* out of range */
	assert_true(reply_null(r, 0, 99));
	assert_true(reply_null(r, -1, 0));
}

static void
getters_read_rows_and_survive_nonsense(void **state)
{
	static const struct pg_statement st = {
		"t_getters", "values (null::bigint, -42::bigint, true, "
		             "'01230000-0000-0000-0000-000000000000'::uuid, "
		             "'\\xff0041'::bytea, '12x'), "
		             "(1, 2, false, null, null, 'y')"
	};
	struct pg *pg = open_pool(1, 4);
	bool done = false;
	(void)state;

	pg_call(pg, &st, NULL, WITHIN_MS, check_reply, &done);
	while (!done)
		loop_turn(loop, 20);
	close_pool(pg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_of_every_type_arrive),
		cmocka_unit_test(unfit_arguments_are_refused_before_they_are_sent),
		cmocka_unit_test(getters_read_rows_and_survive_nonsense),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
