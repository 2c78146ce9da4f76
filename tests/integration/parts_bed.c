#include "tests/integration/parts_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS  INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

static void
go_forward(int64_t ms)
{
	char sql[100];

	bed.clock.skew_ms += ms;
	clock_update(&bed.clock);
	snprintf(sql, sizeof sql,
	         "update price_board set confirmed_ms = confirmed_ms + %lld",
	         (long long)ms);
	bed_query(&bed, sql);
}

/* Parts wait for the morning, so a story that began before it would see the next one
 * late: every story begins at noon in the site's time (three hours ahead of UTC). */
static void
wait_for_noon(void)
{
	int64_t of_day = (bed.clock.wall_ms + 3 * HOUR_MS) % DAY_MS;

	go_forward((DAY_MS + 12 * HOUR_MS - of_day) % DAY_MS);
}

int
parts_open(void **state)
{
	if (story_open(state) != 0)
		return -1;
	wait_for_noon();
	join(NEEMA, "Neema", NEEMA_PIN);
	neema = find(NEEMA);
	/* here one officer may send again whatever stayed owed: test_owed.c has two */
	bed_query(&bed,
	          "with x as (update loan_products set second_above = 1000000000000 "
	          "returning 1) select count(*) from x");
	return 0;
}

/* Limits of the provider, from today on: over those of the country. */
void
parts_limits(int64_t per_payment, int64_t per_day)
{
	char sql[400];

	snprintf(sql, sizeof sql,
	         "insert into wallet_limits values ('TZ', 'mtn', 'TZS', 1, "
	         "'2001-01-01', %lld, %lld, 0, 0, 'test') on conflict "
	         "(country, provider, currency, tier, valid_from) do update set "
	         "per_payment = excluded.per_payment, per_day = excluded.per_day",
	         (long long)per_payment, (long long)per_day);
	bed_query(&bed, sql);
}

void
parts_next_day(void)
{
	go_forward(DAY_MS);
}

struct claimed {
	int rows;
	struct payment p;
};

static void
on_claimed(void *arg, const struct pg_reply *r)
{
	struct claimed *c = arg;

	assert_int_equal(r->err.code, ERR_NONE);
	c->rows = r->rows;
	if (r->rows > 0)
		payment_read(r, 0, &c->p);
	got.waiting--;
}

static void
on_marked(void *arg, const struct pg_reply *r)
{
	(void)arg;
	assert_int_equal(r->err.code, ERR_NONE);
	assert_true(reply_bool(r, 0, 0));
	got.waiting--;
}

/* What the rails would hand over now: one payment at most, marked as sent. */
bool
parts_send(struct payment *out)
{
	int64_t now = loop_clock(bed.loop)->wall_ms;
	struct uuid claim = fresh_key();
	struct pg_args *a = pg_args_new();
	struct claimed c = { 0 };

	pg_i32(a, 1);
	pg_text(a, "mtn");
	pg_uuid(a, &claim);
	pg_i64(a, now);
	pg_i64(a, now + 1000);
	pg_i32(a, 10);
	pg_bool(a, true);
	pg_i64(a, 0);
	pg_call(bed.pg, &payments_claim, a, 5000, on_claimed, &c);
	wait_all(1);
	assert_true(c.rows <= 1); /* one part at a time */
	if (c.rows == 0)
		return false;
	pg_call(bed.pg, &payment_sent, payment_sent_args(&c.p, now, now + 1000), 5000,
	        on_marked, NULL);
	wait_all(1);
	*out = c.p;
	return true;
}

void
parts_end_as(struct payment p, enum pay_state to, enum pay_reason reason)
{
	struct verdict why = { .kind = to == PAY_PAID ? VERDICT_PAID : VERDICT_FAILED,
		               .reason = reason,
		               .amount_minor = -1 };

	assert_true(purpose_record(&env, &p, to, &why, on_recorded, NULL));
	wait_all(1);
	books_balance();
}

/* Sends what is due and has it paid; what it was, or 0. */
int64_t
parts_pay(void)
{
	struct payment p;

	if (!parts_send(&p))
		return 0;
	parts_end_as(p, PAY_PAID, REASON_NONE);
	assert_int_equal(got.err.code, ERR_NONE);
	return p.amount;
}

void
parts_on_payout(void *arg, const struct payments_answer *a, const struct owed_payout *p)
{
	(void)p;
	on_plain(arg, a);
}

int64_t
parts_owed(void)
{
	return -balance(ACC_MEMBER, &neema.member_id, "TZS");
}

int64_t
parts_held(void)
{
	return bed_query(&bed, "select coalesce(sum(pending_credit), 0) from accounts "
	                       "where kind = 0");
}

int64_t
parts_told(const char *template)
{
	char sql[160];

	snprintf(sql, sizeof sql, "select count(*) from messages where template = '%s'",
	         template);
	return bed_query(&bed, sql);
}

int64_t
parts_value(const char *template, const char *name)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select text_values->>'%s' from messages where template = '%s' "
	         "order by message_id desc limit 1",
	         name, template);
	return bed_query(&bed, sql);
}

int64_t
parts_paid_out(void)
{
	return bed_query(&bed, "select coalesce(sum(amount), 0) from payments where "
	                       "direction = 'out' and state = 'paid'");
}

/* A sale of so many milligrams; what is to be paid out. */
int64_t
parts_sell(int64_t mg)
{
	weigh(mg, fresh_key());
	expect(OUTCOME_OK, "");
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	return got.lot.quote.payout;
}
