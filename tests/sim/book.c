#include "tests/sim/book.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u

struct tried {
	struct tried *next;
	struct uuid reference;
	unsigned times;
};

struct book {
	FILE *file; /* NULL: in memory */
	struct tried *tried[BUCKETS];
	int64_t paid[2]; /* in, out */
	struct entry *first, *last;
	struct entry *buckets[BUCKETS];
};

static unsigned
bucket_of(const struct uuid *u)
{
	return ((unsigned)u->b[14] << 8 | u->b[15]) % BUCKETS;
}

const char *
entry_state_name(enum entry_state s)
{
	static const char *const names[] = { "pending", "paid", "failed" };

	return names[s];
}

int64_t
amount_hundredths(const char *text)
{
	int64_t v = 0;
	int decimals = -1;

	if (text[0] < '0' || text[0] > '9' || strlen(text) > 16)
		return -1;
	for (; *text != '\0'; text++) {
		if (*text == '.' && decimals < 0 && text[1] != '\0') {
			decimals = 0;
			continue;
		}
		if (*text < '0' || *text > '9' || decimals == 2)
			return -1;
		v = v * 10 + (*text - '0');
		decimals += decimals >= 0;
	}
	for (int i = decimals < 0 ? 0 : decimals; i < 2; i++)
		v *= 10;
	return v;
}

void
entry_print(const struct entry *e, FILE *to)
{
	char line[2048], reference[UUID_TEXT_SIZE], back[UUID_TEXT_SIZE];
	struct json_writer w;
	struct buf b;

	buf_init(&b, line, sizeof line);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "reference", uuid_text(&e->reference, reference));
	jw_text(&w, "direction", e->out ? "out" : "in");
	if (e->wire[0] != '\0')
		jw_text(&w, "provider", e->wire);
	jw_text(&w, "number", e->number);
	jw_text(&w, "amount", e->amount);
	jw_text(&w, "currency", e->currency);
	jw_text(&w, "state", entry_state_name(e->state));
	jw_text(&w, "reason", e->reason);
	jw_text(&w, "external_id", e->external_id);
	jw_text(&w, "txn", e->txn);
	jw_text(&w, "payer_message", e->payer_message);
	jw_text(&w, "payee_note", e->payee_note);
	jw_text(&w, "callback_url", e->callback_url);
	if (!uuid_is_nil(&e->back))
		jw_text(&w, "back", uuid_text(&e->back, back));
	jw_i64(&w, "accepted_ms", e->accepted_ms);
	jw_end_object(&w);
	fprintf(to, "%s\n", b.at);
}

static void
write_down(struct book *b, const struct entry *e)
{
	if (b->file == NULL)
		return;
	entry_print(e, b->file);
	if (fflush(b->file) != 0)
		abort(); /* a provider that cannot write its book must not go on paying */
}

struct entry *
book_find(struct book *b, const struct uuid *reference)
{
	struct entry *e = b->buckets[bucket_of(reference)];

	while (e != NULL && !uuid_equal(&e->reference, reference))
		e = e->next_in_bucket;
	return e;
}

struct entry *
book_first(struct book *b)
{
	return b->first;
}

static struct entry *
insert(struct book *b, const struct entry *from)
{
	struct entry *e = xzalloc(sizeof *e), **bucket;

	*e = *from;
	e->next = NULL;
	if (b->last != NULL)
		b->last->next = e;
	else
		b->first = e;
	b->last = e;
	bucket = &b->buckets[bucket_of(&e->reference)];
	e->next_in_bucket = *bucket;
	*bucket = e;
	return e;
}

struct entry *
book_add(struct book *b, const struct entry *e)
{
	struct entry *added = insert(b, e);

	write_down(b, added);
	return added;
}

unsigned
book_attempt(struct book *b, const struct uuid *reference)
{
	struct tried **bucket = &b->tried[bucket_of(reference)], *t = *bucket;

	while (t != NULL && !uuid_equal(&t->reference, reference))
		t = t->next;
	if (t == NULL) {
		t = xzalloc(sizeof *t);
		t->reference = *reference;
		t->next = *bucket;
		*bucket = t;
	}
	return t->times++;
}

static void
count_paid(struct book *b, const struct entry *e)
{
	if (e->state == ENTRY_PAID)
		b->paid[e->out] += amount_hundredths(e->amount);
}

struct entry *
book_collected(struct book *b, const char *wire, const char *txn)
{
	struct entry *e = b->first;

	while (e != NULL && (e->out || e->state != ENTRY_PAID ||
	                     strcmp(e->wire, wire) != 0 || strcmp(e->txn, txn) != 0))
		e = e->next;
	return e;
}

int64_t
book_given_back(struct book *b, const struct uuid *collection)
{
	int64_t sum = 0;

	for (const struct entry *e = b->first; e != NULL; e = e->next)
		if (e->out && e->state != ENTRY_FAILED &&
		    uuid_equal(&e->back, collection))
			sum += amount_hundredths(e->amount);
	return sum;
}

int64_t
book_paid(const struct book *b, bool out)
{
	return b->paid[out];
}

void
book_decide(struct book *b, struct entry *e, enum entry_state to, const char *reason)
{
	e->state = to;
	snprintf(e->reason, sizeof e->reason, "%s", reason);
	count_paid(b, e);
	write_down(b, e);
}

static void
copy_text(const struct json *doc, const char *key, char *out, size_t cap)
{
	const char *text = json_get_text(doc, key);

	snprintf(out, cap, "%s", text == NULL ? "" : text);
}

#define COPY(doc, key, e, field) copy_text(doc, key, (e)->field, sizeof(e)->field)

/* A line cut short by a death is the last one and says nothing: it was not answered. */
static void
read_line(struct book *b, const char *line)
{
	struct json *doc = json_parse(line, strlen(line), NULL);
	const char *reference = json_get_text(doc, "reference");
	const char *state = json_get_text(doc, "state");
	const char *direction = json_get_text(doc, "direction");
	const char *back = json_get_text(doc, "back");
	struct entry e = { .out = direction != NULL && strcmp(direction, "out") == 0 };
	struct entry *known;

	if (reference != NULL && state != NULL &&
	    uuid_parse(reference, strlen(reference), &e.reference)) {
		COPY(doc, "provider", &e, wire);
		COPY(doc, "number", &e, number);
		COPY(doc, "amount", &e, amount);
		COPY(doc, "currency", &e, currency);
		COPY(doc, "external_id", &e, external_id);
		COPY(doc, "payer_message", &e, payer_message);
		COPY(doc, "payee_note", &e, payee_note);
		COPY(doc, "callback_url", &e, callback_url);
		COPY(doc, "reason", &e, reason);
		COPY(doc, "txn", &e, txn);
		json_get_i64(doc, "accepted_ms", &e.accepted_ms);
		if (back != NULL)
			(void)uuid_parse(back, strlen(back), &e.back);
		while (e.state < ENTRY_FAILED &&
		       strcmp(entry_state_name(e.state), state) != 0)
			e.state++;
		known = book_find(b, &e.reference);
		if (known == NULL) {
			insert(b, &e);
		} else {
			known->state = e.state;
			memcpy(known->reason, e.reason, sizeof known->reason);
		}
	}
	json_free(doc);
}

struct book *
book_open(const char *path, struct err *err)
{
	struct book *b = xzalloc(sizeof *b);
	char *line = NULL;
	size_t cap = 0;
	bool torn = false;
	ssize_t n;

	if (path == NULL)
		return b;
	b->file = fopen(path, "a+e");
	if (b->file == NULL) {
		free(b);
		err_set(err, ERR_NOT_FOUND, FATE_NOT, strerror(errno));
		return NULL;
	}
	rewind(b->file);
	while ((n = getline(&line, &cap, b->file)) > 0) {
		torn = line[n - 1] != '\n';
		read_line(b, line);
	}
	free(line);
	for (const struct entry *e = b->first; e != NULL; e = e->next)
		count_paid(b, e);
	clearerr(b->file);
	if (torn)
		fputc('\n', b->file);
	return b;
}

void
book_close(struct book *b)
{
	struct entry *next;
	struct tried *t;

	if (b == NULL)
		return;
	for (unsigned i = 0; i < BUCKETS; i++) {
		while ((t = b->tried[i]) != NULL) {
			b->tried[i] = t->next;
			free(t);
		}
	}
	for (struct entry *e = b->first; e != NULL; e = next) {
		next = e->next;
		timer_cancel(&e->timer);
		free(e);
	}
	if (b->file != NULL)
		fclose(b->file);
	free(b);
}
