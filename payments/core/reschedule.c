#include "payments/core/reschedule.h"

#include "payments/core/account_parts.h"

const char *
reschedule_name(enum reschedule_kind k)
{
	static const char *const names[] = { [RESCHEDULE_SKIP] = "skip",
		                             [RESCHEDULE_DATE] = "date",
		                             [RESCHEDULE_MORE] = "more" };

	return names[k];
}

/* The first open payment that is due on that day or later. */
static const struct account_row *
open_from(const struct loan_account *a, int32_t day)
{
	for (uint32_t i = 0; i < a->row_count; i++)
		if (a->rows[i].due >= day && !a->rows[i].additional &&
		    !account_row_done(&a->rows[i]))
			return &a->rows[i];
	return NULL;
}

static const char *
other_date(const struct account_row *row, int32_t today, const struct reschedule *r,
           struct loan_event *out)
{
	if (row == NULL)
		return "nothing_due";
	if (r->to <= row->due || r->to <= today || r->to > today + RESCHEDULE_DAYS_MAX)
		return "bad_date";
	*out = (struct loan_event){ .kind = EVENT_SHIFT_DATES,
		                    .from = row->due,
		                    .to = r->to };
	return "";
}

const char *
reschedule_event(const struct loan_account *a, const struct reschedule *r,
                 struct loan_event *out)
{
	const struct account_row *row =
	    open_from(a, r->kind == RESCHEDULE_SKIP ? a->today : INT32_MIN);

	if (a->contract.recalculate)
		return "by_days";
	if (r->kind == RESCHEDULE_DATE)
		return other_date(row, a->today, r, out);
	if (r->count < 1 || r->count > RESCHEDULE_COUNT_MAX)
		return "bad_count";
	if (row == NULL)
		return "nothing_due";
	if (r->kind == RESCHEDULE_SKIP) {
		*out = (struct loan_event){ .kind = EVENT_HOLIDAY,
			                    .amount = r->count,
			                    .from = row->due,
			                    .policy = r->policy };
		return "";
	}
	if (a->working.instalments + r->count > INSTALMENTS_MAX)
		return "bad_count";
	*out = (struct loan_event){ .kind = EVENT_EXTRA_TERMS, .amount = r->count };
	return "";
}
