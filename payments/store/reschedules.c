#include "payments/store/reschedules.h"

#include "lib/json.h"
#include "payments/store/row.h"

static const char *const interest_names[] = {
	[HOLIDAY_INTEREST_RUNS] = "RUNS",
	[HOLIDAY_INTEREST_STOPS] = "STOPS",
};

const struct pg_statement reschedule_of_loan = {
	"reschedule_of_loan",
	"select reschedule_id, loan_id, asked_by, kind, count, to_day, interest "
	"from loan_reschedules where cooperative_id = $1::integer "
	"and loan_id = $2::uuid and state = 'asked'"
};

void
reschedule_read(const struct pg_reply *r, struct reschedule_asked *out)
{
	const char *kinds[RESCHEDULE_KINDS];

	*out = (struct reschedule_asked){ 0 };
	if (r->rows == 0)
		return;
	for (int k = 0; k < RESCHEDULE_KINDS; k++)
		kinds[k] = reschedule_name((enum reschedule_kind)k);
	*out = (struct reschedule_asked){
		.reschedule_id = reply_uuid(r, 0, 0),
		.loan_id = reply_uuid(r, 0, 1),
		.asked_by = reply_uuid(r, 0, 2),
		.terms = { .kind = (enum reschedule_kind)row_word(r, 0, 3, kinds,
		                                                  RESCHEDULE_KINDS),
		           .count = (uint32_t)reply_i64(r, 0, 4),
		           .to = (int32_t)reply_i64(r, 0, 5),
		           .policy = (enum holiday_policy)row_word(r, 0, 6,
		                                                   interest_names, 2) },
	};
}

void
reschedule_new_body(struct buf *out, const struct reschedule_asked *q, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "reschedule_id", &q->reschedule_id);
	jw_uuid(&w, "loan_id", &q->loan_id);
	jw_text(&w, "kind", reschedule_name(q->terms.kind));
	jw_i64(&w, "count", q->terms.count);
	jw_i64(&w, "to_day", q->terms.to);
	jw_text(&w, "interest", interest_names[q->terms.policy]);
	jw_uuid(&w, "asked_by", &q->asked_by);
	jw_i64(&w, "asked_ms", now_ms);
	jw_end_object(&w);
}

void
reschedule_decide_body(struct buf *out, const struct reschedule_asked *q, bool done,
                       const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "reschedule_id", &q->reschedule_id);
	jw_text(&w, "state", done ? "done" : "dropped");
	jw_uuid(&w, "decided_by", by);
	jw_i64(&w, "decided_ms", now_ms);
	jw_end_object(&w);
}
