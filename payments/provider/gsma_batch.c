#include "payments/provider/gsma_batch.h"

#include "lib/buf.h"
#include "lib/json.h"
#include "payments/provider/gsma.h"
#include "payments/provider/request.h"

#include <string.h>
#include <strings.h>

#define PLACE "/batchtransactions/"

static bool
is_part_of_path(const char *text)
{
	return text[0] != '\0' && text[strcspn(text, "/ \r\n?#@\\%")] == '\0';
}

/* ---- requests ---- */

static int
put_orders(struct json_writer *w, const struct provider_account *a,
           const struct gsma_batch_orders *orders, struct err *err)
{
	jw_array(w, "transactions");
	for (size_t i = 0; i < orders->count; i++) {
		struct provider_order o = orders->at[i];
		char amount[32];

		if (o.direction != PAY_OUT || !uuid_is_nil(&o.back_reference) ||
		    !request_is_msisdn(o.msisdn))
			return err_set(err, ERR_RANGE, FATE_NOT,
			               "a batch holds payouts to phone numbers");
		if (request_amount(a, &o, amount, sizeof amount, err) < 0)
			return -1;
		uuid_text(&o.reference, o.external_id); /* by this its row is known */
		jw_object(w, NULL);
		jw_text(w, "type", "disbursement");
		gsma_put_order(w, a, &o, amount);
		jw_end_object(w);
	}
	jw_end_array(w);
	return 0;
}

int
gsma_batch_create(const struct provider_account *a, const struct provider_token *t,
                  const struct gsma_batch *batch, struct gsma_batch_orders *orders,
                  struct provider_request *out, struct err *err)
{
	char reference[UUID_TEXT_SIZE];
	struct json_writer w;
	struct buf b;
	bool failed;

	gsma_begin(out, "POST", a, t, "/batchtransactions", &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	request_header(out, "X-CorrelationID", uuid_text(&batch->reference, reference),
	               &failed);
	request_instant(out, "X-Date", batch->wall_ms, &failed);
	if (batch->result_url[0] != '\0')
		request_header(out, "X-Callback-URL", batch->result_url, &failed);
	buf_init(&b, orders->body, orders->cap);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "batchTitle", batch->title);
	if (put_orders(&w, a, orders, err) < 0) {
		*out = (struct provider_request){ .method = "" };
		return -1;
	}
	jw_end_object(&w);
	orders->len = b.len;
	return request_finish(
	    out, failed || !buf_ok(&b) || orders->count == 0 || a->party[0] == '\0', err);
}

static void
put_place(struct buf *b, const struct gsma_batch *batch, bool *failed)
{
	*failed |= !is_part_of_path(batch->their_id);
	buf_puts(b, PLACE);
	buf_puts(b, batch->their_id);
}

int
gsma_batch_approve(const struct provider_account *a, const struct provider_token *t,
                   const struct gsma_batch *batch, struct provider_request *out,
                   struct err *err)
{
	static const char body[] = "[{\"op\":\"replace\",\"path\":\"/batchStatus\","
	                           "\"value\":\"approved\"}]";
	char path[120];
	struct buf b;
	bool failed, astray = false;

	buf_init(&b, path, sizeof path);
	put_place(&b, batch, &astray);
	gsma_begin(out, "PATCH", a, t, path, &failed);
	request_header(out, "Content-Type", "application/json", &failed);
	request_instant(out, "X-Date", batch->wall_ms, &failed);
	memcpy(out->body, body, sizeof body);
	out->body_len = sizeof body - 1;
	return request_finish(out, failed || astray || !buf_ok(&b), err);
}

int
gsma_batch_query(const struct provider_account *a, const struct provider_token *t,
                 const struct gsma_batch *batch, struct provider_request *out,
                 struct err *err)
{
	char path[120], reference[UUID_TEXT_SIZE];
	struct buf b;
	bool failed, astray = false;

	buf_init(&b, path, sizeof path);
	if (batch->their_id[0] == '\0') {
		buf_puts(&b, "/responses/");
		buf_puts(&b, uuid_text(&batch->reference, reference));
	} else {
		put_place(&b, batch, &astray);
	}
	gsma_begin(out, "GET", a, t, path, &failed);
	return request_finish(out, failed || astray || !buf_ok(&b), err);
}

int
gsma_batch_list(const struct provider_account *a, const struct provider_token *t,
                const struct gsma_batch *batch, const struct gsma_batch_page *page,
                struct provider_request *out, struct err *err)
{
	char path[160];
	struct buf b;
	bool failed, astray = false;

	buf_init(&b, path, sizeof path);
	put_place(&b, batch, &astray);
	buf_puts(&b, page->list == BATCH_COMPLETIONS ? "/completions" : "/rejections");
	buf_puts(&b, "?offset=");
	buf_put_i64(&b, page->offset);
	buf_puts(&b, "&limit=");
	buf_put_i64(&b, page->limit);
	gsma_begin(out, "GET", a, t, path, &failed);
	return request_finish(out, failed || astray || !buf_ok(&b), err);
}

/* ---- answers ---- */

static bool
says(const char *text, const char *word)
{
	return text != NULL && strcasecmp(text, word) == 0;
}

/* A name that does not fit, or is no part of a path, is none. */
static void
put_id(struct gsma_batch_told *out, const char *text)
{
	if (text != NULL && strlen(text) < sizeof out->their_id && is_part_of_path(text))
		memcpy(out->their_id, text, strlen(text) + 1);
}

static int64_t
count_of(const struct json *doc, const char *key)
{
	int64_t n;

	return json_get_i64(doc, key, &n) && n >= 0 ? n : -1;
}

static enum gsma_batch_state
state_of_error(const char *word)
{
	const struct gsma_code *k = gsma_code(word);

	if (k == NULL)
		return BATCH_UNKNOWN;
	return k->on_submit == VERDICT_FAILED      ? BATCH_REFUSED
	       : k->on_submit == VERDICT_DUPLICATE ? BATCH_DUPLICATE
	       : k->on_submit == VERDICT_DOWN      ? BATCH_DOWN
	                                           : BATCH_UNKNOWN;
}

static void
read_state(const struct json *doc, struct gsma_batch_told *out)
{
	static const struct {
		const char *word;
		enum gsma_batch_state state;
	} rows[] = { { "created", BATCH_CREATED },
		     { "approved", BATCH_APPROVED },
		     { "completed", BATCH_COMPLETED } };

	const char *status = json_get_text(doc, "batchStatus");

	answer_word(out->code, sizeof out->code, json_get(doc, "batchStatus"));
	put_id(out, json_get_text(doc, "batchId"));
	out->completed = count_of(doc, "completedCount");
	out->rejected = count_of(doc, "rejectionCount");
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
		if (says(status, rows[i].word))
			out->state = rows[i].state;
}

bool
gsma_batch_shut_out(const struct provider_answer *ans)
{
	struct json *doc = answer_object(ans);
	bool out = gsma_is_shut_out(ans, doc);

	json_free(doc);
	return out;
}

static bool
is_batch_link(const char *link)
{
	return link != NULL && strncmp(link, PLACE, sizeof PLACE - 1) == 0;
}

void
gsma_batch_answer(const struct provider_answer *ans, struct gsma_batch_told *out)
{
	struct json *doc = answer_object(ans);
	const char *error = json_get_text(doc, "errorCode");
	const char *link = json_get_text(doc, "link");
	bool fine = ans->status >= 200 && ans->status < 300;

	*out = (struct gsma_batch_told){ .completed = -1, .rejected = -1 };
	answer_word(out->code, sizeof out->code, json_get(doc, "errorCode"));
	if (gsma_is_shut_out(ans, doc))
		out->state = BATCH_AUTH;
	else if (ans->status == 404 &&
	         says(json_get_text(doc, "errorCategory"), "identification"))
		out->state = BATCH_NOT_FOUND;
	else if (error != NULL)
		out->state = state_of_error(out->code);
	else if (ans->status == 204) /* the answer to an approval */
		out->state = BATCH_APPROVED;
	else if (fine && json_get_text(doc, "batchStatus") != NULL)
		read_state(doc, out);
	else if (fine && is_batch_link(link))
		put_id(out, link + sizeof PLACE - 1);
	else if (fine && says(json_get_text(doc, "status"), "completed"))
		put_id(out, json_get_text(doc, "objectReference"));
	if ((out->state == BATCH_UNKNOWN && out->code[0] == '\0' &&
	     out->their_id[0] != '\0') ||
	    (ans->status == 202 && says(json_get_text(doc, "status"), "pending")))
		out->state = BATCH_UNDER_WAY;
	json_free(doc);
}

static void
read_row(const struct json *of, enum gsma_batch_list list, struct verdict *v)
{
	const struct gsma_code *k;

	verdict_begin(v, 0);
	answer_word(v->provider_txn, sizeof v->provider_txn,
	            json_get(of, "transactionReference"));
	if (list == BATCH_COMPLETIONS) {
		memcpy(v->code, "completed", sizeof "completed");
		verdict_set(v, VERDICT_PAID, REASON_NONE);
		return;
	}
	answer_word(v->code, sizeof v->code, json_get(of, "rejectionReason"));
	k = gsma_code(v->code);
	if (k != NULL && k->on_query == VERDICT_FAILED)
		verdict_set(v, VERDICT_FAILED, k->out);
}

int
gsma_batch_read(const struct provider_answer *ans, enum gsma_batch_list list,
                gsma_batch_row *row, void *arg)
{
	struct json *doc = ans->len == 0 ? NULL : json_parse(ans->body, ans->len, NULL);
	size_t n = json_count(doc);

	if (ans->status != 200 || doc == NULL || !json_is_array(doc)) {
		json_free(doc);
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		const struct json *of = json_at(doc, i);
		const char *ours =
		    json_get_text(of, "requestingOrganisationTransactionReference");
		struct uuid reference;
		struct verdict v;

		if (ours == NULL || !uuid_parse(ours, strlen(ours), &reference))
			continue;
		read_row(of, list, &v);
		row(arg, &reference, &v);
	}
	json_free(doc);
	return (int)n;
}
