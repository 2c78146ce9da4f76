/* adit-sim: routes, the loop. */
#include "tests/sim/sim.h"

#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/script.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX    65536
#define ANSWER_MS   900000
#define IDLE_MS     120000
#define CONNECTIONS 4096

int64_t
sim_wait(const struct sim *s, int64_t ms)
{
	ms /= s->o.speed;
	return ms > 0 ? ms : 1;
}

int64_t
sim_now(const struct sim *s)
{
	return loop_clock(s->loop)->wall_ms;
}

bool
list_has(const char *list, const char *item)
{
	size_t want = strlen(item);

	while (*list != '\0') {
		size_t n = strcspn(list, ",");

		if (n == want && memcmp(list, item, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

/* ---- routes ---- */

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
	{ "*", "/mpesa/c2b/v1/registerurl", BODY_MAX, daraja_register, s },              \
	    { "*", "/mpesa/c2b/v2/registerurl", BODY_MAX, daraja_register, s },          \
	    { "POST", "/pulltransactions/v1/register", BODY_MAX, daraja_pull_register,   \
	      s },                                                                       \
	    { "POST", "/pulltransactions/v1/query", BODY_MAX, daraja_pull, s },          \
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

static void
stop(void *arg)
{
	loop_stop(arg);
}

/* On each address of the list; says on standard error which one could not be had. */
static bool
listen_all(struct sim *s, const struct http_server_options *options)
{
	struct http_server_options o = *options;
	char list[256], *rest = list, *at;
	struct err err;

	snprintf(list, sizeof list, "%s", s->o.listen);
	while ((at = strsep(&rest, ",")) != NULL && s->servers < SIM_SERVERS) {
		o.listen = at;
		s->server[s->servers] = http_server_new(s->loop, &o, &err);
		if (s->server[s->servers] == NULL) {
			fprintf(stderr, "adit-sim: %s: %s\n", at, err.what);
			return false;
		}
		log_info("-", "listening", "port=%d speed=%" PRId64,
		         http_server_port(s->server[s->servers]), s->o.speed);
		s->servers++;
	}
	return true;
}

/* Until a signal comes. */
static int
run(struct sim *s, const struct http_route *routes)
{
	struct http_server_options o = { .routes = routes,
		                         .idle_ms = IDLE_MS,
		                         .answer_ms = ANSWER_MS,
		                         .headers_max = 16384,
		                         .connections_max = CONNECTIONS };
	struct http_client_options to = { .connections = 64,
		                          .per_host = 32,
		                          .answer_max = BODY_MAX };

	s->http = http_client_new(s->loop, &to);
	if (!listen_all(s, &o)) {
		http_client_free(s->http);
		return 1;
	}
	loop_on_signal(s->loop, SIGTERM, stop, s->loop);
	loop_on_signal(s->loop, SIGINT, stop, s->loop);
	mtn_resume(s);
	loop_run(s->loop);
	for (unsigned i = 0; i < s->servers; i++)
		http_server_free(s->server[i]);
	http_client_free(s->http);
	loop_turn(s->loop, 0);
	return 0;
}

static int
serve(struct sim *s)
{
	struct product in = { s, "collection", false, false };
	struct product out = { s, "disbursement", true, false };
	struct product back = { s, "disbursement", true, true };
	const struct http_route routes[] = {
		{ "POST", "/v1_0/apiuser", BODY_MAX, mtn_create_user, s },
		{ "*", "/v1_0/apiuser/*", BODY_MAX, mtn_user, s },
		PRODUCT_ROUTES("collection", "requesttopay", &in),
		PRODUCT_ROUTES("disbursement", "transfer", &out),
		PAY_ROUTES("/disbursement/v1_0/deposit", &out),
		PAY_ROUTES("/disbursement/v1_0/refund", &back),
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

	return run(s, routes);
}

/* All of a small file; NULL for none. */
static bool
read_file(const char *path, char *out, size_t cap)
{
	FILE *f = path == NULL ? NULL : fopen(path, "re");
	size_t n;

	if (path == NULL)
		return true;
	n = f == NULL ? 0 : fread(out, 1, cap - 1, f);
	if (n == 0)
		fprintf(stderr, "adit-sim: %s: %s\n", path, strerror(errno));
	if (f != NULL)
		fclose(f);
	out[n] = '\0';
	return n > 0;
}

static bool
read_files(struct sim *s)
{
	if (!read_file(s->o.at_secret_file, s->at_secret, sizeof s->at_secret) ||
	    !read_file(s->o.pawapay_key_file, s->pawapay_key, sizeof s->pawapay_key) ||
	    !read_file(s->o.pawapay_customer_file, s->pawapay_customer,
	               sizeof s->pawapay_customer))
		return false;
	s->at_secret[strcspn(s->at_secret, "\r\n")] = '\0';
	return true;
}

int
main(int argc, char **argv)
{
	struct sim s = { .o = { .listen = "127.0.0.1:9090",
		                .gateway = "",
		                .currencies = "TZS,EUR",
		                .environment = "sandbox",
		                .callback_hosts = "*",
		                .short_code = "38477",
		                .airtel_pin = "1234",
		                .daraja_party = "174379",
		                .daraja_passkey = "sandbox-passkey",
		                .float_minor = 100000000000,
		                .token_seconds = 3600,
		                .speed = 1 } };
	struct err err;
	int status;

	chaos_init(&s.chaos);
	ids_init(&s.ids);
	status = sim_read_flags(&s, argc, argv);
	if (status >= 0)
		return status;
	if (!read_files(&s))
		return 1;
	s.book = book_open(s.o.book, &err);
	if (s.book == NULL) {
		fprintf(stderr, "adit-sim: %s: %s\n", s.o.book, err.what);
		return 1;
	}
	clock_init(&s.clock);
	s.loop = loop_new(&s.clock);
	s.auth = auth_new();
	s.phones = phones_new();
	status = serve(&s);
	loop_free(s.loop);
	phones_free(s.phones);
	airtel_free(s.airtel);
	daraja_free(s.daraja);
	daraja_forget_bills(&s);
	gsma_free(s.gsma);
	gsma_batches_free(s.batches);
	vodacom_free(s.vodacom);
	auth_free(s.auth);
	book_close(s.book);
	return status;
}
