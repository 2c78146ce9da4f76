#include "gateway/channel/at_ussd.h"

#include "gateway/channel/at_gate.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "ussd/flow/dialog.h"

#include <stdlib.h>
#include <string.h>

/* One hop under way: ends with the dialog's answer, even if the peer left before. */
struct pending {
	struct at_ussd *at;
	struct http_exchange *x; /* NULL: the peer has gone */
	char ref[HOP_SESSION_SIZE];
};

static void
on_gone(void *arg)
{
	struct pending *p = arg;

	p->x = NULL;
	p->at->count.gone++;
	log_warn(p->ref, "hop_peer_gone", "channel=at");
}

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct pending *p = arg;
	char text[1024];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	buf_puts(&b, reply->end ? "END " : "CON ");
	buf_puts(&b, reply->text);
	if (p->x != NULL)
		http_answer(p->x, 200, "text/plain; charset=utf-8", b.at, b.len);
	explicit_bzero(text, sizeof(text));
	free(p);
}

static void
on_event_taken(void *arg, const struct dialog_reply *reply)
{
	struct pending *p = arg;

	(void)reply;
	if (p->x != NULL)
		http_answer_text(p->x, 200, "");
	free(p);
}

static struct pending *
pend(struct at_ussd *at, struct http_exchange *x, const struct hop *hop)
{
	struct pending *p = xzalloc(sizeof(*p));

	p->at = at;
	p->x = x;
	memcpy(p->ref, hop->session, sizeof(p->ref));
	http_on_gone(x, on_gone, p);
	return p;
}

static void
refuse(struct at_ussd *at, struct http_exchange *x, const char *wrong)
{
	at->count.refused++;
	log_warn("at", "hop_refused", "peer=%s why=\"%s\"", http_peer(x), wrong);
	char text[160];
	struct buf b;
	buf_init(&b, text, sizeof(text));
	buf_printf(&b, "%s\n", wrong);
	http_answer_text(x, 400, text);
}

static void
handle_hop(struct at_ussd *at, struct http_exchange *x, const char *body, size_t n)
{
	struct at_hop h;
	const char *wrong = at_ussd_parse(body, n, &h);

	if (wrong != NULL) {
		refuse(at, x, wrong);
	} else {
		char masked[MSISDN_MAX + 1];
		at->count.hops++;
		log_debug(h.hop.session, "hop", "channel=at number=%s network=%s kind=%s",
		          msisdn_mask(h.hop.msisdn.digits, masked), h.hop.network,
		          h.hop.kind == HOP_BEGIN ? "begin" : "continue");
		dialog_hop(at->dialog, &h.hop, on_screen, pend(at, x, &h.hop));
	}
	at_hop_wipe(&h);
}

static void
handle_event(struct at_ussd *at, struct http_exchange *x, const char *body, size_t n)
{
	struct hop hop;
	const char *wrong = at_ussd_parse_event(body, n, &hop);

	if (wrong != NULL) {
		refuse(at, x, wrong);
		return;
	}
	log_debug(hop.session, "session_over", "channel=at success=%d",
	          hop.kind == HOP_END);
	dialog_hop(at->dialog, &hop, on_event_taken, pend(at, x, &hop));
}

void
at_ussd_handle(void *at_ussd, struct http_exchange *x)
{
	struct at_ussd *at = at_ussd;
	size_t n;
	const char *tail = at_admit(at->settings, x);
	const char *body = tail == NULL ? NULL : at_form(x, &n);

	if (body == NULL)
		return;
	if (*tail == '\0')
		handle_hop(at, x, body, n);
	else if (strcmp(tail, "events") == 0)
		handle_event(at, x, body, n);
	else
		http_answer_text(x, 404, "no such page\n");
}
