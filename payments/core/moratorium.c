#include "payments/core/moratorium.h"

#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

const char *
moratorium_fault(const struct moratorium_days *m, int32_t today)
{
	if (m->from < today || m->from > today + MORATORIUM_DAYS_MAX)
		return "from";
	if (m->to < m->from || m->to >= m->from + MORATORIUM_DAYS_MAX)
		return "to";
	return NULL;
}

/* The first instalment in those days that is not paid. */
static const struct account_row *
first_inside(const struct loan_account *a, const struct moratorium_days *m)
{
	for (uint32_t i = 0; i < a->row_count; i++) {
		const struct account_row *row = &a->rows[i];

		if (row->due >= m->from && row->due <= m->to && !row->additional &&
		    !account_row_done(row))
			return row;
	}
	return NULL;
}

uint32_t
moratorium_events(const struct loan_account *a, const struct moratorium_days *m,
                  struct loan_event out[MORATORIUM_EVENTS])
{
	const struct account_row *row = first_inside(a, m);
	uint32_t n = 0, skip = 1;

	out[n++] =
	    (struct loan_event){ .kind = EVENT_PAUSE, .from = m->from, .to = m->to };
	if (row == NULL || a->contract.recalculate)
		return n;
	while (period_after(&a->working, row->due, skip) <= m->to)
		skip++;
	out[n++] = (struct loan_event){ .kind = EVENT_HOLIDAY,
		                        .amount = skip,
		                        .from = row->due,
		                        .policy = m->policy };
	return n;
}
