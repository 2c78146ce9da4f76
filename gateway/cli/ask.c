#include "gateway/cli/ask.h"

#include "lib/json.h"
#include "payments/core/money.h"
#include "payments/flow/inquire.h"
#include "payments/flow/means.h"
#include "payments/store/payment.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 10000

static const struct topic {
	const char *name;
	enum provider_topic topic;
	bool about_number;
} topics[] = {
	{ "balance", TOPIC_BALANCE, false }, { "name", TOPIC_NAME, true },
	{ "active", TOPIC_ACTIVE, true },    { "service", TOPIC_SERVICE, false },
	{ "carrier", TOPIC_CARRIER, true },
};

struct asking {
	struct cli_world *w;
	const struct topic *topic;
	uint8_t exponent;
	bool json, failed;
};

static const struct topic *
topic_by_name(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof topics / sizeof *topics; i++)
		if (strcmp(topics[i].name, name) == 0)
			return &topics[i];
	return NULL;
}

static void
put_fact(struct buf *b, const struct asking *a, const struct provider_fact *f)
{
	switch (a->topic->topic) {
	case TOPIC_BALANCE:
		money_text(b, f->balance_minor, a->exponent);
		buf_printf(b, " %s", f->currency);
		return;
	case TOPIC_NAME:
	case TOPIC_CARRIER:
		buf_puts(b, f->name);
		return;
	case TOPIC_ACTIVE:
	case TOPIC_SERVICE:
		buf_puts(b, f->active ? "yes" : "no");
		return;
	}
}

static void
print_json(const struct asking *a, const struct provider_fact *f)
{
	char text[400];
	struct json_writer j;
	struct buf b;

	buf_init(&b, text, sizeof text);
	jw_init(&j, &b);
	jw_object(&j, NULL);
	jw_text(&j, "topic", a->topic->name);
	if (a->topic->topic == TOPIC_BALANCE) {
		jw_i64(&j, "balance", f->balance_minor);
		jw_text(&j, "currency", f->currency);
	} else if (a->topic->topic == TOPIC_ACTIVE || a->topic->topic == TOPIC_SERVICE) {
		jw_bool(&j, a->topic->name, f->active);
	} else {
		jw_text(&j, a->topic->name, f->name);
	}
	jw_end_object(&j);
	puts(text);
}

static void
on_fact(void *arg, const struct provider_fact *f, const struct err *err)
{
	struct asking *a = arg;
	char text[200];
	struct buf b;

	a->w->answered = true;
	a->failed = f == NULL;
	if (f == NULL) {
		fprintf(stderr, "adit providers: %s: %s\n", err_name(err->code),
		        err->what);
	} else if (a->json) {
		print_json(a, f);
	} else {
		buf_init(&b, text, sizeof text);
		put_fact(&b, a, f);
		puts(text);
	}
}

static void
on_exponent(void *arg, const struct pg_reply *r)
{
	struct asking *a = arg;

	a->w->answered = true;
	a->failed = r->err.code != ERR_NONE || r->rows == 0;
	if (a->failed)
		fputs("adit providers: the decimals of its currency are not known: "
		      "nothing in the database\n",
		      stderr);
	else
		a->exponent = (uint8_t)reply_i64(r, 0, 0);
}

/* What a balance is written in stands with the books. */
static void
read_exponent(struct asking *a, const char *currency)
{
	struct pg_args *args = pg_args_new();

	pg_text(args, currency);
	pg_call(a->w->env.pg, &currency_exponent, args, ASK_MS, on_exponent, a);
	cli_await(a->w);
}

static void
put_question(struct asking *a, const struct cli_ask *ask,
             const struct settings_provider *entry)
{
	struct carry_means means = { .env = &a->w->env, .provider = means_codec(entry) };
	struct provider_inquiry q = { .topic = a->topic->topic,
		                      .direction = ask->in ? PAY_IN : PAY_OUT,
		                      .exponent = a->exponent };
	struct inquire *i;

	if (ask->number != NULL)
		memcpy(q.msisdn, ask->number, strlen(ask->number) + 1);
	a->w->env.http = http_client_new(
	    a->w->loop, &(struct http_client_options){
	                    .connections = 1, .per_host = 1, .answer_max = 262144 });
	means.tokens = tokens_new(a->w->loop, a->w->env.http);
	means_read(&means, entry);
	i = inquire_start(&means, &q, on_fact, a);
	(void)i; /* it answers by its deadline, and cli_await waits for that */
	cli_await(a->w);
	tokens_free(means.tokens);
	http_client_free(a->w->env.http);
	explicit_bzero(means.account, sizeof means.account);
}

static int
wrong_usage(const char *what)
{
	fprintf(stderr, "adit providers ask: %s\n", what);
	return CLI_USAGE;
}

int
cli_ask(struct settings *s, const struct cli_ask *ask)
{
	const struct settings_provider *entry =
	    ask->name == NULL ? NULL : settings_provider(s, ask->name);
	struct asking a = { .topic = topic_by_name(ask->topic), .json = ask->json };
	size_t digits = ask->number == NULL ? 0 : strspn(ask->number, "0123456789");

	if (entry == NULL || means_codec(entry) == NULL)
		return wrong_usage("NAME must be an entry of the settings");
	if (a.topic == NULL)
		return wrong_usage("ask for balance, name, active, service or carrier");
	if (a.topic->about_number != (ask->number != NULL) ||
	    (ask->number != NULL &&
	     (digits < 8 || digits > 15 || ask->number[digits] != '\0')))
		return wrong_usage(a.topic->about_number
		                       ? "NUMBER must be 8 to 15 digits with the country "
		                         "code"
		                       : "that is about no number");
	if (!inquire_can(means_codec(entry), a.topic->topic)) {
		fprintf(stderr, "adit providers: %s answers no such question\n",
		        ask->name);
		return CLI_WRONG;
	}
	a.w = cli_open(s, CLI_READS);
	if (a.topic->topic == TOPIC_BALANCE)
		read_exponent(&a, entry->currency);
	if (!a.failed)
		put_question(&a, ask, entry);
	cli_close(a.w);
	return a.failed ? CLI_WRONG : CLI_OK;
}
