/* Batches of the GSMA Mobile Money API: golden requests, every answer we know of, and
 * what its lists say of each payment. */
#include "payments/provider/gsma_batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define FIRST       "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define SECOND      "7b1f0f4e-2c11-4c43-9f54-0a7e1c9d2b60"
#define BATCH       "9f2c3d7e-0000-4000-8000-000000000001"

static const struct provider_account account = { .name = "gsma",
	                                         .base_url = "http://mm.example/1.2",
	                                         .currency = "SLE",
	                                         .party = "400100",
	                                         .scale = 2 };
static const struct provider_token token = { .text = "tok" };

static struct provider_order
order(const char *reference, int64_t minor)
{
	struct provider_order o = { .direction = PAY_OUT,
		                    .msisdn = "23276123456",
		                    .amount_minor = minor,
		                    .exponent = 2,
		                    .currency = "SLE" };

	assert_true(uuid_parse(reference, 36, &o.reference));
	return o;
}

static struct gsma_batch
batch(const char *their_id)
{
	struct gsma_batch b = { .title = "Share-out", .wall_ms = 1577269800123 };

	assert_true(uuid_parse(BATCH, 36, &b.reference));
	memcpy(b.their_id, their_id, strlen(their_id) + 1);
	return b;
}

#define ROW(amount, reference)                                                           \
	"{\"type\":\"disbursement\",\"amount\":\"" amount "\",\"currency\":\"SLE\","     \
	"\"debitParty\":[{\"key\":\"walletid\",\"value\":\"400100\"}],\"creditParty\":[" \
	"{\"key\":\"msisdn\",\"value\":\"+23276123456\"}],"                              \
	"\"requestingOrganisationTransactionReference\":\"" reference "\"}"

static void
requests(void **state)
{
	struct provider_order orders[] = { order(FIRST, 1550), order(SECOND, 99) };
	struct gsma_batch_page page = { BATCH_REJECTIONS, 20, 10 };
	struct gsma_batch b = batch("B7");
	struct provider_request rq;
	char body[4000];
	struct gsma_batch_orders list = { orders, 2, body, sizeof body, 0 };

	(void)state;
	assert_int_equal(gsma_batch_create(&account, &token, &b, &list, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://mm.example/1.2/batchtransactions");
	assert_string_equal(body, "{\"batchTitle\":\"Share-out\",\"transactions\":[" ROW(
	                              "15.50", FIRST) "," ROW("0.99", SECOND) "]}");
	assert_int_equal(list.len, strlen(body));
	assert_int_equal(gsma_batch_approve(&account, &token, &b, &rq, NULL), 0);
	assert_string_equal(rq.method, "PATCH");
	assert_string_equal(rq.url, "http://mm.example/1.2/batchtransactions/B7");
	assert_string_equal(rq.body, "[{\"op\":\"replace\",\"path\":\"/batchStatus\","
	                             "\"value\":\"approved\"}]");
	assert_int_equal(gsma_batch_list(&account, &token, &b, &page, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://mm.example/1.2/batchtransactions/B7/"
	                            "rejections?offset=20&limit=10");
	assert_int_equal(gsma_batch_query(&account, &token, &b, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://mm.example/1.2/batchtransactions/B7");
	b = batch("");
	assert_int_equal(gsma_batch_query(&account, &token, &b, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://mm.example/1.2/responses/" BATCH);
}

static void
what_cannot_be_sent_is_not(void **state)
{
	struct provider_order orders[] = { order(FIRST, 1550), order(SECOND, 99) };
	struct gsma_batch b = batch("../accounts");
	struct provider_request rq;
	char body[4000];
	struct gsma_batch_orders list = { orders, 2, body, 300, 0 };

	(void)state;
	assert_int_equal(gsma_batch_create(&account, &token, &b, &list, &rq, NULL), -1);
	list.cap = sizeof body;
	orders[1].direction = PAY_IN;
	assert_int_equal(gsma_batch_create(&account, &token, &b, &list, &rq, NULL), -1);
	orders[1] = order(SECOND, 99);
	memcpy(orders[1].currency, "EUR", 4);
	assert_int_equal(gsma_batch_create(&account, &token, &b, &list, &rq, NULL), -1);
	list.count = 0;
	assert_int_equal(gsma_batch_create(&account, &token, &b, &list, &rq, NULL), -1);
	assert_int_equal(gsma_batch_approve(&account, &token, &b, &rq, NULL), -1);
	assert_int_equal(gsma_batch_query(&account, &token, &b, &rq, NULL), -1);
	b = batch("");
	assert_int_equal(gsma_batch_approve(&account, &token, &b, &rq, NULL), -1);
}

#define ERROR(category, code)                                                            \
	"{\"errorCategory\":\"" category "\",\"errorCode\":\"" code "\"}"

static void
answers(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum gsma_batch_state state;
		const char *their_id;
		int64_t completed;
	} rows[] = {
		{ 201, "{\"batchId\":\"B7\",\"batchStatus\":\"created\"}", BATCH_CREATED,
		  "B7", -1 },
		{ 200,
		  "{\"batchId\":\"B7\",\"batchStatus\":\"approved\",\"completedCount\":"
		  "3}",
		  BATCH_APPROVED, "B7", 3 },
		{ 200,
		  "{\"batchId\":\"B7\",\"batchStatus\":\"completed\",\"completedCount\":"
		  "4,"
		  "\"rejectionCount\":1}",
		  BATCH_COMPLETED, "B7", 4 },
		{ 200, "{\"batchId\":\"B7\",\"batchStatus\":\"paused\"}", BATCH_UNKNOWN,
		  "B7", -1 },
		{ 200, "{\"batchId\":\"a/b\",\"batchStatus\":\"created\"}", BATCH_CREATED,
		  "", -1 },
		{ 204, "", BATCH_APPROVED, "", -1 },
		{ 202, "{\"serverCorrelationId\":\"s\",\"status\":\"pending\"}",
		  BATCH_UNDER_WAY, "", -1 },
		{ 200,
		  "{\"serverCorrelationId\":\"s\",\"status\":\"completed\","
		  "\"objectReference\":\"B7\"}",
		  BATCH_UNDER_WAY, "B7", -1 },
		{ 200, "{\"link\":\"/batchtransactions/B7\"}", BATCH_UNDER_WAY, "B7",
		  -1 },
		{ 200, "{\"link\":\"/transactions/B7\"}", BATCH_UNKNOWN, "", -1 },
		{ 200, "{\"link\":\"/batchtransactions/B7/../x\"}", BATCH_UNKNOWN, "",
		  -1 },
		{ 400, ERROR("validation", "formatError"), BATCH_REFUSED, "", -1 },
		{ 400, ERROR("businessRule", "duplicateRequest"), BATCH_DUPLICATE, "",
		  -1 },
		{ 400, ERROR("businessRule", "newCode"), BATCH_UNKNOWN, "", -1 },
		{ 403, ERROR("authorisation", "requestingPartyAuthorisationError"),
		  BATCH_DOWN, "", -1 },
		{ 404, ERROR("identification", "identifierError"), BATCH_NOT_FOUND, "",
		  -1 },
		{ 404, "<html>", BATCH_UNKNOWN, "", -1 },
		{ 401, "", BATCH_AUTH, "", -1 },
		{ 401, "<html>", BATCH_AUTH, "", -1 },
		{ 401, ERROR("authorisation", "clientAuthorisationError"), BATCH_AUTH, "",
		  -1 },
		/* with a good token: the batch is refused */
		{ 401, ERROR("authorisation", "requestDeclined"), BATCH_REFUSED, "", -1 },
		{ 503, ERROR("serviceUnavailable", "serviceUnavailable"), BATCH_DOWN, "",
		  -1 },
		{ 500, "{\"batchStatus\":\"created\"}", BATCH_UNKNOWN, "", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct gsma_batch_told told;

		gsma_batch_answer(&ans, &told);
		if (told.state != rows[i].state)
			fail_msg("%d %s: %d", rows[i].status, rows[i].body, told.state);
		assert_string_equal(told.their_id, rows[i].their_id);
		assert_int_equal(told.completed, rows[i].completed);
	}
}

static void
note(void *arg, const struct uuid *reference, const struct verdict *v)
{
	char *seen = arg, id[UUID_TEXT_SIZE];

	snprintf(seen + strlen(seen), 400 - strlen(seen), "%.4s:%d:%s:%s ",
	         uuid_text(reference, id), (int)v->kind, v->code,
	         pay_reason_name(v->reason));
}

#define OURS "\"requestingOrganisationTransactionReference\":\""

static void
each_row_speaks_of_its_own_payment_alone(void **state)
{
	static const struct {
		enum gsma_batch_list list;
		int status;
		const char *body;
		int rows;
		const char *seen;
	} rows[] = {
		{ BATCH_COMPLETIONS, 200,
		  "[{" OURS FIRST "\",\"transactionReference\":\"T1\"},{" OURS
		  "another's\"},{},7]",
		  4, "0f3c:3:completed:none " },
		{ BATCH_REJECTIONS, 200,
		  "[{" OURS FIRST
		  "\",\"rejectionReason\":\"maxBalanceExceeded\"},{" OURS SECOND
		  "\",\"rejectionReason\":\"newReason\"}]",
		  2, "0f3c:4:maxBalanceExceeded:limit 7b1f:0:newReason:none " },
		{ BATCH_REJECTIONS, 200, "[]", 0, "" },
		{ BATCH_REJECTIONS, 200, "{}", -1, "" },
		{ BATCH_REJECTIONS, 200, "", -1, "" },
		{ BATCH_COMPLETIONS, 206, "[{" OURS FIRST "\"}]", -1, "" },
	};

	(void)state;
	assert_int_equal(VERDICT_PAID, 3);
	assert_int_equal(VERDICT_FAILED, 4);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		char seen[400] = "";

		assert_int_equal(gsma_batch_read(&ans, rows[i].list, note, seen),
		                 rows[i].rows);
		assert_string_equal(seen, rows[i].seen);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(what_cannot_be_sent_is_not),
		cmocka_unit_test(answers),
		cmocka_unit_test(each_row_speaks_of_its_own_payment_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
