/* phone - a feature phone in the terminal: speaks to the gateway as the carrier does. */
#include "gateway/cli/cli.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/http_client.h"
#include "lib/http_server.h"
#include "lib/json.h"
#include "ussd/core/dial.h"
#include "ussd/core/gsm7.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An answer may come early in a turn, which then still waits: so it waits little. */
#define TURN_MS 10

static const char help[] =
    "usage: adit phone [--config FILE] [--number 255712000100] [--code '*384*77#']\n"
    "                  [--url http://HOST:PORT/ussd/at] [--sms http://SIMULATOR]\n\n"
    "Dials, shows each screen with its length in septets, and sends what you type.\n"
    "  Enter      (after the end) dial again      sms   show the SMS of this number\n"
    "  quit       hang up and leave               hang  hang up\n\n"
    "  adit phone --config var/adit.conf --number 255712000100\n"
    "  adit phone --config var/adit.conf --code '*384*77*5*1#'\n"
    "  printf '1\\n2\\n' | adit phone --config var/adit.conf\n";

struct phone {
	struct clock clock;
	struct ids ids;
	struct loop *loop;
	struct http_client *http;
	char url[512], sms_url[256], number[20], code[32];
	char dialled[64], behind[64]; /* the whole of it; what stands behind the code */
	char session[48];
	char typed[1024]; /* all of it, joined by '*', as the carrier sends it */
	char answer[16384];
	int status;
	bool answered, open, tty;
};

static void
on_reply(void *arg, const struct http_reply *reply)
{
	struct phone *p = arg;

	p->answered = true;
	p->status = reply->err.code == ERR_NONE ? reply->status : 0;
	snprintf(p->answer, sizeof(p->answer), "%s",
	         reply->err.code == ERR_NONE ? reply->body : reply->err.what);
}

static void
request(struct phone *p, const char *method, const char *url, const struct buf *body)
{
	struct http_request rq = {
		.method = method,
		.url = url,
		.headers = { "Content-Type: application/x-www-form-urlencoded" },
		.body = body == NULL ? NULL : body->at,
		.body_len = body == NULL ? 0 : body->len,
		.deadline_ms = 20000,
	};

	p->answered = false;
	http_send(p->http, &rq, on_reply, p);
	while (!p->answered)
		loop_turn(p->loop, TURN_MS);
}

static void
show_screen(const char *text)
{
	const char *at = text;

	puts("  +----------------------------------------");
	while (*at != '\0') {
		size_t n = strcspn(at, "\n");
		printf("  | %.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
	int septets = gsm7_septets(text, strlen(text));
	if (septets < 0)
		puts("  +----- a character phones do not have ---");
	else
		printf("  +--------------------------- %3d septets\n", septets);
}

static void
hop(struct phone *p)
{
	char body[4096], number[24];
	struct buf b;

	snprintf(number, sizeof(number), "+%s", p->number);
	buf_init(&b, body, sizeof(body));
	form_put(&b, "sessionId", p->session);
	form_put(&b, "phoneNumber", number);
	form_put(&b, "networkCode", "99999");
	form_put(&b, "serviceCode", p->code);
	form_put(&b, "text", p->typed);
	request(p, "POST", p->url, &b);
	p->open = p->status == 200 && strncmp(p->answer, "CON ", 4) == 0;
	if (p->status == 200 && (p->open || strncmp(p->answer, "END ", 4) == 0))
		show_screen(p->answer + 4);
	else
		printf("  (no screen: status %d: %.200s)\n", p->status, p->answer);
}

static void
hang_up(struct phone *p)
{
	char body[1024], number[24], url[600];
	struct buf b;

	if (!p->open)
		return;
	p->open = false;
	snprintf(number, sizeof(number), "+%s", p->number);
	snprintf(url, sizeof(url), "%s/events", p->url);
	buf_init(&b, body, sizeof(body));
	form_put(&b, "sessionId", p->session);
	form_put(&b, "phoneNumber", number);
	form_put(&b, "serviceCode", p->code);
	form_put(&b, "status", "Incomplete");
	request(p, "POST", url, &b);
}

static void
dial(struct phone *p)
{
	char tail[13];

	ids_code(&p->ids, tail, 12);
	snprintf(p->session, sizeof(p->session), "phone-%s", tail);
	snprintf(p->typed, sizeof(p->typed), "%s", p->behind);
	printf("dialling %s as +%s\n", p->dialled, p->number);
	hop(p);
}

static void
show_one_sms(const struct json *sms)
{
	const char *text = json_get_text(sms, "text");

	if (text != NULL)
		show_screen(text);
}

/* The simulator answers JSON lines. */
static void
show_sms(struct phone *p)
{
	char url[320];

	if (p->sms_url[0] == '\0') {
		puts("  (no simulator to ask: name it with --sms URL)");
		return;
	}
	snprintf(url, sizeof(url), "%s/sms?to=%s", p->sms_url, p->number);
	request(p, "GET", url, NULL);
	if (p->status != 200) {
		printf("  (no inbox: status %d)\n", p->status);
		return;
	}
	for (const char *line = p->answer; *line != '\0';) {
		size_t n = strcspn(line, "\n");
		struct json *sms = json_parse(line, n, NULL);
		show_one_sms(sms);
		json_free(sms);
		line += n + (line[n] == '\n');
	}
}

static void
type_text(struct phone *p, const char *line)
{
	size_t n = strlen(p->typed);

	snprintf(p->typed + n, sizeof(p->typed) - n, "%s%s", n > 0 ? "*" : "", line);
	hop(p);
}

static bool
read_line(struct phone *p, char *line, size_t cap)
{
	if (p->tty)
		fputs(p->open ? "> " : "(Enter dials, sms, quit) > ", stdout);
	fflush(stdout);
	if (fgets(line, (int)cap, stdin) == NULL)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	if (!p->tty)
		printf("> %s\n", line);
	return strcmp(line, "quit") != 0;
}

static void
talk(struct phone *p)
{
	char line[200];

	dial(p);
	while (read_line(p, line, sizeof(line))) {
		if (strcmp(line, "sms") == 0)
			show_sms(p);
		else if (strcmp(line, "hang") == 0)
			hang_up(p);
		else if (p->open)
			type_text(p, line);
		else
			dial(p);
	}
	hang_up(p);
}

/* What --config knows: the address, the secret part of the URL, the code, the inbox. */
static void
set_from_settings(struct phone *p, const struct settings *s)
{
	snprintf(p->url, sizeof(p->url), "http://%s/ussd/at%s%s", s->http.listen,
	         s->at.secret[0] == '\0' ? "" : "/", s->at.secret);
	snprintf(p->code, sizeof(p->code), "%s", s->ussd.service_code);
	if (strncmp(s->at.api_url, "http://", 7) == 0)
		snprintf(p->sms_url, sizeof(p->sms_url), "%s", s->at.api_url);
}

static void
set(char *out, size_t cap, const char *value)
{
	if (value != NULL)
		snprintf(out, cap, "%s", *value == '+' ? value + 1 : value);
}

/* As the carrier does it: what stands behind the code counts as typed. */
static void
set_dialled(struct phone *p, const char *dialled)
{
	struct dial_text rest;

	if (dialled == NULL)
		dialled = p->code;
	snprintf(p->dialled, sizeof(p->dialled), "%s", dialled);
	if (dial_behind(p->code, dialled, strlen(dialled), &rest))
		snprintf(p->behind, sizeof(p->behind), "%.*s", (int)rest.len, rest.at);
	else if (dialled != p->code)
		snprintf(p->code, sizeof(p->code), "%.31s", dialled);
}

static void
run(struct phone *p)
{
	struct http_client_options o = {
		.connections = 2,
		.per_host = 2,
		.answer_max = sizeof(p->answer) - 1,
	};

	clock_init(&p->clock);
	ids_init(&p->ids);
	p->loop = loop_new(&p->clock);
	p->http = http_client_new(p->loop, &o);
	p->tty = isatty(STDIN_FILENO);
	talk(p);
	http_client_free(p->http);
	loop_free(p->loop);
}

int
cli_phone(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const char *url = cli_value(&argc, argv, "--url");
	const char *code = cli_value(&argc, argv, "--code");
	const char *number = cli_value(&argc, argv, "--number");
	const char *sms = cli_value(&argc, argv, "--sms");
	struct settings *s = url == NULL ? cli_settings(&argc, argv) : NULL;
	if ((url == NULL && s == NULL) || !cli_done(argc, argv))
		return CLI_USAGE;
	struct phone *p = xzalloc(sizeof(*p));
	set(p->code, sizeof(p->code), "*384*77#");
	set(p->number, sizeof(p->number), "255712000100");
	if (s != NULL)
		set_from_settings(p, s);
	set(p->url, sizeof(p->url), url);
	set_dialled(p, code);
	set(p->number, sizeof(p->number), number);
	set(p->sms_url, sizeof(p->sms_url), sms);
	run(p);
	free(p);
	return CLI_OK;
}
