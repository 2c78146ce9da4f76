#include "gateway/channel/at_sms.h"

#include "gateway/channel/at_gate.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

#define REF "at"

/* One SMS or report being read: the carrier is told to deliver it again if that fails. */
struct pending {
	struct http_exchange *x; /* NULL: the peer has gone */
};

static void
refuse(struct at_sms *at, struct http_exchange *x, const char *wrong)
{
	char text[160];
	struct buf b;

	at->count.refused++;
	log_warn(REF, "sms_refused", "peer=%s why=\"%s\"", http_peer(x), wrong);
	buf_init(&b, text, sizeof(text));
	buf_printf(&b, "%s\n", wrong);
	http_answer_text(x, 400, text);
}

static void
on_gone(void *arg)
{
	struct pending *p = arg;

	p->x = NULL;
}

static struct pending *
wait_for(struct http_exchange *x)
{
	struct pending *p = xzalloc(sizeof *p);

	p->x = x;
	http_on_gone(x, on_gone, p);
	return p;
}

static void
on_kept(void *arg, bool kept)
{
	struct pending *p = arg;

	if (p->x != NULL && kept)
		http_answer_text(p->x, 200, "");
	else if (p->x != NULL)
		http_answer_text(p->x, 503, "try again later\n");
	free(p);
}

static void
on_read(void *arg, const struct err *err)
{
	on_kept(arg, err->code == ERR_NONE);
}

static void
handle_inbound(struct at_sms *at, struct http_exchange *x, const char *body, size_t n)
{
	struct at_sms_in sms;
	const char *wrong = at_sms_parse(body, n, &sms);

	if (wrong != NULL) {
		refuse(at, x, wrong);
	} else {
		char masked[MSISDN_MAX + 1];
		at->count.received++;
		log_info(sms.in.sms_id, "sms_in", "channel=at number=%s",
		         msisdn_mask(sms.in.from.digits, masked));
		sms_dialog_receive(at->dialog, &sms.in, on_read, wait_for(x));
	}
	explicit_bzero(sms.text, sizeof(sms.text)); /* people send PINs */
}

static void
handle_report(struct at_sms *at, struct http_exchange *x, const char *body, size_t n)
{
	struct sms_report report;
	const char *wrong = at_sms_parse_report(body, n, &report);
	struct pending *p;

	if (wrong != NULL) {
		refuse(at, x, wrong);
		return;
	}
	at->count.reports++;
	if (report.fate == AT_ON_ITS_WAY) {
		http_answer_text(x, 200, "");
		return;
	}
	p = wait_for(x);
	if (!at->report(at->report_arg, &report, on_kept, p))
		on_kept(p, false);
}

void
at_sms_handle(void *at_sms, struct http_exchange *x)
{
	struct at_sms *at = at_sms;
	size_t n;
	const char *tail = at_admit(at->settings, x);
	const char *body = tail == NULL ? NULL : at_form(x, &n);

	if (body == NULL)
		return;
	if (*tail == '\0')
		handle_inbound(at, x, body, n);
	else if (strcmp(tail, "dlr") == 0 || strcmp(tail, "report") == 0)
		handle_report(at, x, body, n);
	else
		http_answer_text(x, 404, "no such page\n");
}
