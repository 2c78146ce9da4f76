/* Which file of the simulator answers what. */
#include "tests/sim/sim.h"

#include <string.h>

#define BODY_MAX SIM_BODY_MAX

#define PRODUCT_ROUTES(name, pay, p)                                                     \
	{ "POST", "/" name "/token/", BODY_MAX, mtn_token, p },                          \
	    { "POST", "/" name "/v1_0/" pay, BODY_MAX, mtn_submit, p },                  \
	    { "GET", "/" name "/v1_0/" pay "/*", BODY_MAX, mtn_status, p },              \
	    { "GET", "/" name "/v1_0/account/balance", BODY_MAX, mtn_balance, p },       \
	    { "GET", "/" name "/v1_0/account/balance/*", BODY_MAX, mtn_balance, p },     \
	{                                                                                \
		"GET", "/" name "/v1_0/accountholder/*", BODY_MAX, mtn_holder, p         \
	}

#define PAY_ROUTES(path, p)                                                              \
	{ "POST", path, BODY_MAX, mtn_submit, p },                                       \
	{                                                                                \
		"GET", path "/*", BODY_MAX, mtn_status, p                                \
	}

/* Each path with the last part of an enquiry, and as it is posted to. */
#define AIRTEL_ROUTES(path)                                                              \
	{ "POST", path, BODY_MAX, airtel_submit, s },                                    \
	{                                                                                \
		"GET", path "*", BODY_MAX, airtel_status, s                              \
	}

#define DARAJA_ROUTES                                                                    \
	{ "*", "/mpesa/c2b/v1/registerurl", BODY_MAX, answer_daraja_register, s },       \
	    { "*", "/mpesa/c2b/v2/registerurl", BODY_MAX, answer_daraja_register, s },   \
	    { "POST", "/pulltransactions/v1/register", BODY_MAX,                         \
	      answer_daraja_pull_register, s },                                          \
	    { "POST", "/pulltransactions/v1/query", BODY_MAX, answer_daraja_pull, s },   \
	    { "*", "/mpesa/c2b/v1/simulate", BODY_MAX, daraja_simulate, s },             \
	    { "GET", "/oauth/v1/generate", BODY_MAX, daraja_token, s },                  \
	    { "*", "/mpesa/stkpush/v1/processrequest", BODY_MAX, daraja_prompt, s },     \
	    { "*", "/mpesa/stkpushquery/v1/query", BODY_MAX, daraja_prompt_status, s },  \
	    { "*", "/mpesa/b2c/v3/paymentrequest", BODY_MAX, daraja_payout, s },         \
	    { "*", "/mpesa/reversal/v1/request", BODY_MAX, daraja_reversal, s },         \
	    { "*", "/mpesa/accountbalance/v1/query", BODY_MAX, daraja_balance, s },      \
	{                                                                                \
		"*", "/mpesa/transactionstatus/v1/query", BODY_MAX,                      \
		    daraja_payout_status, s                                              \
	}

#define PAWAPAY_ROUTES                                                                   \
	{ "POST", "/v2/payouts", BODY_MAX, pawapay_submit, s },                          \
	    { "POST", "/v2/deposits", BODY_MAX, pawapay_submit, s },                     \
	    { "POST", "/v2/refunds", BODY_MAX, pawapay_refund, s },                      \
	    { "GET", "/v2/refunds/*", BODY_MAX, pawapay_status, s },                     \
	    { "GET", "/v2/availability", BODY_MAX, pawapay_service, s },                 \
	    { "POST", "/v2/predict-provider", BODY_MAX, pawapay_carrier, s },            \
	    { "GET", "/v2/public-key/http", BODY_MAX, pawapay_keys, s },                 \
	    { "GET", "/v2/payouts/*", BODY_MAX, pawapay_status, s },                     \
	    { "GET", "/v2/deposits/*", BODY_MAX, pawapay_status, s },                    \
	{                                                                                \
		"GET", "/v2/wallet-balances", BODY_MAX, pawapay_balances, s              \
	}

#define ORANGE_ROUTES                                                                    \
	{ "POST", "/oauth/v1/token", BODY_MAX, orange_token, s },                        \
	    { "GET", "/api/eWallet/v1/publickeys", BODY_MAX, orange_key, s },            \
	    { "POST", "/api/eWallet/v1/cashins", BODY_MAX, orange_cashin, s },           \
	    { "GET", "/api/eWallet/v1/transactions/*", BODY_MAX, orange_status, s },     \
	{                                                                                \
		"GET", "/api/eWallet/v1/account/retailer/balance", BODY_MAX,             \
		    orange_balance, s                                                    \
	}

#define GSMA_ROUTES                                                                      \
	{ "POST", "/oauth/token", BODY_MAX, gsma_token, s },                             \
	    { "POST", "/transactions/type/disbursement", BODY_MAX, gsma_submit, s },     \
	    { "POST", "/transactions/type/merchantpay", BODY_MAX, gsma_submit, s },      \
	    { "POST", "/transactions/*", BODY_MAX, gsma_reverse, s },                    \
	    { "POST", "/batchtransactions", BODY_MAX, gsma_batch_create, s },            \
	    { "*", "/batchtransactions/*", BODY_MAX, gsma_batch, s },                    \
	    { "GET", "/responses/*", BODY_MAX, gsma_response, s },                       \
	    { "GET", "/requeststates/*", BODY_MAX, gsma_state, s },                      \
	    { "GET", "/transactions/*", BODY_MAX, gsma_transaction, s },                 \
	    { "GET", "/accounts/*", BODY_MAX, gsma_account, s },                         \
	{                                                                                \
		"GET", "/heartbeat", BODY_MAX, gsma_heartbeat, s                         \
	}

static void
healthy(void *arg, struct http_exchange *x)
{
	(void)arg;
	http_answer_text(x, 200, "ok\n");
}

void
sim_routes(struct sim *s, struct http_route out[SIM_ROUTES_MAX])
{
	struct product *in = &s->product[0], *pay = &s->product[1],
	               *back = &s->product[2];
	const struct http_route routes[] = {
		{ "POST", "/v1_0/apiuser", BODY_MAX, mtn_create_user, s },
		{ "*", "/v1_0/apiuser/*", BODY_MAX, mtn_user, s },
		PRODUCT_ROUTES("collection", "requesttopay", in),
		PRODUCT_ROUTES("disbursement", "transfer", pay),
		PAY_ROUTES("/disbursement/v1_0/deposit", pay),
		PAY_ROUTES("/disbursement/v1_0/refund", back),
		{ "POST", "/auth/oauth2/token", BODY_MAX, airtel_token, s },
		{ "GET", "/v1/rsa/encryption-keys", BODY_MAX, airtel_keys, s },
		AIRTEL_ROUTES("/merchant/v1/payments/"),
		AIRTEL_ROUTES("/merchant/v2/payments/"),
		{ "POST", "/standard/v1/payments/refund", BODY_MAX, airtel_refund, s },
		{ "POST", "/standard/v2/payments/refund", BODY_MAX, airtel_refund, s },
		AIRTEL_ROUTES("/standard/v1/payments/"),
		AIRTEL_ROUTES("/standard/v1/disbursements/"),
		AIRTEL_ROUTES("/standard/v2/disbursements/"),
		{ "GET", "/standard/v1/users/balance", BODY_MAX, airtel_balance, s },
		{ "GET", "/standard/v1/users/*", BODY_MAX, airtel_user, s },
		DARAJA_ROUTES,
		PAWAPAY_ROUTES,
		GSMA_ROUTES,
		{ "*", "/ipg/v2/*", BODY_MAX, vodacom_handle, s },
		{ "*", "/ipg/v1x/*", BODY_MAX, vodacom_handle, s },
		ORANGE_ROUTES,
		{ "POST", "/version1/messaging", BODY_MAX, sms_send, s },
		{ "GET", "/sms", BODY_MAX, sms_inbox, s },
		{ "POST", "/sms/in", BODY_MAX, sms_from_phone, s },
		{ "GET", "/book", BODY_MAX, show_book, s },
		{ "GET", "/statement", BODY_MAX, show_statement, s },
		{ "POST", "/decide", BODY_MAX, decide_now, s },
		{ "GET", "/numbers", BODY_MAX, show_numbers, s },
		{ "POST", "/float", BODY_MAX, set_float, s },
		{ "GET", "/chaos", BODY_MAX, get_chaos, s },
		{ "POST", "/chaos", BODY_MAX, set_chaos, s },
		{ "POST", "/service", BODY_MAX, set_service, s },
		{ "GET", "/healthz", BODY_MAX, healthy, s },
		{ "GET", "/", BODY_MAX, show_help, s },
		{ NULL, NULL, 0, NULL, NULL },
	};

	*in = (struct product){ s, "collection", false, false };
	*pay = (struct product){ s, "disbursement", true, false };
	*back = (struct product){ s, "disbursement", true, true };
	_Static_assert(sizeof routes <= SIM_ROUTES_MAX * sizeof *out, "room for all");
	memcpy(out, routes, sizeof routes);
}
