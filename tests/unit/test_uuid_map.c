/* A map of UUIDs beside a plain table: random puts, takes and replacements. */
#include "lib/uuid_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define KEYS  500
#define STEPS 200000

static struct uuid
key_of(unsigned n)
{
	struct uuid u = { { 1, 2,
		            3 } }; /* alike at the front, as ids of one moment are */

	u.b[14] = (uint8_t)(n >> 8);
	u.b[15] = (uint8_t)n;
	return u;
}

static void
it_holds_what_was_put_and_not_taken(void **state)
{
	static char items[2];
	struct uuid_map m = { 0 };
	void *plain[KEYS] = { 0 };
	struct ids chance;
	size_t count = 0;
	(void)state;

	ids_init_seeded(&chance, 7);
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned n = (unsigned)(ids_u64(&chance) % KEYS);
		struct uuid key = key_of(n);

		assert_ptr_equal(uuid_map_get(&m, &key), plain[n]);
		if (ids_u64(&chance) % 2 == 0) {
			count += plain[n] == NULL;
			plain[n] = &items[ids_u64(&chance) % 2];
			uuid_map_put(&m, &key, plain[n]);
		} else {
			count -= plain[n] != NULL;
			assert_ptr_equal(uuid_map_take(&m, &key), plain[n]);
			plain[n] = NULL;
		}
		assert_int_equal(m.count, count);
	}
	for (unsigned n = 0; n < KEYS; n++) {
		struct uuid key = key_of(n);

		assert_ptr_equal(uuid_map_get(&m, &key), plain[n]);
	}
	uuid_map_clear(&m, NULL);
	assert_int_equal(m.count, 0);
}

static unsigned dropped;

static void
drop(void *item)
{
	free(item);
	dropped++;
}

static void
clearing_drops_each_item_once(void **state)
{
	struct uuid_map m = { 0 };
	struct uuid key;
	(void)state;

	for (unsigned n = 0; n < 100; n++) {
		key = key_of(n);
		uuid_map_put(&m, &key, malloc(1));
	}
	uuid_map_clear(&m, drop);
	assert_int_equal(dropped, 100);
	key = key_of(1);
	assert_null(uuid_map_get(&m, &key));
	assert_null(uuid_map_take(&m, &key));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_holds_what_was_put_and_not_taken),
		cmocka_unit_test(clearing_drops_each_item_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
