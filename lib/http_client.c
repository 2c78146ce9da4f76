#include "lib/http_client.h"

#include "lib/arena.h"
#include "lib/http_fate.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* Easy handles are kept for reuse; their connections live in the multi handle. */
#define SPARE_MAX 64
#define START_MAX 16

struct http_op {
	TAILQ_ENTRY(http_op) link;
	struct http_client *client;
	CURL *easy; /* owned                                         */
	struct curl_slist *headers;
	char *url, *body, *auth, *method;
	struct timer *deadline; /* ours, beside curl's: covers waiting for a turn */
	char *answer;
	size_t len, cap;
	bool too_large;
	unsigned sends; /* times curl began to send the request          */
	bool added;     /* in the multi handle                           */
	http_cb *cb;
	void *arg;
};

TAILQ_HEAD(http_ops, http_op);

struct sock {
	struct http_client *client;
	struct event *ev;
	struct sock *prev, *next;
};

struct http_client {
	struct loop *loop;
	struct http_client_options o;
	char *ca_file;
	CURLM *multi;
	struct timer *timer; /* curl's                                          */
	struct http_ops open, waiting; /* given to curl, and those that will be */
	struct sock *socks;
	CURL *spare[SPARE_MAX];
	unsigned spares;
	bool start_queued, freed;
};

static void collect(struct http_client *c);

/* ---- curl's wishes: sockets and one timer ---- */

static void
on_socket_event(evutil_socket_t fd, short what, void *arg)
{
	struct sock *s = arg;
	struct http_client *c = s->client;
	int flags = ((what & EV_READ) ? CURL_CSELECT_IN : 0) |
	            ((what & EV_WRITE) ? CURL_CSELECT_OUT : 0);
	int running;

	(void)loop_clock(c->loop);
	curl_multi_socket_action(c->multi, fd, flags, &running);
	collect(c);
	loop_rest(c->loop);
}

static void
drop_sock(struct http_client *c, struct sock *s)
{
	*(s->prev ? &s->prev->next : &c->socks) = s->next;
	if (s->next)
		s->next->prev = s->prev;
	event_free(s->ev);
	free(s);
}

static struct sock *
new_sock(struct http_client *c)
{
	struct sock *s = xzalloc(sizeof *s);

	s->client = c;
	s->next = c->socks;
	if (s->next)
		s->next->prev = s;
	c->socks = s;
	return s;
}

static int
on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *sock_arg)
{
	struct http_client *c = arg;
	struct sock *s = sock_arg;
	short flags = EV_PERSIST;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s)
			drop_sock(c, s);
		return 0;
	}
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		flags |= EV_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		flags |= EV_WRITE;
	if (s) {
		event_free(s->ev);
	} else {
		s = new_sock(c);
		curl_multi_assign(c->multi, fd, s);
	}
	s->ev = event_new(loop_base(c->loop), fd, flags, on_socket_event, s);
	if (!s->ev)
		abort();
	event_add(s->ev, NULL);
	return 0;
}

static void
on_curl_timeout(void *arg)
{
	struct http_client *c = arg;
	int running;

	c->timer = NULL;
	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(c);
}

static int
on_curl_timer(CURLM *multi, long ms, void *arg)
{
	struct http_client *c = arg;

	(void)multi;
	timer_cancel(&c->timer);
	if (ms >= 0 && !c->freed)
		c->timer = timer_start(c->loop, ms, on_curl_timeout, c);
	return 0;
}

/* ---- one exchange ---- */

static size_t
on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct http_op *op = arg;
	size_t n = size * count;

	if (n > op->client->o.answer_max - op->len) {
		op->too_large = true;
		return 0; /* curl gives up with CURLE_WRITE_ERROR */
	}
	while (op->len + n + 1 > op->cap) {
		op->cap = op->cap ? 2 * op->cap : 1024;
		op->answer = xrealloc(op->answer, op->cap);
	}
	memcpy(op->answer + op->len, bytes, n);
	op->len += n;
	op->answer[op->len] = '\0';
	return n;
}

/* curl tells when it is about to send on a connection that stands.  It would silently
 * send again when a kept connection turns out dead: whatever is not a mere question must
 * not happen twice, so that is forbidden. */
static int
on_before_send(void *arg, char *peer, char *own, int peer_port, int own_port)
{
	struct http_op *op = arg;

	(void)peer, (void)own, (void)peer_port, (void)own_port;
	return op->sends++ > 0 && strcmp(op->method, "GET") != 0 ? CURL_PREREQFUNC_ABORT
	                                                         : CURL_PREREQFUNC_OK;
}

static struct err
judge(const struct http_op *op, CURLcode code)
{
	struct err err = http_fate((int)code, op->sends > 0);

	return op->too_large ? (struct err){ ERR_TOO_LONG, err.fate,
		                             "http: the answer is too large" }
	                     : err;
}

/* Takes the handle out of curl; not to be called from curl's own callbacks. */
static void
release_easy(struct http_op *op)
{
	struct http_client *c = op->client;

	if (!op->easy)
		return;
	if (op->added)
		curl_multi_remove_handle(c->multi, op->easy);
	if (c->spares < SPARE_MAX && !c->freed) {
		curl_easy_reset(op->easy);
		c->spare[c->spares++] = op->easy;
	} else {
		curl_easy_cleanup(op->easy);
	}
	op->easy = NULL;
	op->added = false;
}

/* A token in a header or the password should not stay in freed memory. */
static void
wipe(char *s)
{
	if (s)
		explicit_bzero(s, strlen(s));
	free(s);
}

static void
free_op(struct http_op *op)
{
	TAILQ_REMOVE(op->added ? &op->client->open : &op->client->waiting, op, link);
	timer_cancel(&op->deadline);
	release_easy(op);
	for (struct curl_slist *h = op->headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(op->headers);
	wipe(op->auth);
	wipe(op->body);
	free(op->url);
	free(op->method);
	free(op->answer);
	free(op);
}

static void
answer(struct http_op *op, const struct http_reply *reply)
{
	http_cb *cb = op->cb;
	void *arg = op->arg;
	char *body = op->answer;

	op->answer = NULL;
	free_op(op);
	if (cb)
		cb(arg, reply);
	free(body);
}

static void
fail(struct http_op *op, struct err err)
{
	struct http_reply reply = { .err = err, .content_type = "", .body = "" };

	answer(op, &reply);
}

static void
finish(struct http_op *op, CURLcode code)
{
	struct http_reply reply = { .err = judge(op, code) };
	const char *type = NULL;
	char type_copy[128] = "";
	long status = 0;

	if (reply.err.code != ERR_NONE) {
		fail(op, reply.err);
		return;
	}
	curl_easy_getinfo(op->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(op->easy, CURLINFO_CONTENT_TYPE, &type);
	if (type)
		strncpy(type_copy, type, sizeof type_copy - 1);
	reply.status = (int)status;
	reply.content_type = type_copy;
	reply.body = op->answer ? op->answer : "";
	reply.body_len = op->len;
	answer(op, &reply);
}

/* After curl has run, and outside of it: callbacks may do anything. */
static void
collect(struct http_client *c)
{
	int left;

	while (!c->freed) {
		CURLMsg *m = curl_multi_info_read(c->multi, &left);
		char *op = NULL;
		CURLcode code;

		if (!m)
			return;
		if (m->msg != CURLMSG_DONE)
			continue;
		code = m->data.result; /* m dies with the handle */
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &op);
		finish((struct http_op *)(void *)op, code);
	}
}

static void
on_deadline(void *arg)
{
	struct http_op *op = arg;

	op->deadline = NULL;
	fail(op, judge(op, CURLE_OPERATION_TIMEDOUT));
}

/* ---- starting ---- */

static void
set_options(struct http_op *op)
{
	const struct http_client *c = op->client;
	CURL *e = op->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, op);
	curl_easy_setopt(e, CURLOPT_URL, op->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, op);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_before_send);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, op);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, op->headers);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "adit");
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	if (c->ca_file)
		curl_easy_setopt(e, CURLOPT_CAINFO, c->ca_file);
	if (op->auth) {
		curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(e, CURLOPT_USERPWD, op->auth);
	}
}

static void
set_request(struct http_op *op, const struct http_request *rq)
{
	CURL *e = op->easy;

	if (rq->body || strcmp(rq->method, "POST") == 0 ||
	    strcmp(rq->method, "PUT") == 0) {
		size_t n = rq->body ? rq->body_len : 0;

		op->body = xzalloc(n + 1);
		if (n > 0)
			memcpy(op->body, rq->body, n);
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, op->body);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
	}
	if (strcmp(rq->method, "HEAD") == 0)
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, op->method);
}

static void on_start(void *arg);

static void
queue_start(struct http_client *c)
{
	if (c->start_queued || TAILQ_EMPTY(&c->waiting))
		return;
	c->start_queued = true;
	loop_next_turn(c->loop, on_start, c);
}

/* curl is entered on the next turn only, so that nothing is answered from http_send; and
 * by few at a time, as it begins all that were added in one go. */
static void
on_start(void *arg)
{
	struct http_client *c = arg;
	struct http_op *op;
	unsigned n = 0;

	c->start_queued = false;
	if (c->freed)
		return;
	for (; n < START_MAX && (op = TAILQ_FIRST(&c->waiting)) != NULL; n++) {
		TAILQ_REMOVE(&c->waiting, op, link);
		TAILQ_INSERT_TAIL(&c->open, op, link);
		op->added = true;
		curl_multi_add_handle(c->multi, op->easy);
	}
	queue_start(c);
}

struct http_op *
http_send(struct http_client *c, const struct http_request *rq, http_cb *cb, void *arg)
{
	struct http_op *op = xzalloc(sizeof *op);

	op->client = c;
	op->cb = cb;
	op->arg = arg;
	op->easy = c->spares > 0 ? c->spare[--c->spares] : curl_easy_init();
	if (!op->easy)
		abort();
	op->url = xstrdup(rq->url);
	op->method = xstrdup(rq->method);
	op->auth = rq->basic_auth ? xstrdup(rq->basic_auth) : NULL;
	/* no "100-continue" round trip, no form type that nobody asked for */
	op->headers = curl_slist_append(op->headers, "Expect:");
	for (size_t i = 0; i < HTTP_HEADERS_MAX && rq->headers[i]; i++)
		op->headers = curl_slist_append(op->headers, rq->headers[i]);
	set_options(op);
	set_request(op, rq);
	op->deadline = timer_start(c->loop, rq->deadline_ms, on_deadline, op);
	TAILQ_INSERT_TAIL(&c->waiting, op, link);
	queue_start(c);
	return op;
}

void
http_cancel(struct http_op **op)
{
	if (!op || !*op)
		return;
	free_op(*op);
	*op = NULL;
}

/* ---- the client ---- */

struct http_client *
http_client_new(struct loop *loop, const struct http_client_options *o)
{
	struct http_client *c = xzalloc(sizeof *c);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	c->loop = loop;
	c->o = *o;
	c->ca_file = o->ca_file ? xstrdup(o->ca_file) : NULL;
	TAILQ_INIT(&c->open);
	TAILQ_INIT(&c->waiting);
	c->multi = curl_multi_init();
	if (!c->multi)
		abort();
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)o->connections);
	curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)o->per_host);
	curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	return c;
}

static void
fail_all(struct http_client *c)
{
	struct http_op *op;

	while ((op = TAILQ_FIRST(&c->open)) != NULL ||
	       (op = TAILQ_FIRST(&c->waiting)) != NULL)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): failing unlinks */
		fail(op, (struct err){ ERR_SHUTDOWN, op->added ? FATE_UNKNOWN : FATE_NOT,
		                       "http: stopping" });
}

/* Behind whatever of curl is on the stack, and behind on_start. */
static void
destroy(void *arg)
{
	struct http_client *c = arg;

	fail_all(c);
	curl_multi_cleanup(c->multi);
	while (c->socks)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): dropping unlinks */
		drop_sock(c, c->socks);
	timer_cancel(&c->timer);
	free(c->ca_file);
	free(c);
}

void
http_client_free(struct http_client *c)
{
	if (!c || c->freed)
		return;
	c->freed = true;
	fail_all(c);
	while (c->spares > 0)
		curl_easy_cleanup(c->spare[--c->spares]);
	timer_cancel(&c->timer);
	loop_next_turn(c->loop, destroy, c);
}
