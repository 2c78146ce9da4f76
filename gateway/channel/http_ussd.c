/*
 * One request: network --> secret --> credentials --> read --> dialog --> written.
 */
#include "gateway/channel/http_ussd.h"

#include "gateway/channel/at_gate.h"
#include "gateway/channel/http_auth.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/certificate.h"
#include "lib/log.h"
#include "ussd/flow/dialog.h"

#include <stdlib.h>
#include <string.h>

#define KEPT_MAX  1024
#define REPLY_MAX 4096

/* One hop under way: ends with the dialog's answer, even if the peer left before. */
struct pending {
	struct http_ussd *owner;
	struct http_ussd_counts *counts; /* of its entry */
	const char *send_url;            /* of a dialect that posts */
	const struct http_ussd_row *row;
	struct http_exchange *x; /* NULL: the peer has gone */
	bool is_over;            /* a notice: nobody reads a screen */
	char session[HOP_SESSION_SIZE], code[HOP_CODE_SIZE], url[320], kept[KEPT_MAX];
	struct msisdn msisdn;
};

/* ---- the answer ---- */

/* "Name: value|Name: value" */
static void
put_headers(struct http_exchange *x, char *lines)
{
	while (*lines != '\0') {
		size_t n = strcspn(lines, "|");
		char *next = lines + n + (lines[n] == '|'), *value;

		lines[n] = '\0';
		value = strstr(lines, ": ");
		if (value != NULL) {
			*value = '\0';
			http_reply_header(x, lines, value + 2);
		}
		lines = next;
	}
}

static struct http_ussd_screen
screen_of(const struct pending *p, const char *text, enum http_ussd_said said)
{
	return (struct http_ussd_screen){ text,    said,   p->session, p->msisdn.digits,
		                          p->code, p->url, p->kept };
}

static void
answer(struct pending *p, const char *text, enum http_ussd_said said)
{
	char body[REPLY_MAX], head[512];
	struct buf b, h;
	struct http_ussd_screen s = screen_of(p, text, said);

	buf_init(&b, body, sizeof body);
	buf_init(&h, head, sizeof head);
	http_ussd_write(p->row, &s, &b, &h);
	if (!buf_ok(&b) || !buf_ok(&h)) {
		log_error(p->session, "screen_too_long", "channel=%s", p->row->name);
		http_answer_text(p->x, 500, "the screen does not fit\n");
		return;
	}
	put_headers(p->x, head);
	http_answer(p->x, 200, p->row->type, b.at, b.len);
	explicit_bzero(body, sizeof body);
}

static void
on_gone(void *arg)
{
	struct pending *p = arg;

	p->x = NULL;
	p->counts->gone++;
	log_warn(p->session, "hop_peer_gone", "channel=%s", p->row->name);
}

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct pending *p = arg;
	enum http_ussd_said said = p->is_over   ? USSD_OVER
	                           : reply->end ? USSD_LAST
	                                        : USSD_MORE;

	if (p->row->posts && !p->is_over) {
		struct http_ussd_screen s = screen_of(p, reply->text, said);

		http_ussd_post(p->owner->http, p->send_url, p->row, &s, p->counts);
	} else if (p->x != NULL) {
		answer(p, reply->text, said);
	}
	free(p);
}

/* ---- the request ---- */

static void
refuse(struct http_ussd *u, unsigned i, struct http_exchange *x, int status,
       const char *wrong)
{
	char text[200];
	struct buf b;

	u->counts[i].refused++;
	log_warn(u->rows[i].name, "hop_refused", "peer=%s status=%d why=\"%s\"",
	         http_peer(x), status, wrong);
	buf_init(&b, text, sizeof text);
	buf_printf(&b, "%s\n", wrong);
	http_answer_text(x, status, text);
}

static bool
fields_fit(const struct http_ussd_row *row, const struct settings_ussd_http *e,
           const struct http_ussd_request *rq)
{
	char user[128], password[SETTINGS_SECRET_MAX];
	bool who, what;

	http_ussd_field(row, rq, row->user_field, user, sizeof user);
	http_ussd_field(row, rq, row->password_field, password, sizeof password);
	who = auth_same(user, e->user);
	what = auth_same(password, e->password);
	explicit_bzero(password, sizeof password);
	return who && what;
}

static bool
is_theirs(const struct http_ussd_row *row, const struct settings_ussd_http *e,
          const struct http_ussd_request *rq, const struct http_exchange *x)
{
	if (strcmp(e->auth, "basic") == 0)
		return auth_basic(http_header(x, "Authorization"), e->user, e->password);
	if (strcmp(e->auth, "fields") == 0)
		return fields_fit(row, e, rq);
	if (strcmp(e->auth, "hmac") == 0)
		return auth_hmac(http_header(x, e->signature), e->key, rq->body, rq->n);
	if (strcmp(e->auth, "rsa") == 0)
		return auth_rsa(http_header(x, e->signature), e->key, rq->body, rq->n);
	return true;
}

static struct pending *
pend(struct http_ussd *u, unsigned i, struct http_exchange *x,
     const struct http_ussd_request *rq, const struct hop *hop)
{
	const struct http_ussd_row *row = &u->rows[i];
	struct pending *p = xzalloc(sizeof *p);
	struct buf kept;

	p->owner = u;
	p->counts = &u->counts[i];
	p->send_url = u->settings->ussd_http[i].send_url;
	p->row = row;
	p->x = x;
	p->is_over = hop->kind != HOP_BEGIN && hop->kind != HOP_CONTINUE;
	p->msisdn = hop->msisdn;
	memcpy(p->session, hop->session, sizeof p->session);
	memcpy(p->code, hop->code, sizeof p->code);
	snprintf(p->url, sizeof p->url, "%.150s%.150s", u->settings->http.public_url,
	         http_path(x));
	buf_init(&kept, p->kept, sizeof p->kept);
	http_ussd_keep(row, rq, &kept);
	return p;
}

static void
take(struct http_ussd *u, unsigned i, struct http_exchange *x,
     const struct http_ussd_request *rq)
{
	static const char *const kinds[] = { "begin", "continue", "end", "abort",
		                             "timeout" };
	const struct http_ussd_row *row = &u->rows[i];
	struct http_ussd_hop h;
	char masked[MSISDN_MAX + 1];
	const char *wrong = http_ussd_read(row, rq, &h);

	if (wrong != NULL) {
		refuse(u, i, x, 400, wrong);
		return;
	}
	struct pending *p = pend(u, i, x, rq, &h.hop);
	log_debug(h.hop.session, "hop", "channel=%s number=%s network=%s kind=%s",
	          row->name, msisdn_mask(h.hop.msisdn.digits, masked), h.hop.network,
	          kinds[h.hop.kind]);
	if (p->is_over)
		p->counts->events++;
	else
		p->counts->hops++;
	if (h.hop.msisdn.digits[0] == '\0') { /* a notice without a number */
		answer(p, "", USSD_OVER);
		free(p);
	} else {
		if (!h.hop.cumulative)
			hop_memory_name(u->memory, &h.hop, loop_clock(u->loop)->mono_ms,
			                u->settings->ussd_http[i].repeat_ms);
		if (row->posts) {
			answer(p, "", USSD_OVER);
			p->x = NULL;
		} else {
			http_on_gone(x, on_gone, p);
		}
		dialog_hop(u->dialog, &h.hop, on_screen, p);
	}
	http_ussd_wipe(&h);
}

/* The entry whose name the path begins with; *rest: what stands behind it. */
static int
entry_of(const struct settings *s, const char *path, const char **rest)
{
	size_t n = strcspn(path, "/");

	for (unsigned i = 0; i < s->ussd_http_count; i++) {
		const char *name = s->ussd_http[i].name;

		if (strlen(name) == n && memcmp(name, path, n) == 0) {
			*rest = path + n;
			return (int)i;
		}
	}
	return -1;
}

static const char *
header_of(const void *exchange, const char *name)
{
	return http_header(exchange, name);
}

void
http_ussd_handle(void *http_ussd, struct http_exchange *x)
{
	struct http_ussd *u = http_ussd;
	const char *rest;
	char peer[SETTINGS_ADDRESS_MAX];
	int i = entry_of(u->settings, http_path_rest(x), &rest);

	if (i < 0) {
		http_answer_text(x, 404, "no such page\n");
		return;
	}
	const struct settings_ussd_http *e = &u->settings->ussd_http[i];
	const char *tail = at_path_tail(e->secret, rest);
	struct http_ussd_request rq = {
		.header = header_of,
		.header_arg = x,
		.method = http_method(x),
		.path = tail,
		.query = http_query(x),
		.country = e->country,
		.code = e->service_code[0] != '\0' ? e->service_code
		                                   : u->settings->ussd.service_code,
	};

	rq.body = http_body(x, &rq.n);
	settings_peer(&u->settings->http.proxies, http_peer(x),
	              http_header(x, "X-Forwarded-For"), peer);
	if (!settings_allow(&e->networks, peer))
		refuse(u, (unsigned)i, x, 403, "this address may not call here");
	else if (tail == NULL)
		refuse(u, (unsigned)i, x, 404, "no such page");
	else if (!certificate_fits(http_client_certificate(x), e->certificate))
		refuse(u, (unsigned)i, x, 401, "this wants the caller's certificate");
	else if (!is_theirs(&u->rows[i], e, &rq, x))
		refuse(u, (unsigned)i, x, 401, "credentials or signature are wrong");
	else
		take(u, (unsigned)i, x, &rq);
}

const char *
http_ussd_init(struct http_ussd *u, const char **name)
{
	for (unsigned i = 0; i < u->settings->ussd_http_count; i++) {
		const struct settings_ussd_http *e = &u->settings->ussd_http[i];
		const char *wrong = http_ussd_resolve(e, &u->rows[i]);

		*name = e->name;
		if (strncmp(e->name, "at", 2) == 0)
			return "/ussd/at is Africa's Talking's: another name";
		if (wrong != NULL)
			return wrong;
		if ((strcmp(e->auth, "basic") == 0 || strcmp(e->auth, "fields") == 0) &&
		    (e->user[0] == '\0' || e->password[0] == '\0'))
			return "auth needs user and password_file";
		if ((strcmp(e->auth, "hmac") == 0 || strcmp(e->auth, "rsa") == 0) &&
		    e->key[0] == '\0')
			return "auth needs key_file";
		if (u->rows[i].posts && e->send_url[0] == '\0')
			return "its screens are posted: it needs send_url";
	}
	return NULL;
}
