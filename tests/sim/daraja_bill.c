/* Daraja: the URLs of a pay bill, and money that comes to it unasked.
 *
 * What a prompt brought is told there, too: the same receipt on two channels. */
#include "tests/sim/daraja.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "tests/sim/wire.h"

#include <stdlib.h>
#include <string.h>

#define VALIDATE_MS 8000
#define BILL_MAX    600

struct bill { /* while somebody says whether it may be taken */
	struct sim *sim;
	char txn[24], number[20], account[64], amount[32];
};

/* POST /mpesa/c2b/{v1,v2}/registerurl */
void
answer_daraja_register(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	const char *type = json_get_text(doc, "ResponseType");
	const char *confirm = json_get_text(doc, "ConfirmationURL");
	const char *validate = json_get_text(doc, "ValidationURL");
	const char *shop = json_get_text(doc, "ShortCode");

	if (doc == NULL)
		return;
	if (shop == NULL || strcmp(shop, s->o.daraja_party) != 0 || type == NULL ||
	    (strcmp(type, "Completed") != 0 && strcmp(type, "Cancelled") != 0) ||
	    !daraja_url_is_fine(confirm) || !daraja_url_is_fine(validate)) {
		daraja_refuse(s, x, 400, "400.003.02", "Bad Request - Invalid URL");
	} else {
		snprintf(s->bill_confirm, sizeof s->bill_confirm, "%s", confirm);
		s->bill_completes = strcmp(type, "Completed") == 0;
		snprintf(s->bill_validate, sizeof s->bill_validate, "%s", validate);
		answer_json(
		    x, 200,
		    "{\"OriginatorCoversationID\":\"1-1-1\",\"ResponseCode\":\"0\","
		    "\"ResponseDescription\":\"Success\"}");
	}
	json_free(doc);
}

static void
describe(const struct sim *s, const char *number, const char *amount, const char *account,
         const char *txn, char out[BILL_MAX])
{
	bool till = s->o.daraja_till != NULL && account[0] == '\0';

	snprintf(out, BILL_MAX,
	         "{\"TransactionType\":\"%s\",\"TransID\":\"%s\",\"TransTime\":"
	         "\"20261124103000\",\"TransAmount\":\"%s.00\",\"BusinessShortCode\":"
	         "\"%s\",\"BillRefNumber\":\"%s\",\"InvoiceNumber\":\"\","
	         "\"OrgAccountBalance\":\"\",\"ThirdPartyTransID\":\"\",\"MSISDN\":"
	         "\"%.5s****%.3s\",\"FirstName\":\"NEEMA\"}",
	         till ? "Buy Goods" : "Pay Bill", txn, amount,
	         till ? s->o.daraja_till : s->o.daraja_party, account, number,
	         number + 9);
}

void
daraja_tell_bill(struct sim *s, const char *number, const char *amount,
                 const char *account, const char *txn)
{
	char body[BILL_MAX];
	struct paid_bill bill = { .at_ms = sim_now(s) };

	snprintf(bill.txn, sizeof bill.txn, "%s", txn);
	snprintf(bill.number, sizeof bill.number, "%s", number);
	snprintf(bill.account, sizeof bill.account, "%s", account);
	snprintf(bill.amount, sizeof bill.amount, "%s", amount);
	daraja_keep_bill(s, &bill);
	if (s->bill_confirm[0] == '\0')
		return;
	describe(s, number, amount, account, txn, body);
	wire_post(s, "POST", s->bill_confirm, body, 1);
}

static void
on_validated(void *arg, const struct http_reply *reply)
{
	struct bill *b = arg;
	struct json *doc =
	    reply->body_len == 0 ? NULL : json_parse(reply->body, reply->body_len, NULL);
	const char *code = json_get_text(doc, "ResultCode");
	bool answered = reply->err.code == ERR_NONE && reply->status == 200;

	log_info("-", "validated", "status=%d code=%s", reply->status,
	         code == NULL ? "" : code);
	if (answered ? code != NULL && strcmp(code, "0") == 0 : b->sim->bill_completes)
		daraja_tell_bill(b->sim, b->number, b->amount, b->account, b->txn);
	json_free(doc);
	free(b);
}

/* POST /mpesa/c2b/v1/simulate: somebody pays the bill. */
void
daraja_simulate(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	const char *number = json_get_text(doc, "Msisdn");
	const char *amount = json_get_text(doc, "Amount");
	const char *account = json_get_text(doc, "BillRefNumber");
	const char *command = json_get_text(doc, "CommandID");
	struct http_request rq = { .method = "POST",
		                   .url = s->bill_validate,
		                   .headers = { "Content-Type: application/json" },
		                   .deadline_ms = VALIDATE_MS };
	struct bill *b;
	char body[BILL_MAX];

	if (doc == NULL)
		return;
	if (command != NULL && strcmp(command, "CustomerBuyGoodsOnline") == 0)
		account = s->o.daraja_till == NULL ? NULL : "";
	if (number == NULL || strlen(number) != 12 || account == NULL ||
	    !wire_amount_is_fine(amount, 0) || s->bill_validate[0] == '\0') {
		daraja_refuse(s, x, 400, "400.002.02", "Bad Request");
	} else {
		b = xzalloc(sizeof *b);
		b->sim = s;
		snprintf(b->txn, sizeof b->txn, "R%09u",
		         (unsigned)(ids_u64(&s->ids) % 1000000000));
		snprintf(b->number, sizeof b->number, "%s", number);
		snprintf(b->account, sizeof b->account, "%s", account);
		snprintf(b->amount, sizeof b->amount, "%s", amount);
		describe(s, number, amount, account, b->txn, body);
		rq.body = body;
		rq.body_len = strlen(body);
		http_send(s->http, &rq, on_validated, b);
		answer_json(
		    x, 200,
		    "{\"OriginatorCoversationID\":\"1-1-2\",\"ResponseCode\":\"0\"}");
	}
	json_free(doc);
}
