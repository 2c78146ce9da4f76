/* The phones' inboxes and GET /sms. */
#include "tests/sim/phone.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/msisdn.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_MAX_MS 60000

struct waiter { /* GET /sms?wait_ms= */
	struct waiter *next;
	struct sim *sim;
	struct http_exchange *x;
	struct timer *timer;
	int64_t after;
	char to[NUMBER_SIZE];
};

struct phones *
phones_new(void)
{
	return xzalloc(sizeof(struct phones));
}

void
phones_free(struct phones *p)
{
	struct sms *next;

	if (p == NULL)
		return;
	for (struct sms *m = p->first; m != NULL; m = next) {
		next = m->next;
		free(m->text);
		free(m);
	}
	while (p->waiters != NULL) {
		struct waiter *w = p->waiters;

		p->waiters = w->next;
		free(w);
	}
	free(p);
}

bool
phone_number(const char *text, size_t n, char out[NUMBER_SIZE])
{
	if (n > 0 && text[0] == '+') {
		text++;
		n--;
	}
	if (n < 8 || n > MSISDN_MAX)
		return false;
	memcpy(out, text, n);
	out[n] = '\0';
	return out[strspn(out, "0123456789")] == '\0';
}

static bool
inbox_print(const struct phones *p, const char *to, int64_t after, FILE *out)
{
	char line[SMS_TEXT_MAX * 2 + 400];
	bool any = false;

	for (const struct sms *m = p->first; m != NULL; m = m->next) {
		struct json_writer w;
		struct buf b;

		if (m->id <= after || (to[0] != '\0' && strcmp(to, m->to) != 0))
			continue;
		buf_init(&b, line, sizeof line);
		jw_init(&w, &b);
		jw_object(&w, NULL);
		jw_i64(&w, "id", m->id);
		jw_text(&w, "to", m->to);
		jw_text(&w, "from", m->from);
		jw_text(&w, "text", m->text);
		jw_text(&w, "message_id", m->message_id);
		jw_i64(&w, "at_ms", m->at_ms);
		jw_end_object(&w);
		fprintf(out, "%s\n", b.at);
		any = true;
	}
	return any;
}

static void
answer_inbox(struct http_exchange *x, char *text, size_t n)
{
	http_answer(x, 200, "application/x-ndjson", text, n);
	free(text);
}

static void
unlink_waiter(struct waiter *w)
{
	struct waiter **at = &w->sim->phones->waiters;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	timer_cancel(&w->timer);
	free(w);
}

static void
on_waiter_gone(void *arg)
{
	unlink_waiter(arg);
}

static void
on_waited(void *arg)
{
	struct waiter *w = arg;

	w->timer = NULL;
	http_answer(w->x, 200, "application/x-ndjson", "", 0);
	unlink_waiter(w);
}

void
phones_wake(struct phones *p, const char *to)
{
	struct waiter *next;

	for (struct waiter *w = p->waiters; w != NULL; w = next) {
		char *text = NULL;
		size_t n = 0;
		FILE *out;

		next = w->next;
		if (w->to[0] != '\0' && strcmp(w->to, to) != 0)
			continue;
		out = open_memstream(&text, &n);
		inbox_print(p, w->to, w->after, out);
		fclose(out);
		answer_inbox(w->x, text, n);
		unlink_waiter(w);
	}
}

static int64_t
query_number(const char *query, const char *name)
{
	char text[24];

	return form_get(query, strlen(query), name, text, sizeof text) > 0
	           ? strtoll(text, NULL, 10)
	           : 0;
}

/* GET /sms?to=NUMBER&after=ID&wait_ms=MS: JSON lines; waits for the first one if asked.
 */
void
sms_inbox(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *query = http_query(x);
	int64_t after = query_number(query, "after");
	int64_t wait_ms = query_number(query, "wait_ms");
	char to[NUMBER_SIZE] = "", given[40], *text = NULL;
	struct waiter *w;
	size_t n = 0;
	FILE *out;
	bool any;

	if (form_get(query, strlen(query), "to", given, sizeof given) > 0) {
		/* an unescaped plus arrives as a space */
		const char *at = given[0] == ' ' ? given + 1 : given;

		if (!phone_number(at, strlen(at), to)) {
			http_answer_text(x, 400, "to: not a phone number\n");
			return;
		}
	}
	out = open_memstream(&text, &n);
	any = inbox_print(s->phones, to, after, out);
	fclose(out);
	if (any || wait_ms <= 0) {
		answer_inbox(x, text, n);
		return;
	}
	free(text);
	w = xzalloc(sizeof *w);
	w->sim = s;
	w->x = x;
	w->after = after;
	memcpy(w->to, to, sizeof w->to);
	w->next = s->phones->waiters;
	s->phones->waiters = w;
	w->timer = timer_start(s->loop, wait_ms > WAIT_MAX_MS ? WAIT_MAX_MS : wait_ms,
	                       on_waited, w);
	http_on_gone(x, on_waiter_gone, w);
}

void
phone_holder(const char *number, const char **given, const char **family)
{
	static const char *const givens[] = { "Neema",  "Juma",   "Amina",  "Baraka",
		                              "Zawadi", "Hamisi", "Rehema", "Daudi" };
	static const char *const families[] = { "Mushi", "Mwita", "Kessy",   "Massawe",
		                                "Lyimo", "Komba", "Nyerere", "Shayo" };
	unsigned sum = 0;

	for (const char *c = number; *c != '\0'; c++)
		sum = sum * 31 + (unsigned char)*c;
	*given = givens[sum % 8];
	*family = families[sum / 8 % 8];
}
