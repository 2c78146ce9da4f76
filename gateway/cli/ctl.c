/* ctl - asks the running gateway. */
#include "gateway/cli/cli.h"
#include "lib/buf.h"
#include "lib/http_client.h"
#include "lib/http_server.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit ctl show WHAT [--config FILE] [--url http://HOST:PORT]\n\n"
    "Asks the running gateway.  WHAT is\n"
    "  ready     what is up and what is missing (JSON); exit status 1 if not ready\n"
    "  config    the settings in force, no secrets\n"
    "  metrics   its numbers\n"
    "  version\n"
    "  routes NUMBER [--cooperative ID] [--amount MINOR] [--currency TZS]\n"
    "            which providers reach it, the one that is taken first, and why\n\n"
    "  adit ctl show ready\n"
    "  adit ctl show config | diff - <(adit check --print)\n";

static const struct {
	const char *what, *path;
} pages[] = {
	{ "ready", "/readyz" },
	{ "config", "/admin/config" },
	{ "metrics", "/metrics" },
	{ "version", "/version" },
};

struct asking {
	bool answered;
	int status;
};

static void
on_reply(void *arg, const struct http_reply *reply)
{
	struct asking *a = arg;

	a->answered = true;
	a->status = reply->err.code == ERR_NONE ? reply->status : 0;
	if (a->status == 0)
		fprintf(stderr, "adit ctl: no answer: %s\n", reply->err.what);
	else
		fwrite(reply->body, 1, reply->body_len,
		       a->status == 403 ? stderr : stdout);
}

static int
get(const char *base, const char *path)
{
	struct http_client_options o = {
		.connections = 1,
		.per_host = 1,
		.answer_max = 262144,
	};
	char url[256];
	struct http_request rq = { .method = "GET", .url = url, .deadline_ms = 5000 };
	struct asking a = { 0 };
	struct clock clock;

	snprintf(url, sizeof(url), "%s%s", base, path);
	clock_init(&clock);
	struct loop *loop = loop_new(&clock);
	struct http_client *http = http_client_new(loop, &o);
	http_send(http, &rq, on_reply, &a);
	while (!a.answered)
		loop_turn(loop, 1000);
	http_client_free(http);
	loop_free(loop);
	return a.status == 200 ? CLI_OK : CLI_WRONG;
}

int
cli_ctl(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const char *url = cli_value(&argc, argv, "--url");
	const struct settings *s = url == NULL ? cli_settings(&argc, argv) : NULL;
	const char *verb = cli_word(&argc, argv);
	const char *what = cli_word(&argc, argv);
	const char *number = cli_word(&argc, argv);
	const char *cooperative = cli_value(&argc, argv, "--cooperative");
	const char *amount = cli_value(&argc, argv, "--amount");
	const char *currency = cli_value(&argc, argv, "--currency");
	cli_flag(&argc, argv, "--json"); /* what is JSON is so anyway */
	if ((url == NULL && s == NULL) || !cli_done(argc, argv))
		return CLI_USAGE;
	char base[128];
	snprintf(base, sizeof(base), "http://%s", s == NULL ? "" : s->http.listen);
	if (verb != NULL && what != NULL && number != NULL && strcmp(verb, "show") == 0 &&
	    strcmp(what, "routes") == 0 && strlen(number) < 20 &&
	    strspn(number, "0123456789") == strlen(number)) {
		char query[120], path[160];
		struct buf b;

		buf_init(&b, query, sizeof query);
		form_put(&b, "cooperative", cooperative == NULL ? "" : cooperative);
		form_put(&b, "amount", amount == NULL ? "" : amount);
		form_put(&b, "currency", currency == NULL ? "" : currency);
		snprintf(path, sizeof path, "/admin/routes/%s?%s", number, query);
		return get(url == NULL ? base : url, path);
	}
	for (size_t i = 0; number == NULL && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (verb != NULL && what != NULL && strcmp(verb, "show") == 0 &&
		    strcmp(what, pages[i].what) == 0)
			return get(url == NULL ? base : url, pages[i].path);
	}
	fputs(help, stderr);
	return CLI_USAGE;
}
