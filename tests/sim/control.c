/* The simulator's own pages: the book, the magic numbers, the chaos knobs. */
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/script.h"
#include "tests/sim/sim.h"

#include <stdlib.h>
#include <string.h>

static void
answer_stream(struct http_exchange *x, const char *type, char **text, size_t *n,
              FILE *out)
{
	fclose(out);
	http_answer(x, 200, type, *text, *n);
	free(*text);
}

/* GET /book[?reference=UUID]: JSON lines, oldest first. */
void
show_book(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char *text = NULL, one[UUID_TEXT_SIZE];
	const char *query = http_query(x);
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct uuid u;

	if (form_get(query, strlen(query), "reference", one, sizeof one) > 0) {
		const struct entry *e =
		    uuid_parse(one, strlen(one), &u) ? book_find(s->book, &u) : NULL;

		if (e != NULL)
			entry_print(e, out);
	} else {
		for (const struct entry *e = book_first(s->book); e != NULL; e = e->next)
			entry_print(e, out);
	}
	answer_stream(x, "application/x-ndjson", &text, &n, out);
}

void
show_numbers(void *arg, struct http_exchange *x)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)arg;
	scripts_print(out);
	answer_stream(x, "text/plain", &text, &n, out);
}

void
get_chaos(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	chaos_print(&s->chaos, out);
	answer_stream(x, "text/plain", &text, &n, out);
}

void
set_chaos(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char text[600], complaint[700];
	const char *wrong = "", *body;
	size_t n;

	body = http_body(x, &n);
	snprintf(text, sizeof text, "%.*s", (int)strcspn(body, "\r\n"), body);
	if (!chaos_set(&s->chaos, text, &wrong)) {
		snprintf(complaint, sizeof complaint, "cannot read: %s\n", wrong);
		http_answer_text(x, 400, complaint);
		return;
	}
	log_info("-", "chaos", "set=%s", text);
	get_chaos(arg, x);
}

/* POST /float: what our account holds from now on, in units. */
void
set_float(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	char text[24];
	const char *body;
	size_t n;
	long long units;

	body = http_body(x, &n);
	if (form_get(body, n, "units", text, sizeof text) <= 0 ||
	    strspn(text, "0123456789") != strlen(text)) {
		http_answer_text(x, 400, "units: a number\n");
		return;
	}
	units = strtoll(text, NULL, 10);
	s->o.float_minor = units * 100 + book_paid(s->book, true);
	log_info("-", "float", "units=%lld", units);
	http_answer_text(x, 200, "set\n");
}

/* POST /service: out=closed&in=open; words: open, slow, closed. */
void
set_service(void *arg, struct http_exchange *x)
{
	static const char *const words[] = { "open", "slow", "closed" };
	static const char *const names[] = { "in", "out" };
	struct sim *s = arg;
	char word[20];
	size_t n;
	const char *body = http_body(x, &n);

	for (unsigned d = 0; d < 2; d++) {
		if (form_get(body, n, names[d], word, sizeof word) <= 0)
			continue;
		for (unsigned i = 0; i < 3; i++)
			if (strcmp(word, words[i]) == 0)
				s->service[d] = (enum service)i;
	}
	snprintf(word, sizeof word, "%s %s\n", words[s->service[0]],
	         words[s->service[1]]);
	log_info("-", "service", "in=%s out=%s", words[s->service[0]],
	         words[s->service[1]]);
	http_answer_text(x, 200, word);
}

void
print_help(FILE *to)
{
	fputs(
	    "adit-sim - mobile money (MTN, Airtel, Daraja, M-Pesa of Vodacom, GSMA, "
	    "pawaPay,\n"
	    "Orange) and SMS (Africa's Talking) to try a gateway against\n\n"
	    "  --listen ADDR:PORT,... default 127.0.0.1:9090; port 0 takes a free one\n"
	    "  --gateway URL          where SMS of phones and delivery reports go\n"
	    "  --sms-url URL          SMS of phones, default GATEWAY/sms/at\n"
	    "  --report-url URL       delivery reports, default GATEWAY/sms/at/dlr\n"
	    "  --book FILE            keep the book there; it survives a restart\n"
	    "  --speed N              every wait takes an Nth of its time\n"
	    "  --chaos KNOB=PERCENT,...\n"
	    "  --seed N               of the misbehaviour and the ids\n"
	    "  --currencies TZS,EUR   what is taken; the first is the balance's\n"
	    "  --environment NAME     X-Target-Environment, default sandbox\n"
	    "  --callback-hosts A,B   callbacks may only go there, default *\n"
	    "  --subscription-key K   the only one taken, default any\n"
	    "  --account USER:KEY     the only one taken beside provisioned users;\n"
	    "                         default: any user, with the first key it shows\n"
	    "  --token-seconds N      life of a token, default 3600\n"
	    "  --float UNITS          what can be paid out, default 1000000000\n"
	    "  --short-code CODE      what phones write to, default 38477\n"
	    "  --airtel-callback URL  where Airtel tells outcomes, as in its portal\n"
	    "  --airtel-hash-key KEY  of those callbacks; none: they hold no hash\n"
	    "  --airtel-pin PIN       of the wallet that pays, default 1234; daraja: "
	    "the\n"
	    "                         password of the initiator\n"
	    "  --daraja-party CODE    short code, default 174379\n"
	    "  --daraja-till NUMBER   its till, for prompts of Buy Goods, default none\n"
	    "  --daraja-passkey KEY   of its prompts, default sandbox-passkey\n"
	    "  --pawapay-callback URL\n"
	    "  --pawapay-key FILE     private key, PEM: its callbacks are signed\n"
	    "  --pawapay-customer FILE  public key, PEM: what moves money must be "
	    "signed\n"
	    "  --vodacom-callback URL where they tell outcomes, as in their portals\n"
	    "  --log-level LEVEL      debug, info, warn, error\n"
	    "  --numbers              print what each number does, and end\n\n"
	    "What is sealed for a provider is sealed with the one key of GET\n"
	    "/v1/rsa/encryption-keys.\n\n"
	    "Pages: GET /statement?provider=NAME&day=DATE (see tests/sim/README.md),\n"
	    "GET /book /numbers /chaos /sms?to=NUMBER&after=ID&wait_ms=MS,\n"
	    "POST /chaos (a=10,b=5 or off), POST /sms/in (form: from, text),\n"
	    "POST /float, units=N: what can be paid out from now on,\n"
	    "POST /decide (form: reference, state=paid|failed, reason) for what is "
	    "pending.\n"
	    "POST /service (form: in, out = open|slow|closed): what pawaPay and GSMA say "
	    "of\n"
	    "themselves and then do.\n"
	    "An SMS sent twice under one Idempotency-Key header is one SMS.\n\nKnobs:\n",
	    to);
	chaos_explain(to);
}

void
show_help(void *arg, struct http_exchange *x)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)arg;
	print_help(out);
	answer_stream(x, "text/plain", &text, &n, out);
}
