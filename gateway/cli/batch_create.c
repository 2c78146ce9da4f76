#include "gateway/cli/batch.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "payments/core/batch_line.h"
#include "payments/core/money.h"
#include "payments/flow/books.h"
#include "payments/flow/inquire.h"
#include "payments/flow/means.h"
#include "payments/flow/route.h"
#include "payments/store/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_MS     60000
#define FILE_MAX   (1024u * 1024u)
#define ROWS_MAX   5000
#define ROW_JSON   1000
#define NAME_MAX   80
#define CODE_SIGNS 7
#define NEEDS      SETTINGS_PROVIDERS_MAX

struct need { /* of one provider */
	char provider[16];
	int64_t total, books;
};

struct making {
	struct cli_world *w;
	const struct settings *s;
	const struct cli_batch *ask;
	char *text; /* of the file */
	size_t len;
	char *json; /* its rows */
	unsigned rows, wrong;
	int64_t total;
	char currency[4];
	uint8_t exponent;
	int32_t cooperative_id;
	char code[12]; /* of the batch, once there is one */
	unsigned need_count;
	struct need need[NEEDS];
	int64_t there; /* the provider's own word */
	bool told, failed;
};

static void
complain(const struct making *m, const char *what)
{
	fprintf(stderr, "adit batch create: %s: %s\n", m->ask->path, what);
}

/* ---- the file
 * ----------------------------------------------------------------------------- */

static bool
read_file(struct making *m)
{
	FILE *f = fopen(m->ask->path, "rb");

	if (f == NULL) {
		complain(m, "cannot be read");
		return false;
	}
	m->text = xzalloc(FILE_MAX + 1);
	m->len = fread(m->text, 1, FILE_MAX + 1, f);
	fclose(f);
	if (m->len > FILE_MAX)
		complain(m, "is larger than 1 MiB");
	return m->len <= FILE_MAX;
}

static void
put_row(struct making *m, struct json_writer *w, unsigned number,
        const struct batch_line *line)
{
	const struct flow_env env = { .settings = m->s };
	const struct route_ask ask = { .msisdn = line->msisdn, .currency = m->currency };
	char provider[16] = "";

	route_name(&env, &ask, provider);
	jw_object(w, NULL);
	jw_i64(w, "line", number);
	jw_text(w, "msisdn", line->msisdn);
	jw_i64(w, "amount", line->amount);
	jw_text(w, "note", line->note);
	jw_text(w, "member", line->member);
	jw_text(w, "payee", line->payee);
	jw_text(w, "provider", provider);
	jw_end_object(w);
	m->rows++;
	m->total += line->amount; /* 5000 of 10^16 at most fit */
}

static void
read_lines(struct making *m)
{
	struct batch_line line;
	struct json_writer w;
	struct buf b;
	unsigned number = 0;
	size_t cap = (size_t)ROWS_MAX * ROW_JSON;
	enum batch_form form =
	    strcmp(m->ask->from, "wages") == 0 ? BATCH_WAGES : BATCH_MEMBERS;

	m->json = xzalloc(cap);
	buf_init(&b, m->json, cap);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t at = 0; at < m->len && m->rows <= ROWS_MAX; number++) {
		const char *from = m->text + at;
		const char *to = memchr(from, '\n', m->len - at);
		size_t n = to == NULL ? m->len - at : (size_t)(to - from);
		enum batch_word word = batch_line_read(from, n, form, m->exponent, &line);

		at += n + 1;
		if (word == BATCH_ROW && m->rows < ROWS_MAX) {
			put_row(m, &w, number + 1, &line);
		} else if (word != BATCH_NOTHING) {
			m->wrong++;
			fprintf(stderr, "%s:%u: %s\n", m->ask->path, number + 1,
			        word == BATCH_ROW ? "more than 5000 rows"
			                          : batch_word_text(word));
		}
	}
	jw_end_array(&w);
	if (m->rows == 0 && m->wrong == 0) {
		m->wrong++;
		complain(m, "holds no row");
	}
	if (!buf_ok(&b)) { /* signs that JSON writes long */
		m->wrong++;
		complain(m, "is too large");
	}
}

/* ---- the database
 * ------------------------------------------------------------------------- */

static bool
broken(struct making *m, const struct pg_reply *r)
{
	m->w->answered = true;
	if (r->err.code != ERR_NONE) {
		m->failed = true;
		fprintf(stderr, "adit batch: the database says: %s\n",
		        r->message[0] != '\0' ? r->message : r->err.what);
	}
	return m->failed;
}

static void
on_currency(void *arg, const struct pg_reply *r)
{
	struct making *m = arg;

	if (broken(m, r))
		return;
	m->failed = r->rows == 0;
	if (m->failed) {
		complain(m, "no cooperative has that code");
		return;
	}
	snprintf(m->currency, sizeof m->currency, "%s", reply_text(r, 0, 0));
	m->exponent = (uint8_t)reply_i64(r, 0, 1);
}

static const char *
words(const char *why)
{
	static const struct {
		const char *why, *words;
	} all[] = {
		{ "no_cooperative", "no cooperative has that code" },
		{ "not_officer", "--by names no active treasurer or second officer" },
		{ "no_member", "nobody of the cooperative has this number" },
		{ "other_member", "the number is another member's" },
		{ "twice", "the same person stands in the file twice" },
		{ "no_name", "the payee has no name" },
		{ "too_small", "the wallet takes no amount as small" },
		{ "not_owed", "the cooperative does not owe as much" },
		{ "no_payment", "no failed payout to a member has this code" },
		{ "own_payment", "nobody decides about their own payment" },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i].why, why) == 0)
			return all[i].words;
	return why;
}

static void
on_made(void *arg, const struct pg_reply *r)
{
	struct making *m = arg;

	if (broken(m, r))
		return;
	for (int i = 0; i < r->rows; i++) {
		const char *why = reply_text(r, i, 1);
		long long line = reply_i64(r, i, 0);

		if (line == 0 && (strcmp(why, "made") == 0 || strcmp(why, "same") == 0)) {
			snprintf(m->code, sizeof m->code, "%s", reply_text(r, i, 2));
			printf("batch %s%s\n", m->code,
			       why[0] == 's' ? ", that was made before" : "");
			continue;
		}
		m->wrong++;
		if (line == 0)
			complain(m, words(why));
		else
			fprintf(stderr, "%s:%lld: %s: %s\n", m->ask->path, line,
			        reply_text(r, i, 2), words(why));
	}
}

static void
make(struct making *m)
{
	struct pg_args *a = pg_args_new();
	const char *slash = strrchr(m->ask->path, '/');
	char name[NAME_MAX + 1], code[CODE_SIGNS + 1], *mark;
	struct uuid id = ids_uuid7(&m->w->ids, loop_clock(m->w->loop)->wall_ms), digest;
	size_t from = strlen(m->ask->from), coop = strlen(m->ask->cooperative);

	snprintf(name, sizeof name, "%s", slash == NULL ? m->ask->path : slash + 1);
	ids_code(&m->w->ids, code, CODE_SIGNS);
	mark = xzalloc(from + coop + m->len + 3);
	memcpy(mark, m->ask->from, from);
	memcpy(mark + from + 1, m->ask->cooperative, coop);
	memcpy(mark + from + 1 + coop + 1, m->text, m->len);
	digest = uuid_from_name(mark, from + coop + 2 + m->len);
	free(mark);
	pg_text(a, m->ask->cooperative);
	pg_uuid(a, &id);
	pg_text(a, code);
	pg_text(a, name);
	pg_text(a, m->ask->from);
	pg_uuid(a, &digest);
	pg_text(a, m->ask->by);
	pg_text(a, m->json);
	pg_i64(a, loop_clock(m->w->loop)->wall_ms);
	pg_call(m->w->env.pg, &batch_make, a, ASK_MS, on_made, m);
	cli_await(m->w);
}

/* ---- what it needs, and what is there
 * ------------------------------------------------------ */

static void
on_needs(void *arg, const struct pg_reply *r)
{
	struct making *m = arg;

	if (broken(m, r))
		return;
	for (int i = 0; i < r->rows && m->need_count < NEEDS; i++) {
		struct need *n = &m->need[m->need_count++];

		snprintf(n->provider, sizeof n->provider, "%s", reply_text(r, i, 0));
		n->total = reply_i64(r, i, 1);
		m->cooperative_id = (int32_t)reply_i64(r, i, 3);
	}
}

static void
on_floats(void *arg, const struct pg_reply *r)
{
	struct making *m = arg;

	if (broken(m, r))
		return;
	for (int i = 0; i < r->rows && i < (int)m->need_count; i++)
		m->need[i].books = reply_i64(r, i, 0);
}

static void
read_needs(struct making *m)
{
	struct pg_args *a = pg_args_new();
	struct uuid at[NEEDS];

	pg_text(a, m->code);
	pg_call(m->w->env.pg, &batch_needs, a, ASK_MS, on_needs, m);
	cli_await(m->w);
	if (m->failed || m->need_count == 0)
		return;
	for (unsigned i = 0; i < m->need_count; i++) {
		struct account_ref ref = account_float(m->need[i].provider, m->currency);

		at[i] = account_id(m->cooperative_id, &ref);
	}
	a = pg_args_new();
	pg_i32(a, m->cooperative_id);
	pg_uuid_array(a, at, m->need_count);
	pg_call(m->w->env.pg, &batch_floats, a, ASK_MS, on_floats, m);
	cli_await(m->w);
}

static void
on_balance(void *arg, const struct provider_fact *fact, const struct err *err)
{
	struct making *m = arg;

	(void)err;
	m->w->answered = true;
	m->told = fact != NULL && strcmp(fact->currency, m->currency) == 0;
	m->there = m->told ? fact->balance_minor : 0;
}

static void
ask_provider(struct making *m, const struct settings_provider *entry)
{
	struct carry_means means = { .env = &m->w->env, .provider = means_codec(entry) };
	struct provider_inquiry q = { .topic = TOPIC_BALANCE,
		                      .direction = PAY_OUT,
		                      .exponent = m->exponent };
	struct inquire *i;

	m->told = false;
	if (means.provider == NULL || !inquire_can(means.provider, TOPIC_BALANCE))
		return;
	m->w->env.http = http_client_new(
	    m->w->loop, &(struct http_client_options){
	                    .connections = 1, .per_host = 1, .answer_max = 262144 });
	means.tokens = tokens_new(m->w->loop, m->w->env.http);
	means_read(&means, entry);
	i = inquire_start(&means, &q, on_balance, m);
	(void)i; /* it answers by its deadline, and cli_await waits for that */
	cli_await(m->w);
	tokens_free(means.tokens);
	http_client_free(m->w->env.http);
	explicit_bzero(means.account, sizeof means.account);
}

static void
print_money(const char *before, int64_t minor, const struct making *m)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof text);
	money_text(&b, minor, m->exponent);
	printf("%s%s %s", before, text, m->currency);
}

static void
print_needs(struct making *m)
{
	printf("%u rows", m->rows);
	print_money(", ", m->total, m);
	puts(" in all");
	for (unsigned i = 0; i < m->need_count; i++) {
		const struct need *n = &m->need[i];
		const struct settings_provider *entry =
		    settings_provider(m->s, n->provider);

		printf("%s:", n->provider);
		print_money(" needs ", n->total, m);
		print_money(", the books hold ", n->books, m);
		if (entry != NULL)
			ask_provider(m, entry);
		if (entry != NULL && m->told)
			print_money(", the provider ", m->there, m);
		puts(n->books < n->total || (m->told && m->there < n->total)
		         ? "  TOO LITTLE: what does not fit waits"
		         : "");
	}
}

int
cli_batch_again(struct settings *s, const char *code, const char *by)
{
	const struct cli_batch ask = { .path = code };
	struct making m = { .s = s, .ask = &ask };
	struct pg_args *a = pg_args_new();
	char batch_code[CODE_SIGNS + 1];
	struct uuid id;

	m.w = cli_open(s, CLI_READS);
	id = ids_uuid7(&m.w->ids, loop_clock(m.w->loop)->wall_ms);
	ids_code(&m.w->ids, batch_code, CODE_SIGNS);
	pg_text(a, code);
	pg_uuid(a, &id);
	pg_text(a, batch_code);
	pg_text(a, by);
	pg_i64(a, loop_clock(m.w->loop)->wall_ms);
	pg_call(m.w->env.pg, &payment_again, a, ASK_MS, on_made, &m);
	cli_await(m.w);
	cli_close(m.w);
	if (m.code[0] != '\0')
		printf("another officer: adit batch approve %s --by WHO\n", m.code);
	return m.failed || m.wrong > 0 ? CLI_WRONG : CLI_OK;
}

int
cli_batch_create(struct settings *s, const struct cli_batch *ask)
{
	struct making m = { .s = s, .ask = ask };
	struct pg_args *a;

	if (!read_file(&m)) {
		free(m.text);
		return CLI_WRONG;
	}
	m.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	pg_text(a, ask->cooperative);
	pg_call(m.w->env.pg, &batch_currency, a, ASK_MS, on_currency, &m);
	cli_await(m.w);
	if (!m.failed)
		read_lines(&m);
	if (!m.failed && m.wrong == 0)
		make(&m);
	if (!m.failed && m.wrong == 0)
		read_needs(&m);
	if (!m.failed && m.wrong == 0)
		print_needs(&m);
	if (m.wrong > 0)
		fprintf(stderr, "adit batch create: nothing was made: %u wrong\n",
		        m.wrong);
	cli_close(m.w);
	free(m.text);
	free(m.json);
	return m.failed || m.wrong > 0 ? CLI_WRONG : CLI_OK;
}
