#include "tests/fake/script.h"

#include "lib/arena.h"
#include "tests/fake/fake.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RULES_MAX   256
#define FAULTS_MAX  16
#define TURNS_NOW   100
#define SCRATCH_MAX (64u << 20)

TAILQ_HEAD(open_calls, fake_call);

struct rule {
	const char *pattern;
	struct answer answer;
	script_handler *handler;
	void *arg;
};

struct planned {
	size_t k;
	enum script_fault fault;
};

static struct {
	struct loop *loop;
	struct arena *scratch;
	struct rule expected[RULES_MAX], standing[RULES_MAX];
	size_t expected_count, expected_next, standing_count;

	struct planned faults[FAULTS_MAX];

	size_t fault_count, calls;
	char trace[16384];
	size_t traced; /* of it */
	char problem[512];
	struct open_calls open;
	bool pg_down, redis_down;
} world;

struct loop *
fake_loop(void)
{
	return world.loop;
}

struct arena *
fake_scratch(void)
{
	return world.scratch;
}

bool
fake_pg_is_down(void)
{
	return world.pg_down;
}

bool
fake_redis_is_down(void)
{
	return world.redis_down;
}

void
script_pg_down(bool down)
{
	world.pg_down = down;
}

void
script_redis_down(bool down)
{
	world.redis_down = down;
}

/* ---- writing the script ---- */

void
script_reset(struct loop *loop)
{
	arena_free(world.scratch);
	memset(&world, 0, sizeof world);
	TAILQ_INIT(&world.open);
	world.loop = loop;
	world.scratch = arena_new(SCRATCH_MAX);
	fake_redis_forget();
}

static void
add_rule(struct rule *rules, size_t *count, struct rule rule)
{
	if (*count == RULES_MAX)
		abort();
	rule.pattern = arena_strdup(world.scratch, rule.pattern);
	rules[(*count)++] = rule;
}

void
script_expect(const char *pattern, struct answer answer)
{
	add_rule(world.expected, &world.expected_count,
	         (struct rule){ .pattern = pattern, .answer = answer });
}

void
script_always(const char *pattern, struct answer answer)
{
	add_rule(world.standing, &world.standing_count,
	         (struct rule){ .pattern = pattern, .answer = answer });
}

void
script_handle(const char *pattern, script_handler *handler, void *arg)
{
	add_rule(world.standing, &world.standing_count,
	         (struct rule){ .pattern = pattern, .handler = handler, .arg = arg });
}

void
script_fault(size_t k, enum script_fault fault)
{
	if (world.fault_count == FAULTS_MAX)
		abort();
	world.faults[world.fault_count].k = k;
	world.faults[world.fault_count++].fault = fault;
}

struct answer
answer_rows(const char *rows)
{
	return (struct answer){ .rows = rows };
}

struct answer
answer_refused(const char *sqlstate)
{
	return (struct answer){ .err = { ERR_REFUSED, FATE_NOT, "database: refused" },
		                .sqlstate = sqlstate };
}

struct answer
answer_err(enum err_code code, enum fate fate)
{
	return (struct answer){ .err = { code, fate, "scripted" } };
}

struct answer
answer_http(int status, const char *body)
{
	return (struct answer){ .status = status, .text = body };
}

struct answer
answer_text(const char *text)
{
	return (struct answer){ .text = text };
}

struct answer
answer_silence(void)
{
	return (struct answer){ .silent = true };
}

/* ---- playing it ---- */

static void
trace(const char *name)
{
	size_t n = world.traced;
	const char *host = strstr(name, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;
	const char *space = strchr(name, ' ');
	char *p;

	if (host && space)
		snprintf(world.trace + n, sizeof world.trace - n, "%s%.*s:%s",
		         n ? " " : "", (int)(space - name), name, path ? path : "/");
	else
		snprintf(world.trace + n, sizeof world.trace - n, "%s%s", n ? " " : "",
		         name);
	world.traced += strlen(world.trace + n);
	p = world.trace + n + (n > 0 && world.traced > n);
	while ((p = strchr(p, ' ')))
		*p = ':';
}

void
fake_unexpected(const char *name)
{
	if (world.problem[0] == '\0')
		snprintf(world.problem, sizeof world.problem, "unexpected call: %s",
		         name);
}

static enum script_fault
fault_of(size_t k)
{
	for (size_t i = 0; i < world.fault_count; i++) {
		if (world.faults[i].k == k)
			return world.faults[i].fault;
	}
	return FAULT_NONE;
}

static struct answer
play(struct fake_call *f, const struct script_call *call)
{
	struct rule *next = &world.expected[world.expected_next];

	if (world.expected_next < world.expected_count &&
	    fnmatch(next->pattern, call->name, 0) == 0) {
		world.expected_next++;
		return next->answer;
	}
	for (size_t i = world.standing_count; i-- > 0;) {
		struct rule *rule = &world.standing[i];

		if (fnmatch(rule->pattern, call->name, 0) != 0)
			continue;
		return rule->handler ? rule->handler(rule->arg, call) : rule->answer;
	}
	return f->fallback(f, call);
}

static struct answer
play_with_fault(struct fake_call *f, const struct script_call *call,
                enum script_fault fault)
{
	struct answer a;

	if (fault == FAULT_NOT_SENT)
		return answer_err(ERR_CONNECT, FATE_NOT);
	if (fault == FAULT_LOST_BEFORE)
		return answer_err(ERR_LOST, FATE_UNKNOWN);
	if (fault == FAULT_SILENT)
		return answer_silence();
	a = play(f, call);
	if (fault == FAULT_LOST_AFTER)
		return answer_err(ERR_LOST, FATE_UNKNOWN);
	if (fault == FAULT_LATE)
		a.after_ms = call->deadline_ms - 1;
	return a;
}

static void
on_due(void *arg)
{
	struct fake_call *f = arg;

	f->timer = NULL;
	f->deliver(f, &f->answer);
}

/* Handlers may answer with text of their own stack's callers: keep copies. */
static void
own_answer(struct fake_call *f, struct answer a)
{
	f->rows = a.rows ? xstrdup(a.rows) : NULL;
	f->text = a.text ? xstrdup(a.text) : NULL;
	a.rows = f->rows;
	a.text = f->text;
	if (a.err.what == NULL)
		a.err.what = "";
	f->answer = a;
}

void
fake_begin(struct fake_call *f, const struct script_call *call)
{
	enum script_fault fault = fault_of(world.calls++);
	struct answer a;

	trace(call->name);
	a = play_with_fault(f, call, fault);
	if (a.silent || a.after_ms >= call->deadline_ms) {
		a = answer_err(ERR_TIMEOUT, FATE_UNKNOWN);
		a.after_ms = call->deadline_ms;
	}
	own_answer(f, a);
	f->timer = timer_start(world.loop, a.after_ms, on_due, f);
	TAILQ_INSERT_TAIL(&world.open, f, link);
}

void
fake_end(struct fake_call *f)
{
	timer_cancel(&f->timer);
	TAILQ_REMOVE(&world.open, f, link);
	free(f->rows);
	free(f->text);
}

static struct fake_call *
first_of(const void *owner)
{
	struct fake_call *f;

	TAILQ_FOREACH(f, &world.open, link)
	{
		if (f->owner == owner)
			return f;
	}
	return NULL;
}

void
fake_fail_all(const void *owner, enum err_code code, enum fate fate)
{
	struct answer a = answer_err(code, fate);
	struct fake_call *f;

	while ((f = first_of(owner)))
		f->deliver(f, &a);
}

/* ---- asking what was played ---- */

size_t
script_calls(void)
{
	return world.calls;
}

const char *
script_trace(void)
{
	return world.trace;
}

size_t
script_open(void)
{
	struct fake_call *f;
	size_t n = 0;

	TAILQ_FOREACH(f, &world.open, link)
	{
		n++;
	}
	return n;
}

const char *
script_problem(void)
{
	if (world.problem[0] != '\0')
		return world.problem;
	if (world.expected_next < world.expected_count) {
		snprintf(world.problem, sizeof world.problem, "never called: %s",
		         world.expected[world.expected_next].pattern);
		return world.problem;
	}
	return script_open() > 0 ? "a call is still open" : NULL;
}

const char *
script_header(const struct script_call *call, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; call->headers && call->headers[i]; i++) {
		const char *h = call->headers[i];

		if (strncasecmp(h, name, n) == 0 && h[n] == ':')
			return h + n + 1 + strspn(h + n + 1, " ");
	}
	return NULL;
}

void
script_run(int64_t ms)
{
	const struct clock *clock = loop_clock(world.loop);
	int64_t until = clock->mono_ms + ms;

	for (int i = 0; i < TURNS_NOW; i++)
		loop_turn(world.loop, 0);
	while (clock->mono_ms < until)
		loop_turn(world.loop, until - clock->mono_ms);
	for (int i = 0; i < TURNS_NOW; i++)
		loop_turn(world.loop, 0);
}
