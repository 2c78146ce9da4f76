#include "tests/integration/sim_bed.h"

#include "lib/json.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEADLINE_MS 5000
#define PAYMENTS    70
#define MINTS_MAX   40
#define TRIES_MAX   400
#define STEPS_MAX   5 /* a new token, and places to follow */
#define WAKES_MAX   100

struct sim_bed sim;

static int
port_in(FILE *log)
{
	char text[4096];
	const char *at;
	size_t n;

	rewind(log);
	n = fread(text, 1, sizeof text - 1, log);
	text[n] = '\0';
	at = strstr(text, "listening port=");
	return at == NULL ? 0 : (int)strtol(at + 15, NULL, 10);
}

int
sim_bed_open(const struct provider *provider, const struct provider_account *account)
{
	const char *given = getenv("ADIT_SIM"), *build = getenv("BUILD");
	struct http_client_options o = { .connections = 8,
		                         .per_host = 8,
		                         .answer_max = 262144 };
	char program[300];
	FILE *log = tmpfile();
	int port = 0;

	assert_non_null(log);
	snprintf(program, sizeof program, "%s%s",
	         given   ? given
	         : build ? build
	                 : "build",
	         given ? "" : "/adit-sim");
	sim.process = fork();
	if (sim.process == 0) {
		dup2(fileno(log), STDERR_FILENO);
		execl(program, program, "--listen", "127.0.0.1:0", "--speed", "200",
		      "--currencies", "TZS,EUR,CDF,KES", "--seed",
		      getenv("SIM_SEED") ? getenv("SIM_SEED") : "11", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 500 && (port = port_in(log)) == 0; i++)
		usleep(10000);
	fclose(log);
	assert_int_not_equal(port, 0);
	clock_init(&sim.now);
	sim.loop = loop_new(&sim.now);
	sim.http = http_client_new(sim.loop, &o);
	ids_init_seeded(&sim.ids, 42);
	sim.deadline_ms = DEADLINE_MS;
	sim.provider = provider;
	sim.account = *account;
	snprintf(sim.account.base_url, sizeof sim.account.base_url, "http://127.0.0.1:%d",
	         port);
	return 0;
}

int
sim_bed_close(void **state)
{
	int status = 0;

	(void)state;
	http_client_free(sim.http);
	loop_turn(sim.loop, 0);
	loop_free(sim.loop);
	kill(sim.process, SIGTERM);
	waitpid(sim.process, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* ---- one call, waited for ------------------------------------------------------------
 */

static void
on_reply(void *arg, const struct http_reply *r)
{
	struct sim_reply *s = arg;

	s->done = true;
	s->err = r->err;
	s->status = r->status;
	s->n = r->body_len < sizeof s->body ? r->body_len : sizeof s->body - 1;
	memcpy(s->body, r->body, s->n);
	s->body[s->n] = '\0';
}

static const struct sim_reply *
wait_for(const struct http_request *rq)
{
	static struct sim_reply seen;

	seen.done = false;
	http_send(sim.http, rq, on_reply, &seen);
	while (!seen.done)
		loop_turn(sim.loop, 1);
	return &seen;
}

const struct sim_reply *
sim_send(const struct provider_request *rq)
{
	struct http_request r = { .method = rq->method,
		                  .url = rq->url,
		                  .basic_auth = rq->basic_auth[0] ? rq->basic_auth : NULL,
		                  .body = rq->body_len ? rq->body : NULL,
		                  .body_len = rq->body_len,
		                  .deadline_ms = sim.deadline_ms };

	for (int i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0'; i++)
		r.headers[i] = rq->headers[i];
	return wait_for(&r);
}

struct provider_answer
sim_answer(const struct sim_reply *s)
{
	return (struct provider_answer){ s->status, "", s->body, s->n };
}

const struct sim_reply *
sim_page(const char *method, const char *path, const char *body)
{
	char url[300];
	struct http_request rq = { .method = method,
		                   .url = url,
		                   .body = body,
		                   .body_len = body ? strlen(body) : 0,
		                   .deadline_ms = 5000 };

	snprintf(url, sizeof url, "%s%s", sim.account.base_url, path);
	return wait_for(&rq);
}

void
sim_fetch_key(void)
{
	const struct sim_reply *s = sim_page("GET", "/v1/rsa/encryption-keys", NULL);
	struct json *doc = json_parse(s->body, s->n, NULL);
	const char *key = json_get_text(json_get(doc, "data"), "key");

	assert_non_null(key);
	snprintf(sim.account.public_key, sizeof sim.account.public_key, "%s", key);
	json_free(doc);
}

void
sim_is_answered(const struct sim_said *row, const char *header)
{
	struct provider_request rq = { .method = row->method };
	const char *bearer = row->bearer;
	const struct sim_reply *s;
	unsigned h = 0;

	if (bearer != NULL && strcmp(bearer, SIM_OURS) == 0)
		bearer = sim_token(PAY_OUT)->text;
	snprintf(rq.url, sizeof rq.url, "%.150s%s", sim.account.base_url, row->path);
	if (bearer != NULL)
		snprintf(rq.headers[h++], sizeof *rq.headers, "Authorization: Bearer %s",
		         bearer);
	snprintf(rq.headers[h++], sizeof *rq.headers, "Content-Type: %s",
	         row->type == NULL ? "x/x" : row->type);
	if (header != NULL)
		snprintf(rq.headers[h++], sizeof *rq.headers, "%s", header);
	if (row->body != NULL) {
		snprintf(rq.body, sizeof rq.body, "%s", row->body);
		rq.body_len = strlen(rq.body);
	}
	s = sim_send(&rq);
	if (s->status != row->status || strstr(s->body, row->word) == NULL)
		fail_msg("%s %s: %d %s", row->method, row->path, s->status, s->body);
}

/* ---- what a flow does, in small
 * --------------------------------------------------------
 */

struct provider_token *
sim_token(enum pay_direction d)
{
	struct provider_token *t = &sim.tokens[d];
	struct provider_request rq;

	if (sim.provider->token == NULL)
		return t;
	for (int i = 0; i < MINTS_MAX && t->expires_ms <= loop_clock(sim.loop)->wall_ms;
	     i++) {
		const struct sim_reply *s;
		struct provider_answer ans;

		assert_int_equal(sim.provider->token(&sim.account, d, &rq, NULL), 0);
		s = sim_send(&rq);
		ans = sim_answer(s);
		if (s->err.code == ERR_NONE)
			(void)sim.provider->token_answer(
			    &ans, loop_clock(sim.loop)->wall_ms, t, NULL);
	}
	assert_true(t->expires_ms > loop_clock(sim.loop)->wall_ms);
	return t;
}

static void
keep_handle(const struct provider_order *o, const struct verdict *v)
{
	if (v->handle[0] == '\0')
		return;
	sim.handle_of = o->reference;
	memcpy(sim.handle, v->handle, sizeof sim.handle);
}

struct verdict
sim_call(const struct provider_order *order, bool submit)
{
	struct verdict v = { .kind = VERDICT_AUTH };
	struct provider_order copy = *order;
	const struct provider_order *o = &copy;
	int refused = 0, wakes = sim.provider->token_wakes_ms > 0 ? WAKES_MAX : 0;

	if (!submit && uuid_equal(&sim.handle_of, &o->reference))
		memcpy(copy.handle, sim.handle, sizeof copy.handle);
	for (int i = 0; i < STEPS_MAX && ((v.kind == VERDICT_AUTH && refused < 2) ||
	                                  v.kind == VERDICT_FOLLOW);
	     i++) {
		struct provider_token *t = sim_token(o->direction);
		struct provider_request rq;
		const struct sim_reply *s;
		struct provider_answer ans;

		assert_int_equal((submit ? sim.provider->submit : sim.provider->query)(
		                     &sim.account, t, o, &rq, NULL),
		                 0);
		s = sim_send(&rq);
		ans = sim_answer(s);
		if (s->err.code != ERR_NONE)
			v.kind = s->err.fate == FATE_NOT ? VERDICT_DOWN : VERDICT_UNKNOWN;
		else if (submit)
			sim.provider->submit_answer(o, &ans, &v);
		else
			sim.provider->query_answer(o, &ans, &v);
		if (v.kind == VERDICT_AUTH && wakes > 0) { /* it is still asleep */
			wakes--;
			i--;
			loop_turn(sim.loop, 5);
			continue;
		}
		refused += v.kind == VERDICT_AUTH;
		if (v.kind == VERDICT_AUTH)
			t->expires_ms = 0;
		if (v.kind == VERDICT_FOLLOW)
			memcpy(copy.follow, v.follow, sizeof copy.follow);
		if (submit)
			keep_handle(o, &v);
	}
	return v;
}

struct provider_order
sim_order(const char *number, enum pay_direction d)
{
	struct provider_order o = { .direction = d,
		                    .reference = ids_uuid4(&sim.ids),
		                    .amount_minor = SIM_MINOR,
		                    .exponent = 2,
		                    .currency = "TZS",
		                    .note = "It's a test" };

	ids_bytes(&sim.ids, o.chance, sizeof o.chance);
	snprintf(o.msisdn, sizeof o.msisdn, "%s", number);
	return o;
}

enum err_code
sim_ask(struct provider_inquiry *q, struct provider_fact *fact)
{
	struct err err = err_none();
	struct provider_request rq;
	struct provider_answer ans;

	*fact = (struct provider_fact){ .name = "" };
	assert_int_equal(
	    sim.provider->ask(&sim.account, sim_token(PAY_OUT), q, &rq, NULL), 0);
	ans = sim_answer(sim_send(&rq));
	if (sim.provider->ask_answer(q, &ans, fact, &err) == 0)
		return ERR_NONE;
	assert_int_not_equal(err.code, ERR_NONE);
	return err.code;
}

void
sim_tells(const struct sim_telling *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct provider_inquiry q = { .topic = rows[i].topic,
			                      .direction = PAY_OUT,
			                      .exponent = 2 };
		struct provider_fact fact;

		snprintf(q.msisdn, sizeof q.msisdn, "%s", rows[i].number);
		assert_int_equal(sim_ask(&q, &fact), rows[i].code);
		assert_int_equal(fact.active, rows[i].active);
		if (rows[i].topic == TOPIC_NAME)
			assert_string_not_equal(fact.name, "");
		if (rows[i].topic == TOPIC_BALANCE)
			assert_true(fact.balance_minor > 0);
	}
}

struct verdict
sim_ends(const struct sim_ending *row, enum verdict_kind again,
         enum verdict_kind meanwhile, struct verdict *submitted)
{
	struct provider_order o = sim_order(row->number, row->direction);
	struct verdict v = sim_call(&o, true);

	assert_int_equal(v.kind, row->submit);
	if (submitted != NULL)
		*submitted = v;
	if (v.kind == A)
		assert_int_equal(sim_call(&o, true).kind, again);
	for (int n = 0; n < 1000; n++) {
		v = sim_call(&o, false);
		if (v.kind == row->end)
			break;
		assert_int_equal(v.kind, meanwhile);
		loop_turn(sim.loop, 5);
	}
	assert_int_equal(v.kind, row->end);
	assert_int_equal(v.reason, row->reason);
	return v;
}

/* Asks until it is decided; sends again only under the same reference, after what surely
 * was not taken or was not found often enough. */
struct verdict
sim_carry(const struct provider_order *o, bool *maybe_taken)
{
	bool submit = true;
	int misses = 0;
	struct verdict v = { .kind = VERDICT_UNKNOWN };

	*maybe_taken = false;
	for (int i = 0; i < TRIES_MAX; i++) {
		v = sim_call(o, submit);
		if (v.kind == VERDICT_PAID || (v.kind == VERDICT_FAILED && !submit) ||
		    (v.kind == VERDICT_FAILED && !*maybe_taken))
			return v;
		if (submit && v.kind != VERDICT_DOWN && v.kind != VERDICT_AUTH)
			*maybe_taken = true;
		misses = v.kind == VERDICT_NOT_FOUND ? misses + 1 : 0;
		submit = submit ? !*maybe_taken : misses > 30;
		loop_turn(sim.loop, 5);
	}
	return v;
}

void
sim_book_state(const struct uuid *reference, char out[16])
{
	sim_book(reference, "state", out, 16);
}

struct verdict
sim_settled(const struct provider_order *o)
{
	struct verdict v = { .kind = VERDICT_PENDING };

	for (int n = 0; n < 1000 && v.kind == VERDICT_PENDING; n++) {
		v = sim_call(o, false);
		loop_turn(sim.loop, 5);
	}
	return v;
}

struct provider_order
sim_collected(const char *number, int64_t amount, char txn[64])
{
	struct provider_order o = sim_order(number, PAY_IN);

	o.amount_minor = amount;
	memcpy(o.currency, sim.account.currency, sizeof o.currency);
	assert_int_equal(sim_call(&o, true).kind, VERDICT_ACCEPTED);
	assert_int_equal(sim_settled(&o).kind, VERDICT_PAID);
	sim_book(&o.reference, "txn", txn, 64);
	return o;
}

void
sim_book(const struct uuid *reference, const char *what, char *out, size_t cap)
{
	char path[80], text[UUID_TEXT_SIZE];
	const struct sim_reply *s;
	struct json *doc;

	snprintf(path, sizeof path, "/book?reference=%s", uuid_text(reference, text));
	s = sim_page("GET", path, NULL);
	assert_int_equal(s->status, 200);
	doc = s->n == 0 ? NULL : json_parse(s->body, s->n, NULL);
	snprintf(out, cap, "%s", doc == NULL ? "none" : json_get_text(doc, what));
	json_free(doc);
}

void
sim_agrees_whatever_happens(const char *prefix, const char *const endings[SIM_ENDINGS])
{
	static const char chaos[] =
	    "lose=15,delay=5,delay_ms=400,http500=10,refuse500=15,busy=10,notfound=15,"
	    "notfound_ms=20000,auth=10,garbage=15,flip=30,html=20";
	unsigned paid = 0, failed = 0;

	assert_int_equal(sim_page("POST", "/chaos", chaos)->status, 200);
	sim.deadline_ms = 150;
	for (unsigned i = 0; i < PAYMENTS; i++) {
		char number[16], book[16];
		struct provider_order o;
		struct verdict v;
		bool maybe_taken;

		snprintf(number, sizeof number, "%s%02u%s", prefix, i % 100,
		         endings[i % SIM_ENDINGS]);
		o = sim_order(number, i % 2 == 0 ? PAY_OUT : PAY_IN);
		v = sim_carry(&o, &maybe_taken);
		sim_book_state(&o.reference, book);
		assert_true(v.kind == VERDICT_PAID || v.kind == VERDICT_FAILED);
		assert_string_equal(book, v.kind == VERDICT_PAID ? "paid" : "failed");
		paid += v.kind == VERDICT_PAID;
		failed += v.kind == VERDICT_FAILED;
	}
	sim.deadline_ms = DEADLINE_MS;
	assert_int_equal(sim_page("POST", "/chaos", "off")->status, 200);
	assert_true(paid > PAYMENTS / 3 && failed > PAYMENTS / 3);
}
