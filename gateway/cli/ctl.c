/* ctl - asks the running gateway. */
#include "gateway/cli/cli.h"
#include "lib/buf.h"
#include "lib/http_client.h"
#include "lib/http_server.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit ctl show WHAT [--config FILE] [--url http://HOST:PORT]\n"
    "       adit ctl pause|resume|drain CHANNEL\n\n"
    "Asks the running gateway.  WHAT is\n"
    "  ready     what is up and what is missing (JSON); exit status 1 if not ready\n"
    "  config    the settings in force, no secrets\n"
    "  metrics   its numbers\n"
    "  version\n"
    "  routes NUMBER [--cooperative ID] [--amount MINOR] [--currency TZS] [--in]\n"
    "            which providers reach it, the one that is taken first, and why\n"
    "  channels  one JSON object a line: the binds of each SMPP operator, each entry of "
    "USSD\n"
    "            over HTTP or by XML over TCP, each carrier of SMS\n\n"
    "  pause     an operator of smpp or xmltcp: nothing new leaves, no session begins, "
    "its\n"
    "            links stay; until resume\n"
    "  drain     what is under way ends, then its links; until a restart\n\n"
    "  adit ctl show ready\n"
    "  adit ctl show config | diff - <(adit check --print)\n";

static const struct {
	const char *what, *path;
} pages[] = {
	{ "ready", "/readyz" },
	{ "config", "/admin/config" },
	{ "metrics", "/metrics" },
	{ "version", "/version" },
	{ "channels", "/admin/channels" },
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
ask(const char *method, const char *base, const char *path)
{
	struct http_client_options o = {
		.connections = 1,
		.per_host = 1,
		.answer_max = 262144,
	};
	char url[256];
	struct http_request rq = { .method = method, .url = url, .deadline_ms = 5000 };
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

/* Words that change how a channel is. */
static bool
is_change(const char *verb)
{
	return strcmp(verb, "pause") == 0 || strcmp(verb, "resume") == 0 ||
	       strcmp(verb, "drain") == 0;
}

static int
tell_channel(const char *base, const char *verb, const char *channel)
{
	char path[64];

	snprintf(path, sizeof path, "/admin/channels/%.20s/%s", channel, verb);
	return ask("POST", base, path);
}

struct show {
	const char *what, *number;
	const char *cooperative, *amount, *currency; /* of routes; NULL: not said */
	bool in;                                     /* of a collection */
};

static int
show_routes(const char *base, const struct show *s)
{
	char query[120], path[160];
	struct buf b;

	buf_init(&b, query, sizeof query);
	form_put(&b, "cooperative", s->cooperative == NULL ? "" : s->cooperative);
	form_put(&b, "amount", s->amount == NULL ? "" : s->amount);
	form_put(&b, "in", s->in ? "1" : "0");
	form_put(&b, "currency", s->currency == NULL ? "" : s->currency);
	snprintf(path, sizeof path, "/admin/routes/%s?%s", s->number, query);
	return ask("GET", base, path);
}

static int
show(const char *base, const struct show *s)
{
	const char *n = s->number;

	if (n != NULL && strcmp(s->what, "routes") == 0 && strlen(n) < 20 &&
	    strspn(n, "0123456789") == strlen(n))
		return show_routes(base, s);
	for (size_t i = 0; n == NULL && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(s->what, pages[i].what) == 0)
			return ask("GET", base, pages[i].path);
	}
	fputs(help, stderr);
	return CLI_USAGE;
}

int
cli_ctl(int argc, char **argv)
{
	char listens[128];

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const char *url = cli_value(&argc, argv, "--url");
	const struct settings *s = url == NULL ? cli_settings(&argc, argv) : NULL;
	struct show asked = { .cooperative = cli_value(&argc, argv, "--cooperative"),
		              .amount = cli_value(&argc, argv, "--amount"),
		              .in = cli_flag(&argc, argv, "--in"),
		              .currency = cli_value(&argc, argv, "--currency") };
	const char *verb = cli_word(&argc, argv);
	const char *what = asked.what = cli_word(&argc, argv);
	const char *number = asked.number = cli_word(&argc, argv);
	cli_flag(&argc, argv, "--json"); /* what is JSON is so anyway */
	if ((url == NULL && s == NULL) || !cli_done(argc, argv))
		return CLI_USAGE;
	snprintf(listens, sizeof(listens), "http://%s", s == NULL ? "" : s->http.listen);
	const char *base = url == NULL ? listens : url;
	if (verb != NULL && what != NULL && strcmp(verb, "show") == 0)
		return show(base, &asked);
	if (verb != NULL && what != NULL && number == NULL && is_change(verb))
		return tell_channel(base, verb, what);
	fputs(help, stderr);
	return CLI_USAGE;
}
