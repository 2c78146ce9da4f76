#include "gateway/channel/http_sms_in.h"

#include "gateway/channel/at_gate.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/certificate.h"
#include "lib/log.h"
#include "payments/flow/members.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* One request being read: the carrier is told to bring it again if any SMS fails. */
struct pending {
	struct http_exchange *x; /* NULL: the peer has gone */
	unsigned open;           /* SMS that are not read yet */
	bool failed;
};

static struct http_sms_in_counts *
counts_of(struct http_sms_in *h, const struct settings_carrier *row)
{
	return &h->counts[row - h->settings->carriers];
}

static void
refuse(struct http_sms_in *h, struct http_exchange *x, const struct settings_carrier *row,
       int status, const char *wrong)
{
	char text[160];
	struct buf b;

	counts_of(h, row)->refused++;
	log_warn(row->name, "sms_refused", "peer=%s status=%d why=\"%s\"", http_peer(x),
	         status, wrong);
	buf_init(&b, text, sizeof text);
	buf_printf(&b, "%s\n", wrong);
	http_answer_text(x, status, text);
}

static void
on_gone(void *arg)
{
	struct pending *p = arg;

	p->x = NULL;
}

static void
close_one(struct pending *p)
{
	if (--p->open > 0)
		return;
	if (p->x != NULL && p->failed)
		http_answer_text(p->x, 503, "try again later\n");
	else if (p->x != NULL)
		http_answer_text(p->x, 200, "");
	free(p);
}

static void
on_read(void *arg, const struct err *err)
{
	struct pending *p = arg;

	p->failed |= err->code != ERR_NONE;
	close_one(p);
}

/* An id where the carrier gives none: of the same SMS the same, if the time it was sent
 * is known; else it is one of its own. */
static void
name_it(const struct http_sms_in *h, struct at_sms_in *sms, const char *when)
{
	uint8_t digest[16];
	crypto_generichash_state st;
	struct uuid id;

	if (sms->in.sms_id[0] != '\0')
		return;
	if (*when == '\0') {
		id = ids_uuid4(h->ids);
		uuid_text(&id, sms->in.sms_id);
		return;
	}
	crypto_generichash_init(&st, NULL, 0, sizeof digest);
	crypto_generichash_update(&st, (const uint8_t *)sms->in.from.digits,
	                          strlen(sms->in.from.digits) + 1);
	crypto_generichash_update(&st, (const uint8_t *)when, strlen(when) + 1);
	crypto_generichash_update(&st, (const uint8_t *)sms->text, sms->in.text_len);
	crypto_generichash_final(&st, digest, sizeof digest);
	sodium_bin2hex(sms->in.sms_id, sizeof sms->in.sms_id, digest, sizeof digest);
}

static void
take_sms(struct http_sms_in *h, const struct settings_carrier *row,
         struct http_exchange *x, const struct http_sms_post *post)
{
	static struct at_sms_in sms;
	struct pending *p = NULL;
	char when[40], masked[MSISDN_MAX + 1];
	bool more = true;

	for (unsigned i = 0; more; i++) {
		const char *wrong = http_sms_in_read(row, post, i, &sms, when, &more);

		if (wrong != NULL && p == NULL && !more) {
			refuse(h, x, row, 400, wrong);
			return;
		}
		if (wrong != NULL) { /* the others are fine */
			counts_of(h, row)->refused++;
			log_warn(row->name, "sms_refused", "why=\"%s\"", wrong);
			continue;
		}
		if (p == NULL) {
			p = xzalloc(sizeof *p);
			p->x = x;
			p->open = 1;
			http_on_gone(x, on_gone, p);
		}
		name_it(h, &sms, when);
		counts_of(h, row)->received++;
		log_info(sms.in.sms_id, "sms_in", "channel=%s number=%s", row->name,
		         msisdn_mask(sms.in.from.digits, masked));
		p->open++;
		sms_dialog_receive(h->dialog, &sms.in, on_read, p);
	}
	explicit_bzero(sms.text, sizeof sms.text); /* people send PINs */
	if (p != NULL)
		close_one(p);
	else
		refuse(h, x, row, 400, "no SMS could be read");
}

static void
take_reports(struct http_sms_in *h, const struct settings_carrier *row,
             struct http_exchange *x, const struct http_sms_post *post)
{
	struct sms_report report;
	bool more = true, taken = true;

	for (unsigned i = 0; more; i++) {
		const char *wrong = http_sms_report_read(row, post, i, &report, &more);

		if (wrong != NULL && i == 0 && !more) {
			refuse(h, x, row, 400, wrong);
			return;
		}
		if (wrong != NULL)
			continue;
		counts_of(h, row)->reports++;
		taken &= h->report(h->report_arg, &report);
	}
	if (taken)
		http_answer_text(x, 200, "");
	else
		http_answer_text(x, 503, "try again later\n");
}

static void
on_stopped(void *arg, const struct payments_answer *a)
{
	struct pending *p = arg;

	/* nobody's number: there is nothing to stop */
	p->failed = a->outcome == OUTCOME_FAIL && strcmp(a->reason, "not_found") != 0;
	close_one(p);
}

static void
take_stopped(struct http_sms_in *h, const struct settings_carrier *row,
             struct http_exchange *x, const struct http_sms_post *post)
{
	char masked[MSISDN_MAX + 1];
	struct msisdn from;
	const char *wrong = http_sms_stopped_read(post, &from);

	if (wrong != NULL) {
		refuse(h, x, row, 400, wrong);
		return;
	}
	struct pending *p = xzalloc(sizeof *p);
	p->x = x;
	p->open = 1;
	http_on_gone(x, on_gone, p);
	log_info(row->name, "sms_stopped", "number=%s", msisdn_mask(from.digits, masked));
	payments_news_set(h->env, from.digits, false, on_stopped, p);
}

static const struct settings_carrier *
row_of(const struct settings *s, const char *path, const char **rest)
{
	size_t n = strcspn(path, "/");

	for (unsigned i = 0; i < s->carrier_count; i++) {
		const struct settings_carrier *c = &s->carriers[i];

		if (strlen(c->name) == n && memcmp(c->name, path, n) == 0) {
			*rest = path + n;
			return strcmp(c->kind, "at") == 0 || strcmp(c->kind, "smpp") == 0
			           ? NULL
			           : c;
		}
	}
	return NULL;
}

void
http_sms_in_handle(void *http_sms_in, struct http_exchange *x)
{
	struct http_sms_in *h = http_sms_in;
	const char *rest = "", *tail;
	char peer[SETTINGS_ADDRESS_MAX];
	const struct settings_carrier *row =
	    row_of(h->settings, http_path_rest(x), &rest);
	struct http_sms_post post = { .query = http_query(x), .tail = "" };

	if (row == NULL) {
		http_answer_text(x, 404, "no such page\n");
		return;
	}
	post.body = http_body(x, &post.n);
	settings_peer(&h->settings->http.proxies, http_peer(x),
	              http_header(x, "X-Forwarded-For"), peer);
	tail = at_path_tail(row->in_secret, rest);
	if (!settings_allow(&row->networks, peer)) {
		refuse(h, x, row, 403, "this address may not call here");
	} else if (!certificate_fits(http_client_certificate(x), row->certificate)) {
		refuse(h, x, row, 401, "this wants the caller's certificate");
	} else if (tail != NULL && *tail == '\0') {
		take_sms(h, row, x, &post);
	} else if (tail != NULL && strcmp(tail, "stopped") == 0) {
		take_stopped(h, row, x, &post);
	} else if (tail != NULL && strncmp(tail, "dlr", 3) == 0 &&
	           (tail[3] == '\0' || tail[3] == '/')) {
		post.tail = tail[3] == '/' ? tail + 4 : "";
		take_reports(h, row, x, &post);
	} else {
		refuse(h, x, row, 404, "no such page");
	}
}
