/* Daraja: everything it posts. */
#include "tests/sim/daraja.h"

#include "tests/sim/phone.h"
#include "tests/sim/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RESULT_AFTER_MS 20

/* "254708374149 - Neema Mushi" */
static const char *
public_name(const char *number, char out[64])
{
	const char *given, *family;

	phone_holder(number, &given, &family);
	snprintf(out, 64, "%s - %s %s", number, given, family);
	return out;
}

/* With the oddities of the real one: a key twice, keys without a value, an amount with a
 * fraction. */
static void
describe_payout(struct sim *s, const struct entry *e, const char *code, struct buf *b)
{
	char id[64], at[24], name[64];
	int64_t left = daraja_left(s);

	daraja_date(sim_now(s), true, at);
	if (daraja_is_reversal(e))
		daraja_handle(e, id);
	else
		uuid_text(&e->reference, id);
	buf_printf(b,
	           "{\"Result\":{\"ResultType\":0,\"ResultCode\":%s,\"ResultDesc\":"
	           "\"%s\",\"OriginatorConversationID\":\"%s\",\"ConversationID\":"
	           "\"AG_1\",\"TransactionID\":\"%s\"",
	           code, strcmp(code, "0") == 0 ? "processed" : "failed", id, e->txn);
	if (strcmp(code, "0") == 0) {
		buf_printf(b,
		           ",\"ResultParameters\":{\"ResultParameter\":[{\"Key\":"
		           "\"TransactionAmount\",\"Value\":%s},{\"Key\":"
		           "\"TransactionReceipt\",\"Value\":\"%s\"},",
		           e->amount, e->txn);
		if (!daraja_is_reversal(e))
			buf_printf(
			    b,
			    "{\"Key\":\"ReceiverPartyPublicName\",\"Value\":"
			    "\"%s\"},{\"Key\":\"B2CRecipientIsRegisteredCustomer\","
			    "\"Value\":\"Y\"},",
			    public_name(e->number, name));
		buf_printf(b,
		           "{\"Key\":\"TransactionCompletedDateTime\",\"Value\":"
		           "\"%s\"},{\"Key\":\"B2CUtilityAccountAvailableFunds\","
		           "\"Value\":%" PRId64 ".%02d}]}",
		           at, left / 100, (int)(left % 100));
	}
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
describe(struct sim *s, const struct entry *e, bool lies, struct buf *b)
{
	const char *code = !lies                      ? daraja_result_code(e)
	                   : e->state == ENTRY_FAILED ? "0"
	                                              : "1037";

	if (e->out)
		describe_payout(s, e, code, b);
	else
		describe_prompt(e, code, b);
}

void
daraja_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	if (chaos_rolls(&s->chaos, CHAOS_NOID, &e->reference, 0)) /* the queue gave up */
		wire_post(s, "POST", e->callback_url,
		          "{\"CommandID\":\"BusinessPayment\"}", 0);
	wire_tell(s, e, "POST", e->callback_url, times, describe);
	if (!e->out && e->state == ENTRY_PAID) /* the same money, told once more */
		daraja_tell_bill(s, e->number, e->amount, e->external_id, e->txn);
}

static const char *
with_cents(const struct entry *e, char out[40])
{
	snprintf(out, 40, "%s%s", e->amount, strchr(e->amount, '.') == NULL ? ".00" : "");
	return out;
}

void
daraja_post_status(struct sim *s, const struct entry *e, const char *url)
{
	static const char *const states[] = { "Pending", "Completed", "Failed" };
	char body[1200], id[64], amount[40], name[64];
	struct buf b;

	buf_init(&b, body, sizeof body);
	if (e == NULL) {
		buf_puts(&b, "{\"Result\":{\"ResultType\":0,\"ResultCode\":\"R000002\","
		             "\"ResultDesc\":\"The TransactionID is invalid.\"}}");
	} else {
		if (daraja_is_reversal(e))
			daraja_handle(e, id);
		else
			uuid_text(&e->reference, id);
		buf_printf(&b,
		           "{\"Result\":{\"ResultType\":0,\"ResultCode\":0,"
		           "\"ResultDesc\":\"processed\",\"OriginatorConversationID\":"
		           "\"1236-1\",\"ConversationID\":\"AG_2\",\"TransactionID\":"
		           "\"%s\",\"ResultParameters\":{\"ResultParameter\":[{\"Key\":"
		           "\"DebitPartyName\",\"Value\":\"%s\"},{\"Key\":"
		           "\"CreditPartyName\",\"Value\":\"%s\"},{\"Key\":"
		           "\"OriginatorConversationID\",\"Value\":\"%s\"},{\"Key\":"
		           "\"TransactionReason\",\"Value\":\"%s\"},{\"Key\":"
		           "\"TransactionStatus\",\"Value\":\"%s\"},{\"Key\":\"Amount\","
		           "\"Value\":%s},{\"Key\":\"ReceiptNo\",\"Value\":\"%s\"},"
		           "{\"Key\":\"DebitPartyName\"}]}}}",
		           e->txn, s->o.daraja_party, public_name(e->number, name), id,
		           daraja_result_code(e), states[e->state], with_cents(e, amount),
		           e->txn);
	}
	if (e != NULL &&
	    chaos_rolls(&s->chaos, CHAOS_SILENT, &e->reference, 1 + e->queries))
		return;
	wire_post(s, "POST", url, body, RESULT_AFTER_MS);
}
