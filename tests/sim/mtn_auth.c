/* MTN: sandbox provisioning, tokens, and the checks every call must pass. */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/sim.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKENS_MAX 512 /* the oldest are forgotten, as if expired */
#define KEY_BYTES  16

struct user {
	struct user *next;
	bool provisioned;
	char id[80], key[140], host[128];
};

struct token {
	struct token *next;
	const struct user *user;
	const char *product;
	int64_t expires_ms;
	char text[80];
};

struct auth {
	struct user *users;
	struct token *tokens; /* newest first */
	unsigned minted;
};

struct auth *
auth_new(void)
{
	return xzalloc(sizeof(struct auth));
}

static void
forget_from(struct token **at)
{
	struct token *t = *at, *next;

	*at = NULL;
	for (; t != NULL; t = next) {
		next = t->next;
		free(t);
	}
}

void
auth_free(struct auth *a)
{
	struct user *next;

	if (a == NULL)
		return;
	forget_from(&a->tokens);
	for (struct user *u = a->users; u != NULL; u = next) {
		next = u->next;
		free(u);
	}
	free(a);
}

static struct user *
find_user(struct auth *a, const char *id, size_t n)
{
	struct user *u = a->users;

	while (u != NULL && (strlen(u->id) != n || strncasecmp(u->id, id, n) != 0))
		u = u->next;
	return u;
}

static struct user *
add_user(struct auth *a, const char *id, const char *key, const char *host)
{
	struct user *u = xzalloc(sizeof *u);

	snprintf(u->id, sizeof u->id, "%s", id);
	snprintf(u->key, sizeof u->key, "%s", key);
	snprintf(u->host, sizeof u->host, "%s", host);
	u->next = a->users;
	a->users = u;
	return u;
}

static bool
subscribed(const struct sim *s, struct http_exchange *x)
{
	const char *key = http_header(x, "Ocp-Apim-Subscription-Key");

	if (key != NULL && key[0] != '\0' &&
	    (s->o.subscription_key == NULL || strcmp(key, s->o.subscription_key) == 0))
		return true;
	answer_json(x, 401,
	            "{\"statusCode\":401,\"message\":\"Access denied due to invalid or "
	            "missing subscription key.\"}");
	return false;
}

/* ---- the sandbox makes users ---- */

void
mtn_create_user(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *id = http_header(x, "X-Reference-Id"), *host;
	struct json *doc;
	struct uuid u;
	size_t n;
	const char *body = http_body(x, &n);

	if (!subscribed(s, x))
		return;
	doc = json_parse(body, n, NULL);
	host = json_get_text(doc, "providerCallbackHost");
	if (id == NULL || !uuid_parse(id, strlen(id), &u) || (u.b[6] >> 4) != 4 ||
	    host == NULL) {
		answer_error(x, 400, "BAD_REQUEST",
		             "X-Reference-Id must be a UUIDv4 and providerCallbackHost a "
		             "host name");
	} else if (find_user(s->auth, id, strlen(id)) != NULL) {
		answer_error(x, 409, "RESOURCE_ALREADY_EXIST",
		             "Duplicated reference id. Creation of resource failed.");
	} else {
		add_user(s->auth, id, "", host)->provisioned = true;
		http_answer(x, 201, NULL, "", 0);
	}
	json_free(doc);
}

static void
make_key(struct sim *s, struct user *u)
{
	unsigned char bytes[KEY_BYTES];

	ids_bytes(&s->ids, bytes, sizeof bytes);
	sodium_bin2hex(u->key, sizeof u->key, bytes, sizeof bytes);
}

/* GET {id} describes a user, POST {id}/apikey gives it a key. */
void
mtn_user(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *rest = http_path_rest(x), *slash = strchr(rest, '/');
	size_t n = slash == NULL ? strlen(rest) : (size_t)(slash - rest);
	struct user *u = find_user(s->auth, rest, n);
	bool asks = slash == NULL && strcmp(http_method(x), "GET") == 0;
	bool wants_key = slash != NULL && strcmp(slash, "/apikey") == 0 &&
	                 strcmp(http_method(x), "POST") == 0;
	char text[400];
	struct json_writer w;
	struct buf b;

	if (!subscribed(s, x))
		return;
	if (u == NULL || !u->provisioned || (!asks && !wants_key)) {
		answer_error(x, 404, "RESOURCE_NOT_FOUND",
		             "Requested resource was not found.");
		return;
	}
	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	if (wants_key) {
		make_key(s, u);
		jw_text(&w, "apiKey", u->key);
	} else {
		jw_text(&w, "providerCallbackHost", u->host);
		jw_text(&w, "targetEnvironment", s->o.environment);
	}
	jw_end_object(&w);
	answer_json(x, wants_key ? 201 : 200, text);
}

/* ---- tokens ---- */

/* Who asks, or NULL.  A user that was not provisioned here is believed with the first key
 * it shows, unless --account names the only one. */
static struct user *
basic_user(struct sim *s, struct http_exchange *x)
{
	const char *header = http_header(x, "Authorization");
	char pair[240];
	char *key;
	size_t n;
	struct user *u;

	if (header == NULL || strncasecmp(header, "Basic ", 6) != 0 ||
	    sodium_base642bin((unsigned char *)pair, sizeof pair - 1, header + 6,
	                      strlen(header + 6), " ", &n, NULL,
	                      sodium_base64_VARIANT_ORIGINAL) != 0)
		return NULL;
	pair[n] = '\0';
	key = strchr(pair, ':');
	if (key == NULL || key == pair || key[1] == '\0')
		return NULL;
	if (s->o.account != NULL && strcmp(pair, s->o.account) != 0 &&
	    find_user(s->auth, pair, (size_t)(key - pair)) == NULL)
		return NULL;
	*key++ = '\0';
	u = find_user(s->auth, pair, strlen(pair));
	if (u == NULL)
		u = add_user(s->auth, pair, key, s->o.callback_hosts);
	return strcmp(u->key, key) == 0 ? u : NULL;
}

static const struct token *
mint(struct sim *s, const struct user *u, const struct product *p)
{
	struct token *t = xzalloc(sizeof *t), **at = &s->auth->tokens;
	unsigned char bytes[24];

	ids_bytes(&s->ids, bytes, sizeof bytes);
	sodium_bin2hex(t->text, sizeof t->text, bytes, sizeof bytes);
	t->user = u;
	t->product = p->name;
	t->expires_ms = sim_now(s) + s->o.token_seconds * 1000;
	t->next = *at;
	*at = t;
	for (unsigned i = 0; i < TOKENS_MAX && *at != NULL; i++)
		at = &(*at)->next;
	forget_from(at);
	return t;
}

/* Real life's traps: no length is a 411, a form is a page of HTML with 200. */
static bool
trapped(struct sim *s, struct http_exchange *x)
{
	static const char html[] = "<html><head><title>Request Rejected</title></head>"
	                           "<body>The requested URL was rejected.</body></html>";
	static const struct uuid nobody;
	const char *type = http_header(x, "Content-Type");

	if (http_header(x, "Content-Length") == NULL &&
	    http_header(x, "Transfer-Encoding") == NULL) {
		http_answer(x, 411, "text/html", "<h1>Length Required</h1>", 24);
		return true;
	}
	if (chaos_rolls(&s->chaos, CHAOS_HTML, &nobody, ++s->auth->minted) ||
	    (type != NULL &&
	     strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0)) {
		log_info("-", "token", "answer=html");
		http_answer(x, 200, "text/html", html, sizeof html - 1);
		return true;
	}
	return false;
}

void
mtn_token(void *arg, struct http_exchange *x)
{
	const struct product *p = arg;
	struct sim *s = p->sim;
	const struct user *u;
	char text[200];

	if (!subscribed(s, x) || trapped(s, x))
		return;
	u = basic_user(s, x);
	if (u == NULL) {
		log_info("-", "token", "product=%s answer=refused", p->name);
		answer_json(x, 401, "{\"error\":\"login_failed\"}");
		return;
	}
	snprintf(text, sizeof text,
	         "{\"access_token\":\"%s\",\"token_type\":\"access_token\","
	         "\"expires_in\":%lld}",
	         mint(s, u, p)->text, (long long)s->o.token_seconds);
	log_debug("-", "token", "product=%s answer=ok", p->name);
	answer_json(x, 200, text);
}

/* ---- every other call ---- */

static const struct token *
bearer(const struct product *p, struct http_exchange *x)
{
	const char *header = http_header(x, "Authorization");
	const struct token *t = p->sim->auth->tokens;

	if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	while (t != NULL &&
	       (strcmp(t->text, header + 7) != 0 || strcmp(t->product, p->name) != 0))
		t = t->next;
	return t != NULL && t->expires_ms > sim_now(p->sim) ? t : NULL;
}

bool
mtn_admit(const struct product *p, struct http_exchange *x, const char **host)
{
	const struct token *t;
	const char *environment = http_header(x, "X-Target-Environment");

	if (!subscribed(p->sim, x))
		return false;
	t = bearer(p, x);
	if (t == NULL) {
		answer_json(x, 401, "{\"message\":\"Unauthorized\"}");
		return false;
	}
	if (environment == NULL || strcmp(environment, p->sim->o.environment) != 0) {
		answer_error(x, 500, "NOT_ALLOWED_TARGET_ENVIRONMENT",
		             "Access to target environment is forbidden.");
		return false;
	}
	*host = t->user->host;
	return true;
}
