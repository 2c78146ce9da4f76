/* Batches over real HTTP against the simulator: made by one, approved by another, and
 * each payment's end as the book has it. */
#include "payments/provider/gsma_batch.h"

#include "tests/integration/sim_bed.h"

#define ORDERS 5

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "gsma",
		                                  .user = "client",
		                                  .key = "key",
		                                  .currency = "TZS",
		                                  .party = "400100",
		                                  .scale = 2 };

	(void)state;
	return sim_bed_open(&provider_gsma, &account);
}

static struct gsma_batch_told
tell(const struct provider_request *rq)
{
	struct provider_answer ans = sim_answer(sim_send(rq));
	struct gsma_batch_told told;

	gsma_batch_answer(&ans, &told);
	return told;
}

static struct gsma_batch_told
create(const struct gsma_batch *b, const struct provider_order *orders, size_t n)
{
	struct provider_request rq;
	char body[sizeof rq.body];
	struct gsma_batch_orders list = { orders, n, body, sizeof body, 0 };

	assert_int_equal(
	    gsma_batch_create(&sim.account, sim_token(PAY_OUT), b, &list, &rq, NULL), 0);
	memcpy(rq.body, body, list.len + 1);
	rq.body_len = list.len;
	return tell(&rq);
}

static struct gsma_batch_told
ask(const struct gsma_batch *b)
{
	struct provider_request rq;

	assert_int_equal(gsma_batch_query(&sim.account, sim_token(PAY_OUT), b, &rq, NULL),
	                 0);
	return tell(&rq);
}

static struct gsma_batch_told
approve(const struct gsma_batch *b, enum pay_direction who)
{
	struct provider_request rq;

	assert_int_equal(gsma_batch_approve(&sim.account, sim_token(who), b, &rq, NULL),
	                 0);
	return tell(&rq);
}

struct ends {
	const struct provider_order *orders;
	enum verdict_kind end[ORDERS];
	unsigned seen;
};

static void
note(void *arg, const struct uuid *reference, const struct verdict *v)
{
	struct ends *e = arg;

	for (unsigned i = 0; i < ORDERS; i++)
		if (uuid_equal(reference, &e->orders[i].reference)) {
			e->end[i] = v->kind;
			e->seen++;
		}
}

static void
read_lists(const struct gsma_batch *b, struct ends *e)
{
	for (int list = BATCH_COMPLETIONS; list <= BATCH_REJECTIONS; list++) {
		struct gsma_batch_page page = { (enum gsma_batch_list)list, 0, 2 };
		int rows = 2;

		for (; rows == 2; page.offset += 2) {
			struct provider_request rq;
			struct provider_answer ans;

			assert_int_equal(gsma_batch_list(&sim.account, sim_token(PAY_OUT),
			                                 b, &page, &rq, NULL),
			                 0);
			ans = sim_answer(sim_send(&rq));
			rows = gsma_batch_read(&ans, page.list, note, e);
			assert_true(rows >= 0 && rows <= 2);
		}
	}
}

static void
each_payment_ends_as_its_number_says(void **state)
{
	static const char *const numbers[ORDERS] = { "255682000100", "255682000101",
		                                     "255682000107", "255682000110",
		                                     "255682000100" };
	struct gsma_batch b = { .reference = ids_uuid4(&sim.ids), .title = "Share-out" };
	struct provider_order orders[ORDERS];
	struct ends ends = { .orders = orders };
	struct gsma_batch_told told;
	char book[16];

	(void)state;
	for (unsigned i = 0; i < ORDERS; i++)
		orders[i] = sim_order(numbers[i], PAY_OUT);
	assert_int_equal(ask(&b).state, BATCH_NOT_FOUND);
	told = create(&b, orders, ORDERS);
	assert_int_equal(told.state, BATCH_CREATED);
	assert_int_equal(create(&b, orders, ORDERS).state, BATCH_DUPLICATE);
	/* as if that answer had been lost */
	assert_string_equal(ask(&b).their_id, told.their_id);
	memcpy(b.their_id, told.their_id, sizeof b.their_id);
	sim_book_state(&orders[0].reference, book);
	assert_string_equal(book, "none");
	assert_int_equal(approve(&b, PAY_OUT).state, BATCH_DOWN); /* by its own maker */
	assert_int_equal(approve(&b, PAY_IN).state, BATCH_APPROVED);
	for (int i = 0; i < 1000 && ask(&b).state != BATCH_COMPLETED; i++)
		loop_turn(sim.loop, 5);
	told = ask(&b);
	assert_int_equal(told.completed, 3);
	assert_int_equal(told.rejected, 2);
	read_lists(&b, &ends);
	assert_int_equal(ends.seen, ORDERS);
	for (unsigned i = 0; i < ORDERS; i++) {
		sim_book_state(&orders[i].reference, book);
		assert_string_equal(book,
		                    ends.end[i] == VERDICT_PAID ? "paid" : "failed");
		assert_true(ends.end[i] == VERDICT_PAID || ends.end[i] == VERDICT_FAILED);
	}
	/* approved twice: paid once */
	assert_int_equal(approve(&b, PAY_IN).state, BATCH_APPROVED);
	assert_int_equal(ask(&b).completed, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_payment_ends_as_its_number_says),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
