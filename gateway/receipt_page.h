/*
 * receipt_page - anybody can check a receipt: GET /r/CODE in a browser, /r/CODE.json or
 * Accept: application/json for a program.
 *
 * A page without script, readable at 320 pixels.  An unknown or mistyped code is a 404
 * page that says what to do; too many questions from one address get 429.
 */
#ifndef GATEWAY_RECEIPT_PAGE_H
#define GATEWAY_RECEIPT_PAGE_H

#include "lib/buf.h"
#include "lib/http_server.h"
#include "lib/redis.h"
#include "payments/flow/receipts.h"

struct receipt_page {
	struct flow_env *env;
	struct redis *redis;
};

void receipt_page_handle(void *receipt_page,
                         struct http_exchange *x); /* GET "/r/" and more */
void receipt_page_css(void *receipt_page, struct http_exchange *x); /* GET /adit.css */

/* The pure parts: text of the answer into b. */
void receipt_html(struct buf *b, const struct receipt_view *r);
void receipt_html_unknown(struct buf *b, const char *code, bool mistyped);
void receipt_html_notice(struct buf *b, const char *title, const char *text);
void receipt_json(struct buf *b, const struct receipt_view *r);

#endif
