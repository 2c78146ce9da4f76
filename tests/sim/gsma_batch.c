/* GSMA Mobile Money API 1.2: batches of payouts, made by one and approved by another.
 *
 * Who that is, is told by the token: the one a batch was made with cannot approve it.  In
 * memory only; the payments of an approved batch stand in the book.  A payment of a batch
 * is not known by a correlation id: whoever sends it again by itself pays twice. */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "tests/sim/book.h"
#include "tests/sim/wire.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 64

struct batch {
	struct uuid correlation;
	char name[8], token[60];
	bool approved;
	unsigned rows;
	struct entry order[ROWS_MAX];
	const char *wrong[ROWS_MAX]; /* refused as it came; else NULL */
	struct batch *next;
};

void
gsma_batches_free(struct batch *b)
{
	while (b != NULL) {
		struct batch *next = b->next;

		free(b);
		b = next;
	}
}

static struct batch *
find(const struct sim *s, const char *name)
{
	size_t n = strcspn(name, "/");

	for (struct batch *b = s->batches; b != NULL; b = b->next)
		if (strlen(b->name) == n && memcmp(b->name, name, n) == 0)
			return b;
	return NULL;
}

static struct batch *
find_correlation(const struct sim *s, const struct uuid *correlation)
{
	struct batch *b = s->batches;

	while (b != NULL && !uuid_equal(&b->correlation, correlation))
		b = b->next;
	return b;
}

bool
gsma_is_of_batch(const struct sim *s, const struct uuid *reference)
{
	for (const struct batch *b = s->batches; b != NULL; b = b->next)
		for (unsigned i = 0; i < b->rows; i++)
			if (uuid_equal(&b->order[i].reference, reference))
				return true;
	return false;
}

/* Under our correlation id, with the chaos of any answer. */
static void
tell(struct sim *s, struct http_exchange *x, const struct batch *b, int status,
     const char *text)
{
	const struct entry e = { .out = true, .reference = b->correlation };

	wire_answer(s, x, &e, book_attempt(s->book, &e.reference), status, text);
}

bool
gsma_batch_response(struct sim *s, struct http_exchange *x, const char *correlation)
{
	struct uuid u;
	struct batch *b = uuid_parse(correlation, strlen(correlation), &u)
	                      ? find_correlation(s, &u)
	                      : NULL;
	char text[80];

	if (b == NULL)
		return false;
	snprintf(text, sizeof text, "{\"link\":\"/batchtransactions/%s\"}", b->name);
	tell(s, x, b, 200, text);
	return true;
}

/* Paid, failed or refused: 1, 2, 2; 0 as long as nothing is known. */
static int
end_of(const struct sim *s, const struct batch *b, unsigned i)
{
	const struct entry *e;

	if (b->wrong[i] != NULL)
		return 2;
	e = b->approved ? book_find(s->book, &b->order[i].reference) : NULL;
	return e == NULL || e->state == ENTRY_PENDING ? 0
	       : e->state == ENTRY_PAID               ? 1
	                                              : 2;
}

static unsigned
count(const struct sim *s, const struct batch *b, int end)
{
	unsigned n = 0;

	for (unsigned i = 0; i < b->rows; i++)
		n += end_of(s, b, i) == end;
	return n;
}

static void
show(struct sim *s, struct http_exchange *x, const struct batch *b, int status)
{
	char text[300];
	const char *state = !b->approved         ? "created"
	                    : count(s, b, 0) > 0 ? "approved"
	                                         : "completed";

	snprintf(text, sizeof text,
	         "{\"batchId\":\"%s\",\"batchStatus\":\"%s\",\"completedCount\":%u,"
	         "\"rejectionCount\":%u}",
	         b->name, state, count(s, b, 1), b->approved ? count(s, b, 2) : 0);
	tell(s, x, b, status, text);
}

static void
read_rows(struct sim *s, struct batch *b, const struct json *list)
{
	b->rows = (unsigned)json_count(list);
	for (unsigned i = 0; i < b->rows; i++) {
		struct entry *e = &b->order[i];

		e->out = true;
		memcpy(e->wire, "gsma", 5);
		b->wrong[i] = gsma_read_order(s, json_at(list, i), e);
		if (!uuid_parse(e->external_id, strlen(e->external_id), &e->reference))
			b->wrong[i] = "formatError";
	}
}

void
gsma_batch_create(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *id = http_header(x, "X-CorrelationID");
	struct uuid correlation;
	const struct json *list;
	struct json *doc;
	struct batch *b;
	static unsigned made;
	size_t n;
	const char *body = http_body(x, &n);

	if (!gsma_admit(s, x))
		return;
	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	list = json_get(doc, "transactions");
	if (id == NULL || !uuid_parse(id, strlen(id), &correlation)) {
		gsma_refuse(x, 400, "validation", "mandatoryValueNotSupplied");
	} else if (json_count(list) == 0 || json_count(list) > ROWS_MAX) {
		gsma_refuse(x, 400, "validation", "formatError");
	} else if (find_correlation(s, &correlation) != NULL) {
		gsma_refuse(x, 400, "businessRule", "duplicateRequest");
	} else if (!wire_troubled(s, x, &gsma_words, &correlation)) {
		b = xzalloc(sizeof *b);
		b->correlation = correlation;
		snprintf(b->name, sizeof b->name, "B%u", ++made % 100000);
		snprintf(b->token, sizeof b->token, "%s", wire_bearer(x));
		read_rows(s, b, list);
		b->next = s->batches;
		s->batches = b;
		show(s, x, b, 201);
	}
	json_free(doc);
}

/* Each by itself; what was sent alone before is another payment. */
static void
pay(struct sim *s, struct batch *b)
{
	for (unsigned i = 0; i < b->rows && !b->approved; i++) {
		if (b->wrong[i] != NULL)
			continue;
		if (book_find(s->book, &b->order[i].reference) != NULL)
			b->order[i].reference = ids_uuid4(&s->ids);
		sim_take(s, &b->order[i]);
	}
	b->approved = true;
}

static void
approve(struct sim *s, struct http_exchange *x, struct batch *b)
{
	struct json *doc;
	const struct json *op;
	const char *path, *value;
	size_t n;
	const char *body = http_body(x, &n);
	bool fine;

	doc = n == 0 ? NULL : json_parse(body, n, NULL);
	op = json_at(doc, 0);
	path = json_get_text(op, "path");
	value = json_get_text(op, "value");
	fine = path != NULL && value != NULL && strcmp(path, "/batchStatus") == 0 &&
	       strcmp(value, "approved") == 0;
	json_free(doc);
	if (!fine) {
		gsma_refuse(x, 400, "validation", "formatError");
	} else if (strcmp(wire_bearer(x), b->token) == 0) {
		gsma_refuse(x, 403, "authorisation", "requestingPartyAuthorisationError");
	} else if (!wire_troubled(s, x, &gsma_words, &b->correlation)) {
		pay(s, b);
		tell(s, x, b, 204, "");
	}
}

static void
put_row(struct json_writer *w, const struct sim *s, const struct batch *b, unsigned i)
{
	const struct entry *e = book_find(s->book, &b->order[i].reference);

	jw_object(w, NULL);
	jw_text(w, "requestingOrganisationTransactionReference", b->order[i].external_id);
	if (b->wrong[i] != NULL)
		jw_text(w, "rejectionReason", b->wrong[i]);
	else if (e->state == ENTRY_FAILED)
		jw_text(w, "rejectionReason", gsma_code_of(e));
	else
		jw_text(w, "transactionReference", e->txn);
	jw_end_object(w);
}

static void
list(struct sim *s, struct http_exchange *x, const struct batch *b, int end)
{
	const char *query = http_query(x);
	unsigned seen = 0, offset = 0, limit = ROWS_MAX;
	char number[12], text[100000];
	struct json_writer w;
	struct buf out;

	if (form_get(query, strlen(query), "offset", number, sizeof number) > 0)
		offset = (unsigned)strtoul(number, NULL, 10);
	if (form_get(query, strlen(query), "limit", number, sizeof number) > 0)
		limit = (unsigned)strtoul(number, NULL, 10);
	buf_init(&out, text, sizeof text);
	jw_init(&w, &out);
	jw_array(&w, NULL);
	for (unsigned i = 0; i < b->rows && b->approved; i++)
		if (end_of(s, b, i) == end && seen++ >= offset && seen <= offset + limit)
			put_row(&w, s, b, i);
	jw_end_array(&w);
	tell(s, x, b, buf_ok(&out) ? 200 : 500, text);
}

void
gsma_batch(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	const char *rest = http_path_rest(x);
	struct batch *b = find(s, rest);

	if (!gsma_admit(s, x))
		return;
	rest += strcspn(rest, "/");
	if (b != NULL && strcmp(http_method(x), "PATCH") == 0 && rest[0] == '\0')
		approve(s, x, b);
	else if (b != NULL && strcmp(http_method(x), "GET") != 0)
		answer_json(x, 405, "");
	else if (b != NULL && rest[0] == '\0')
		show(s, x, b, 200);
	else if (b != NULL && strcmp(rest, "/completions") == 0)
		list(s, x, b, 1);
	else if (b != NULL && strcmp(rest, "/rejections") == 0)
		list(s, x, b, 2);
	else
		gsma_refuse(x, 404, "identification", "identifierError");
}
