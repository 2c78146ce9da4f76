/* Airtel: tells the URL registered in the portal how a payment went. */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/sim.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define CALLBACK_DEADLINE_MS 10000
#define SECOND_AFTER_MS      50

struct callback {
	struct sim *sim;
	char reference[UUID_TEXT_SIZE];
	char body[600];
};

static void
on_told(void *arg, const struct http_reply *reply)
{
	struct callback *c = arg;

	log_info(c->reference, "callback", "provider=airtel status=%d error=%s",
	         reply->status, err_name(reply->err.code));
	free(c);
}

static void
tell(void *arg)
{
	struct callback *c = arg;
	struct http_request rq = { .method = "POST",
		                   .url = c->sim->o.airtel_callback,
		                   .headers = { "Content-Type: application/json" },
		                   .body = c->body,
		                   .body_len = strlen(c->body),
		                   .deadline_ms = CALLBACK_DEADLINE_MS };

	http_send(c->sim->http, &rq, on_told, c);
}

static void
put_transaction(struct buf *b, const struct sim *s, const struct entry *e, bool paid)
{
	char hex[UUID_TEXT_SIZE];
	struct json_writer w;
	size_t n = 0;

	for (const char *c = uuid_text(&e->reference, hex); *c != '\0'; c++)
		if (*c != '-')
			hex[n++] = *c;
	hex[n] = '\0';
	jw_init(&w, b);
	jw_object(&w, NULL);
	if (!chaos_rolls(&s->chaos, CHAOS_NOID, &e->reference, 0))
		jw_text(&w, "id", hex);
	jw_text(&w, "message", paid ? "Paid" : "Failed");
	jw_text(&w, "status_code", paid ? "TS" : "TF");
	jw_text(&w, "airtel_money_id", e->txn);
	jw_end_object(&w);
}

static void
tell_after(struct sim *s, const struct entry *e, int64_t ms, bool lies)
{
	struct callback *c = xzalloc(sizeof *c);
	char transaction[400], hash[64];
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state st;
	const char *key = s->o.airtel_hash_key;
	struct buf b;

	c->sim = s;
	uuid_text(&e->reference, c->reference);
	buf_init(&b, transaction, sizeof transaction);
	put_transaction(&b, s, e, (e->state == ENTRY_PAID) != lies);
	snprintf(c->body, sizeof c->body, "{\"transaction\":%s}", transaction);
	if (key != NULL) {
		crypto_auth_hmacsha256_init(&st, (const unsigned char *)key, strlen(key));
		crypto_auth_hmacsha256_update(&st, (const unsigned char *)transaction,
		                              b.len);
		crypto_auth_hmacsha256_final(&st, sum);
		sodium_bin2base64(hash, sizeof hash, sum, sizeof sum,
		                  sodium_base64_VARIANT_ORIGINAL);
		snprintf(c->body, sizeof c->body, "{\"transaction\":%s,\"hash\":\"%s\"}",
		         transaction, hash);
	}
	timer_start(s->loop, ms, tell, c);
}

void
airtel_call_back(struct sim *s, const struct entry *e, unsigned times)
{
	int64_t after = 0;

	if (s->o.airtel_callback == NULL || times == 0 ||
	    chaos_rolls(&s->chaos, CHAOS_SILENT, &e->reference, 0))
		return;
	if (chaos_rolls(&s->chaos, CHAOS_DUP, &e->reference, 0))
		times++;
	if (chaos_rolls(&s->chaos, CHAOS_CONTRADICT, &e->reference, 0)) {
		tell_after(s, e, after, true);
		after += SECOND_AFTER_MS;
	}
	for (; times > 0; times--, after += SECOND_AFTER_MS)
		tell_after(s, e, after, false);
}
