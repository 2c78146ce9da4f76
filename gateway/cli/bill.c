/* adit providers register, pull - a pay bill's pages, and what came while they were shut.
 *
 *   token --> register [--> register for pulls]
 *   token --> pull, rows 0.. --> pull, the next --> ... --> no rows
 *               `-> each row goes to the gateway's page, as if it were told just now
 *
 * So it runs the same way as any other money (paybill.h), under its receipt: told twice,
 * it is there once. */
#include "gateway/cli/bill.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/http_client.h"
#include "lib/json.h"
#include "payments/flow/means.h"
#include "payments/flow/token.h"
#include "payments/provider/daraja_bill.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX 4194304
#define TURN_MS    10
#define PAGES_MAX  10000
#define PAGE_SIZE  512
#define VERB       "adit providers"

struct line { /* to the provider and to the gateway */
	struct clock clock;
	struct loop *loop;
	struct http_client *http;
	struct tokens *tokens;
	struct carry_means means;
	struct provider_token token;
	bool answered;
	struct err err;
	int status; /* of the last answer, and its body */
	char *body;
	size_t len;
};

static void
on_reply(void *arg, const struct http_reply *r)
{
	struct line *l = arg;

	l->answered = true;
	l->err = r->err;
	l->status = r->status;
	free(l->body);
	l->len = r->err.code == ERR_NONE ? r->body_len : 0;
	l->body = xzalloc(l->len + 1);
	if (l->len > 0)
		memcpy(l->body, r->body, l->len);
}

static void
await(struct line *l)
{
	while (!l->answered)
		loop_turn(l->loop, TURN_MS);
	l->answered = false;
}

/* False, and says so, if nothing came back. */
static bool
exchange(struct line *l, const struct http_request *rq)
{
	http_send(l->http, rq, on_reply, l);
	await(l);
	if (l->err.code != ERR_NONE)
		fprintf(stderr, VERB ": no answer: %s\n", l->err.what);
	return l->err.code == ERR_NONE;
}

static bool
send_built(struct line *l, struct provider_request *built)
{
	struct http_request rq = { .method = built->method,
		                   .url = built->url,
		                   .body = built->body,
		                   .body_len = built->body_len,
		                   .deadline_ms = l->means.deadline_ms };
	bool sent;

	for (unsigned i = 0; i < PROVIDER_HEADERS && built->headers[i][0] != '\0'; i++)
		rq.headers[i] = built->headers[i];
	sent = exchange(l, &rq);
	sodium_memzero(built, sizeof *built);
	return sent;
}

static void
on_token(void *arg, const struct provider_token *token, const struct err *err)
{
	struct line *l = arg;

	l->answered = true;
	l->err = token == NULL ? *err : err_none();
	if (token != NULL)
		l->token = *token;
}

static bool
open_line(struct line *l, const struct settings *s, const struct cli_bill *ask)
{
	const struct settings_provider *p =
	    ask->name == NULL ? NULL : settings_provider(s, ask->name);
	struct http_client_options o = { .connections = 2,
		                         .per_host = 1,
		                         .answer_max = ANSWER_MAX };
	struct token_for whose = { &provider_daraja, &l->means.account[PAY_IN], PAY_IN,
		                   0 };

	if (p == NULL || means_codec(p) != &provider_daraja || ask->cooperative == NULL) {
		fputs(VERB ": NAME of an entry with the codec daraja and --cooperative "
		           "SITE are needed\n",
		      stderr);
		return false;
	}
	means_read(&l->means, p);
	whose.deadline_ms = l->means.deadline_ms;
	clock_init(&l->clock);
	l->loop = loop_new(&l->clock);
	l->http = http_client_new(l->loop, &o);
	l->tokens = tokens_new(l->loop, l->http);
	(void)token_get(l->tokens, &whose, on_token, l);
	await(l);
	if (l->err.code != ERR_NONE)
		fprintf(stderr, VERB ": no token: %s\n", l->err.what);
	return true;
}

static void
close_line(struct line *l)
{
	if (l->loop == NULL)
		return;
	tokens_free(l->tokens);
	http_client_free(l->http);
	loop_free(l->loop);
	free(l->body);
	sodium_memzero(l, sizeof *l);
}

static struct provider_answer
answer_of(const struct line *l)
{
	return (struct provider_answer){ l->status, "", l->body, l->len };
}

/* "BASE/paybill/saf/SECRET/SITE/confirm"; "" if that is too long. */
static void
put_page(char out[PAGE_SIZE], const char *base, const struct settings *s,
         const struct cli_bill *ask, const char *page)
{
	const char *parts[] = {
		base, "/paybill/",      ask->name, "/", s->callback.secret,
		"/",  ask->cooperative, "/",       page
	};
	struct buf b;

	buf_init(&b, out, PAGE_SIZE);
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
		buf_puts(&b, parts[i]);
	if (!buf_ok(&b))
		out[0] = '\0';
}

/* ---- register ---- */

static int
tell(struct line *l, struct provider_request *built,
     int (*read)(const struct provider_answer *, struct err *), const char *what)
{
	struct provider_answer ans;
	struct err err = err_none();

	if (!send_built(l, built))
		return CLI_WRONG;
	ans = answer_of(l);
	if (read(&ans, &err) < 0) {
		fprintf(stderr, VERB ": %s: %s\n", what, err.what);
		return CLI_WRONG;
	}
	printf("%s: registered\n", what);
	return CLI_OK;
}

static int
register_all(struct line *l, const struct settings *s, const struct cli_bill *ask)
{
	const struct provider_account *a = &l->means.account[PAY_IN];
	char confirm[PAGE_SIZE], validate[PAGE_SIZE];
	struct daraja_pages pages = { confirm, validate, ask->version, ask->cancels };
	struct provider_request *built = xzalloc(sizeof *built);
	struct err err = err_none();
	int status = CLI_WRONG;

	put_page(confirm, s->http.public_url, s, ask, "confirm");
	put_page(validate, s->http.public_url, s, ask, "validate");
	if (daraja_register(a, &l->token, &pages, built, &err) == 0)
		status = tell(l, built, daraja_register_answer, "the pay bill's pages");
	if (status == CLI_OK && ask->nominated != NULL) {
		status = CLI_WRONG;
		if (daraja_pull_register(a, &l->token, ask->nominated, confirm, built,
		                         &err) == 0)
			status = tell(l, built, daraja_pull_register_answer, "pulls");
	}
	if (err.code != ERR_NONE)
		fprintf(stderr, VERB ": the page under http.public_url: %s\n", err.what);
	free(built);
	return status;
}

int
cli_bill_register(struct settings *s, const struct cli_bill *ask)
{
	struct line l = { .answered = false };
	int status = CLI_USAGE;

	if (s->http.public_url[0] == '\0' || s->callback.secret[0] == '\0')
		fputs(VERB ": http.public_url and callback.secret_file are needed\n",
		      stderr);
	else if (open_line(&l, s, ask))
		status = l.err.code == ERR_NONE ? register_all(&l, s, ask) : CLI_WRONG;
	close_line(&l);
	return status;
}

/* ---- pull ---- */

struct pulling {
	struct line *l;
	const struct cli_bill *ask;
	const char *party;
	char page[PAGE_SIZE]; /* the gateway's */
	unsigned count, cap, told, refused, failed;
	struct daraja_bill *bills;
};

static void
keep_bill(void *arg, const struct daraja_bill *bill)
{
	struct pulling *p = arg;

	if (p->count == p->cap) {
		struct daraja_bill *grown;

		p->cap = p->cap == 0 ? 256 : 2 * p->cap;
		grown = xzalloc(p->cap * sizeof *grown);
		if (p->count > 0)
			memcpy(grown, p->bills, p->count * sizeof *grown);
		free(p->bills);
		p->bills = grown;
	}
	p->bills[p->count++] = *bill;
}

/* All of it before any is told; the window ends now, so no row moves meanwhile. */
static bool
fetch(struct pulling *p)
{
	const struct provider_account *a = &p->l->means.account[PAY_IN];
	int64_t now = loop_clock(p->l->loop)->wall_ms;
	struct daraja_window w = { .from_ms = now - p->ask->hours * 3600 * 1000,
		                   .to_ms = now };
	struct provider_request *built = xzalloc(sizeof *built);
	struct err err = err_none();
	int rows = 1;

	for (unsigned i = 0; i < PAGES_MAX && rows > 0; i++) {
		struct provider_answer ans;

		w.offset = p->count;
		rows = daraja_pull(a, &p->l->token, &w, built, &err);
		if (rows == 0 && send_built(p->l, built)) {
			ans = answer_of(p->l);
			rows = daraja_pull_answer(&ans, keep_bill, p, &err);
		} else {
			rows = -1;
		}
	}
	free(built);
	if (rows < 0 && err.code != ERR_NONE)
		fprintf(stderr, VERB ": %s\n", err.what);
	return rows == 0;
}

static void
put_confirmation(const struct pulling *p, const struct daraja_bill *bill, struct buf *b)
{
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "TransactionType", "Pay Bill");
	jw_text(&w, "TransID", bill->receipt);
	jw_text(&w, "TransAmount", bill->amount);
	jw_text(&w, "BusinessShortCode", p->party);
	jw_text(&w, "BillRefNumber", bill->account);
	jw_text(&w, "MSISDN", bill->number);
	jw_end_object(&w);
}

static void
count_answer(struct pulling *p, const struct daraja_bill *bill)
{
	struct json *doc =
	    p->l->len == 0 ? NULL : json_parse(p->l->body, p->l->len, NULL);
	const char *code = json_get_text(doc, "ResultCode");
	bool read = p->l->status == 200 && code != NULL;

	if (read && strcmp(code, "0") == 0) {
		p->told++;
	} else if (read) {
		p->refused++;
		printf("refused: %s %s: %s\n", bill->receipt, bill->amount, code);
	} else {
		p->failed++;
		fprintf(stderr, VERB ": %s: the gateway answers %d\n", bill->receipt,
		        p->l->status);
	}
	json_free(doc);
}

static void
tell_gateway(struct pulling *p, const struct daraja_bill *bill)
{
	char body[400];
	struct http_request rq = { .method = "POST",
		                   .url = p->page,
		                   .headers = { "Content-Type: application/json" },
		                   .body = body,
		                   .deadline_ms = p->l->means.deadline_ms };
	struct buf b;

	buf_init(&b, body, sizeof body);
	put_confirmation(p, bill, &b);
	rq.body_len = b.len;
	if (buf_ok(&b) && exchange(p->l, &rq))
		count_answer(p, bill);
	else
		p->failed++;
}

static int
pull_all(struct pulling *p)
{
	if (!fetch(p))
		return CLI_WRONG;
	for (unsigned i = 0; i < p->count; i++) {
		if (p->ask->dry)
			printf("%s %s %s %s\n", p->bills[i].receipt, p->bills[i].amount,
			       p->bills[i].number, p->bills[i].account);
		else
			tell_gateway(p, &p->bills[i]);
	}
	printf("%u payments; in the books %u, refused %u, not told %u\n", p->count,
	       p->told, p->refused, p->ask->dry ? p->count : p->failed);
	return p->refused + p->failed == 0 ? CLI_OK : CLI_WRONG;
}

int
cli_bill_pull(struct settings *s, const struct cli_bill *ask)
{
	struct line l = { .answered = false };
	struct pulling p = { .l = &l, .ask = ask };
	char base[128];
	int status = CLI_USAGE;

	snprintf(base, sizeof base, "http://%s", s->http.listen);
	if (s->callback.secret[0] == '\0')
		fputs(VERB ": callback.secret_file is needed\n", stderr);
	else if (open_line(&l, s, ask)) {
		put_page(p.page, ask->gateway == NULL ? base : ask->gateway, s, ask,
		         "confirm");
		p.party = l.means.account[PAY_IN].party;
		status = l.err.code == ERR_NONE ? pull_all(&p) : CLI_WRONG;
	}
	free(p.bills);
	close_line(&l);
	return status;
}
