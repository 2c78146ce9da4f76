/* Daraja: everything it posts. */
#include "tests/sim/daraja.h"

#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

#define CALLBACK_DEADLINE_MS 10000
#define SECOND_AFTER_MS      50
#define RESULT_AFTER_MS      20

struct post {
	struct sim *sim;
	char url[256], body[1200];
};

static void
on_told(void *arg, const struct http_reply *reply)
{
	struct post *p = arg;

	log_info("-", "callback", "provider=daraja status=%d error=%s", reply->status,
	         err_name(reply->err.code));
	free(p);
}

static void
tell(void *arg)
{
	struct post *p = arg;
	struct http_request rq = { .method = "POST",
		                   .url = p->url,
		                   .headers = { "Content-Type: application/json" },
		                   .body = p->body,
		                   .body_len = strlen(p->body),
		                   .deadline_ms = CALLBACK_DEADLINE_MS };

	http_send(p->sim->http, &rq, on_told, p);
}

void
daraja_post(struct sim *s, const char *url, const char *body, int64_t ms)
{
	struct post *p = xzalloc(sizeof *p);

	p->sim = s;
	snprintf(p->url, sizeof p->url, "%s", url);
	snprintf(p->body, sizeof p->body, "%s", body);
	timer_start(s->loop, ms, tell, p);
}

/* With the oddities of the real one: a key twice, keys without a value, an amount with a
 * fraction. */
static void
describe_payout(const struct entry *e, const char *code, struct buf *b)
{
	char id[UUID_TEXT_SIZE];

	buf_printf(b,
	           "{\"Result\":{\"ResultType\":0,\"ResultCode\":%s,\"ResultDesc\":"
	           "\"%s\",\"OriginatorConversationID\":\"%s\",\"ConversationID\":"
	           "\"AG_1\",\"TransactionID\":\"%s\"",
	           code, strcmp(code, "0") == 0 ? "processed" : "failed",
	           uuid_text(&e->reference, id), e->txn);
	if (strcmp(code, "0") == 0)
		buf_printf(b,
		           ",\"ResultParameters\":{\"ResultParameter\":[{\"Key\":"
		           "\"TransactionAmount\",\"Value\":%s},{\"Key\":"
		           "\"TransactionReceipt\",\"Value\":\"%s\"},{\"Key\":"
		           "\"B2CRecipientIsRegisteredCustomer\",\"Value\":\"Y\"}]}",
		           e->amount, e->txn);
	buf_puts(b, "}}");
}

static void
describe_prompt(const struct entry *e, const char *code, struct buf *b)
{
	char handle[64];

	buf_printf(b,
	           "{\"Body\":{\"stkCallback\":{\"MerchantRequestID\":\"29115-1-1\","
	           "\"CheckoutRequestID\":\"%s\",\"ResultCode\":%s,\"ResultDesc\":\"x\"",
	           daraja_handle(e, handle), code);
	if (strcmp(code, "0") == 0)
		buf_printf(b,
		           ",\"CallbackMetadata\":{\"Item\":[{\"Name\":\"Amount\","
		           "\"Value\":%s.00},{\"Name\":\"MpesaReceiptNumber\",\"Value\":"
		           "\"%s\"},{\"Name\":\"Balance\"},{\"Name\":\"PhoneNumber\","
		           "\"Value\":%s}]}",
		           e->amount, e->txn, e->number);
	buf_puts(b, "}}}");
}

static void
tell_after(struct sim *s, const struct entry *e, int64_t ms, bool lies)
{
	char body[1200];
	struct buf b;
	const char *code = !lies                      ? daraja_result_code(e)
	                   : e->state == ENTRY_FAILED ? "0"
	                                              : "1037";

	buf_init(&b, body, sizeof body);
	if (e->out)
		describe_payout(e, code, &b);
	else
		describe_prompt(e, code, &b);
	daraja_post(s, e->callback_url, body, ms);
}

void
daraja_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	int64_t after = 0;

	if (times == 0 || chaos_rolls(&s->chaos, CHAOS_SILENT, &e->reference, 0))
		return;
	if (chaos_rolls(&s->chaos, CHAOS_NOID, &e->reference, 0)) /* the queue gave up */
		daraja_post(s, e->callback_url, "{\"CommandID\":\"BusinessPayment\"}", 0);
	if (chaos_rolls(&s->chaos, CHAOS_DUP, &e->reference, 0))
		times++;
	if (chaos_rolls(&s->chaos, CHAOS_CONTRADICT, &e->reference, 0)) {
		tell_after(s, e, after, true);
		after += SECOND_AFTER_MS;
	}
	for (; times > 0; times--, after += SECOND_AFTER_MS)
		tell_after(s, e, after, false);
}

void
daraja_post_status(struct sim *s, const struct entry *e, const char *url)
{
	static const char *const states[] = { "Pending", "Completed", "Failed" };
	char body[1200], id[UUID_TEXT_SIZE];
	struct buf b;

	buf_init(&b, body, sizeof body);
	if (e == NULL) {
		buf_puts(&b, "{\"Result\":{\"ResultType\":0,\"ResultCode\":\"R000002\","
		             "\"ResultDesc\":\"The TransactionID is invalid.\"}}");
	} else {
		buf_printf(&b,
		           "{\"Result\":{\"ResultType\":0,\"ResultCode\":0,"
		           "\"ResultDesc\":\"processed\",\"OriginatorConversationID\":"
		           "\"1236-1\",\"ConversationID\":\"AG_2\",\"TransactionID\":"
		           "\"%s\",\"ResultParameters\":{\"ResultParameter\":[{\"Key\":"
		           "\"DebitPartyName\",\"Value\":\"%s\"},{\"Key\":"
		           "\"OriginatorConversationID\",\"Value\":\"%s\"},{\"Key\":"
		           "\"TransactionReason\",\"Value\":\"%s\"},{\"Key\":"
		           "\"TransactionStatus\",\"Value\":\"%s\"},{\"Key\":\"Amount\","
		           "\"Value\":%s.00},{\"Key\":\"ReceiptNo\",\"Value\":\"%s\"},"
		           "{\"Key\":\"DebitPartyName\"}]}}}",
		           e->txn, s->o.daraja_party, uuid_text(&e->reference, id),
		           daraja_result_code(e), states[e->state], e->amount, e->txn);
	}
	if (e != NULL &&
	    chaos_rolls(&s->chaos, CHAOS_SILENT, &e->reference, 1 + e->queries))
		return;
	daraja_post(s, url, body, RESULT_AFTER_MS);
}
