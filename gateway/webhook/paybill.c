#include "gateway/webhook/paybill.h"

#include "lib/arena.h"
#include "lib/certificate.h"
#include "lib/json.h"
#include "lib/log.h"
#include "payments/flow/arrive.h"
#include "payments/flow/members.h"
#include "payments/flow/prompted.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REF      "paybill"
#define ACCEPTED "{\"ResultCode\":\"0\",\"ResultDesc\":\"Accepted\"}"
#define ACCOUNT  "C2B00012"
#define AMOUNT   "C2B00013"
#define SHOP     "C2B00015"
#define OTHER    "C2B00016"

/* The part up to the next '/', and the step behind it. */
static const char *
next_part(const char *at, char *out, size_t cap)
{
	size_t n = strcspn(at, "/");

	memset(out, 0, cap);
	memcpy(out, at, n < cap ? n : 0);
	return at[n] == '/' ? at + n + 1 : at + n;
}

bool
paybill_path(const struct settings *s, const char *rest, struct paybill_path *out)
{
	const char *secret = s->callback.secret;
	char part[SETTINGS_SECRET_MAX];
	size_t n = strlen(secret);

	memset(out, 0, sizeof *out);
	rest = next_part(rest, part, sizeof part);
	out->entry = settings_provider(s, part);
	rest = next_part(rest, part, sizeof part);
	if (out->entry == NULL || n == 0 || sodium_memcmp(part, secret, n) != 0 ||
	    part[n] != '\0')
		return false;
	rest = next_part(rest, out->cooperative, sizeof out->cooperative);
	out->confirms = strcmp(rest, "confirm") == 0;
	return out->cooperative[0] != '\0' &&
	       (out->confirms || strcmp(rest, "validate") == 0);
}

/* A text that fits, or nothing. */
static void
take(const struct json *doc, const char *key, char *out, size_t cap)
{
	const char *text = json_get_text(doc, key);
	size_t n = text == NULL ? 0 : strlen(text);

	if (n < cap)
		memcpy(out, text == NULL ? "" : text, n + 1);
}

/* A name or a hash is longer than any number, and says nothing to us. */
static void
take_number(const struct json *doc, char *out, size_t cap)
{
	take(doc, "MSISDN", out, cap);
	if (out[strspn(out, "0123456789*")] != '\0')
		out[0] = '\0';
}

/* Under which of its numbers a till's money is told is nowhere said: any will do. */
static bool
is_ours(const struct settings_provider *entry, const char *shop)
{
	if (shop == NULL || shop[0] == '\0')
		return false;
	return strcmp(shop, entry->party) == 0 ||
	       (paybill_is_till(entry) &&
	        (strcmp(shop, entry->till) == 0 || strcmp(shop, entry->store) == 0));
}

bool
paybill_is_till(const struct settings_provider *entry)
{
	return strcmp(entry->kind, "till") == 0;
}

const char *
paybill_read(const char *body, size_t n, const struct settings_provider *entry,
             unsigned exponent, struct received_money *out)
{
	struct json *doc = n == 0 ? NULL : json_parse_quoted(body, n, NULL);
	const char *shop = json_get_text(doc, "BusinessShortCode");
	const char *amount = json_get_text(doc, "TransAmount");
	int64_t whole = 0;
	const char *wrong = NULL;

	memset(out, 0, sizeof *out);
	take(doc, "TransID", out->id, sizeof out->id);
	take(doc, "BillRefNumber", out->reference, sizeof out->reference);
	take_number(doc, out->number, sizeof out->number);
	memcpy(out->provider, entry->name, sizeof out->provider);
	memcpy(out->currency, entry->currency, sizeof out->currency);
	if (amount != NULL) {
		out->amount = provider_amount_minor(amount, exponent);
	} else if (json_get_i64(doc, "TransAmount", &whole) && whole > 0 &&
	           whole < INT32_MAX) {
		out->amount = whole;
		for (unsigned i = 0; i < exponent; i++)
			out->amount *= 10;
	}
	if (!json_is_object(doc) || out->id[0] == '\0')
		wrong = OTHER;
	else if (!is_ours(entry, shop))
		wrong = SHOP;
	else if (out->amount <= 0)
		wrong = AMOUNT;
	json_free(doc);
	return wrong;
}

/* ---- one of them ---- */

struct told {
	struct paybill *p;
	struct http_exchange *x; /* NULL: the peer has gone */
	struct paybill_path path;
	struct received_money money;
	size_t n;
	char body[PAYBILL_BODY_MAX + 1];
};

static void
on_gone(void *arg)
{
	((struct told *)arg)->x = NULL;
}

static void
end(struct told *t, int status, const char *json)
{
	if (t->x != NULL)
		http_answer(t->x, status, "application/json", json, strlen(json));
	free(t);
}

static void
reject(struct told *t, const char *code)
{
	char text[80];

	t->p->count.refused++;
	log_warn(t->money.id[0] == '\0' ? REF : t->money.id, "paybill_refused",
	         "provider=%s code=%s", t->path.entry->name, code);
	snprintf(text, sizeof text, "{\"ResultCode\":\"%s\",\"ResultDesc\":\"Rejected\"}",
	         code);
	end(t, 200, text);
}

/* It is in the books, or it must be told again: 503, and their retry or the day's
 * statement finds it. */
static void
on_push(void *arg, const struct payments_answer *a, const struct arrival *arrival)
{
	struct told *t = arg;

	if (a->outcome == OUTCOME_FAIL) {
		t->p->count.refused++;
		log_error(t->money.id, "paybill_not_kept", "provider=%s why=%s",
		          t->path.entry->name, a->reason);
		end(t, 503, "{\"ResultCode\":\"1\",\"ResultDesc\":\"Tell it again\"}");
		return;
	}
	t->p->count.taken++;
	log_info(arrival->code, "paybill", "provider=%s id=%s matched=%d",
	         t->path.entry->name, t->money.id, !uuid_is_nil(&arrival->member_id));
	end(t, 200, ACCEPTED);
}

static void
on_cooperative(void *arg, const struct payments_answer *a, const struct cooperative *c)
{
	struct told *t = arg;
	struct push_ask ask = { .cooperative_id = c->cooperative_id,
		                .provider = t->money.provider,
		                .provider_txn = t->money.id,
		                .msisdn = t->money.number,
		                .reference = t->money.reference,
		                .currency = t->money.currency };
	const char *wrong;

	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "not_found") != 0) {
		end(t, 503, "{\"ResultCode\":\"1\",\"ResultDesc\":\"Tell it again\"}");
		return;
	}
	if (a->outcome == OUTCOME_FAIL ||
	    strcmp(c->currency, t->path.entry->currency) != 0) {
		reject(t, ACCOUNT);
		return;
	}
	wrong = paybill_read(t->body, t->n, t->path.entry, c->exponent, &t->money);
	if (wrong != NULL) {
		reject(t, wrong);
		return;
	}
	ask.amount = t->money.amount;
	if (t->path.confirms)
		payments_push(t->p->env, &ask, on_push, t);
	else
		end(t, 200, ACCEPTED);
}

static void
on_prompted(void *arg, const struct payments_answer *a, const struct uuid *reference)
{
	struct told *t = arg;
	struct provider_hint hint = { .claims = VERDICT_PAID, .said = "paid_bill" };

	if (a->outcome == OUTCOME_FAIL) {
		end(t, 503, "{\"ResultCode\":\"1\",\"ResultDesc\":\"Tell it again\"}");
		return;
	}
	if (uuid_is_nil(reference)) {
		payments_cooperative_find(t->p->env, t->path.cooperative, on_cooperative,
		                          t);
		return;
	}
	hint.reference = *reference;
	memcpy(hint.provider_txn, t->money.id, sizeof hint.provider_txn);
	t->p->count.prompted++;
	log_info(t->money.id, "paybill_prompted", "provider=%s", t->path.entry->name);
	t->p->hint(t->p->arg, t->path.entry->name, &hint, t->body, t->n);
	end(t, 200, ACCEPTED);
}

void
paybill_handle(void *paybill, struct http_exchange *x)
{
	struct paybill *p = paybill;
	struct paybill_path path;
	struct told *t;
	size_t n;
	const char *body = http_body(x, &n), *wrong;

	if (!settings_allow(&p->settings->callback.networks, http_peer(x))) {
		p->count.refused++;
		http_answer_text(x, 403, "this address may not call here\n");
		return;
	}
	if (!paybill_path(p->settings, http_path_rest(x), &path) ||
	    n > PAYBILL_BODY_MAX) {
		p->count.refused++;
		log_warn(REF, "paybill_refused", "peer=%s why=path", http_peer(x));
		http_answer_text(x, 404, "no such page\n");
		return;
	}
	if (!certificate_fits(
	        http_client_certificate(x),
	        settings_callback_certificate(p->settings, path.entry->name))) {
		p->count.refused++;
		log_warn(REF, "paybill_refused", "peer=%s why=certificate", http_peer(x));
		http_answer_text(x, 401, "this wants the caller's certificate\n");
		return;
	}
	t = xzalloc(sizeof *t);
	t->p = p;
	t->x = x;
	t->path = path;
	t->n = n;
	memcpy(t->body, body, n);
	http_on_gone(x, on_gone, t);
	wrong = paybill_read(body, n, path.entry, 2, &t->money);
	if (wrong != NULL && strcmp(wrong, AMOUNT) != 0)
		reject(t, wrong);
	else if (path.confirms)
		payments_prompted(
		    p->env,
		    &(struct prompted_ask){
		        .provider = path.entry->name,
		        .account = t->money.reference,
		        .receipt = paybill_is_till(path.entry) ? t->money.id : "",
		        .msisdn = t->money.number,
		        .amount = t->money.amount },
		    on_prompted, t);
	else
		payments_cooperative_find(p->env, path.cooperative, on_cooperative, t);
}
