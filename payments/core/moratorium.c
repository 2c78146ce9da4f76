#include "payments/core/moratorium.h"

#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

const char *
moratorium_fault(const struct moratorium_days *m, int32_t today)
{
	if (m->from < today - MORATORIUM_BACK_MAX ||
	    m->from > today + MORATORIUM_DAYS_MAX)
		return "from";
	if (m->to < m->from || m->to < today || m->to >= m->from + MORATORIUM_DAYS_MAX)
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

static bool
waived(const struct loan_account *a, uint32_t charge)
{
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_WAIVE_CHARGE &&
		    a->events[i].of == charge && !account_reversed(a, a->events[i].id))
			return true;
	return false;
}

static uint32_t
waive_penalties(const struct loan_account *a, const struct moratorium_days *m,
                struct loan_event *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->event_count && n < MORATORIUM_WAIVERS; i++) {
		const struct loan_event *e = &a->events[i];

		if (e->kind == EVENT_CHARGE && e->charge.penalty &&
		    e->charge.day >= m->from && e->charge.day <= m->to &&
		    !account_reversed(a, e->id) && !waived(a, e->id))
			out[n++] = (struct loan_event){ .kind = EVENT_WAIVE_CHARGE,
				                        .of = e->id };
	}
	return n;
}

uint32_t
moratorium_events(const struct loan_account *a, const struct moratorium_days *m,
                  struct loan_event out[MORATORIUM_EVENTS])
{
	const struct account_row *row = first_inside(a, m);
	uint32_t n = 0, skip = 1;

	out[n++] =
	    (struct loan_event){ .kind = EVENT_PAUSE, .from = m->from, .to = m->to };
	if (a->contract.recalculate)
		return n;
	n += waive_penalties(a, m, out + n);
	if (row == NULL)
		return n;
	while (period_after(&a->working, row->due, skip) <= m->to)
		skip++;
	out[n++] = (struct loan_event){ .kind = EVENT_HOLIDAY,
		                        .amount = skip,
		                        .from = row->due,
		                        .policy = m->policy };
	return n;
}
