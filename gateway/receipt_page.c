/*
 * receipt_page - one question about a receipt.
 *
 *   COUNT --few--> LOOK --found/unknown/away--> answer
 *      `--many--> 429           (Redis away: nobody counts)
 */
#include "gateway/receipt_page.h"

#include "lib/arena.h"
#include "lib/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REF        "receipt"
#define WINDOW_MS  60000
#define PER_WINDOW 120
#define PAGE_MAX   24576
#define CODE_MAX   31
#define HTML       "text/html; charset=utf-8"
#define CONTENT_RULE                                                                     \
	"default-src 'none'; style-src 'self'; base-uri 'none'; "                        \
	"form-action 'none'; frame-ancestors 'none'"

struct look {
	struct receipt_page *page;
	struct http_exchange *x;
	struct redis_op *count;
	struct payments_op *op;
	bool json;
	char code[CODE_MAX + 1];
};

static const char css[] =
    "body{font:16px/1.45 system-ui,sans-serif;margin:0;color:#1c1917;background:#fafaf9}"
    "main{max-width:34rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.3rem;margin:.6rem 0}h2{font-size:1rem;margin:1.2rem 0 .3rem}"
    "table{width:100%;border-collapse:collapse}"
    "th,td{text-align:left;font-weight:400;padding:.25rem 0;vertical-align:top;"
    "border-bottom:1px solid #e7e5e4}"
    "td{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}"
    ".n{white-space:nowrap;padding-left:1rem}"
    ".ok,.bad{padding:.7rem .9rem;border-radius:.4rem;border-left:.4rem solid}"
    ".ok{background:#ecfdf5;border-color:#047857}.bad{background:#fef2f2;"
    "border-color:#b91c1c}"
    "code,pre{font-size:.8rem;overflow-wrap:anywhere;white-space:pre-wrap}"
    "@media print{body{background:#fff}details{display:none}}";

void
receipt_page_css(void *receipt_page, struct http_exchange *x)
{
	(void)receipt_page;
	http_reply_header(x, "Cache-Control", "public, max-age=86400");
	http_answer(x, 200, "text/css", css, sizeof(css) - 1);
}

static void
destroy(struct look *l)
{
	redis_cancel(&l->count);
	payments_cancel(&l->op);
	free(l);
}

static void
on_gone(void *arg)
{
	destroy(arg);
}

/* Ends the exchange and the look. */
static void
send_page(struct look *l, int status, struct buf *b)
{
	struct http_exchange *x = l->x;

	http_reply_header(x, "Content-Security-Policy", CONTENT_RULE);
	http_reply_header(x, "X-Content-Type-Options", "nosniff");
	http_reply_header(x, "Referrer-Policy", "no-referrer");
	http_reply_header(x, "Cache-Control", "no-store");
	bool json = l->json;
	destroy(l);
	http_answer(x, status, json ? "application/json" : HTML, b->at, b->len);
}

static void
send_notice(struct look *l, int status, const char *title, const char *text)
{
	char page[2048];
	struct buf b;

	buf_init(&b, page, sizeof(page));
	if (l->json)
		buf_printf(&b, "{\"valid\":false,\"error\":\"%s\"}\n", title);
	else
		receipt_html_notice(&b, title, text);
	send_page(l, status, &b);
}

static void
send_unknown(struct look *l, bool mistyped)
{
	char page[2048];
	struct buf b;

	buf_init(&b, page, sizeof(page));
	if (l->json)
		buf_printf(&b, "{\"valid\":false,\"error\":\"%s\"}\n",
		           mistyped ? "mistyped code" : "unknown code");
	else
		receipt_html_unknown(&b, l->code, mistyped);
	send_page(l, 404, &b);
}

static void
on_receipt(void *arg, const struct payments_answer *a, const struct receipt_view *r)
{
	struct look *l = arg;
	char page[PAGE_MAX];
	struct buf b;

	l->op = NULL;
	if (a->outcome != OUTCOME_OK) {
		if (strcmp(a->reason, "not_found") == 0 ||
		    strcmp(a->reason, "bad_input") == 0)
			send_unknown(l, strcmp(a->reason, "bad_input") == 0);
		else
			send_notice(l, 503, "Cannot look now",
			            "Please ask again in a minute.");
		return;
	}
	if (!r->intact)
		log_error(r->code, "receipt_altered", "site=%s number=%lld", r->site,
		          (long long)r->number);
	buf_init(&b, page, sizeof(page));
	if (l->json)
		receipt_json(&b, r);
	else
		receipt_html(&b, r);
	if (buf_ok(&b))
		send_page(l, 200, &b);
	else
		send_notice(l, 500, "Cannot show it", "The receipt is too long to show.");
}

static void
enter_look(struct look *l)
{
	l->op = payments_receipt(l->page->env, l->code, on_receipt, l);
}

static void
on_count(void *arg, const struct redis_reply *reply)
{
	struct look *l = arg;

	l->count = NULL;
	if (reply->err.code == ERR_NONE && reply->integer > PER_WINDOW) {
		log_warn(REF, "too_many", "peer=%s", http_peer(l->x));
		send_notice(l, 429, "Too many questions",
		            "Please wait a minute and ask again.");
		return;
	}
	enter_look(l);
}

static void
enter_count(struct look *l)
{
	char key[96];

	snprintf(key, sizeof(key), "receipt:{%s}", http_peer(l->x));
	l->count = redis_count(l->page->redis, key, WINDOW_MS, on_count, l);
}

/* "ABCD-1234", "abcd1234.json" */
static bool
read_code(struct look *l, const char *rest)
{
	static const char ending[] = ".json";
	size_t n = strlen(rest);
	const char *accept = http_header(l->x, "Accept");

	l->json = accept != NULL && strstr(accept, "application/json") != NULL;
	if (n > 5 && strcasecmp(rest + n - 5, ending) == 0) {
		l->json = true;
		n -= 5;
	}
	if (n == 0 || n > CODE_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)rest[i];
		if (c <= ' ' || c > '~' || c == '%')
			return false;
	}
	memcpy(l->code, rest, n);
	return true;
}

void
receipt_page_handle(void *receipt_page, struct http_exchange *x)
{
	struct look *l = xzalloc(sizeof(*l));

	l->page = receipt_page;
	l->x = x;
	http_on_gone(x, on_gone, l);
	if (!read_code(l, http_path_rest(x)))
		send_unknown(l, true);
	else
		enter_count(l);
}
