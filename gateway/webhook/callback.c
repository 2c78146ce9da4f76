#include "gateway/webhook/callback.h"

#include "lib/certificate.h"
#include "lib/log.h"
#include "payments/flow/means.h"
#include "payments/flow/posted.h"
#include "payments/provider/signature.h"

#include <sodium.h>
#include <string.h>

#define REF "callback"

/* The part up to the next '/', and the step behind it. */
static const char *
next_part(const char *at, char *out, size_t cap)
{
	size_t n = strcspn(at, "/");

	memset(out, 0, cap);
	memcpy(out, at, n < cap ? n : 0);
	return at[n] == '/' ? at + n + 1 : at + n;
}

bool
callback_path(const struct settings *s, const char *rest, struct callback_path *out)
{
	const char *secret = s->callback.secret;
	const struct settings_provider *entry;
	char part[SETTINGS_SECRET_MAX];
	size_t n = strlen(secret);

	memset(out, 0, sizeof(*out));
	rest = next_part(rest, part, sizeof(part));
	entry = settings_provider(s, part);
	out->provider = entry == NULL ? NULL : means_codec(entry);
	if (out->provider == NULL)
		return false;
	memcpy(out->name, entry->name, sizeof out->name);
	if (n > 0) {
		rest = next_part(rest, part, sizeof(part));
		if (sodium_memcmp(part, secret, n) != 0 || part[n] != '\0')
			return false;
	}
	if (*rest == '\0')
		return true;
	rest = next_part(rest, part, sizeof(part));
	if (!uuid_parse(part, strlen(part), &out->reference))
		return false;
	if (*rest == '\0')
		return true;
	out->question = out->provider->ask_result != NULL &&
	                posted_is_question(secret, &out->reference, rest);
	if (out->question)
		return true;
	out->answers = posted_attempt(secret, &out->reference, rest);
	return out->answers > 0 && out->provider->result != NULL;
}

static void
refuse(struct callback *c, struct http_exchange *x, int status, const char *why)
{
	c->count.refused++;
	log_warn(REF, "callback_refused", "peer=%s status=%d why=\"%s\"", http_peer(x),
	         status, why);
	http_answer_text(x, status, why);
}

static void
answer(const struct provider *p, struct http_exchange *x)
{
	char text[400];
	size_t n, len;
	const char *body = http_body(x, &n);

	if (p->reply == NULL) {
		http_answer(x, p->callback_status == 0 ? 200 : p->callback_status, NULL,
		            "", 0);
		return;
	}
	len = p->reply(body, n, text, sizeof text);
	http_answer(x, 200, "application/json", text, len);
}

static void
take(struct callback *c, const struct callback_path *path, struct http_exchange *x,
     const struct provider_hint *hint)
{
	char ref[UUID_TEXT_SIZE];
	size_t n;
	const char *body = http_body(x, &n);

	c->count.taken++;
	log_info(uuid_text(&hint->reference, ref), "callback", "provider=%s said=%s",
	         path->name, hint->said);
	c->hint(c->arg, path->name, hint, body, n);
	answer(path->provider, x);
}

static bool
read_hint(const struct callback_path *path, struct http_exchange *x,
          struct provider_hint *hint)
{
	struct err err;
	size_t n;
	const char *body = http_body(x, &n);

	/* A body that cannot be read still says that something happened to the payment
	 * its URL names: who asks finds out what. */
	if (path->provider->callback(body, n, hint, &err) == 0) {
		hint->answers = path->answers;
	} else {
		memset(hint, 0, sizeof *hint);
		memcpy(hint->said, "unread", sizeof "unread");
	}
	/* We made the URL: its reference is the one we know. */
	if (!uuid_is_nil(&path->reference))
		hint->reference = path->reference;
	return !uuid_is_nil(&hint->reference) || hint->external_id[0] != '\0';
}

static const char *
header_of(const void *x, const char *name)
{
	return http_header(x, name);
}

/* Not what Host says: the signature of a message that was for somebody else's host must
 * not hold here. */
static bool
own_authority(const struct callback *c, const struct settings_provider *s, char *out,
              size_t cap)
{
	return signature_authority(
	    s->callback_url[0] != '\0' ? s->callback_url : c->settings->http.public_url,
	    out, cap);
}

/* Without a key there is nothing to hold against it. */
static bool
is_genuine(const struct callback *c, const struct callback_path *path,
           struct http_exchange *x)
{
	const struct settings_provider *s = settings_provider(c->settings, path->name);
	struct provider_account a = { .version = 0 };
	struct provider_post post = { .method = http_method(x),
		                      .path = http_path(x),
		                      .header = header_of,
		                      .of = x,
		                      .wall_ms = c->clock->wall_ms };
	char authority[200];
	bool same;

	if (s == NULL || path->provider->callback_signed == NULL)
		return true;
	post.body = http_body(x, &post.len);
	post.authority = authority;
	if (!own_authority(c, s, authority, sizeof authority))
		return false;
	memcpy(a.callback_key, s->callback_key, sizeof a.callback_key);
	memcpy(a.public_key, s->public_key, sizeof a.public_key);
	memcpy(a.public_key_id, s->public_key_id, sizeof a.public_key_id);
	same = path->provider->callback_signed(&a, &post);
	sodium_memzero(&a, sizeof a);
	return same;
}

static void
take_answer(struct callback *c, const struct callback_path *path, struct http_exchange *x)
{
	size_t n;
	const char *body = http_body(x, &n);

	c->count.taken++;
	c->answer(c->arg, path->name, &path->reference, body, n);
	answer(path->provider, x);
}

void
callback_handle(void *callback, struct http_exchange *x)
{
	struct callback *c = callback;
	struct callback_path path;
	struct provider_hint hint;

	if (!settings_allow(&c->settings->callback.networks, http_peer(x))) {
		refuse(c, x, 403, "this address may not call here\n");
	} else if (!callback_path(c->settings, http_path_rest(x), &path)) {
		refuse(c, x, 404, "no such page\n");
	} else if (!certificate_fits(
	               http_client_certificate(x),
	               settings_callback_certificate(c->settings, path.name))) {
		refuse(c, x, 401, "this wants the caller's certificate\n");
	} else if (!is_genuine(c, &path, x)) {
		c->count.forged++;
		refuse(c, x, 401, "this is not signed as the provider signs\n");
	} else if (path.question) {
		take_answer(c, &path, x);
	} else if (!read_hint(&path, x, &hint)) {
		/* no error: they would send it again, or nothing any more */
		c->count.refused++;
		log_warn(REF, "callback_of_nobody", "provider=%s said=%s", path.name,
		         hint.said);
		answer(path.provider, x);
	} else {
		take(c, &path, x, &hint);
	}
}
