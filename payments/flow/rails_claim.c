/*
 * rails_claim - see rails.h: due payments of one provider are taken, as many as there are
 * slots, as the breaker lets through and as the provider's rate allows.  The rate is kept
 * where a payment is taken up, so that nobody holds what it may not call about; the call
 * itself follows a few milliseconds later.  Each gateway keeps a rate of its own.
 */
#include "payments/flow/rails_internal.h"

#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>

#define STARVED_MS 50

static void on_claim(void *arg, const struct pg_reply *reply);

static void
wait_for_rate(struct rail *l)
{
	rails_wake_in(l->owner, rail_rest_ms(l));
}

void
rail_claim(struct rail *l, int32_t cooperative_id, int64_t want)
{
	struct rails *r = l->owner;
	unsigned taken = l->under_way + l->reserved;
	unsigned slots = l->slots > taken ? l->slots - taken : 0;
	unsigned room = pace_room(&l->pace, l->per_second, rails_wall(r), slots);
	unsigned most = availability_allows(r->service, l->count.provider) ? room : 0;
	unsigned fresh =
	    breaker_allows(&l->breaker, rails_wall(r), l->submits + l->reserved, most);
	bool trying = breaker_state(&l->breaker, rails_wall(r)) == BREAKER_TRYING;
	struct claim *c;
	struct pg_args *a;

	if (room < slots && room < want)
		l->count.paced++;
	if (room == 0) {
		l->is_full = true;
		l->is_starved |= l->reserved > 0;
		if (slots > 0)
			wait_for_rate(l);
		return;
	}
	c = xzalloc(sizeof *c);
	c->rail = l;
	c->id = ids_uuid4(r->env->ids);
	c->reserved = trying && fresh > 0 ? fresh : (want < room ? (unsigned)want : room);
	l->reserved += c->reserved;
	pace_take(&l->pace, c->reserved);
	a = pg_args_new();
	pg_i32(a, cooperative_id);
	pg_text(a, l->count.provider);
	pg_uuid(a, &c->id);
	pg_i64(a, rails_wall(r));
	pg_i64(a, rails_wall(r) + l->means.claim_ms);
	pg_i32(a, (int32_t)c->reserved);
	pg_bool(a, fresh > 0);
	pg_i64(a, r->env->settings->payments.collect_delay_ms);
	c->next = r->claims;
	r->claims = c;
	c->pg = pg_call(r->env->pg, &payments_claim, a, r->env->settings->pg.statement_ms,
	                on_claim, c);
}

static void
unlink_claim(struct claim *c)
{
	struct claim **at = &c->rail->owner->claims;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

static void
on_claim(void *arg, const struct pg_reply *reply)
{
	struct claim *c = arg;
	struct rail *l = c->rail;
	struct payment p;

	c->pg = NULL;
	unlink_claim(c);
	l->reserved -= c->reserved;
	if (reply->err.code != ERR_NONE) { /* what was claimed all the same will lapse */
		log_warn(REF, "claim_failed", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	} else {
		for (int row = 0; row < reply->rows; row++) {
			payment_read(reply, row, &p);
			rail_start_ride(l, &p);
		}
		if ((unsigned)reply->rows < c->reserved)
			pace_give_back(&l->pace, c->reserved - (unsigned)reply->rows);
		else
			l->is_full = true;
	}
	free(c);
	if (l->is_starved)
		rails_wake_in(l->owner, STARVED_MS);
	l->is_starved = false;
	rails_tell_if_drained(l->owner);
}

void
rails_forget_claims(struct rails *r)
{
	while (r->claims != NULL) {
		struct claim *c = r->claims;

		r->claims = c->next;
		pg_cancel(&c->pg);
		free(c);
	}
}
