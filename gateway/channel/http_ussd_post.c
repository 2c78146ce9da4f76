/* A screen for an aggregator that does not take it as the answer to its request. */
#include "gateway/channel/http_ussd.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/http_client.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

#define BODY_MAX 4096
#define SEND_MS  5000 /* later nobody looks at the phone any more */

struct posted {
	const struct http_ussd_row *row;
	struct http_ussd_counts *counts;
	char session[HOP_SESSION_SIZE];
};

static void
on_answer(void *arg, const struct http_reply *r)
{
	struct posted *p = arg;
	bool taken = r->err.code == ERR_NONE && r->status >= 200 && r->status < 300 &&
	             strstr(r->body, p->row->expects) != NULL;

	if (!taken) {
		p->counts->unsent++;
		log_warn(p->session, "screen_not_taken", "channel=%s status=%d why=%s",
		         p->row->name, r->status, err_name(r->err.code));
	}
	free(p);
}

void
http_ussd_post(struct http_client *http, const char *url, const struct http_ussd_row *row,
               const struct http_ussd_screen *s, struct http_ussd_counts *counts)
{
	char body[BODY_MAX], head[16], type[96];
	struct buf b, h;

	buf_init(&b, body, sizeof body);
	buf_init(&h, head, sizeof head);
	http_ussd_write(row, s, &b, &h);
	if (!buf_ok(&b)) {
		counts->unsent++;
		log_error(s->session, "screen_too_long", "channel=%s", row->name);
		explicit_bzero(body, sizeof body);
		return;
	}
	struct posted *p = xzalloc(sizeof *p);
	p->row = row;
	p->counts = counts;
	snprintf(p->session, sizeof p->session, "%s", s->session);
	snprintf(type, sizeof type, "Content-Type: %s", row->type);
	struct http_request rq = {
		.method = "POST",
		.url = url,
		.headers = { type },
		.body = b.at,
		.body_len = b.len,
		.deadline_ms = SEND_MS,
	};
	http_send(http, &rq, on_answer, p);
	explicit_bzero(body, sizeof body);
}
