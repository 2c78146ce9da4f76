#include "payments/flow/loan_money.h"

#include "payments/flow/group_parts.h"
#include "payments/flow/lease_parts.h"
#include "payments/store/refunds.h"

#include <string.h>

#define BODY_FIXED     4000
#define BODY_PER_ROW   260
#define BODY_PER_EVENT 500

static int64_t
charges(const int64_t part[PARTS])
{
	return part[PART_INTEREST] + part[PART_FEE] + part[PART_PENALTY];
}

static int64_t
gone(const struct loan_totals *t, const struct loan_totals *before, enum component part)
{
	return t->written_off[part] - before->written_off[part];
}

static int
read_events(struct loan_money *m, struct arena *arena, struct err *err)
{
	size_t n = json_count(m->loan->events);
	struct loan_event *events = arena_zalloc(arena, (n + 1) * sizeof *events);
	struct diag fault;

	if (n > LOAN_EVENTS_MAX)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "too many events of a loan");
	for (size_t i = 0; i < n; i++)
		if (loan_event_read(json_at(m->loan->events, i), &events[i], &fault) < 0)
			return err_set(err, ERR_SYNTAX, FATE_NOT,
			               "a stored event of a loan cannot be read");
	return loan_account_load(m->account, events, (uint32_t)n, err);
}

static int
open_with(struct loan_money *m, struct arena *arena, struct loan_record *loan,
          const struct contract *c)
{
	*m = (struct loan_money){ .loan = loan,
		                  .account = arena_zalloc(arena, sizeof *m->account) };
	loan_account_open(m->account, c);
	return 0;
}

/* Recalculated interest moves rows by the day alone: of such a loan all are written. */
static void
keep_rows(struct loan_money *m, struct arena *arena)
{
	const struct loan_account *a = m->account;

	if (a->contract.recalculate)
		return;
	m->stored_count = a->row_count;
	m->stored = arena_zalloc(arena, (a->row_count + 1) * sizeof *m->stored);
	memcpy(m->stored, a->rows, a->row_count * sizeof *m->stored);
}

int
loan_money_open(struct loan_money *m, struct arena *arena, struct loan_record *loan,
                struct err *err)
{
	struct contract *c = arena_zalloc(arena, sizeof *c);
	struct diag fault;

	if (loan->contract == NULL || contract_read(loan->contract, c, &fault) < 0)
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "a stored contract cannot be read");
	open_with(m, arena, loan, c);
	if (read_events(m, arena, err) < 0)
		return -1;
	keep_rows(m, arena);
	if (loan_account_day(m->account, loan->today, err) < 0)
		return -1;
	m->first_event = m->account->event_count + 1;
	m->before = m->account->total;
	return 0;
}

int
loan_money_begin(struct loan_money *m, struct arena *arena, struct loan_record *loan,
                 const struct contract *c, struct err *err)
{
	open_with(m, arena, loan, c);
	m->first_event = 1;
	if (loan_account_day(m->account, c->start, err) < 0)
		return -1;
	return loan_money_tell(m,
	                       (struct loan_event){ .kind = EVENT_DISBURSE,
	                                            .day = c->start,
	                                            .amount = c->principal },
	                       err);
}

int
loan_money_tell(struct loan_money *m, struct loan_event event, struct err *err)
{
	event.id = m->account->event_count + 1;
	if (event.day == 0)
		event.day = m->loan->today;
	return loan_account_tell(m->account, &event, err);
}

/* Of what was written off, what has not come back. */
static int64_t
lost(const struct loan_money *m)
{
	const struct loan_totals *t = &m->account->total;

	return charges(t->written_off) + t->written_off[PART_PRINCIPAL] - t->recovered;
}

/* Money for a loan that was written off: up to what is lost of it, the rest is over. */
static int
recover(struct loan_money *m, int64_t amount, struct err *err)
{
	int64_t most = lost(m);

	m->over = amount > most ? amount - most : 0;
	if (amount == m->over)
		return 0;
	return loan_money_tell(
	    m, (struct loan_event){ .kind = EVENT_RECOVER, .amount = amount - m->over },
	    err);
}

int
loan_money_pay(struct loan_money *m, int64_t amount, struct err *err)
{
	int64_t part[PARTS];
	int64_t owed = 0;

	if (m->account->status == STATUS_WRITTEN_OFF)
		return recover(m, amount, err);
	if (loan_account_pay_off(m->account, m->loan->today, part, err) < 0)
		return -1;
	for (int p = 0; p < PARTS; p++)
		owed += part[p];
	m->over = amount > owed ? amount - owed : 0;
	if (amount == m->over)
		return 0;
	return loan_money_tell(
	    m, (struct loan_event){ .kind = EVENT_REPAY, .amount = amount - m->over },
	    err);
}

int
loan_money_take_back(struct loan_money *m, uint32_t event, struct err *err)
{
	const struct loan_account *a = m->account;

	if (event == 0)
		return 0;
	if (event > a->event_count || a->events[event - 1].kind != EVENT_REPAY)
		return err_set(err, ERR_NOT_FOUND, FATE_NOT,
		               "what shall be taken back is no payment");
	return loan_money_tell(
	    m, (struct loan_event){ .kind = EVENT_REVERSE, .of = event }, err);
}

void
loan_money_source(const struct loan_money *m, struct books *b,
                  const struct uuid *source_id)
{
	bool told = m->account->event_count >= m->first_event;
	struct buf body = books_body(b, 200);

	loan_source_body(&body, source_id, &m->loan->view.loan_id,
	                 told ? m->account->event_count : 0);
	books_effect(b, "loan_source", &body);
}

bool
loan_money_closed(const struct loan_money *m)
{
	return m->account->total.disbursed > 0 && m->account->total.outstanding_all == 0;
}

static bool
is_off(const struct loan_totals *t)
{
	return charges(t->written_off) + t->written_off[PART_PRINCIPAL] > 0;
}

/* Earned is what time or a payment made ours, less what was forgiven of it.  Of what is
 * written off only that much was ever income, so only that much can be lost. */
static int64_t
earned(const struct loan_totals *t)
{
	int64_t by_time = charges(t->accrued) - charges(t->waived);
	int64_t by_payment = charges(t->paid);

	return by_time > by_payment ? by_time : by_payment;
}

/* Less than nothing goes the other way. */
static void
move(struct books *b, struct account_ref debit, struct account_ref credit, int64_t amount)
{
	if (amount < 0)
		books_post(b, credit, debit, -amount);
	else
		books_post(b, debit, credit, amount);
}

static void
put_legs(struct loan_money *m, struct books *b, const struct account_ref *from)
{
	const struct loan_totals *t = &m->account->total;
	const struct uuid *id = &m->loan->view.loan_id;
	const char *unit = m->loan->view.currency;
	struct account_ref loan = account(ACC_LOAN, id, unit);
	struct account_ref fee = account(ACC_LOAN_FEE, id, unit);
	struct account_ref income = account(ACC_FEE_INCOME, NULL, unit);
	struct account_ref lost = account(ACC_BAD_DEBT, NULL, unit);
	/* once written off, a loan earns nothing and can lose nothing more */
	int64_t book = is_off(&m->before) ? 0 : earned(t) - m->loan->booked;
	bool lose = is_off(t) && !is_off(&m->before);

	if (book > 0)
		books_post(b, fee, income, book);
	if (from != NULL) {
		move(b, *from, fee, charges(t->paid) - charges(m->before.paid));
		move(b, *from, loan,
		     t->paid[PART_PRINCIPAL] - m->before.paid[PART_PRINCIPAL]);
		books_post(b, *from, account(ACC_MEMBER, &m->loan->member_id, unit),
		           m->over);
		books_post(b, *from, account(ACC_RECOVERIES, NULL, unit),
		           t->recovered - m->before.recovered);
	}
	books_post(b, lost, loan, gone(t, &m->before, PART_PRINCIPAL));
	books_post(b, lost, fee, lose ? earned(t) - charges(t->paid) : 0);
	if (book < 0)
		books_post(b, income, fee, -book);
}

static enum loan_state
state_of(const struct loan_money *m)
{
	if (m->account->status == STATUS_WRITTEN_OFF)
		return LOAN_WRITTEN_OFF;
	return loan_money_closed(m) ? LOAN_CLOSED : LOAN_LIVE;
}

static void
put_ownership(struct loan_money *m, struct books *b)
{
	if (m->loan->view.asset.code[0] == '\0' || m->returned)
		return;
	books_asset(b, &m->loan->view.asset, ASSET_OWNED, &m->loan->view.loan_id, 0);
	lease_tell(b, m->loan, "lease.owned");
}

/* A penalty past the last day had a row of its own; now the last day is later. */
static void
cut_rows(const struct loan_money *m, struct books *b)
{
	struct buf body = books_body(b, 120);

	loan_rows_cut_body(&body, &m->loan->view.loan_id, m->account->row_count);
	books_effect(b, "loan_rows_cut", &body);
}

static void
put_lost(const struct loan_money *m, struct books *b)
{
	int64_t back = m->account->total.recovered;
	struct buf body = books_body(b, 200);

	loan_lost_body(&body, &m->loan->view.loan_id, lost(m) + back, back);
	books_effect(b, "loan_lost", &body);
}

void
loan_money_put(struct loan_money *m, struct books *b, const struct account_ref *from)
{
	const struct loan_totals *t = &m->account->total;
	int64_t now_ms = loop_clock(b->env->loop)->wall_ms;
	struct loan_change change = { .to = state_of(m),
		                      .account = m->account,
		                      .first_event = m->first_event,
		                      .stored = m->stored,
		                      .stored_count = m->stored_count,
		                      .booked = is_off(t) ? charges(t->paid) : earned(t),
		                      .now_ms = now_ms };
	uint32_t told = m->account->event_count + 1 - m->first_event;
	struct buf body;

	put_legs(m, b, from);
	if (change.to != LOAN_LIVE && m->loan->view.state == LOAN_LIVE)
		group_part_ends(b, m->loan);
	if (change.to == LOAN_CLOSED) {
		change.closed_ms = now_ms;
		put_ownership(m, b);
	}
	if (m->first_event == 1) { /* it begins */
		change.paid_ms = now_ms;
		change.contract = &m->account->contract;
	}
	body = books_body(b, BODY_FIXED + (size_t)m->account->row_count * BODY_PER_ROW +
	                         (size_t)told * BODY_PER_EVENT +
	                         (change.contract == NULL ? 0 : BODY_FIXED));
	loan_set_body(&body, m->loan, &change);
	books_effect(b, "loan_set", &body);
	if (m->stored_count > m->account->row_count)
		cut_rows(m, b);
	if (is_off(t))
		put_lost(m, b);
}

void
loan_money_thank(const struct loan_money *m, struct books *b, const struct member *to,
                 int64_t amount, const char *code)
{
	const struct loan_totals *t = &m->account->total;
	const struct account_row *next = loan_account_next(m->account);
	const char *template = loan_money_closed(m) ? "loan.closed" : "loan.repaid";
	struct text_value v[6] = { { "code", m->loan->view.code },
		                   { "amount", books_i64(b, amount) },
		                   { "payment", code } };

	if (is_off(t)) {
		template = "loan.recovered";
		v[3] = (struct text_value){ "owed", books_i64(b, lost(m)) };
	} else if (next == NULL) {
		v[3] = (struct text_value){ "over", books_i64(b, m->over) };
	} else {
		v[3] = (struct text_value){
			"owed", books_i64(b, m->account->total.outstanding_all)
		};
		v[4] = (struct text_value){ "due", books_day(b, next->due) };
	}
	books_message(b, to, template, v);
}
