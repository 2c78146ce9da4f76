#include "payments/flow/round.h"

static void
begin_row(struct round *r)
{
	unsigned flight = 0;

	while (r->flights[flight] != NULL)
		flight++;
	r->in_flight++;
	r->flights[flight] = r->port.begin(r->port.run, r->next++, flight);
}

static void
go_on(struct round *r)
{
	while (r->next < r->count && r->in_flight < r->port.at_once)
		begin_row(r);
	if (r->in_flight > 0 || r->next < r->count || r->ask != NULL)
		return;
	if (r->last_page)
		r->port.over(r->port.run);
	else
		r->ask = r->port.ask(r->port.run);
}

void
round_begin(struct round *r)
{
	go_on(r);
}

void
round_read(struct round *r, unsigned count)
{
	r->ask = NULL;
	r->count = count;
	r->next = 0;
	r->last_page = count < r->port.page;
	go_on(r);
}

void
round_landed(struct round *r, unsigned flight)
{
	r->in_flight--;
	r->flights[flight] = NULL;
	go_on(r);
}

void
round_stop(struct round *r)
{
	pg_cancel(&r->ask);
	for (unsigned i = 0; i < ROUND_AT_ONCE; i++)
		payments_cancel(&r->flights[i]);
}
