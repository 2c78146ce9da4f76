/* Bodies of the effects that change loans. */
#include "lib/json.h"
#include "payments/store/loans.h"

#include <string.h>

static void
put_time(struct json_writer *w, const char *key, int64_t ms)
{
	if (ms != 0)
		jw_i64(w, key, ms);
}

void
loan_new_body(struct buf *out, const struct loan_new *n)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "loan_id", &n->loan_id);
	jw_text(&w, "code", n->code);
	jw_uuid(&w, "member_id", &n->member_id);
	jw_uuid(&w, "product_id", &n->product_id);
	jw_i64(&w, "principal", n->terms->principal);
	jw_i64(&w, "fee", n->terms->fee);
	jw_i64(&w, "instalment", n->terms->instalment);
	jw_i64(&w, "weeks", n->terms->instalments);
	jw_i64(&w, "first_due_day", n->terms->first_due_day);
	jw_i64(&w, "last_due_day", n->terms->last_due_day);
	jw_i64(&w, "first_due_days", n->product->first_due_days);
	jw_bool(&w, "needs_second", n->needs_second);
	jw_i64(&w, "sale_share_permille", n->product->sale_share_permille);
	jw_i64(&w, "floor_permille", n->product->floor_permille);
	jw_uuid(&w, "request_key", &n->request_key);
	jw_i64(&w, "requested_ms", n->now_ms);
	jw_text(&w, "product", n->product_code);
	jw_i64(&w, "apr_bp", n->terms->apr_bp);
	jw_i64(&w, "deposit", n->deposit);
	jw_object(&w, "contract");
	contract_write(&w, n->contract);
	jw_end_object(&w);
	jw_end_object(&w);
}

void
loan_code_read(const char *text, char *out, size_t cap)
{
	size_t n = 0;

	for (; *text != '\0' && n < cap - 1; text++)
		if (*text != ' ' && *text != '-')
			out[n++] =
			    (char)(*text >= 'a' && *text <= 'z' ? *text - 32 : *text);
	out[n] = '\0';
}

static int64_t
charges(const int64_t part[PARTS])
{
	return part[PART_INTEREST] + part[PART_FEE] + part[PART_PENALTY];
}

/* What is waived or written off is owed no more: it leaves the row. */
static void
put_row(struct json_writer *w, const struct account_row *row)
{
	static const char *const due[PARTS] = { "penalty", "fee", "interest",
		                                "principal" };
	static const char *const paid[PARTS] = { "penalty_paid", "fee_paid",
		                                 "interest_paid", "principal_paid" };

	jw_object(w, NULL);
	jw_i64(w, "row", row->nr);
	jw_i64(w, "due_day", row->due);
	for (int p = 0; p < PARTS; p++) {
		jw_i64(w, due[p],
		       row->due_part[p] - row->waived[p] - row->written_off[p]);
		jw_i64(w, paid[p], row->paid[p]);
	}
	jw_end_object(w);
}

static bool
stands(const struct account_row *a, const struct account_row *b)
{
	return a->nr == b->nr && a->due == b->due &&
	       memcmp(a->due_part, b->due_part, sizeof a->due_part) == 0 &&
	       memcmp(a->paid, b->paid, sizeof a->paid) == 0 &&
	       memcmp(a->waived, b->waived, sizeof a->waived) == 0 &&
	       memcmp(a->written_off, b->written_off, sizeof a->written_off) == 0;
}

static void
put_account(struct json_writer *w, const struct loan_change *c)
{
	const struct loan_account *a = c->account;
	const struct loan_totals *t = &a->total;

	jw_array(w, "rows");
	for (uint32_t i = 0; i < a->row_count; i++)
		if (i >= c->stored_count || !stands(&a->rows[i], &c->stored[i]))
			put_row(w, &a->rows[i]);
	jw_end_array(w);
	jw_array(w, "events");
	for (uint32_t i = 0; i < a->event_count; i++) {
		if (a->events[i].id < c->first_event)
			continue;
		jw_object(w, NULL);
		loan_event_write(w, &a->events[i]);
		jw_end_object(w);
	}
	jw_end_array(w);
	jw_i64(w, "now_ms", c->now_ms);
	jw_i64(w, "booked", c->booked);
	jw_i64(w, "fee", charges(t->due) - charges(t->waived) - charges(t->written_off));
	jw_i64(w, "principal_paid", t->paid[PART_PRINCIPAL]);
	jw_i64(w, "fee_paid", charges(t->paid));
	if (a->row_count > 0)
		jw_i64(w, "last_due_day", a->rows[a->row_count - 1].due);
}

void
loan_set_body(struct buf *out, const struct loan_record *loan,
              const struct loan_change *c)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "loan_id", &loan->view.loan_id);
	jw_i64(&w, "version", loan->version);
	jw_text(&w, "state", loan_state_name(c->to));
	jw_uuid(&w, "seen_by", &c->seen_by);
	jw_uuid(&w, "approved_by", &c->approved_by);
	jw_uuid(&w, "refused_by", &c->refused_by);
	jw_uuid(&w, "payment_id", &c->payment_id);
	jw_uuid(&w, "hold_id", &c->hold_id);
	if (c->payment_code != NULL)
		jw_text(&w, "payment_code", c->payment_code);
	put_time(&w, "decided_ms", c->decided_ms);
	put_time(&w, "paid_ms", c->paid_ms);
	put_time(&w, "closed_ms", c->closed_ms);
	if (c->contract != NULL) {
		jw_i64(&w, "first_due_day", loan->view.terms.first_due_day);
		jw_object(&w, "contract");
		contract_write(&w, c->contract);
		jw_end_object(&w);
	}
	if (c->account != NULL)
		put_account(&w, c);
	jw_end_object(&w);
}

void
loan_pull_body(struct buf *out, const struct uuid *loan_id)
{
	char text[UUID_TEXT_SIZE];

	buf_printf(out, "{\"loan_id\":\"%s\"}", uuid_text(loan_id, text));
}

void
loan_off_asked_body(struct buf *out, const struct loan_record *loan,
                    const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "loan_id", &loan->view.loan_id);
	jw_i64(&w, "version", loan->version);
	jw_uuid(&w, "asked_by", by);
	jw_i64(&w, "asked_ms", now_ms);
	jw_end_object(&w);
}

void
loan_rows_cut_body(struct buf *out, const struct uuid *loan_id, uint32_t rows)
{
	char text[UUID_TEXT_SIZE];

	buf_printf(out, "{\"loan_id\":\"%s\",\"rows\":%u}", uuid_text(loan_id, text),
	           (unsigned)rows);
}

void
loan_lost_body(struct buf *out, const struct uuid *loan_id, int64_t lost,
               int64_t recovered)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "loan_id", loan_id);
	jw_i64(&w, "lost", lost);
	jw_i64(&w, "recovered", recovered);
	jw_end_object(&w);
}

void
loan_off_back_body(struct buf *out, const struct loan_record *loan, const struct uuid *by)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "loan_id", &loan->view.loan_id);
	jw_i64(&w, "version", loan->version);
	jw_uuid(&w, "asked_by", by);
	jw_end_object(&w);
}
