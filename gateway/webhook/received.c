#include "gateway/webhook/received.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/certificate.h"
#include "lib/json.h"
#include "lib/log.h"
#include "payments/flow/arrive.h"
#include "payments/flow/members.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define REF "received"

/* One of them on its way into the books. */
struct taking {
	struct received *r;
	struct http_exchange *x; /* NULL: the peer has gone */
	struct received_money money;
};

static const char no_provider[] =
    "provider: who holds the money, by its name in the settings\n";

static bool
take_text(const struct json *in, const char *key, char *out, size_t cap)
{
	const char *text = json_get_text(in, key);
	size_t n = text == NULL ? 0 : strlen(text);

	if (n >= cap)
		return false;
	memcpy(out, text == NULL ? "" : text, n + 1);
	return true;
}

static const char *
read_fields(const struct json *in, struct received_money *out)
{
	if (!take_text(in, "cooperative", out->cooperative, sizeof out->cooperative) ||
	    out->cooperative[0] == '\0')
		return "cooperative: its code is wanted\n";
	if (!take_text(in, "provider", out->provider, sizeof out->provider) ||
	    out->provider[0] == '\0')
		return no_provider;
	if (!take_text(in, "id", out->id, sizeof out->id) || out->id[0] == '\0')
		return "id: the provider's number of the payment, up to 63 characters\n";
	if (!take_text(in, "currency", out->currency, sizeof out->currency) ||
	    strlen(out->currency) != 3)
		return "currency: three letters\n";
	if (!take_text(in, "number", out->number, sizeof out->number))
		return "number: up to 15 digits\n";
	if (!take_text(in, "reference", out->reference, sizeof out->reference))
		return "reference: up to 39 characters\n";
	if (!json_get_i64(in, "amount_minor", &out->amount) || out->amount <= 0)
		return "amount_minor: a whole number of minor units above 0\n";
	return NULL;
}

const char *
received_read(const char *body, size_t n, struct received_money *out)
{
	struct json *in = json_parse(body, n, NULL);
	const char *wrong;

	memset(out, 0, sizeof *out);
	wrong = in == NULL ? "not one JSON object\n" : read_fields(in, out);
	json_free(in);
	return wrong;
}

static void
on_gone(void *arg)
{
	((struct taking *)arg)->x = NULL;
}

static void
refuse(struct received *r, struct http_exchange *x, int status, const char *why)
{
	r->count.refused++;
	if (x == NULL)
		return;
	log_warn(REF, "refused", "peer=%s status=%d why=\"%.*s\"", http_peer(x), status,
	         (int)strcspn(why, "\n"), why);
	http_answer_text(x, status, why);
}

static void
on_push(void *arg, const struct payments_answer *a, const struct arrival *arrival)
{
	struct taking *t = arg;
	char text[80];
	struct buf b;

	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "differs") == 0) {
		refuse(t->r, t->x, 409, "id: told before with another amount\n");
	} else if (a->outcome == OUTCOME_FAIL) {
		refuse(t->r, t->x, strcmp(a->reason, "bad_input") == 0 ? 400 : 503,
		       strcmp(a->reason, "bad_input") == 0 ? "this money cannot be\n"
		                                           : "tell it again later\n");
	} else {
		bool matched = !uuid_is_nil(&arrival->member_id);

		t->r->count.taken++;
		log_info(arrival->code, "received", "provider=%s id=%s matched=%d",
		         t->money.provider, t->money.id, matched);
		buf_init(&b, text, sizeof text);
		buf_printf(&b, "{\"code\":\"%s\",\"matched\":%s}\n", arrival->code,
		           matched ? "true" : "false");
		if (t->x != NULL)
			http_answer(t->x, 200, "application/json", text, b.len);
	}
	free(t);
}

static void
on_cooperative(void *arg, const struct payments_answer *a, const struct cooperative *c)
{
	struct taking *t = arg;
	struct push_ask ask = { .cooperative_id = c->cooperative_id,
		                .provider = t->money.provider,
		                .provider_txn = t->money.id,
		                .msisdn = t->money.number,
		                .reference = t->money.reference,
		                .amount = t->money.amount,
		                .currency = t->money.currency };

	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "not_found") != 0) {
		refuse(t->r, t->x, 503, "tell it again later\n");
	} else if (a->outcome == OUTCOME_FAIL) {
		refuse(t->r, t->x, 400, "cooperative: there is none of this code\n");
	} else if (strcmp(c->currency, t->money.currency) != 0) {
		refuse(t->r, t->x, 400, "currency: not the cooperative's\n");
	} else {
		payments_push(t->r->env, &ask, on_push, t);
		return;
	}
	free(t);
}

void
received_handle(void *received, struct http_exchange *x)
{
	struct received *r = received;
	const char *secret = r->settings->callback.secret;
	const char *said = http_path_rest(x);
	struct received_money money;
	struct taking *t;
	const char *wrong;
	size_t n;
	const char *body = http_body(x, &n);

	if (!settings_allow(&r->settings->callback.networks, http_peer(x))) {
		refuse(r, x, 403, "this address may not call here\n");
		return;
	}
	if (secret[0] == '\0' || strlen(said) != strlen(secret) ||
	    sodium_memcmp(said, secret, strlen(secret)) != 0) {
		refuse(r, x, 404, "no such page\n");
		return;
	}
	wrong = received_read(body, n, &money);
	if (wrong == NULL && settings_provider(r->settings, money.provider) == NULL)
		wrong = no_provider;
	if (wrong != NULL) {
		refuse(r, x, 400, wrong);
		return;
	}
	if (!certificate_fits(
	        http_client_certificate(x),
	        settings_callback_certificate(r->settings, money.provider))) {
		refuse(r, x, 401, "this wants the caller's certificate\n");
		return;
	}
	t = xzalloc(sizeof *t);
	*t = (struct taking){ .r = r, .x = x, .money = money };
	http_on_gone(x, on_gone, t);
	payments_cooperative_find(r->env, t->money.cooperative, on_cooperative, t);
}
